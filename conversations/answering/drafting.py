"""The draft of a letter to a customer: each question answered from the policy, and what their own case comes to.

Pure: the same message always gives the same draft. Decides what stands in it; how it reads is ``draft_wording``'s
business. Nothing is guessed: a case holds only what the message states.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

from pydantic import JsonValue

from conversations.answering import letter
from conversations.answering.figures import thresholds
from conversations.answering.letter import Ask, Item, Letter, Style
from conversations.answering.questions import ASSESS, META, Answered, Answering, ClauseReply
from conversations.language import customer_message
from conversations.language.answers import AnswerReader
from conversations.language.customer_message import CustomerMessage, Question
from conversations.language.descriptions import Description, DescriptionReader
from conversations.state.interview import projects_in_question
from conversations.state.outcome import Outcome
from conversations.state.session import SAME_PROJECT, Answer, Known, Session, derive
from conversations.state.shelf import Shelf
from knowledge.policy import Fact, Policy
from knowledge.search import Hit
from rules.assessment import Claim, Status
from rules.case import value_to_json

LONGEST = 4000
"""The most characters of a message that are read."""
MOST_ASKED = 5
"""The most questions that a letter asks back."""
_SURE = 0.8
_TERSE = 10
_BARE = 6
_NEVER = datetime.min.replace(tzinfo=UTC)
_LONGEST_MENTION = 30
_WHEN = re.compile(r"什么时候|啥时候|何时|哪天|几月|几号|截止|期限")
_PAID_WHEN = re.compile(
    r"(?:什么时候|啥时候|何时|哪天|几月|几号).{0,4}(?:发|到账|受理|申[报请]|报|给|拿|领|下来|拨|兑现|批|有结果)|截止|期限|受理时间"
)
_DEADLINE = "申报截止时间"
_STILL = re.compile(r"今年还有|还有没有(?!别)|还有吗|还有效|还执行|还在执行|通知.{0,4}(?:下来|发|出)")
_ANYTHING = re.compile(r"(?:什么|哪些|啥|别的|其[他它])(?:样的?)?(?:奖励|补贴|补助|政策|扶持|支持|优惠|好处|资助)")


def draft(
    shelf: Shelf,
    text: str,
    sender: str | None = None,
    style: Style = Style.USUAL,
    chosen: Mapping[int, int] | None = None,
) -> Letter:
    """The draft of an answer to ``text``; ``sender`` is the customer's name as shown, if it is.

    ``chosen`` picks, for a question by its place, another of the clauses that may answer it (counted round and round).
    """
    message = customer_message.read(text[:LONGEST], sender)
    description = _certain(shelf, shelf.compiled(DescriptionReader).read(message.body), message)
    # Neither person nor time of this consultation matters: it is derived from at once and thrown away.
    known = derive(prefilled(shelf, description, Session.begin("", "", shelf, _NEVER)), shelf)
    relevant = _relevant(shelf, known, description)
    answering = Answering(shelf)
    items: list[Item] = []
    programmes = {each.clause for each in shelf.policy.programmes}
    stated = {claim.programme.clause for claim in relevant}
    stated |= {each.clause for each in shelf.policy.programmes if each.subject in description.counts}
    for place, item in enumerate(_merged(_answered(shelf, answering, message, stated))):
        if item.clauses:
            item = replace(item, chosen=(chosen or {}).get(place, 0) % len(item.clauses))
            when = item.clause == META and _PAID_WHEN.search(item.text)  # of a programme, not of the document
            words = item.text if item.clause in programmes else item.asked
            reply = answering.reply(item.clauses[item.chosen], _DEADLINE if when else words)
            concerned = _concerned(shelf, known, item.clause, reply)
            told = tuple(c for c in concerned if any(f.fact in description.facts for f in c.reasons))
            item = replace(item, reply=reply, claims=told)
        items.append(item)
    if not items and relevant:
        items.append(Item(message.body, message.body, "", Outcome.ASSESS))
    if not message.asking and not relevant:  # words that ask for nothing: nothing is missing in the document
        policy = shelf.policy
        items = [i for i in items if i.outcome is not Outcome.OUT_OF_SCOPE or letter.whom(policy, i.advice)]
    treated = {claim.id for item in items for claim in item.claims}
    further = tuple(claim for claim in relevant if claim.id not in treated)
    asks = _asks(shelf, message, known, items, further)
    drafted = Letter(message, tuple(items), known, description.evidence, further, asks)
    return replace(drafted, text=letter.text_of(shelf, drafted, style))


def _certain(shelf: Shelf, description: Description, message: CustomerMessage) -> Description:
    """Without the choices of which the message names two: which of them holds now is to be asked."""

    def doubtful(path: str) -> bool:
        if "." not in path:
            return False
        fact = shelf.policy.fact(path)
        return fact.type == "choice" and sum(option.label in message.body for option in fact.choices) > 1

    facts = {path: known for path, known in description.facts.items() if not doubtful(path)}
    return replace(description, facts=facts)


def prefilled(shelf: Shelf, description: Description, session: Session) -> Session:
    """``session`` with what ``description`` states, as volunteered answers."""
    for subject, count in description.counts.items():
        for index in range(count):
            session = session.record(Answer(path=f"{subject}.{index}", value=True, volunteered=True))
    for path, value in description.facts.items():
        session = session.record(
            Answer(
                path=path if "." in path else f"{path}.0",
                value=cast("JsonValue", value_to_json(value)) if not isinstance(value, tuple) else False,
                said=description.evidence[path],
                approximate=path in description.approximate,
                volunteered=True,
            )
        )
    if description.same_project is not None:
        among = [claim for each in projects_in_question(shelf, derive(session, shelf).assessment) for claim in each]
        groups = [list(group) for group in description.same_project]
        value = cast("JsonValue", {"among": among, "groups": groups, "done": True})
        session = session.record(Answer(path=SAME_PROJECT, value=value, volunteered=True))
    return session


def _answered(shelf: Shelf, answering: Answering, message: CustomerMessage, stated: Collection[str]) -> list[Item]:
    """Every question with the clauses that may answer it; where several may, one that the facts are ``stated`` of."""
    policy = shelf.policy
    items: list[Item] = []
    topic: str | None = None
    for whole in message.questions:
        for question in _divided(policy, answering, whole, topic):
            answered = _best(policy, answering, question, topic)
            topic = answered.topic
            text = "，".join(part for part in (question.context, question.text) if part)
            clauses = tuple(hit.clause for hit in answered.clauses if hit.clause != ASSESS)
            if answered.outcome in (Outcome.OUT_OF_SCOPE, Outcome.ASSESS):
                advice = answered.reply if answered.outcome is Outcome.OUT_OF_SCOPE else ""
                items.append(Item(question.text, text, question.heading, answered.outcome, advice=advice))
            else:
                if answered.outcome is Outcome.OFFERED:
                    clauses = tuple(sorted(clauses, key=lambda clause: clause not in stated))
                items.append(Item(question.text, text, question.heading, answered.outcome, clauses))
    return items


def _best(policy: Policy, answering: Answering, question: Question, topic: str | None) -> Answered:
    """The answer to the question as it stands; where it is terse, in the light of what was told or asked before."""
    alone = answering.answer(question.text, topic)
    terse = len(question.heading) <= _TERSE
    sure = alone.outcome is Outcome.ANSWERED and alone.clauses[0].score >= _SURE
    if alone.outcome is Outcome.OUT_OF_SCOPE and customer_message.general(question.text):
        if topic is not None and topic != META:
            return Answered(Outcome.ANSWERED, (Hit(topic, 1.0),), "", topic)
        if question.context:
            return answering.answer(f"{question.context}，{question.text}", topic)
    if alone.outcome is Outcome.OUT_OF_SCOPE:
        if _STILL.search(question.text) and not letter.whom(policy, alone.reply):
            return replace(alone, outcome=Outcome.ANSWERED, clauses=(Hit(META, 1.0),))
        if not _unspecific(policy, alone):
            return alone
        core = answering.answer(question.heading, topic)
        if core.outcome is Outcome.ASSESS or (core.outcome is Outcome.ANSWERED and core.clauses[0].score >= _SURE):
            return core
        if _ANYTHING.search(question.heading):
            return replace(alone, outcome=Outcome.ASSESS)
    programmes = {programme.clause for programme in policy.programmes}
    general = all(hit.clause not in programmes for hit in alone.clauses[:1])
    if terse and ((not sure and _WHEN.search(question.text)) or (general and _PAID_WHEN.search(question.text))):
        return replace(alone, outcome=Outcome.ANSWERED, clauses=(Hit(META, 1.0), *alone.clauses[:2]))
    bare = len(question.heading) <= _BARE and alone.clauses[:1] and alone.clauses[0].clause == META
    if terse and (not sure or bare) and question.context:
        whole = answering.answer(f"{question.context}，{question.text}", topic)
        if whole.outcome is Outcome.ANSWERED and whole.clauses[0].clause in programmes:
            return whole
    unsure = alone.outcome is Outcome.OFFERED or (alone.outcome is Outcome.ANSWERED and not sure)
    if topic is not None and terse and unsure and topic in programmes and alone.clauses[0].clause != META:
        others = [hit for hit in alone.clauses if hit.clause != topic]
        return Answered(Outcome.ANSWERED, (Hit(topic, 1.0), *others[:2]), "", topic)
    return alone


def _divided(policy: Policy, answering: Answering, question: Question, topic: str | None) -> list[Question]:
    """A sentence whose clauses ask for different things, each answered with certainty, as several questions."""
    parts = [part for part in re.split(r"[,，、]", question.text) if part.strip()]
    asking = [part for part in parts if customer_message.asks(part)]
    told = [part for part in parts if part not in asking]
    if told and asking and all(map(customer_message.general, asking)):
        return [_nearest(policy, answering, question, told, asking)]
    if len(asking) < 2:
        return [question]
    found = [answering.answer(part, topic) for part in asking]
    sure = all(
        (each.outcome is Outcome.ANSWERED and each.clauses[0].score >= _SURE)
        or (each.outcome is Outcome.OUT_OF_SCOPE and not _unspecific(policy, each))
        for each in found
    )
    if not sure or len({each.clauses[0].clause if each.clauses else each.reply for each in found}) < 2:
        return [question]
    context = "，".join([question.context, *told]).strip("，")
    return [Question(part, customer_message.heading(part), context) for part in asking]


def _nearest(
    policy: Policy, answering: Answering, question: Question, told: Sequence[str], asking: Sequence[str]
) -> Question:
    """A question with no topic of its own, cut down to what was told last that gives it one; else as it stands."""
    if answering.answer(question.text).outcome is Outcome.ANSWERED:
        return question
    programmes = {programme.clause for programme in policy.programmes}
    for place in reversed(range(len(told))):
        text = "，".join([told[place], *asking])
        answered = answering.answer(text)
        if answered.outcome is Outcome.ANSWERED and answered.clauses[0].clause in programmes:
            context = "，".join([question.context, *told[:place], *told[place + 1 :]]).strip("，")
            return Question(text, customer_message.heading(text), context)
    return question


def _unspecific(policy: Policy, answered: Answered) -> bool:
    """Whether the answer says no more than that the document does not tell."""
    return all(answered.reply != kind.advice for kind in policy.questions.unanswered)


def _merged(items: Iterable[Item]) -> list[Item]:
    """Questions about one clause (or of one kind that is not answered) together, where the first of them stands."""
    merged: dict[str, Item] = {}
    for item in items:
        key = item.clauses[0] if item.clauses else item.advice or item.outcome.value
        old = merged.get(key)
        if old is None:
            merged[key] = item
        else:
            heading = f"{old.heading}；{item.heading}"
            text = old.text if item.text in old.text else f"{old.text}，{item.text}"
            merged[key] = replace(old, asked=f"{old.asked}，{item.asked}", text=text, heading=heading)
    return list(merged.values())


def _relevant(shelf: Shelf, known: Known, description: Description) -> list[Claim]:
    """The claims that what is stated speaks for: eligible ones, and those with a condition of their own not missed."""
    policy = shelf.policy
    uses = Counter(fact for programme in policy.programmes for fact in programme.facts)

    def speaks(claim: Claim) -> bool:
        return claim.status is Status.ELIGIBLE or any(
            finding.fact in description.facts
            and finding.satisfied is not False
            and uses[policy.fact(finding.fact).id] == 1
            for finding in claim.reasons
        )

    return [claim for claim in known.assessment.claims if speaks(claim)]


def _concerned(shelf: Shelf, known: Known, clause: str | None, reply: ClauseReply | None) -> list[Claim]:
    """The claims on the programmes of ``clause`` that ``reply`` is about."""
    quotes = reply.quotes if reply is not None else ()
    programmes = {each.id for each in shelf.policy.programmes if each.clause == clause and each.quote in quotes}
    return [claim for claim in known.assessment.claims if claim.programme.id in programmes]


def _asks(
    shelf: Shelf, message: CustomerMessage, known: Known, items: Sequence[Item], further: Sequence[Claim]
) -> tuple[Ask, ...]:
    """What would settle the customer's own case, in the pack's order."""
    claims = [claim for item in items for claim in item.claims]
    if message.own:
        untold = [item for item in items if not item.claims]
        claims += [claim for item in untold for claim in _concerned(shelf, known, item.clause, item.reply)]
    facts: dict[str, Fact] = {}
    for claim in [*claims, *further]:
        if claim.status is not Status.UNDETERMINED:
            continue
        for path in claim.missing:
            if any(subject.id == path for subject in shelf.policy.subjects):
                own = (shelf.policy.fact(fact) for fact in claim.programme.facts if fact.startswith(f"{path}."))
                facts.update({fact.id: fact for fact in own})
            elif "." in path:
                fact = shelf.policy.fact(path)
                facts[fact.id] = fact
    reckoned = "\n".join(line for item in items if item.reply is not None for line in item.reply.figures)
    rough = {shelf.policy.fact(path).id for path in known.approximate}
    for leaf in (leaf for programme in shelf.policy.programmes for leaf in thresholds(programme)):
        if f"“{leaf.quote}”" in reckoned and leaf.fact not in rough:  # the letter goes by it: not to be asked once more
            facts.pop(leaf.fact, None)
    order = [fact for fact in shelf.policy.facts if fact.id in facts][:MOST_ASKED]
    return tuple(Ask(fact.question, _mentioned(shelf, message, fact)) for fact in order)


def _mentioned(shelf: Shelf, message: CustomerMessage, fact: Fact) -> str:
    """The customer's clause that seems to speak of ``fact`` although nothing certain could be read from it."""
    often = Counter(pair for each in shelf.policy.facts for pair in _pairs(each.label))
    words = {pair for pair in _pairs(fact.label) if often[pair] == 1}
    if fact.spec.numeric:
        words |= {word for word in fact.yes if len(word) > 1}
    best, most = "", 0
    for clause in customer_message.clauses(message.body):
        score = sum(word in clause for word in words)
        if score <= most or len(clause) > _LONGEST_MENTION or customer_message.asks(clause):
            continue
        if not fact.spec.numeric or shelf.compiled(AnswerReader).read(fact.id, clause).status == "ok":
            best, most = clause, score
    return best


def _pairs(label: str) -> set[str]:
    return {label[at : at + 2] for at in range(len(label) - 1) if label[at : at + 2].isalpha()}
