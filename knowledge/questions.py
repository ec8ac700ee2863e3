"""The schema of a pack's example questions: which clause answers them, which nothing answers, and what else is said.

Data alone; how a question is matched is the business of ``knowledge.search``.
"""

import re

from knowledge.pack_model import PackModel, Words

WHAT = "{what}"
"""The gap of a remark's text."""


class Unanswered(PackModel):
    """Questions of one kind that the document does not answer; ``advice`` is what is said instead: so, and whom to ask.

    A kind with the id of one of the vocabulary's is that one, its questions taken in as ``common`` on loading; it needs
    no advice and no questions of its own.
    """

    id: Words
    advice: str
    questions: tuple[str, ...]
    common: tuple[str, ...] = ()


class Remark(PackModel):
    """What the document says, or leaves open, of one thing that people ask: said where a question matches ``asked``.

    ``asked`` is a regular expression over plain text (NFKC, simplified, lower case). Empty ``clauses`` or ``programmes``
    mean all of them. ``no_sum``: what is asked of does not count, or not surely; nothing is computed with its figures.
    ``{what}`` in the text is what the group of this name matched: 教育.
    """

    asked: Words
    text: Words
    clauses: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    no_sum: bool = False

    def said_to(self, plain: str) -> str:
        """The text, with what it names of the question ``plain``."""
        found = re.search(self.asked, plain) if WHAT in self.text else None
        return self.text.replace(WHAT, found["what"]) if found else self.text


class Questions(PackModel):
    """Example questions: those a clause answers (by clause id, ``assess`` and ``meta`` too), and those it does not.

    ``terms`` groups words that mean the same to the search; a group's name itself means nothing. ``remarks`` answer what
    people ask of a clause beyond its summary.
    """

    answered: dict[str, tuple[Words, ...]]
    unanswered: tuple[Unanswered, ...]
    terms: dict[str, tuple[str, ...]]
    remarks: tuple[Remark, ...] = ()
