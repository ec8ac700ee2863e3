"""Which figures decide a programme, and whether its boundary examples stand exactly on them.

A threshold, an end of a span of days, an edge of a band, a multiple of a step; of a term it is what the term comes to
that counts. Knows no policy and no wording but its own messages.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from knowledge.draft import Fault, Place
from knowledge.policy import Policy, Programme
from rules.amounts import Bands, PerStep
from rules.case import Case, CaseError, FactsOf, ItemFacts, dates_from_json, read_items
from rules.conditions import AnyItem, Between, CountTerm, Threshold, TotalTerm
from rules.dates import Dates
from rules.raw import is_list, is_object
from rules.scopes import Book, FactScope
from rules.spans import FigureSpan, Number
from rules.terms import FactTerm, Model, Term, Values, plain, spelled

Test = Callable[[FigureSpan, FigureSpan], bool]


class Edge(NamedTuple):
    """Where something turns: ``measure`` is put on it where ``on`` says so of it (and of ``than``, if it is another term).

    ``lists`` are those in whose items it stands, the outermost first; ``at`` is the figure, the number of the day or the
    step.
    """

    lists: tuple[str, ...]
    measure: Term
    than: Term | None
    on: Test
    said: str
    at: Number | None = None


def boundary_faults(programme: Programme, at: Place, book: Book) -> Iterator[Fault]:
    """Every edge of a programme on which no boundary example stands."""
    for edge in untested(programme, [one.case for one in programme.examples if one.kind == "boundary"], book):
        yield Fault((*at, "examples"), f"no boundary example puts {edge.said}; add one")


def untested(programme: Programme, examples: Sequence[object], book: Book) -> Iterator[Edge]:
    """The edges of a programme on which none of ``examples``, cases as JSON, stands."""
    cases = _cases(examples, book)
    if cases is not None and programme.subject in book.subjects:
        own = edges((programme.conditions, programme.amount))
        yield from (edge for edge in own if not _stood_on(edge, programme.subject, cases, book))


def untested_demands(policy: Policy) -> Iterator[tuple[int, Programme, Edge]]:
    """The edges of what a sound policy demands on which no boundary example of any programme concerned stands.

    With the number of the demand, and the first programme concerned, whose example may stand on it. One programme's
    example is enough: it is the same line for all.
    """
    book = Book(
        {subject.id: subject.spec for subject in policy.subjects},
        {fact.id: fact.spec for fact in policy.facts},
        {one.id: (one.subject, one.conditions) for one in policy.programmes},
    )
    for number, demand in enumerate(policy.requires):
        concerned = [one for one in policy.programmes if demand.concerns(one.id)]
        cases = [
            (one.subject, [example.case for example in one.examples if example.kind == "boundary"]) for one in concerned
        ]
        for edge in edges(demand.condition):
            if concerned and not any(_stood_on(edge, of, _cases(raw, book) or (), book) for of, raw in cases):
                yield number, concerned[0], edge


def _cases(examples: Sequence[object], book: Book) -> list[Case] | None:
    """The cases of examples; None where one cannot be read, which is noted elsewhere."""
    read = [case_of(one, book) for one in examples]
    cases = [case for case in read if case is not None]
    return cases if len(cases) == len(read) else None


def _stood_on(edge: Edge, subject: str, cases: Iterable[Case], book: Book) -> bool:
    """Whether one of ``cases`` stands on ``edge``; of a fact that does not fit, which is noted elsewhere, too."""
    try:
        measure = measured(edge, subject, book)
        return any(stands_on(edge, measure(case)) for case in cases)
    except (ValueError, KeyError):
        return True


def edges(part: object) -> Iterator[Edge]:
    """The edges of conditions and amounts, those within lists too, each once."""
    said: set[str] = set()
    for edge in _edges(part, ()):
        if edge.said not in said:
            said.add(edge.said)
            yield edge


def _edges(part: object, lists: tuple[str, ...]) -> Iterator[Edge]:
    if is_list(part):
        for each in part:
            yield from _edges(each, lists)
    elif is_object(part):
        for each in part.values():
            yield from _edges(each, lists)
    elif isinstance(part, Model):
        yield from _own(part, lists)
        for name in type(part).model_fields:
            inner = (*lists, _list_of(part)) if name == "where" else lists
            yield from _edges(getattr(part, name), inner)


def _list_of(part: Model) -> str:
    if isinstance(part, AnyItem):
        return part.list
    if isinstance(part, CountTerm):
        return part.count
    return part.total.partition(".")[0] if isinstance(part, TotalTerm) else ""


def _own(part: Model, lists: tuple[str, ...]) -> Iterator[Edge]:
    """The edges of one condition or amount itself."""
    if isinstance(part, Threshold):
        yield from _of_threshold(part, lists)
    elif isinstance(part, Between):
        for day, last in ((part.first, False), (part.last, True)):
            if isinstance(day, Dates):
                end = day.span.high if last else day.span.low
                said = f"`{spelled(part.measure)}` at {day.written()}"
                yield Edge(lists, part.measure, None, _on_day(end, day), said, end)
    elif isinstance(part, Bands):
        found = {edge for band in part.bands for edge in (band.low, band.high) if edge}
        for edge in sorted(found):
            yield Edge(lists, part.of, None, _on(edge), f"`{spelled(part.of)}` at {plain(edge)}", edge)
    elif isinstance(part, PerStep):
        said = f"`{spelled(part.of)}` at a multiple of {plain(part.step)}"
        yield Edge(lists, part.of, None, _on_multiple(Fraction(part.step)), said, part.step)


def _of_threshold(part: Threshold, lists: tuple[str, ...]) -> Iterator[Edge]:
    measure = spelled(part.measure)
    if part.than is not None:
        yield Edge(lists, part.measure, part.than, _equal, f"`{measure}` and `{spelled(part.than)}` at the same")
    elif isinstance(part.value, Dates):
        said = f"`{measure}` at {part.value.written()}"
        yield Edge(lists, part.measure, None, _on_day(part.bound.low, part.value), said, part.bound.low)
    elif part.value is not None and (part.value or isinstance(part.measure, FactTerm)):
        yield Edge(lists, part.measure, None, _on(part.value), f"`{measure}` at {plain(part.value)}", part.value)


def _on(value: Number) -> Test:
    return lambda span, _: span.exact and span.low == value


def _on_day(end: Number | None, day: Dates) -> Test:
    return lambda span, _: (span.exact and span.low == end) or span == day.span


def _on_multiple(step: Fraction) -> Test:
    def test(span: FigureSpan, _: FigureSpan) -> bool:
        return span.exact and span.low is not None and span.low > 0 and Fraction(span.low) % step == 0

    return test


def _equal(span: FigureSpan, other: FigureSpan) -> bool:
    return span.exact and other.exact and span.low == other.low


Measures = list[tuple[FigureSpan | None, FigureSpan | None]]
"""What a measure, and what it is compared with, come to: for each item of the programme's list and of those within."""


def stands_on(edge: Edge, found: Measures) -> bool:
    """Whether one of these stands on ``edge``."""
    return any(one is not None and other is not None and edge.on(one, other) for one, other in found)


def measured(edge: Edge, subject: str, book: Book) -> Callable[[Case], Measures]:
    """What the measure of ``edge`` comes to in a case."""
    outer = inner = FactScope(subject, book)
    readers: list[Callable[[Values], Sequence[Values] | None]] = []
    for name in edge.lists:
        inner, read = inner.items(name)
        readers.append(read)
    measure = edge.measure.compiled(inner)
    than = measure if edge.than is None else edge.than.compiled(inner)

    def found(case: Case) -> Measures:
        frames: list[Values] = [outer.gather(item, case) for item in case.items.get(subject) or (ItemFacts(),)]
        for reader in readers:
            frames = [entry for frame in frames for entry in reader(frame) or ()]
        return [(measure(frame), than(frame)) for frame in frames]

    return found


def case_of(raw: object, book: Book) -> Case | None:
    """The case of an example; None where it cannot be read, which is noted elsewhere."""
    facts: FactsOf = {
        subject: {fact.name: fact for fact in book.facts.values() if fact.subject == subject}
        for subject in book.subjects
    }
    try:
        if not is_object(raw):
            return None
        on = raw.get("on")
        return Case(
            read_items(raw, book.subjects.values(), facts), None, None if on is None else dates_from_json(on, "on")
        )
    except CaseError:
        return None
