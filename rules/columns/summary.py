"""What a policy comes to over all firms: how many may claim each programme, what it costs, and which facts would settle it.

A query of a single row for each programme, which reads its own facts alone, and one for what limits leave of several: a sum
of totals is the sum of the programmes' own, apart from that. ``summed`` puts the rows together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from sqlglot import exp

from rules.columns import sql
from rules.columns.claims import CompiledClaim
from rules.columns.compiled import PAYABLE, TOTAL, Compiled, TotalSums
from rules.columns.relations import without_things
from rules.columns.sql import Sql
from rules.columns.totals import TotalPart
from rules.values import Interval


@dataclass(frozen=True, slots=True)
class ProgrammeCost:
    """A programme over all firms: how many claims of each status, and what they cost before limits that join claims.

    ``endless``: how many claims have no upper bound; ``cost`` has none then. ``no_figure``: of how many that are not ruled out
    the text gives no figure. ``settles``: for each fact that is missing, of how many undetermined claims it is the only one, and among how
    many it is.
    """

    programme: str
    eligible: int = 0
    ineligible: int = 0
    undetermined: int = 0
    cost: Interval = field(default_factory=lambda: Interval(Decimal(0), Decimal(0)))
    endless: int = 0
    no_figure: int = 0
    settles: Mapping[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])


@dataclass(frozen=True, slots=True)
class PolicyCost:
    """A policy over all firms; ``total`` and ``payable`` with every limit, None where there is no total.

    ``endless``: how many firms have no upper bound; ``total`` has none then.
    """

    firms: int
    programmes: tuple[ProgrammeCost, ...]
    total: Interval | None
    payable: Interval | None
    endless: int

    def settling(self) -> list[tuple[str, int, int]]:
        """The facts that are missing, with the undetermined claims that each alone would settle, and those that it is
        among; the one that settles most first."""
        found: dict[str, tuple[int, int]] = {}
        for programme in self.programmes:
            for fact, (alone, among) in programme.settles.items():
                before = found.get(fact, (0, 0))
                found[fact] = (before[0] + alone, before[1] + among)
        return sorted(
            ((fact, *counts) for fact, counts in found.items() if counts[1]), key=lambda each: (-each[1], -each[2])
        )


def queries(compiled: Compiled) -> dict[str, exp.Query]:
    """What is counted and summed up, each by a query of one row, which reads no more than what it is about."""
    asked = [*(_of_claim(each) for each in _claims(compiled)), *_of_totals(compiled)]
    return {each.name: compiled.query.select(each.select()) for each in asked}


def summed(compiled: Compiled, rows: Mapping[str, Sequence[object]]) -> PolicyCost:
    """The figures in ``rows``, the row of each of ``queries``."""
    programmes = {name: ProgrammeCost(name) for name in compiled.claims}
    for each in _claims(compiled):
        name = each.claim.programme.id
        programmes[name] = _with(programmes[name], each.claim, _of_claim(each).read(rows))
    found: dict[str, int | Decimal] = {}
    for asked in _of_totals(compiled):
        found |= asked.read(rows)
    total = _total(compiled, TOTAL, programmes, found)
    payable = total if compiled.all_payable else _total(compiled, PAYABLE, programmes, found)
    return PolicyCost(
        int(found["firms"]), tuple(programmes.values()), total, payable, int(found.get(f"{TOTAL} endless", 0))
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query of one row over those of a part for which ``rows`` holds: ``columns`` by name."""

    name: str
    part: str
    rows: Sql
    columns: Mapping[str, Sql]

    def select(self) -> exp.Select:
        columns = [sql.alias(value, name) for name, value in self.columns.items()]
        select = exp.select(*columns).from_(exp.Table(this=exp.to_identifier(self.part, quoted=True)))
        return select if sql.is_true(self.rows) else select.where(sql.met(self.rows))

    def read(self, rows: Mapping[str, Sequence[object]]) -> dict[str, int | Decimal]:
        """The figures in the row of this query, by name; a sum of no rows is 0."""
        values = zip(self.columns, rows[self.name], strict=True)
        return {name: value if isinstance(value, (int, Decimal)) else Decimal(0) for name, value in values}


class _Claims(NamedTuple):
    """The claims of a programme that are rows of ``part``, those for which ``rows`` holds."""

    claim: CompiledClaim
    part: str
    rows: Sql


def _claims(compiled: Compiled) -> Iterator[_Claims]:
    for name, claim in compiled.claims.items():
        listed, subject = compiled.listed.get(name), claim.programme.subject
        yield _Claims(claim, compiled.firms, sql.true() if listed is None else without_things(subject))
        if listed is not None:
            yield _Claims(listed, compiled.rows[subject], sql.true())


def _of_claim(claims: _Claims) -> _Asked:
    """The counts of a programme, the sums where they differ from row to row, and for each fact that may be missing two."""
    claim, part, rows = claims
    name = claim.programme.id
    holds, low, high = (sql.column(f"{name}.{each}") for each in ("holds", "min", "max"))
    columns: dict[str, Sql] = {
        "rows": exp.Count(this=exp.Star()),
        "known": exp.Count(this=holds),
        "eligible": _count(holds),
    }
    if claim.fixed is None:
        columns |= {"least": exp.Sum(this=low), "most": exp.Sum(this=high)}
        if claim.award.high is None or not claim.award.high.sure:
            columns["endless"] = _count(sql.both((sql.unknown(high), sql.opposite(sql.unknown(low)))))
    if claim.no_figure:
        unfigured = sql.opposite(sql.surely(sql.column(f"{name}.no_figure"), False))
        columns["no_figure"] = _count(sql.both((sql.opposite(sql.surely(holds, False)), unfigured)))
    missing = sql.column(f"{name}.missing")
    for place, fact in enumerate(claim.missing or ()):
        bit = sql.number(1 << place)
        among = sql.compare(exp.BitwiseAnd(this=missing.copy(), expression=bit), ">", sql.number(0))
        for title, truth in ((f"alone {fact}", sql.compare(missing, "=", bit.copy())), (f"among {fact}", among)):
            columns[title] = _count(sql.both((sql.unknown(holds), truth)))
    return _Asked(f"{part}: {name}", part, rows, columns)


def _with(before: ProgrammeCost, claim: CompiledClaim, found: Mapping[str, int | Decimal]) -> ProgrammeCost:
    """The figures of a programme with those of its claims in one part more."""
    rows, known, eligible = (int(found[name]) for name in ("rows", "known", "eligible"))
    ineligible, undetermined = known - eligible, rows - known
    least, most = (Decimal(found.get(name, 0)) for name in ("least", "most"))
    if claim.fixed is not None:
        least, most = claim.fixed.min * eligible, (claim.fixed.max or 0) * (rows - ineligible)
    endless = before.endless + int(found.get("endless", 0))
    settles = dict(before.settles)
    for fact in claim.missing or ():
        alone, among = settles.get(fact, (0, 0))
        settles[fact] = (alone + int(found[f"alone {fact}"]), among + int(found[f"among {fact}"]))
    return ProgrammeCost(
        before.programme,
        before.eligible + eligible,
        before.ineligible + ineligible,
        before.undetermined + undetermined,
        Interval(before.cost.min + least, None if endless else (before.cost.max or Decimal(0)) + most),
        endless,
        before.no_figure + int(found.get("no_figure", 0)),
        settles,
    )


def _of_totals(compiled: Compiled) -> Iterator[_Asked]:
    """How many firms there are, in how many of them a total has no end, and the sums that are no programme's alone."""
    columns: dict[str, dict[str, Sql]] = {compiled.firms: {"firms": exp.Count(this=exp.Star())}}
    for name, sums in _sums(compiled):
        columns[compiled.firms][f"{name} endless"] = _count(sums.endless)
        for end, parts in (("least", sums.least), ("most", sums.most)):
            for number, part in enumerate(parts):
                for where, value in _over_firms(compiled, part, end):
                    columns.setdefault(where, {})[f"{name} {end} {number} {where}"] = value
    for part, mine in columns.items():
        yield _Asked(f"{part}: {TOTAL}", part, sql.true(), mine)


def _sums(compiled: Compiled) -> Iterator[tuple[str, TotalSums]]:
    for name in (TOTAL,) if compiled.all_payable else (TOTAL, PAYABLE):
        if compiled.no_total is None:
            yield name, compiled.sums[name]


def _over_firms(compiled: Compiled, part: TotalPart, end: str) -> Iterator[tuple[str, Sql]]:
    """What an end of a part comes to over all firms: what is to be summed up, and where it stands; none of what stands
    among the sums of a programme."""
    if _programme_of(compiled, part) is not None:
        return
    for where, span in ((compiled.firms, part.alone), (compiled.rows.get(part.subject or ""), part.each)):
        found = None if span is None else span.low if end == "least" else span.high
        if where is None or found is None or found.value == 0:
            continue
        rows = (
            sql.true()
            if part.subject is None or part.each is None or span is part.each
            else without_things(part.subject)
        )
        yield where, exp.Sum(this=sql.case([(rows, found.top)]))


def _programme_of(compiled: Compiled, part: TotalPart) -> str | None:
    """The programme whose claims as they are a part of a total is."""
    if len(part.programmes) != 1:
        return None
    (name,) = part.programmes
    listed = compiled.listed.get(name)
    same = part.alone == compiled.claims[name].award and part.each == (None if listed is None else listed.award)
    return name if same else None


def _total(
    compiled: Compiled, name: str, programmes: Mapping[str, ProgrammeCost], found: Mapping[str, int | Decimal]
) -> Interval | None:
    """What the parts of a total come to over all firms."""
    if compiled.no_total is not None:
        return None
    ends: list[Decimal] = []
    for end, parts in (("least", compiled.sums[name].least), ("most", compiled.sums[name].most)):
        own = [programmes[each].cost for part in parts if (each := _programme_of(compiled, part)) is not None]
        ends.append(sum((cost.min if end == "least" else cost.max or Decimal(0) for cost in own), Decimal(0)))
        ends[-1] += sum(
            (Decimal(value) for title, value in found.items() if title.startswith(f"{name} {end} ")), Decimal(0)
        )
    return Interval(ends[0], None if found[f"{name} endless"] else ends[1])


def _count(rows: Sql) -> Sql:
    """Of how many rows it is true."""
    if isinstance(rows, exp.Boolean):
        return exp.Count(this=exp.Star()) if rows.this else sql.number(0)
    return exp.CountIf(this=sql.met(rows).copy())
