"""What a document says of several programmes, in words: instalments, who is paid, joint limits, calls, selection, validity.

Renders from the rules, a claim and the day; no sum is reckoned here.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from conversations.saying.values import day, days, interval, money
from knowledge.policy import Policy
from rules.assessment import Claim, Status
from rules.dates import Dates
from rules.programme import Cap, Exclusive, Highest, Limit, Payout
from rules.spans import Truth
from rules.terms import plain
from rules.validity import days_of, windows
from rules.values import Interval

_ZH = "一二三四五六七八九十"


def remarks(policy: Policy, claim: Claim, on: Dates | None) -> Iterator[str]:
    """What else is to be known of an award that may be paid, one sentence each; ``on`` is the day."""
    if claim.status is Status.INELIGIBLE:
        return
    programme = claim.programme
    if claim.no_figure and claim.amount is not None:
        yield "另有一部分文件没有给出数额，由主管部门定"
    elif claim.no_figure is None:
        yield "其中一档文件没有给出数额，由主管部门定"
    if programme.payout is not None:
        yield _instalments(programme.payout, claim.payout)
    if programme.payee is not None:
        yield f"付给{programme.payee}"
    for limit in policy.limits:
        if programme.id in limit.programmes and (said := _limited(policy, limit, programme.id)):
            yield said
    for one in policy.selection:
        if one.concerns(programme.id):
            word = "符合条件不等于一定给" if one.kind == "review" else "实际发放可能少于这个数"
            yield f"{word}：“{one.quote}”"
    if claim.call == "open" and (last := _open_until(policy, claim, on)):
        yield f"申报截止到 {day(last)}"


def over(policy: Policy, in_force: Truth, claim: Claim, on: Dates | None) -> str:
    """Since when a programme can no more be applied for, or that it cannot yet; empty where it can."""
    if in_force is False and (said := standing(policy, on)):
        return said
    if claim.call != "closed":
        return ""
    if (first := opens(policy, claim, on)) is not None:
        return f"现在不在申报期，{day(first)}开始"
    today = on.last if on is not None else None
    ended = [last for _, last in _windows(policy, claim, on) if last is not None and today and last < today]
    return f"申报已经截止（{day(max(ended))}）" if ended else "现在不在申报期内"


def used_up(policy: Policy, claim: Claim) -> str:
    """That what was received already leaves nothing of a joint limit."""
    caps = [limit for limit in policy.limits if isinstance(limit, Cap) and claim.programme.id in limit.programmes]
    (cap,) = caps if len(caps) == 1 else (None,)
    most = f" {money(cap.amount)}" if cap is not None and isinstance(cap.amount, Decimal) else ""
    return f"合计{most}的上限已经领满"


def opens(policy: Policy, claim: Claim, on: Dates | None) -> date | None:
    """The next day from which a programme can be applied for, within the document's days; None where it can, or never will."""
    today = on.last if on is not None else None
    if claim.call != "closed" or today is None:
        return None
    until = days_of(policy.valid)[1] if policy.valid is not None else None
    firsts = [first for first, _ in _windows(policy, claim, on) if first is not None and first > today]
    coming = min(firsts, default=None)
    return None if coming is None or (until is not None and coming > until) else coming


def _open_until(policy: Policy, claim: Claim, on: Dates | None) -> date | None:
    """The last day of the call that is open."""
    today = on.last if on is not None else None
    running = [
        last
        for first, last in _windows(policy, claim, on)
        if last is not None and today is not None and (first is None or first <= today) and today <= last
    ]
    return max(running, default=None)


def _windows(policy: Policy, claim: Claim, on: Dates | None) -> list[tuple[date | None, date | None]]:
    """The times at which a programme can be applied for."""
    concerned = [call for call in policy.calls if not call.programmes or claim.programme.id in call.programmes]
    return [window for call in concerned for window in windows(call, on)]


def standing(policy: Policy, on: Dates | None) -> str:
    """That the document is no more in force, or not yet, and since when; empty where that is not known."""
    if policy.valid is None or on is None or on.last is None:
        return ""
    first, last = days_of(policy.valid)
    repealed = policy.valid.repealed
    if isinstance(repealed, Dates) and repealed.first is not None and on.last >= repealed.first:
        return f"文件已经废止（{days(repealed)}起）"
    if last is not None and on.last > last:
        return f"文件已经失效（有效期到 {day(last)}）"
    return f"文件还没有生效（{day(first)}起施行）" if first is not None and on.last < first else ""


def limit_between(policy: Policy, claim: Claim, leader: Claim) -> Highest | None:
    """The limit by which only the higher of the two is paid, where it is not the document's rule on one project."""
    both = {claim.programme.id, leader.programme.id}
    if both <= {*policy.pooled, *(programme for group in policy.one_project for programme in group)}:
        return None
    highest = (limit for limit in policy.limits if isinstance(limit, Highest))
    return next((limit for limit in highest if both <= {*limit.programmes}), None)


def paid_once(policies: Iterable[Policy]) -> tuple[str, str] | None:
    """Which document pays one matter once only, by whatever document, and its words; None where none does."""
    return next(((each.name, each.across.quote) for each in policies if each.across), None)


def validity(policy: Policy) -> str:
    """Until when the document is in force; empty where it does not say."""
    last: date | None = days_of(policy.valid)[1] if policy.valid is not None else None
    return f"文件有效期到 {day(last)}" if last is not None else ""


def _instalments(payout: Payout, parts: tuple[Interval, ...] | None) -> str:
    """分 3 年拨付：4 万元、3 万元、3 万元."""
    count = payout.times or len(payout.shares or payout.amounts)
    head = f"分 {count} {'年' if payout.by == 'year' else '次'}拨付"
    if payout.times is not None:
        return f"{head}，每次多少文件没有写"
    if parts is not None and all(part.max is not None and part.min == part.max > 0 for part in parts):
        said = [interval(part) for part in parts]
    elif payout.shares:
        said = [f"{plain(share * 100)}%" for share in payout.shares]
    else:
        said = list(map(money, payout.amounts))
    names = payout.at or tuple(f"第{_ZH[place]}年" for place in range(count)) if count <= len(_ZH) else ()
    if payout.by == "milestone" and not payout.at:
        names = ()
    return f"{head}：" + "、".join(
        f"{name} {each}".strip() for name, each in zip(names or [""] * count, said, strict=True)
    )


def _limited(policy: Policy, limit: Limit, programme: str) -> str:
    """与引客奖合计不超过 20 万元."""
    group = next((group for group in limit.of if programme in group), ())
    others = [each for each in limit.programmes if each != programme and (isinstance(limit, Cap) or each not in group)]
    named = "、".join(policy.programme(each).label for each in others)
    where = policy.clause(limit.clause).citation if limit.clause else None
    cited = f"（{where}）" if where else ""
    if isinstance(limit, Cap):
        most = money(limit.amount) if isinstance(limit.amount, Decimal) else "文件规定的上限"
        each = "每一项" if limit.per else ""
        return f"{each}{f'与{named}' if named else ''}合计不超过 {most}{cited}"
    return "" if isinstance(limit, Exclusive) or not named else f"与{named}只给最高的一项{cited}"
