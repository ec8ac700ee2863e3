"""What a pack that is without mistakes might still lack: said to its author, never counted as a mistake.

Sums of a clause and facts that no rule uses, awards that would never end, numbers without a unit, places that nobody can
name, example questions that lead elsewhere, demands on whose lines no example stands, groups that exclude each other and
yet can hold together. Knows no policy.
"""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from itertools import combinations, product

from knowledge.boundaries import untested_demands
from knowledge.draft import Fault, Place
from knowledge.places import place_name
from knowledge.policy import Policy
from knowledge.quoted import bounds_in, days_in, money_in
from knowledge.search import Search
from rules.assessment import Rulebook, Status
from rules.case import CaseError
from rules.conditions import InPlace
from rules.dates import Dates
from rules.programme import Exclusive
from rules.raw import is_list, is_object
from rules.terms import plain
from rules.walk import names, parts, within

_NO_CLAUSE = frozenset({"assess"})
_STRAYING = 10
"""A list of questions is told of where one in so many or more lead elsewhere."""


def hints(policy: Policy) -> Iterator[Fault]:
    """What the author of a sound pack should look at once more."""
    yield from _partly_modelled(policy)
    yield from _without_end(policy)
    yield from _hard_to_answer(policy)
    yield from _idle_facts(policy)
    yield from _nameless(policy)
    yield from _questions_elsewhere(policy)
    yield from _demands_untested(policy)
    yield from _hold_together(policy)


def _partly_modelled(policy: Policy) -> Iterator[Fault]:
    """Clauses that something is modelled of, with sums, bounds and days that no rule uses."""
    rules = (policy.programmes, policy.requires, policy.limits)
    used = set(_figures((rules, [fact.derive for fact in policy.facts])))
    days = {end for each in within((rules, policy.calls)) if isinstance(each, Dates) for end in _ends(each)}
    named = {getattr(part, "clause", None) for part in parts(rules)} - {one.clause for one in policy.not_modelled}
    for index, clause in enumerate(policy.clauses):
        idle = _idle(clause.text, used, days) if clause.id in named else []
        if idle:
            listed = ", ".join(idle)
            message = (
                f"clause {clause.id} states {listed}, which no rule uses; model it, or say in `not_modelled` why not"
            )
            yield Fault(("clauses.yaml", index), message)


def _idle(text: str, used: Collection[Decimal], days: Collection[tuple[int, int]]) -> list[str]:
    """What ``text`` states that is not among the figures and the months ``used``: sums, bounds in persons or years, days."""
    sums = [plain(each) for each in sorted(money_in(text) - set(used))]
    bounds = [words for words, value in bounds_in(text).items() if value not in used]
    return [*sums, *bounds, *(words for words, month in days_in(text).items() if month not in days)]


def _ends(dates: Dates) -> list[tuple[int, int]]:
    return [(day.year, day.month) for day in (dates.first, dates.last) if day is not None]


def _without_end(policy: Policy) -> Iterator[Fault]:
    """Programmes that pay for so many years at most, and would go on when they are over."""
    for index, programme in enumerate(policy.programmes):
        years = programme.years
        if years and not any(getattr(part, "fact", None) == years.fact for part in parts(programme.conditions)):
            message = (
                f"`years` only says that {programme.id} is paid for {plain(years.limit)} years; that it is over then is "
                f"a condition: {{kind: less_than, fact: {years.fact}, value: {plain(years.limit)}, quote: …}}"
            )
            yield Fault(("programmes.yaml", index, "years"), message)


def _hard_to_answer(policy: Policy) -> Iterator[Fault]:
    """Whole numbers of which the reader does not know what they count: an answer with a unit would be another's."""
    for index, fact in enumerate(policy.facts):
        if fact.type == "int" and fact.derive is None and not (fact.counter or fact.reads.units):
            message = f"people answer `{fact.id}` with a unit; say which in `counter`, or make it a `count` with `unit`"
            yield Fault(("facts.yaml", index), message)


def _idle_facts(policy: Policy) -> Iterator[Fault]:
    """Facts that nothing turns on, and questions that are never asked."""
    used = {name for programme in policy.programmes for name in programme.facts}
    rules = (policy.requires, policy.limits, [fact.derive for fact in policy.facts])
    used |= {name.partition("@")[0] for name in names(rules)}
    for index, fact in enumerate(policy.facts):
        if fact.id not in used and fact.type != "text":
            message = (
                f"no rule turns on `{fact.id}`, so it is never asked; use it in a condition or an amount, or remove it"
            )
            yield Fault(("facts.yaml", index, "id"), message)
        if fact.derive is not None and (fact.question or fact.help):
            message = f"`{fact.id}` is derived and never asked; remove its question and help"
            yield Fault(("facts.yaml", index, "question"), message)


def _figures(part: object) -> Iterator[Decimal]:
    return (each for each in within(part) if isinstance(each, Decimal))


def _nameless(policy: Policy) -> Iterator[Fault]:
    """Places that count and that neither the list of places nor the pack has a name for: nobody can say that he is there."""
    named = {place.code for place in policy.places} | {choice.id for fact in policy.facts for choice in fact.choices}
    rules: list[tuple[Place, object]] = [
        *((("programmes.yaml", index), each) for index, each in enumerate(policy.programmes)),
        *((("policy.yaml", "requires", index), each) for index, each in enumerate(policy.requires)),
    ]
    tests = [(at, test) for at, rule in rules for test in parts(rule) if isinstance(test, InPlace)]
    codes = [(at, code) for at, test in tests for code in test.within]
    if policy.area:
        codes.append((("policy.yaml", "area"), policy.area))
    for at, code in {code: (at, code) for at, code in reversed(codes)}.values():
        if code not in named and place_name(code) == code:
            message = (
                f"{code} is no place that the program has a name for, so nobody can answer that he is there; say in "
                f'policy.yaml what it is called, `places: [{{code: "{code}", name: …}}]`, or ask a yes-or-no fact'
            )
            yield Fault(at, message)


def _questions_elsewhere(policy: Policy) -> Iterator[Fault]:
    """Example questions that the search answers with another clause, or that pass for those of the other sort."""
    search = Search(policy)
    asked = policy.questions
    for clause, questions in asked.answered.items():
        at: Place = ("questions.yaml", "answered", clause)
        yield from _straying(questions, at, [_led_astray(search, question, clause) for question in questions])
    for index, kind in enumerate(asked.unanswered):
        at = ("questions.yaml", "unanswered", index, "questions")
        yield from _straying(kind.questions, at, [_answered(search, question) for question in kind.questions])


def _straying(questions: Sequence[str], at: Place, found: Sequence[str]) -> Iterator[Fault]:
    """Where one in ten of ``questions`` or more lead elsewhere, where each of them goes."""
    if sum(map(bool, found)) * _STRAYING >= len(questions):
        for index, (question, where) in enumerate(zip(questions, found, strict=True)):
            if where:
                yield Fault((*at, index), f"“{question}” {where}; say it in other words, or move it there")


def _led_astray(search: Search, question: str, clause: str) -> str:
    """Where a question goes that ``clause`` answers; empty where it goes there."""
    found = search.find(question)
    if not found.in_scope:
        return f"passes for `{found.kind}` of `unanswered`, not for clause {clause}" if found.kind else ""
    first = found.hits[0].clause
    return "" if clause in _NO_CLAUSE or found.close or first == clause else f"finds clause {first}, not {clause}"


def _answered(search: Search, question: str) -> str:
    """What answers a question that nothing answers; empty where nothing does."""
    found = search.find(question)
    return f"finds clause {found.hits[0].clause}, though it stands under `unanswered`" if found.in_scope else ""


def _demands_untested(policy: Policy) -> Iterator[Fault]:
    """Lines of what is demanded of several programmes, on which no boundary example of any of them stands."""
    for index, _, edge in untested_demands(policy):
        message = f"no boundary example puts {edge.said}; add one to a programme of which this is demanded"
        yield Fault(("policy.yaml", "requires", index), message)


def _hold_together(policy: Policy) -> Iterator[Fault]:
    """Groups that should exclude each other, and of which an eligible example each can be one enterprise's."""
    exclusive = [(index, limit) for index, limit in enumerate(policy.limits) if isinstance(limit, Exclusive)]
    if not exclusive:
        return
    facts, subjects = [fact.spec for fact in policy.facts], [subject.spec for subject in policy.subjects]
    book = Rulebook(subjects, facts, policy.programmes, policy)
    for index, limit in exclusive:
        pairs = (pair for one, other in combinations(limit.of, 2) for pair in product(one, other))
        for both in pairs:
            if any(_both_hold(book, case, both, bool(limit.per)) for case in _joined_examples(policy, both)):
                message = (
                    f"`{both[0]}` and `{both[1]}` can hold together (put their eligible examples side by side), and then"
                    " only one of them counts; write `highest` if the text says so, or remove the limit"
                )
                yield Fault(("policy.yaml", "limits", index), message)
                break


def _joined_examples(policy: Policy, both: Sequence[str]) -> Iterator[object]:
    """The cases in which an eligible example of one programme and one of the other are one enterprise's."""
    one, other = ([each for each in policy.programme(ident).examples if each.status == "eligible"] for ident in both)
    for first, second in product(one, other):
        try:
            yield _joined(first.case, second.case)
        except ValueError:
            continue


def _joined(one: object, other: object) -> object:
    """Two parts of cases as one; ``ValueError`` where they say different things."""
    if is_object(one) and is_object(other):
        return {**one, **other, **{key: _joined(one[key], other[key]) for key in one if key in other}}
    if is_list(one) and is_list(other) and len(one) == len(other):
        return [_joined(*pair) for pair in zip(one, other, strict=True)]
    if one != other:
        raise ValueError
    return one


def _both_hold(book: Rulebook, case: object, both: Sequence[str], per_item: bool) -> bool:
    """Whether both programmes are eligible in ``case``; ``per_item``: for the same item."""
    try:
        claims = book.assess(book.parse(case)).claims
    except CaseError:
        return False
    due = [claim for claim in claims if claim.status is Status.ELIGIBLE]
    one, other = ({per_item and claim.index for claim in due if claim.programme.id == ident} for ident in both)
    return bool(one & other)
