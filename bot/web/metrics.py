"""``/metrics``: what the service does, counted for Prometheus. Nothing personal: channels, outcomes, times, lengths.

The service tells ``Metrics.taken`` of each message once it is kept; what lies in the outbox is counted when asked.
"""

import hmac
import time
from collections.abc import Sequence

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.entrance import LOCAL, is_within
from conversations.state.events import Event, Missed, QuestionAsked
from conversations.state.messages import Inbound
from conversations.storage.channel_notes import UNTIL_THEY_WRITE
from conversations.storage.store import Store
from conversations.storage.tables import Outbox
from conversations.storage.tables_aside import SetAside

_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """What is counted in this process, in ``registry``."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._messages = Counter("wence_messages", "Messages taken in.", ["channel"], registry=registry)
        self._turns = Histogram(
            "wence_turn_seconds",
            "From the arrival of a message until its whole effect is kept.",
            buckets=_SECONDS,
            registry=registry,
        )
        self._questions = Counter("wence_questions", "Free questions by outcome.", ["outcome"], registry=registry)
        self._missed = Counter("wence_answers_missed", "Answers that were not understood.", registry=registry)
        self._requests = Counter(
            "wence_api_requests", "Requests of the HTTP API.", ["operation", "status"], registry=registry
        )
        self._outbox = Gauge("wence_outbox", "Replies that are not delivered yet.", ["channel"], registry=registry)
        self._aside = Gauge(
            "wence_set_aside", "What could not be dealt with and lies aside.", ["kind"], registry=registry
        )
        begun = time.monotonic()
        uptime = Gauge("wence_uptime_seconds", "Seconds since this process began to serve.", registry=registry)
        uptime.set_function(lambda: time.monotonic() - begun)

    def taken(self, inbound: Inbound, seconds: float, events: Sequence[Event]) -> None:
        """Count a message that was taken in, how long that took, and what came of it."""
        self._messages.labels(inbound.channel).inc()
        self._turns.observe(seconds)
        for event in events:
            match event:
                case QuestionAsked(outcome=outcome):
                    self._questions.labels(outcome.value).inc()
                case Missed():
                    self._missed.inc()
                case _:
                    pass

    def requested(self, operation: str, status: int) -> None:
        """Count a request of the HTTP API."""
        self._requests.labels(operation, str(status)).inc()

    def route(self, store: Store, token: str = "") -> Route:
        """``/metrics``, for who brings ``token``, or, without one, asks on this machine; 503 without the database."""

        async def metrics(request: Request) -> Response:
            if not _may_look(request, token):
                return Response("a token is needed: WENCE_METRICS_TOKEN\n", 401, {"www-authenticate": "Bearer"})
            try:
                async with store.reading() as connection:
                    waiting = (await connection.execute(_WAITING)).all()
                    aside = (await connection.execute(_ASIDE)).all()
            except (SQLAlchemyError, OSError):
                return Response("the database does not answer\n", 503)
            self._outbox.clear()
            for channel, number in waiting:
                self._outbox.labels(channel).set(number)
            self._aside.clear()
            for kind, number in aside:
                self._aside.labels(kind).set(number)
            return Response(generate_latest(self._registry), headers={"content-type": CONTENT_TYPE_LATEST})

        return Route("/metrics", metrics)


def _may_look(request: Request, token: str) -> bool:
    if token:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode("latin-1", "replace"), f"Bearer {token}".encode())
    here = request.client is not None and is_within(request.client.host, LOCAL)
    return here and not any(name in request.headers for name in ("x-forwarded-for", "forwarded", "via"))


_DUE = or_(Outbox.retry_at.is_(None), Outbox.retry_at < UNTIL_THEY_WRITE)
_WAITING = select(Outbox.channel, func.count()).where(Outbox.done_at.is_(None), _DUE).group_by(Outbox.channel)
_ASIDE = select(SetAside.kind, func.count()).group_by(SetAside.kind)
