"""What a check finds, in one line of Chinese with what is to be done, and how all checks are run: each by itself.

A check that fails, or takes too long, is a finding like any other and keeps no other from being made. No finding shows
a secret: what an error says of itself is never repeated, only what kind it is. Knows no check.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from bot.settings import Settings

T = TypeVar("T")


class Severity(IntEnum):
    """How bad it is; the worst is the exit status."""

    FINE = 0
    WARNING = 1
    ERROR = 2


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line: what there is, and ``todo``, what is to be done about it."""

    severity: Severity
    text: str
    todo: str = ""


def fine(text: str) -> Diagnosis:
    """All is well."""
    return Diagnosis(Severity.FINE, text)


def warning(text: str, todo: str) -> Diagnosis:
    """It works, but somebody should look at it."""
    return Diagnosis(Severity.WARNING, text, todo)


def error(text: str, todo: str) -> Diagnosis:
    """It does not work."""
    return Diagnosis(Severity.ERROR, text, todo)


@dataclass(frozen=True, slots=True)
class Check:
    """A look at one thing: ``name`` for programs, ``title`` for people; it has ``limit`` seconds."""

    name: str
    title: str
    run: Callable[[Settings], Awaitable[Sequence[Diagnosis]]]
    limit: float = 10.0


async def examine(checks: Sequence[Check], settings: Settings) -> list[tuple[Check, Diagnosis]]:
    """What all ``checks`` find, in their order; they are made at the same time."""
    found = await asyncio.gather(*(_found(check, settings) for check in checks))
    return [(check, each) for check, diagnoses in zip(checks, found, strict=True) for each in diagnoses]


async def _found(check: Check, settings: Settings) -> Sequence[Diagnosis]:
    try:
        async with asyncio.timeout(check.limit):
            return await check.run(settings)
    except TimeoutError:
        return [error(f"{check.limit:.0f} 秒内没有查出结果", "看看它依赖的机器或网络是不是没有响应")]
    except Exception as failed:
        return [error(f"查不了（{type(failed).__name__}）", "把这一行和 wence serve 的日志一起交给维护的人")]


async def in_thread(work: Callable[[], T]) -> T:
    """What ``work`` returns, done in a thread that nobody waits for at the end if it hangs."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(set_it: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(lambda: None if done.done() else set_it())

    def run() -> None:
        try:
            result = work()
        except Exception as failed:
            problem = failed
            settle(lambda: done.set_exception(problem))
        else:
            settle(lambda: done.set_result(result))

    threading.Thread(target=run, daemon=True).start()
    return await done
