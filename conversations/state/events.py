"""What a turn may bring that the rest of the house wants to know of: one class a kind, and ``Event``, all of them.

Says what happened; knows neither who listens nor in which consultation it was (that comes along with it).
"""

from dataclasses import dataclass
from typing import TypeAlias

from conversations.state.lead_form import Form
from conversations.state.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Started:
    """A consultation was begun by /start."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A result was seen."""


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """Somebody asked ``text`` of their own accord, and ``outcome`` is what became of it."""

    text: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Missed:
    """``text`` was not understood; ``asking`` is the path of the question that was open, None where none was."""

    text: str
    asking: str | None


@dataclass(frozen=True, slots=True)
class PersonWanted:
    """Somebody asked for a person, and there was none to be had."""


@dataclass(frozen=True, slots=True)
class LeadSent:
    """``form`` was filled in and confirmed."""

    form: Form


@dataclass(frozen=True, slots=True)
class Left:
    """The person has blocked the bot, or left it."""


Event: TypeAlias = Started | Finished | QuestionAsked | Missed | PersonWanted | LeadSent | Left
