"""What a question is, and one question as it was asked: the one place that tells whether words ask something.

Words ask where they say so (a question word, 能不能, 吗, 介绍一下), or where they are no more than the name of a matter
(代运营补助标准): without somebody of whom it is said, a thing done or denied, and a figure of one's own. Knows how
people speak; what matters there are is told by the pack. Apart from ``customer_message``, whose patterns take long to compile.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from conversations.language.lexicon import lexicon
from conversations.language.quantities import find_quantities
from conversations.language.text import breathed, normalise, paused
from knowledge.figures import figures
from knowledge.patterns import regex
from knowledge.policy import Policy

_ZH = lexicon("matters")


@dataclass(frozen=True, slots=True)
class Question:
    """One question: ``text`` is the sentence it stands in, ``heading`` its core, ``context`` what was told before it."""

    text: str
    heading: str
    context: str = ""


_ASKING = regex("|".join(entry.pattern for entry in lexicon("asking").values()))
"""What asks, in one clause."""

_END = " .。!~,;…"
_LONGEST_NAME = 80
"""The most characters of a text that is no more than the name of a matter."""


@lru_cache(maxsize=256)  # the whole message is asked, then its parts, then what is left of it
def asks(text: str) -> bool:
    """Whether ``text`` asks for something in so many words."""
    plain = normalise(paused(breathed(text))).rstrip(_END)
    said = _ZH["not_meant"].sub(" ", _ZH["entered"].sub(" ", plain))
    if _ZH["rhetorical"].search(said) or (_ZH["unsure"].search(said) and not _ZH["grants"].search(said)):
        return False
    clauses = re.split(r"[,。;!\n]", said)
    return (
        "?" in plain
        or any(map(_ASKING.search, clauses))
        or bool(_ZH["ma"].search(clauses[-1]))
        or any(_ZH["ne"].search(clause) and not _ZH["still_so"].search(clause) for clause in clauses)
        or (bool(_ZH["what_of_it"].search(clauses[-1])) and not _ZH["had"].search(clauses[-1]))
        or (bool(_ZH["agreed"].search(said)) and not _ZH["to_do"].search(said))
    )


class Matters:
    """What can be asked about by its bare name: the words and the figures of ``policy``."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def asked(self, text: str) -> bool:
        """Whether ``text`` asks for something, in so many words or by the bare name of a matter."""
        return asks(text) or self._named(text)

    def _named(self, text: str) -> bool:
        """Whether ``text`` is no more than the name of a matter, and of figures that belong to one."""
        plain = normalise(text).rstrip(_END)
        if len(plain) > _LONGEST_NAME or _ZH["somebody"].search(plain) or _ZH["told"].search(plain):
            return False
        quantities = find_quantities(plain)
        if any(quantity.value not in self._figures for quantity in quantities):
            return False
        for quantity in reversed(quantities):
            plain = f"{plain[: quantity.start]} {plain[quantity.end :]}"
        return any(word in plain for word in self._words)

    def named(self, text: str) -> bool:
        """Whether ``text`` has a word of the pack for what can be asked about, or for what people ask in vain."""
        plain = normalise(text)
        return any(word in plain for word in self._words)

    @cached_property
    def _words(self) -> frozenset[str]:
        groups = self._policy.questions.terms.values()
        return frozenset(normalise(word) for group in groups for word in group if len(word) > 1)

    @cached_property
    def _figures(self) -> frozenset[object]:
        return frozenset(figures(self._policy.source))
