"""The consultation in a terminal: numbered choices, history, and the next time it goes on where it was.

Without a terminal it takes one message a line and forgets it at the end. Decides nothing: it shows what the dialogue
says, and hands on what is typed.
"""

from __future__ import annotations

import asyncio
import getpass
import itertools
import os
import sys
import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.channel import MakeFile, Registration
from conversations.consultation.dialogue import turn
from conversations.state.channels import Ability, ChannelTraits, either
from conversations.state.markup import plain
from conversations.state.messages import Choice, Inbound, Kind, Reply
from conversations.state.session import Session
from conversations.state.shelf import Shelf
from knowledge.patterns import regex

if TYPE_CHECKING:
    from conversations.service import Outgoing, Service

TERMINAL = ChannelTraits(name="terminal", label="终端", private=str, abilities=frozenset({Ability.FILES}))
REGISTRATION = Registration(TERMINAL)
COMMAND = "wence chat"
LEAVE = frozenset({"/quit", "/exit", "quit", "exit", "退出", "再见"})
WIDTH = 78
_BOLD = regex(r"\*\*([^*\n]+)\*\*")


def chat(shelf: Shelf, served: Sequence[ChannelTraits], database_url: str, data_key: str = "") -> int:
    """Hold a consultation until the person leaves, kept in the database; returns the exit status.

    ``served`` are the channels that a server has, for who needs one where things are kept.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        _lines(shelf, served)
        return 0
    with suppress(KeyboardInterrupt):
        asyncio.run(_conversation(shelf, database_url, data_key))
    print(f"再见。下次输入 {COMMAND}，接着问。")
    return 0


def show(reply: Reply, bold: bool = False) -> str:
    """A reply as lines for a terminal, its buttons by what to type for them; ``bold`` where the terminal can."""
    shown = _without_controls("\n".join([reply.text, *_choices(reply.choices)]))
    return plain(_BOLD.sub("\x1b[1m\\1\x1b[0m", shown) if bold else shown)


def _lines(shelf: Shelf, served: Sequence[ChannelTraits]) -> None:
    """One message a line on standard input; the consultation lasts as long as the input."""
    at_home_first = sorted(served, key=lambda traits: bool(traits.abroad))
    unkept = {"kept": False, "elsewhere": either([COMMAND, *(traits.label for traits in at_home_first)])}
    session = Session.begin(uuid.uuid4().hex, TERMINAL.name, shelf, _now())
    for text in itertools.chain(["/start"], (line.strip() for line in sys.stdin)):
        if text in LEAVE:
            return
        if text:
            taken = turn(session, _inbound(session.person, text).model_copy(update=unkept), shelf, _now())
            session = taken.session
            for reply in taken.replies:
                print(show(reply), end="\n\n", flush=True)


class Terminal:
    """The channel: what it is to show waits until ``show_all`` has time for it."""

    traits = TERMINAL

    def __init__(self, service: Service, make_file: MakeFile, bold: bool) -> None:
        self._service = service
        self._make_file = make_file
        self._bold = bold
        self._waiting: list[Outgoing] = []

    def deliver(self, outgoings: Sequence[Outgoing]) -> None:
        """Take replies over."""
        self._waiting += outgoings

    async def show_all(self) -> None:
        """Show what waits, with its files; each is noted once it is seen."""
        while self._waiting:
            outgoing = self._waiting.pop(0)
            print(show(outgoing.reply, self._bold), end="\n\n")
            if outgoing.reply.file is not None:
                print(_saved(outgoing.reply.file, await self._make_file(outgoing.reply)))
            await self._service.delivered(outgoing.id, uuid.uuid4().hex)


async def _conversation(shelf: Shelf, database_url: str, data_key: str) -> None:
    """A conversation kept in the database, so that the next one goes on where this one was left."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.formatted_text import HTML
    from prompt_toolkit.patch_stdout import patch_stdout

    from conversations.office import documents
    from conversations.service import Service
    from conversations.storage.store import Store

    person = f"{TERMINAL.name}:{_user()}"
    bold = os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")
    store = await Store.open(database_url, data_key=data_key)
    try:
        service = Service(shelf, store)
        await service.read_notes()
        terminal = Terminal(service, documents.maker(shelf, store), bold)
        for left in await service.pending(TERMINAL.name, own=True):
            await service.delivered(left.id, uuid.uuid4().hex)  # said again below
        policy = shelf.policy
        print(f"问策 · {policy.number} · 输入 /help 看用法，Ctrl-D 离开（下次接着问）\n")
        prompt: PromptSession[str] = PromptSession(HTML("<b>&gt; </b>"))
        text = "/start"
        while text not in LEAVE:
            if text:
                terminal.deliver(await service.handle(_inbound(person, text)))
                await terminal.show_all()
            with patch_stdout():
                text = (await prompt.prompt_async()).strip()
    except EOFError:
        pass
    finally:
        await store.close()


def _saved(name: str, content: bytes) -> str:
    """Put a file into the current folder, beside what is there already; says where it is."""
    named = Path(name)
    numbered = (named.with_stem(f"{named.stem}-{number}") for number in itertools.count(2))
    place = next(place for place in itertools.chain((named,), numbered) if not place.exists())
    try:
        place.write_bytes(content)
    except OSError as error:
        return f"文件没能存下来：{error}\n"
    return f"文件存到了 {place.resolve()}\n"


def _inbound(person: str, text: str) -> Inbound:
    ident = uuid.uuid4().hex
    return Inbound(
        id=ident, channel=TERMINAL.name, person=person, chat=person, kind=Kind.TEXT, text=text, at=_now(), message=ident
    )


def _without_controls(text: str) -> str:
    """``text`` without what a terminal would obey: the person's own words come back in it."""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf"))


def _choices(rows: Iterable[Iterable[Choice]]) -> list[str]:
    """The buttons: signs and numbers before their labels, in columns where there are many; words to type at the end."""
    choices = [choice for row in rows for choice in row]
    signs = [choice for choice in choices if not _is_word(choice.key)]
    words = [choice for choice in choices if _is_word(choice.key)]
    shown = [
        # a sign that begins its label (改成 省级) is seen in it
        f"   {choice.label}"
        if choice.label.startswith(choice.key) and not choice.key.isdigit()
        else f"{choice.key:>2} {'✓' if choice.on else ''}{choice.label}"
        for choice in signs
    ]
    line = f"  {'   '.join(each.strip() for each in shown)}"
    lines = _columns(shown) if len(shown) > 5 or _width(line) > WIDTH else [line] if shown else []
    if any(choice.on is not None for choice in choices):
        lines.append("  可多选，用空格分开，例如 1 3")
    if words:
        told = (c.key if c.key in c.label else f"{c.key}（{c.label}）" for c in words)
        lines.append(f"  也可以输入：{' · '.join(told)}")
    return lines


def _is_word(key: str) -> bool:
    return len(key) > 1 and not key.isdigit()


def _columns(shown: list[str]) -> list[str]:
    width = max(map(_width, shown)) + 3
    columns = max(1, (WIDTH - 2) // width)
    height = -(-len(shown) // columns)
    rows = ([shown[i] for i in range(row, len(shown), height)] for row in range(height))
    return ["  " + "".join(each + " " * (width - _width(each)) for each in row).rstrip() for row in rows]


def _width(text: str) -> int:
    """How many columns ``text`` takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def _now() -> datetime:
    return datetime.now(UTC)
