"""The files that go with a reply, made when it is delivered: a pre-assessment for Word, what is kept as JSON.

A document is named by what it is of: ``lead:<number>``, ``consultation:<id>``, ``mydata:<person>``. Only replies of our
own name one, so whoever gets the reply may have the file. Knows no channel.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy import select

from conversations.saying.word_file import assessment_file
from conversations.state.messages import Reply
from conversations.state.office_time import today
from conversations.state.session import Known, derive
from conversations.state.shelf import Shelf
from conversations.state.shelf_change import migrate, reopened
from conversations.storage.store import Store
from conversations.storage.tables import Consultation
from conversations.storage.tables_leads import Lead

_DIGITS = 8
"""So many of a consultation's id tell it from the others on paper."""


class DocumentGoneError(LookupError):
    """What the document was of is not kept any more."""


def maker(shelf: Shelf, store: Store) -> Callable[[Reply], Awaitable[bytes]]:
    """What makes the file of a reply, for the channels. Raises ``DocumentGoneError``."""

    async def make(reply: Reply) -> bytes:
        return await render(reply.document or "", shelf, store)

    return make


async def render(document: str, shelf: Shelf, store: Store) -> bytes:
    """The file named ``document``. Raises ``DocumentGoneError`` where that is not kept any more."""
    kind, _, ident = document.partition(":")
    if kind == "mydata":
        from conversations.office.personal_data import everything

        async with store.reading() as connection:
            return await everything(connection, ident)
    if kind == "lead":
        from conversations.office.leads import find

        async with store.reading() as connection:
            leads = await find(connection, Lead.number == ident)
        if not leads:
            raise DocumentGoneError(document)
        lead = leads[0]
        head = {
            "企业名称": lead.enterprise,
            "信用代码": lead.code or "（没填）",
            "登记编号": lead.number,
            "登记日期": str(today(lead.created)),
        }
        return assessment_file(shelf, known_from(shelf, lead), head, lead.number)
    async with store.reading() as connection:
        session = await connection.scalar(select(Consultation.state).where(Consultation.id == ident))
    if session is None:
        raise DocumentGoneError(document)
    session, _ = migrate(session, shelf)
    number = session.id[:_DIGITS].upper()
    head = {"企业名称": "", "咨询编号": number, "咨询日期": str(today(session.touched))}
    return assessment_file(shelf, derive(session, shelf), head, number)


def known_from(shelf: Shelf, lead: Lead) -> Known:
    """What the case of a lead comes to under the policies as they stand; what has no place in them any more is left out."""
    attached = lead.attached
    return reopened(attached.case, lead.policy, attached.approximate, shelf, lead.created)
