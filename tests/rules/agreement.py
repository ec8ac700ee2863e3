"""What the engine and the second opinion say of a case, in one form, and where they differ."""

import json
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

from rules.assessment import Assessment, Rulebook
from rules.case import Case
from tests.rules.second_opinion import opinion
from tests.rules.support_format import Json, come_out


def read(book: Rulebook, case: Json) -> Case:
    """A case as YAML gives it; its days are written in full."""
    return book.parse(json.loads(json.dumps(case, default=str)))


def said(value: Any) -> Any:
    """What the engine says, its figures exact."""
    if isinstance(value, list):
        return [said(part) for part in value]
    return Fraction(value) if isinstance(value, Decimal) else value


def shown(value: Any) -> Any:
    """What the second opinion says, as JSON can show it: what is no finite decimal goes outward to the next fen."""
    if not isinstance(value, list) or not value:
        return value
    if isinstance(value[0], list):
        return [shown(part) for part in value]
    if isinstance(value[0], str):
        return [value[0], *shown(value[1:])]
    return [_fen(end, up=place == 1) for place, end in enumerate(value)]


def _fen(end: Fraction | None, up: bool) -> Fraction | None:
    if end is None:
        return None
    rest = end.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return end if rest == 1 else Fraction((ceil if up else floor)(end * 100), 100)


def differences(sheet: Json, assessment: Assessment, case: Json) -> dict[str, tuple[object, object]]:
    """By name what the second opinion says and what the engine does, where that is not the same."""
    second = opinion(sheet, case)
    named = {name for name in second if "." not in name} - {"total", "payable", "in_force"}
    found: dict[str, tuple[object, object]] = {}
    if named != {claim.id for claim in assessment.claims}:
        found["claims"] = (sorted(named), [claim.id for claim in assessment.claims])
        return found
    for name, value in second.items():
        if shown(value) != (engine := said(come_out(assessment, name))):
            found[name] = (shown(value), engine)
    return found
