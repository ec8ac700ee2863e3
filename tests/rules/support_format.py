"""A policy in a few lines, as the format's own examples write it: facts by type, one programme or several, and cases."""

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from rules.assessment import Assessment, Rulebook
from rules.case import FactSpec, SubjectSpec
from rules.programme import ProgrammeRule, Provisions
from rules.terms import Model, Term
from rules.values import Interval

Json = dict[str, Any]


def rulebook(sheet: Mapping[str, Any]) -> Rulebook:
    """The rules of a sheet: every subject but the enterprise is a list."""
    facts = [fact_spec(ident, written) for ident, written in sheet["facts"].items()]
    single = {"id": "p", **{key: sheet[key] for key in ("conditions", "amount", "subject", "payout") if key in sheet}}
    programmes = [_programme(entry) for entry in sheet.get("programmes", [single])]
    return Rulebook(
        subject_specs(sheet),
        facts,
        programmes,
        Provisions.model_validate(sheet.get("policy", {})),
    )


def subject_specs(sheet: Mapping[str, Any]) -> list[SubjectSpec]:
    """The subjects of a sheet's facts, and the enterprise."""
    subjects = dict.fromkeys(["enterprise", *(ident.partition(".")[0] for ident in sheet["facts"])])
    return [SubjectSpec(id=subject, many=subject != "enterprise") for subject in subjects]


def fact_spec(ident: str, written: str | Mapping[str, Any]) -> FactSpec:
    """A fact by its type, or by its fields."""
    return _fact_spec(ident, json.dumps(written))


@cache
def _fact_spec(ident: str, written: str) -> FactSpec:
    """As many sheets by chance have it, made once."""
    given = json.loads(written)
    fields: Json = {"type": given} if isinstance(given, str) else given
    limits = {key: Decimal(str(fields[key])) for key in ("minimum", "maximum") if key in fields}
    return FactSpec(
        id=ident,
        type=fields["type"],
        choices=tuple(fields.get("choices", ())),
        whole=fields.get("whole", True),
        by_year=fields.get("by_year", False),
        never=fields.get("never", False),
        derive=_Derived.model_validate({"term": fields["derive"]}).term if "derive" in fields else None,
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
    )


def come_out(assessment: Assessment, name: str) -> object:
    """What a case expects under ``name``: of a claim, of one of its fields, of the whole."""
    claims = {claim.id: claim for claim in assessment.claims}
    ident, _, field = name.partition(".")
    if name == "in_force":
        return assessment.in_force
    if name in ("total", "payable"):
        return ends(getattr(assessment, name))
    if not field:
        return [claims[ident].status.value, *(ends(claims[ident].amount) or [None])]
    value = getattr(claims[ident], field)
    return [ends(part) for part in value] if field == "payout" and value is not None else value


def ends(interval: Interval | None) -> list[Decimal | None] | None:
    return None if interval is None else [interval.min, interval.max]


def _programme(entry: Mapping[str, Any]) -> ProgrammeRule:
    fixed = {"clause": "1", "quote": "", "subject": "enterprise", "conditions": [], "amount": 1}
    return ProgrammeRule.model_validate({**fixed, **entry})


class _Derived(Model):
    term: Term
