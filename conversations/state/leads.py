"""What a lead is made of, whoever keeps it: its states, whom to call, what goes with it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, JsonValue


class LeadState(StrEnum):
    """How far a lead is."""

    NEW = "new"
    CONTACTED = "contacted"
    DOCUMENTS = "documents"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    DECLINED = "declined"


class Came(StrEnum):
    """How an enterprise came whose lead staff have entered; the channel of such a lead.

    ``LIST``: it did not come, the office has taken it from a list of its own.
    """

    PHONE = "phone"
    VISIT = "visit"
    LIST = "list"


class Consent(StrEnum):
    """How somebody agreed to what is kept of them, as staff have noted it; ``NONE``: nobody was asked."""

    SPOKEN = "spoken"
    SIGNED = "signed"
    NONE = "none"


ENDED = (LeadState.CLOSED, LeadState.DECLINED)


def backward(old: LeadState, new: LeadState) -> bool:
    """Whether a lead in state ``old`` goes back where it comes into ``new``."""
    order = list(LeadState)
    return order.index(new) < order.index(old)


@dataclass(frozen=True, slots=True)
class LeadFilter:
    """Which leads a list shows; empty parts leave all. ``words``: in the enterprise's name, or a phone or code.

    ``policy`` and ``programme`` are called as their packs call them.
    """

    state: str = ""
    programme: str = ""
    mine: bool = False
    due: bool = False
    since: date | None = None
    until: date | None = None
    words: str = ""
    policy: str = ""


class Contact(BaseModel):
    """Whom to call: ``phone`` as ``lead_form_fields`` keeps it; empty where nothing was written."""

    model_config = ConfigDict(frozen=True)

    contact: str = ""
    phone: str = ""
    time: str = ""
    remark: str = ""


class ClaimSums(BaseModel):
    """What a claim came to, in yuan; ``min`` None: the text gives no figure; ``gave_way``: to another claim."""

    model_config = ConfigDict(frozen=True)

    min: Decimal | None = None
    max: Decimal | None = None
    period: str | None = None
    gave_way: bool = False


class Attached(BaseModel):
    """What goes with a lead: case and assessment (the contract's JSON), and the facts that were given roughly."""

    model_config = ConfigDict(frozen=True)

    case: dict[str, JsonValue]
    assessment: dict[str, JsonValue]
    approximate: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    """The paths of the facts that are still wanted, for programmes that are still possible."""
