"""The draft of a letter to a customer: each question answered from the policy, and what their own case comes to.

Pure: the same message always gives the same draft. Decides what stands in it; how it reads is ``letter``'s
business. Nothing is guessed: a case holds only what the message states.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pydantic import JsonValue

from conversations.answering import letter
from conversations.answering.choosing import SURE, Chooser, ChosenClauses, asks_when_paid
from conversations.answering.figures import thresholds
from conversations.answering.letter import Ask, Item, Letter, Style
from conversations.answering.office_matters import notes_for
from conversations.answering.questions import Answering, ClauseReply
from conversations.language import customer_message, revisions
from conversations.language.answers import AnswerReader
from conversations.language.customer_message import CustomerMessage
from conversations.language.descriptions import Description, DescriptionReader
from conversations.language.focus import Focus
from conversations.language.question import Question
from conversations.language.text import normalise
from conversations.saying.answers import whom
from conversations.saying.explanation import Explanation, explain, is_own
from conversations.saying.report import interval_json
from conversations.saying.values import claim_path
from conversations.state.answer import Answer, Grouping
from conversations.state.interview import projects_in_question
from conversations.state.markup import plain
from conversations.state.office_time import today
from conversations.state.outcome import Outcome
from conversations.state.session import SAME_PROJECT, TODAY, Known, Session, derive
from conversations.state.shelf import Shelf
from conversations.state.shelf_names import outward
from knowledge.patterns import regex
from knowledge.policy import ASSESS, META, Fact, Policy, bare
from rules.assessment import Claim, Status
from rules.case import value_to_json

LONGEST = 4000
"""The most characters of a message that are read."""
MOST_ASKED = 5
"""The most questions that a letter asks back."""
_LONGEST_MENTION = 30
_DEADLINE = "申报截止时间"
_SUM = regex(r"一共|总共|总计|合计|加起来|加一块|加在一起")
_NUMBERED = regex(r"[一-鿿]{1,8}\s?[〔\[（(【]\s?\d{4}\s?[〕\]）)】]\s?第?\d+\s?号")


def draft(
    shelf: Shelf,
    text: str,
    sender: str | None = None,
    style: Style = Style.USUAL,
    chosen: Mapping[int, int] | None = None,
    at: datetime | None = None,
) -> Letter:
    """The draft of an answer to ``text``; ``sender`` is the customer's name as shown, if it is; ``at`` when it was written (else now).

    ``chosen`` picks, for a question by its place, another of the clauses that may answer it (counted round and round).
    """
    message = customer_message.read(text[:LONGEST], sender)
    at = at or datetime.now(UTC)
    read = shelf.compiled(DescriptionReader).read(message.body, Focus(on=today(at)))
    description = _certain(shelf, read, message)
    # The person of this consultation does not matter: it is derived from at once and thrown away.
    known = derive(prefilled(shelf, description, Session.begin("", "", shelf, at)), shelf)
    relevant = _relevant(shelf, known, description)
    stated = {claim.programme.clause for claim in relevant}
    stated |= {each.clause for each in shelf.policy.programmes if each.subject in description.counts}
    answering = Answering(shelf)
    several = len({claim.programme.clause for claim in relevant}) > 1
    whole = [each for place, each in enumerate(message.questions) if several and _of_all(each, first=not place)]
    found = Chooser(shelf).choose(each for each in message.questions if each not in whole)
    asked = [_noted(shelf, each, _item(shelf, read, each, stated)) for each in found if not _is_abuse(message, each)]
    items = [
        _answered(shelf, answering, known, description, item, (chosen or {}).get(place, 0))
        for place, item in enumerate(_merged([*map(_whole, whole), *asked]))
    ]
    if not items and relevant:
        items.append(Item(message.body, message.body, "", Outcome.ASSESS))
    if message.thanks and not description.facts:
        items = []
    elif not message.asking and not relevant:  # words that ask for nothing: nothing is missing in the document
        policy = shelf.policy
        items = [i for i in items if i.outcome is not Outcome.OUT_OF_SCOPE or whom(policy, i.advice)]
    treated = {one.claim.id for item in items for one in item.claims}
    further = tuple(explain(shelf, known, claim) for claim in relevant if claim.id not in treated)
    asks = _asks(shelf, message, known, items, further)
    drafted = Letter(message, tuple(items), known, description.evidence, further, asks)
    return replace(drafted, text=letter.text_of(shelf, drafted, style))


def draft_json(drafted: Letter, advice: str) -> dict[str, JsonValue]:
    """``drafted`` as the contract has it, for other programs; ``advice`` is a word to the member of staff alone."""
    # A list that nothing was said of, and an enterprise of which nothing is known, stand in no case.
    case = {key: value for key, value in drafted.known.data.items() if key != TODAY and value not in (None, {})}
    questions: list[JsonValue] = [
        {
            "text": item.asked,
            "answered": item.outcome is not Outcome.OUT_OF_SCOPE,
            "clauses": list(map(bare, item.clauses)),
        }
        for item in drafted.items
    ]
    return {
        "letter": plain(drafted.text),
        "questions": questions,
        "case": outward(case),
        "total": interval_json(drafted.known.assessment.total) if drafted.evidence else None,
        "advice": plain(advice) or None,
    }


def _answered(
    shelf: Shelf, answering: Answering, known: Known, description: Description, item: Item, chosen: int
) -> Item:
    """``item`` with the reply from the clause ``chosen`` among its own (counted round and round), and the claims there.

    The claims are those on which the message states something.
    """
    if not item.clauses:
        return item
    item = replace(item, chosen=chosen % len(item.clauses))
    when = bare(item.clause or "") == META and asks_when_paid(item.text)  # of a programme, not of the document
    granted = any(programme.clause == item.clause for programme in shelf.policy.programmes)
    words = item.text if granted else item.asked
    reply = answering.reply(item.clauses[item.chosen], _DEADLINE if when else words)
    claims = tuple(
        explain(shelf, known, claim)
        for claim in _concerned(shelf, known, item.clause, reply)
        if any(description.facts.keys() & {finding.fact, *finding.facts} for finding in claim.reasons)
    )
    return replace(item, reply=reply, claims=claims)


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
                value=value_to_json(value) if not isinstance(value, tuple) else False,
                said=description.evidence[path],
                approximate=path in description.approximate,
                volunteered=True,
            )
        )
    if description.same_project is not None:
        projects = projects_in_question(shelf, derive(session, shelf).assessment)
        among = tuple(claim for project in projects for claim in project)
        value = Grouping(among=among, groups=description.same_project)
        session = session.record(Answer(path=SAME_PROJECT, value=value, volunteered=True))
    return session


def _is_abuse(message: CustomerMessage, chosen: ChosenClauses) -> bool:
    """Whether a question is only what an angry person says: it is not repeated, nor said to stand nowhere."""
    unanswered = chosen.outcome is Outcome.OUT_OF_SCOPE
    return message.angry and unanswered and revisions.complains(normalise(chosen.question.text))


def _other_document(policy: Policy, text: str) -> str:
    """The number of a document that ``text`` names and that is none of ours, as it is written there."""
    ours = {tuple(re.findall(r"\d+", each.number or "")) for each in policy.documents}
    named = (match[0] for match in _NUMBERED.finditer(text))
    return next((number for number in named if tuple(re.findall(r"\d+", number)) not in ours), "")


def _of_all(question: Question, first: bool) -> bool:
    """Whether a question has no matter of its own (but for a list of them), and is the ``first``, or asks for a sum.

    Where the message tells of several programmes, it is about all of them.
    """
    core = re.split("[:：]", question.heading)[0]
    return (first or bool(_SUM.search(question.text))) and customer_message.general(core)


def _whole(question: Question) -> Item:
    return Item(question.text, question.text, question.heading, Outcome.ASSESS)


def _item(shelf: Shelf, description: Description, chosen: ChosenClauses, stated: Collection[str]) -> Item:
    """A question with the clauses that may answer it; where several may, first one that the facts are ``stated`` of."""
    question, outcome = chosen.question, chosen.outcome
    if other := _other_document(shelf.policy, question.text):
        return Item(question.text, chosen.text, question.heading, Outcome.OUT_OF_SCOPE, other=other)
    unsure = outcome in (Outcome.ANSWERED, Outcome.OFFERED) and not chosen.sure(SURE)
    if unsure and (named := _named(shelf, description, question.text)):
        others = (hit.clause for hit in chosen.clauses if hit.clause not in (ASSESS, named))
        return Item(question.text, chosen.text, question.heading, Outcome.ANSWERED, (named, *others))
    if outcome in (Outcome.OUT_OF_SCOPE, Outcome.ASSESS):
        return Item(question.text, chosen.text, question.heading, outcome, advice=chosen.advice)
    clauses = tuple(hit.clause for hit in chosen.clauses if hit.clause != ASSESS)
    if outcome is Outcome.OFFERED:
        clauses = tuple(sorted(clauses, key=lambda clause: clause not in stated))
    return Item(question.text, chosen.text, question.heading, outcome, clauses)


def _noted(shelf: Shelf, chosen: ChosenClauses, item: Item) -> Item:
    """``item`` with what the office itself says to it, where it says something."""
    notes = notes_for(shelf, chosen)
    if not notes:
        return item
    return replace(item, notes=notes, **({} if item.clauses else {"outcome": Outcome.ANSWERED, "advice": ""}))


def _named(shelf: Shelf, description: Description, text: str) -> str | None:
    """The one clause whose programmes ask for the facts, or are about the lists, that the words of ``text`` name."""
    named = {path for piece in description.pieces if piece.words in text for path in piece.named}
    votes = Counter(
        each.clause
        for each in shelf.policy.programmes
        for path in named
        if path == each.subject or (path in each.facts and shelf.users[path] == 1)
    )
    ranked = votes.most_common(2)
    alone = len(ranked) == 1 or (len(ranked) == 2 and ranked[0][1] > ranked[1][1])
    return ranked[0][0] if alone else None


def _merged(items: Iterable[Item]) -> list[Item]:
    """Questions about one clause (or of one kind that is not answered) together, where the first of them stands."""
    merged: dict[str, Item] = {}
    for item in items:
        key = item.clauses[0] if item.clauses else item.advice or item.other or item.outcome.value
        old = merged.get(key)
        if old is None:
            merged[key] = item
        else:
            heading = f"{old.heading}；{item.heading}"
            text = old.text if item.text in old.text else f"{old.text}，{item.text}"
            notes = tuple(dict.fromkeys((*old.notes, *item.notes)))
            merged[key] = replace(old, asked=f"{old.asked}，{item.asked}", text=text, heading=heading, notes=notes)
    return list(merged.values())


def _relevant(shelf: Shelf, known: Known, description: Description) -> list[Claim]:
    """The claims that what is stated speaks for: eligible ones, those with a condition of their own not missed, and
    those of which the figure is stated that they are a share of.
    """

    def based(claim: Claim) -> bool:
        base = claim.programme.amount.fact
        return base is not None and claim_path(claim, base) in description.facts

    def speaks(claim: Claim) -> bool:
        if claim.status is Status.ELIGIBLE or (claim.status is Status.UNDETERMINED and based(claim)):
            return True
        return any(
            description.facts.keys() & {finding.fact, *finding.facts}
            and finding.satisfied is not False
            and is_own(shelf, finding)
            for finding in claim.reasons
        )

    return [claim for claim in known.assessment.claims if speaks(claim)]


def _concerned(shelf: Shelf, known: Known, clause: str | None, reply: ClauseReply | None) -> list[Claim]:
    """The claims on the programmes of ``clause`` that ``reply`` is about."""
    quotes = reply.quotes if reply is not None else ()
    programmes = {each.id for each in shelf.policy.programmes if each.clause == clause and each.quote in quotes}
    return [claim for claim in known.assessment.claims if claim.programme.id in programmes]


def _asks(
    shelf: Shelf, message: CustomerMessage, known: Known, items: Sequence[Item], further: Sequence[Explanation]
) -> tuple[Ask, ...]:
    """What would settle the customer's own case, in the pack's order."""
    claims = [one.claim for item in items for one in item.claims]
    if message.own:
        untold = [item for item in items if not item.claims]
        claims += [claim for item in untold for claim in _concerned(shelf, known, item.clause, item.reply)]
    facts: dict[str, Fact] = {}
    for claim in [*claims, *(one.claim for one in further)]:
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
    for line in (line for programme in shelf.policy.programmes for line in thresholds(programme)):
        if (
            f"“{line.leaf.quote}”" in reckoned and line.fact not in rough
        ):  # the letter goes by it: not to be asked once more
            facts.pop(line.fact, None)
    order = [fact for fact in shelf.policy.facts if fact.id in facts][:MOST_ASKED]
    return tuple(Ask(fact.question, _mentioned(shelf, message, fact)) for fact in order)


def _mentioned(shelf: Shelf, message: CustomerMessage, fact: Fact) -> str:
    """The customer's clause that seems to speak of ``fact`` although nothing certain could be read from it."""
    often = Counter(pair for each in shelf.policy.facts for pair in _pairs(each.label))
    words = {pair for pair in _pairs(fact.label) if often[pair] == 1}
    if fact.spec.numeric:
        words |= {word for word in fact.reads.names if len(word) > 1}
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
