"""A letter to a customer, and how it reads: greeting, answers with quotation and citation, the customer's own case, questions back, closing.

Light markup only, nothing that is meant for staff alone: the text goes to the customer as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter

from conversations.answering import asked, registers
from conversations.answering.asked import Aspect, capped, of_another, uncovered, unfounded
from conversations.answering.questions import ClauseReply
from conversations.answering.registers import Register
from conversations.answering.series import Series, SeriesOf
from conversations.answering.series import firms as told_firms
from conversations.answering.silence import beside
from conversations.language.customer_message import CustomerMessage
from conversations.language.text import normalise
from conversations.saying import answers, office_notes
from conversations.saying.explanation import Explanation, Point, within_reach
from conversations.saying.report import checklist
from conversations.saying.totals import can_be_paid, sum_of, together
from conversations.saying.values import fact_path, interval, money
from conversations.state.office_notes import NoteKind, OfficeNote, chosen, full
from conversations.state.outcome import Outcome
from conversations.state.session import Known
from conversations.state.shelf import Shelf
from knowledge.patterns import regex
from knowledge.policy import Policy, Programme
from rules.assessment import Claim, Status


class Style(StrEnum):
    """A register."""

    USUAL = "usual"
    SPOKEN = "spoken"
    FORMAL = "formal"


REGISTERS = {Style.USUAL: registers.USUAL, Style.SPOKEN: registers.SPOKEN, Style.FORMAL: registers.FORMAL}


@dataclass(frozen=True, slots=True)
class ToldSeries:
    """What figures told one by one come to, ``claim`` the programme's on the case that holds one of them at most.

    ``summed``: the customer asks for the sum.
    """

    series: Series
    claim: Explanation
    summed: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the customer (or several about one clause), answered.

    ``asked`` is the question, ``text`` the same with what was told before it, ``heading`` its core; ``clauses`` are those that may answer
    it, best first, ``chosen`` the place of the one that does; ``reply`` is None where the document says nothing:
    ``advice`` is then what to say, ``other`` the number of another document that is asked about. ``claims`` are the
    customer's own on the clause's programmes, ``series`` what several figures told for one of them come to, and
    ``highest`` which of the programmes asked about is paid where they are for one project, ``notes`` what the office itself says to it. ``firms``: it asks whether several
    firms may apply as one.
    """

    asked: str
    text: str
    heading: str
    outcome: Outcome
    clauses: tuple[str, ...] = ()
    chosen: int = 0
    reply: ClauseReply | None = None
    advice: str = ""
    other: str = ""
    claims: tuple[Explanation, ...] = ()
    series: ToldSeries | None = None
    highest: tuple[str, ...] = ()
    notes: tuple[OfficeNote, ...] = ()
    firms: bool = False

    @property
    def clause(self) -> str | None:
        return self.clauses[self.chosen] if self.clauses else None

    @property
    def sure(self) -> bool:
        """Whether staff need not look twice: answered, and by no choice of theirs."""
        return self.outcome in (Outcome.ANSWERED, Outcome.ASSESS)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question put back to the customer; ``mentioned`` are their words that seem to touch it."""

    question: str
    mentioned: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to send on (``text``, light markup) with what it is made of.

    ``further`` are claims that were not asked about, ``evidence`` the customer's words by the path of a fact.
    """

    message: CustomerMessage
    items: tuple[Item, ...]
    known: Known
    evidence: Mapping[str, str]
    further: tuple[Explanation, ...]
    asks: tuple[Ask, ...]
    text: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to answer: no question, and no fact but where somebody thanks."""
        return not (self.items or (self.evidence and not self.message.thanks) or self.message.angry)


_STEP = regex(r"^(\d)\. ", re.MULTILINE)
_LISTED = regex(r"^（\d）|^☐|材料：$|惯例推定")
_SOURCE = regex(r"^（(?!\d）)|^> ")
_FAILS = regex(r"^✖️|，不算。$")
_ROUGH = regex("^✖️ 约")
_SIGN = regex(r"^[✅✖️]+ ")
_RECKONED = "按您说的数算："
EARLIER = regex(r"去年|前年|往年|上一?年|早几年|前几年")
_BOLD = regex(r"\*\*(.+?)\*\*")
_UNKNOWN = "暂时还算不出来"
_UNTOLD = regex(f"(?:是 |为：){_UNKNOWN}")
_QUOTES = regex("[“”‘’\"'「」]")
_SHORT = 24
JOINED = "；"
"""Between the headings of questions that are answered together."""
_LAST = 10_000
"""A place behind all that is asked."""


def text_of(shelf: Shelf, drafted: Letter, style: Style) -> str:
    """The whole letter."""
    words = REGISTERS[style]
    if drafted.empty:
        return words.welcome
    policy = shelf.policy
    name = drafted.message.name
    parts = [words.greeting.format(name=name) if name else words.stranger]
    parts += [words.upset] if drafted.message.angry else []
    parts += [words.firms] if drafted.message.several_firms and not any(item.firms for item in drafted.items) else []
    several = len(drafted.items) > 1
    said: set[str] = set()
    for number, item in enumerate(drafted.items, 1):
        body = _unsaid(_item(shelf, drafted, item, words), said)
        head = words.number.format(n=number, heading=item.heading) if several and item.heading else ""
        parts.append(f"{head}\n{body}".strip())
    if drafted.further and not any(item.outcome is Outcome.ASSESS for item in drafted.items):
        parts.append("\n".join([words.further.format(you=policy.you), *_further(shelf, drafted, words)]))
    parts += _untold_firms(shelf, drafted, words)
    if (rule := policy.cumulation) and _one_project(policy, drafted):
        parts += [words.once.format(citation=policy.clause(rule.clause).citation, quote=rule.quote)]
    if drafted.asks:
        lines = [
            f"• {ask.question}{words.mentioned.format(words=ask.mentioned) if ask.mentioned else ''}"
            for ask in drafted.asks
        ]
        parts.append("\n".join([words.asks, *lines]))
    parts.append(office_notes.titled(policy, _to_apply(shelf, drafted)))
    answered = drafted.further or any(item.outcome is not Outcome.OUT_OF_SCOPE for item in drafted.items)
    parts.append((words.closing if answered else words.elsewhere).format(lead=policy.lead))
    return "\n\n".join(part for part in parts if part)


def _unsaid(body: str, said: set[str]) -> str:
    """``body`` without the steps and papers that an answer before it has ``said``; never nothing but where it stands."""
    lines = body.splitlines()
    fresh = [line for line in lines if line not in said or not _LISTED.search(line)]
    said.update(lines)
    return "\n".join(fresh) if any(not _SOURCE.match(line) for line in fresh) else body


def _to_apply(shelf: Shelf, drafted: Letter) -> list[OfficeNote]:
    """What the office says of when, where and with whom one applies for what the letter speaks of, as far as it is not told."""
    told = {note for item in drafted.items for note in item.notes}
    clauses = {one.claim.programme.clause for one in drafted.further if one.status is not Status.INELIGIBLE}
    clauses |= {item.clause for item in drafted.items if item.clause is not None and item.outcome is Outcome.ANSWERED}
    granted = clauses & {programme.clause for programme in shelf.policy.programmes}
    if not granted:
        return []
    kinds = (NoteKind.WINDOW, NoteKind.PERSON, NoteKind.PHONE, NoteKind.ADDRESS)
    notes = chosen(shelf.notes, kinds, {full(shelf.policy, clause) for clause in granted})
    return [note for note in notes if note not in told]


def _further(shelf: Shelf, drafted: Letter, words: Register) -> list[str]:
    """The claims that were not asked about one by one, and what all of them come to together."""
    lines = [f"• {_listed(shelf, drafted, one, words)}" for one in drafted.further]
    told = {one.claim.id: one.claim for item in drafted.items for one in item.claims}
    told |= {one.claim.id: one.claim for one in drafted.further}
    due = [
        claim for claim in told.values() if claim.status is not Status.INELIGIBLE and can_be_paid(drafted.known, claim)
    ]
    if len(due) < 2 or drafted.message.several_firms:
        return lines
    return [*lines, words.total.format(sum=_added(due) + _sum(shelf, drafted, due))]


def _untold_firms(shelf: Shelf, drafted: Letter, words: Register) -> Iterator[str]:
    """Each of several firms of which nothing is told that the letter speaks of."""
    if not (drafted.message.several_firms and drafted.evidence):
        return
    series = {part.label[0] for item in drafted.items if item.series for part in item.series.series.parts}
    own = [normalise(said) for path, said in drafted.evidence.items() if shelf.users[fact_path(path)] == 1]
    answered = "".join(normalise(item.asked) for item in drafted.items if item.reply)
    for firm, told in told_firms(drafted.message.body).items():
        if firm[0] not in series and told not in answered and not any(said in told for said in own):
            yield words.untold_firm.format(firm=firm, told=re.split("[,，]", told)[0])


def _added(due: Sequence[Claim]) -> str:
    """The addition in words, where all is exact and paid alike; else nothing."""
    amounts = [claim.amount for claim in due if claim.amount is not None and claim.superseded_by is None]
    exact = [money(each.max) for each in amounts if each.max is not None and each.min == each.max]
    alike = len({claim.period for claim in due}) == 1
    return f"{' + '.join(exact)} = " if alike and len(exact) == len(due) else ""


def _sum(shelf: Shelf, drafted: Letter, due: Sequence[Claim]) -> str:
    """What ``due`` come to: in one sum, and apart where some is paid every year and some once."""
    total, apart = interval(together(shelf, drafted.known, due)), sum_of(shelf, drafted.known, due)
    return apart if "＋" not in apart else f"{total}（{apart}）"


def _assessed(shelf: Shelf, drafted: Letter, item: Item, words: Register) -> str:
    """The customer's own case against all programmes, with the papers where they are asked for."""
    lines = [words.yours.format(you=shelf.policy.you)] if drafted.further else []
    lines += _further(shelf, drafted, words)
    claims = [one.claim for one in drafted.further if one.status is not Status.INELIGIBLE]
    if Aspect.PAPERS in asked.read(item.text).aspects and claims:
        needed = [paper for paper, _ in checklist(shelf.policy, claims)]
        lines.append(answers.papers(words.papers, needed))
    return "\n".join(lines)


def _item(shelf: Shelf, drafted: Letter, item: Item, words: Register) -> str:
    policy = shelf.policy
    number = "、".join(each.name for each in policy.documents)
    if item.outcome is Outcome.ASSESS:
        if told := _assessed(shelf, drafted, item, words):
            return told
        cited = ((each.label, policy.clause(each.clause).citation or "") for each in policy.programmes)
        programmes = "、".join(f"{label}（{citation}）" for label, citation in cited)
        return "\n".join([words.assess.format(programmes=programmes), words.nothing.format(you=policy.you)])
    if item.firms:
        return words.firms
    if item.other and item.reply is None:
        return words.other.format(other=item.other, number=number)
    if item.reply is None and item.notes:
        return office_notes.titled(policy, item.notes)
    if item.reply is None:
        said, told = asked.rumour(item.asked), answers.whom(policy, item.advice)
        lines = [words.rumour.format(said=said)] if said else []
        parts = "、".join(f"“{part}”" for part in item.heading.split(JOINED)[len(lines) :])
        if told or parts:
            several = f"{parts}：" if told and not said and len(drafted.items) == 1 and JOINED in item.heading else ""
            lines.append(
                several + told if told else words.unanswered.format(asked=parts, number=number, lead=policy.lead)
            )
        return "\n".join(lines)
    reply = item.reply
    fails = any(_FAILS.search(line) for line in reply.figures)
    cases = [_case(shelf, drafted, one, words, item) for one in item.claims if not fails or _decided(item)]
    cases += _one_by_one(item.series, words, policy.lead) if item.series else []
    points = [*reply.points, *reply.advice]
    short = {point: reply.places.get(point, _LAST) for point in (*reply.remarks, *points) if "\n" not in point}
    short = {point: at for point, at in short.items() if point in reply.remarks or not _said(point, cases)}
    if _decided(item):  # what is told decides by itself
        short = {point: at for point, at in short.items() if at != asked.BESIDE}
    granted, told = _answer(shelf, item, reply, words, fails)
    first, later = ([p for p, at in short.items() if (at < 0) is early] for early in (True, False))
    lines = [
        *([office_notes.titled(policy, item.notes)] if item.notes else []),
        *(point for point in first if point in reply.remarks and short[point] == asked.FIRST),
        *granted,
        *(point for point, at in told if at < 0),
        *(point for point in first if point not in reply.remarks or short[point] == asked.BESIDE),
        *cases,
        *(
            point for point, _ in sorted([*((each, short[each]) for each in later), *told], key=itemgetter(1))
        ),  # as asked
        *([words.other.format(other=item.other, number=number)] if item.other else []),
        *item.highest,
        *_quoted(reply, words),
    ]
    if not item.claims or any(one.status is not Status.INELIGIBLE for one in item.claims):
        lines += [words.notice.format(text=text) for text in reply.notices]
    lines += [_STEP.sub(r"（\1）", point) for point in points if "\n" in point and point != answers.WHICH]
    return "\n".join(dict.fromkeys(line for line in lines if line != answers.WHICH))


def _answer(
    shelf: Shelf, item: Item, reply: ClauseReply, words: Register, fails: bool
) -> tuple[list[str], list[tuple[str, int]]]:
    """What the clause grants, and what follows from the figures in the question (``fails``: not enough) where the case has none.

    Apart from it, each with its place in what is asked: what the clause leaves open.
    """
    policy = shelf.policy
    granted = [programme for programme in policy.programmes if programme.quote in reply.quotes]
    lines = list(map(answers.emphasised, reply.summaries or tuple(programme.summary for programme in granted)))
    if lines and (said := unfounded(policy, granted, item.text)):
        lines.insert(0, words.premise.format(said=said))
    elif most := next(filter(None, (capped(each, item.asked) for each in granted)), ""):
        lines.insert(0, words.capped.format(most=most))
    told: list[tuple[str, int]] = []
    if other := of_another(policy, granted, asked.read(item.text, item.asked)):
        label, citation = other[1].label, policy.clause(other[1].clause).citation
        told.append((words.of_another.format(said=other[0], label=label, citation=citation), asked.FIRST))
    if granted and not reply.remarks and (what := uncovered(policy, item.asked)):
        told.append((words.uncovered.format(what=what), item.asked.find(what)))
    falls_short = reply.doubted or (item.series is None and (_decided(item) or fails))
    told += beside(shelf, item.asked, reply, granted, words, falls_short) if item.heading else ()
    figured = any(one.figured for one in item.claims)
    failing = fails and not _decided(item)
    if item.series is None and (failing or not figured):
        lines += [_SIGN.sub("", line).replace(_RECKONED, words.reckoned) for line in reply.figures]
        lines += [words.fails] if failing and not any(_ROUGH.search(line) for line in reply.figures) else []
        if reply.figures and EARLIER.search(item.text) and any(_of_this_year(policy, each) for each in granted):
            lines.append(words.earlier.format(lead=policy.lead))
    return lines, told


def _decided(item: Item) -> bool:
    """Whether the customer's own case says by itself that a condition is not met."""
    return any(one.status is Status.INELIGIBLE for one in item.claims)


def _quoted(reply: ClauseReply, words: Register) -> list[str]:
    """The text word for word, with where it stands."""
    source = reply.source.removeprefix("依据：")
    quotes = ["".join(line.strip() for line in quote.splitlines()) for quote in reply.quotes]
    return [words.quote.format(quote=quote.rstrip("。"), source=source) for quote in quotes] or [f"（{source}）"]


def _of_this_year(policy: Policy, programme: Programme) -> bool:
    """Whether the programme pays for what was spent in the current year."""
    base = programme.amount.fact
    return programme.period == "year" and base is not None and policy.fact(base).reads.period == "this_year"


def _said(point: str, cases: list[str]) -> bool:
    """Whether a short point names no figure that the customer's own case does not name anyway."""
    figures = _BOLD.findall(point)
    return bool(figures) and len(point) <= _SHORT and all(any(f in case for case in cases) for f in figures)


def _reckoned(item: Item, one: Explanation) -> str:
    """The amount that follows from the figures in a question, where the case itself has none; else nothing."""
    if item.reply is None or len(item.claims) > 1 or one.figured:
        return ""
    return next((_BOLD.findall(line)[-1] for line in item.reply.figures if _RECKONED in line), "")


def _listed(shelf: Shelf, drafted: Letter, one: Explanation, words: Register) -> str:
    """What was not asked about by itself: what it is and where it stands, what it comes to and how, short."""
    head = f"**{one.label}**（{one.citation}“{one.quote}”）："
    settled = one.status is Status.ELIGIBLE or (one.status is Status.UNDETERMINED and one.claim.missing)
    if not settled or one.over:
        return head + _case(shelf, drafted, one, words)
    method = f"算法：{one.reckoned}。" if one.reckoned else ""
    told = words.listed_by.format(facts="；".join(one.met)) if one.met else ""
    shape = words.listed_met if one.status is Status.ELIGIBLE else words.listed_open
    remarks = "".join(f"{remark}。" for remark in one.remarks)
    return head + _with_amount(shape, one, shelf.policy) + method + told + remarks


def _one_by_one(told: ToldSeries, words: Register, lead: str) -> list[str]:
    """What each of several figures comes to, and their sum where it is asked for."""
    one, series = told.claim, told.series
    whose = (SeriesOf.THINGS, SeriesOf.FIRMS)  # which of them what is known is of is not sure
    told_of = one.points if series.kind not in whose else ()
    facts = [point.told for point in told_of if point.finding.satisfied and not _is_base(one, point)]
    head = words.case.format(facts="；".join(facts)) if any(facts) else ""
    lines = [head + words.each, *(f"• {part.label}：{part.how}。" for part in series.parts)]
    summed = told.summed and series.added
    lines += [words.either.format(lead=lead)] if series.kind is SeriesOf.EITHER else []
    return [*lines, words.each_sum.format(sum=series.added)] if summed else lines


def _is_base(one: Explanation, point: Point) -> bool:
    return point.fact is not None and point.fact.id == one.claim.programme.amount.fact


def _case(shelf: Shelf, drafted: Letter, one: Explanation, words: Register, item: Item | None = None) -> str:
    """What the customer's own case comes to for one programme; ``item`` is the question that is asked of it, if any.

    Where what is asked of may not count nothing is promised.
    """
    policy = shelf.policy
    reckoned = _reckoned(item, one) if item else ""
    doubted = item is not None and item.reply is not None and item.reply.doubted
    left_open = item is not None and item.reply is not None and item.reply.open
    head = f"**{one.item}**：" if one.item and item is not None else ""
    told = words.case.format(facts="；".join(one.met)) if one.met else ""
    if left_open and one.failed and not one.met and not any(point.limit for point in one.failed):
        return ""
    if left_open and one.met and not any(point.limit for point in one.failed):
        reach = within_reach(shelf, drafted.known, one) if one.failed else one.figured and one.amount_if_met
        if_so = words.if_so.format(amount=f"**{reach}**") if reach else ""
        return head + words.doubted.format(facts="；".join(one.met)) + if_so
    if one.status is Status.INELIGIBLE:
        reach = within_reach(shelf, drafted.known, one) if one.near_miss is not None else ""
        against = "".join(_against(drafted, point, words, reach) for point in one.failed[:2])
        rest = words.rest.format(facts="；".join(one.met)) if one.met else ""
        return head + against + rest
    method = f"算法：{one.reckoned}。" if one.reckoned and not reckoned else ""
    method += "".join(f"{remark}。" for remark in one.remarks)
    if one.over:
        return head + told + f"不过{one.over}，现在不能申报。"
    if doubted:
        if_so = (
            words.if_so.format(amount=_amount(one, reckoned)) if one.figured and one.status is Status.ELIGIBLE else ""
        )
        return head + words.doubted.format(facts="；".join(one.met)) + if_so if one.met else ""
    if one.status is Status.ELIGIBLE:
        return head + told + _with_amount(words.met, one, policy, reckoned) + method
    decided = "".join(
        words.office.format(said=_bare(point), quote=point.finding.quote, lead=policy.document(one.claim.id).lead)
        for point in one.for_the_office
    )
    if not one.claim.missing:
        return head + decided
    shape = words.open if told else words.open_bare
    return head + told + _with_amount(shape, one, policy, reckoned) + method + decided


def _with_amount(shape: str, one: Explanation, policy: Policy, reckoned: str = "") -> str:
    """``shape`` with what the claim comes to; that it cannot be told yet is no amount."""
    said = shape.format(you=policy.you, amount=_amount(one, reckoned))
    return _UNTOLD.sub(_UNKNOWN, said)


def _amount(one: Explanation, reckoned: str) -> str:
    """What the claim comes to if it holds, with how often it is paid."""
    claim = one.claim
    unknown = claim.amount is not None and claim.amount.max is None
    details = [_UNKNOWN if unknown else f"**{reckoned or one.amount_if_met}**"]
    details += ["一次性"] if answers.once(claim.programme) and not unknown else []
    details += [f"最多还可连续 {claim.years_left} 年"] if claim.years_left else []
    return "，".join(details)


def _against(drafted: Letter, point: Point, words: Register, reach: str) -> str:
    """A condition that the customer's case does not meet, with the gap where it is a figure.

    ``reach`` is what it would come to if it did, where that is known.
    """
    later = words.would.format(amount=f"**{reach}**") if reach else words.later
    limit, quote = point.limit, point.finding.quote
    if limit is None:
        said = _QUOTES.sub("", drafted.evidence.get(point.finding.fact or "") or _bare(point))
        said = said if said.count("《") == said.count("》") else re.sub("[《》]", "", said)
        return words.against.format(said=said, quote=quote) + later
    if not limit.upwards:
        return words.beyond.format(said=f"{point.label}：{point.value}", quote=quote)
    if limit.missing is None:
        gap = "没有达到"
    else:
        gap = f"还差 {limit.missing}" if limit.missing else f"正好 {limit.demanded} 不算超过"
    short = words.short.format(said=f"{point.label} {point.value}", quote=quote, gap=gap)
    return short + later


def _bare(point: Point) -> str:
    """What is known, without its label where it says what it is itself: a choice."""
    return point.value if point.fact is not None and point.fact.type == "choice" else point.told


def _one_project(policy: Policy, drafted: Letter) -> bool:
    """Whether two of the claims, or of the programmes asked about together, that the letter speaks of may be one project, of which only the highest is paid."""
    claims = [one.claim for one in (*drafted.further, *(one for item in drafted.items for one in item.claims))]
    pooled = [c.programme.id for c in claims if c.programme.id in policy.pooled and c.status is not Status.INELIGIBLE]
    if any(Aspect.TOGETHER in asked.read(item.asked).aspects for item in drafted.items):  # of what is not told as well
        quotes = [quote for item in drafted.items if item.reply for quote in item.reply.quotes]
        named = (each.id for each in policy.programmes if each.id in policy.pooled and each.quote in quotes)
        pooled = list(dict.fromkeys((*pooled, *named)))
    answered = any(policy.cumulation and item.clause == policy.cumulation.clause for item in drafted.items)
    return len(pooled) > 1 and drafted.known.case.same_project is None and not answered
