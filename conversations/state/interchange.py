"""JSON as other programs write and read it: exact figures, no key twice, and what is said where it cannot be used.

Knows nothing of what is asked for.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeAlias, cast

from conversations.state.office_time import today
from rules.raw import is_object

Json: TypeAlias = Mapping[str, object]


class BadInputError(ValueError):
    """Input that cannot be used: what is wrong, and the path of the place (empty where it is the whole)."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.message = message
        self.path = path


def read_json(text: str) -> object:
    """``text`` as JSON with exact figures. Raises ``BadInputError`` for what is no JSON, and for repeated keys.

    NaN and Infinity are let through: the case that they stand in is refused by the path of the fact.
    """
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=_unique)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise BadInputError(f"not valid JSON: {error}") from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read: dict[str, object] = {}
    for key, value in pairs:
        if key in read:
            raise ValueError(f"the key {key!r} stands there twice")
        read[key] = value
    return read


def write_json(value: Json) -> str:
    """``value`` as one line; half a character, which JSON can say and UTF-8 cannot, as its escape."""
    return json.dumps(value, ensure_ascii=False).encode(errors="backslashreplace").decode()


def nothing_but(data: object, *fields: str) -> None:
    """Raises ``BadInputError`` where ``data`` is no JSON object, or has another field than ``fields``."""
    if not is_object(data):
        raise BadInputError("expected an object")
    if unknown := data.keys() - {*fields}:
        raise BadInputError("there is no such field", min(unknown))


def string_of(data: object, key: str) -> str:
    """The string ``key`` of the JSON object ``data``. Raises ``BadInputError`` where there is none."""
    value = cast("dict[str, object]", data).get(key) if isinstance(data, dict) else None
    if not isinstance(value, str):
        raise BadInputError(f'expected an object with a string "{key}"', key)
    return value


def optional_string(data: object, key: str) -> str | None:
    """The string ``key`` of the JSON object ``data``, None where it has none. Raises ``BadInputError``."""
    return string_of(data, key) if is_object(data) and data.get(key) is not None else None


def day_of(data: object) -> date:
    """The day ``on`` of the JSON object ``data``; where it names none, the office's today. Raises ``BadInputError``."""
    given = data.get("on") if is_object(data) else None
    if given is None:
        return today(datetime.now(UTC))
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise BadInputError("expected a day like 2025-04-20", "on") from None
