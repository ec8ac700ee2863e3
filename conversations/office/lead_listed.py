"""Leads of a list of firms: the firm and what the office's own table knows of it, and nobody's name, phone or consent.

A firm that has an open lead gets no second one. Works on a transaction that is handed in.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from conversations.office import leads
from conversations.office.lead_assessment import attached, keep_claims
from conversations.office.lead_entry import insert_with_person
from conversations.office.leads import Reader
from conversations.state.firm_lists import FirmLine
from conversations.state.lead_fields import Field, FieldError, enterprise_key, read
from conversations.state.lead_form import Form
from conversations.state.leads import Came, Consent
from conversations.state.session import Data, Known
from conversations.state.shelf import Shelf
from conversations.storage.store import Work
from conversations.storage.tables_leads import Lead

_ONE_AT_A_TIME = "firm lists"
"""What is locked while leads are made of a list, so that two lists at once make one lead of a firm."""


class ListedFirm(NamedTuple):
    """A firm of a list, with what is known of it."""

    line: FirmLine
    known: Known


@dataclass(slots=True)
class ListedLeads:
    """What has become of firms: the leads that were ``made``, those that were there (``known``: firm, number), who was refused."""

    made: list[int] = field(default_factory=list[int])
    known: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    refused: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


class OpenLeads:
    """The leads that are not ended, by which a firm is recognised: two codes are two firms, whatever they are called."""

    def __init__(self, rows: Iterable[tuple[int, str, str, str]]) -> None:
        self._by_code: dict[str, tuple[int, str]] = {}
        self._without_code: dict[str, tuple[int, str]] = {}
        self._by_name: dict[str, tuple[int, str]] = {}
        for row in rows:
            self.add(*row)

    @classmethod
    async def read(cls, connection: Reader) -> "OpenLeads":
        """Those that there are."""
        return cls(await leads.open_ones(connection))

    def add(self, id: int, number: str, code: str, key: str) -> None:
        """One more."""
        if code:
            self._by_code[code] = id, number
        else:
            self._without_code[key] = id, number
        self._by_name[key] = id, number

    def of(self, line: FirmLine) -> tuple[int, str] | None:
        """The id and the number of the firm's lead, if there is one."""
        key, code = enterprise_key(line.called), code_of(line)
        return (self._by_code.get(code) or self._without_code.get(key)) if code else self._by_name.get(key)


def code_of(line: FirmLine) -> str:
    """The firm's credit code, where the table has a right one; empty where it has none."""
    for written in (line.code, line.firm):
        try:
            return read(Field.CODE, written, None)
        except FieldError:
            continue
    return ""


def known_of(shelf: Shelf, case: Data) -> Known:
    """What the ``case`` of a firm comes to under the one policy of ``shelf``."""
    parsed = shelf.rules.parse(case)
    return Known(case, parsed, shelf.rules.assess(parsed), frozenset(), frozenset())


async def enter(
    work: Work, shelf: Shelf, firms: Sequence[ListedFirm], origin: str, who: str, now: datetime
) -> ListedLeads:
    """Make a lead of each firm that has none, under the one policy of ``shelf``; ``origin``: which list, for its history."""
    await work.lock([_ONE_AT_A_TIME])
    there, done = await OpenLeads.read(work.connection), ListedLeads()
    for firm in firms:
        called = firm.line.called
        if (found := there.of(firm.line)) is not None:
            done.known.append((called, found[1]))
            continue
        try:
            name = read(Field.ENTERPRISE, called, None)
        except FieldError as error:
            done.refused.append((called, str(error)))
            continue
        lead = await _insert(work, shelf, name, firm, now)
        await leads.note(work, lead, who, "listed", now, f"{origin}，第 {firm.line.line} 行")
        there.add(lead.id, lead.number, lead.code, lead.enterprise_key)
        done.made.append(lead.id)
    return done


async def _insert(work: Work, shelf: Shelf, name: str, firm: ListedFirm, now: datetime) -> Lead:
    """The lead of one firm: without a contact, and without a notice that somebody would have agreed to."""
    form = Form(values={Field.ENTERPRISE.value: name, Field.CODE.value: code_of(firm.line)})
    values = {
        **leads.form_values(form, work, now),
        "phone_digest": "",
        "notice": "",
        "person": f"listed:{uuid.uuid4().hex}",
        "channel": Came.LIST.value,
        "consultation": "",
        "consent": Consent.NONE.value,
        "policy": shelf.policy.id,
        "version": shelf.policy.version,
        "attached": attached(shelf, firm.known),
    }
    lead = await insert_with_person(work, values, now)
    await keep_claims(work, lead.id, shelf, firm.known)
    return lead
