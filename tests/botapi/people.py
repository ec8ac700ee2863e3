"""The people's side: what a person sees in Telegram and what they can do there, in the hands of a test.

A person acts at one place, a private chat by default; ``at`` gives the same person in a group or a topic. Waiting
looks only at what has changed since the person last did something.
"""

import asyncio
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from tests.botapi.entities import spoken
from tests.botapi.wire import Json, utf16
from tests.botapi.world import ADMIN_RIGHTS, Callback, Chat, Member, Message, World

_MEDIA: dict[str, Any] = {
    "photo": [{"file_id": "photo", "file_unique_id": "photo", "width": 90, "height": 60, "file_size": 900}],
    "voice": {"file_id": "voice", "file_unique_id": "voice", "duration": 3, "mime_type": "audio/ogg"},
    "sticker": {
        "file_id": "sticker",
        "file_unique_id": "sticker",
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
    },
    "location": {"latitude": 34.7466, "longitude": 113.6253},
    "video": {"file_id": "video", "file_unique_id": "video", "width": 90, "height": 60, "duration": 3},
    "document": {"file_id": "paper", "file_unique_id": "paper", "file_name": "执照.pdf", "file_size": 900},
}
_queries = itertools.count(4_000_000_000_000)
PATIENCE = 60.0
"""Seconds that a test waits for what must come: longer than a process takes to start again on a busy machine."""


@dataclass(eq=False)
class Person:
    """A person at a place."""

    world: World
    user: Json
    chat: Chat
    thread: int | None = None
    mark: int = 0
    """The revision when the person last did something."""

    @classmethod
    def create(cls, world: World, user_id: int, name: str, *, started: bool) -> Self:
        """A person with a private chat of their own."""
        user: Json = {"id": user_id, "is_bot": False, "first_name": name, "language_code": "zh-hans"}
        chat = world.chats.setdefault(user_id, Chat(user_id, "private", {"first_name": name}, opened=started))
        return cls(world, user, chat)

    def at(self, group: "Group", thread: int | None = None) -> "Person":
        """The same person in a group, or in one of its topics."""
        return Person(self.world, self.user, group.chat, thread, self.world.revision)

    @property
    def id(self) -> int:
        """The person's Telegram id, the private chat's as well."""
        return self.user["id"]

    # -- what the person does

    async def send(self, text: str, *, reply_to: Message | None = None) -> Message:
        """Types a message; one that starts with a slash is a command. Telegram splits what is over 4096 characters."""
        if utf16(text) > 4096:
            for start in range(0, len(text) - 4096, 4096):
                await self._post(text[start : start + 4096])
            text = text[(len(text) - 1) // 4096 * 4096 :]
        return await self._post(text, reply_to=reply_to.id if reply_to else None)

    async def forward(self, text: str, sender: str = "王总", *, hidden: bool = True, user_id: int = 7) -> Message:
        """Passes on somebody's message; ``hidden`` = their name alone is shown."""
        named: Json = {"type": "hidden_user", "sender_user_name": sender}
        if not hidden:
            named = {"type": "user", "sender_user": {"id": user_id, "is_bot": False, "first_name": sender}}
        return await self._post(text, extra={"forward_origin": named | {"date": int(time.time()) - 600}})

    async def share_contact(self, phone: str, *, own: bool = True) -> Message:
        """Shares a phone number by the button, or (not ``own``) somebody else's card."""
        card: Json = {"phone_number": phone, "first_name": self.user["first_name"]}
        return await self._post("", extra={"contact": card | ({"user_id": self.id} if own else {})})

    async def send_media(self, kind: str, caption: str = "") -> Message:
        """Sends a photo, voice, sticker, location, video or document."""
        return await self._post(caption, extra={kind: _MEDIA[kind]})

    async def edit(self, message: Message, text: str) -> None:
        """Changes a message sent before."""
        self._act()
        message.text, message.entities, message.edited = text, spoken(text), int(time.time())
        self._push("edited_message", message)

    async def press(self, label: str, message: Message | None = None) -> Callback | Message:
        """Presses the newest button with that label (whole, else part of it).

        Given ``message``: a button that stands under it, or once stood there (an old screen pressed late). A button
        of a reply keyboard sends its label as a message.
        """
        found, button = self._button(label, message)
        if not (found.markup and "keyboard" in found.markup):
            return await self.press_data(found, button["callback_data"])
        if button.get("request_contact"):
            return await self.share_contact("+8613800000000")
        return await self.send(button["text"])

    async def press_data(self, message: Message, data: str) -> Callback:
        """Presses a button by its data, whether or not it is there."""
        self._act()
        callback = Callback(str(next(_queries)), data, message)
        self.world.callbacks[callback.id] = callback
        body: Json = {"id": callback.id, "from": self.user, "message": message.json(), "data": data}
        body["chat_instance"] = str(message.chat.id)
        self.world.updates.push("callback_query", body, message.chat.id)
        return callback

    async def block(self) -> None:
        """Blocks the bot."""
        self._membership("kicked")

    async def unblock(self) -> None:
        """Lets the bot write again."""
        self._membership("member")

    # -- what the person sees

    @property
    def messages(self) -> list[Message]:
        """The bot's messages at this place as they stand now, oldest first."""
        bot = self.world.bot["id"]
        return [m for m in self._visible() if m.sender["id"] == bot and "forum_topic_created" not in m.extra]

    @property
    def last(self) -> Message:
        """The bot's newest message here."""
        return self.messages[-1]

    def transcript(self) -> str:
        """Everything at this place, for a failing test to print."""
        bot = self.world.bot["id"]
        lines = [
            f"{'BOT' if m.sender['id'] == bot else '   '} {m.id}: {m.text} {m.buttons or ''}" for m in self._visible()
        ]
        return "\n".join(lines)

    async def wait_for(
        self,
        text: str | None = None,
        *,
        button: str | None = None,
        check: Callable[[Message], bool] | None = None,
        since: int | None = None,
        within: float = PATIENCE,
    ) -> Message:
        """The newest message of the bot's, new or changed since ``since`` (default: the person's last act), that fits.

        ``text`` is in it, ``button`` is part of a label under it, ``check`` holds. Raises AssertionError with the
        transcript where none comes within ``within`` seconds.
        """
        mark = self.mark if since is None else since
        deadline = time.monotonic() + within
        while True:
            for message in reversed(self.messages):
                if message.revision > mark and _fits(message, text, button, check):
                    return message
            if not await self._change(deadline):
                wanted = ", ".join(f"{k}={v!r}" for k, v in (("text", text), ("button", button), ("check", check)) if v)
                raise AssertionError(f"no message with {wanted or 'anything'} within {within} s:\n{self.transcript()}")

    async def wait_until(self, holds: Callable[[], bool], within: float = PATIENCE) -> None:
        """Waits until something holds, in this chat or anywhere. Raises AssertionError with the transcript."""
        deadline = time.monotonic() + within
        while not holds():
            assert time.monotonic() < deadline, f"not so within {within} s:\n{self.transcript()}"
            await asyncio.sleep(0.01)

    async def quiet(self, seconds: float = 0.2) -> None:
        """Waits until all of an answer in several messages is there: the bot has taken in what was said in this chat,
        and nothing has happened in it for ``seconds``.
        """
        await self.wait_until(lambda: not self.world.updates.waiting(self.chat.id))
        while await self._change(time.monotonic() + seconds):
            pass

    async def hears_nothing(self, seconds: float = 0.5) -> None:
        """Raises AssertionError where the bot says anything within ``seconds`` (and since the person's last act)."""
        await asyncio.sleep(seconds)
        news = [m for m in self.messages if m.revision > self.mark]
        assert not news, f"the bot should keep silent:\n{self.transcript()}"

    async def _change(self, deadline: float) -> bool:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.chat.waiting.add(future)
        done, _ = await asyncio.wait([future], timeout=max(0.0, deadline - time.monotonic()))
        self.chat.waiting.discard(future)
        return bool(done)

    # -- inside

    def _visible(self) -> list[Message]:
        return [m for m in self.chat.messages.values() if not m.deleted and m.thread == self.thread]

    def _act(self) -> None:
        self.mark = self.world.revision
        if self.chat.private:
            self.chat.opened = True

    async def _post(self, text: str, **fields: Any) -> Message:
        message = self.world.say(
            self.chat, self.user, text.strip(), entities=spoken(text), thread=self.thread, **fields
        )
        self._act()
        self._push("message", message)
        return message

    def _push(self, kind: str, message: Message) -> None:
        if self.world.hears(message):
            self.world.updates.push(kind, message.json(), self.chat.id)

    def _button(self, label: str, message: Message | None) -> tuple[Message, Json]:
        for exact in (True, False):
            for found in [message] if message is not None else reversed(self.messages):
                keyboards = [found.keyboard]
                if message is not None:
                    keyboards += [(markup or {}).get("inline_keyboard", []) for _, markup in reversed(found.history)]
                for button in (button for rows in keyboards for row in rows for button in row):
                    if button["text"] == label if exact else label in button["text"]:
                        return found, button
        raise AssertionError(f"no button {label!r}:\n{self.transcript()}")

    def _membership(self, status: str) -> None:
        bot = self.world.bot
        old = self.chat.members.get(bot["id"], Member(bot))
        new = Member(bot, status)
        self.chat.members[bot["id"]] = new
        body: Json = {"chat": self.chat.json(), "from": self.user, "date": int(time.time())}
        body |= {"old_chat_member": old.json(), "new_chat_member": new.json()}
        self.world.updates.push("my_chat_member", body, self.chat.id)


def _fits(message: Message, text: str | None, button: str | None, check: Callable[[Message], bool] | None) -> bool:
    if text is not None and text not in message.text:
        return False
    if button is not None and not any(button in label for label in message.buttons):
        return False
    return check is None or check(message)


@dataclass(eq=False)
class Group:
    """A group: its members, topics, and what happens to the bot in it."""

    world: World
    chat: Chat

    @classmethod
    def create(
        cls,
        world: World,
        chat_id: int,
        title: str,
        members: Sequence[Person],
        *,
        forum: bool,
        bot: str | None,
        rights: Sequence[str],
    ) -> Self:
        """A group whose owner is the first of the members."""
        kind = "supergroup" if forum or str(chat_id).startswith("-100") else "group"
        chat = world.chats[chat_id] = Chat(chat_id, kind, {"title": title}, forum=forum)
        for person in members:
            chat.members[person.id] = Member(person.user, "member" if chat.members else "creator")
        group = cls(world, chat)
        if bot is not None:
            group.set_bot(bot, rights)
        return group

    def promote(self, person: Person, *rights: str) -> None:
        """Makes a member an administrator, with all rights where none is named."""
        self.chat.members[person.id] = Member(person.user, "administrator", frozenset(rights or ADMIN_RIGHTS))

    def demote(self, person: Person) -> None:
        """Makes an administrator an ordinary member."""
        self.chat.members[person.id] = Member(person.user)

    def remove(self, person: Person) -> None:
        """Takes a member out."""
        self.chat.members[person.id] = Member(person.user, "left")

    def set_bot(self, status: str, rights: Sequence[str] = ()) -> None:
        """Adds, promotes, demotes or removes the bot; it is told so."""
        bot = self.world.bot
        old = self.chat.members.get(bot["id"], Member(bot, "left"))
        new = self.chat.members[bot["id"]] = Member(bot, status, frozenset(rights))
        owner = next((m.user for m in self.chat.members.values() if m.status == "creator"), bot)
        body: Json = {"chat": self.chat.json(), "from": owner, "date": int(time.time())}
        body |= {"old_chat_member": old.json(), "new_chat_member": new.json()}
        self.world.updates.push("my_chat_member", body, self.chat.id)

    async def migrate(self) -> "Group":
        """Turns the basic group into a supergroup with an id of its own; the old one takes no calls any more."""
        old = self.chat
        new = Chat(-1_000_000_000_000 + old.id, "supergroup", old.names, members=dict(old.members))
        self.world.chats[new.id] = new
        owner = next(m.user for m in old.members.values() if m.status == "creator")
        leaving = self.world.say(old, owner, extra={"migrate_to_chat_id": new.id})
        arriving = self.world.say(new, owner, extra={"migrate_from_chat_id": old.id})
        old.migrated_to = new.id
        self.world.updates.push("message", leaving.json(), old.id)
        self.world.updates.push("message", arriving.json(), new.id)
        return Group(self.world, new)
