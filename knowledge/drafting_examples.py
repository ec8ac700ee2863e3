"""Examples for a programme that has not enough of them: one that is eligible, one that is not, one on each edge.

A case is looked for by trying values that the rules turn on; status and amount are what the rules make of it. Whether
that is what the clause says is for a person to judge. Bounded: so many tries a programme. Knows no policy.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from knowledge.boundaries import Edge, Measures, case_of, edges, measured, stands_on, untested, untested_demands
from knowledge.drafting_options import ITEMS, TODAY, Options, Values
from knowledge.policy import Fact, Policy, Programme
from rules.assessment import Rulebook, Status
from rules.case import NUMERIC, Case, CaseError
from rules.claims import Claim
from rules.conditions import Meets
from rules.dates import Dates, shifted
from rules.programme import Provisions
from rules.raw import is_list, is_object
from rules.scopes import Book
from rules.spans import Number
from rules.terms import FactTerm, plain
from rules.walk import parts

_TRIES = 1500


@dataclass(frozen=True, slots=True)
class Proposal:
    """An example to look at: what a pack calls it, its kind, the case, and what the rules make of it."""

    title: str
    kind: str
    case: Mapping[str, object]
    status: str
    amount: list[Decimal | None] | None

    def fields(self) -> dict[str, object]:
        """As an entry of ``examples``."""
        made: dict[str, object] = {"title": self.title, "kind": self.kind, "case": self.case, "status": self.status}
        return made if self.amount is None else made | {"amount": self.amount}


def proposals(policy: Policy, programme: Programme) -> list[Proposal]:
    """What is missing of a programme's examples, as far as it is found. Raises ``ValueError`` where its rules do not fit."""
    search = _Search(policy, programme)
    kinds = {example.kind for example in programme.examples}
    made: list[Proposal] = []
    best = search.eligible()
    if "eligible" not in kinds and best is not None:
        made.append(search.proposal("都符合", "eligible", best))
    if "ineligible" not in kinds and best is not None:
        made += search.ineligible(best)
    cases = [dict(example.case) for example in programme.examples if example.kind == "boundary"]
    start = best if best is not None else search.usual
    demanded = [edge for _, first, edge in untested_demands(policy) if first.id == programme.id]
    for edge in [*untested(programme, cases, search.book), *demanded]:
        found = search.on_edge(edge, start)
        if found is not None and found not in made:  # one may stand on several edges
            made.append(found)
    if "boundary" not in kinds and not any(one.kind == "boundary" for one in made) and best is not None:
        made.append(search.proposal("刚好符合", "boundary", best))
    return made


class _Change(NamedTuple):
    """Values of which ``variable`` has been changed last, and the claim that they make."""

    variable: str
    values: Values
    claim: Claim | None


class _Search:
    """Looks for cases of one programme."""

    def __init__(self, policy: Policy, programme: Programme) -> None:
        self._programme = programme
        self._facts = {fact.id: fact for fact in policy.facts}
        self._many = {subject.id for subject in policy.subjects if subject.many}
        self._others = {each.id: each for each in policy.programmes}
        demands = [demand for demand in policy.requires if demand.concerns(programme.id)]
        needed = [programme, *_met(programme, self._others)]
        self._rules: list[object] = [
            *(one.conditions for one in needed),
            programme.amount,
            [one.condition for one in demands],
        ]
        provisions = Provisions(
            requires=tuple(one.model_copy(update={"programmes": (programme.id,), "spared": ()}) for one in demands),
            selection=tuple(
                one.model_copy(update={"programmes": (programme.id,)})
                for one in policy.selection
                if one.concerns(programme.id)
            ),
        )
        subjects = [subject.spec for subject in policy.subjects]
        self._book = Rulebook(subjects, [fact.spec for fact in policy.facts], needed, provisions)
        conditions = {one.id: (one.subject, one.conditions) for one in policy.programmes}
        self.book = Book(
            {spec.id: spec for spec in subjects}, {fact.id: fact.spec for fact in policy.facts}, conditions
        )
        begins = policy.valid.first if policy.valid else None
        first = begins.first if isinstance(begins, Dates) else None
        today = first.replace(month=6, day=30) if first else datetime.now(UTC).date()
        self._options = Options(policy, self._rules, today)
        self.usual = self._options.usual()
        self._tries = _TRIES

    def case(self, values: Values) -> dict[str, object]:
        """The case that ``values`` make, as JSON has it."""
        made: dict[str, object] = {}
        if TODAY in self._options.variables or any("@" in each for each in self._options.variables):
            made[TODAY] = values[TODAY]
        stated: dict[str, dict[str, object]] = {self._programme.subject: {}}
        years: dict[tuple[str, str], dict[str, object]] = {}
        for variable, value in values.items():
            if variable == TODAY or variable.startswith(ITEMS):
                continue
            subject, _, name = variable.partition(".")
            name, _, year = name.partition("@")
            item = stated.setdefault(subject, {})
            if year:
                item[name] = years.setdefault((subject, name), {})
                years[subject, name][year] = value
            else:
                item[name] = value
        for variable in self._options.variables:
            if variable.startswith(ITEMS):
                stated.setdefault(variable.removeprefix(ITEMS), {})
        for subject, item in stated.items():
            if not item and subject not in self._many:
                continue
            number = int(str(values.get(f"{ITEMS}{subject}", 1)))
            made[subject] = [item] * number if subject in self._many else item
        return made

    def _claim(self, values: Values) -> Claim | None:
        """The first claim of the programme; None where the tries are used up or there is no such case."""
        if self._tries <= 0:
            return None
        self._tries -= 1
        try:
            found = self._book.assess(self._book.parse(_json(self.case(values)))).claims
        except CaseError:
            return None
        return next(claim for claim in found if claim.programme.id == self._programme.id)

    def proposal(self, title: str, kind: str, values: Values) -> Proposal:
        self._tries += 1
        claim = self._claim(values)
        status = claim.status.value if claim is not None else "undetermined"
        amount = None if claim is None or claim.amount is None else [claim.amount.min, claim.amount.max]
        return Proposal(title, kind, self.case(values), status, amount)

    def eligible(self) -> Values | None:
        """A case in which everything holds: value by value whatever brings it nearer."""
        values = self.usual
        best = _nearness(self._claim(values))
        for _ in range(4):
            if best >= _ALL:
                return values
            before = best
            for variable in self._options.variables:
                for option in [*self._options.of(variable), *self._solved(variable, values)]:
                    tried = values | {variable: option}
                    near = _nearness(self._claim(tried))
                    if near > best:
                        values, best = tried, near
            if best == before:
                break
        return values if best >= _ALL else None

    def ineligible(self, best: Values) -> list[Proposal]:
        """The first change of one value that makes it ineligible, else of several together."""
        single = (change for variable in self._options.variables for change in self._changed(variable, best))
        return self._refused(single, "不符合") or self._refused(self._together(best), "等不符合")

    def _refused(self, changes: Iterable[_Change], said: str) -> list[Proposal]:
        """The first of ``changes`` that makes it ineligible; none behind it is tried."""
        for variable, tried, claim in changes:
            if claim is not None and claim.status is Status.INELIGIBLE:
                return [self.proposal(f"{self._label(variable)}{said}", "ineligible", tried)]
        return []

    def _changed(self, variable: str, values: Values, options: Iterable[object] | None = None) -> Iterator[_Change]:
        """``values`` with each of ``options`` for one, by default all that it may be."""
        for option in reversed(self._options.of(variable)) if options is None else options:
            tried = values | {variable: option}
            yield _Change(variable, tried, self._claim(tried))

    def _together(self, best: Values) -> Iterator[_Change]:
        """Several changes that only together make it ineligible: of what must hold in part, of the parts of one figure."""
        values, held = best, _held(self._claim(best))
        for variable in self._options.variables:
            for change in self._changed(variable, values):
                yield change
                if change.claim is not None and _held(change.claim) < held:
                    values, held = change.values, _held(change.claim)
                    break
        for edge in edges(self._rules):
            own = self._measured_by(edge)
            for variable in own:
                for start in self._apart(variable, own, best):
                    yield from self._changed(variable, start, [Decimal(0)])

    def _measured_by(self, edge: Edge) -> list[str]:
        """The values that what is measured hangs on."""
        return [each for each in dict.fromkeys(self._options.named([edge.measure, edge.than])) if each != TODAY]

    def _apart(self, variable: str, own: Sequence[str], start: Values) -> Iterator[Values]:
        """``start``, and with others of a figure's parts at nothing, which leave room for ``variable``."""
        yield start
        others = [each for each in own if each != variable and isinstance(start.get(each), (int, Decimal))]
        for other in others:
            yield start | {other: Decimal(0)}
        if len(others) > 1:
            yield start | dict.fromkeys(others, Decimal(0))

    def on_edge(self, edge: Edge, start: Values) -> Proposal | None:
        """A case exactly on an edge, everything else as in ``start``."""
        self._tries = max(self._tries, _TRIES // 3)
        measure = measured(edge, self._programme.subject, self.book)
        own = self._measured_by(edge)
        for variable in own:
            for begun in self._apart(variable, own, start):
                options = [*self._wished(variable, edge), *self._solved_for(variable, begun, edge, measure)]
                for option in (*options, *self._options.of(variable)):
                    tried = begun | {variable: option}
                    case = self._read(tried)
                    if case is not None and stands_on(edge, measure(case)):
                        return self.proposal(self._on(edge, variable, option), "boundary", tried)
        return None

    def _wished(self, variable: str, edge: Edge) -> Iterator[object]:
        """What a bare fact is on the edge."""
        fact = self._options.fact(variable)
        if fact is not None and edge.at is not None and isinstance(edge.measure, FactTerm):
            yield date.fromordinal(int(edge.at)).isoformat() if fact.type == "date" else Decimal(str(edge.at))

    def _solved(self, variable: str, values: Values) -> Iterator[object]:
        """The values with which a condition on a term is just reached, and a little more."""
        for edge in edges(self._rules):
            if variable in self._options.named([edge.measure, edge.than]) and not (
                edge.than is None and isinstance(edge.measure, FactTerm)
            ):
                measure = measured(edge, self._programme.subject, self.book)
                for found in self._solved_for(variable, values, edge, measure):
                    yield found
                    if isinstance(found, Decimal):
                        yield from (found * Decimal("1.2"), found * Decimal("0.8"))

    def _solved_for(
        self, variable: str, values: Values, edge: Edge, measure: Callable[[Case], Measures]
    ) -> Iterator[object]:
        """The values with which the measure meets the edge: as if it were linear in this one, and days beside that."""
        fact = self._options.fact(variable)
        if fact is None or (fact.type not in NUMERIC and fact.type != "date"):
            return
        days = fact.type == "date"
        ends = _ends(fact, edge, self._options.today)
        off = [self._off(variable, end, values, edge, measure) for end in ends]
        if off[0] is None or off[1] is None or off[0] == off[1]:
            yield from self._shifted(edge) if days else ()
            return
        met = Fraction(ends[0]) - off[0] * (Fraction(ends[1]) - Fraction(ends[0])) / (off[1] - off[0])
        if days:
            yield from (_day(int(met) + n) for n in (0, -1, 1, -2, 2))
            yield from self._shifted(edge)
        elif Fraction(made := _decimal(met)) == met:
            yield made

    def _off(
        self, variable: str, value: Number | Fraction, values: Values, edge: Edge, measure: Callable[[Case], Measures]
    ) -> Fraction | None:
        """How far the measure is from the edge with this value."""
        fact = self._options.fact(variable)
        dated = fact is not None and fact.type == "date"
        case = self._read(values | {variable: _day(int(value)) if dated else _decimal(value)})
        for one, other in measure(case) if case is not None else ():
            if one is not None and one.low is not None and one.exact:
                if edge.than is None:
                    return Fraction(one.low) - Fraction(edge.at or 0)
                if other is None or other.low is None or not other.exact:
                    return None
                return Fraction(one.low) - Fraction(other.low)
        return None

    def _shifted(self, edge: Edge) -> Iterator[object]:
        """The days so many years, months or days before that of the case."""
        if edge.at is None or edge.at != int(edge.at) or not 0 < edge.at < 4000:
            return
        for years, months, days in ((-int(edge.at), 0, 0), (0, -int(edge.at), 0), (0, 0, -int(edge.at))):
            moved = shifted(self._options.today.toordinal(), years, months, days)
            if moved is not None:
                yield _day(int(moved))

    def _read(self, values: Values) -> Case | None:
        if self._tries <= 0:
            return None
        self._tries -= 1
        return case_of(_json(self.case(values)), self.book)

    def _label(self, variable: str) -> str:
        fact = self._options.fact(variable)
        return fact.label if fact is not None else "数目"

    def _on(self, edge: Edge, variable: str, option: object) -> str:
        """The title of an example on an edge."""
        fact = self._options.fact(variable)
        if fact is not None and isinstance(edge.measure, FactTerm) and edge.at is not None:
            return f"{fact.label}正好{_shown(fact, option)}"
        at = edge.said.rpartition(" ")[2]
        return f"{self._label(variable)}正好到线" + (f"（{at}）" if edge.than is None else "")


_FEW = 1000
_ALL = 10_000
"""How near a case is in which everything holds."""


def _nearness(claim: Claim | None) -> int:
    """How near a claim is to being eligible."""
    if claim is None:
        return -1
    if claim.status is Status.ELIGIBLE and (claim.amount is None or claim.amount.max is None or claim.amount.max > 0):
        return _ALL
    return _held(claim) + (
        1000 if claim.status is Status.ELIGIBLE else 100 if claim.status is Status.UNDETERMINED else 0
    )


def _held(claim: Claim | None) -> int:
    """How many of its tests hold."""
    return sum(finding.satisfied is True for finding in claim.reasons) if claim is not None else 0


def _shown(fact: Fact, value: object) -> str:
    """A value as people write it."""
    if not isinstance(value, Decimal):
        return str(value)
    if fact.type == "ratio":
        return f"{plain(value * 100)}%"
    unit = {"money": "元", "area": "平方米", "years": "年"}.get(fact.type, fact.unit_word or fact.counter)
    for size, word in ((Decimal(100_000_000), "亿"), (Decimal(10_000), "万")):
        if value >= size and value % (size / 100) == 0:
            return f"{plain(value / size)}{word}{unit}"
    return f"{plain(value)}{unit}"


def _ends(fact: Fact, edge: Edge, today: date) -> tuple[Number | Fraction, Number | Fraction]:
    """Two values between and beyond which a line through the edge is drawn."""
    if fact.type == "date":
        return today.toordinal() - 4000, today.toordinal() - 400
    if fact.type == "ratio":
        return Fraction(1, 4), Fraction(3, 4)
    line = Fraction(str(edge.at)) if edge.at is not None else Fraction(0)
    return (line, 3 * line) if line > _FEW else (Fraction(1000), Fraction(3000))


def _met(programme: Programme, others: Mapping[str, Programme]) -> Iterable[Programme]:
    """The programmes whose conditions it takes, and those whose they take."""
    found: dict[str, Programme] = {}
    waiting: list[Programme] = [programme]
    while waiting:
        for part in parts(waiting.pop().conditions):
            if (
                isinstance(part, Meets)
                and part.programme in others
                and part.programme not in found
                and part.programme != programme.id
            ):
                found[part.programme] = others[part.programme]
                waiting.append(others[part.programme])
    return found.values()


def _json(part: object) -> object:
    """A case with its figures as JSON has them."""
    if isinstance(part, Decimal):
        return int(part) if part == int(part) else float(part)
    if is_object(part):
        return {key: _json(value) for key, value in part.items()}
    return [_json(each) for each in part] if is_list(part) else part


def _decimal(value: Number | Fraction) -> Decimal:
    made = Fraction(value)
    return Decimal(made.numerator) / Decimal(made.denominator)


def _day(number: int) -> str:
    return date.fromordinal(max(1, min(number, date.max.toordinal()))).isoformat()
