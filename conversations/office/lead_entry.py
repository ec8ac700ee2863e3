"""A lead by phone or of somebody who walked in, entered by staff: what they typed, read like the person's own form.

Consent is part of it: that it was given, how, when, and who noted it. Works on a transaction that is handed in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import insert

from conversations.language.descriptions import DescriptionReader
from conversations.language.focus import Focus
from conversations.office import leads
from conversations.office.lead_assessment import attached, keep_claims
from conversations.office.lead_search import retrace
from conversations.state.lead_fields import OPTIONAL, Field, FieldError, read
from conversations.state.lead_form import FIELDS, Form
from conversations.state.leads import Came, Consent
from conversations.state.office_time import OFFICE_TIME, shown, today
from conversations.state.session import Known
from conversations.state.shelf import Shelf
from conversations.state.shelf_change import reopened
from conversations.storage.store import Work
from conversations.storage.tables import Person
from conversations.storage.tables_leads import Lead

CAME = {Came.PHONE: "电话", Came.VISIT: "来访"}
CONSENT = {Consent.SPOKEN: "口头同意", Consent.SIGNED: "书面同意"}
EVERY_WAY = CAME | {Came.LIST: "名单"}
"""How leads came that staff have made, those of a list too, which nobody can enter by hand."""
EVERY_CONSENT = CONSENT | {Consent.NONE: "没有问过：是办公室从自己的名单里记的，不含任何人的联系方式"}
LONGEST_TOLD = 1000
TOO_MUCH_TOLD = f"企业情况最多 {LONGEST_TOLD} 个字。"
_OLDEST = timedelta(days=366)
"""Consent that was given before that is not noted now."""
_AHEAD = timedelta(minutes=5)
"""Clocks differ."""
_MISSING = {Field.ENTERPRISE: "请填企业名称。", Field.CONTACT: "请填联系人。", Field.PHONE: "请填电话。"}
E = TypeVar("E", bound=StrEnum)


class EntryError(ValueError):
    """What was typed cannot be kept; ``wrong`` says in Chinese what is wrong, by the name of each field."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__("；".join(wrong.values()))
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class TypedLead:
    """A lead to be entered. ``key`` tells one from another, so that a form that is sent twice is one lead."""

    key: str
    came: Came
    consent: Consent
    agreed: datetime
    values: Mapping[str, str]
    told: str


def read_entry(sent: Mapping[str, str], area_code: str | None, now: datetime) -> TypedLead:
    """The entry that a form ``sent``, with ``agreed_at`` by the office's clock. Raises ``EntryError``."""
    wrong: dict[str, str] = {}
    values: dict[str, str] = {}
    for field in FIELDS:
        typed = sent.get(field.value, "")
        if not typed:
            if field not in OPTIONAL:
                wrong[field.value] = _MISSING[field]
            continue
        try:
            values[field.value] = read(field, typed, area_code)
        except FieldError as error:
            wrong[field.value] = str(error)
    came, consent = _one_of(CAME, sent.get("came", "")), _one_of(CONSENT, sent.get("consent", ""))
    if came is None:
        wrong["came"] = "请选是电话还是来访。"
    if consent is None or sent.get("agreed") != "yes":
        wrong["consent"] = "要对方同意了才能登记：请把告知内容说清楚，勾上同意，并选怎样同意的。"
    agreed = _moment(sent.get("agreed_at", ""))
    if agreed is None or not now - _OLDEST < agreed < now + _AHEAD:
        wrong["agreed_at"] = "同意的时间要在现在以前、一年以内。"
    told = sent.get("told", "")
    if len(told) > LONGEST_TOLD:
        wrong["told"] = TOO_MUCH_TOLD
    if wrong or came is None or consent is None or agreed is None:
        raise EntryError(wrong)
    return TypedLead(sent.get("key", "")[:64], came, consent, agreed, values, told)


def assess(shelf: Shelf, told: str, now: datetime) -> Known:
    """What an enterprise's situation comes to, as it is ``told`` in words (or not at all)."""
    data: Mapping[str, object] = {}
    rough: frozenset[str] = frozenset()
    if told:
        described = shelf.compiled(DescriptionReader).read(told, Focus(on=today(now)))
        data, rough = described.case(), described.approximate
    return reopened(data, shelf.policy.id, rough, shelf, now)  # pyright: ignore[reportArgumentType]


async def enter(work: Work, shelf: Shelf, entry: TypedLead, known: Known, who: str, now: datetime) -> Lead:
    """Keep the entry as a new lead, noted by ``who``; one that is there already is returned as it is."""
    person = f"entered:{entry.key}"
    await work.lock([person])
    if found := await leads.of_person(work.connection, person):
        return found[0]
    form = Form(consented=entry.agreed, values=dict(entry.values))
    values = {
        **leads.form_values(form, work, now),
        "person": person,
        "channel": entry.came.value,
        "consultation": "",
        "consent": entry.consent.value,
        "policy": shelf.policy.id,
        "version": shelf.policy.version,
        "attached": attached(shelf, known),
    }
    lead = await insert_with_person(work, values, now)
    await retrace(work, lead.id, lead.contact)
    if entry.told:  # else all is possible, which says nothing
        await keep_claims(work, lead.id, shelf, known)
    words = f"{CAME[entry.came]}登记；{shown(entry.agreed)} {CONSENT[entry.consent]}"
    await leads.note(work, lead, who, "entered", now, words)
    return lead


async def insert_with_person(work: Work, values: Mapping[str, Any], now: datetime) -> Lead:
    """Keep a new lead that staff have made, and its person: so that all that is done for a person's sake (deletion, a
    look into a backup) finds this one too."""
    met = {"person": values["person"], "channel": values["channel"], "chat": "", "first_at": now}
    await work.connection.execute(insert(Person).values(met))
    return await leads.insert_new(work, dict(values), now)


def _one_of(kind: Iterable[E], value: str) -> E | None:
    return next((each for each in kind if each.value == value), None)


def _moment(text: str) -> datetime | None:
    """What a field for day and time sent, by the office's clock; None for anything else."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=OFFICE_TIME)
    except ValueError:
        return None
