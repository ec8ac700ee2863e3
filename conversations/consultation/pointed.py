"""What a message that puts something right points back at: the entry that the person numbered, or the value that it denies.

第3条更正，3000 写错了: what is meant is the fact that the third entry told of, or the one that was said to be 3000.
"""

from collections.abc import Mapping
from decimal import Decimal

from conversations.consultation.turn import Turn
from conversations.language.descriptions import Description
from conversations.language.entries import entries_in, entry_meant, without_entry
from conversations.language.quantities import Quantity, UnitKind, find_quantities
from conversations.language.references import referred
from conversations.language.revisions import by_so_many
from conversations.state.session import is_fact
from knowledge.patterns import regex
from rules.values import Value

_WAN = 10000
_RIGHT = regex(r"(?:是|那个|这个)*(?:没错|不错|没问题|不变|没变|不动|对的|为准)")  # 前年1.02亿没错


def note_entries(turn: Turn, description: Description) -> None:
    """Keep of which facts the entries of a list tell that the person has numbered."""
    entries = dict(turn.session.entries)
    for number, words in entries_in(turn.inbound.text):
        told = [path for path, said in description.evidence.items() if said and said in words]
        named = {fact for piece in description.pieces if piece.words and piece.words in words for fact in piece.named}
        entries[number] = tuple(told) or tuple(sorted(named & {fact.id for fact in turn.shelf.policy.facts}))
    if entries != turn.session.entries:
        turn.session = turn.session.but(entries=entries)


def turn_to(turn: Turn) -> None:
    """Make what the message points back at what was spoken of last."""
    path = _by_entry(turn) or _by_value(turn) or _by_choice(turn)
    if path is not None:
        turn.pointed = path
        turn.session = turn.session.but(focus=path)


def _by_entry(turn: Turn) -> str | None:
    number = entry_meant(turn.message.plain)
    paths = turn.session.entries.get(number, ()) if number is not None else ()
    if not paths:
        return None
    told = find_quantities(without_entry(turn.message.plain))
    if any(q.kind is not UnitKind.COUNT for q in told) and not turn.message.removes:
        paths = tuple(path for path in paths if turn.shelf.policy.fact(path).spec.numeric)
    return paths[0] if len(paths) == 1 else None


def _by_value(turn: Turn) -> str | None:
    """The one figure that is known to be what the message says it is not, or was said wrong."""
    if not turn.message.corrects:
        return None
    plain = turn.message.plain
    said = [q for q in find_quantities(plain) if q.value is not None and not _RIGHT.match(plain, q.end)]
    said = [q for q in said if not by_so_many(plain[: q.start])]
    known = _figures(turn)
    meant = [[value for value in _may_be(q) if value in known.values()] for q in said]
    denied = [path for path, value in known.items() if any(value in values for values in meant)]
    return denied[0] if len(denied) == 1 and not all(meant) and not _of_another_item(turn, denied[0]) else None


def _by_choice(turn: Turn) -> str | None:
    """不是省级，是市级: the one choice that is known to be what the message says it is not."""
    plain = turn.message.plain
    found: list[str] = []
    for path, value in turn.held.facts.items() if "不是" in plain else ():
        choices = turn.shelf.policy.fact(path).choices if is_fact(path) else ()
        words = [word for each in choices[:-1] if each.id == value for word in (each.label, *each.synonyms)]
        found += [path] if any(f"不是{word}" in plain for word in words) else []
    return found[0] if len(found) == 1 else None


def _of_another_item(turn: Turn, path: str) -> bool:
    """机械手是14台，又补了两台: whether the message names an item, and not that of ``path``."""
    subject, _, rest = path.partition(".")
    if subject not in turn.shelf.policy.lists:
        return False
    meant = referred(turn.message.plain, turn.items([subject]))
    return len(meant) == 1 and str(meant[0][1]) != rest.partition(".")[0]


def _may_be(quantity: Quantity) -> list[Value]:
    """The figures that ``quantity`` may be when it is told again: 980, for 980万."""
    value = quantity.value
    if not isinstance(value, Decimal) or not quantity.bare:
        return [] if value is None else [value]
    return [value, value * _WAN] if 1 <= value < _WAN else [value]


def _figures(turn: Turn) -> Mapping[str, Value]:
    """The figures that are known, by path."""
    facts = turn.held.facts
    return {p: v for p, v in facts.items() if is_fact(p) and turn.shelf.policy.fact(p).spec.numeric}
