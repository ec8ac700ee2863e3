"""The policies that there are, as the contract's JSON object and as a table for people, in force or over as of today."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from unicodedata import east_asian_width

from pydantic import JsonValue

from conversations.saying.provisions import standing, validity
from conversations.state.office_time import today
from knowledge.places import place_name
from knowledge.policy import Policy, bare
from rules.dates import Dates
from rules.validity import days_of, in_force

_HEADS = ("编号", "名称", "文号", "发文机关", "地区", "效力", "收录", "在用")
_COVERAGE = {"whole": "全文", "excerpt": "节选"}
_NONE = "—"


def policies_json(policies: Iterable[tuple[Policy, bool]], day: date | None = None) -> dict[str, JsonValue]:
    """``policies``, each with whether it is served, as they stand on ``day`` (else today)."""
    return {"policies": [_head(policy, served, day) for policy, served in policies]}


def policy_json(policy: Policy, day: date | None = None) -> dict[str, JsonValue]:
    """One document that is served: its data, its clauses and its programmes, by the ids that its own pack gives them."""
    first, last = (None, None) if policy.valid is None else days_of(policy.valid)
    clauses: list[JsonValue] = [
        {"id": bare(each.id), "citation": policy.own_citation(each), "title": each.title} for each in policy.clauses
    ]
    programmes: list[JsonValue] = [
        {
            "id": bare(programme.id),
            "label": programme.label,
            "clause": bare(programme.clause),
            "citation": policy.own_citation(policy.clause(programme.clause)),
            "subject": bare(programme.subject),
            "period": programme.period,
            "summary": programme.summary,
        }
        for programme in policy.programmes
    ]
    return {
        **_head(policy, True, day),
        "printed": policy.printed and policy.printed.isoformat(),
        "valid": {"from": first and first.isoformat(), "until": last and last.isoformat()},
        "lead": policy.lead,
        "clauses": clauses,
        "programmes": programmes,
    }


def clause_json(policy: Policy, id: str) -> dict[str, JsonValue] | None:
    """The clause ``id`` of one document, with its text and its programmes; None where there is no such clause."""
    clause = next((each for each in policy.clauses if bare(each.id) == id), None)
    if clause is None:
        return None
    return {
        "id": id,
        "citation": policy.own_citation(clause),
        "title": clause.title,
        "summary": clause.summary,
        "text": clause.text,
        "programmes": [bare(each.id) for each in policy.programmes if each.clause == clause.id],
    }


def _head(policy: Policy, served: bool, day: date | None) -> dict[str, JsonValue]:
    on = _on(day)
    return {
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
        _place(policy, policy.area) if policy.area else _NONE,
        says.removeprefix("文件"),
        _COVERAGE.get(policy.coverage or "", _NONE),
        "是" if served else "否",
    )


def _place(policy: Policy, code: str) -> str:
    """What a place is called, by the pack or by the list of places."""
    return next((place.name for place in policy.places if place.code == code), None) or place_name(code)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """How many columns a terminal gives to ``text``."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)
