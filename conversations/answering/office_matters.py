"""Which of the office's notes answer a question that the document leaves open, or answers by halves.

A question that is of somebody else (whose phone, how to get a licence) gets none of them.
"""

import re

from conversations.answering.choosing import ChosenClauses
from conversations.language import office_matters
from conversations.language.text import normalise
from conversations.state.office_notes import OfficeNote, chosen, full
from conversations.state.shelf import Shelf

_LEAST = 2
"""So many characters of the lead department's name name it."""


def notes_for(shelf: Shelf, found: ChosenClauses) -> tuple[OfficeNote, ...]:
    """The notes that answer the question, best first; none where it asks nothing of the office."""
    if not shelf.notes:
        return ()
    asked = office_matters.read(found.question.text)
    if asked is None:
        return ()
    policy = shelf.policy
    programmes = {programme.clause for programme in policy.programmes}
    named = [hit.clause for hit in found.clauses if hit.clause in programmes]
    if asked.matter and not _of_lead(shelf, asked.matter):
        named = named or (_named(shelf, asked.matter, programmes) if asked.granted else [])
        if not named:
            return ()
    elif found.topic in programmes:
        named = [found.topic]
    else:
        named = []
    clauses = {full(policy, clause) for clause in named[:1]}
    return chosen(shelf.notes, asked.kinds, clauses or None)


def _named(shelf: Shelf, matter: str, programmes: set[str]) -> list[str]:
    """The clause of a programme that the words of the matter name."""
    hits = shelf.find(matter).hits
    return [hits[0].clause] if hits and hits[0].clause in programmes else []


def _of_lead(shelf: Shelf, matter: str) -> bool:
    """Whether the matter is the department in charge itself."""
    leads = (normalise(document.lead) for document in shelf.policy.documents)
    return len(matter) >= _LEAST and any(re.sub(r"\W", "", matter) in lead for lead in leads)
