"""What the office knows and no document says: where it is, when one can apply, who is in charge. Kept by the office itself.

Plain data: who keeps it is the business of the office's room, how it reads that of ``saying``. Knows no clock: what lies
on the shelf is what is in force.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.policy import SEPARATOR, Policy


class NoteKind(StrEnum):
    """What a note tells; ``REPLY`` is a text of staff's own for letters, which nobody is told unasked."""

    PHONE = "phone"
    PERSON = "person"
    ADDRESS = "address"
    HOURS = "hours"
    WINDOW = "window"
    FORM = "form"
    OTHER = "other"
    REPLY = "reply"


TOLD = tuple(kind for kind in NoteKind if kind is not NoteKind.REPLY)
"""The kinds that people are told, in the order in which they are told them."""


@dataclass(frozen=True, slots=True)
class OfficeNote:
    """One thing that the office says. ``about``: the clauses that it is about (``policy/clause``), none for all.

    ``until`` is the last day on which it holds, ``author`` who wrote it on the day ``written``.
    """

    id: int
    kind: NoteKind
    text: str
    about: tuple[str, ...]
    since: date | None
    until: date | None
    author: str
    written: date

    def holds(self, on: date) -> bool:
        """Whether it holds on that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


def chosen(
    notes: Iterable[OfficeNote], kinds: Collection[NoteKind], clauses: Collection[str] | None = None
) -> tuple[OfficeNote, ...]:
    """Those of ``kinds``, in the order of the kinds; with ``clauses`` (as in ``full``) those about one of them, or all."""
    ranks = list(kinds)
    fitting = (
        each
        for each in notes
        if each.kind in ranks and (clauses is None or not each.about or not {*each.about}.isdisjoint(clauses))
    )
    return tuple(sorted(fitting, key=lambda each: (ranks.index(each.kind), bool(each.about), each.id)))


def full(policy: Policy, clause: str) -> str:
    """The name of a clause of ``policy`` whatever else lies beside it."""
    return clause if policy.several else f"{policy.id}{SEPARATOR}{clause}"


def on_shelf(policy: Policy, name: str) -> str | None:
    """The clause that ``name`` is the full name of, as ``policy`` calls it; None where it has none such."""
    own = name if policy.several else name.removeprefix(f"{policy.id}{SEPARATOR}")
    return own if any(clause.id == own for clause in policy.clauses) else None
