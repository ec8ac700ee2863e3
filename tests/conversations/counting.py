"""A dialogue that only counts, and a process that holds it: for tests of the transaction around a turn."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from conversations.consultation import dialogue
from conversations.service import Service
from conversations.state.answer import Answer
from conversations.state.messages import Inbound, Kind, Reply
from conversations.state.session import Session
from conversations.state.shelf import Shelf
from conversations.storage.store import Store, Work
from knowledge.policy import Policy
from tests.forked import CONTEXT

STEPS = ("admit", "load", "greet", "keep", "record", "send", "commit")


class Turn(NamedTuple):
    session: Session
    replies: tuple[Reply, ...]
    events: tuple[()] = ()
    said: str = ""


def turn(session: Session, inbound: Inbound, engine: Shelf, now: datetime) -> Turn:
    """Writes the message down as an answer and says how many there are; "另起" begins anew, "坏" fails."""
    if inbound.text == "坏":
        raise ValueError("a bad turn")
    if inbound.kind is Kind.LEFT:
        return Turn(session, (Reply(text="无人会看到"),))
    if inbound.text == "另起":
        return Turn(Session.begin(f"new-{inbound.id}", inbound.person, engine, now), (Reply(text="新的"),))
    session = session.record(Answer(path=inbound.id, value=inbound.text))
    return Turn(session, (Reply(text=f"{len(session.answers)}"), Reply(text=inbound.text)))


def engine() -> Shelf:
    """An engine with no policy to speak of."""
    return Shelf(Policy.model_construct(id="p", version="1"))


def said(id: str, text: str = "好", person: str = "telegram:1", kind: Kind = Kind.TEXT) -> Inbound:
    """A message of a person in their private chat."""
    chat = person.partition(":")[2]
    return Inbound(
        id=id, channel="telegram", person=person, chat=chat, kind=kind, text=text, at=datetime.now(UTC), message=id
    )


def _die_after(step: str) -> None:
    def mortal(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def run(*args: Any) -> Any:
            result = await method(*args)
            calls.append(step)
            if len(calls) == 2:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return run

    calls: list[str] = []
    owner, name = (Service, "_together") if step == "commit" else (Work, step)
    setattr(owner, name, mortal(getattr(owner, name)))


async def feed(url: str, people: str, first: int, last: int, acknowledged: Callable[[str], None]) -> None:
    """Hands in the updates ``first`` to ``last`` of each person, and tells of each id once it is acknowledged."""
    store = await Store.open(url)
    service = Service(engine(), store)

    async def one(person: str) -> None:
        for number in range(first, last + 1):
            await service.handle(said(f"{person}-{number}", person=f"telegram:{person}"))
            acknowledged(f"{person}-{number}")

    await asyncio.gather(*(one(person) for person in people))
    await store.close()


class Process:
    """A process that feeds a database; where ``step`` is given, it dies right after that step of its second transaction.

    It is forked from a server that has imported everything, for the import takes longer than all that it does then.
    """

    def __init__(self, url: str, people: str, first: int, last: int, step: str = "") -> None:
        self._acknowledged, write = CONTEXT.Pipe(duplex=False)
        self._process = CONTEXT.Process(target=_run, args=(write, url, people, first, last, step))
        self._process.start()
        write.close()

    def end(self) -> tuple[int | None, list[str]]:
        """Waits until the process has ended: its exit status (negative = the signal), and the ids it acknowledged."""
        ids: list[str] = []
        while True:
            try:
                ids.append(self._acknowledged.recv())
            except EOFError:
                break
        self._process.join()
        return self._process.exitcode, ids


def _run(write: Connection, url: str, people: str, first: int, last: int, step: str) -> None:
    dialogue.turn = turn  # type: ignore[assignment]
    if step:
        _die_after(step)
    asyncio.run(feed(url, people, first, last, write.send))
