"""A letter to a customer, and how it reads: greeting, answers with quotation and citation, the customer's own case, questions back, closing.

Three registers that say the same: as usual, more as one talks, more formally. Light markup only, nothing that is
meant for staff alone: the text goes to the customer as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from conversations.answering.questions import ClauseReply
from conversations.language.customer_message import CustomerMessage
from conversations.saying import answers
from conversations.saying.results import reckoning
from conversations.saying.values import (
    claim_amount,
    claim_label,
    claim_path,
    figure,
    interval,
    item_label,
    rests_on_approximate,
    value,
)
from conversations.state.outcome import Outcome
from conversations.state.session import Known, value_at
from conversations.state.shelf import Shelf
from knowledge.policy import Policy, Programme
from rules.amounts import ByLevel, Fixed, Share
from rules.assessment import Claim, Finding, Status
from rules.conditions import Threshold
from rules.values import Interval, Range


class Style(StrEnum):
    """A register."""

    USUAL = "usual"
    SPOKEN = "spoken"
    FORMAL = "formal"


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the customer (or several about one clause), answered.

    ``asked`` is the question, ``text`` the same with what was told before it, ``heading`` its core; ``clauses`` are those that may answer
    it, best first, ``chosen`` the place of the one that does; ``reply`` is None where the document says nothing:
    ``advice`` is then what to say. ``claims`` are the customer's own on the clause's programmes.
    """

    asked: str
    text: str
    heading: str
    outcome: Outcome
    clauses: tuple[str, ...] = ()
    chosen: int = 0
    reply: ClauseReply | None = None
    advice: str = ""
    claims: tuple[Claim, ...] = ()

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

    ``stated``: whether the message states facts; ``further`` are claims that were not asked about, ``evidence`` the
    customer's words by the path of a fact.
    """

    message: CustomerMessage
    items: tuple[Item, ...]
    known: Known
    evidence: Mapping[str, str]
    further: tuple[Claim, ...]
    asks: tuple[Ask, ...]
    text: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to answer: no question and no fact."""
        return not self.items and not self.evidence


@dataclass(frozen=True, slots=True)
class _Register:
    """The sentences in which registers differ; ``{}`` and names in braces are filled in."""

    greeting: str
    stranger: str
    number: str
    quote: str
    notice: str
    case: str
    met: str
    open: str
    open_bare: str
    short: str
    against: str
    office: str
    further: str
    yours: str
    below: str
    earlier: str
    later: str
    reckoned: str
    unanswered: str
    asks: str
    mentioned: str
    assess: str
    nothing: str
    once: str
    closing: str
    elsewhere: str


_REGISTERS = {
    Style.USUAL: _Register(
        greeting="{name}您好！",
        stranger="您好！",
        number="**{n}. {heading}**",
        quote="> {quote}\n（{source}）",
        notice="要留意：{text}",
        case="按您介绍的情况（{facts}），",
        met="这一项是**符合**的，金额是 {amount}。",
        open="这一项有希望：下面想请您确认的几条都满足的话，金额是 {amount}。",
        open_bare="能不能享受，要看下面想请您确认的几条；都满足的话，金额是 {amount}。",
        short="{said}，文件要求“{quote}”，{gap}，目前还**不符合**。",
        against="您提到“{said}”，文件要求“{quote}”，按这个情况目前**不符合**。",
        office="“{said}”算不算文件写的“{quote}”，要由{lead}认定。",
        further="**另外，按您介绍的情况，还有这些可以看看：**",
        yours="按您介绍的情况，可以看看这几项：",
        below="见下面按您介绍的情况列出来的几项。",
        earlier="您说的是往年的费用，往年的还能不能补报，请先向{lead}问清。",
        later="以后满足了可以再来对照。",
        reckoned="按您说的数算：",
        unanswered="这份文件（{number}）没有规定这件事，没法按它给您答复。",
        asks="为了帮您看准，还想请您告诉我们：",
        mentioned="（您提到“{words}”，请确认一下）",
        assess="这份文件里的扶持有：{programmes}。",
        nothing="想知道贵单位能享受哪几项，请告诉我们符合下面哪些情形：{options}。知道以后就能帮您算出大概有多少钱、要准备什么材料。",
        once="这几项如果是同一个项目，只按最高的一项给（{citation}：“{quote}”）。",
        closing="以上是按文件内容作的说明，具体以{lead}的申报通知为准。",
        elsewhere="想了解这份文件里的扶持政策，可以随时再问我们，也可以问{lead}。",
    ),
    Style.SPOKEN: _Register(
        greeting="{name}您好，您问的我帮您查了：",
        stranger="您好，您问的我帮您查了：",
        number="**{n}. 您问的“{heading}”**",
        quote="文件里的原话是：“{quote}”（{source}）",
        notice="有一点先跟您说一声：{text}",
        case="您说的情况我看了（{facts}），",
        met="这一项**够条件**，金额是 {amount}。",
        open="挺有希望的，下面几条要是也都满足，金额是 {amount}。",
        open_bare="能不能拿到，得看下面这几条；都满足的话，金额是 {amount}。",
        short="{said}，可文件要的是“{quote}”，{gap}，眼下还**不够条件**。",
        against="您说“{said}”，可文件要的是“{quote}”，所以眼下还**不够条件**。",
        office="“{said}”算不算文件里说的“{quote}”，得由{lead}来认定。",
        further="**还有，照您说的情况，这几项也可以看看：**",
        yours="照您说的情况，这几项可以看看：",
        below="您看下面列的这几项就行。",
        earlier="不过您说的是往年的钱，往年的还能不能补报，得先找{lead}问清楚。",
        later="往后够了再来对一下。",
        reckoned="照您说的数算一下：",
        unanswered="这件事这份文件（{number}）里没有写，我不好随便答您。",
        asks="另外想跟您核实一下：",
        mentioned="（您刚才说“{words}”，是这个意思吗）",
        assess="这份文件里的扶持有这些：{programmes}。",
        nothing="想看您那边能拿哪几项的话，先跟我说说符合下面哪些：{options}。说了就能帮您估个数，再看看要准备哪些材料。",
        once="这几项要是同一个项目，就只给最高的那一项（{citation}：“{quote}”）。",
        closing="大致就是这样，最后还是以{lead}发的申报通知为准，有不清楚的随时再问。",
        elsewhere="这份文件里的扶持政策，您想了解哪一项随时再问我，也可以直接问{lead}。",
    ),
    Style.FORMAL: _Register(
        greeting="{name}：\n您好！您咨询的事项，现答复如下：",
        stranger="您好！您咨询的事项，现答复如下：",
        number="**{n}. 关于“{heading}”**",
        quote="依据：{source}规定，“{quote}”。",
        notice="需要说明的是：{text}",
        case="根据您所述情况（{facts}），",
        met="贵单位**符合**该项规定，支持金额为：{amount}。",
        open="尚需核实下列事项；如均满足，支持金额为：{amount}。",
        open_bare="贵单位能否享受，尚需核实下列事项；如均满足，支持金额为：{amount}。",
        short="{said}，文件要求“{quote}”，{gap}，目前**不符合**该项规定。",
        against="您所述“{said}”，与文件要求的“{quote}”不一致，目前**不符合**该项规定。",
        office="“{said}”是否属于文件所称“{quote}”，须由{lead}认定。",
        further="**此外，根据您所述情况，下列事项也与贵单位有关：**",
        yours="根据您所述情况，下列事项与贵单位有关：",
        below="请见下文根据您所述情况列出的事项。",
        earlier="您所述为往年费用，能否补报，须向{lead}核实。",
        later="如后续满足条件，可另行申报。",
        reckoned="按所述金额测算：",
        unanswered="该事项在本文件（{number}）中未作规定，无法据此答复。",
        asks="为便于准确答复，请您补充说明：",
        mentioned="（来信提及“{words}”，请予确认）",
        assess="本文件规定的扶持事项包括：{programmes}。",
        nothing="为判断贵单位可享受的事项，请说明贵单位属于下列哪些情形：{options}。",
        once="上述事项如属同一项目，仅按额度最高的一项给予（{citation}：“{quote}”）。",
        closing="以上答复依据文件内容作出，不作为审批结论；具体条件、时间和材料，以{lead}的申报通知为准。",
        elsewhere="如需了解本文件规定的扶持事项，欢迎继续咨询，或向{lead}咨询。",
    ),
}

WELCOME = {
    Style.USUAL: "不客气，有别的问题随时联系我们。",
    Style.SPOKEN: "不客气，有事随时说。",
    Style.FORMAL: "您好！来信收悉，感谢您的关注。如有其他问题，欢迎随时咨询。",
}
_SENTENCE = re.compile(r"[^。]+。")
_STEP = re.compile(r"^(\d)\. ", re.MULTILINE)
_SIGN = re.compile(r"^[✅✖️]+ ")
_RECKONED = "按您说的数算："
_EARLIER = re.compile(r"去年|前年|往年|上一?年|早几年|前几年")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_SHORT = 24


def text_of(shelf: Shelf, drafted: Letter, style: Style) -> str:
    """The whole letter."""
    if drafted.empty:
        return WELCOME[style]
    words = _REGISTERS[style]
    policy = shelf.policy
    name = drafted.message.name
    parts = [words.greeting.format(name=name) if name else words.stranger]
    several = len(drafted.items) > 1
    for number, item in enumerate(drafted.items, 1):
        body = _item(shelf, drafted, item, words)
        parts.append(f"{words.number.format(n=number, heading=item.heading)}\n{body}" if several else body)
    if drafted.further:
        lines = [f"• {_case(shelf, drafted, claim, words, named=True)}" for claim in drafted.further]
        only = all(item.outcome is Outcome.ASSESS for item in drafted.items)
        parts.append("\n".join([words.yours if only else words.further, *lines]))
    if _one_project(policy, drafted):
        rule = policy.cumulation
        parts.append(words.once.format(citation=policy.clause(rule.clause).citation, quote=rule.quote))
    if drafted.asks:
        lines = [
            f"• {ask.question}{words.mentioned.format(words=ask.mentioned) if ask.mentioned else ''}"
            for ask in drafted.asks
        ]
        parts.append("\n".join([words.asks, *lines]))
    answered = drafted.further or any(item.outcome is not Outcome.OUT_OF_SCOPE for item in drafted.items)
    parts.append((words.closing if answered else words.elsewhere).format(lead=policy.lead))
    return "\n\n".join(part for part in parts if part)


def _item(shelf: Shelf, drafted: Letter, item: Item, words: _Register) -> str:
    policy = shelf.policy
    if item.outcome is Outcome.ASSESS:
        if drafted.further:
            return words.below if len(drafted.items) > 1 else ""
        programmes = "、".join(programme.label for programme in policy.programmes)
        options = "、".join(option.label for option in policy.screening.options)
        return "\n".join([words.assess.format(programmes=programmes), words.nothing.format(options=options)])
    if item.reply is None:
        return whom(policy, item.advice) or words.unanswered.format(number=policy.number)
    reply = item.reply
    cases = [_case(shelf, drafted, claim, words, reckoned=_reckoned(drafted, item, claim)) for claim in item.claims]
    asked = [programme for programme in policy.programmes if programme.quote in reply.quotes]
    summaries = reply.summaries or tuple(programme.summary for programme in asked)
    lines = [*map(answers.emphasised, summaries)]
    if not any(_figures_known(drafted, claim) for claim in item.claims):
        lines += [_SIGN.sub("", line).replace(_RECKONED, words.reckoned) for line in reply.figures]
        if reply.figures and _EARLIER.search(item.text) and any(_of_this_year(policy, each) for each in asked):
            lines.append(words.earlier.format(lead=policy.lead))
    points = [*reply.points, *reply.advice]
    lines += [point for point in points if "\n" not in point and not _said(point, cases)]
    lines += cases
    source = reply.source.removeprefix("依据：")
    quotes = [_one_line(quote) for quote in reply.quotes]
    lines += [words.quote.format(quote=quote.rstrip("。"), source=source) for quote in quotes] or [f"（{source}）"]
    if not item.claims or any(claim.status is not Status.INELIGIBLE for claim in item.claims):
        lines += [words.notice.format(text=text) for text in reply.notices]
    lines += [_STEP.sub(r"（\1）", point) for point in points if "\n" in point and point != answers.WHICH]
    return "\n".join(dict.fromkeys(line for line in lines if line != answers.WHICH))


def _of_this_year(policy: Policy, programme: Programme) -> bool:
    """Whether the programme pays for what was spent in the current year."""
    rule = programme.amount
    return programme.period == "year" and isinstance(rule, Share) and "今年" in policy.fact(rule.fact).question


def _said(point: str, cases: list[str]) -> bool:
    """Whether a short point names no figure that the customer's own case does not name anyway."""
    figures = _BOLD.findall(point)
    return bool(figures) and len(point) <= _SHORT and all(any(f in case for case in cases) for f in figures)


def whom(policy: Policy, advice: str) -> str:
    """What of the pack's ``advice`` a letter may say: that the document does not tell, and whom to ask.

    Without what the bot says of itself; empty where it says nothing else, or is none of the pack's.
    """
    if all(kind.advice != advice for kind in policy.questions.unanswered):
        return ""
    sentences = [sentence.partition("，我")[0].rstrip("。") for sentence in _SENTENCE.findall(advice)]
    return "".join(f"{sentence}。" for sentence in sentences if sentence.startswith(("这份文件", "可以问")))


def _reckoned(drafted: Letter, item: Item, claim: Claim) -> str:
    """The amount that follows from the figures in a question, where the case itself has none; else nothing."""
    if item.reply is None or len(item.claims) > 1 or _figures_known(drafted, claim):
        return ""
    return next((_BOLD.findall(line)[-1] for line in item.reply.figures if _RECKONED in line), "")


def _case(
    shelf: Shelf, drafted: Letter, claim: Claim, words: _Register, named: bool = False, reckoned: str = ""
) -> str:
    """What the customer's own case comes to for one programme; ``reckoned`` is the amount where it is told already."""
    policy, known = shelf.policy, drafted.known
    about = rests_on_approximate(claim, known.approximate)
    head = ""
    if named:
        citation = policy.clause(claim.programme.clause).citation
        head = f"**{claim_label(policy, known.case, claim)}**（{citation}“{claim.programme.amount.quote}”）："
    elif claim.index is not None and len(known.case.items[claim.programme.subject] or ()) > 1:
        head = f"**{item_label(policy, known.case, claim.programme.subject, claim.index)}**："
    failed = [finding for finding in claim.reasons if finding.satisfied is False]
    if claim.status is Status.INELIGIBLE:
        return head + "".join(_against(shelf, drafted, finding, words) for finding in failed[:2])
    unknown = claim.amount is not None and claim.amount.max is None
    amount = "暂时估不出来" if unknown else f"**{reckoned or _amount(known, claim, about)}**"
    sums = "" if reckoned else reckoning(shelf, known, claim, about)
    details = [amount, *(["一次性"] if claim.period == "once" and not unknown else [])]
    details += [f"最多还可连续 {claim.years_left} 年"] if claim.years_left else []
    method = f"算法：{sums}。" if sums else ""
    told = "；".join(dict.fromkeys(said for finding in claim.reasons if (said := _told(shelf, drafted, finding))))
    case = words.case.format(facts=told) if told else ""
    if claim.status is Status.ELIGIBLE:
        return head + case + words.met.format(amount="，".join(details)) + method
    office = [f for f in claim.reasons if f.satisfied is None and f.actual is not None and f.fact not in claim.missing]
    decided = "".join(
        words.office.format(said=_told(shelf, drafted, f, True), quote=f.quote, lead=policy.lead) for f in office
    )
    if not claim.missing:
        return head + decided
    template = words.open if told else words.open_bare
    return head + case + template.format(amount="，".join(details)) + method + decided


def _amount(known: Known, claim: Claim, about: bool) -> str:
    """What the claim comes to if it holds: exactly, where only conditions are still open."""
    rule, amount = claim.programme.amount, claim.amount
    base = value_at(known.case, claim_path(claim, rule.fact)) if isinstance(rule, Share | ByLevel) else None
    certain = isinstance(rule, Fixed) or (base is not None and not isinstance(base, Range))
    if amount is None or amount.max is None or not certain:
        return claim_amount(claim, about)
    return interval(Interval(amount.max, amount.max), about, claim.period == "year")


def _against(shelf: Shelf, drafted: Letter, finding: Finding, words: _Register) -> str:
    """A condition that the customer's case does not meet, with the gap where it is a figure."""
    condition = finding.condition
    fact = shelf.policy.fact(finding.fact)
    if isinstance(condition, Threshold) and isinstance(finding.actual, Decimal | Range):
        about = finding.fact in drafted.known.approximate
        said = f"{fact.label} {value(fact, finding.actual, about)}"
        upwards = condition.signs[0] in "≥>"
        gap = "没有达到" if upwards else "已经超过"
        if isinstance(finding.actual, Decimal) and upwards:
            short = condition.value - finding.actual
            gap = f"还差 {figure(fact, short)}" if short else f"正好 {figure(fact, condition.value)} 不算超过"
        return words.short.format(said=said, quote=finding.quote, gap=gap) + (words.later if upwards else "")
    said = drafted.evidence.get(finding.fact) or _told(shelf, drafted, finding, True)
    return words.against.format(said=said, quote=finding.quote) + words.later


def _told(shelf: Shelf, drafted: Letter, finding: Finding, whatever: bool = False) -> str:
    """What the message states of a finding's fact, in the policy's words; only what speaks for it, or ``whatever``."""
    if finding.actual is None or isinstance(finding.actual, tuple) or (finding.satisfied is not True and not whatever):
        return ""
    fact = shelf.policy.fact(finding.fact)
    if isinstance(finding.actual, bool):
        return fact.label if finding.actual else f"{fact.label}：不是"
    shown = value(fact, finding.actual, finding.fact in drafted.known.approximate)
    return shown if whatever and fact.type == "choice" else f"{fact.label}：{shown}"


def _figures_known(drafted: Letter, claim: Claim) -> bool:
    """Whether the customer's own case has the figures of a claim, so that those in the question need no word more."""
    amount = claim.programme.amount
    if isinstance(amount, Share) and value_at(drafted.known.case, claim_path(claim, amount.fact)) is not None:
        return True
    return any(isinstance(f.condition, Threshold) and f.actual is not None for f in claim.reasons)


def _one_project(policy: Policy, drafted: Letter) -> bool:
    """Whether two of the claims that the letter speaks of may be one project, of which only the highest is paid."""
    claims = [*drafted.further, *(claim for item in drafted.items for claim in item.claims)]
    pooled = [c for c in claims if c.programme.id in policy.cumulation.pooled and c.status is not Status.INELIGIBLE]
    answered = any(item.clause == policy.cumulation.clause for item in drafted.items)
    return len(pooled) > 1 and drafted.known.case.same_project is None and not answered


def _one_line(quote: str) -> str:
    return "".join(line.strip() for line in quote.splitlines())
