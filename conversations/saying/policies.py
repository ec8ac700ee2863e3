"""The policies that there are, as the contract's JSON object and as a table for people, in force or over as of today."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from unicodedata import east_asian_width

from pydantic import JsonValue

from conversations.saying.provisions import standing, validity
from conversations.state.office_time import today
from knowledge.places import place_name
from knowledge.policy import Policy
from rules.dates import Dates
from rules.validity import in_force

_HEADS = ("编号", "名称", "文号", "发文机关", "地区", "效力", "收录", "在用")
_COVERAGE = {"whole": "全文", "excerpt": "节选"}
_NONE = "—"


def policies_json(policies: Iterable[tuple[Policy, bool]], day: date | None = None) -> dict[str, JsonValue]:
    """``policies``, each with whether it is served, as they stand on ``day`` (else today)."""
    on = _on(day)
    return {
        "policies": [
            {
                "id": policy.id,
                "version": policy.version,
                "number": policy.number or None,
                "title": policy.title,
                "issuer": policy.issuer,
                "area": policy.area,
                "in_force": None if policy.valid is None else in_force(policy.valid, on),
                "coverage": policy.coverage,
                "served": served,
            }
            for policy, served in policies
        ]
    }


def policies_text(policies: Iterable[tuple[Policy, bool]], day: date | None = None) -> str:
    """The same as a table; of what is over it says since when."""
    rows = [_HEADS, *(_row(policy, served, _on(day)) for policy, served in policies)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(_HEADS))]
    return "\n".join(_line(row, widths) for row in rows)


def _on(day: date | None) -> Dates:
    day = day or today(datetime.now(UTC))
    return Dates(day, day)


def _row(policy: Policy, served: bool, on: Dates) -> tuple[str, ...]:
    says = standing(policy, on) or validity(policy) or "没有写有效期"
    return (
        policy.id,
        policy.title,
        policy.number or _NONE,
        policy.issuer,
        place_name(policy.area) if policy.area else _NONE,
        says.removeprefix("文件"),
        _COVERAGE.get(policy.coverage or "", _NONE),
        "是" if served else "否",
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """How many columns a terminal gives to ``text``."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)
