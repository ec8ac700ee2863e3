"""What a letter asks the customer back, and which of their words seem to touch it.

Only what would settle a claim that the letter speaks of; nothing that is told, or that the letter goes by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from conversations.answering.clause_reply import ClauseReply
from conversations.answering.figures import is_idle, thresholds
from conversations.answering.letter_parts import Ask, Item
from conversations.answering.nearness import pairs
from conversations.language import customer_message
from conversations.language.answers import AnswerReader
from conversations.language.customer_message import CustomerMessage
from conversations.language.lexicon import lexicon
from conversations.language.quantities import find_quantities
from conversations.language.text import normalise
from conversations.saying.explanation import Explanation
from conversations.state.session import Known
from conversations.state.shelf import Shelf
from knowledge.policy import Fact
from rules.assessment import Claim, Status

MOST_ASKED = 5
"""The most questions that a letter asks back."""
_LONGEST_MENTION = 30


def asks_back(
    shelf: Shelf,
    message: CustomerMessage,
    known: Known,
    items: Sequence[Item],
    further: Sequence[Explanation],
    evidence: Mapping[str, str],
) -> tuple[Ask, ...]:
    """What would settle the customer's own case, in the pack's order; ``evidence`` are the words that tell of it."""
    decided = [
        item
        for item in items
        if item.reply
        and (item.reply.decided or (item.reply.doubted and not item.claims))
        and not (item.claims and item.reply.open)
    ]
    claims = [one.claim for item in items if item not in decided for one in item.claims]
    series = next((item.series for item in items if item.series), None)
    claims += [series.claim.claim] if series else []
    if message.own:
        of_others = lexicon("questions")["others"]
        untold = [
            item for item in items if not (item.claims or item in decided or of_others.search(normalise(item.heading)))
        ]
        lists = {subject.id for subject in shelf.policy.subjects if subject.many}
        claims += [
            claim
            for item in untold
            for claim in concerned(shelf, known, item.clause, item.reply)
            if claim.programme.subject not in lists or claim.index is not None or (item.reply and item.reply.figures)
        ]
    facts = _wanting(shelf, [*claims, *(one.claim for one in further)])
    reckoned = "\n".join(line for item in items if item.reply is not None for line in item.reply.figures)
    rough = {shelf.policy.fact(path).id for path in known.approximate}
    for line in (line for programme in shelf.policy.programmes for line in thresholds(programme)):
        if (
            f"“{line.leaf.quote}”" in reckoned and line.fact not in rough
        ):  # the letter goes by it: not to be asked once more
            facts.pop(line.fact, None)
    if series:
        facts.pop(series.series.programme.amount.fact or "", None)
    order = [fact for fact in shelf.policy.facts if fact.id in facts][:MOST_ASKED]
    return tuple(Ask(fact.question, _mentioned(shelf, message, evidence.values(), fact)) for fact in order)


def _wanting(shelf: Shelf, claims: Sequence[Claim]) -> dict[str, Fact]:
    """What would settle ``claims``, and the figure that the amount of one that is settled is a share of."""
    facts: dict[str, Fact] = {}
    for claim in claims:
        base = claim.programme.amount.fact
        untold = claim.amount is not None and claim.amount.max is None
        if claim.status is Status.ELIGIBLE and untold and base is not None:
            facts[base] = shelf.policy.fact(base)
        if claim.status is not Status.UNDETERMINED:
            continue
        for path in claim.missing:
            if any(subject.id == path for subject in shelf.policy.subjects):
                own = (shelf.policy.fact(fact) for fact in claim.programme.facts if fact.startswith(f"{path}."))
                facts.update({fact.id: fact for fact in own})
            elif "." in path:
                fact = shelf.policy.fact(path)
                facts[fact.id] = fact
    return facts


def _mentioned(shelf: Shelf, message: CustomerMessage, told: Collection[str], fact: Fact) -> str:
    """The customer's clause that seems to speak of ``fact`` although nothing certain could be read from it."""
    often = Counter(pair for each in shelf.policy.facts for pair in pairs(each.label))
    words = {pair for pair in pairs(fact.label) if often[pair] == 1 and not is_idle(pair)}
    if fact.spec.numeric:
        words |= {word for word in fact.reads.names if len(word) > 1}
    best, most = "", 0
    for clause in customer_message.clauses(message.body):
        score = sum(word in clause for word in words)
        if score <= most or len(clause) > _LONGEST_MENTION or customer_message.asks(clause):
            continue
        if fact.spec.numeric and any(words in clause for words in told):  # it tells something else
            continue
        if not fact.spec.numeric and any(quantity.scaled for quantity in find_quantities(normalise(clause))):
            continue
        if not fact.spec.numeric or shelf.compiled(AnswerReader).read(fact.id, clause).status == "ok":
            best, most = clause, score
    return best


def concerned(shelf: Shelf, known: Known, clause: str | None, reply: ClauseReply | None) -> list[Claim]:
    """The claims on the programmes of ``clause`` that ``reply`` is about."""
    quotes = reply.quotes if reply is not None else ()
    programmes = {each.id for each in shelf.policy.programmes if each.clause == clause and each.quote in quotes}
    return [claim for claim in known.assessment.claims if claim.programme.id in programmes]
