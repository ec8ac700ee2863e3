"""What a letter answers beside the questions that are asked: what is told to be granted, applied for, or had in an earlier year.

Decides only which clauses answer, and where nothing else of the letter speaks of them; words nothing.
"""

from collections.abc import Iterator, Sequence

from conversations.answering import asked, letter
from conversations.answering.asked import Aspect
from conversations.answering.choosing import SURE
from conversations.answering.letter_parts import Item
from conversations.answering.questions import Answering
from conversations.language import customer_message
from conversations.language.customer_message import CustomerMessage
from conversations.language.descriptions import Description
from conversations.language.question import Matters
from conversations.state.outcome import Outcome
from conversations.state.shelf import Shelf
from knowledge.patterns import regex
from knowledge.policy import Policy
from rules.assessment import Claim

_SHORT = 16
_APPLIES = regex(
    r"(?:^(?:现|今年)?(?=申[报请])|想|要|准备|打算|拟|计划|关于)[^,，。]{0,6}?(?:申[报请领]|报|领|办)(?:一下)?(?!了|过)([^,，。]{2,20})$"
)
"""想申报数字证书补贴."""


def taken_for_granted(
    shelf: Shelf, message: CustomerMessage, relevant: Sequence[Claim], answering: Answering, items: Sequence[Item]
) -> Iterator[Item]:
    """What is told to be granted (房租也补) where all of it is asked about together, and nothing else speaks of it."""
    if not any(item.outcome is Outcome.ASSESS or Aspect.TOGETHER in asked.read(item.asked).aspects for item in items):
        return
    spoken = {claim.programme.id for claim in relevant}
    spoken |= {of for item in items if item.clauses for of in answering.about(item.clauses[0], item.text, item.asked)}
    for part in customer_message.clauses(message.body):
        asking = customer_message.asks(part) or any(part in item.heading for item in items)
        if len(part) > _SHORT or asking or customer_message.general(part) or not asked.grants(part):
            continue
        best = next(iter(shelf.find(part).hits), None) if shelf.compiled(Matters).named(part) else None
        about = answering.about(best.clause, part, part) if best and best.score >= SURE else frozenset[str]()
        if best and about and not about & spoken:
            spoken |= about
            yield Item(part, part, part, Outcome.ANSWERED, (best.clause,))


def applied(shelf: Shelf, message: CustomerMessage) -> Item | None:
    """What a message says that it wants to apply for, as if it had asked for it; None for nothing."""
    for part in customer_message.clauses(message.body):
        found = _APPLIES.search(part)
        if found is None or customer_message.asks(part) or not shelf.compiled(Matters).named(part):
            continue
        best = next(iter(shelf.find(found[1]).hits), None)
        if best is not None and best.score >= SURE and best.clause in shelf.policy.granting:
            return Item(part, part, found[1], Outcome.ANSWERED, (best.clause,))
    return None


def of_applying_alone(policy: Policy, items: Sequence[Item]) -> bool:
    """Whether all that ``items`` ask is when, where and with what papers one applies, and of no grant."""
    return bool(items) and not any(item.clause in policy.granting or not item.clauses for item in items)


def earlier(shelf: Shelf, description: Description) -> Iterator[Item]:
    """What is told of an earlier year where this one's is paid for: reckoned by itself, as it is no fact of the case."""
    policy = shelf.policy
    for programme in policy.programmes:
        base = programme.amount.fact
        if base is None or base in description.facts or policy.fact(base).reads.period != "this_year":
            continue
        told = [each.words for each in description.pieces if base in each.named and letter.EARLIER.search(each.words)]
        if told and asked.read(told[-1]).quantities:
            yield Item(told[-1], told[-1], told[-1], Outcome.ANSWERED, (programme.clause,))


def together(policy: Policy, items: Sequence[Item]) -> Iterator[Item]:
    """Whether one gets several grants at once, where that is asked within a question about all of them."""
    rule = policy.cumulation
    for item in items if rule and not any(item.clause == rule.clause for item in items) else ():
        parts = customer_message.clauses(item.asked) if item.outcome is Outcome.ASSESS else ()
        if part := next((each for each in parts if Aspect.TOGETHER in asked.read(each).aspects), ""):
            yield Item(part, part, part, Outcome.ANSWERED, (rule.clause if rule else "",))
