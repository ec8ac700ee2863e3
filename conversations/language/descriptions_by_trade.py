"""The kind of the only thing of a list, where nothing tells it but what the enterprise does: 我们是跑冷链的，有个试点.

Of which facts that is so the pack says (``trade``). Where words name two kinds, none is told. Knows no policy.
"""

from collections.abc import Iterator, Mapping, Sequence

from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_lexicon import Lexicon
from conversations.language.descriptions_statements import Statements
from conversations.language.text import Plain

Trades = Mapping[str, Mapping[str, str]]
"""The choices that were named of each fact, the one that means none of them apart, with the words that did."""


_OWN = (Stance.STATED, Stance.INTENDED, Stance.DOUBTED)


class ByTrade:
    """Knows the facts of a policy whose choice the enterprise's trade may tell."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._facts = [words for words in lexicon.facts if words.spoken.trade]

    def named(self, form: Plain, spoken: Sequence[SpokenClause], before: Trades) -> Trades:
        """The choices named by clauses that tell of the enterprise, and those that were named ``before``."""
        named = {fact: dict(told) for fact, told in before.items()}
        for words in self._facts:
            known, none = named.setdefault(words.fact.id, {}), words.fact.choices[-1].id
            for clause in spoken:
                for mention in words.chosen(clause.text) if clause.stance in _OWN else ():
                    if mention.choice and mention.choice != none:
                        said = form.words(clause.start, clause.start + len(clause.text))
                        known.setdefault(mention.choice, said)
        return named

    def told(self, named: Trades, draft: Statements) -> Iterator[tuple[str, str, str]]:
        """The path, choice and words of each fact that is told so."""
        for words in self._facts:
            path, choices = f"{words.subject}.0.{words.fact.name}", named.get(words.fact.id, {})
            if draft.items[words.subject].count == 1 and len(choices) == 1 and draft.value(path) is None:
                yield path, *next(iter(choices.items()))
