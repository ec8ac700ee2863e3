"""A second opinion on the rules: claims, limits, totals and days, over ``second_opinion_terms``.

``opinion(sheet, case)`` says of a case what the format's examples say: of each claim its status and amount, its fields,
and of the whole the totals. It may know nothing of the engine."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import inf
from typing import Any

from tests.rules.second_opinion_figures import (
    NOTHING,
    Json,
    Stretch,
    Truth,
    days,
    each_end,
    later,
    minus,
    number,
    plus,
    times,
)
from tests.rules.second_opinion_terms import Award, Outlook, programmes

Money = Mapping[str, Stretch]


@dataclass(frozen=True)
class Standing:
    """A claim: what it comes to, and what is said of it."""

    ident: str
    programme: Json
    index: int | None
    status: str
    award: Award
    call: str | None
    superseded_by: str | None = None

    @property
    def money(self) -> Stretch:
        return self.award.money or NOTHING


@dataclass(frozen=True)
class Bound:
    """One limit over claims; a cap takes all of them together."""

    kind: str
    groups: tuple[tuple[str, ...], ...]
    cap: Stretch = NOTHING

    @property
    def claims(self) -> set[str]:
        return {ident for group in self.groups for ident in group}

    def on(self, sums: Sequence[Stretch]) -> Stretch:
        return each_end(min, [plus(sums), self.cap]) if self.kind == "cap" else each_end(max, sums)


def opinion(sheet: Json, case: Json) -> dict[str, object]:
    view = Outlook(sheet, case)
    policy = sheet.get("policy", {})
    claims = [claim for one in programmes(sheet) for claim in standings(view, policy, one)]
    found: dict[str, object] = {}
    for claim in claims:
        money = claim.award.money
        found[claim.ident] = [claim.status, *(ends(money) if money else [None])]
        found[f"{claim.ident}.no_figure"] = claim.award.bare
        found[f"{claim.ident}.payout"] = payout(claim)
        found[f"{claim.ident}.call"] = claim.call
        found[f"{claim.ident}.superseded_by"] = superseded_by(view, policy, claims, claim)
    force, undecided = in_force(view, policy)
    found["in_force"] = force
    paid = {claim.ident: payable(claim, force, undecided) for claim in claims}
    found["total"] = ends(total(view, policy, claims, {claim.ident: claim.money for claim in claims}))
    found["payable"] = ends(total(view, policy, claims, paid))
    return found


def ends(money: Stretch) -> list[Fraction | None]:
    return [Fraction(money.low), None if money.high == inf else Fraction(money.high)]


# Claims


def standings(view: Outlook, policy: Json, programme: Json) -> list[Standing]:
    subject, ident = programme.get("subject", "enterprise"), programme["id"]
    if subject == "enterprise":
        return [standing(view, policy, programme, ident)]
    items = view.case.get(subject)
    if not items:
        there = view.at(subject, {})
        return [standing(there, policy, programme, ident, settled=None if items is None else False)]
    return [
        standing(view.at(subject, item), policy, programme, f"{ident}:{index}", index)
        for index, item in enumerate(items)
    ]


def standing(
    view: Outlook, policy: Json, programme: Json, ident: str, index: int | None = None, settled: Truth = True
) -> Standing:
    """One claim; ``settled`` is false for an empty list, and none for one of which nothing is known."""
    conditions = [*programme.get("conditions", []), *required(policy, programme["id"])]
    holds = False if settled is False else view.all_of(conditions)
    status = "ineligible" if holds is False else "eligible" if holds and settled else "undetermined"
    award = view.award(programme.get("amount", 1))
    bare = never_a_figure(programme.get("amount", 1))
    if bare and status != "eligible":
        award = Award(None, True)
    elif status == "ineligible":
        award = Award(NOTHING, False)
    elif status == "undetermined":
        award = Award(award.money and Stretch(Fraction(0), award.money.high), None if award.bare else award.bare)
    if award.money and any(concerns(one, programme["id"]) for one in pro_rata(policy)):
        award = replace(award, money=Stretch(Fraction(0), award.money.high))
    return Standing(ident, programme, index, status, award, called(view, policy, programme["id"]))


def required(policy: Json, ident: str) -> list[Json]:
    return [one["condition"] for one in policy.get("requires", []) if concerns(one, ident)]


def concerns(entry: Json, ident: str) -> bool:
    return ident in entry.get("programmes", [ident]) and ident not in entry.get("except", [])


def pro_rata(policy: Json) -> list[Json]:
    return [one for one in policy.get("selection", []) if one["kind"] == "pro_rata"]


def never_a_figure(amount: Any) -> bool:
    """Whether no part of an amount, as written, has a figure; that nothing is paid where none applies is no part."""
    if not isinstance(amount, Mapping):
        return False
    match amount["kind"]:
        case "no_figure":
            return "at_least" not in amount
        case "sum":
            parts = amount["amounts"]
        case "by_level":
            parts = amount["levels"].values()
        case "bands":
            parts = [band.get("amount", 0) for band in amount["bands"]]
        case "table":
            parts = [
                *(row["amount"] for row in amount["rows"]),
                *([amount["otherwise"]] if "otherwise" in amount else []),
            ]
        case _:
            return False
    return all(never_a_figure(part) for part in parts)


def payout(claim: Standing) -> list[list[Fraction | None]] | None:
    written, money = claim.programme.get("payout"), claim.award.money
    if written is None or money is None:
        return None
    if "times" in written:
        return [ends(Stretch(Fraction(0), money.high))] * written["times"]
    parts = [number(part) for part in written.get("shares", written.get("amounts"))]
    return [ends(times(money, Stretch(part / sum(parts), part / sum(parts)))) for part in parts]


# Limits


def bounds(view: Outlook, policy: Json, claims: Sequence[Standing]) -> list[Bound]:
    found: list[Bound] = []
    for limit in policy.get("limits", []):
        groups = [[one] if isinstance(one, str) else one for one in limit["of"]]
        named = [claim for claim in claims if any(claim.programme["id"] in group for group in groups)]
        if limit.get("per") == "item":
            indexes = sorted({claim.index for claim in named}, key=lambda index: -1 if index is None else index)
        else:
            indexes = [None]
        for index in indexes:
            there = [claim for claim in named if limit.get("per") != "item" or claim.index == index]
            parts = [
                tuple(claim.ident for name in group for claim in there if claim.programme["id"] == name)
                for group in groups
            ]
            found.append(Bound(limit["kind"], tuple(parts), capped(view, limit, there, index)))
    return found


def capped(view: Outlook, limit: Json, claims: Sequence[Standing], index: int | None) -> Stretch:
    if limit["kind"] != "cap":
        return NOTHING
    if limit.get("per") == "item":
        subject = claims[0].programme["subject"]
        view = view.at(subject, {} if index is None else view.case[subject][index])
    amount = view.figure(limit["amount"])
    less = view.term(limit["less"]) if "less" in limit else NOTHING
    if isinstance(less, str):
        less = NOTHING
    return each_end(max, [minus(amount, less), NOTHING])


def one_projects(policy: Json, claims: Sequence[Standing]) -> list[set[str]]:
    """Claims that always concern one project: those of the same item."""
    found: list[set[str]] = []
    for group in policy["cumulation"].get("one_project", []):
        named = [claim for claim in claims if claim.programme["id"] in group]
        found += [{claim.ident for claim in named if claim.index == index} for index in {one.index for one in named}]
    return found


def projects(policy: Json, claims: Sequence[Standing], groups: Iterable[Iterable[str]]) -> list[Bound]:
    merged: list[set[str]] = []
    for group in [*one_projects(policy, claims), *(set(group) for group in groups)]:
        shared = [other for other in merged if other & group]
        merged = [other for other in merged if not other & group] + [group.union(*shared)]
    order = [claim.ident for claim in claims]
    return [
        Bound("highest", tuple((ident,) for ident in order if ident in group)) for group in merged if len(group) > 1
    ]


def total(view: Outlook, policy: Json, claims: Sequence[Standing], money: Money) -> Stretch:
    rest = bounds(view, policy, claims)
    if "cumulation" not in policy:
        return under(rest, money)
    same = view.case.get("same_project")
    if same is not None:
        return under([*projects(policy, claims, same), *rest], money)
    pooled = policy["cumulation"].get("pooled", [])
    all_one = [claim.ident for claim in claims if claim.programme["id"] in pooled]
    least = under([*projects(policy, claims, [all_one]), *rest], money)
    return Stretch(least.low, under([*projects(policy, claims, []), *rest], money).high)


def under(limits: Sequence[Bound], money: Money) -> Stretch:
    left, sums = list(limits), list[Stretch]()
    alone = set(money)
    while left:
        linked, left = [left[0]], left[1:]
        while more := [limit for limit in left if any(limit.claims & other.claims for other in linked)]:
            linked, left = linked + more, [limit for limit in left if limit not in more]
        linked = [limit for limit in limits if limit in linked]
        touched = set[str]().union(*(limit.claims for limit in linked))
        alone -= touched
        sums.append(component(linked, {ident: money[ident] for ident in money if ident in touched}))
    return plus([*sums, *(money[ident] for ident in alone)])


def component(limits: Sequence[Bound], money: Money) -> Stretch:
    """Limits that share claims: nested ones from within; else exactly, or between bounds."""
    blocks = [({ident}, value) for ident, value in money.items()]
    for limit in limits:
        groups = [limit.claims] if limit.kind == "cap" else [set(group) for group in limit.groups]
        inside = [block for block in blocks if block[0] & limit.claims]
        if not all(any(block[0] <= group for group in groups) for block in inside):
            return one_by_one(limits, money) if settled(limits, money) else between(limits, money)
        sums = [plus(value for members, value in inside if members <= group) for group in groups]
        blocks = [block for block in blocks if block not in inside] + [(limit.claims, limit.on(sums))]
    return plus(value for _, value in blocks)


def settled(limits: Sequence[Bound], money: Money) -> bool:
    return all(value.exact for value in [*money.values(), *(limit.cap for limit in limits)])


def one_by_one(limits: Sequence[Bound], money: Money) -> Stretch:
    left = {ident: value.low for ident, value in money.items()}
    for limit in limits:
        if limit.kind == "cap":
            beyond = sum(left[ident] for ident in limit.claims) - limit.cap.low
            for ident in reversed([ident for ident in left if ident in limit.claims]):
                taken = max(Fraction(0), min(beyond, left[ident]))
                left[ident], beyond = left[ident] - taken, beyond - taken
            continue
        sums = [sum(left[ident] for ident in group) for group in limit.groups]
        first = sums.index(max(sums))
        for place, group in enumerate(limit.groups):
            left.update({ident: Fraction(0) for ident in group if place != first})
    return Stretch(sum(left.values()), sum(left.values()))


def between(limits: Sequence[Bound], money: Money) -> Stretch:
    sure = max(certain(limits, {ident}, value.low, frozenset(), money) for ident, value in money.items())
    least = min([sure, *(one.cap.low for one in limits if one.kind == "cap")])
    most = [most_from(limit, limits, money) for limit in limits]
    return Stretch(least, min(most))


def certain(limits: Sequence[Bound], held: set[str], amount: Any, out: frozenset[str], money: Money) -> Any:
    """What is left in all where ``held`` come to ``amount`` together and ``out`` to nothing: the worst way it may go."""
    if not limits:
        return amount
    limit, rest = limits[0], limits[1:]
    bound = limit.claims - out
    if not held & bound:
        return certain(rest, held, amount, out, money)

    def most(idents: Iterable[str]) -> Any:
        return sum(money[ident].high for ident in idents)

    if limit.kind == "cap":
        order = [*money]
        last = max(order.index(ident) for ident in held & bound)
        first = {ident for ident in bound if order.index(ident) <= last}
        if most(first) <= limit.cap.low:
            return certain(rest, held, amount, out, money)
        return certain(rest, held | first, min(amount, limit.cap.low), out, money)
    shared = sorted(most(set(group) & held) for group in limit.groups if set(group) & held - out)
    pieces = [
        (amount - sum(shared[:full])) / (len(shared) - full) for full in range(len(shared)) if inf not in shared[:full]
    ]
    amount = max(pieces)
    if held - bound:
        return certain(rest, held | bound, amount, out, money)
    winners = [set(group) - out for group in limit.groups]
    return min(
        certain(rest, group, amount, out | (bound - group), money)
        for group in winners
        if group and most(group) >= amount
    )


def most_from(begun: Bound, limits: Sequence[Bound], money: Money) -> Any:
    taken = [begun]
    for limit in limits:
        if not any(limit.claims & other.claims for other in taken):
            taken.append(limit)
    covered = set[str]().union(*(limit.claims for limit in taken))
    tops = [limit.on([plus(money[ident] for ident in group) for group in limit.groups]).high for limit in taken]
    return sum([*tops, *(value.high for ident, value in money.items() if ident not in covered)])


def superseded_by(view: Outlook, policy: Json, claims: Sequence[Standing], claim: Standing) -> str | None:
    """Whom the claim gives way to, by the first limit that says so."""
    if claim.status != "eligible" or claim.award.money is None or not claim.money.exact:
        return None
    limits = bounds(view, policy, claims)
    if "cumulation" in policy:
        limits = [*projects(policy, claims, view.case.get("same_project") or []), *limits]
    by_name = {other.ident: other for other in claims}
    for limit in limits:
        if limit.kind != "highest" or claim.ident not in limit.claims:
            continue
        leaders = [
            [by_name[one] for one in group if by_name[one].status == "eligible" and by_name[one].award.money]
            for group in limit.groups
        ]
        able = [group for group in leaders if group]
        leading = max(able, key=lambda group: sum(one.money.low for one in group))
        if claim not in leading:
            return leading[0].ident
    return None


# Days


def in_force(view: Outlook, policy: Json) -> tuple[Truth, bool]:
    """Whether the document is in force; and whether the day would decide it, and is not known."""
    valid = policy.get("valid")
    if valid is None:
        return None, False
    start = days(valid["from"])[0] if "from" in valid else -inf
    stops = [days(valid["until"])[1]] if "until" in valid else []
    if "for" in valid:
        stops.append(int(later(start, valid["for"])) - 1)
    if "repealed" in valid:
        stops.append(days(valid["repealed"])[0] - 1)
    inside = within(view.day(), start, min([inf, *stops]))
    return (None if inside and not stops else inside), inside is None


def within(day: Stretch, first: float, last: float) -> Truth:
    if first <= day.low and day.high <= last:
        return True
    return False if day.high < first or day.low > last else None


def called(view: Outlook, policy: Json, ident: str) -> str | None:
    calls = [call for call in policy.get("calls", []) if concerns(call, ident)]
    if not calls:
        return None
    open_now = [
        within(
            view.day(),
            days(call["from"])[0] if "from" in call else -inf,
            days(call["to"])[1] if "to" in call else inf,
        )
        for call in calls
    ]
    return "open" if True in open_now else "unknown" if None in open_now else "closed"


def payable(claim: Standing, force: Truth, undecided: bool) -> Stretch:
    if force is False or claim.call == "closed":
        return NOTHING
    return Stretch(Fraction(0), claim.money.high) if undecided or claim.call == "unknown" else claim.money
