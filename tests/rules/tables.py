"""Cases as tables, and what the compiled rules make of them beside what the engine says of each case."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlglot import exp

from knowledge.policy import Policy
from rules.assessment import Assessment, Claim, Rulebook, Status
from rules.case import Case, FactSpec, ItemFacts, SubjectSpec
from rules.columns import summary
from rules.columns.compiled import Compiled, compile_rules
from rules.columns.digits import Digits
from rules.columns.relations import FIRM, ITEM, Layout, TableForm
from rules.dates import NEVER, Dates
from rules.programme import ProgrammeRule, Provisions
from rules.values import Interval, Range
from tests.rules.support_format import Json, fact_spec, subject_specs


@dataclass(frozen=True)
class Sheet:
    """The rules of a small policy as the compiler takes them."""

    subjects: Sequence[SubjectSpec]
    facts: Sequence[FactSpec]
    programmes: Sequence[ProgrammeRule]
    provisions: Provisions

    @classmethod
    def of(cls, sheet: Json) -> "Sheet":
        facts = [fact_spec(ident, written) for ident, written in sheet["facts"].items()]
        entry = {"clause": "1", "quote": "", "subject": "enterprise", "conditions": [], "amount": 1}
        single = {"id": "p", **{key: sheet[key] for key in ("conditions", "amount", "subject") if key in sheet}}
        programmes = [ProgrammeRule.model_validate({**entry, **one}) for one in sheet.get("programmes", [single])]
        return cls(subject_specs(sheet), facts, programmes, Provisions.model_validate(sheet.get("policy", {})))

    @classmethod
    def shipped(cls, policy: Policy) -> "Sheet":
        """The rules of a pack."""
        facts, subjects = [fact.spec for fact in policy.facts], [subject.spec for subject in policy.subjects]
        return cls(subjects, facts, policy.programmes, policy)

    @property
    def book(self) -> Rulebook:
        return Rulebook(self.subjects, self.facts, self.programmes, self.provisions)

    def compiled(self, layout: Layout, missing: bool = False) -> Compiled:
        return compile_rules(self.subjects, self.facts, self.programmes, self.provisions, layout, missing=missing)


class Tables:
    """Cases as a table of firms and one for each list."""

    def __init__(
        self, sheet: Sheet, cases: Sequence[Case], on: Dates | None = None, form: TableForm = TableForm.OPEN
    ) -> None:
        self._sheet = sheet
        self._form = form
        self.lists = [subject.id for subject in sheet.subjects if subject.many]
        self.single = next(subject.id for subject in sheet.subjects if not subject.many)
        self._paths = {fact.id: self._paths_of(fact, cases) for fact in sheet.facts if fact.derive is None}
        forms = {path: form for paths in self._paths.values() for path in paths}
        same = cases and all(case.same_project is not None for case in cases)
        digits = {path: _digits_of(fact) for fact in sheet.facts for path in self._paths.get(fact.id, [])}
        days = on or TableForm.RANGE
        self.layout = Layout(TableForm.NONE, forms, frozenset(self.lists), days, bool(same), digits, typed=True)
        self._cases = cases

    def _paths_of(self, fact: FactSpec, cases: Sequence[Case]) -> list[str]:
        if not fact.by_year:
            return [fact.id]
        items = [item for case in cases for item in case.items[fact.subject] or ()]
        return sorted({f"{fact.subject}.{name}" for item in items for name in item if name.startswith(f"{fact.name}@")})

    def statements(self) -> Iterable[str]:
        """What makes and fills the tables, in SQL that every dialect reads."""
        for table in ("firms", *self.lists):
            columns = self._columns(table)
            yield f"CREATE TABLE {table} ({', '.join(f'{_quoted(name)} {kind}' for name, kind in columns.items())})"
            rows = list(self._rows(table))
            for start in range(0, len(rows), 500):
                values = ", ".join(self._values(row, columns) for row in rows[start : start + 500])
                yield f"INSERT INTO {table} VALUES {values}"

    def _columns(self, table: str) -> dict[str, str]:
        subject = self.single if table == "firms" else table
        found = {FIRM: "INT"} if table == "firms" else {FIRM: "INT", ITEM: "INT"}
        if table == "firms":
            found |= {"on.min": "DATE", "on.max": "DATE", **dict.fromkeys(self.lists, "INT")}
        for fact in self._sheet.facts:
            for path in self._paths.get(fact.id, []) if fact.subject == subject else []:
                found |= self._columns_of(path, fact)
        return found

    def _columns_of(self, path: str, fact: FactSpec) -> dict[str, str]:
        if not fact.numeric and fact.type != "date":
            return {path: "BOOLEAN" if fact.type == "bool" else "VARCHAR(40)"}
        kind = "DATE" if fact.type == "date" else _digits_of(fact).kind
        found = {path: kind} if self._form is TableForm.EXACT else {f"{path}.min": kind, f"{path}.max": kind}
        if self._form is TableForm.OPEN and fact.numeric:
            found |= {f"{path}.min_open": "BOOLEAN", f"{path}.max_open": "BOOLEAN"}
        return found | ({f"{path}.never": "BOOLEAN"} if fact.never else {})

    def _rows(self, table: str) -> Iterable[dict[str, Any]]:
        for number, case in enumerate(self._cases):
            if table == "firms":
                (facts,) = case.items[self.single] or (ItemFacts(),)
                counts = {name: None if (items := case.items[name]) is None else len(items) for name in self.lists}
                yield {FIRM: number, **self._day(case), **counts, **self._cells(self.single, facts)}
                continue
            for item, facts in enumerate(case.items[table] or ()):
                yield {FIRM: number, ITEM: item, **self._cells(table, facts)}

    def _day(self, case: Case) -> dict[str, Any]:
        return {} if case.on is None else {"on.min": case.on.first, "on.max": case.on.last}

    def _cells(self, subject: str, facts: ItemFacts) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in facts.items():
            found |= self._cells_of(f"{subject}.{name}", value)
        return found

    def _cells_of(self, path: str, value: object) -> dict[str, Any]:
        if value == NEVER:
            return {f"{path}.never": True}
        if isinstance(value, Dates):
            return {f"{path}.min": value.first, f"{path}.max": value.last, path: value.first}
        if isinstance(value, Range):
            flags = {f"{path}.min_open": value.low_open, f"{path}.max_open": value.high_open}
            return {f"{path}.min": value.low, f"{path}.max": value.high, **flags}
        if isinstance(value, Decimal):
            return {path: value, f"{path}.min": value, f"{path}.max": value}
        return {path: value}

    def _values(self, row: Mapping[str, Any], columns: Mapping[str, str]) -> str:
        return f"({', '.join(_literal(row.get(name)) for name in columns)})"


def _digits_of(fact: FactSpec) -> Digits:
    """Of what type the figures are."""
    return Digits(17, 0 if fact.counted else 2)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"{value:f}" if isinstance(value, Decimal) else str(value) if isinstance(value, int) else f"'{value}'"


STATUS = {True: Status.ELIGIBLE, False: Status.INELIGIBLE, None: Status.UNDETERMINED}


def wrong_claims(found: Sequence[Any], assessments: Sequence[Assessment], compiled: Compiled) -> list[str]:
    """Where the rows of ``Compiled.every_claim`` say otherwise than the engine."""
    ours = {(row[0], f"{row[1]}" if row[2] is None else f"{row[1]}:{row[2]}"): row[3:7] for row in found}
    wrong: list[str] = []
    for number, assessment in enumerate(assessments):
        for claim in assessment.claims:
            if claim.programme.id in compiled.unsupported:
                continue
            row = ours.pop((number, claim.id), None)
            if row is None or not _same(row, claim):
                wrong.append(f"firm {number}, {claim.id}: {row}, not {claim.status} {claim.amount} {claim.no_figure}")
    return wrong + [f"{firm}: {name} too many" for firm, name in ours]


def wrong_missing(found: Sequence[Any], assessments: Sequence[Assessment], compiled: Compiled) -> list[str]:
    """Where the bits of what is missing are others than what the engine says, the numbers of things apart."""
    claims = {(number, claim.id): claim for number, stated in enumerate(assessments) for claim in stated.claims}
    wrong: list[str] = []
    for firm, programme, item, *_, missing in found:
        bits = (compiled.claims if item is None else compiled.listed)[programme].missing or ()
        ours = {fact for place, fact in enumerate(bits) if missing >> place & 1}
        claim = claims[firm, programme if item is None else f"{programme}:{item}"]
        theirs = {re.sub(r"\.\d+\.", ".", path) for path in claim.missing}
        if ours != theirs:
            wrong.append(f"firm {firm}, {claim.id}: {ours}, not {theirs}")
    return wrong


def _same(row: Sequence[Any], claim: Claim) -> bool:
    holds, low, high, no_figure = row
    amount = None if low is None else Interval(Decimal(low), None if high is None else Decimal(high))
    return STATUS[holds] is claim.status and amount == claim.amount and no_figure is claim.no_figure


def wrong_totals(found: Sequence[Any], assessments: Sequence[Assessment]) -> list[str]:
    """Where firm, total.min, total.max, payable.min, payable.max are otherwise than the engine says."""
    wrong: list[str] = []
    for number, *ends in sorted(found):
        stated = assessments[number]
        expected = [stated.total.min, stated.total.max, stated.payable.min, stated.payable.max]
        if [None if end is None else Decimal(end) for end in ends] != expected:
            wrong.append(f"firm {number}: {ends}, not {expected}")
    return wrong


def wrong_summary(
    found: Mapping[str, Sequence[Any]], assessments: Sequence[Assessment], compiled: Compiled
) -> list[str]:
    """Where the rows of ``summary.queries`` say otherwise than the engine of all firms."""
    cost, claims = summary.summed(compiled, found), [claim for stated in assessments for claim in stated.claims]
    wrong = [] if cost.firms == len(assessments) else [f"{cost.firms} firms, not {len(assessments)}"]
    if compiled.no_total is None:
        pairs = (("total", cost.total), ("payable", cost.payable))
        for name, ours in pairs:
            theirs, endless = _together([getattr(stated, name) for stated in assessments])
            wrong += [] if ours == theirs else [f"{name}: {ours}, not {theirs}"]
            wrong += [] if name != "total" or endless == cost.endless else [f"{cost.endless} endless, not {endless}"]
    for one in cost.programmes:
        mine = [claim for claim in claims if claim.programme.id == one.programme]
        counts = [sum(claim.status is status for claim in mine) for status in STATUS.values()]
        theirs, endless = _together([claim.amount for claim in mine if claim.amount is not None])
        if [one.eligible, one.ineligible, one.undetermined, one.cost, one.endless] != [*counts, theirs, endless]:
            wrong.append(f"{one}, not {counts} {theirs} {endless}")
    return wrong


def _together(amounts: Sequence[Interval]) -> tuple[Interval, int]:
    """The sum, and of how many there is no upper bound: it has none then."""
    endless = sum(amount.max is None for amount in amounts)
    most = sum((amount.max or Decimal(0) for amount in amounts), Decimal(0))
    return Interval(sum((amount.min for amount in amounts), Decimal(0)), None if endless else most), endless


def totals_of(compiled: Compiled) -> exp.Query:
    """The firms with their totals."""
    names = [FIRM, "total.min", "total.max", "payable.min", "payable.max"]
    columns = [exp.column(name, quoted=True) for name in names]
    return compiled.query.select(exp.select(*columns).from_(exp.to_identifier(compiled.firms, quoted=True)))
