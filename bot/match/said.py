"""The summary of a policy over a table of firms: in words, and for other programs."""

from collections.abc import Iterator
from typing import Any

from bot.match.output import word_of
from bot.match.run import Matched
from conversations.saying.values import interval
from knowledge.policy import Policy
from rules.columns.summary import ProgrammeCost
from rules.values import Interval


def summary_json(policy: Policy, matched: Matched) -> dict[str, Any]:
    """The summary for other programs; money in yuan, as text; of what has no upper bound the most is null."""
    cost = matched.cost
    return {
        "policy": policy.id,
        "firms": cost.firms,
        "total": _interval(cost.total),
        "payable": _interval(cost.payable),
        "firms_without_upper_bound": cost.endless,
        "no_total": matched.no_total,
        "programmes": [_programme(one) for one in cost.programmes],
        "unsupported": matched.unsupported,
        "missing": [{"fact": fact, "settles": alone, "among": among} for fact, alone, among in cost.settling()],
        "bad_rows": [row._asdict() for row in matched.bad],
        "unused_columns": [*matched.unused],
        "written": None
        if matched.written is None
        else {"file": str(matched.written.file), "rows": matched.written.rows},
    }


def _programme(one: ProgrammeCost) -> dict[str, Any]:
    return {
        "programme": one.programme,
        "eligible": one.eligible,
        "ineligible": one.ineligible,
        "undetermined": one.undetermined,
        "cost": _interval(one.cost),
        "without_upper_bound": one.endless,
        "without_figure": one.no_figure,
    }


def _said(cost: Interval) -> str:
    return "没有上限" if cost.max is None and not cost.min else interval(cost)


def _interval(span: Interval | None) -> dict[str, str | None] | None:
    return None if span is None else {"min": f"{span.min:f}", "max": None if span.max is None else f"{span.max:f}"}


def summary_lines(policy: Policy, matched: Matched) -> Iterator[str]:
    """The summary for people."""
    cost = matched.cost
    labels = {programme.id: programme.label for programme in policy.programmes}
    yield f"{policy.name}：{cost.firms} 家企业"
    for one in cost.programmes:
        yield f"  {labels[one.programme]}：符合 {one.eligible}，不符合 {one.ineligible}，还不能确定 {one.undetermined}"
        if one.no_figure and one.cost.max == 0:
            yield f"    文件没有给具体数（{one.no_figure} 项）"
            continue
        more = [f"{one.endless} 项没有上限"] * bool(one.endless)
        more += [f"{one.no_figure} 项文件没有给具体数"] * bool(one.no_figure)
        yield f"    要花 {_said(one.cost)}" + (f"（{'、'.join(more)}）" if more else "")
    if cost.total is not None:
        more = f"（{cost.endless} 家没有上限）" if cost.endless else ""
        yield f"合计（就高不重复、封顶都算上）：{_said(cost.total)}{more}"
        if cost.payable is not None and cost.payable != cost.total:
            yield f"其中这一天能申报的：{_said(cost.payable)}"
    words = {fact.id: fact.label for fact in policy.facts} | {each.id: each.label for each in policy.subjects}
    settling = cost.settling()[:5]
    if settling:
        yield "先问哪一项最有用："
        yield from (
            f"  {word_of(words, fact)}：问清了，{alone} 项就能确定（{among} 项还缺它）"
            for fact, alone, among in settling
        )
