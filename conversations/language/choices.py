"""Which of a question's choices an answer names: by its number, label, synonym, or nearly so.

The words come from the caller's choices; this module knows none of its own beyond 第二个, 最高, 都不是. Where several
choices are named and neither a denial nor the words themselves settle it, none is taken.
"""

import re
from collections.abc import Mapping, Sequence

from conversations.language.lexicon import lexicon
from conversations.language.numerals import find_numerals
from conversations.language.text import normalise
from conversations.language.yesno import is_pending, tells
from knowledge.patterns import regex
from knowledge.sounds import sound

_ZH = lexicon("answers")
_SHORTEST_FUZZY = 3
_SHORTEST_TRADE = 2
_OTHER = ("其他", "其它")
"""How the choice begins that is left where none of the others is so."""
_FUZZY = 85.0
_AHEAD = 12.0


class Choices:
    """A closed question: ``options``, with all that each is called, in the order of their buttons. ``granted``: what is pending is not yet had.

    Where one of them is having none, the others are a scale, highest first, and of several the highest counts.
    """

    def __init__(self, options: Mapping[str, Sequence[str]], granted: bool = False) -> None:
        self._options = tuple(options)
        said = {normalise(word): option for option, words in options.items() for word in words}
        self._words = {form: option for word, option in said.items() for form in _forms(word)} | said
        self._longest = sorted(self._words, key=len, reverse=True)
        self.none = next((option for option, words in options.items() if "没有" in words), None)
        self._rest = next((o for o, words in options.items() if normalise(words[0]).startswith(_OTHER)), None)
        positive = [word for word in self._longest if self._words[word] != self.none]
        self._positive = regex("|".join(map(re.escape, positive)))
        self._any = regex("|".join(map(re.escape, self._longest)))
        self._compared = regex(rf"比(?:{self._positive.pattern})")
        heard = (word for word in self._words if len(word) >= 2 and not word.isascii() and not _figures(word))
        self._spoken = {word: sound(word) for word in heard}
        self._rank = {option: place for place, option in enumerate(self._options)}
        self._highest = self.none is not None
        self._granted = granted
        self._lowest = [option for option in self._options if option != self.none][-1]
        self._ranks = self._ranked()
        self._weakest = max((option for _, option, _ in self._ranks), key=self._rank.__getitem__, default=None)

    def read(self, text: str) -> tuple[str, str] | None:
        """The choice that plain ``text`` names and the word it is named by; None where it cannot be told."""
        text = _ZH["level"].sub("级", text)
        if chosen := self._by_number(text) or self._every(text):
            return chosen, text
        if self._compared.search(text):
            return None  # 比市级高
        named = self._named(text)
        kept = {choice: word for choice, (word, denied) in named.items() if not denied}
        if self.none in kept and len(kept) > 1:
            del kept[self.none]
        if len(kept) > 1 and re.search("还是".join(f"(?:{'|'.join(kept.values())})" for _ in "ab"), text):
            return None  # 国家级还是省级
        now = {choice: word for choice, word in kept.items() if not _was(text, word)}
        kept = now or kept
        if len(kept) > 1 and self._highest:
            best = min(kept, key=lambda choice: self._rank[choice])
            return best, kept[best]
        if len(kept) > 1:
            longest, second = sorted(kept, key=lambda choice: -len(kept[choice]))[:2]
            return (longest, kept[longest]) if len(kept[longest]) >= len(kept[second]) + 2 else None
        if kept:
            choice, word = next(iter(kept.items()))
            return None if _ZH["up_or_down"].match(text, text.find(word) + len(word)) else (choice, word)
        if self.none and set(named) == set(self._options) - {self.none}:
            return self.none, text  # 既不是国家级也不是省级
        denied_lowest = self._lowest in named and set(named) <= set(self._options) - {self.none}
        if self.none and denied_lowest and _ZH["nothing_above"].search(text):
            return self.none, text  # 连市级都没评上
        if self._rest and (set(named) == set(self._options) - {self._rest} or _ZH["none_of_these"].match(text)):
            return self._rest, text
        return None if named else self._nearly(text)

    def _ranked(self) -> list[tuple[re.Pattern[str], str, int]]:
        """From words such as 国内前三: how a place in that field is said, its choice, the last place that counts."""
        matches = {m["where"]: (word, m["place"]) for word in self._longest if (m := _ZH["ranked"].match(word))}
        return [
            (regex(where + _ZH["rank_said"].pattern), self._words[word], _whole(place))
            for where, (word, place) in matches.items()
            if self._words[word] != self.none
        ]

    def _by_number(self, text: str) -> str | None:
        match = _ZH["number_of_choice"].fullmatch(text)
        if not match:
            return None
        number = match["number"]
        if number.isascii() and number.isalpha():
            place = ord(number) - ord("a") + 1
        else:
            place = _whole(number)
            if text.startswith("第") and not match["unit"]:
                return None  # 第三 may be a rank
        return self._options[place - 1] if 0 < place <= len(self._options) else None

    def names(self, text: str) -> frozenset[str]:
        """The choices that plain ``text`` names, denied or not, besides that of having none."""
        return frozenset(self._named(_ZH["level"].sub("级", text))) - {self.none}

    def leaves_open(self, text: str) -> bool:
        """Whether plain ``text`` names choices but not the lowest, which may be had though they are denied."""
        named = self.names(text)
        return bool(named) and self._lowest not in named

    def denies(self, text: str, choice: str) -> bool:
        """Whether plain ``text`` names ``choice`` only to deny it."""
        return self._named(text).get(choice, ("", False))[1]

    def beside(self, text: str, word: str) -> str:
        """What stands beside ``word`` in its part of plain ``text``, words of choices left out."""
        start = text.find(word)
        if start < 0:
            return ""
        left, right = _part_around(text, start, start + len(word))
        around = text[left:start], text[start + len(word) : right]
        return re.sub("|".join(map(re.escape, self._longest)), "", " ".join(around))

    def _every(self, text: str) -> str | None:
        """The highest where all are had: 都有, 两个都满足."""
        match = _ZH["all_of"].fullmatch(text) if self._highest else None
        had = len(self._options) - (self.none is not None)
        return self._options[0] if match and (not match["number"] or _whole(match["number"]) == had) else None

    def _named(self, text: str) -> dict[str, tuple[str, bool]]:
        """The choices whose words stand in ``text``, longest words first, and whether they are denied there."""
        found: dict[str, tuple[str, bool]] = {}
        taken = [False] * len(text)
        for said, option, last in self._ranks:
            match = said.search(text)
            place = _whole(match["place"] or match["far"]) if match else 0
            if match and place:
                taken[match.start() : match.end()] = [True] * len(match.group())
                denied = self._denied(text, match.start(), match.end())
                if place <= last:
                    found[option] = (match.group(), denied)
                elif self.none and option == self._weakest and not re.search("前|top", match.group()):
                    found[self.none] = (match.group(), False)
        heard = sound(text)
        short = len(text.strip("的吧了。.啊")) <= _SHORTEST_FUZZY
        for word in self._longest:
            places = _places(text, word) if word in text else []
            spoken = self._spoken.get(word, "")
            if (
                not places
                and spoken
                and spoken in heard
                and (len(word) >= _SHORTEST_FUZZY or (short and (not self._granted or word[0] in text)))
            ):
                places = [heard.count("|", 0, place) for place in _places(heard, spoken)]  # 跨镜贸易 for 跨境贸易
            for place in places:
                end = place + len(word)
                if self._words[word] == self.none and self._only_denies(text, place, end):
                    continue
                if not any(taken[place:end]):
                    taken[place:end] = [True] * len(word)
                    denied = self._denied(text, place, end)
                    before = found.get(self._words[word])
                    if before is None or (before[1] and not denied):
                        found[self._words[word]] = (text[place:end], denied)
        return found

    def _only_denies(self, text: str, start: int, end: int) -> bool:
        """Whether a word for having none only denies the choice beside it: 国家级没评上."""
        left, right = _part_around(text, start, end)
        return bool(re.match("[没不未无]", text[start:end]) and self._positive.search(text[left:right]))

    def _denied(self, text: str, start: int, end: int) -> bool:
        if self.none and self._words.get(text[start:end]) == self.none:
            return False
        left, right = _part_around(text, start, end)
        if self._under_way(text, start, end):
            return True
        if self._granted and (_ZH["aspired_before"].search(text[left:start]) or _ZH["aspired_after"].match(text, end)):
            return True
        contrast = _ZH["contrast"].match(text, end)
        if contrast and self._positive.match(text, contrast.end()):  # 是国家级的不是省级的
            return bool(_ZH["denied_before"].search(text[left:start]))
        beside = _ZH["beside"].sub("", self._positive.sub("", text[end:]))
        if re.match(r"都(?:还)?[排进评够挤达算]?(?:不|没|未)", beside):
            return True
        if _ZH["denied_before"].search(text[left:start]) or _ZH["denied_after"].match(text, end):
            return True
        return self._granted and is_pending(text[left:right])

    def _under_way(self, text: str, start: int, end: int) -> bool:
        """Whether the choice at ``text[start:end]`` is only on its way: 博士还在读, 正在评正高."""
        left, right = _part_around(text, start, end)
        others = [m.span() for m in self._any.finditer(text, left, right) if m.end() <= start or m.start() >= end]
        behind = text[end : min((a for a, _ in others if a >= end), default=right)]
        before = text[max((b for _, b in others if b <= start), default=left) : start]
        if any(b <= start for _, b in others) and _ZH["under_way_after"].match(before):
            before = ""  # 硕士在读，博士
        return bool(
            _ZH["under_way_after"].match(behind) or _ZH["under_way_before"].search(before) or is_pending(behind)
        )

    def _nearly(self, text: str) -> tuple[str, str] | None:
        """By likeness, for slips of the finger; figures must agree, and one choice must be clearly ahead."""
        from rapidfuzz import fuzz, process

        words = [word for word in self._longest if len(word) >= _SHORTEST_FUZZY]
        ranked = process.extract(text, words, scorer=fuzz.ratio, limit=5, score_cutoff=_FUZZY - _AHEAD)
        if not ranked or ranked[0][1] < _FUZZY:
            return None
        word, score, _ = ranked[0]
        rival = next((other[1] for other in ranked if self._words[other[0]] != self._words[word]), 0.0)
        if score - rival < _AHEAD or _figures(word) != _figures(text):
            return None
        return self._words[word], word


def _forms(word: str) -> tuple[str, ...]:
    """How a trade is said that is called 服务业: 服务类, 服务行业, 做服务的."""
    trade = word.removesuffix("业") if len(word) > _SHORTEST_TRADE else word
    return () if trade == word else (*(trade + end for end in ("类", "行业")), *(f"{do}{trade}的" for do in "做搞干"))


def _was(text: str, word: str) -> bool:
    """Whether the part in which ``word`` stands tells of what was once: 原来做纺织."""
    start = text.find(word)
    left, _ = _part_around(text, start, start + len(word))
    return tells("before", text[left:start])


def _part_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch between punctuation, or 但, in which ``text[start:end]`` stands."""
    left = max((match.end() for match in _ZH["part"].finditer(text, 0, start)), default=0)
    right = _ZH["part"].search(text, end)
    return left, right.start() if right else len(text)


def _places(text: str, word: str) -> list[int]:
    """Where ``word`` stands in ``text``."""
    return [place for place in range(len(text)) if text.startswith(word, place)]


def _whole(number: str) -> int:
    """A number in words or figures, 0 where it is none."""
    numerals = find_numerals(number)
    return int(numerals[0].low) if len(numerals) == 1 and not numerals[0].vague else 0


def _figures(text: str) -> str:
    return "".join(re.findall(r"[\d一二两三四五六七八九十百]", text))
