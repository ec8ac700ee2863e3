"""What a question asks of the office rather than of a document: a phone, a place, hours, a window, a form, who is in charge.

Knows how people speak, and no policy; whether there is anything to tell is for those who have the office's notes.
"""

import re
from dataclasses import dataclass

from conversations.language.lexicon import lexicon
from conversations.language.text import normalise
from conversations.state.office_notes import NoteKind

_ANSWERS = {
    "phone": (NoteKind.PHONE, NoteKind.PERSON),
    "person": (NoteKind.PERSON, NoteKind.PHONE),
    "address": (NoteKind.ADDRESS,),
    "hours": (NoteKind.HOURS,),
    "window": (NoteKind.WINDOW,),
    "form": (NoteKind.FORM,),
}
"""Per entry of ``zh/office.yaml`` the kinds of notes that answer it."""


@dataclass(frozen=True, slots=True)
class OfficeQuestion:
    """``kinds`` answer it, best first. ``matter`` are the words of what it is about, empty for nothing in particular.

    ``granted``: the matter is spoken of as something that the office gives, or takes in.
    """

    kinds: tuple[NoteKind, ...]
    matter: str
    granted: bool


def read(text: str) -> OfficeQuestion | None:
    """What ``text`` asks of the office; None where that is nothing."""
    plain, words = normalise(text), lexicon("office")
    asked = [entry for entry in _ANSWERS if words[entry].search(plain)]
    if not asked:
        return None
    rest = plain
    for entry in asked:
        rest = words[entry].sub(" ", rest)
    matter = re.sub(r"\W+", "", words["beside"].sub(" ", rest))
    kinds = dict.fromkeys(kind for entry in asked for kind in _ANSWERS[entry])
    return OfficeQuestion(tuple(kinds), matter, bool(words["grant"].search(plain)))
