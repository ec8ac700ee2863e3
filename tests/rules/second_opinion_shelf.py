"""A second opinion on a shelf: the case taken apart, and what several policies come to together, by the format's text.

Sheets by the ids of their policies; a sheet with ``across`` has the rule on other documents. Written from section 8 of
the format before the engine's own; knows nothing of the engine."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

from tests.rules.second_opinion import Standing, ends, in_force, payable, standings, total
from tests.rules.second_opinion_figures import End, Json, Stretch
from tests.rules.second_opinion_terms import Outlook, programmes


@dataclass(frozen=True)
class Together:
    """What a shelf comes to."""

    combined: list[Fraction | None]
    may_overlap: bool


def apart(sheets: Mapping[str, Json], case: Json, shared: Collection[str]) -> dict[str, Json]:
    """The plain case of each policy: what is shared and of use to it from the top, the rest from under its id."""
    return {policy: _plain(sheet, case, case.get(policy) or {}, shared) for policy, sheet in sheets.items()}


def _plain(sheet: Json, case: Json, own: Json, shared: Collection[str]) -> Json:
    found: dict[str, Any] = {"on": case["on"]} if case.get("on") is not None else {}
    if own.get("same_project") is not None:
        found["same_project"] = own["same_project"]
    for subject in dict.fromkeys(ident.split(".")[0] for ident in sheet["facts"]):
        usable = {
            ident.split(".")[1] for ident in sheet["facts"] if ident in shared and ident.startswith(f"{subject}.")
        }
        above, below = (case.get(subject) if usable else None), own.get(subject)
        if subject == "enterprise":
            found[subject] = _merged(above or {}, below or {}, usable)
        elif above is None and below is None:
            continue
        else:
            things = above if above is not None else [{}] * len(below or ())
            others = below if below is not None else [{}] * len(things)
            found[subject] = [_merged(one, other, usable) for one, other in zip(things, others, strict=True)]
    return found


def _merged(above: Json, below: Json, usable: Collection[str]) -> Json:
    return {**{name: value for name, value in above.items() if name in usable}, **below}


def together(sheets: Mapping[str, Json], case: Json, shared: Collection[str]) -> Together:
    """The sum of what is payable; and where a policy has the rule, with the claims that may be one matter."""
    plain = apart(sheets, case, shared)
    sums: list[Stretch] = []
    claims: dict[str, Stretch] = {}
    for policy, sheet in sheets.items():
        each, whole = _payable(sheet, plain[policy])
        claims |= {f"{policy}/{ident}": money for ident, money in each.items()}
        sums.append(whole)
    low, high = _plus(one.low for one in sums), _plus(one.high for one in sums)
    largest = max(one.low for one in sums)
    same = case.get("same_matter")
    if not any(sheet.get("across") for sheet in sheets.values()):
        return Together(ends(Stretch(low, high)), False)
    if same is None:
        return Together(ends(Stretch(largest, high)), True)
    open_still = False
    for group in filter(None, same):
        lows, highs = [claims[name].low for name in group], [claims[name].high for name in group]
        if any(_limited(sheets, name) for name in group):
            open_still = True
            continue
        low -= _plus(lows) - max(lows)
        if high != inf:
            high -= _plus(highs) - max(highs)
    return Together(ends(Stretch(largest if open_still else low, high)), open_still)


def _plus(figures: Iterable[End]) -> End:
    return sum(figures, Fraction(0))


def _payable(sheet: Json, case: Json) -> tuple[dict[str, Stretch], Stretch]:
    """What can be paid of each claim of one policy on the day, and of all of them."""
    view, policy = Outlook(sheet, case), sheet.get("policy", {})
    claims: list[Standing] = [claim for one in programmes(sheet) for claim in standings(view, policy, one)]
    force, undecided = in_force(view, policy)
    paid = {claim.ident: payable(claim, force, undecided) for claim in claims}
    return paid, total(view, policy, claims, paid)


def _limited(sheets: Mapping[str, Json], name: str) -> bool:
    """Whether a claim stands in a limit of its policy, or in its rule on one project."""
    policy, _, claim = name.partition("/")
    written, programme = sheets[policy].get("policy", {}), claim.partition(":")[0]
    named: list[Any] = [limit["of"] for limit in written.get("limits", [])]
    rule = written.get("cumulation") or {}
    named += [rule.get("pooled", []), rule.get("one_project", [])]
    return programme in _names(named)


def _names(written: Any) -> set[str]:
    return {written} if isinstance(written, str) else set().union(*(_names(part) for part in written))
