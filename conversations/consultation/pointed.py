"""What a message that puts something right points back at: the entry that the person numbered, or the value that it denies.

第3条更正，3000 写错了: what is meant is the fact that the third entry told of, or the one that was said to be 3000.
"""

from collections.abc import Mapping

from conversations.consultation.turn import Turn
from conversations.language.descriptions import Description
from conversations.language.entries import entries_in, entry_meant
from conversations.language.quantities import find_quantities
from conversations.state.session import is_fact
from rules.values import Value


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
    path = _by_entry(turn) or _by_value(turn)
    if path is not None:
        turn.pointed = path
        turn.session = turn.session.but(focus=path)


def _by_entry(turn: Turn) -> str | None:
    number = entry_meant(turn.message.plain)
    paths = turn.session.entries.get(number, ()) if number is not None else ()
    if turn.message.has_figure and not turn.message.removes:
        paths = tuple(path for path in paths if turn.shelf.policy.fact(path).spec.numeric)
    return paths[0] if len(paths) == 1 else None


def _by_value(turn: Turn) -> str | None:
    """The one figure that is known to be what the message says it is not, or was said wrong."""
    if not turn.message.corrects:
        return None
    said = [q.value for q in find_quantities(turn.message.plain) if q.value is not None]
    known = _figures(turn)
    denied = [path for path, value in known.items() if value in said]
    new = [value for value in said if value not in known.values()]
    return denied[0] if len(denied) == 1 and new else None


def _figures(turn: Turn) -> Mapping[str, Value]:
    """The figures that are known, by path."""
    facts = turn.focus(None).facts
    return {p: v for p, v in facts.items() if is_fact(p) and turn.shelf.policy.fact(p).spec.numeric}
