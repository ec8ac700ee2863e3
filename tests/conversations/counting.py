"""A dialogue that only counts, and a process that holds it: for tests of the transaction around a turn.

As a program: ``python -m tests.conversations.counting URL PEOPLE FIRST LAST [STEP]`` hands in the updates FIRST to LAST
of each of PEOPLE, prints each id once it is acknowledged, and, where STEP is given, dies by SIGKILL right after that
step of the second transaction.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from conversations.consultation import dialogue
from conversations.service import Service
from conversations.state.messages import Inbound, Kind, Reply
from conversations.state.session import Answer, Session
from conversations.state.shelf import Shelf
from conversations.storage.store import Store, Work
from knowledge.policy import Policy

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


async def feed(url: str, people: str, first: str, last: str) -> None:
    """Hands in the updates and prints each id once it is acknowledged."""
    store = await Store.open(url)
    service = Service(engine(), store)

    async def one(person: str) -> None:
        for number in range(int(first), int(last) + 1):
            await service.handle(said(f"{person}-{number}", person=f"telegram:{person}"))
            sys.stdout.write(f"{person}-{number}\n")
            sys.stdout.flush()

    await asyncio.gather(*(one(person) for person in people.split(",")))
    await store.close()


if __name__ == "__main__":
    dialogue.turn = turn  # type: ignore[assignment]
    if len(sys.argv) > 5:
        _die_after(sys.argv[5])
    asyncio.run(feed(*sys.argv[1:5]))
