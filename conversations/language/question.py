"""One question as it was asked. Apart from ``customer_message``, whose patterns take long to compile."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """One question: ``text`` is the sentence it stands in, ``heading`` its core, ``context`` what was told before it."""

    text: str
    heading: str
    context: str = ""
