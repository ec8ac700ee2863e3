"""What the server knows: people with their sessions, what was sent to them, and the log that ``sync_msg`` reads.

Knows nothing of HTTP. Its clock can be put on, so that no test waits for two days.
"""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
NEW, OURS, WAITING, STAFF, OVER = range(5)
PERSON, EVENT, FROM_STAFF = 3, 4, 5
WINDOW = 48 * 3600
CODE_LASTS = 20
MEDIA_LASTS = 3 * 24 * 3600
CODE_OF_THE_POOL_LASTS = 48 * 3600


@dataclass(frozen=True)
class Code:
    """What lets one message through: for whom, until when, in which state of the session (None: any), of which kinds."""

    who: str
    until: float
    state: int | None
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Media:
    """What was uploaded as an ``image`` or a ``file``, and until when it can be sent."""

    kind: str
    name: str
    content: bytes
    until: float


class RefusedError(Exception):
    """A call that is refused, with its number."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass(eq=False)
class Shown:
    """A message that a person has been shown; of a link ``url`` is where it leads. ``by`` is empty for the interface, else who of the staff wrote it."""

    id: str
    kind: str
    text: str
    items: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    file: tuple[str, bytes] | None = None
    url: str = ""
    by: str = ""
    on_event: bool = False


@dataclass(eq=False)
class Chat:
    """A person's conversation; ``said`` are the ids of what they wrote, ``acts`` the places in ``shown`` where they did."""

    who: str
    state: int = OVER
    heard: float = 0.0
    used: int = 0
    servicer: str = ""
    shown: list[Shown] = field(default_factory=list[Shown])
    waiting: set[asyncio.Future[None]] = field(default_factory=set[asyncio.Future[None]])

    def changed(self) -> None:
        """Wakes those who wait for something to happen here."""
        for future in self.waiting:
            if not future.done():
                future.set_result(None)
        self.waiting.clear()


class World:
    """One customer service."""

    def __init__(self, kf: str) -> None:
        self.kf = kf
        self.chats: dict[str, Chat] = {}
        self.log: list[Json] = []
        self.codes: dict[str, Code] = {}
        """Codes of events that are not used yet."""
        self.ids: set[str] = set()
        """All that messages were ever called."""
        self.media: dict[str, Media] = {}
        self.greeted: set[str] = set()
        self.servicers: list[Json] = [{"userid": "lisi", "status": 0}]
        self.ahead = 0.0
        self.pool_can_be_left = True
        """Whether a session may be ended that waits in the pool."""
        self.on_news: Callable[[], None] = lambda: None
        self._numbers = itertools.count(1)

    def now(self) -> float:
        """The server's time."""
        return time.time() + self.ahead

    def new(self, what: str) -> str:
        """A new id."""
        return f"{what}{next(self._numbers):06d}"

    def happens(self, origin: int, msgtype: str, content: Json, who: str = "", **more: str) -> Json:
        """Puts an entry into the log, and lets it be known."""
        entry: Json = {"msgid": self.new("m"), "send_time": int(self.now()), "origin": origin, "msgtype": msgtype}
        if msgtype != "event":
            entry |= {"open_kfid": self.kf, "external_userid": who}
        self.log.append(entry | more | {msgtype: content})
        self.on_news()
        return self.log[-1]

    def event(self, kind: str, who: str, **more: Any) -> Json:
        """Something that happened around a person."""
        return self.happens(EVENT, "event", {"event_type": kind, "open_kfid": self.kf, "external_userid": who, **more})

    def say(self, who: str, msgtype: str, content: Json) -> Json:
        """A person says something: a session that is over begins anew."""
        chat = self.chats[who]
        chat.heard, chat.used = self.now(), 0
        if chat.state == OVER:
            chat.state = NEW
        return self.happens(PERSON, msgtype, content, who)

    def uploaded(self, kind: str, ident: str) -> Media:
        """What was uploaded under that name, as that kind, less than three days ago. Raises ``RefusedError``."""
        found = self.media.get(ident)
        if found is None or found.kind != kind or found.until <= self.now():
            raise RefusedError(40007, "invalid media_id")
        return found

    def code_for(self, who: str, state: int | None = None) -> str:
        """A code by which one message can be sent to them, while their session is in that state."""
        code, with_staff = self.new("CODE"), state in (WAITING, STAFF)
        lasts = CODE_OF_THE_POOL_LASTS if with_staff else CODE_LASTS
        self.codes[code] = Code(who, self.now() + lasts, state, ("text",) if with_staff else ("text", "msgmenu"))
        return code

    def show(self, chat: Chat, shown: Shown) -> None:
        """A person is shown a message."""
        chat.shown.append(shown)
        chat.changed()

    def move(self, chat: Chat, state: int, servicer: str = "") -> str:
        """Puts a session into another state, where that may be; the code for the message that goes with it."""
        out = {3, 4} if self.pool_can_be_left else {3}
        allowed = {NEW: {1, 2, 3, 4}, OURS: {1, 2, 3, 4}, WAITING: out, STAFF: {3, 4}, OVER: set[int]()}
        if state not in allowed[chat.state]:
            raise RefusedError(95013 if chat.state == OVER else 95016, "state change not allowed")
        chat.state, chat.servicer = state, servicer
        return self.code_for(chat.who, state) if state in (WAITING, STAFF, OVER) else ""
