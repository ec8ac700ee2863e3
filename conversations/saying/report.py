"""The assessment as the contract's JSON object, the papers it comes to, and what can be read from one that was kept.

What other programs may rely on (contract, section 4); knows no session and no wording.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from pydantic import JsonValue, RootModel

from conversations.saying.terms import day_span, measured_as
from conversations.state.interview import MORE, next_question
from conversations.state.shelf import Shelf
from conversations.state.shelf_names import path_outward
from knowledge.policy import Evidence, Policy
from rules import spans
from rules.assessment import Assessment, Claim, Finding, Status
from rules.case import Case, value_to_json
from rules.conditions import Measured
from rules.dates import Dates
from rules.raw import is_list
from rules.spans import FigureSpan, exactly
from rules.terms import GrowthTerm, Model
from rules.values import Interval

if TYPE_CHECKING:
    from conversations.state.joint import JointAssessment


def assessment_json(shelf: Shelf, case: Case) -> dict[str, JsonValue]:
    """The assessment of ``case``; its lists are taken for complete, so no further items are asked for."""
    return _assessment(shelf, case, shelf.rules.assess(case))


def joint_json(joint: JointAssessment) -> dict[str, JsonValue]:
    """The assessments of several policies, their claims named ``policy/claim``, and what they come to together."""
    return {
        "policies": [_assessment(*one, within=f"{one.shelf.policy.id}/") for one in joint.policies],
        "combined": interval_json(joint.combined.amount),
        "may_overlap": joint.combined.may_overlap,
    }


def _assessment(shelf: Shelf, case: Case, assessment: Assessment, within: str = "") -> dict[str, JsonValue]:
    """An assessment; ``within`` is put before the names of its claims."""
    policy = shelf.policy
    closed = {f"{subject.id}.{MORE}" for subject in policy.subjects if subject.many}
    papers = checklist(policy, [claim for claim in assessment.claims if claim.status is not Status.INELIGIBLE])
    return {
        "policy": policy.id,
        "version": policy.version,
        "claims": [_claim(policy, claim, within) for claim in assessment.claims],
        "total": interval_json(assessment.total),
        "payable": interval_json(assessment.payable),
        "in_force": assessment.in_force,
        "materials": [
            {
                "id": evidence.id,
                "name": evidence.name,
                "claims": [f"{within}{claim.id}" for claim in claims],
                "basis": evidence.basis,
            }
            for evidence, claims in papers
        ],
        "next_question": next_question(shelf, case, assessment, closed),
    }


def facts_json(policy: Policy) -> dict[str, JsonValue]:
    """The facts with the questions that the bot asks for them."""
    return {
        "facts": [
            {
                "id": path_outward(fact.id),
                "subject": path_outward(fact.subject),
                "type": fact.type,
                "question": fact.question,
                "choices": [{"id": option.id, "label": option.label} for option in fact.choices],
                "unit": fact.unit,
            }
            for fact in policy.facts
            if fact.derive is None
        ]
    }


def checklist(policy: Policy, claims: Sequence[Claim]) -> list[tuple[Evidence, list[Claim]]]:
    """The papers that ``claims`` need, merged, in the pack's order, each with the claims that need it."""
    needed: dict[str, list[Claim]] = {}
    for claim in claims:
        for evidence in policy.materials(claim.programme.id):
            needed.setdefault(evidence.id, []).append(claim)
    return [(evidence, needed[evidence.id]) for evidence in policy.evidence if evidence.id in needed]


@dataclass(frozen=True, slots=True)
class KeptClaim:
    """A claim as an assessment tells it that was kept as JSON; ``amount`` in yuan, None where the text gives no figure.

    What it rests on is not kept with it, and the policy may have changed since: it can be shown, not explained anew.
    """

    programme: str
    citation: str | None
    status: Status
    amount: Interval | None
    period: str | None
    superseded_by: str | None


def kept_claims(assessment: Mapping[str, JsonValue]) -> list[KeptClaim]:
    """The claims of an ``assessment_json`` that was kept, in its order."""
    return [
        KeptClaim(
            programme=str(claim["programme"]),
            citation=cast("str | None", claim["citation"]),
            status=Status(str(claim["status"])),
            amount=None if claim["amount"] is None else _read_interval(claim["amount"]),
            period=cast("str | None", claim["period"]),
            superseded_by=cast("str | None", claim["superseded_by"]),
        )
        for claim in cast("list[dict[str, JsonValue]]", assessment["claims"])
    ]


def kept_total(assessment: Mapping[str, JsonValue]) -> Interval:
    """The total in yuan of an ``assessment_json`` that was kept."""
    return _read_interval(assessment["total"])


def _claim(policy: Policy, claim: Claim, within: str) -> dict[str, JsonValue]:
    ineligible = claim.status is Status.INELIGIBLE
    programme = claim.programme
    return {
        "claim": f"{within}{claim.id}",
        "programme": programme.id,
        "clause": programme.clause,
        "citation": policy.clause(programme.clause).citation,
        "status": claim.status.value,
        "amount": None if claim.amount is None else interval_json(claim.amount),
        "no_figure": claim.no_figure,
        "period": claim.period,
        "payout": None if claim.payout is None else [list(interval_json(part).values()) for part in claim.payout],
        "payee": programme.payee,
        "years_left": claim.years_left,
        "superseded_by": claim.superseded_by and f"{within}{claim.superseded_by}",
        "call": claim.call,
        "selection": [
            {"kind": one.kind, "clause": one.clause, "quote": one.quote}
            for one in policy.selection
            if one.concerns(programme.id)
        ],
        "missing": list(claim.missing),
        "reasons": [_reason(policy, finding) for finding in claim.reasons],
        "materials": [] if ineligible else [evidence.id for evidence in policy.materials(programme.id)],
    }


def _reason(policy: Policy, finding: Finding) -> dict[str, JsonValue]:
    """A condition put to the case; one on a term has no fact, but the term, and the paths in it."""
    leaf = finding.condition
    actual: JsonValue = None if finding.actual is None else value_to_json(finding.actual)
    if finding.figure is not None and isinstance(leaf, Measured):
        days = measured_as(policy, leaf.measure).type == "date"
        actual = day_span(finding.figure).written() or None if days else _known(finding.figure)
    reason: dict[str, JsonValue] = {
        "fact": finding.fact,
        "satisfied": finding.satisfied,
        "actual": actual,
        "required": finding.required,
        "quote": finding.quote,
        "clause": finding.clause,
    }
    if isinstance(leaf, Measured) and leaf.term is not None:
        reason |= {"term": written(leaf.term), "facts": list(finding.facts)}
    return reason


def _known(figure: FigureSpan) -> JsonValue:
    """What a term comes to: a figure, the ends of a range, None where nothing is known."""
    low, high = (None if end is None else spans.outward(exactly(end)) for end in (figure.low, figure.high))
    if low is not None and high is not None and figure.exact and low[0] == high[1]:
        return value_to_json(low[0])
    ends = {"at_least": low and low[0], "at_most": high and high[1]}
    return {name: value_to_json(end) for name, end in ends.items() if end is not None} or None


def written(part: object) -> JsonValue:
    """A part of a rule as its pack writes it."""
    if isinstance(part, GrowthTerm) and part.short:
        return {"growth": written(part.growth[0])}
    if isinstance(part, RootModel):
        return written(part.root)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    if isinstance(part, Model):
        fields = type(part).model_fields
        return {
            fields[name].alias or name: written(getattr(part, name)) for name in fields if name in part.model_fields_set
        }
    if is_list(part):
        return [written(each) for each in part]
    if isinstance(part, Decimal):
        return value_to_json(part)
    if isinstance(part, Dates):
        return part.written()
    return part if isinstance(part, (str, int)) else str(part)


def interval_json(amount: Interval) -> dict[str, JsonValue]:
    return {
        "min": value_to_json(amount.min),
        "max": None if amount.max is None else value_to_json(amount.max),
    }


def _read_interval(amount: JsonValue) -> Interval:
    ends = cast("dict[str, int | float | None]", amount)
    high = ends["max"]
    return Interval(Decimal(str(ends["min"])), None if high is None else Decimal(str(high)))
