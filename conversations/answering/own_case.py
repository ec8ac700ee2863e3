"""What the customer's own case comes to, as a letter says it: whether conditions are met, the amount, what is wanting.

Words what was decided; nothing is promised of what may not count.
"""

from __future__ import annotations

import re

from conversations.answering.letter_parts import Item, Letter, ToldSeries
from conversations.answering.registers import Register
from conversations.answering.series_told import EACH, IF_SO, NOW, SeriesOf
from conversations.saying import answers
from conversations.saying.explanation import Explanation, Point, within_reach
from conversations.state.shelf import Shelf
from knowledge.patterns import regex
from knowledge.policy import Policy
from rules.assessment import Status

RECKONED = "按您说的数算："
BOLD = regex(r"\*\*(.+?)\*\*")
_UNKNOWN = "暂时还算不出来"
_UNTOLD = regex(f"(?:是 |为：){_UNKNOWN}")
_UNPRICED = regex(r"(?:支持)?金额(?:是 |为：)")
"""Before what is left to somebody to decide, which is no amount."""
_QUOTES = regex("[“”‘’\"'「」]")


def _reckoned(item: Item, one: Explanation) -> str:
    """The amount that follows from the figures in a question, where the case itself has none; else nothing."""
    if item.reply is None or len(item.claims) > 1 or one.figured:
        return ""
    return next((BOLD.findall(line)[-1] for line in item.reply.figures if RECKONED in line), "")


def listed(shelf: Shelf, drafted: Letter, one: Explanation, words: Register) -> str:
    """What was not asked about by itself: what it is and where it stands, what it comes to and how, short."""
    head = f"**{one.label}**（{one.citation}“{one.quote}”）："
    settled = one.status is Status.ELIGIBLE or (one.status is Status.UNDETERMINED and one.claim.missing)
    if not settled or one.over:
        return head + own_case(shelf, drafted, one, words)
    method = f"算法：{one.reckoned}。" if one.reckoned else ""
    told = words.listed_by.format(facts="；".join(one.met)) if one.met else ""
    shape = words.listed_met if one.status is Status.ELIGIBLE else words.listed_open
    remarks = "".join(f"{remark}。" for remark in one.remarks)
    return head + _with_amount(shape, one, shelf.policy) + method + told + remarks


def one_by_one(told: ToldSeries, words: Register, lead: str) -> list[str]:
    """What each of several figures comes to, and their sum where it is asked for."""
    one, series = told.claim, told.series
    whose = (SeriesOf.THINGS, SeriesOf.FIRMS)  # which of them what is known is of is not sure
    told_of = one.points if series.kind not in whose else ()
    facts = [point.told for point in told_of if point.finding.satisfied and not _is_base(one, point)]
    head = words.case.format(facts="；".join(facts)) if any(facts) else ""
    named = series.kind is not SeriesOf.SUPPOSED or series.parts[0].label in (NOW, IF_SO)
    lines = [head + words.each, *(f"• {part.label + '：' if named else ''}{part.how}。" for part in series.parts)]
    summed = told.summed and series.added and not series.parts[0].label.startswith(EACH)
    lines += [words.either.format(lead=lead)] if series.kind is SeriesOf.EITHER else []
    return [*lines, words.each_sum.format(sum=series.added)] if summed else lines


def _is_base(one: Explanation, point: Point) -> bool:
    return point.fact is not None and point.fact.id == one.claim.programme.amount.fact


def own_case(shelf: Shelf, drafted: Letter, one: Explanation, words: Register, item: Item | None = None) -> str:
    """What the customer's own case comes to for one programme; ``item`` is the question that is asked of it, if any.

    Where what is asked of may not count nothing is promised.
    """
    policy = shelf.policy
    reckoned = _reckoned(item, one) if item else ""
    reply = item.reply if item else None
    left_open = reply is not None and reply.open
    head = f"**{one.item}**：" if one.item and item is not None else ""
    told = words.case.format(facts="；".join(one.met)) if one.met else ""
    if left_open and one.failed and not one.met and not any(point.limit for point in one.failed):
        return ""
    if left_open and one.met and not any(point.limit for point in one.failed):
        reach = within_reach(shelf, drafted.known, one) if one.failed else one.figured and one.amount_if_met
        if_so = words.if_so.format(amount=f"**{reach}**") if reach else ""
        return head + words.doubted.format(facts="；".join(one.met)) + if_so
    if one.status is Status.INELIGIBLE:
        return head + _failing(shelf, drafted, one, words)
    method = f"算法：{one.reckoned}。" if one.reckoned and not reckoned else ""
    method += "".join(f"{remark}。" for remark in one.remarks)
    if one.over:
        return head + told + f"不过{one.over}，现在不能申报。"
    if reply is not None and reply.decided and not reply.open:  # the pack's word decides: 外地注册的不符合
        return head + words.would.format(amount=_amount(one, reckoned)) if one.figured else ""
    if reply is not None and reply.doubted:
        sure = one.figured and one.status is Status.ELIGIBLE
        if_so = words.if_so.format(amount=_amount(one, reckoned)) if sure else ""
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


def _failing(shelf: Shelf, drafted: Letter, one: Explanation, words: Register) -> str:
    """What the customer's case does not meet, and what it does; what it would come to once it did, where that is known."""
    reach = within_reach(shelf, drafted.known, one) if one.near_miss is not None else ""
    against = "".join(_against(drafted, point, words) for point in one.failed[:2])
    if any(point.limit is None or point.limit.upwards for point in one.failed[:2]):
        against += words.would.format(amount=f"**{reach}**") if reach else words.later
    return against + (words.rest.format(facts="；".join(one.met)) if one.met else "")


def _with_amount(shape: str, one: Explanation, policy: Policy, reckoned: str = "") -> str:
    """``shape`` with what the claim comes to; that it cannot be told yet is no amount."""
    said = shape.format(you=policy.you, amount=_amount(one, reckoned))
    return _UNPRICED.sub("", said) if one.claim.amount is None else _UNTOLD.sub(_UNKNOWN, said)


def _amount(one: Explanation, reckoned: str) -> str:
    """What the claim comes to if it holds, with how often it is paid."""
    claim = one.claim
    unknown = claim.amount is not None and claim.amount.max is None
    if reckoned and claim.period == "year" and "每年" not in reckoned:
        reckoned = f"每年{reckoned}" if reckoned.startswith("约") else f"每年 {reckoned}"
    details = [_UNKNOWN if unknown else f"**{reckoned or one.amount_if_met}**"]
    details += ["一次性"] if answers.ONCE in claim.programme.quote and not unknown else []
    details += [f"最多还可连续 {claim.years_left} 年"] if claim.years_left else []
    return "，".join(details)


def _against(drafted: Letter, point: Point, words: Register) -> str:
    """A condition that the customer's case does not meet, with the gap where it is a figure."""
    limit, quote = point.limit, point.finding.quote
    if limit is None:
        said = _QUOTES.sub("", drafted.evidence.get(point.finding.fact or "") or _bare(point))
        said = said if said.count("《") == said.count("》") else re.sub("[《》]", "", said)
        return words.against.format(said=said, quote=quote)
    if not limit.upwards:
        return words.beyond.format(said=f"{point.label}：{point.value}", quote=quote)
    if limit.missing is None:
        gap = "没有达到"
    else:
        gap = f"还差 {limit.missing}" if limit.missing else f"正好 {limit.demanded}，不算“超过”"
    return words.short.format(said=f"{point.label} {point.value}", quote=quote, gap=gap)


def _bare(point: Point) -> str:
    """What is known, without its label where it says what it is itself: a choice."""
    return point.value if point.fact is not None and point.fact.type == "choice" else point.told
