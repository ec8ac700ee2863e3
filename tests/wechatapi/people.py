"""The people's side: what somebody sees in WeChat and does there, and staff in 企业微信, in the hands of a test."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.wechat.render import GO_ON, GO_ON_HINT, SEVERAL
from tests.wechatapi.world import FROM_STAFF, OURS, OVER, STAFF, WAITING, Json, Shown, World

PATIENCE = 60.0
"""Seconds that a test waits for what must come: longer than a process takes to start again on a busy machine."""
_MENU = 10
"""So many items fill a menu: another may follow."""


@dataclass(eq=False)
class Screen:
    """All that a person has been shown between two things that they did, as one message of the botapi's shape."""

    visitor: "Visitor"
    first: int
    last: int | None = None

    @property
    def shown(self) -> list[Shown]:
        """The messages."""
        return self.visitor.chat.shown[self.first : self.last]

    @property
    def text(self) -> str:
        """Their words."""
        return "\n".join(each.text for each in self.shown)

    @property
    def keyboard(self) -> list[list[Json]]:
        """Their items."""
        return [[{"text": label, "callback_data": data}] for each in self.shown for data, label in each.items]

    @property
    def buttons(self) -> list[str]:
        """What the items read."""
        return [label for each in self.shown for _, label in each.items]

    @property
    def revision(self) -> int:
        """A number that grows with what is shown."""
        return self.first + len(self.shown)


@dataclass(eq=False)
class Visitor:
    """A person in WeChat; ``going_on`` asks for the rest by itself where the bot says that there is more."""

    world: World
    who: str
    screens: list[Screen] = field(default_factory=list[Screen])
    going_on: bool = True

    def __post_init__(self) -> None:
        self.chat = self.world.chats[self.who]
        self.screens.append(Screen(self, 0))

    @property
    def id(self) -> str:
        """Who it is."""
        return self.who

    @property
    def mark(self) -> int:
        """How much had been shown when the person last did something."""
        return self.screens[-1].first

    # -- what the person does

    async def send(self, text: str) -> Json:
        """Types a message."""
        self._act()
        return self.world.say(self.who, "text", {"content": text})

    async def press(self, label: str, screen: Screen | None = None) -> Json:
        """Presses the newest item that has ``label`` in it, of all or of a ``screen``."""
        shown = screen.shown if screen is not None else self.chat.shown
        for each in reversed(shown):
            for data, read in each.items:
                if label in read:
                    return self._press(data, read)
        raise AssertionError(f"no item {label!r}:\n{self.transcript()}")

    async def press_data(self, screen: Screen, data: str) -> Json:
        """Presses an item by what it says to the bot."""
        return self._press(data, next((read for each in screen.shown for d, read in each.items if d == data), "…"))

    async def send_media(self, kind: str, **content: Any) -> Json:
        """Sends a picture, a voice message, a file; or a card, of which ``content`` tells."""
        self._act()
        return self.world.say(self.who, kind, content or {"media_id": self.world.new("media")})

    async def enter(self, *, greets: bool = True) -> None:
        """Opens the conversation."""
        more = {"welcome_code": self.world.code_for(self.who)} if greets else {}
        self.world.event("enter_session", self.who, scene="qr", **more)

    async def staff_recalls(self, name: str = "lisi") -> None:
        """Somebody of the staff takes a message of theirs back."""
        self.world.event("servicer_recall_msg", self.who, recall_msgid="m", servicer_userid=name)

    async def recall(self, message: Json) -> None:
        """Takes a message back."""
        self.world.event("user_recall_msg", self.who, recall_msgid=message["msgid"])

    def fails(self, shown: Shown, fail_type: int) -> None:
        """A message that was taken does not arrive after all."""
        self.chat.shown.remove(shown)
        self.world.event("msg_send_fail", self.who, fail_msgid=shown.id, fail_type=fail_type)

    # -- what staff do in 企业微信

    async def staff_takes(self, name: str = "lisi") -> None:
        """Somebody takes the person out of the pool."""
        assert self.chat.state == WAITING
        self.chat.state, self.chat.servicer = STAFF, name
        code = self.world.code_for(self.who, STAFF)
        self.world.event("session_status_change", self.who, change_type=1, new_servicer_userid=name, msg_code=code)

    async def staff_takes_over(self, name: str = "lisi") -> None:
        """Somebody takes the session of a person who is with the bot, or over, and says nothing yet."""
        self.chat.state, self.chat.servicer = STAFF, name
        self.world.event(
            "session_status_change", self.who, change_type=4, old_servicer_userid="", new_servicer_userid=name
        )

    async def staff_says(self, text: str, name: str = "lisi") -> None:
        """Somebody of the staff writes; who is with the bot is with them from now on."""
        if self.chat.state in (0, OURS, OVER):
            await self.staff_takes_over(name)
        self.world.show(self.chat, Shown(self.world.new("staff"), "text", text, by=name))
        self.world.happens(FROM_STAFF, "text", {"content": text}, self.who, servicer_userid=name)

    async def staff_ends(self, name: str = "lisi") -> None:
        """Somebody of the staff ends the session."""
        self.chat.state = OVER
        code = self.world.code_for(self.who, OVER)
        self.world.event("session_status_change", self.who, change_type=3, old_servicer_userid=name, msg_code=code)

    # -- what the person sees

    @property
    def messages(self) -> list[Screen]:
        """All screens so far, oldest first."""
        return self.screens

    def transcript(self) -> str:
        """Everything, for a failing test to print."""
        return "\n".join(
            f"[{each.id}] {each.text} {[label for _, label in each.items] or ''}" for each in self.chat.shown
        )

    async def wait_for(
        self, text: str | None = None, *, check: Callable[[Any], bool] | None = None, since: int | None = None
    ) -> Screen:
        """The screen since the last act (or since so much was shown), once it fits. Raises AssertionError."""
        screen = self.screens[-1] if since is None else Screen(self, since)
        end = time.monotonic() + PATIENCE
        while True:
            fits = screen.shown and (text is None or text in screen.text) and (check is None or check(screen))
            if fits:
                if not await self._more_to_come(screen):
                    return screen
            elif screen.shown and GO_ON_HINT in screen.shown[-1].text and self.going_on:
                self.world.say(self.who, "text", {"content": GO_ON})
                screen.shown[-1].text = screen.shown[-1].text.replace(GO_ON_HINT, "")
            elif not await self._change(end):
                raise AssertionError(f"not shown within {PATIENCE} s: {text or check}\n{self.transcript()}")

    async def wait_until(self, holds: Callable[[], bool]) -> None:
        """Waits until something holds. Raises AssertionError with the transcript."""
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, f"not so within {PATIENCE} s:\n{self.transcript()}"
            await asyncio.sleep(0.01)

    async def _more_to_come(self, screen: Screen) -> bool:
        """Whether the last menu is full, and another follows; below the last toggles it is told what to do with them."""
        last = screen.shown[-1]
        if len(last.items) < _MENU or SEVERAL in last.text:
            return False
        toggles = any(label[0] in "☐☑" for _, label in last.items)
        before = len(self.chat.shown)
        await self._change(time.monotonic() + (PATIENCE if toggles else 1.0))
        return len(self.chat.shown) > before

    async def _change(self, end: float) -> bool:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.chat.waiting.add(future)
        done, _ = await asyncio.wait([future], timeout=max(0.0, end - time.monotonic()))
        self.chat.waiting.discard(future)
        return bool(done)

    def _press(self, data: str, label: str) -> Json:
        self._act()
        return self.world.say(self.who, "text", {"content": label, "menu_id": data})

    def _act(self) -> None:
        self.screens[-1].last = len(self.chat.shown)
        self.screens.append(Screen(self, len(self.chat.shown)))
