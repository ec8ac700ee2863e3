"""The assessment as the contract's JSON object, the papers it comes to, and what can be read from one that was kept.

What other programs may rely on (contract, section 4); knows no session and no wording.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from pydantic import JsonValue

from conversations.state.interview import MORE, next_question
from conversations.state.shelf import Shelf
from knowledge.policy import Evidence, Policy
from rules.assessment import Claim, Status
from rules.case import Case, value_to_json
from rules.values import Interval


def assessment_json(shelf: Shelf, case: Case) -> dict[str, JsonValue]:
    """The assessment of ``case``; its lists are taken for complete, so no further items are asked for."""
    policy = shelf.policy
    assessment = shelf.rules.assess(case)
    closed = {f"{subject.id}.{MORE}" for subject in policy.subjects if subject.many}
    papers = checklist(policy, [claim for claim in assessment.claims if claim.status is not Status.INELIGIBLE])
    return {
        "policy": policy.id,
        "version": policy.version,
        "claims": [_claim(policy, claim) for claim in assessment.claims],
        "total": _interval(assessment.total),
        "materials": [
            {
                "id": evidence.id,
                "name": evidence.name,
                "claims": [claim.id for claim in claims],
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
                "id": fact.id,
                "subject": fact.subject,
                "type": fact.type,
                "question": fact.question,
                "choices": [{"id": option.id, "label": option.label} for option in fact.choices],
                "unit": fact.unit,
            }
            for fact in policy.facts
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


def _claim(policy: Policy, claim: Claim) -> dict[str, JsonValue]:
    ineligible = claim.status is Status.INELIGIBLE
    return {
        "claim": claim.id,
        "programme": claim.programme.id,
        "clause": claim.programme.clause,
        "citation": policy.clause(claim.programme.clause).citation,
        "status": claim.status.value,
        "amount": None if claim.amount is None else _interval(claim.amount),
        "period": claim.period,
        "years_left": claim.years_left,
        "superseded_by": claim.superseded_by,
        "missing": list(claim.missing),
        "reasons": [
            {
                "fact": finding.fact,
                "satisfied": finding.satisfied,
                "actual": None if finding.actual is None else value_to_json(finding.actual),
                "required": finding.required,
                "quote": finding.quote,
            }
            for finding in claim.reasons
        ],
        "materials": [] if ineligible else [evidence.id for evidence in policy.materials(claim.programme.id)],
    }


def _interval(amount: Interval) -> dict[str, JsonValue]:
    return {
        "min": value_to_json(amount.min),
        "max": None if amount.max is None else value_to_json(amount.max),
    }


def _read_interval(amount: JsonValue) -> Interval:
    ends = cast("dict[str, int | float | None]", amount)
    high = ends["max"]
    return Interval(Decimal(str(ends["min"])), None if high is None else Decimal(str(high)))
