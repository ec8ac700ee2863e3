"""What a message can lean on: what stands already, and what was spoken of last, by either side.

Made by the consultation from its state; the readers take it for what an earlier part of the same text would have said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rules.values import Value


@dataclass(frozen=True, slots=True)
class Focus:
    """``facts`` are the values known, by path; ``counts`` how many items each list has; ``path`` is the fact spoken of
    last (or asked for), ``item`` the item (subject and index) that it was about, ``listing`` the list that was spoken of and has
    no item yet, ``words`` those in which each item was spoken of. ``client`` is whom the speaker asks for, where for
    somebody else, whose facts they are; ``mentioned`` the facts that were named before; ``on`` the day at which it
    is said; ``topic`` the fact that the clause turns on which was quoted last, where that is one; ``trades`` the kinds of things
    that were named before."""

    facts: Mapping[str, Value] = field(default_factory=dict[str, Value])
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    path: str | None = None
    item: tuple[str, int] | None = None
    words: Mapping[tuple[str, int], str] = field(default_factory=dict[tuple[str, int], str])
    listing: str | None = None
    client: str | None = None
    mentioned: frozenset[str] = frozenset()
    on: date | None = None
    topic: str | None = None
    trades: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, dict[str, str]])

    @property
    def year(self) -> int | None:
        """The calendar year of the figure told last, where no figure of another year is known."""
        years = {path.partition("@")[2] for path in self.facts if "@" in path}
        last = (self.path or "").partition("@")[2]
        return int(last) if years == {last} else None

    @property
    def only_year(self) -> int | None:
        """The one calendar year of which figures are known, whatever was spoken of last."""
        years = {path.partition("@")[2] for path in self.facts if "@" in path}
        return int(years.pop()) if len(years) == 1 else None


NOWHERE = Focus()
"""The beginning of a conversation."""
