"""What may still be sent to whom: a ledger a person, kept in the database so that any process, and the next one, knows it.

A *bundle* is one or more replies that are shown as one row of messages. Which replies it holds, and how many of its
messages have been sent, is written down before they are: whoever comes after a crash sends the same messages under the
same ids, of which WeChat shows none twice. Knows no message.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.wechat.traits import CODE_LASTS, MOST_MESSAGES, WECHAT, WINDOW
from conversations.storage import channel_notes
from conversations.storage.sqlite_writer import InlineConnection
from conversations.storage.store import Work
from knowledge.patterns import regex

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NAMED = regex(r"(?P<salt>[0-9a-z]+)-(?P<first>[0-9a-z]+)-(?P<last>[0-9a-z]+)-(?P<nth>[0-9a-z]+)-(?P<part>[0-9a-z]+)")


class Bundle(BaseModel):
    """The replies ``first`` to ``last`` of the outbox, shown for the ``nth`` time.

    Its messages before ``at`` have been sent; those before ``upto`` may have been.
    """

    model_config = ConfigDict(frozen=True)

    first: int
    last: int
    nth: int = 0
    at: int = 0
    upto: int = 0

    @classmethod
    def read(cls, message: str, salt: str) -> "tuple[Bundle, int] | None":
        """Whose message, and which, ``message`` is by what it is called; None where it is none of ours."""
        found = _NAMED.fullmatch(message)
        if found is None or found["salt"] != salt:
            return None
        first, last, nth, part = (int(found[name], len(_DIGITS)) for name in ("first", "last", "nth", "part"))
        return cls(first=first, last=last, nth=nth), part

    def anew(self, nth: int, at: int) -> "Bundle":
        """To be shown once more from its message ``at`` on, under new names."""
        return self.model_copy(update={"nth": nth, "at": at, "upto": at})

    def same(self, other: "Bundle | None") -> bool:
        """Whether ``other`` are the same replies."""
        return other is not None and (self.first, self.last) == (other.first, other.last)

    def name(self, salt: str) -> str:
        """What its messages are called; ``salt`` tells this database from all others of the account."""
        return "-".join([salt, *map(_short, (self.first, self.last, self.nth))])

    def message_id(self, salt: str, part: int) -> str:
        """What its message ``part`` is called, the same at every try."""
        return f"{self.name(salt)}-{_short(part)}"


class Ledger(BaseModel):
    """How it stands with a person.

    ``heard``: when they wrote last (``last`` is that message), since which ``used`` messages were sent; so many of these
    as are ``reserved`` are on their way, and may be sent again. ``staff``: their session is with staff of 企业微信. ``code``
    lets one message be sent until ``code_until``, where they have not written since. ``bounced`` counts the times that
    messages came back. ``more``: they have been told that there is more of ``bundle``.
    """

    model_config = ConfigDict(frozen=True)

    heard: datetime | None = None
    last: str = ""
    used: int = 0
    reserved: int = 0
    staff: bool = False
    code: str = ""
    code_until: datetime | None = None
    bounced: int = 0
    bundle: Bundle | None = None
    more: bool = False

    def has_code(self, now: datetime) -> bool:
        """Whether there is a code that still lets one message be sent."""
        return self.code != "" and self.code_until is not None and now < self.code_until

    def budget(self, now: datetime) -> int:
        """How many messages may be sent now; with a code it is one."""
        if self.has_code(now):
            return 1
        if self.staff or self.heard is None or now - self.heard >= WINDOW:
            return 0
        return max(0, MOST_MESSAGES - self.used + self.reserved)

    def but(self, **changes: object) -> "Ledger":
        """The ledger with these changes."""
        return self.model_copy(update=changes)

    def all_shown(self) -> "Ledger":
        """The ledger where all messages of the bundle that were on their way have come."""
        if self.bundle is None:
            return self
        return self.but(bundle=self.bundle.model_copy(update={"at": self.bundle.upto}), reserved=0)

    def spoken_to(self, at: datetime, message: str) -> "Ledger":
        """They have written ``message``: there is room again, unless it is an earlier one that comes once more."""
        if message == self.last or (self.heard is not None and at < self.heard):
            return self
        return self.but(heard=at, last=message, used=0, reserved=0, code="")

    def ended(self, at: datetime) -> bool:
        """Whether the session in which something was ``at`` that time has ended."""
        return not self.staff and self.code_until is not None and at <= self.code_until - CODE_LASTS

    def session_over(self, code: str, at: datetime) -> "Ledger":
        """The session was over ``at`` that time: but for the one message that ``code`` lets through they have to write first.

        What they wrote in the same second or later may have been after it; then the code is refused, and they need none.
        """
        heard = self.heard if self.heard is not None and self.heard >= at else None
        return self.but(staff=False, heard=heard, code=code, code_until=at + CODE_LASTS)


async def load(work: Work, chat: str) -> Ledger | None:
    """The ledger of ``chat``, which nobody else changes until the end; None where nothing is kept of its person."""
    await work.lock({f"{WECHAT.name}:{chat}"})
    return await glance(work.connection, chat)


async def glance(connection: AsyncConnection | InlineConnection, chat: str) -> Ledger | None:
    """The ledger of ``chat`` as it is now."""
    found = await channel_notes.read(connection, WECHAT.name, [_key(chat)])
    return Ledger.model_validate_json(found[_key(chat)]) if found else None


async def save(work: Work, chat: str, ledger: Ledger) -> None:
    """Keep the ledger of ``chat``."""
    value = ledger.model_dump_json(exclude_defaults=True)
    await channel_notes.write(work, WECHAT.name, _key(chat), value, f"{WECHAT.name}:{chat}")


async def given_to_staff(work: Work, chat: str, at: datetime) -> bool:
    """Note that the session of ``chat`` was with staff of 企业微信 ``at`` that time; returns whether it is.

    It is not where that was in a session that has ended since, and where nothing is kept of the person.
    """
    ledger = await load(work, chat)
    if ledger is None or ledger.ended(at):
        return False
    if not ledger.staff:
        await save(work, chat, ledger.but(staff=True))
    return True


def _key(chat: str) -> str:
    return f"chat:{chat}"


def _short(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits or "0"
