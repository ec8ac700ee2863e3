"""What stands behind a result, for who wants to know more: conditions and quotes, how sums are reckoned, caveats, next steps.

Renders from a case and its assessment alone; the result itself, which is short, is the business of ``results``.
"""

from collections.abc import Sequence

from conversations.saying.explanation import Explanation, caveats, explain_all
from conversations.saying.office_notes import of_claims, titled
from conversations.saying.pages import paged
from conversations.saying.totals import spoken_of
from conversations.saying.values import claim_amount, money
from conversations.state.session import Known
from conversations.state.shelf import Shelf
from knowledge.policy import Policy
from rules.assessment import Status

DISCLAIMER = "本结果按您自己的回答推算，不是审批结论。"
_SHORT = {"≥": "要满 {}", ">": "要超过 {}"}
"""Per condition that a figure can fall short of, what it asks for."""


def notes(shelf: Shelf, known: Known) -> list[str]:
    """Everything that there is to say on the result, as texts short enough for one reply each."""
    policy = shelf.policy
    spoken = {claim.id for claim in spoken_of(shelf, known)}
    claims = explain_all(shelf, known)
    due = [one for one in claims if one.status is Status.ELIGIBLE and not one.over]
    still_open = [one for one in claims if one.status is Status.UNDETERMINED and one.claim.id in spoken]
    parts = list(map(_eligible, due))
    if cumulated := _one_project(policy, known, claims):
        parts.append(cumulated)
    if still_open:
        parts.append("\n".join(["**还没定的**", *(_open(policy, one) for one in still_open)]))
    if missed := [line for one in claims if (line := _near_miss(one))]:
        parts.append("**差一点的**\n" + "\n".join(missed))
    ended = [one for one in claims if one.over and one.status is Status.ELIGIBLE]
    if ended:
        lines = [f"⌛ **{one.label}** — {one.later}（{one.citation}）" for one in ended]
        parts.append("\n".join(["**现在不能申报的**", *lines]))
    again = [one for one in claims if one.opens and one.status is not Status.INELIGIBLE]
    if due or still_open or again:
        steps = [f"{number}. {step}" for number, step in enumerate(policy.next_steps, 1)]
        parts.append("\n".join(["**下一步**", *steps]))
        parts += (
            [titled(policy, said)]
            if (said := of_claims(shelf, [one.claim for one in (*due, *still_open, *again)]))
            else []
        )
    notices = [f"⚠️ {text}" for text in caveats(policy, [one.claim for one in (*due, *still_open, *again)])]
    parts.append("\n".join(["**要留意的**", *notices, f"⚠️ {DISCLAIMER}"]))
    return paged(parts)


def asks(sign: str, demanded: str) -> str:
    """What a condition that a figure falls short of asks for: 要满 100 万元."""
    return _SHORT[sign].format(demanded)


def _eligible(one: Explanation) -> str:
    lines = [f"✅ **{one.label}** — **{one.amount}**"]
    if one.reckoned:
        lines.append(f"　{one.reckoned}")
    if one.met:
        lines.append(f"　符合的条件：{'；'.join(one.met)}")
    lines += [f"　{remark}" for remark in one.remarks]
    lines.append(f"　依据：{one.citation}“{one.quote}”")
    return "\n".join(lines)


def _open(policy: Policy, one: Explanation) -> str:
    lines = [f"❓ **{one.label}** — {one.amount}（{one.citation}）"]
    lines += [f"　{line}" for line in (one.way, *one.remarks) if line]
    if one.wanted:
        lines.append(f"　还差这几条，补上就能定：{'、'.join(one.wanted)}")
    lines += [
        f"　{point.told}：文件写的是“{point.finding.quote}”，算不算要由{policy.document(one.claim.id).lead}认定"
        for point in one.for_the_office
    ]
    return "\n".join(lines)


def _near_miss(one: Explanation) -> str:
    """A claim that fails by one condition only, with what the text says; empty for every other."""
    point = one.near_miss
    if point is None:
        return ""
    limit = point.limit
    where = f"（{one.citation}“{point.finding.quote}”）"
    if limit is None or not limit.upwards:
        return f"✖️ **{one.label}** — 差在“{point.label}”，{point.said or f'您答的是“{point.bare}”'}{where}"
    return f"✖️ **{one.label}** — {point.label}{asks(limit.sign, limit.demanded)}，{point.said or f'您说的是 {point.value}'}{where}"


def _one_project(policy: Policy, known: Known, claims: Sequence[Explanation]) -> str:
    """Who gives way to whom and why."""
    lines = [
        f"**{one.label}**（{claim_amount(one.claim)}）和**{one.gives_way.label}**"
        f"（{claim_amount(one.gives_way.to)}）是同一个项目，只给最高的一项。{over_years(one)}"
        for one in claims
        if one.gives_way is not None and not one.gives_way.quote
    ]
    limited = [
        f"“{one.gives_way.quote}”：领**{one.gives_way.label}**，**{one.label}**让位。"
        for one in claims
        if one.gives_way is not None and one.gives_way.quote
    ]
    if known.assessment.shared_open:
        lines.append("其中几项是不是同一个项目还没有定：是同一个就只给最高的一项，所以合计是一个范围。")
    rule = policy.cumulation
    if lines and rule is not None:
        lines = [f"**同一个项目只给一次**\n{policy.clause(rule.clause).citation}：“{rule.quote}”。", *lines]
    return "\n".join([*lines, *limited])


def over_years(one: Explanation) -> str:
    """What a yearly claim that gives way comes to over its years, beside the one that is paid; empty for every other."""
    way = one.gives_way
    if way is None or way.over_years is None:
        return ""
    verdict = "比它更多；文件没有写按一年比还是按几年比，请先问清再选" if way.outweighs else "仍不超过它"
    return f"若分 {one.claim.years_left} 年算，**{one.label}**合计可能达 {money(way.over_years)}，{verdict}。"
