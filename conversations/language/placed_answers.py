"""Where something is, as the answer to the question for one fact.

A place that may be one of several is offered where one of them is the issuer's own; nothing is guessed.
"""

import re

from conversations.language.place_names import PlaceMention, deepest, find_places
from conversations.language.text import Plain, normalise
from conversations.language.understood import UNCLEAR, UNKNOWN, Understood
from conversations.language.yesno import asks_back, is_uncertain, says_unknown, tells
from knowledge.patterns import regex
from knowledge.places import around, within
from knowledge.policy import Fact

_ENDINGS = "省市区县旗盟州"
_CLAUSE = regex(r"[^,。;!?]+")


class PlaceQuestion:
    """The question for ``fact``, a place; ``area`` is the issuer's own."""

    def __init__(self, fact: Fact, area: str | None) -> None:
        self._own = {normalise(word): c.id for c in fact.choices for word in (c.label, *c.synonyms)}
        self._names = regex("|".join(re.escape(normalise(name)) for name in (fact.label, *fact.reads.names)))
        self._area = area

    def read(self, said: Plain) -> Understood:
        """The place that the answer states, as a code."""
        text = said.text
        if says_unknown(text) or is_uncertain(text):
            return UNKNOWN
        mentions = find_places(text, self._own)
        if asks_back(text) or tells("others", text) or not mentions or any(m.denied for m in mentions):
            return UNCLEAR
        whole = [m for m in mentions if text[m.end - 1] in _ENDINGS]  # 双塔 is a sight, too; 二七区 is nothing else
        meant = deepest(mentions) or self._named(text, mentions) or (deepest(whole) if whole else None)
        if meant is None:
            return UNCLEAR
        if meant.code is None:
            near = self._near(meant.codes)
            return UNCLEAR if near is None else Understood("unclear", offer=near)
        return Understood("ok", meant.code, words=said.words(meant.start, meant.end))

    def _named(self, text: str, mentions: tuple[PlaceMention, ...]) -> PlaceMention | None:
        """Of several places the one beside the fact's own words: 注册在郑州，办公在洛阳."""
        clauses = [match.span() for match in _CLAUSE.finditer(text) if self._names.search(match.group())]
        found = [m for m in mentions if any(start <= m.start < end for start, end in clauses)]
        return deepest(found) if found else None

    def _near(self, codes: tuple[str, ...]) -> str | None:
        """The one of ``codes`` that lies nearest to the issuer's own place."""
        for area in around(self._area) if self._area else ():
            near = [code for code in codes if within(code, area)]
            if near:
                return near[0] if len(near) == 1 else None
        return None
