"""What a letter to a customer is made of: its questions with their answers, what the customer's own case comes to, what is asked back.

Holds what was decided; how it reads is ``letter``'s business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from conversations.answering.clause_reply import ClauseReply
from conversations.answering.series import Series
from conversations.language.customer_message import CustomerMessage
from conversations.saying.explanation import Explanation
from conversations.state.office_notes import OfficeNote
from conversations.state.outcome import Outcome
from conversations.state.session import Known

JOINED = "；"
"""Between the headings of questions that are answered together."""


class Style(StrEnum):
    """A register."""

    USUAL = "usual"
    SPOKEN = "spoken"
    FORMAL = "formal"


@dataclass(frozen=True, slots=True)
class ToldSeries:
    """What figures told one by one come to, ``claim`` the programme's on the case that holds one of them at most.

    ``summed``: the customer asks for the sum.
    """

    series: Series
    claim: Explanation
    summed: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the customer (or several about one clause), answered.

    ``asked`` is the question, ``text`` the same with what was told before it, ``heading`` its core; ``clauses`` are those that may answer
    it, best first, ``chosen`` the place of the one that does; ``reply`` is None where the document says nothing:
    ``advice`` is then what to say, ``other`` the number of another document that is asked about. ``claims`` are the
    customer's own on the clause's programmes, ``series`` what several figures told for one of them come to, and
    ``highest`` which of the programmes asked about is paid where they are for one project, ``notes`` what the office itself says to it. ``firms``: it asks whether several
    firms may apply as one.
    """

    asked: str
    text: str
    heading: str
    outcome: Outcome
    clauses: tuple[str, ...] = ()
    chosen: int = 0
    reply: ClauseReply | None = None
    advice: str = ""
    other: str = ""
    claims: tuple[Explanation, ...] = ()
    series: ToldSeries | None = None
    highest: tuple[str, ...] = ()
    notes: tuple[OfficeNote, ...] = ()
    firms: bool = False

    @property
    def clause(self) -> str | None:
        return self.clauses[self.chosen] if self.clauses else None

    @property
    def sure(self) -> bool:
        """Whether staff need not look twice: answered, and by no choice of theirs."""
        return self.outcome in (Outcome.ANSWERED, Outcome.ASSESS)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question put back to the customer; ``mentioned`` are their words that seem to touch it."""

    question: str
    mentioned: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to send on (``text``, light markup) with what it is made of.

    ``further`` are claims that were not asked about, ``missed`` those of them that what is told speaks against because it
    is not granted yet; ``evidence`` are the customer's words by the path of a fact, ``unread`` those that speak of one and
    that nothing was taken from.
    """

    message: CustomerMessage
    items: tuple[Item, ...]
    known: Known
    evidence: Mapping[str, str]
    further: tuple[Explanation, ...]
    asks: tuple[Ask, ...]
    missed: tuple[Explanation, ...] = ()
    unread: tuple[str, ...] = ()
    text: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to answer: no question, and no fact but where somebody thanks."""
        return not (self.items or (self.evidence and not self.message.thanks) or self.message.angry)
