"""What a lead keeps of an assessment: case and assessment as they were, and a row for each claim that is still possible.

Works on a connection that is handed in. Knows neither who left the lead nor how.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, update

from conversations.saying.report import assessment_json
from conversations.state.leads import Attached, ClaimSums
from conversations.state.session import Known
from conversations.state.shelf import Shelf
from conversations.storage.store import Work
from conversations.storage.tables_leads import Lead, LeadClaim
from knowledge.policy import Policy, bare
from rules.assessment import Claim, Status


def attached(shelf: Shelf, known: Known) -> Attached:
    """What goes with a lead of what is ``known``."""
    missing = dict.fromkeys(path for claim in _live(known) for path in claim.missing)
    return Attached(
        case=known.data,
        assessment=assessment_json(shelf, known.case),
        approximate=tuple(sorted(known.approximate)),
        open=tuple(missing),
    )


async def keep(work: Work, lead: int, shelf: Shelf, known: Known, now: datetime) -> None:
    """Have the lead hold what is ``known``, by the policies as they stand, in the place of the assessment that it held."""
    values = {
        "attached": attached(shelf, known),
        "policy": shelf.policy.id,
        "version": shelf.policy.version,
        "touched": now,
    }
    await work.connection.execute(update(Lead).where(Lead.id == lead).values(values))
    await keep_claims(work, lead, shelf, known)


async def keep_claims(work: Work, lead: int, shelf: Shelf, known: Known) -> None:
    """Have the lead hold the claims of what is ``known``, in the place of those that it held."""
    await work.connection.execute(delete(LeadClaim).where(LeadClaim.lead == lead))
    if rows := [{"lead": lead, **_row(shelf.policy, claim)} for claim in _live(known)]:
        await work.connection.execute(insert(LeadClaim), rows)


def _live(known: Known) -> Sequence[Claim]:
    return [claim for claim in known.assessment.claims if claim.status is not Status.INELIGIBLE]


def _row(policy: Policy, claim: Claim) -> dict[str, Any]:
    """A row of a lead's claims, but for the lead."""
    programme, amount = claim.programme, claim.amount
    document = policy.document(programme.id)
    return {
        "policy": document.id,
        "programme": bare(programme.id),
        "claim": bare(claim.id),
        "label": policy.programme(programme.id).label,
        "citation": document.own_citation(policy.clause(programme.clause)) or "",
        "office": policy.in_charge(programme.id),
        "status": claim.status.value,
        "sums": ClaimSums(
            min=amount and amount.min,
            max=amount and amount.max,
            period=claim.period,
            gave_way=claim.superseded_by is not None,
        ),
    }
