"""One answer of a consultation, and what its value can be."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, JsonValue

from rules.raw import is_object


class Ticks(BaseModel):
    """The answer to ``screening``: which of the options asked about hold, by their ids."""

    model_config = ConfigDict(frozen=True)

    ticks: dict[str, bool] = {}


class Grouping(BaseModel):
    """The answer to ``same_project``: which of the claims asked about are one project, and whether that is ``all``."""

    model_config = ConfigDict(frozen=True)

    among: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...] = ()
    all: bool = True


AnswerValue: TypeAlias = JsonValue | Ticks | Grouping
"""The value of a fact as JSON (yes or no for an item of a list), or that of one of the two questions about many."""


def _typed(raw: object) -> object:
    """What was kept as JSON, as the model that it is."""
    if is_object(raw) and "ticks" in raw:
        return Ticks.model_validate(raw)
    if is_object(raw) and "among" in raw:
        return Grouping.model_validate(raw)
    return raw


class Answer(BaseModel):
    """One answer. ``value`` None = the person said that it is not known.

    ``path`` is a fact (``pilots.0.selected``), an item of a list (``pilots.1``: is there a second one), ``screening``
    or ``same_project``.
    ``said`` are the person's words, ``message`` the channel's id of the message they stood in. An ``approximate``
    figure does not decide a threshold close by; ``final`` = the exact one was asked for and is not to be had.
    ``volunteered`` answers were not asked for.
    """

    model_config = ConfigDict(frozen=True)

    path: str
    value: Annotated[AnswerValue, BeforeValidator(_typed)]
    said: str = ""
    approximate: bool = False
    final: bool = False
    volunteered: bool = False
    message: str | None = None

    @property
    def fact(self) -> JsonValue:
        """The value where it is a fact's (or yes or no); None where it is one of many things at once."""
        return None if isinstance(self.value, Ticks | Grouping) else self.value


def ticks_of(answer: Answer | None) -> dict[str, bool]:
    """What a screening says, by option; nothing where there was none, or it is not known."""
    return answer.value.ticks if answer is not None and isinstance(answer.value, Ticks) else {}
