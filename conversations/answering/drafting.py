"""The draft of a letter to a customer: each question answered from the policy, and what their own case comes to.

Pure: the same message always gives the same draft. Decides what stands in it; how it reads is ``letter``'s
business. Nothing is guessed: a case holds only what the message states.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pydantic import JsonValue

from conversations.answering import asked, letter, unasked
from conversations.answering.asked import Aspect, called_for
from conversations.answering.asking_back import asks_back, concerned
from conversations.answering.certain import certain
from conversations.answering.choosing import SURE, ChosenClauses, asks_anything, asks_when_paid
from conversations.answering.choosing_letters import LetterChooser
from conversations.answering.highest import highest
from conversations.answering.letter_parts import Item, Letter, Style, ToldSeries
from conversations.answering.merging import merged, same_data
from conversations.answering.office_matters import notes_for
from conversations.answering.other_documents import other_document, ours_beside, policy_of_others
from conversations.answering.put_right import corrected
from conversations.answering.questions import Answering
from conversations.answering.series import find as find_series
from conversations.answering.series_told import SeriesOf, firms
from conversations.answering.told import matter, named_clause, of_levels, sharing, spoken
from conversations.language import customer_message
from conversations.language.customer_message import CustomerMessage
from conversations.language.descriptions import Description, DescriptionReader
from conversations.language.descriptions_clauses import Stance
from conversations.language.descriptions_pieces import named_in
from conversations.language.focus import Focus
from conversations.language.lexicon import lexicon
from conversations.language.question import Matters, Question
from conversations.language.text import normalise
from conversations.language.yesno import is_pending
from conversations.saying.answers import whom
from conversations.saying.explanation import explain, is_own
from conversations.saying.report import interval_json
from conversations.saying.values import claim_path, fact_path
from conversations.state.answer import Answer, Grouping
from conversations.state.interview import projects_in_question
from conversations.state.markup import plain
from conversations.state.office_time import today
from conversations.state.outcome import Outcome
from conversations.state.session import SAME_PROJECT, TODAY, Known, Session, derive
from conversations.state.shelf import Shelf
from conversations.state.shelf_names import outward
from knowledge.patterns import regex
from knowledge.policy import ASSESS, META, bare
from rules.assessment import Claim, Status
from rules.case import value_to_json

LONGEST = 4000
"""The most characters of a message that are read."""
_SEVERAL = 2
_SHORT = 16
_POSSIBLE = 0.01
"""From which confidence a clause may be meant of which alone the message has told."""
_HOW_MUCH = {Aspect.AMOUNT}
_DEADLINE = "申报截止时间"
_SUM = regex(r"一共|总共|总计|合计|加起来|加一块|加在一起|合起来|合在一起")
_TOTAL_CLAIMED = regex(
    rf"(?:{asked.ALTOGETHER})"
    r"(?:就?是|能?拿|能?领|补|给|有)?\d[\d.]*[万亿][^,]{0,4}(?:,[^,]{0,3})?(?:对[吗吧不么]|没错|是不是|是吧)"
)
"""合起来 52.9 万，对吗: asks of all that was told."""
_OF_STAFF = regex("[你您]们?(?:这(?:帮|群|些)[^,，。]{0,4})?(?:都|全|就)?[是算叫]")
"""What begins a question about whoever serves: 你们是死人吗."""
_EACH = regex("各|分别")
_TWO_SUMS = regex(r"\d[\d.]*[万亿]?元?(?:[+、]|再?加上?|[和跟与])\d[\d.]*[万亿]?")
"""40 万加 60 万都给不, 160 和 30 能不能都拿."""
_LETTER = regex("[A-F甲乙丙丁戊]")
_MERGED = regex(
    r"并(?:[到入进成在]|一[起块])|合并|合(?:在|着|起来|到|成|一起|一块)|凑(?:在|到|成|一起|一块)|加(?:在|到)?一[起块]|加起来\d"
)


def draft(
    shelf: Shelf,
    text: str,
    sender: str | None = None,
    style: Style = Style.USUAL,
    chosen: Mapping[int, int] | None = None,
    at: datetime | None = None,
) -> Letter:
    """The draft of an answer to ``text``, its slips set right; ``sender`` is the customer's name as shown, if it is; ``at`` when it
    was written (else now).

    ``chosen`` picks, for a question by its place, another of the clauses that may answer it (counted round and round).
    """
    message = customer_message.read(shelf.policy.mentions.respelt(text[:LONGEST]), sender)
    at = at or datetime.now(UTC)
    read = shelf.compiled(DescriptionReader).read(message.body, Focus(on=today(at)))
    description = corrected(shelf, message.body, certain(shelf, read, message))
    # The person of this consultation does not matter: it is derived from at once and thrown away.
    known = derive(prefilled(shelf, description, Session.begin("", "", shelf, at)), shelf)
    case = _Case(shelf, message, description, known, _series(shelf, message, known))
    items = _items(case, read, chosen or {})
    relevant = case.relevant
    treated = {one.claim.id for item in items for one in item.claims}
    further = tuple(explain(shelf, known, claim) for claim in relevant if claim.id not in treated)
    asks = asks_back(shelf, message, known, items, further, description.evidence)
    missed = tuple(explain(shelf, known, claim) for claim in _pending(shelf, known, description, treated))
    drafted = Letter(message, tuple(items), known, description.evidence, further, asks, missed)
    drafted = replace(drafted, text=letter.text_of(shelf, drafted, style))
    return replace(drafted, unread=tuple(_unread(description, drafted)))


def _unread(description: Description, drafted: Letter) -> Iterator[str]:
    """The words that tell a figure of a fact that is not known, where the letter neither is about them nor uses it."""
    known = {fact_path(path) for path in description.facts}
    spoken = "".join((*(item.heading for item in drafted.items), *(ask.mentioned for ask in drafted.asks)))
    letter_says = re.sub(r"\s", "", drafted.text)
    for piece in description.pieces:
        words = piece.words.strip(" ,，。")
        idle = piece.taken or piece.stance is not Stance.STATED or not piece.named - known or words in spoken
        plain = normalise(words)
        told = [plain[each.start : each.end] for each in asked.read(words).quantities]
        used = all(each.rstrip("整平米元").strip() in letter_says for each in told)
        if not (idle or used or customer_message.asks(words) or customer_message.upset(plain)):
            yield words


@dataclass(frozen=True, slots=True)
class _Case:
    """What a message tells: ``told`` are figures of several years, firms or things."""

    shelf: Shelf
    message: CustomerMessage
    description: Description
    known: Known
    told: ToldSeries | None

    @property
    def relevant(self) -> list[Claim]:
        """The claims that what is stated speaks for, those of the ``told`` figures aside."""
        apart = self.told.series.programme if self.told else None
        return [c for c in _relevant(self.shelf, self.known, self.description) if c.programme != apart]


def _items(case: _Case, read: Description, chosen: Mapping[int, int]) -> list[Item]:
    """The questions of the message, answered, in their order."""
    shelf, message, relevant = case.shelf, case.message, case.relevant
    stated = [claim.programme.id for claim in relevant] + ([case.told.series.programme.id] if case.told else [])
    answering = Answering(shelf, stated=stated)
    applied = unasked.applied(shelf, message)
    items = [
        _answered(case, answering, item, chosen.get(place, 0))
        for place, item in enumerate(merged(answering, _questions(case, read, relevant, applied)))
    ]
    beside = unasked.taken_for_granted(shelf, message, relevant, answering, items)
    items += [_answered(case, answering, item, 0) for item in beside]
    if applied and unasked.of_applying_alone(shelf.policy, items):
        items = [_answered(case, answering, applied, 0), *items]
    if any(item.outcome is Outcome.ASSESS for item in items):
        further = (*unasked.earlier(shelf, case.description), *unasked.together(shelf.policy, items))
        items += [_answered(case, answering, item, 0) for item in further]
    items = same_data(items)
    if case.told is not None and not any(item.series for item in items):
        clause = (case.told.series.programme.clause,)
        items = [item for item in items if item.outcome is not Outcome.ASSESS]
        items.append(_answered(case, answering, Item(message.body, message.body, "", Outcome.ANSWERED, clause), 0))
    if not items and relevant:
        items.append(Item(message.body, message.body, "", Outcome.ASSESS))
    if message.thanks and not case.description.facts:
        return []
    if not message.asking and not relevant:  # words that ask for nothing: nothing is missing in the document
        return [i for i in items if i.outcome is not Outcome.OUT_OF_SCOPE or whom(shelf.policy, i.advice)]
    treated = {one.claim.id for item in items for one in item.claims}
    if not (relevant and len(items) > 1 and all(claim.id in treated for claim in relevant)):
        return items
    items = list(map(_specific, items))
    if len(treated) < _SEVERAL:
        items = [item for item in items if item.outcome is not Outcome.ASSESS or asks_anything(item.asked)] or items
    return items


def _specific(item: Item) -> Item:
    """``item``, which nothing answers where it asks of a sum of its own what one's case as a whole does not tell."""
    own = item.outcome is Outcome.ASSESS and any(each.scaled for each in asked.read(item.heading).quantities)
    return replace(item, outcome=Outcome.OUT_OF_SCOPE) if own else item


def _questions(case: _Case, read: Description, relevant: Sequence[Claim], applied: Item | None) -> list[Item]:
    """The questions of the message with the clauses that may answer them; ``applied`` is what it wants to apply for."""
    shelf, message = case.shelf, case.message
    told_of = {*(claim.programme.id for claim in relevant), *case.description.counts}
    stated = dict.fromkeys(each.clause for each in shelf.policy.programmes if told_of & {each.id, each.subject})
    apart = message.several_firms and relevant and len(firms(message.body)) > 1
    several = apart or len({claim.programme.clause for claim in relevant}) > 1
    whole = [each for place, each in enumerate(message.questions) if several and _of_all(each, first=not place)]
    if not relevant and (case.description.facts or message.own):  # what is denied of everything is asked of everything
        whole += [each for each in message.questions if _of_everything(each)]
    asking = (each for each in message.questions if each not in whole)
    about = matter(shelf, read) or (applied.clause if applied else None)
    found = dict(LetterChooser(shelf).by_question(asking, matter=about))
    items: list[Item] = []
    for question in message.questions:
        if question in whole:
            items.append(_whole(question))
        else:
            said = (each for each in found[question] if not _is_abuse(message, each))
            items += [_noted(shelf, each, _item(case, read, each, stated)) for each in said]
    return items


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


def _answered(case: _Case, answering: Answering, item: Item, chosen: int) -> Item:
    """``item`` with the reply from the clause ``chosen`` among its own (counted round and round), and the claims there.

    The claims are those on which the message states something.
    """
    if not item.clauses or item.firms:
        return item
    shelf, known, description, told = case.shelf, case.known, case.description, case.told
    item = replace(item, chosen=chosen % len(item.clauses))
    when = bare(item.clause or "") == META and asks_when_paid(item.text)  # of a programme, not of the document
    words = item.text if item.clause in shelf.policy.granting else item.asked
    rule = shelf.policy.cumulation
    if rule and item.clause == rule.clause and (other := policy_of_others(case.message.body)) not in words:
        words = f"{other}，{words}"  # 两边的钱能不能都领: of theirs and ours
    ready = when and bool(called_for(shelf.policy, asked.read(item.asked), item.clause or "", ()))
    core = item.heading if bare(item.clause or "") == META else item.asked
    core = _DEADLINE if when and not ready else core
    told = told if told is not None and item.clause == told.series.programme.clause else None
    of = told.series.programme if told is not None and told.series.told_in(item.asked) else None
    reply = answering.reply(item.clauses[item.chosen], core if when else words, core, of)
    if told is not None and told.series.programme.quote in reply.quotes:
        return replace(item, reply=reply, series=told)
    claims = tuple(
        explain(shelf, known, claim)
        for claim in concerned(shelf, known, item.clause, reply)
        if _is_based(claim, description)
        or any(description.facts.keys() & {finding.fact, *finding.facts} for finding in claim.reasons)
    )
    best = highest(shelf, known, description, item.text) if rule and item.clause == rule.clause else ()
    return replace(item, reply=reply, claims=claims, highest=best)


def _series(shelf: Shelf, message: CustomerMessage, known: Known) -> ToldSeries | None:
    """What figures told one by one come to; None where something else than they speaks against the programme."""
    series = find_series(shelf, message.body)
    if series is None:
        return None
    base = series.programme.amount.fact or ""
    claims = [explain(shelf, known, claim) for claim in known.assessment.claims if claim.programme == series.programme]
    if not claims:  # a list of which nothing else is told
        return None
    failed = [point for one in claims for point in one.failed if point.fact is None or point.fact.id != base]
    summed = series.kind not in (SeriesOf.SUPPOSED, SeriesOf.EITHER) and bool(_SUM.search(message.body))
    return None if failed and series.kind is not SeriesOf.FIRMS else ToldSeries(series, claims[0], summed)


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
    words = chosen.question.text
    unanswered = chosen.outcome is Outcome.OUT_OF_SCOPE
    of_staff = _OF_STAFF.match(words) and not asked.grants(words)
    return message.angry and unanswered and bool(of_staff or customer_message.upset(normalise(words)))


def _of_all(question: Question, first: bool) -> bool:
    """Whether a question has no matter of its own (but for a list of them), and is the ``first``, or asks for a sum.

    Where the message tells of several programmes, it is about all of them.
    """
    core = re.split("[:：]", question.heading)[0]
    parts = re.split("[,，]", core)
    summed = (
        asked.adds_up(question.text)
        or bool(_TOTAL_CLAIMED.search(normalise(core)))
        or any(_SUM.search(part) and not re.search(r"\d", part) and len(part) <= _SHORT for part in parts)
    )
    summed |= any(_EACH.search(part) and customer_message.general(part) for part in parts)
    papers = Aspect.PAPERS in asked.read(core).aspects
    return summed or ((first or papers) and customer_message.general(core))


def _of_everything(question: Question) -> bool:
    """Whether a question asks what there is for one at all: 看看能拿啥."""
    of_all = lexicon("questions")["of_all"]
    return any(of_all.search(normalise(part)) for part in re.split("[,，]", question.heading))


def _whole(question: Question) -> Item:
    return Item(question.text, question.text, question.heading, Outcome.ASSESS)


def _item(case: _Case, read: Description, chosen: ChosenClauses, stated: Collection[str]) -> Item:
    """A question with the clauses that may answer it; where several may, first one that the facts are ``stated`` of.

    What several figures are ``told`` for is meant where a question asks how much and names nothing that grants anything.
    """
    shelf, told, question, outcome = case.shelf, case.told, chosen.question, chosen.outcome
    best = chosen.clauses[0].clause if chosen.clauses else ""
    granting = shelf.policy.granting
    if told is not None and best not in granting and _is_of_series(told, question.text):
        clause = told.series.programme.clause
        return Item(question.text, chosen.text, question.heading, Outcome.ANSWERED, (clause,))
    of_firms = case.message.several_firms or (told is not None and told.series.kind is SeriesOf.FIRMS)
    if of_firms and _MERGED.search(question.text):
        clauses = tuple(stated) or tuple(hit.clause for hit in chosen.clauses if hit.clause != ASSESS)
        return Item(question.text, chosen.text, question.heading, Outcome.ANSWERED, clauses, firms=True)
    other = other_document(shelf.policy, question.text, case.message.body)
    if other and (ours := ours_beside(shelf, chosen, case.message.body)):
        return Item(question.text, chosen.text, question.heading, Outcome.ANSWERED, (ours,), other=other)
    if other:
        return Item(question.text, chosen.text, question.heading, Outcome.OUT_OF_SCOPE, other=other)
    if rule := _of_several(case, chosen, stated):
        others = (hit.clause for hit in chosen.clauses if hit.clause not in (ASSESS, rule))
        return Item(question.text, chosen.text, question.heading, Outcome.ANSWERED, (rule, *others))
    unnamed = outcome is Outcome.OUT_OF_SCOPE and _names_nothing(shelf, question.text)
    general = (unnamed or customer_message.general(question.text)) and not asks_anything(question.text)
    if general and len(stated) == 1 and not chosen.sure(SURE) and outcome is not Outcome.ASSESS:
        return Item(question.text, chosen.text, question.heading, Outcome.ANSWERED, tuple(stated))
    unsure = outcome in (Outcome.ANSWERED, Outcome.OFFERED) and not chosen.sure(SURE)
    unsure |= best not in granting and Aspect.PAPERS in asked.read(question.text).aspects
    if unsure and (named := named_clause(shelf, read, question.text)):
        others = (hit.clause for hit in chosen.clauses if hit.clause not in (ASSESS, named))
        return Item(question.text, chosen.text, question.heading, Outcome.ANSWERED, (named, *others))
    if outcome in (Outcome.OUT_OF_SCOPE, Outcome.ASSESS):
        return Item(question.text, chosen.text, question.heading, outcome, advice=chosen.advice)
    clauses = tuple(hit.clause for hit in chosen.clauses if hit.clause != ASSESS)
    if outcome is Outcome.OFFERED:
        clauses = tuple(sorted(clauses, key=lambda clause: clause not in stated))
    elif best in granting and best not in stated and not spoken(shelf, read)[best]:
        told = {*stated, matter(shelf, read)}
        told_of = [*sharing(shelf, read, question, stated)]
        told_of += [hit.clause for hit in chosen.clauses if hit.clause in told and hit.score >= _POSSIBLE]
        clauses = tuple(dict.fromkeys((*told_of, *clauses)))  # 设总部给多少, of a firm that told of its licence
    return Item(question.text, chosen.text, question.heading, outcome, clauses)


def _of_several(case: _Case, chosen: ChosenClauses, stated: Collection[str]) -> str | None:
    """The clause on several grants at once, where a question by itself is about that and two such grants are ``stated``."""
    policy, question = case.shelf.policy, chosen.question
    rule = policy.cumulation.clause if policy.cumulation else None
    if chosen.outcome is Outcome.OFFERED and Aspect.TOGETHER in asked.read(question.heading).aspects:
        return rule if any(hit.clause == rule for hit in chosen.clauses) else None  # 40万加60万都给不
    together = Aspect.TOGETHER in asked.read(question.heading).aspects and len(set(stated)) > 1
    plain = normalise(question.heading)
    if together and (_TWO_SUMS.search(plain) or len(of_levels(policy, normalise(question.text))) > 1):
        return rule
    by_itself = next(iter(case.shelf.find(question.heading).hits), None) if together else None
    return rule if by_itself and by_itself.clause == rule else None


def _noted(shelf: Shelf, chosen: ChosenClauses, item: Item) -> Item:
    """``item`` with what the office itself says to it, where it says something."""
    notes = notes_for(shelf, chosen)
    if not notes:
        return item
    return replace(item, notes=notes, **({} if item.clauses else {"outcome": Outcome.ANSWERED, "advice": ""}))


def _names_nothing(shelf: Shelf, text: str) -> bool:
    """Whether a question asks what is granted in words none of which the pack knows."""
    return asked.grants(text) and not shelf.compiled(Matters).named(text)


def _is_of_series(told: ToldSeries, text: str) -> bool:
    """Whether a question asks how much, or names one of those that figures are told for."""
    names = [part.label for part in told.series.parts]
    if told.series.kind is SeriesOf.FIRMS:
        names += [name[0] for name in names if _LETTER.match(name)]  # 乙那家
    return bool(_HOW_MUCH & asked.read(text).aspects) or any(name in text.upper() for name in names)


def _pending(shelf: Shelf, known: Known, description: Description, treated: Collection[str]) -> Iterator[Claim]:
    """The claims that fail because of what is said to be applied for and not granted yet; ``treated`` ones aside."""
    applied = named_in(each for each in description.pieces if is_pending(normalise(each.words)))
    told = [path for path in description.facts if "." in path]
    waiting = {path for path in told if (fact := shelf.policy.fact(path)).granted and fact.id in applied}
    for claim in known.assessment.claims:
        own = (each for each in claim.reasons if each.satisfied is False and is_own(shelf, each))
        if claim.id not in treated and any(each.fact in waiting for each in own):
            yield claim


def _is_based(claim: Claim, description: Description) -> bool:
    """Whether the figure is stated that ``claim`` pays a share of."""
    base = claim.programme.amount.fact
    return base is not None and claim_path(claim, base) in description.facts


def _relevant(shelf: Shelf, known: Known, description: Description) -> list[Claim]:
    """The claims that what is stated speaks for: eligible ones, those with a condition of their own not missed, and
    those of which the figure is stated that they are a share of.
    """

    def speaks(claim: Claim) -> bool:
        if claim.status is Status.ELIGIBLE or (claim.status is Status.UNDETERMINED and _is_based(claim, description)):
            return True
        return any(
            description.facts.keys() & {finding.fact, *finding.facts}
            and finding.satisfied is not False
            and is_own(shelf, finding)
            for finding in claim.reasons
        )

    return [claim for claim in known.assessment.claims if speaks(claim)]
