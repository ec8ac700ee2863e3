"""What a button says, as a closed union of actions, and the one place that knows how they are written.

``encode`` gives the text that travels with a button, ``decode`` what a text that comes back means: the two are each
other's inverse, and whatever else comes in is None. A kind of action is a class, with the form of its text; the union
``Action`` is the table of all kinds. Knows no wording, no channel, and not what an action does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2s
from string import Formatter
from typing import Any, ClassVar, TypeAlias, get_args, get_type_hints

from conversations.state.action_fields import (
    Days,
    End,
    Figure,
    Filter,
    Json,
    Name,
    Number,
    Option,
    Roughly,
    Word,
    Written,
    YesOrNo,
)
from conversations.state.commands import Command
from conversations.state.leads import LeadState
from knowledge.patterns import regex

LONGEST = 64
"""The most bytes of an encoded action; channels carry no more with a button."""
_NAME = 54
"""The most bytes of a name in it."""


# -- the open question, by its number: a button of an earlier one is told by it


class Control(StrEnum):
    """What can be done with a question besides answering it with a value."""

    UNKNOWN = ""
    WHY = "why"
    BACK = "back"
    KEEP = "keep"  # the answer as it was
    DONE = "done"  # these are ticked, and no others
    NONE = "none"  # none of them
    MORE = "more"  # the further answers of the list to change


@dataclass(frozen=True, slots=True)
class Steer:
    """Do something else with the question than state a value."""

    form: ClassVar[str] = "{number}:?{control}"
    number: Number
    control: Control


@dataclass(frozen=True, slots=True)
class Toggle:
    """Tick the option at ``place`` of a multiple choice, or take its tick away."""

    form: ClassVar[str] = "{number}:?t{place}"
    number: Number
    place: Number


@dataclass(frozen=True, slots=True)
class Confirm:
    """Yes or no to what is asked: a fact, whether there is an item, whether all is one project, what a menu asks."""

    form: ClassVar[str] = "{number}:{yes}"
    number: Number
    yes: YesOrNo


@dataclass(frozen=True, slots=True)
class Pick:
    """One of the values that the question lists: the id of a choice, or a number."""

    form: ClassVar[str] = "{number}:{option}"
    number: Number
    option: Option


@dataclass(frozen=True, slots=True)
class State:
    """This very value, as JSON: the offer to change an answer."""

    form: ClassVar[str] = "{number}:{approximate}{value}"
    number: Number
    value: Json
    approximate: Roughly = False


@dataclass(frozen=True, slots=True)
class Side:
    """On this side of a threshold, in the fact's unit."""

    form: ClassVar[str] = "{number}:{end}={figure}"
    number: Number
    end: End
    figure: Figure


# -- at any time


class OwnVerb(StrEnum):
    """What a person does with a lead of their own; ``WITHDRAWN``: asked once more, and sure."""

    FILE = "file"
    EDIT = "edit"
    WITHDRAW = "withdraw"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Do:
    """A command."""

    form: ClassVar[str] = "!{command}"
    command: Command


@dataclass(frozen=True, slots=True)
class ShowClause:
    """Show the clause with this id."""

    form: ClassVar[str] = "!clause:{clause}"
    clause: Name


@dataclass(frozen=True, slots=True)
class Edit:
    """Change the answer that is kept at ``path``."""

    form: ClassVar[str] = "!edit:{path}"
    path: Name


@dataclass(frozen=True, slots=True)
class PutInPlay:
    """Ask about this policy alone, or about all of them."""

    form: ClassVar[str] = "!policy:{policy}"
    policy: Name


@dataclass(frozen=True, slots=True)
class FillIn:
    """A press of the form of a lead, on its screen or field ``at``."""

    form: ClassVar[str] = "!f:{at}:{value}"
    at: Word
    value: Name


@dataclass(frozen=True, slots=True)
class OwnLead:
    """Do something with one's own lead of this number."""

    form: ClassVar[str] = "!mine:{verb}:{number}"
    verb: OwnVerb
    number: Name


@dataclass(frozen=True, slots=True)
class KeepLead:
    """Not withdraw the lead after all."""

    form: ClassVar[str] = "!mine:keep"


@dataclass(frozen=True, slots=True)
class Forget:
    """The answer to whether all that is kept of the person shall be deleted."""

    form: ClassVar[str] = "!forget:{sure}"
    sure: YesOrNo


@dataclass(frozen=True, slots=True)
class SwitchTo:
    """Go on with another consultation of one's own, by its id."""

    form: ClassVar[str] = "!case:{consultation}"
    consultation: Name


@dataclass(frozen=True, slots=True)
class AskFirst:
    """Whether one shall be handed over to a person, and when somebody answers; nothing is done yet."""

    form: ClassVar[str] = "!person:ask"


@dataclass(frozen=True, slots=True)
class Stale:
    """What a button that is still kept said to an earlier version, and says to nobody any more."""

    form: ClassVar[str] = "!stale"


# -- of staff; leads, drafts, questions and hand-overs by the number of their row


class LeadVerb(StrEnum):
    """What staff do with a lead; ``SHOW`` its contact, ``MINE`` take it over, ``GIVE`` ask to whom it goes."""

    CARD = "card"
    SHOW = "show"
    FILE = "file"
    MINE = "mine"
    GIVE = "give"


class DraftVerb(StrEnum):
    """What staff do with the draft for a customer: word it in a register, go on with the customer's matter, and back, and more."""

    USUAL = "usual"
    SPOKEN = "spoken"
    FORMAL = "formal"
    GO = "go"
    BACK = "back"
    HAND_ON = "pass"  # to the colleagues
    REPORT = "report"  # as not answered
    TEXTS = "texts"  # that staff keep for such letters
    WRITE = "write"  # the draft itself, for what seems to be a customer's
    OWN = "own"  # it is the member of staff's own


class QuestionVerb(StrEnum):
    """What staff do with an unanswered question."""

    WRITE = "write"
    SEND = "send"
    CANCEL = "cancel"
    FOREIGN = "foreign"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class LeadDo:
    """Do something with a lead."""

    form: ClassVar[str] = "!L:{verb}:{lead}"
    verb: LeadVerb
    lead: Number


@dataclass(frozen=True, slots=True)
class MoveLead:
    """Put a lead into another state."""

    form: ClassVar[str] = "!L:state:{lead}:{state}"
    lead: Number
    state: LeadState


@dataclass(frozen=True, slots=True)
class GiveLead:
    """Give a lead to the colleague at ``place`` of their list."""

    form: ClassVar[str] = "!L:to:{lead}:{place}"
    lead: Number
    place: Number


@dataclass(frozen=True, slots=True)
class FollowLead:
    """Follow a lead up in so many days from today."""

    form: ClassVar[str] = "!L:follow:{lead}:{days}"
    lead: Number
    days: Days


@dataclass(frozen=True, slots=True)
class ListLeads:
    """A page, the first being 0, of the leads that ``shown`` lets through."""

    form: ClassVar[str] = "!L:list:{page}:{shown}"
    page: Number
    shown: Filter


@dataclass(frozen=True, slots=True)
class DraftDo:
    """Do something with a draft."""

    form: ClassVar[str] = "!desk:{draft}:{verb}"
    draft: Number
    verb: DraftVerb


@dataclass(frozen=True, slots=True)
class NextClause:
    """Answer the question at ``place`` of a draft from another clause."""

    form: ClassVar[str] = "!desk:{draft}:next:{place}"
    draft: Number
    place: Number


@dataclass(frozen=True, slots=True)
class QuestionDo:
    """Do something with a group of unanswered questions."""

    form: ClassVar[str] = "!desk:q{question}:{verb}"
    question: Number
    verb: QuestionVerb


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A page of the unanswered questions, the first being 0."""

    form: ClassVar[str] = "!desk:page:{page}"
    page: Number


@dataclass(frozen=True, slots=True)
class ShowFigures:
    """The figures of the last so many days, all of them for 0."""

    form: ClassVar[str] = "!desk:stats:{days}"
    days: Number


@dataclass(frozen=True, slots=True)
class EndHandover:
    """Give a person back to the bot."""

    form: ClassVar[str] = "!H:end:{handover}"
    handover: Number


OfQuestion: TypeAlias = Steer | Toggle | Confirm | Pick | State | Side
"""What only the open question can take."""
Own: TypeAlias = Do | OwnLead | KeepLead | Forget | SwitchTo
"""What may be about what is kept of a person."""
OfLeads: TypeAlias = LeadDo | MoveLead | GiveLead | FollowLead | ListLeads
OfHelpdesk: TypeAlias = DraftDo | NextClause | QuestionDo | QuestionPage | ShowFigures
Action: TypeAlias = (
    OfQuestion | Own | ShowClause | Edit | PutInPlay | FillIn | AskFirst | Stale | OfLeads | OfHelpdesk | EndHandover
)
"""All that a button can say."""


def short(name: str) -> str:
    """``name``, or what stands for it on a button where it is too long for one."""
    return name if len(name.encode()) <= _NAME else f"#{blake2s(name.encode(), digest_size=12).hexdigest()}"


def command(action: Action | None) -> Command | None:
    """The command that ``action`` is, or belongs to: to change one answer is to change answers."""
    match action:
        case Do(wanted):
            return wanted
        case Edit():
            return Command.EDIT
        case OwnLead() | KeepLead():
            return Command.MINE
        case Forget():
            return Command.FORGET
        case AskFirst():
            return Command.PERSON
        case _:
            return None


def encode(action: Action) -> str:
    """``action`` as a button carries it. Raises ValueError where that is too long, or would not come back."""
    kind = _KINDS.get(type(action))
    text = "" if kind is None else kind.write(action)
    if kind is None or len(text.encode()) > LONGEST or kind.pattern.fullmatch(text) is None:
        raise ValueError(f"no button can say {action}")
    return text


def fits(action: Action) -> bool:
    """Whether a button can carry ``action``."""
    try:
        encode(action)
    except ValueError:
        return False
    return True


def decode(text: str) -> Action | None:
    """The action that ``text`` means; None for what no button says. Never raises."""
    try:
        if len(text.encode()) > LONGEST:
            return None
    except UnicodeEncodeError:  # half a character, which no channel can send
        return None
    for kind in _OTHERS if text.startswith("!") else _OF_QUESTION:
        if (match := kind.pattern.fullmatch(text)) is not None:
            try:
                return kind.read(match)
            except ValueError:
                return None
    return None


class _Kind:
    """A class of the union, with what its form and the types of its fields come to: a pattern, a reader, a writer."""

    def __init__(self, make: type[Action]) -> None:
        hints = get_type_hints(make, include_extras=True)
        self._make: Callable[..., Action] = make
        self._fields: list[tuple[str, Written]] = []
        self._bare = pattern = ""
        for literal, name, _, _ in Formatter().parse(make.form):
            self._bare += literal
            pattern += re.escape(literal)
            if name is not None:
                field = _written(hints[name])
                self._fields.append((name, field))
                self._bare += "{}"
                pattern += f"(?P<{name}>{field.pattern})"
        self.pattern = regex(pattern)

    def read(self, match: re.Match[str]) -> Action:
        return self._make(**{name: field.read(match[name]) for name, field in self._fields})

    def write(self, action: Action) -> str:
        return self._bare.format(*[field.write(getattr(action, name)) for name, field in self._fields])


def _written(hint: Any) -> Written:
    """How a field of this type is written: as it is annotated, or the words of an enum."""
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Written("|".join(map(re.escape, hint)), hint)
    return next(each for each in get_args(hint) if isinstance(each, Written))


_KINDS: dict[type[Action], _Kind] = {kind: _Kind(kind) for kind in get_args(Action)}
_OF_QUESTION = [_KINDS[kind] for kind in get_args(OfQuestion)]
_OTHERS = [kind for kind in _KINDS.values() if kind not in _OF_QUESTION]
