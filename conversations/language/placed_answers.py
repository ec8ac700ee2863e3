"""Where something is, as the answer to the question for one fact.

Of several places that are named the one counts that is said of what is asked for, and of now: not where it was before, where
it is to go, or where another thing is (执照是厦门的，办公在漳州). A place that may be one of several is offered where one of
them is the issuer's own; nothing is guessed.
"""

import re
from collections.abc import Sequence

from conversations.language.lexicon import lexicon
from conversations.language.place_names import PlaceMention, deepest, find_places
from conversations.language.text import CLAUSE, Plain, clause_around, normalise
from conversations.language.understood import UNCLEAR, UNKNOWN, Understood
from conversations.language.yesno import asks_back, is_uncertain, says_unknown, tells, without_what_is_finer
from knowledge.patterns import regex
from knowledge.places import around, place_name, within
from knowledge.policy import Fact

_ZH = lexicon("places")
_ENDINGS = "省市区县旗盟州"


class PlaceQuestion:
    """The question for ``fact``, a place; ``area`` is the issuer's own."""

    def __init__(self, fact: Fact, area: str | None) -> None:
        own = {normalise(word): c.id for c in fact.choices for word in (c.label, *c.synonyms)}
        short = {word.rstrip(_ENDINGS): code for word, code in own.items()}
        self._own = _called_here(area) | {word: code for word, code in short.items() if len(word) > 1} | own
        names = "|".join(re.escape(normalise(name)) for name in (fact.label, *fact.reads.names))
        registered = _ZH["registered"].search(names)
        self._names = regex(f"{names}|{_ZH['registered'].pattern}" if registered else names)
        self._another = _ZH["another"] if registered else None
        self._area = area

    def read(self, said: Plain) -> Understood:
        """The place that the answer states, as a code."""
        mentions = find_places(said.text, self._own)
        text = without_what_is_finer(said.text, mentions, _ZH["finer"], _ZH["no_matter"]) if mentions else said.text
        if says_unknown(text) or is_uncertain(text):
            return UNKNOWN
        if asks_back(text) or tells("others", _ZH["neighbouring"].sub("", text)) or not mentions:
            return UNCLEAR
        left = self._of_now(text, mentions)
        meant = (deepest(left) or self._last_of(text, left) or _whole(text, left)) if left else None
        if meant is None:
            return UNCLEAR
        if meant.code is None:
            near = self._near(meant.codes)
            return UNCLEAR if near is None else Understood("unclear", offer=near)
        return Understood("ok", meant.code, words=said.words(meant.start, meant.end))

    def _of_now(self, text: str, mentions: Sequence[PlaceMention]) -> list[PlaceMention]:
        """The places that are said of what is asked for, and of now; none where that cannot be told."""
        if any(m.denied for m in mentions) and _ZH["outside"].search(text):
            return []
        words = {m: _words_of(text, m, mentions) for m in mentions}
        stays = any(self._names.search(c) and _ZH["stays"].search(c) for c in _placeless(text, mentions))
        present = [m for m in mentions if not m.denied and not _ZH["planned"].search(words[m])]
        if stays:
            return [m for m in present if not _ZH["moved"].search(text[max(0, m.start - 8) : m.start])]
        present = [m for m in present if not _was(text, m, words[m])]
        named = [m for m in present if self._names.search(words[m])]
        another = [m for m in present if m not in named and self._another and self._another.search(words[m])]
        others = [m for m in present if m not in named and m not in another]
        if any(_ZH["still"].search(words[m]) for m in named):
            return named
        if named and any(_ZH["moved"].search(text[max(0, m.start - 8) : m.start]) for m in others):
            return [*named, *others]  # 注册在郑州，去年迁到洛阳: the licence as well?
        return named or others

    def _last_of(self, text: str, left: Sequence[PlaceMention]) -> PlaceMention | None:
        """The place moved to last: 在闵行，前年迁到嘉善."""
        named = any(self._names.search(_words_of(text, m, left)) for m in left)
        moved = [m for m in left if _ZH["moved"].search(text[max(0, m.start - 8) : m.start])]
        return moved[-1] if moved and moved[-1] is left[-1] and not named else None

    def _near(self, codes: tuple[str, ...]) -> str | None:
        """The one of ``codes`` that lies nearest to the issuer's own place."""
        for area in around(self._area) if self._area else ():
            near = [code for code in codes if within(code, area)]
            if near:
                return near[0] if len(near) == 1 else None
        return None


def _called_here(area: str | None) -> dict[str, str]:
    """本市, 咱们省: the issuer's own place, or one that it lies in."""
    if area is None:
        return {}
    province, prefecture = f"{area[:2]}0000", f"{area[:4]}00"
    levels = {"省": province}
    if area != province:
        levels["市"] = province if place_name(province).endswith("市") else prefecture
    if area != prefecture:
        levels |= {"区": area, "县": area}
    return {whose + level: code for level, code in levels.items() for whose in ("本", "咱", "咱们", "你们", "贵")}


def _was(text: str, mention: PlaceMention, words: str) -> bool:
    """Whether it was there before: 原来在上海, 从上海迁来."""
    before = words.partition(text[mention.start : mention.end])[0]
    return bool(_ZH["former"].search(before) or _ZH["from_there"].match(text, mention.end))


def _whole(text: str, mentions: Sequence[PlaceMention]) -> PlaceMention | None:
    """二七区，瞅得见双塔: that is a sight, too; 二七区 is nothing else."""
    whole = [m for m in mentions if text[m.end - 1] in _ENDINGS]
    stated = any(text[m.start - 1 : m.start] in tuple("在到去是往和跟与、从由") for m in mentions if m not in whole)
    return None if stated or not whole else deepest(whole)


def _words_of(text: str, mention: PlaceMention, mentions: Sequence[PlaceMention]) -> str:
    """The words that go with a place: its clause, no further than the places before it; behind the last, to the end."""
    start, end = clause_around(text, mention.start)
    start = max([start, *(m.end for m in mentions if m.end <= mention.start)])
    later = any(mention.end <= m.start < end for m in mentions)
    return text[start : mention.end if later else end]


def _placeless(text: str, mentions: Sequence[PlaceMention]) -> list[str]:
    """The clauses in which no place is named."""
    clauses = [match.span() for match in CLAUSE.finditer(text)]
    return [text[a:b] for a, b in clauses if not any(a <= m.start < b for m in mentions)]
