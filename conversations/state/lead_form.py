"""The form of a lead: notice and consent, the fields one at a time, the whole for confirmation.

Pure: ``step`` takes what a person did and gives the form as it is then; ``wording_lead`` puts its questions. Knows no
consultation and no database.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from conversations.state.lead_fields import OPTIONAL, Field, FieldError, read

NOTICE = "2"
"""The version of the notice that people consent to; raise it with every change of what it says."""
FIELDS = tuple(Field)


class Screen(StrEnum):
    """What the form shows besides its fields."""

    CONSENT = "consent"
    CROSSING = "crossing"
    CONFIRM = "confirm"


class Form(BaseModel):
    """A lead in the making. ``at`` is a ``Screen`` or a ``Field``.

    ``crosses`` names the service abroad that the messages pass through, empty where they do not; ``carrier`` one
    at home; ``elsewhere`` what to use instead, if there is anything. ``consented`` and
    ``crossing_consented`` are when the person agreed to the notice of version ``notice``. ``changing``: one field is
    being changed, the confirmation follows. ``lead`` is the number of the lead that the form changes.
    """

    model_config = ConfigDict(frozen=True)

    at: str = Screen.CONSENT.value
    crosses: str = ""
    carrier: str = ""
    elsewhere: str = ""
    notice: str = NOTICE
    consented: datetime | None = None
    crossing_consented: datetime | None = None
    values: dict[str, str] = {}
    changing: bool = False
    lead: str | None = None

    def value(self, field: Field) -> str:
        """What is written in ``field``, empty where nothing is."""
        return self.values.get(field.value, "")

    def but(self, **changes: object) -> "Form":
        """A copy with ``changes``."""
        return self.model_copy(update=changes)


class Ended(StrEnum):
    """How a form ends."""

    SENT = "sent"
    REFUSED = "refused"
    CROSSING_REFUSED = "crossing_refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class FormStep:
    """What became of the form: where it stands, what to say before its question, whether it has ended."""

    form: Form
    say: str = ""
    ended: Ended | None = None


def press(form: Form, button: str, now: datetime) -> FormStep | None:
    """Take a button of the screen that ``form`` shows; None where it has none such."""
    match form.at, button:
        case Screen.CONSENT, "yes":
            agreed = form.but(consented=now)
            return FormStep(agreed.but(at=Screen.CROSSING if form.crosses else FIELDS[0]))
        case Screen.CONSENT, "no":
            return FormStep(form, ended=Ended.REFUSED)
        case Screen.CROSSING, "yes":
            return FormStep(form.but(crossing_consented=now, at=FIELDS[0]))
        case Screen.CROSSING, "no":
            return FormStep(form, ended=Ended.CROSSING_REFUSED)
        case Screen.CONFIRM, "send":
            return FormStep(form, ended=Ended.SENT)
        case Screen.CONFIRM, field if field in FIELDS:
            return FormStep(form.but(at=field, changing=True))
        case _, "cancel":
            return FormStep(form, ended=Ended.CANCELLED)
        case at, "skip" if at in OPTIONAL:
            return _filled(form, Field(at), "", "")
        case at, "back" if at in FIELDS or at == Screen.CONFIRM:
            return FormStep(_back(form))
        case Field.TIME, words if words not in ("skip", "back"):
            return write(form, words, None)
        case _:
            return None


def write(form: Form, text: str, area_code: str | None) -> FormStep:
    """Take what was typed to the open field; where it does not fit the form stays and says why."""
    field = Field(form.at)
    try:
        value = read(field, text, area_code)
    except FieldError as error:
        return FormStep(form, str(error))
    return _filled(form, field, value, "")


def _filled(form: Form, field: Field, value: str, say: str) -> FormStep:
    values = {**form.values, field.value: value}
    place = FIELDS.index(field) + 1
    following = Screen.CONFIRM if form.changing or place == len(FIELDS) else FIELDS[place]
    return FormStep(form.but(values=values, at=following, changing=False), say)


def _back(form: Form) -> Form:
    if form.changing:
        return form.but(at=Screen.CONFIRM, changing=False)
    if form.at == Screen.CONFIRM:
        return form.but(at=FIELDS[-1])
    place = FIELDS.index(Field(form.at))
    return form.but(at=FIELDS[max(0, place - 1)])
