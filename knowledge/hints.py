"""What a pack that is without mistakes might still lack: said to its author, never counted as a mistake.

Sums of a clause that no rule uses, numbers without a unit, example questions that lead to another clause. Knows no policy.
"""

from collections.abc import Iterator
from decimal import Decimal

from knowledge.draft import Fault
from knowledge.policy import Policy
from knowledge.quoted import money_in
from knowledge.search import Search
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
