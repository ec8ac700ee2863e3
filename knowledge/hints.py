"""What a pack that is without mistakes might still lack: said to its author, never counted as a mistake.

Sums of a clause that no rule uses, numbers without a unit, example questions that lead to another clause, demands on
whose lines no example stands, groups that exclude each other and yet can hold together. Knows no policy.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, product

from knowledge.boundaries import untested_demands
from knowledge.draft import Fault
from knowledge.policy import Policy
from knowledge.quoted import money_in
from knowledge.search import Search
from rules.assessment import Rulebook, Status
from rules.case import CaseError
from rules.programme import Exclusive
from rules.raw import is_list, is_object
from rules.terms import plain
from rules.walk import parts, within

_NO_CLAUSE = frozenset({"assess"})
_STRAYING = 10
"""A clause is told of where more than one in so many of its example questions leads elsewhere."""


def hints(policy: Policy) -> Iterator[Fault]:
    """What the author of a sound pack should look at once more."""
    yield from _partly_modelled(policy)
    yield from _hard_to_answer(policy)
    yield from _questions_elsewhere(policy)
    yield from _demands_untested(policy)
    yield from _hold_together(policy)


def _partly_modelled(policy: Policy) -> Iterator[Fault]:
    """Clauses that something is modelled of, with sums that no rule uses."""
    rules = (policy.programmes, policy.requires, policy.limits)
    used = set(_figures(rules))
    named = {getattr(part, "clause", None) for part in parts(rules)} - {one.clause for one in policy.not_modelled}
    for index, clause in enumerate(policy.clauses):
        idle = sorted(money_in(clause.text) - used) if clause.id in named else []
        if idle:
            listed = ", ".join(map(plain, idle))
            message = (
                f"clause {clause.id} states {listed}, which no rule uses; model it, or say in `not_modelled` why not"
            )
            yield Fault(("clauses.yaml", index), message)


def _hard_to_answer(policy: Policy) -> Iterator[Fault]:
    """Whole numbers of which the reader does not know what they count: an answer with a unit would be another's."""
    for index, fact in enumerate(policy.facts):
        if fact.type == "int" and fact.derive is None and not (fact.counter or fact.reads.units):
            message = f"people answer `{fact.id}` with a unit; say which in `counter`, or make it a `count` with `unit`"
            yield Fault(("facts.yaml", index), message)


def _figures(part: object) -> Iterator[Decimal]:
    return (each for each in within(part) if isinstance(each, Decimal))


def _questions_elsewhere(policy: Policy) -> Iterator[Fault]:
    """Example questions that the search answers with another clause."""
    search = Search(policy)
    for clause, questions in policy.questions.answered.items():
        if clause in _NO_CLAUSE:
            continue
        elsewhere: list[Fault] = []
        for index, question in enumerate(questions):
            found = search.find(question)
            first = clause if found.close or not found.hits else found.hits[0].clause
            if first != clause:
                message = f"“{question}” finds clause {first}, not {clause}; say it in other words, or move it there"
                elsewhere.append(Fault(("questions.yaml", "answered", clause, index), message))
        if len(elsewhere) * _STRAYING > len(questions):
            yield from elsewhere


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
