"""What a message changed in the case, as other programs are told: which path, to which value, by which words, how.

Taken from the case before and after, so that nothing changes unsaid. Knows no wording.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from pydantic import JsonValue

from conversations.state.interview import SAME_PROJECT
from conversations.state.session import Data, Known

if TYPE_CHECKING:
    from conversations.consultation.turn import Turn

Act: TypeAlias = Literal["state", "correct", "add", "remove", "confirm", "deny"]


@dataclass(frozen=True, slots=True)
class Note:
    """One change: ``value`` as in a case, None where it was taken back; ``words`` of the message that it rests on."""

    path: str
    value: JsonValue
    words: str
    act: Act


def noted(turn: Turn, before: Known) -> list[Note]:
    """What ``turn`` changed since ``before``, in the order of the case."""
    notes = [Note(path, None, words, "remove") for path, words in turn.removed.items()]
    for subject in turn.shelf.policy.subjects:
        old, new = before.data.get(subject.id), turn.known.data.get(subject.id)
        if not subject.many:
            notes += _facts(turn, subject.id, _object(old), _object(new))
            continue
        gone = [int(path.partition(".")[2]) for path in turn.removed if path.startswith(f"{subject.id}.")]
        notes += _list(turn, subject.id, _without(_objects(old), gone), _objects(new))
    old, new = before.data.get(SAME_PROJECT), turn.known.data.get(SAME_PROJECT)
    if old != new:
        notes.append(_note(turn, SAME_PROJECT, old, new))
    return notes


def _list(turn: Turn, subject: str, old: list[Data] | None, new: list[Data] | None) -> Iterator[Note]:
    if old == new:
        return
    if not new:
        if not any(path.startswith(f"{subject}.") for path in turn.removed):
            yield _note(turn, subject, cast("JsonValue", old), cast("JsonValue", new))
        return
    for index, item in enumerate(new):
        path = f"{subject}.{index}"
        if old is None or index >= len(old):
            words = next((said for place, said in turn.recorded.items() if place.startswith(path)), "")
            act: Act = "add" if index else "confirm" if turn.agreed else "state"
            yield Note(path, cast("JsonValue", item), _words(turn, words), act)
            yield from _facts(turn, path, {}, item)
        else:
            yield from _facts(turn, path, old[index], item)
    for index in range(len(new), len(old or ())):  # there is no further one, after all
        path = f"{subject}.{index}"
        yield Note(path, None, _words(turn, turn.recorded.get(path, "")), "remove")


def _facts(turn: Turn, prefix: str, old: Data, new: Data) -> Iterator[Note]:
    old, new = _by_year(old), _by_year(new)
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield _note(turn, f"{prefix}.{name}", old.get(name), new.get(name))


def _by_year(item: Data) -> Data:
    """The facts of an item, those with a figure for each year under ``name@2021``."""
    facts: Data = {}
    for name, value in item.items():
        if isinstance(value, dict) and all(map(str.isdecimal, value)):
            facts |= {f"{name}@{year}": figure for year, figure in value.items()}
        else:
            facts[name] = value
    return facts


def _note(turn: Turn, path: str, old: JsonValue, new: JsonValue) -> Note:
    own = turn.recorded.get(path, turn.recorded.get(f"{path}.0"))
    act: Act = "state" if old is None else "correct"
    if new is None:
        act = "remove"
    elif turn.agreed:
        act = "confirm"
    elif own is None and new in (False, 0, "none", "neither", "never", []):
        act = "deny"  # by what was left unticked
    return Note(path, new, _words(turn, own or ""), act)


def _words(turn: Turn, said: str) -> str:
    """``said`` where it stands in the message, else all of the message."""
    return said if said and said in turn.inbound.text else turn.inbound.text


def _object(value: JsonValue) -> Data:
    return value if isinstance(value, dict) else {}


def _objects(value: JsonValue) -> list[Data] | None:
    return [_object(item) for item in value] if isinstance(value, list) else None


def _without(items: list[Data] | None, gone: list[int]) -> list[Data] | None:
    return None if items is None else [item for index, item in enumerate(items) if index not in gone]
