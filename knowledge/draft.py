"""A pack as far as it could be read: its entries with the places where they stand, and the faults found there.

One broken entry so hides no mistake elsewhere. Knows neither how a pack is read nor what must hold in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from knowledge.policy import (
    AcrossDocuments,
    Authority,
    Clause,
    Evidence,
    Fact,
    Notice,
    NotModelled,
    Programme,
    Screening,
    Subject,
)
from knowledge.questions import Questions
from rules.programme import ApplicationCall, Cumulation, Limit, Requirement, Selection, Valid

if TYPE_CHECKING:
    from knowledge.mentions import Mentions

Place: TypeAlias = tuple[str | int, ...]
"""Where something stands: the file's name, then keys and indices; of ``source.txt`` the line."""

T = TypeVar("T", covariant=True)


@dataclass(frozen=True, slots=True)
class Located(Generic[T]):
    """A part of the pack and its place."""

    part: T
    at: Place


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake and its place."""

    at: Place
    message: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A pack as far as it could be read; ``ids`` are those of all entries by field, the broken ones included.

    None for a field that cannot be read, or in which an id is no text: what refers to it cannot be judged yet.
    """

    source: str
    subjects: Sequence[Located[Subject]]
    clauses: Sequence[Located[Clause]]
    facts: Sequence[Located[Fact]]
    programmes: Sequence[Located[Programme]]
    evidence: Sequence[Located[Evidence]]
    notices: Sequence[Located[Notice]]
    screening: Located[Screening] | None
    cumulation: Located[Cumulation] | None
    requires: Sequence[Located[Requirement]]
    limits: Sequence[Located[Limit]]
    valid: Located[Valid] | None
    calls: Sequence[Located[ApplicationCall]]
    selection: Sequence[Located[Selection]]
    across: Located[AcrossDocuments] | None
    offices: Sequence[Located[Authority]]
    not_modelled: Sequence[Located[NotModelled]]
    covers: bool
    """Whether the pack says how much of the document it covers."""
    partial: frozenset[Place]
    """The places of entries of which a part could not be read and is left out."""
    questions: Located[Questions] | None
    mentions: "Located[Mentions] | None"
    ids: Mapping[str, frozenset[str] | None]
