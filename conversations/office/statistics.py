"""Figures for the office: what is counted while people talk (``note``), and what it comes to (``statistics``).

No personal data: an event names a consultation by its id, which says nothing by itself, and is given another when the
consultation is forgotten. Where people leave is read from consultations as they stand; of one that is deleted
just that is kept. Renders nothing.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import TypeAlias, cast

from pydantic import BaseModel, ConfigDict, JsonValue, field_serializer
from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.office.context import Happening
from conversations.state.events import Event, Finished, Missed, QuestionAsked, Started
from conversations.state.interview import MORE
from conversations.state.office_time import midnight, today
from conversations.state.outcome import Outcome
from conversations.state.session import MENUS, SAME_PROJECT, SCREENING, Session, derive
from conversations.state.shelf import Shelf
from conversations.state.shelf_change import migrate
from conversations.storage.sqlite_writer import InlineConnection
from conversations.storage.store import Addressed, Work
from conversations.storage.tables import Consultation
from conversations.storage.tables_helpdesk import Happened
from knowledge.policy import owner
from rules.assessment import Status
from rules.case import value_to_json

Connection: TypeAlias = AsyncConnection | InlineConnection

STARTED, FINISHED, GONE = "started", "finished", "gone"
"""A consultation: begun by /start; a result seen (detail: per programme, the least and the most that it comes to);
deleted (detail: the questions that it had come to, the open one)."""
QUESTION, MISSED = "question", "missed"
"""A free question (detail: its ``Outcome``, and behind a space the document that it was about, where that was seen); an
answer that was not understood (detail: the open question)."""
LEAD_STATE = "lead_state"
"""A lead (about: ``lead:7``) is in a state from now on (detail)."""
HANDOVER_OPENED, HANDOVER_ANSWERED, HANDOVER_CLOSED = "handover_opened", "handover_answered", "handover_closed"
"""A person was asked for, wrote for the first time, and is no longer there (about: the same; detail: who ended it)."""

"""Days are counted in the office's time."""
_NOTE = insert(Happened)


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True)


class ConsultationFigures(_Figures):
    """How many were begun, came to a result, and have not (yet)."""

    begun: int
    finished: int
    unfinished: int


class StepFigures(_Figures):
    """One question of the interview: how many consultations came to it, and how many stand there without a result."""

    question: str
    label: str
    reached: int
    left: int


class ProgrammeFigures(_Figures):
    """A programme: how many consultations are eligible, and the least and the most that it comes to for all of them."""

    programme: str
    label: str
    citation: str
    eligible: int
    least: Decimal
    most: Decimal | None

    @field_serializer("least", "most", when_used="json")
    def _plain(self, yuan: Decimal | None) -> JsonValue:
        return None if yuan is None else value_to_json(yuan)


class DocumentFigures(_Figures):
    """A document: how many questions were asked about it, and how many of them it does not answer."""

    policy: str
    name: str
    asked: int
    unanswered: int


class HandoverFigures(_Figures):
    """How many were asked for and answered, and the median of seconds to the first answer."""

    opened: int
    answered: int
    seconds: float | None


class DayFigures(_Figures):
    """What happened on one day."""

    day: date
    begun: int = 0
    finished: int = 0
    questions: int = 0
    unanswered: int = 0
    leads: int = 0
    handovers: int = 0


class Statistics(_Figures):
    """All figures from ``since`` to ``until`` (None = ever). Keys of ``questions`` are outcomes and ``missed``."""

    since: date | None
    until: date | None
    consultations: ConsultationFigures
    steps: tuple[StepFigures, ...]
    programmes: tuple[ProgrammeFigures, ...]
    leads: dict[str, int]
    questions: dict[str, int]
    documents: tuple[DocumentFigures, ...]
    handovers: HandoverFigures
    days: tuple[DayFigures, ...]


async def note(connection: Connection, at: datetime, kind: str, about: str = "", detail: str = "") -> None:
    """Count something. ``detail`` must hold nothing personal."""
    await connection.execute(_NOTE, {"at": at, "kind": kind, "about": about, "detail": detail})


async def follow(work: Work, happening: Happening) -> Sequence[Addressed]:
    """Count what a turn brought; says nothing."""
    shelf = happening.house.shelf
    await count(work.connection, shelf, happening.session, happening.event, happening.now)
    return ()


async def count(connection: Connection, shelf: Shelf, session: Session, event: Event, now: datetime) -> None:
    """Count ``event``, which left the consultation at ``session``."""
    match event:
        case Started():
            await note(connection, now, STARTED, session.id)
        case Finished():
            await note(connection, now, FINISHED, session.id, json.dumps(_eligible(shelf, session)))
        case QuestionAsked(outcome=outcome):
            about = document_of(shelf, session, answered=outcome is Outcome.ANSWERED)
            await note(connection, now, QUESTION, session.id, f"{outcome} {about or ''}".rstrip())
        case Missed(asking=asking):
            await note(connection, now, MISSED, session.id, _place(asking or ""))
        case _:
            pass


def document_of(shelf: Shelf, session: Session, answered: bool = False) -> str | None:
    """The document that a question was about, which left the consultation at ``session``; None where that is not seen."""
    documents = [each.id for each in shelf.policy.documents]
    chosen = session.in_play if len(session.in_play) == 1 else ()
    spoken_of = [owner(name) for name in (session.topic, session.asking) if name]
    found = [*spoken_of, *chosen] if answered else [*chosen, *spoken_of]
    return documents[0] if len(documents) == 1 else next((each for each in found if each in documents), None)


async def remember_idle(connection: Connection, before: datetime) -> None:
    """Keep, of the consultations last touched ``before`` then, how far they came: they are about to be deleted."""
    await _remember(connection, Consultation.touched < before)


async def forget(connection: Connection, person: str) -> None:
    """Before all consultations of ``person`` are deleted: what was counted of them belongs to nobody from now on."""
    theirs = Consultation.person == person
    await _remember(connection, theirs)
    for old in (await connection.execute(select(Consultation.id).where(theirs))).scalars().all():
        await connection.execute(update(Happened).where(Happened.about == old).values(about=uuid.uuid4().hex))


async def _remember(connection: Connection, which: ColumnElement[bool]) -> None:
    rows = await connection.execute(select(Consultation.id, Consultation.state, Consultation.begun).where(which))
    kept = [
        {"at": begun, "kind": GONE, "about": id_, "detail": json.dumps(_way(state))}
        for id_, state, begun in rows
        if state.answers or state.asking
    ]
    if kept:
        await connection.execute(_NOTE, kept)


async def statistics(
    connection: Connection, shelf: Shelf, since: date | None = None, until: date | None = None
) -> Statistics:
    """What happened from the beginning of the day ``since`` to the end of ``until``. Raises SQLAlchemy's errors."""
    tally = _Tally()
    events = select(Happened.at, Happened.kind, Happened.about, Happened.detail).order_by(Happened.id)
    consultations = select(Consultation.id, Consultation.begun, Consultation.finished, Consultation.state)
    if since:
        first = midnight(since)
        events, consultations = events.where(Happened.at >= first), consultations.where(Consultation.begun >= first)
    if until:
        end = midnight(until + timedelta(days=1))
        events, consultations = events.where(Happened.at < end), consultations.where(Consultation.begun < end)
    for number, (id_, begun, finished, state) in enumerate(await connection.execute(consultations)):
        if number % 100 == 0:  # opening thousands takes a while, in which people want to be answered
            await asyncio.sleep(0)
        tally.consultation(id_, begun, finished, _way(state))
    for at, kind, about, detail in await connection.execute(events):
        tally.event(at, kind, about, detail)
    return tally.result(shelf, since, until)


@dataclass(slots=True)
class _Tally:
    """Figures in the making."""

    begun: dict[str, datetime] = field(default_factory=dict[str, datetime])
    finished: dict[str, datetime] = field(default_factory=dict[str, datetime])
    ways: dict[str, dict[str, object]] = field(default_factory=dict[str, dict[str, object]])
    eligible: dict[str, dict[str, list[str | None]]] = field(default_factory=dict[str, dict[str, list[str | None]]])
    leads: dict[str, str] = field(default_factory=dict[str, str])
    opened: dict[str, datetime] = field(default_factory=dict[str, datetime])
    answered: dict[str, datetime] = field(default_factory=dict[str, datetime])
    questions: Counter[str] = field(default_factory=Counter[str])
    documents: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    days: dict[date, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def consultation(self, id: str, begun: datetime, finished: datetime | None, way: dict[str, object]) -> None:
        self.ways[id] = way
        if finished is not None:
            self.finished[id] = finished
        if finished is not None or way["begun"]:
            self.begun[id] = begun

    def event(self, at: datetime, kind: str, about: str, detail: str) -> None:
        day = self.days[today(at)]
        match kind:
            case "gone":
                self.consultation(about, at, None, json.loads(detail))
            case "started":
                self.begun.setdefault(about, at)
            case "finished":
                self.begun.setdefault(about, at)
                self.finished.setdefault(about, at)
                self.eligible[about] = json.loads(detail)  # the last result counts
            case "question":
                outcome, _, document = detail.partition(" ")
                self.questions[outcome] += 1
                self.documents[document, outcome] += 1
                day["questions"] += 1
                day["unanswered"] += outcome == Outcome.OUT_OF_SCOPE
            case "missed":
                self.questions[MISSED] += 1
                day["unanswered"] += 1
            case "lead_state":
                day["leads"] += about not in self.leads
                self.leads[about] = detail
            case "handover_opened":
                day["handovers"] += 1
                self.opened[about] = at
            case "handover_answered":
                self.answered.setdefault(about, at)
            case _:
                pass

    def result(self, shelf: Shelf, since: date | None, until: date | None) -> Statistics:
        for name, times in (("begun", self.begun), ("finished", self.finished)):
            for at in times.values():
                self.days[today(at)][name] += 1
        waits = [
            (self.answered[about] - at).total_seconds() for about, at in self.opened.items() if about in self.answered
        ]
        finished = len(self.finished.keys() & self.begun.keys())
        asked = {outcome.value: self.questions[outcome.value] for outcome in Outcome}
        return Statistics(
            since=since,
            until=until,
            consultations=ConsultationFigures(
                begun=len(self.begun), finished=finished, unfinished=len(self.begun) - finished
            ),
            steps=tuple(self._steps(shelf)),
            programmes=tuple(self._programmes(shelf)),
            leads=dict(Counter(self.leads.values())),
            questions=asked | {MISSED: self.questions[MISSED]},
            documents=tuple(self._documents(shelf)),
            handovers=HandoverFigures(
                opened=len(self.opened), answered=len(waits), seconds=median(waits) if waits else None
            ),
            days=tuple(DayFigures(day=day, **counts) for day, counts in sorted(self.days.items()) if counts),
        )

    def _steps(self, shelf: Shelf) -> Iterable[StepFigures]:
        reached: Counter[str] = Counter()
        left: Counter[str] = Counter()
        for id_, way in self.ways.items():
            if id_ not in self.begun:
                continue
            reached.update(cast("list[str]", way["reached"]))
            if id_ not in self.finished and way["asking"]:
                left[str(way["asking"])] += 1
        for question, label in _questions(shelf):
            if reached[question] or left[question]:
                yield StepFigures(question=question, label=label, reached=reached[question], left=left[question])

    def _documents(self, shelf: Shelf) -> Iterable[DocumentFigures]:
        for each in shelf.policy.documents:
            asked = sum(count for (document, _), count in self.documents.items() if document == each.id)
            unanswered = self.documents[each.id, Outcome.OUT_OF_SCOPE.value]
            yield DocumentFigures(policy=each.id, name=each.name, asked=asked, unanswered=unanswered)

    def _programmes(self, shelf: Shelf) -> Iterable[ProgrammeFigures]:
        for programme in shelf.policy.programmes:
            sums = [found[programme.id] for found in self.eligible.values() if programme.id in found]
            least = sum((Decimal(low or 0) for low, _ in sums), Decimal(0))
            most = (
                None if any(high is None for _, high in sums) else sum((Decimal(h or 0) for _, h in sums), Decimal(0))
            )
            yield ProgrammeFigures(
                programme=programme.id,
                label=programme.label,
                citation=shelf.policy.clause(programme.clause).citation or "",
                eligible=len(sums),
                least=least,
                most=most,
            )


def _eligible(shelf: Shelf, session: Session) -> dict[str, list[str | None]]:
    """Per programme with an eligible claim, what its claims come to: the least and the most; none where they give way."""
    found: dict[str, tuple[Decimal, Decimal | None]] = {}
    for claim in derive(migrate(session, shelf)[0], shelf).assessment.claims:
        if claim.status is not Status.ELIGIBLE:
            continue
        low, high = found.get(claim.programme.id, (Decimal(0), Decimal(0)))
        if claim.amount is not None and claim.superseded_by is None:
            low += claim.amount.min
            high = None if high is None or claim.amount.max is None else high + claim.amount.max
        found[claim.programme.id] = low, high
    return {
        id_: [str(value_to_json(low)), None if high is None else str(value_to_json(high))]
        for id_, (low, high) in found.items()
    }


def _way(session: Session) -> dict[str, object]:
    """The questions that a consultation came to, each once, and the one that it stands at.

    ``begun``: something was answered; to have asked a question of one's own is no consultation.
    """
    asked = [_place(answer.path) for answer in session.answers if not answer.volunteered]
    asking = _place(session.asking or "")
    reached = dict.fromkeys([*asked, *([asking] if asking else [])])
    return {"begun": bool(session.answers), "reached": [*reached], "asking": asking}


def _place(path: str) -> str:
    """A question without the number of its item: ``pilots.0.selected`` → ``pilots.selected``, ``pilots.1`` → ``pilots``."""
    if path in MENUS:
        return ""
    return ".".join(part for part in path.split(".") if not part.isdigit() and part != MORE)


def _questions(shelf: Shelf) -> Iterable[tuple[str, str]]:
    """All questions in their order, with the pack's labels."""
    policy = shelf.policy
    yield SCREENING, policy.screening.question
    for subject in policy.subjects:
        if subject.many:
            yield subject.id, subject.any
        for fact in policy.facts:
            if fact.subject == subject.id:
                yield fact.id, fact.label
    if policy.cumulation:
        yield SAME_PROJECT, policy.clause(policy.cumulation.clause).title
