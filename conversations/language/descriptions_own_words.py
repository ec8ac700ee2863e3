"""What a clause tells of an item of a list in the own words of its facts: label, names, units, choices, listed answers.

Where a pack writes phrases for a fact these go before, and the looser words count for less. Knows no policy of its own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from conversations.language import descriptions_turns as turns
from conversations.language.days import find_days
from conversations.language.descriptions_polarity import Verdict, not_reached, verdict
from conversations.language.descriptions_statements import Statement
from conversations.language.labels import BANK, CALLED
from conversations.language.ordinals import unnumbered
from conversations.language.quantities import Quantity, UnitKind, find_quantities, times
from conversations.language.revisions import revised
from conversations.language.text import normalise
from knowledge.mentions import FactMentions
from knowledge.patterns import regex
from knowledge.policy import Fact
from rules.values import Range

MARK = regex(
    r"(?:而|其中|那|至于|,)*(?:第(?P<nth>[一二三四五六七八九1-9])(?:[个位名笔台套项款座栋处]|(?=是|,|:))|(?P<listed>[一二三四五六](?=(?:是|、|:)(?![否的])))"
    r"|(?P<one>(?:一|1)[个位名笔台套项款座栋处](?![月半]|(?:要|是|大概|约|才|就)*[\d一二两三四五六七八九十百千.]+[万千元块]))|(?P<next>(?:另外?|还有|再有?|又)(?:有)?(?:一|1)?[个位名笔台套项款座栋处]))"
)
"""How a row begins that says by itself which thing it tells of."""
_NO = regex(r"(?:没有?|不|未|无|非)(?:是|有|曾|能|评|拿到?|取得|在|被)*$")
_IN_SO_MANY_WORDS = regex("[不没未]|还在")
_SIDE = regex("(?:[^,是有的没不]{2})?(?:[、和与跟及或]|或者|以及)?")
_GENERIC = frozenset(["没有", "没", "无", "都没有", "都不是", "其他", "其它", "没有的", "不是", "是"])
_GAP = "(?:我们|[给着了都也的是还就他她]){0,2}"
_LIGHT = regex(r"[的是了就出于在份,、呢啊吧]")
_HAPPENS = regex("[来去做到签入引聘招请挖开拿批评毕放满]")
_NOT_HERE_YET = regex(
    r"签约|签了|意向|预[订定约]|报名|洽谈|在谈|规划|设计|拟|[没未不](?:进|来|搬|到|入)|退[了掉货租]|搬走|走了|剩"
)
_REALLY = regex("真正|实际")
_YET = regex("(?:还|尚|暂)$")
_HARDLY = 3
_ALSO_SAID = {"第一次": "(?:第一[次回]|头一?[次回]|首次|初次)", "申请": "(?:申请|申报|报|申领)"}
_LETTERS = regex("[a-z]{2,5}(?P<between>[^a-z,。]*)$")
_IN_ALL = regex(r"(?:一共|总共|合计|共计|总计|总|共)[^,]{0,2}$")
WEAK = -1
"""The rank of what tells of an item only where something else does: a day, or that there was nothing."""
_NEAR, _BEHIND = 8, 2
_SHORT_WORD = 3
_PART = 2
_GRANT = regex("认定|评定|获评|评为|批准|备案|入选|通过|取得|获得")
_PERCENT = 100
_A_LIFE = 60
"""No term has as many years: they are those of the century."""
_OF_CALENDAR = regex(r"[1-3]\d年(?!期|[半多零以之])")  # 24年的, 23年一亿一: by themselves they are no term
_KINDS = {
    "money": (UnitKind.MONEY,),
    "area": (UnitKind.AREA,),
    "ratio": (UnitKind.RATIO,),
    "years": (UnitKind.YEARS,),
    "int": (UnitKind.COUNT, UnitKind.YEARS),
    "count": (UnitKind.COUNT,),
}

_THAT = regex("[那这][个位名笔台款套座栋处]|项目")
_CALL_BEFORE = regex(rf"(?:{BANK})(?:那边|那笔|这笔|的|[贷借放]了?|给|是|还|有|,)*$")
_KIND = regex("(?:项目|产品|设备)$")
_AGED = regex(r"(?:已经?|刚|快|就|都|是|有|才)*[\d一二三四五六七八九十]{1,3}岁")  # 今年48岁
_ALONE = regex("[的那这笔个位名台款则也就是为有呢约了,]")

Told = Mapping[str, Statement]
"""What a clause tells of an item: by the fact's name, with its place in the clause."""


class OwnWords:
    """The own words of the facts of one list, whose things are ``called`` so."""

    def __init__(self, facts: Sequence[Fact], spoken: Mapping[str, FactMentions], called: str) -> None:
        self.told = lru_cache(maxsize=256)(self._tells)  # each clause is asked for again
        self._facts = facts
        self._kind = regex(rf"{_THAT.pattern}|{re.escape(called)}|{re.escape(_KIND.sub('', called)) or '$^'}:?")
        self._spoken = spoken
        bools = [fact for fact in facts if fact.type == "bool"]
        self._denials = {
            fact.id for fact in bools if fact.granted and fact.id in spoken
        }  # that it is so say its phrases
        self._bools = [
            (fact, [*_spoken(fact, fact.id in self._denials), *(_granted(fact) if fact.granted else ())])
            for fact in bools
        ]
        self._true_or_not = _any_of(pattern for _, patterns in self._bools for pattern, _ in patterns)
        self._unreached = [(fact, label, _none_of(label)) for fact in facts if (label := _reached(fact))]
        self._words = {
            normalise(word): (fact, choice.id)
            for fact in facts
            for choice in fact.choices
            for word in (choice.label, *choice.synonyms)
            if normalise(word) not in _GENERIC and (fact.id not in spoken or _like_label(word, choice.label))
        }
        longest = sorted(self._words, key=len, reverse=True)
        self._choices = regex("|".join(map(re.escape, longest))) if longest else None
        self._figures = [(fact, _names(fact), _nothing(fact)) for fact in facts if fact.spec.numeric]
        self._all_names = _any_of(names for _, names, _ in self._figures)
        self._nothing = _any_of(nothing for _, _, nothing in self._figures)
        self._others = {fact.id: [normalise(word) for word in fact.reads.others or ()] for fact in facts}
        self._only = {kind: sum(_like(fact, kind) for fact in facts) == 1 for kind in ("money", "years", "area")}
        sums = [
            fact for fact in facts if fact.type == "money" and any(called[-_PART:] in word for word in _called(fact))
        ]
        self._own_sum = sums[0] if len(sums) == 1 else None
        self._dates = [fact for fact in facts if fact.type == "date"]
        self._yearly = any(fact.by_year for fact in facts)
        units = {
            normalise(unit) for fact in facts for unit in (*fact.reads.units, fact.unit_word, fact.counter) if unit
        }
        self._units = tuple(sorted(units))
        owners = [normalise(unit) for f in facts for unit in {f.unit_word, *f.reads.units} - {""}]
        self._single = {unit for unit in units if owners.count(unit) == 1}

    def _tells(self, text: str, on: date | None) -> Told:
        """What plain ``text`` tells of an item in those words."""
        text = unnumbered(text)
        found = {**self._truths(text), **self._chosen(text), **self._amounts(text)}
        return found | self._days(text, on, found)

    def tells(self, text: str, on: date | None) -> bool:
        """Whether ``text`` tells anything of an item beyond doubt."""
        return any(entry.rank > WEAK for entry in self.told(text, on).values())

    def names(self, name: str, text: str) -> bool:
        """Whether ``text`` has a name of the figure ``name``."""
        return any(fact.name == name and bool(names.search(text)) for fact, names, _ in self._figures)

    def fills(self, name: str, text: str, entry: Statement) -> bool:
        """Whether what was read of the fact ``name`` may stand where its phrases read nothing: a figure only without one,
        beside a name in letters (lpr3.45), or where it is all that is said."""
        fact = next(each for each in self._facts if each.name == name)
        spoken = self._spoken.get(fact.id)
        if spoken is None or not isinstance(entry.value, Decimal | Range):
            return True
        alone = spoken.plain and _nothing_else(text, [(entry.start, entry.end)])
        alone = alone or (fact is self._own_sum and bool(_CALL_BEFORE.search(text, 0, entry.start)))
        alone = alone or (fact.type == "money" and self._of_one_thing(find_quantities(text, self._units)))
        letters = _LETTERS.search(text, 0, entry.start)
        beside = letters and (len(letters["between"]) <= _BEHIND or revised(letters["between"]))
        return alone or entry.rank == WEAK or bool(beside)

    def alone(self, text: str) -> tuple[int, int, dict[str, Decimal | Range]] | None:
        """The place of the one figure that is all that ``text`` says beside calls (农行那笔3.45%), and what it would be of each
        fact that it may be of; None where it says more, or calls nothing and the figure may be of many things."""
        words = CALLED.sub(_blank, text)
        if not self._figures or not (quantities := find_quantities(words, self._units)):
            return None
        read = self.told(text, None).items()
        told = [(entry.start, entry.end) for name, entry in read if self.fills(name, text, entry)]
        found = [q for q in quantities if not any(a < q.end and q.start < b for a, b in told)]
        if len(found) != 1 or found[0].denied:
            return None
        (figure,) = found
        if words == text and figure.kind not in (UnitKind.AREA, UnitKind.RATIO):
            return None
        left = max((end for _, end in told if end <= figure.start), default=0)
        right = min((start for start, _ in told if start >= figure.end), default=len(words))
        if _ALONE.sub("", words[left : figure.start] + words[figure.end : right]):
            return None
        fitting = {fact.name: _value(fact, figure) for fact, *_ in self._figures if _fits(fact, figure)}
        return figure.start, figure.end, {name: value for name, value in fitting.items() if value is not None}

    def _truths(self, text: str) -> dict[str, Statement]:
        found: dict[str, Statement] = {}
        for fact, patterns in self._bools if self._true_or_not.search(text) else ():
            for pattern, value in patterns:
                match = pattern.search(text)
                if match is None:
                    continue
                short = len(match[0]) < _SHORT_WORD and len(text) > len(match[0]) + _SHORT_WORD
                denied = bool(_NO.search(text, 0, match.start())) if value else False
                told = verdict(text[: match.start()], match[0], text[match.end() :], granted=True)
                if fact.granted and value:
                    short, denied = told is Verdict.ONCE, denied or told is Verdict.NO
                so = value and not denied
                if not (short or (so and fact.id in self._denials)):
                    found[fact.name] = Statement(so, match.start(), match.end())
                break
        return found if len(found) == 1 or not found else {}

    def _chosen(self, text: str) -> dict[str, Statement]:
        found: dict[str, Statement] = {}
        denied: dict[str, dict[str, re.Match[str]]] = {}
        for match in self._choices.finditer(text) if self._choices else ():
            fact, choice = self._words[match[0]]
            order = [each.id for each in fact.choices]
            known = found.get(fact.name)
            if self._denied(text, match, fact):
                denied.setdefault(fact.id, {})[choice] = match
                continue
            if known is None or order.index(choice) < order.index(str(known.value)):
                found[fact.name] = Statement(choice, match.start(), match.end())
        for fact, label, unreached in self._unreached:
            if fact.name in found:
                continue
            if len(denied.get(fact.id, ())) == len(fact.choices) - 1:  # 没有硕士、博士学位
                ends = [match.span() for match in denied[fact.id].values()]
                found[fact.name] = Statement("none", min(ends)[0], max(ends)[1])
            elif label in text and (none := unreached.search(text)):
                found[fact.name] = Statement("none", none.start(), none.end())
        return found

    def _denied(self, text: str, match: re.Match[str], fact: Fact) -> bool:
        """Whether a choice of ``fact`` is denied, by itself or side by side with the one before it: 没有硕士、博士学位."""
        before = list(self._choices.finditer(text, 0, match.start())) if self._choices else []
        while (
            before and self._words[before[-1][0]][0] is fact and _SIDE.fullmatch(text, before[-1].end(), match.start())
        ):
            match = before.pop()
        return bool(_NO.search(text, 0, match.start()) or not_reached(text, match.end()))

    def _amounts(self, text: str) -> dict[str, Statement]:
        if not self._figures:
            return {}
        quantities = find_quantities(self._all_names.sub(_blank, text), self._units)  # lpr3.45
        quantities = tuple(
            q for q in quantities if not (_one_at_a_price(q, quantities) or turns.NOT_ONE.match(text, q.end))
        )
        if not quantities and not self._nothing.search(text):
            return {}
        found: dict[str, Statement] = {}
        taken: set[Quantity] = set()
        for fact, names, nothing in self._figures:
            none = nothing.search(text)
            zero = none.start() if none else -1
            beside = self._beside(fact, names, text, [q for q in quantities if q not in taken])
            if beside is not None:
                taken.add(beside)
                value = _value(fact, beside)
                if value is not None:
                    found[fact.name] = Statement(value, beside.start, beside.end, beside.approximate)
            elif (
                zero >= 0
                and not fact.minimum
                and not _YET.search(text, 0, zero)
                and self._counts_without_phrase(fact, "zero")
            ):
                found[fact.name] = Statement(Decimal(0), zero, len(text), rank=WEAK)
        return found

    def _beside(self, fact: Fact, names: re.Pattern[str], text: str, quantities: Sequence[Quantity]) -> Quantity | None:
        """The figure that ``text`` has for ``fact``: beside its name, or in a unit that is of no other fact of the list."""
        fitting = [q for q in quantities if _fits(fact, q) and not q.denied]
        if not fitting or any(word in text for word in self._others[fact.id]):
            return None
        for match in names.finditer(text):
            ahead = [q for q in fitting if match.end() <= q.start <= match.end() + _NEAR]
            behind = [q for q in fitting if 0 <= match.start() - q.end <= _BEHIND]
            inside = [q for q in fitting if match.start() <= q.start and q.end <= match.end()]
            if ahead or behind or inside:
                return (inside or ahead or behind)[0]
        if fact is self._own_sum and (lent := [q for q in fitting if _CALL_BEFORE.search(text, 0, q.start)]):
            return lent[0]
        own = [q for q in fitting if q.unit in self._single and fact.type == "count" and q.unit in _units(fact)]
        own = [] if _NOT_HERE_YET.search(text) and not _REALLY.search(text) else own
        if self._only.get(fact.type) and fact.type == "money" and self._of_one_thing(quantities):
            own = fitting
        elif self._only.get(fact.type):
            calls = self._calls(text)
            own = [
                q
                for q in fitting
                if _nothing_else(text, [*calls, (q.start, q.end)])
                and not (_IN_ALL.search(text, 0, q.start) or _OF_CALENDAR.match(text, q.start))
            ]
        return own[0] if len(own) == 1 else None

    def _calls(self, text: str) -> list[tuple[int, int]]:
        """Where ``text`` only says which of the things it speaks of: 锅炉那个280万 · 工行300万."""
        found = [match.span() for match in CALLED.finditer(text)]
        found += [match.span() for match in (self._choices.finditer(text) if self._choices else ())]
        return found + [match.span() for match in self._kind.finditer(text)]

    def _of_one_thing(self, quantities: Sequence[Quantity]) -> bool:
        """1台切割机128万: whether a clause tells of one thing, in a unit of the list, and of one sum behind it."""
        money = [q for q in quantities if q.kind is UnitKind.MONEY or q.scaled]
        ones = [q for q in quantities if q.unit in self._single and q.kind is UnitKind.COUNT]
        return len(money) == len(ones) == 1 and ones[0].value == 1 and ones[0].end < money[0].start

    def _counts_without_phrase(self, fact: Fact, key: Literal["zero", "plain"]) -> bool:
        """Whether ``fact`` has no phrases, or they allow for what none of them names."""
        own = self._spoken.get(fact.id)
        return own is None or (own.zero if key == "zero" else own.plain)

    def _days(self, text: str, on: date | None, told: Told) -> dict[str, Statement]:
        if len(self._dates) != 1:
            return {}
        (fact,) = self._dates
        told_now = (d for d in find_days(text, on) if not (d.ahead or d.compared or _AGED.match(text, d.end)))
        days = [day for day in told_now if day.dates is not None]
        names = [normalise(name) for name in (fact.label, *fact.reads.names)]
        found: list[Statement] = []
        for day in days:
            behind = _LIGHT.sub("", text[day.end : day.end + 4])
            named = any(behind.startswith(name[0]) for name in names) or _names(fact).search(text[: day.start])
            alone = _nothing_else(text, [(day.start, day.end), *((each.start, each.end) for each in told.values())])
            alone = alone and len(days) == 1 and not self._yearly  # 前年2600万: the year of a figure
            if (named or alone) and day.dates is not None:
                found.append(Statement(day.dates, day.start, day.end, day.rough, 0 if named else WEAK))
        return {fact.name: found[0]} if len({each.value for each in found}) == 1 else {}


def _one_at_a_price(quantity: Quantity, beside: Sequence[Quantity]) -> bool:
    """一台860万: whether it is the one thing that a price is told for."""
    money = [q for q in beside if q.kind is UnitKind.MONEY or q.scaled]
    return quantity.value == 1 and any(q.end == quantity.start or q.start == quantity.end for q in money)


def _like_label(word: str, label: str) -> bool:
    """Whether ``word`` is ``label``, or a part of it, or begins like it: 正高 for 正高级."""
    return word in label or label in word or word[: _SHORT_WORD - 1] == label[: _SHORT_WORD - 1]


def _spoken(fact: Fact, denials: bool) -> list[tuple[re.Pattern[str], bool]]:
    """The answers to a yes-or-no ``fact`` as they stand in a clause, longest first, each with what it says; with ``denials`` those
    alone that deny it in so many words."""
    words = [(word, True) for word in fact.yes if not denials]
    words += [(word, False) for word in fact.no if not denials or _IN_SO_MANY_WORDS.search(normalise(word))]
    plain = {normalise(word): value for word, value in words if normalise(word) not in _GENERIC}
    return [(regex(_in_any_order(_stem(word))), plain[word]) for word in sorted(plain, key=len, reverse=True)]


def _granted(fact: Fact) -> list[tuple[re.Pattern[str], bool]]:
    """That what ``fact`` asks for was granted, in the verb of its label: 认定下来了, 认定还在走流程."""
    return [
        (regex(rf"{verb[0]}(?:[了过]|下来|$|(?=[还也正没未在]))"), True) for verb in [_GRANT.search(fact.label)] if verb
    ]


def _in_any_order(word: str) -> str:
    """A ``word`` with what people put between its characters; one of two parts also turned round: 竣工按期的 for 按期竣工."""
    said = _GAP.join(map(re.escape, word))
    parts = (word[_PART:], word[:_PART]) if len(word) == _PART + _PART else ()
    if len(word) == _SHORT_WORD and word[1] in "了过的":  # 地已经拿了, for 拿了地
        return f"{said}|{re.escape(word[2])}[已经都也早就刚]{{0,3}}{re.escape(word[0])}[到下]?[了过]"
    return f"{said}|{_GAP.join(map(re.escape, parts))}" if parts and word.isalpha() else said


def _reached(fact: Fact) -> str:
    """The label of a choice that can be none at all, as plain text; empty for any other fact."""
    none = fact.type == "choice" and fact.choices[-1].id == "none"
    return normalise(fact.label) if none else ""


def _none_of(label: str) -> re.Pattern[str]:
    """That none of the choices called ``label`` was reached."""
    label = re.escape(label)
    return regex(
        rf"{label}[也还都暂他她我们自己倒就是]{{0,3}}(?:没有?|无|未)评?|(?:没有?|无|未)评?[什么任何]{{0,2}}{label}"
    )


def _any_of(patterns: Iterable[re.Pattern[str]]) -> re.Pattern[str]:
    return regex("|".join(pattern.pattern for pattern in patterns) or "$^")


def _stem(word: str) -> str:
    return word.rstrip("的了") if len(word) > _SHORT_WORD else word


def _called(fact: Fact) -> set[str]:
    return {normalise(name) for name in (fact.label, *fact.reads.names)}


def _names(fact: Fact) -> re.Pattern[str]:
    names = sorted(_called(fact), key=len, reverse=True)
    return regex("|".join(map(re.escape, names)))


def _nothing(fact: Fact) -> re.Pattern[str]:
    """The words of ``fact`` for that there was nothing yet, as they are also said: 第一次申请, 头一回报."""
    words = [re.escape(normalise(word)) for word in fact.reads.zero if len(word) >= _SHORT_WORD]
    for plain, alike in _ALSO_SAID.items():
        words = [word.replace(plain, alike) for word in words]
    return regex("|".join(words) or "$^")


def _units(fact: Fact) -> set[str]:
    return {normalise(unit) for unit in (fact.unit_word, fact.counter, *fact.reads.units) if unit}


def _like(fact: Fact, kind: str) -> bool:
    """Whether figures of ``kind`` may be those of ``fact``."""
    return fact.type == kind or (kind == "years" and "年" in _units(fact))


def _fits(fact: Fact, quantity: Quantity) -> bool:
    if quantity.value is None:
        return False
    if fact.type == "money":
        return quantity.kind is UnitKind.MONEY or (quantity.scaled and quantity.kind is UnitKind.NUMBER)
    if fact.type == "ratio" and quantity.kind is UnitKind.NUMBER:
        return isinstance(quantity.value, Decimal) and 1 < quantity.value < _PERCENT
    if fact.type in ("int", "count"):
        return quantity.unit in _units(fact)
    if fact.type == "years" and isinstance(quantity.value, Decimal) and quantity.value >= _A_LIFE:
        return False  # 李博士88年的
    counted = fact.type == "years" and quantity.unit == "年"  # a unit of another fact of the list, too
    return counted or quantity.kind in _KINDS[fact.type]


def _value(fact: Fact, quantity: Quantity) -> Decimal | Range | None:
    """The ``quantity`` in the unit of ``fact``: a rate said without its sign (LPR 3.45) is in percent."""
    value = quantity.value
    if value is None:
        return None
    if fact.type == "ratio" and quantity.kind is UnitKind.NUMBER:
        return times(value, Decimal(1) / _PERCENT)
    units = {normalise(unit): factor for unit, factor in fact.reads.units.items()}
    factor = units.get(quantity.unit, Decimal(1)) if fact.type in ("int", "count") else Decimal(1)
    return value if factor == 1 else times(value, factor)


def _nothing_else(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether ``text`` says hardly anything outside of ``spans``: 学历本科73年11月的."""
    kept = "".join(character for at, character in enumerate(text) if not any(a <= at < b for a, b in spans))
    return len(_LIGHT.sub("", MARK.sub("", kept))) <= _HARDLY and not _HAPPENS.search(kept)


def _blank(match: re.Match[str]) -> str:
    return "," * len(match[0])
