"""Where the documents themselves say what a message quotes, among all that grants nothing: aims and tasks included.

What stands anywhere is never to be told to stand nowhere. Goes by figures and by pairs of characters that few clauses
have; knows no policy.
"""

import re
from collections import Counter

from conversations.answering.nearness import pairs
from conversations.language.text import normalise
from knowledge.figures import figures
from knowledge.patterns import regex
from knowledge.policy import META, Policy, bare

_PART = regex(r"[^,，。;；:：!！?？\n“”\"《》]+")
_FEW = 2
"""In so many clauses at most stands what tells one of them from the others."""
_LEAST, _OF_A_FIGURE = 4, 2
"""So much tells that a clause is quoted, and so much of it is a figure."""
_MOST = 0.6
"""What part of the quoted words is to stand in the clause."""


class StatedWords:
    """The words and figures of each clause of ``policy``."""

    def __init__(self, policy: Policy) -> None:
        self._granting = policy.granting
        texts = {
            each.id: f"{each.title}，{each.text}，{each.summary}" for each in policy.clauses if bare(each.id) != META
        }
        self._pairs = {clause: pairs(_plain(text)) for clause, text in texts.items()}
        self._figures = {clause: figures(text) for clause, text in texts.items()}
        self._often = Counter(pair for words in self._pairs.values() for pair in words)

    def clause(self, text: str) -> str | None:
        """The clause that grants nothing and that says what a part of ``text`` does; None where none does, or one that grants as well."""
        for part in _PART.findall(text):
            rated = sorted(((self._told(part, clause), clause) for clause in self._pairs), reverse=True)
            best = [clause for told, clause in rated if told >= _LEAST and told == rated[0][0]]
            if best and not self._granting.intersection(best):
                return best[0]
        return None

    def _told(self, part: str, clause: str) -> int:
        """How much of ``part`` tells that ``clause`` is quoted; nothing where most of what is quoted is not of that."""
        plain, sums = _plain(part), figures(part) & self._figures[clause]
        at = [place for place in range(len(plain) - 1) if plain[place : place + 2] in self._pairs[clause]]
        quoted = pairs(plain[at[0] : at[-1] + 2]) if at else frozenset[str]()  # not 看到文件里说
        known = quoted & self._pairs[clause]
        if len(known) < _MOST * len(quoted):
            return 0
        return sum(self._often[pair] <= _FEW for pair in known) + _OF_A_FIGURE * len(sums)


def _plain(text: str) -> str:
    """``text`` in plain characters, without figures."""
    return re.sub(r"[\d.,%]+[万亿]?", " ", "".join(normalise(text).split()))
