"""Consultations with other programs, held in memory: one message in, one JSON object out (contract, section 7).

The turn is the same as in every channel; nothing is kept, nothing is sent. Knows no command line.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from pydantic import JsonValue

from conversations.consultation.dialogue import turn
from conversations.consultation.noted import noted
from conversations.consultation.turn import Turn
from conversations.saying.report import interval_json
from conversations.state.interchange import Json, day_of, nothing_but, string_of
from conversations.state.interview import asked
from conversations.state.messages import Inbound, Kind, Reply
from conversations.state.session import MENUS, Known, Session, derive
from conversations.state.shelf import Shelf
from conversations.state.shelf_names import outward, path_outward
from rules.raw import is_object

_NOWHERE = ""
"""The channel of what is neither kept nor sent."""


class Conversations:
    """Any number of conversations about the policy of ``shelf``, by the names that their callers give them."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._sessions: dict[str, tuple[Session, date | None]] = {}
        self._numbers = itertools.count(1)

    def say(self, data: object) -> Json:
        """``{"chat", "text"}``, in the first line of a chat also ``"on"`` → what is said back, and what it came to."""
        chat, text = string_of(data, "chat"), string_of(data, "text")
        nothing_but(data, "chat", "text", "on")
        begun = self._sessions.get(chat)
        dated = is_object(data) and data.get("on") is not None
        day = begun[1] if begun is not None else day_of(data) if dated else None
        now = datetime.now(UTC) if day is None else datetime.combine(day, time(12), UTC)
        session = Session.begin(chat, chat, self._shelf, now) if begun is None else begun[0]
        number = str(next(self._numbers))
        inbound = Inbound(
            id=number, channel=_NOWHERE, person=session.person, chat=chat, kind=Kind.TEXT, text=text, at=now
        )
        before = derive(session, self._shelf)
        taken = turn(session, inbound, self._shelf, now)
        self._sessions[chat] = taken.session, day
        return {"chat": chat, **turn_json(taken, before)}


def turn_json(taken: Turn, before: Known) -> dict[str, JsonValue]:
    """What a turn said and did, in the contract's JSON; ``before`` is what was known before it."""
    return {
        "replies": replies_json(taken.replies),
        "noted": [
            {"path": path_outward(note.path), "value": note.value, "words": note.words, "act": note.act}
            for note in noted(taken, before)
        ],
        "unread": list(taken.unread),
        **standing_json(taken.session, taken.shelf, taken.known),
    }


def replies_json(replies: Iterable[Reply]) -> list[JsonValue]:
    """Replies, each with what a person could press, which a program writes."""
    return [
        {
            "text": reply.text,
            "choices": [{"label": choice.label, "key": choice.key} for row in reply.choices for choice in row],
        }
        for reply in replies
    ]


def standing_json(session: Session, shelf: Shelf, known: Known) -> dict[str, JsonValue]:
    """Where a consultation stands, in the contract's JSON; ``known`` is what its answers come to."""
    whole = shelf.rules_of(session.in_play) is shelf.rules
    assessed = known.assessment if whole else shelf.rules.assess(known.case)  # claims of all, asked about or not
    asking = None if session.asking is None or session.asking in MENUS else asked(session.asking)
    offer = session.proposed
    case = outward({key: value for key, value in known.data.items() if value is not None})
    return {
        "asking": asking and path_outward(asking),
        "confirm": None if offer is None else {"path": path_outward(offer.path), "value": offer.fact},
        "case": case,
        "total": interval_json(assessed.total),
        **(
            {"combined": interval_json(assessed.payable), "may_overlap": shelf.may_overlap(session.in_play)}
            if shelf.policy.several
            else {}
        ),
        "claims": [
            {
                "claim": claim.id,
                "status": claim.status.value,
                "amount": None if claim.amount is None else interval_json(claim.amount),
            }
            for claim in assessed.claims
        ],
        "finished": session.finished and session.asking is None,
    }
