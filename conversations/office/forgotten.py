"""Who wished to be forgotten, as the log keeps it, so that a backup that is older than the wish brings nobody back.

The log has a keyed digest and the time: without the key nobody can tell whom it stands for, nor find them with a list of
names. It lies outside the database and its backups, and outlives them. What is deleted here is in ``personal_data``.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime

from sqlalchemy import select

from conversations.office.leads import Reader
from conversations.storage.tables import Person
from conversations.storage.vault import Vault
from knowledge.patterns import regex

log = logging.getLogger(__name__)

_WISH = "Forgotten: %s at %s"
_WRITTEN = regex(r"Forgotten: ([a-p]{64}) at (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)")
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
"""A digest in letters alone: the log takes what looks like a phone number out of digits."""


def note(vault: Vault, person: str, now: datetime) -> None:
    """Note in the log that ``person`` is about to be forgotten. Without a key there is nothing that could be noted."""
    if not vault.closed:
        log.info(_WISH, _digests(vault, person)[0], now.astimezone(UTC).strftime(_TIME))


def read(lines: Iterable[str]) -> dict[str, datetime]:
    """The wishes in the ``lines`` of a log, whatever else stands in them: the last time by digest."""
    found: dict[str, datetime] = {}
    for line in lines:
        for digest, at in _WRITTEN.findall(line):
            time = datetime.strptime(at, _TIME).replace(tzinfo=UTC)
            found[digest] = max(time, found.get(digest, time))
    return found


async def still_here(connection: Reader, vault: Vault, wishes: Mapping[str, datetime]) -> Collection[str]:
    """The people who are kept although they wished to be forgotten; not those who came anew after that."""
    people = (await connection.execute(select(Person.person, Person.first_at))).all()
    return list(_wished(people, vault, wishes))


def _wished(people: Iterable[tuple[str, datetime]], vault: Vault, wishes: Mapping[str, datetime]) -> Iterator[str]:
    for person, first in people:
        times = [wishes[digest] for digest in _digests(vault, person) if digest in wishes]
        if times and first <= max(times):
            yield person


def _digests(vault: Vault, person: str) -> list[str]:
    """What stands for ``person``, under the key in use first."""
    return [digest.translate(_LETTERS) for digest in vault.digests(f"forgotten {person}")]
