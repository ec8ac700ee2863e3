"""How the fields of an action are written into the few bytes of a button: numbers, names, figures, values, filters.

Each is a type that says by its annotation how it is read and written, for ``actions`` alone.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, cast

from pydantic import JsonValue

from conversations.state.leads import LeadFilter, LeadState


class End(StrEnum):
    """The end of a range, by its name in the JSON of a case."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"


@dataclass(frozen=True, slots=True)
class Written:
    """A field as text: its pattern, and the ways there and back. ``read`` raises ValueError for what is none after all."""

    pattern: str
    read: Callable[[str], object] = str
    write: Callable[[Any], str] = str


def _to_json(value: JsonValue) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _from_json(text: str) -> JsonValue:
    value = cast("JsonValue", json.loads(text))
    if _to_json(value) != text:
        raise ValueError("a button says it otherwise")
    return value


def _option(text: str) -> int | str:
    if text.startswith('"'):
        return cast("str", _from_json(text))
    return int(text) if text.lstrip("-").isdecimal() else text


def _write_option(option: int | str) -> str:
    return str(option) if isinstance(option, int) or re.fullmatch(_BARE, option) else _to_json(option)


def _filter(text: str) -> LeadFilter:
    if not text:
        return LeadFilter()
    state, matter, flags, since, until, words = text.split(",", 5)
    policy, _, programme = matter.rpartition("/")
    first, last = (date.fromisoformat(day) if day else None for day in (since, until))
    return LeadFilter(state, programme, "m" in flags, "d" in flags, first, last, words, policy)


def _write_filter(shown: LeadFilter) -> str:
    matter = f"{shown.policy}/{shown.programme}" if shown.policy else shown.programme
    if "," in matter or "/" in shown.programme:
        raise ValueError("a comma parts the fields, a stroke the policy from its programme")
    days = (day.isoformat().replace("-", "") if day else "" for day in (shown.since, shown.until))
    flags = "m" * shown.mine + "d" * shown.due
    return ",".join([shown.state, matter, flags, *days, shown.words])


_NUMBER = r"0|[1-9][0-9]{0,8}"
"""Nine digits are more than anything is counted to, and fit every database."""
_BARE = r"(?!(?:yes|no)$)[^\W\d_][\w.-]*"
"""An option's name that is written as it stands; all others in quotation marks."""
_STATES = "|".join(LeadState)

Number = Annotated[int, Written(_NUMBER, int)]
Days = Annotated[int, Written(r"[1-9][0-9]{0,2}", int)]
Name = Annotated[str, Written(r".+")]
Word = Annotated[str, Written(r"[a-z]+")]
YesOrNo = Annotated[bool, Written("yes|no", lambda text: text == "yes", lambda yes: "yes" if yes else "no")]
Roughly = Annotated[bool, Written("[=~]", lambda text: text == "~", lambda roughly: "~" if roughly else "=")]
Figure = Annotated[
    Decimal, Written(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,9})?", Decimal, lambda figure: f"{figure:f}")
]
Option = Annotated[int | str, Written(rf'-?[1-9][0-9]{{0,8}}|0|{_BARE}|".*"', _option, _write_option)]
Json = Annotated[JsonValue, Written(r".+", _from_json, _to_json)]
Filter = Annotated[
    LeadFilter, Written(rf"(?:(?:{_STATES})?,[^,]*,m?d?,(?:[0-9]{{8}})?,(?:[0-9]{{8}})?,.*)?", _filter, _write_filter)
]
