"""What of a question's own words a pack knows: its clauses, the examples of what is asked of them, its facts.

Tells whether a clause that search finds speaks of what is asked at all, and which words nobody has written. Knows how
people ask (what any question may say is left aside), and no policy.
"""

from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from conversations.language import customer_message
from conversations.language.lexicon import lexicon
from conversations.language.text import normalise
from knowledge.patterns import regex
from knowledge.policy import Policy

_HANZI = regex("[\u4e00-\u9fff]")
_WORD = regex("[\u4e00-\u9fff]{2}")


class KnownWords:
    """The words of ``policy``, as pairs of neighbouring characters."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        texts = [policy.source, *(word for group in policy.questions.terms.values() for word in group)]
        texts += [text for examples in policy.questions.answered.values() for text in examples]
        texts += [text for fact in policy.facts for text in (fact.label, fact.question, fact.help, *fact.reads.names)]
        texts += [choice.label for fact in policy.facts for choice in fact.choices]
        self._all = _pairs(texts)
        self._of = cache(self._pairs_of)

    def strange(self, text: str) -> str:
        """The characters of ``text`` that nobody has written, a blank for each other; none that any question may say."""
        return _without(_own(customer_message.heading(text)), self._all)

    def share(self, text: str, label: str) -> float:
        """How much, 0..1, of what ``text`` says of its own is known to ``label``: a clause, or a kind that none answers.

        All of it where it has no word of its own.
        """
        plain = normalise(text)
        own, beyond = _own(text), _own(_without(plain, self._of(label)))
        return 1 - len(_HANZI.findall(beyond)) / len(_HANZI.findall(own)) if _WORD.search(own) else 1.0

    def _pairs_of(self, label: str) -> frozenset[str]:
        questions = self._policy.questions
        texts = [text for each in self._policy.clauses if each.id == label for text in (each.summary, each.text)]
        texts += questions.answered.get(label, ())
        kinds = (each for each in questions.unanswered if each.id == label)
        return _pairs([*texts, *(text for kind in kinds for text in (*kind.questions, *kind.common))])


def _pairs(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(one + other for text in texts for one, other in pairwise(normalise(text)))


def _own(text: str) -> str:
    """Plain ``text`` with a blank for each character that any question may have."""
    common = lexicon("questions")["common"].sub(lambda match: " " * len(match[0]), normalise(text))
    return customer_message.particular(common)


def _without(plain: str, known: frozenset[str]) -> str:
    """``plain`` with a blank for each character that stands in a pair that is ``known``, and for each that is no word."""
    return "".join(
        character
        if _HANZI.match(character) and not (plain[at - 1 : at + 1] in known or plain[at : at + 2] in known)
        else " "
        for at, character in enumerate(plain)
    )
