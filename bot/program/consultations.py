"""Consultations with other programs, kept: begun, told, looked at and forgotten through the same service as all others.

Who has a consultation's id has the consultation, so it is a secret and is kept by its hash alone: as the key of a
person whose only consultation this is. Answers are the contract's JSON; None where there is no such consultation.
Knows neither HTTP nor limits.
"""

import asyncio
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from bot.channel import clean
from bot.program.traits import PROGRAM
from conversations.consultation.history import open_question
from conversations.converse import replies_json, standing_json, turn_json
from conversations.service import Handled, Service
from conversations.state.actions import Forget
from conversations.state.interchange import Json
from conversations.state.messages import Choice, Inbound, Kind, Reply
from conversations.state.session import Session, derive
from conversations.state.shelf_change import migrate
from conversations.storage.standings import Standing, standings
from conversations.storage.tables import LoggedMessage

START = "/start"
_FORGET = Choice(label="", action=Forget(sure=True))
"""The button that whoever writes can press in the end to have all of it deleted."""
MOST_LINES = 200
"""So many of the last lines of the log are shown."""


class NotForgottenError(RuntimeError):
    """A consultation that was to be deleted is still there."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A consultation as the database has it."""

    standing: Standing
    lines: Sequence[tuple[bool, str, datetime]] = ()


class Consultations:
    """The consultations of ``service`` with other programs."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._shelf = service.shelf

    async def begin(self, once: str = "") -> Json | None:
        """Begin one; None where ``once`` (empty: none) names a beginning that has been, by whomever.

        Raises SQLAlchemy's errors.
        """
        id = secrets.token_urlsafe(32)
        said = hashlib.sha256(once.encode()).hexdigest() if once else uuid.uuid4().hex
        handled = await self._service.take(_inbound(id, said, Kind.TEXT, START))
        return None if handled.events is None else await asyncio.to_thread(self._told, id, handled)

    async def say(self, id: str, text: str, once: str = "") -> Json | None:
        """Say ``text`` in one. A text that was said before under the same ``once`` is not said again: that answers
        where the consultation stands. Raises SQLAlchemy's errors.
        """
        if await self._look(id) is None:
            return None
        # Without the id, which is kept nowhere, nobody can find out from this what was said.
        said = hmac.digest(id.encode(), f"{once}\n{text}".encode(errors="replace"), "sha256").hex()
        inbound = _inbound(id, said if once else uuid.uuid4().hex, Kind.TEXT, clean(text))
        handled = await self._service.take(inbound, known=True)
        if handled.events is not None:
            return await asyncio.to_thread(self._told, id, handled)
        seen = await self._look(id)
        return None if seen is None else await asyncio.to_thread(self._again, id, seen)

    async def show(self, id: str) -> Json | None:
        """One as it stands, with what has been said. Raises SQLAlchemy's errors."""
        seen = await self._look(id, MOST_LINES)
        return None if seen is None else await asyncio.to_thread(self._shown, id, seen)

    async def forget(self, id: str) -> bool:
        """Delete one with all that is kept of it; False where there was none.

        Raises SQLAlchemy's errors, ``NotForgottenError`` where something else has failed.
        """
        if await self._look(id) is None:
            return False
        inbound = _inbound(id, uuid.uuid4().hex, Kind.CHOICE, _FORGET.data)
        handled = await self._service.take(inbound, known=True)
        if handled.standing is not None:
            raise NotForgottenError("a consultation could not be deleted")
        return handled.events is not None

    async def _look(self, id: str, lines: int = 0) -> _Seen | None:
        """What is kept of the consultation, with the last ``lines`` of its log."""
        person = person_of(id)
        said = (
            select(LoggedMessage.incoming, LoggedMessage.text, LoggedMessage.at)
            .where(LoggedMessage.person == person)
            .order_by(LoggedMessage.id.desc())
            .limit(lines)
        )
        async with self._service.store.glance() as connection:
            standing = (await standings(connection, self._service.store.sessions, [person])).get(person)
            if standing is None:
                return None
            logged = [(by, text, at) for by, text, at in await connection.execute(said)] if lines else []
        return _Seen(standing, logged[::-1])

    def _told(self, id: str, handled: Handled) -> Json:
        """What is answered to a message."""
        person = person_of(id)
        replies = [outgoing.reply for outgoing in handled.replies if outgoing.chat == person]
        if handled.turn is None or handled.before is None:
            return {"id": id, **self._untouched(self._current(id, handled.standing), replies)}
        known = derive(self._migrated(handled.before), self._shelf)
        return {"id": id, **turn_json(handled.turn, known), "replies": replies_json(replies)}

    def _again(self, id: str, seen: _Seen) -> Json:
        """What is answered to a message that was taken in before: the open question, in the place of the replies."""
        question = open_question(seen.standing.session, self._shelf)
        return {
            "id": id,
            **self._untouched(self._current(id, seen.standing), [] if question is None else [question]),
        }

    def _shown(self, id: str, seen: _Seen) -> Json:
        session = self._current(id, seen.standing)
        staff = seen.standing.handover is not None
        question = None if staff else open_question(session, self._shelf)
        begun = seen.lines[:1] and seen.lines[0][:2] == (True, START)  # which no program has said
        return {
            "id": id,
            "messages": [
                {"by": "program" if incoming else "bot", "text": text, "at": at.isoformat()}
                for incoming, text, at in seen.lines[bool(begun) :]
            ],
            "question": None if question is None else replies_json([question])[0],
            "staff": staff,
            **standing_json(session, self._shelf, derive(session, self._shelf)),
        }

    def _untouched(self, session: Session, replies: Iterable[Reply]) -> dict[str, object]:
        """The answer to a message that changed nothing in the consultation."""
        standing = standing_json(session, self._shelf, derive(session, self._shelf))
        return {"replies": replies_json(replies), "noted": [], "unread": [], **standing}

    def _current(self, id: str, standing: Standing | None) -> Session:
        """The consultation under the policy that is served; an empty one where none is kept (any more)."""
        if standing is None or standing.session is None:
            return Session.begin("", person_of(id), self._shelf, datetime.now(UTC))
        return self._migrated(standing.session)

    def _migrated(self, session: Session) -> Session:
        """``session`` under the policy that is served: its answers stand, the question comes anew with the next turn."""
        policy = self._shelf.policy
        if (session.policy, session.policy_version) == (policy.id, policy.version):
            return session
        return migrate(session, self._shelf)[0].but(asking=None, proposed=None, form=None)


def person_of(id: str) -> str:
    """The key of the conversation partner; the secret cannot be had from it."""
    return f"{PROGRAM.name}:{hashlib.sha256(id.encode(errors='replace')).hexdigest()}"


def _inbound(id: str, said: str, kind: Kind, text: str) -> Inbound:
    """A message in the consultation ``id``; ``said`` tells it from all others of the channel."""
    person = person_of(id)
    return Inbound(
        id=said,
        channel=PROGRAM.name,
        person=person,
        chat=person,
        kind=kind,
        text=text,
        theirs=True,
        at=datetime.now(UTC),
    )
