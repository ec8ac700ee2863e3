"""The first page: what waits for somebody, and what the figures say; nothing personal in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from starlette.requests import Request
from starlette.responses import Response

from bot.web.desk import charts
from bot.web.desk.handovers import waiting
from bot.web.desk.login import clerk
from bot.web.desk.page import DeskPage, route
from conversations.office import leads, unanswered
from conversations.office.leads import Reader
from conversations.office.statistics import Statistics, statistics
from conversations.office.statistics_wording import QUESTIONS, lasted, summed
from conversations.saying.registration import STATES
from conversations.state import office_time
from conversations.state.leads import ENDED, LeadState
from conversations.storage.tables_leads import Lead

SPANS = {"30": "近 30 天", "90": "近 90 天", "all": "全部"}
USUAL = "30"
REMINDERS = 8
"""So many leads that want looking at stand on the page; the list has all."""
_SHORT = {LeadState.NEW.value: "新", LeadState.DOCUMENTS.value: "备材料", LeadState.DECLINED.value: "不办"}
"""Names of states that fit under a bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a list with a bar: ``share`` of the longest, in percent."""

    label: str
    share: int
    value: str
    note: str = ""


class Dashboard(DeskPage):
    """The figures of the last days, or of all time."""

    path = "/"
    route_name = "index"
    menu_label = "总览"
    icon = "fa-solid fa-chart-line"

    @route("")
    async def index(self, request: Request) -> Response:
        """The dashboard; ``span`` is one of ``SPANS``."""
        span = request.query_params.get("span", USUAL)
        span = span if span in SPANS else USUAL
        now = datetime.now(UTC)
        today = office_time.today(now)
        since = None if span == "all" else today - timedelta(days=int(span) - 1)
        async with self.service.store.reading() as connection:
            found = await statistics(connection, self.service.shelf, since)
            states = await _states(connection)
            due = await leads.count(connection, *_due(today))
            overdue = await _overdue(connection, today)
            questions = len(await unanswered.groups(connection))
            people = await waiting(connection)
        labels, begun, finished = charts.over_time(found.days, since, today)
        trend = charts.lines("开始和看到结果的咨询", labels, [("开始", begun), ("看到结果", finished)])
        counts = found.consultations
        context = {
            "span": span,
            "spans": SPANS,
            "counts": counts,
            "completion": round(100 * counts.finished / counts.begun) if counts.begun else None,
            "today": today,
            "new": states.get(LeadState.NEW.value, 0),
            "due": due,
            "overdue": [_reminder(lead, request, today) for lead in overdue],
            "questions": questions,
            "waiting": people,
            "trend": trend if counts.begun else None,
            "table": [row for row in zip(labels, begun, finished, strict=True) if any(row[1:])],
            "steps": _steps(found),
            "programmes": _programmes(found),
            "asked": _asked(found),
            "states": {STATES[state]: number for state, number in states.items()},
            "leads": charts.bars("登记按状态", [(_SHORT.get(s, STATES[s]), n) for s, n in states.items()]),
            "handovers": found.handovers,
            "wait": "" if (seconds := found.handovers.seconds) is None else lasted(seconds),
        }
        return self.render(request, "dashboard.html", context)


def _due(today: date) -> Sequence[ColumnElement[bool]]:
    return Lead.follow_up <= today, Lead.state.not_in([state.value for state in ENDED])


async def _overdue(connection: Reader, today: date) -> Sequence[Any]:
    """The leads that want looking at, the longest overdue first."""
    columns = Lead.id, Lead.enterprise, Lead.state, Lead.assignee, Lead.follow_up
    late = select(*columns).where(*_due(today)).order_by(Lead.follow_up, Lead.id).limit(REMINDERS)
    return (await connection.execute(late)).all()


def _reminder(lead: Any, request: Request, today: date) -> dict[str, object]:
    me = clerk(request)
    days = (today - lead.follow_up).days
    return {
        "id": lead.id,
        "enterprise": lead.enterprise,
        "state": lead.state,
        "label": STATES[lead.state],
        "who": me.names.get(lead.assignee or "", "还没有人"),
        "mine": lead.assignee == me.account.person,
        "late": f"过了 {days} 天" if days else "今天",
    }


async def _states(connection: Reader) -> dict[str, int]:
    """How many leads are in each state, in the order of the states; one that has joined another counts no more."""
    rows = await connection.execute(select(Lead.state, func.count()).where(Lead.merged.is_(None)).group_by(Lead.state))
    counted = {row[0]: row[1] for row in rows}
    return {state: counted.get(state, 0) for state in STATES} if counted else {}


def _bars(values: Sequence[tuple[str, int]]) -> list[Bar]:
    longest = max((value for _, value in values), default=0) or 1
    return [Bar(label, round(100 * value / longest), str(value)) for label, value in values]


def _steps(found: Statistics) -> list[Bar]:
    longest = max((step.reached for step in found.steps), default=0) or 1
    return [
        Bar(step.label, round(100 * step.reached / longest), str(step.reached), str(step.left) if step.left else "")
        for step in found.steps
    ]


def _programmes(found: Statistics) -> list[Bar]:
    eligible = sorted((each for each in found.programmes if each.eligible), key=lambda each: -each.eligible)
    longest = max((each.eligible for each in eligible), default=0) or 1
    return [
        Bar(
            f"{each.label}（{each.citation}）",
            round(100 * each.eligible / longest),
            str(each.eligible),
            summed(each.least, each.most),
        )
        for each in eligible
    ]


def _asked(found: Statistics) -> list[Bar]:
    return _bars([(QUESTIONS.get(kind, kind), count) for kind, count in found.questions.items() if count])
