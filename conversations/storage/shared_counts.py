"""How often something is done in a minute, by all processes on one database together: PostgreSQL, where there are several.

Not a write each time: a process draws lots of a tenth of what may be done in the minute, and the first lot of each costs
nothing, since who needs no second one is far from any limit. So a limit is kept to a tenth for each further process.
Knows no request; what is counted is named by whoever counts it.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import delete, or_, select, text
from sqlalchemy.exc import SQLAlchemyError

from conversations.storage.statements import insert_into
from conversations.storage.store import Store
from conversations.storage.tables_web import RateCount

log = logging.getLogger(__name__)

MINUTE = 60
LOTS = 10
"""Into how many lots a limit is cut, and how often a minute the database is asked about who is over it."""


@dataclass(slots=True)
class _Drawn:
    """What this process may still do of its lots in this minute; ``asks`` again at that time where there are no more."""

    left: int
    further: bool = False
    """Whether it has drawn more than the first, which costs nothing."""
    asks: float = 0.0
    drawing: asyncio.Lock = field(default_factory=asyncio.Lock)


class SharedCounts:
    """Counts by key; one for a process. ``clock`` tells the time in seconds, as all processes see it."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock
        self._minute = 0
        self._lots: dict[str, _Drawn] = {}
        self._swept = 0

    async def take(self, key: str, amount: int) -> float:
        """Count one more for ``key``, of which there may be ``amount`` a minute; returns 0, or the seconds to wait.

        Where the database is away, nobody waits: each process has its own limits still.
        """
        if self._store.engine.dialect.name != "postgresql":
            return 0.0
        now = self._clock()
        minute = int(now // MINUTE)
        if minute != self._minute:
            self._minute, self._lots = minute, {}
        size = max(1, amount // LOTS)
        key = f"{amount} {key}"  # the same may be limited in several ways
        lot = self._lots.setdefault(key, _Drawn(size))
        async with lot.drawing:  # many may come at once, and draw once
            if not lot.left and now >= lot.asks:
                await self._draw_for(lot, key, now, amount, size)
            if lot.left:
                lot.left -= 1
                return 0.0
        return max(0.0, lot.asks - now)

    async def _draw_for(self, lot: _Drawn, key: str, now: float, amount: int, size: int) -> None:
        try:
            drawn = await self._draw(key, now, amount, size if lot.further else 2 * size)
        except (SQLAlchemyError, OSError) as error:
            log.warning("What all do together could not be counted: %s", type(error).__name__)
            lot.left = size
            return
        if drawn:
            lot.left, lot.further = size, True
        else:
            lot.asks = now + MINUTE / LOTS

    async def _draw(self, key: str, now: float, amount: int, count: int) -> bool:
        """Count so many more of ``key``, unless that were too many. Of the minute before, what is not over counts too."""
        minute, passed = int(now // MINUTE), now % MINUTE
        # What stands for whom shall not be had from the table.
        key = (self._store.vault.digests(key) or [key])[0]
        async with self._store.engine.begin() as connection:
            await connection.execute(text("SET LOCAL synchronous_commit = off"))  # a count may be lost, but not wait
            if self._swept != minute:
                self._swept = minute
                past = or_(RateCount.minute < minute - 1, RateCount.minute > minute + 1)
                await connection.execute(delete(RateCount).where(past))
            before = select(RateCount.count).where(RateCount.key == key, RateCount.minute == minute - 1)
            still = (await connection.scalar(before) or 0) * (1 - passed / MINUTE)
            if count > amount - still:
                return False
            add = insert_into("postgresql", RateCount).values(key=key, minute=minute, count=count)
            add = add.on_conflict_do_update(
                index_elements=[RateCount.key, RateCount.minute],
                set_={"count": RateCount.count + count},
                where=RateCount.count + count <= amount - int(still),
            )
            return (await connection.execute(add)).rowcount > 0
