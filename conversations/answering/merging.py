"""Questions of a letter that are answered together: of one clause, of one kind that nothing answers, of the document's data.

Where the first of them stands all are answered; what is asked keeps its order. Words nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from conversations.answering.letter_parts import JOINED, Item
from conversations.answering.questions import Answering
from knowledge.policy import META, bare


def merged(answering: Answering, items: Iterable[Item]) -> list[Item]:
    """Questions about one clause (or of one kind that is not answered) together, where the first of them stands.

    Of a clause with several programmes those together that are about the same.
    """
    merged: list[Item] = []
    subjects: list[tuple[str, frozenset[str]]] = []
    for item in items:
        key = item.clauses[0] if item.clauses else item.advice or item.other or item.outcome.value
        key = item.text if item.firms else key
        about = answering.about(key, item.text, item.asked) if item.clauses and not item.firms else frozenset[str]()
        alike = (n for n, (k, of) in enumerate(subjects) if k == key and (of & about or not about))
        place = next(alike, None) if bare(key) != META else None
        if place is None:
            merged.append(item)
            subjects.append((key, about))
        else:
            old = merged[place]
            heading = f"{old.heading}{JOINED}{item.heading}"
            text = old.text if item.text in old.text else f"{old.text}，{item.text}"
            notes = tuple(dict.fromkeys((*old.notes, *item.notes)))
            merged[place] = replace(old, asked=f"{old.asked}，{item.asked}", text=text, heading=heading, notes=notes)
    return merged


def same_data(items: Sequence[Item]) -> list[Item]:
    """Questions about the document itself together where the answer to one holds that to the other."""
    found: list[Item] = []
    for item in items:
        said = _of_document(item)
        told = [_of_document(each) for each in found]
        place = next((n for n, each in enumerate(told) if said and each and (each >= said or each <= said)), None)
        if place is None:
            found.append(item)
        else:
            whole = item if said > told[place] else found[place]
            found[place] = replace(whole, heading=f"{found[place].heading}{JOINED}{item.heading}")
    return found


def _of_document(item: Item) -> frozenset[str]:
    """What is said of the document itself; empty where the item is about something else."""
    return frozenset(item.reply.points) if item.reply and bare(item.clause or "") == META else frozenset()
