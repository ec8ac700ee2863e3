"""The answer to one question, in everyday Chinese, as a value of the fact that was asked for.

What is not understood beyond doubt is ``unclear``: a wrong value is worse than a question asked again. The readers of
figures, yes and no, and choices do the work; here it is decided which of the things said answers this fact. Knows the
facts of the policy that it is given, and no policy of its own.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from conversations.language.choices import Choices
from conversations.language.dated_answers import DateQuestion, lasting
from conversations.language.figures import FigureQuestion
from conversations.language.lexicon import lexicon
from conversations.language.placed_answers import PlaceQuestion
from conversations.language.text import Plain, in_declared_unit, normalise, paused, plain
from conversations.language.understood import UNCLEAR, UNKNOWN, Understood, can_be
from conversations.language.yearly import by_year, first_years, without_comparisons
from conversations.language.yesno import (
    AnswerStance,
    YesNo,
    asks_back,
    is_pending,
    is_uncertain,
    of_now,
    ours_alone,
    says_unknown,
    settles_nothing,
    tells,
    without_hearsay,
)
from knowledge.patterns import regex
from knowledge.policy import Fact, Policy
from rules.values import Value

__all__ = ["LONGEST", "AnswerReader", "Understood", "listed_answers"]

LONGEST = 300
"""An answer of more characters is not read as an answer."""


_ZH = lexicon("answers")
# 不多 and 还没到账 deny something else than the amount.
_NO_MORE = ("就这些", "就这几个", "没别的", "没有别的", "没其他", "没有其他", "没有其它")
_MORE_WORDS = "还有别的另外其他再一个自己运营建设管理"
_LEVEL_WORDS = "只先后而称号又牌"
_BUTTON = regex(r"选?([012])号?[。.]?")
_AMOUNTS = ("money", "int", "count")
"""The types of which there may be nothing."""
_AROUND = " 。.!！,，\"'“”‘’《》「」"
_MONEY_WORDS = "交花付收投用报买钱元分毛块费拨款入账给补贴助奖励扶持费用,投钱,交钱,花钱,过钱,这个钱,收费,付钱"


T = TypeVar("T")


class _PerFact(Generic[T]):
    """What ``make`` makes of a fact, made when it is first asked for."""

    def __init__(self, make: Callable[[Fact], T]) -> None:
        self._make = make
        self._made: dict[str, T] = {}

    def __call__(self, fact: Fact) -> T:
        if fact.id not in self._made:
            self._made[fact.id] = self._make(fact)
        return self._made[fact.id]


class AnswerReader:
    """Reads answers to the facts of ``policy``, each fact with its own reader."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._bool = _PerFact(self._yes_or_no)
        self._choices_of = _PerFact(_choices)
        self._question = _PerFact(FigureQuestion)
        self._others_than = _PerFact(self._nouns_of_others)
        self._dated = _PerFact(lambda fact: DateQuestion(fact, self._bool(fact)))
        self._placed = _PerFact(lambda fact: PlaceQuestion(fact, policy.area))

    def read(self, fact_id: str, text: str, on: date | None = None) -> Understood:
        """The answer ``text``, given on the day ``on``, to the question for ``fact_id`` (which may have a year; an index
        in it does no harm). Without the day what is counted from it (去年) is not understood.

        Raises KeyError where the policy has no such fact.
        """
        fact = self._policy.fact(fact_id)
        if len(text) > LONGEST:
            return UNCLEAR
        if fact.type == "text":
            return _name(text)
        said = plain(paused(text.strip()))
        said = said if "(" in said.text else in_declared_unit(said)  # 1720(万元) is a figure with its unit
        said = replace(said, text=without_hearsay(ours_alone(self._policy.mentions.respelt(said.text))))
        if not said.text or settles_nothing(said.text) or self.of_another(fact, said.text):
            return UNCLEAR
        if fact.type == "bool":
            return self._truth(said, self._bool(fact))
        if fact.type == "choice":
            return self._choice(fact, said)
        if fact.type == "date":
            return self._dated(fact).read(said, on)
        if fact.type == "place":
            return self._placed(fact).read(said)
        if fact.type == "years" and (lasted := lasting(said, on)):
            return lasted
        year = fact_id.partition("@")[2]
        return self._of_year(fact, int(year), said, on) if year.isdigit() else self._figure(fact, said)

    def read_any(self, subject_id: str, text: str) -> Understood:
        """The answer to "is there any, another one?" of a list: a bool, unknown or unclear."""
        if len(text) > LONGEST:
            return UNCLEAR
        facts = (fact for fact in self._policy.facts if fact.subject == subject_id)
        label = next(each.label for each in self._policy.subjects if each.id == subject_id)
        about = label + _MORE_WORDS + "".join(word for fact in facts for word in (fact.label, *fact.yes))
        match YesNo(no=_NO_MORE, about=about).read(normalise(text)):
            case AnswerStance.YES | AnswerStance.NO as stance:
                return Understood("ok", stance is AnswerStance.YES, words=text)
            case AnswerStance.UNKNOWN:
                return UNKNOWN
            case _:
                return UNCLEAR

    def _truth(self, said: Plain, question: YesNo) -> Understood:
        if button := _BUTTON.fullmatch(said.text):  # yes, no, not known
            return UNKNOWN if button[1] == "0" else Understood("ok", button[1] == "1", words=said.source)
        stance = question.read(said.text)
        if stance is AnswerStance.UNKNOWN:
            return UNKNOWN
        if stance in (AnswerStance.YES, AnswerStance.NO):
            return Understood("ok", stance is AnswerStance.YES, words=said.source)
        return UNCLEAR

    def _choice(self, fact: Fact, said: Plain) -> Understood:
        choices = self._choices_of(fact)
        named = choices.read(said.text)
        far = named is not None and named[0] == choices.none  # 国内大概三十多名
        sure = _ZH["about_figure"].sub("", said.text) if far else said.text
        if says_unknown(said.text) or (is_uncertain(sure) and not _ZH["to_choose"].search(said.text)):
            return UNKNOWN
        if asks_back(said.text) or tells("others", said.text):
            return UNCLEAR
        if fact.granted and (tells("before", said.text) or tells("gone", said.text)):
            return self._of_past(choices, said)
        if named and fact.granted and self._bool(fact).foreign(choices.beside(said.text, named[1])) > 1:
            return UNCLEAR  # 省级文明单位
        if named:
            choice, word = named
            start = said.text.find(word)
            return Understood("ok", choice, words=said.words(start, start + len(word)) if start >= 0 else said.source)
        stance = self._bool(fact).read(said.text)
        nothing = stance is AnswerStance.NO and not choices.names(said.text)
        if choices.none and (nothing or (fact.granted and is_pending(said.text))):
            return Understood("ok", choices.none, words=said.source)
        return UNKNOWN if stance is AnswerStance.UNKNOWN else UNCLEAR

    def _of_past(self, choices: Choices, said: Plain) -> Understood:
        """What is had now, where an answer tells of what was once (以前是省级，后来取消了)."""
        if choices.none and tells("gone", said.text) and len(choices.names(said.text)) <= 1:
            return Understood("ok", choices.none, words=said.source)
        named = None if tells("gone", said.text) else choices.read(of_now(said.text))
        return Understood("ok", named[0], words=said.source) if named else UNCLEAR

    def _of_year(self, fact: Fact, year: int, said: Plain, on: date | None) -> Understood:
        """The figure of one year, where that is named, or no other."""
        told = by_year(said.text, on)
        if told is None:
            return self._figure(fact, replace(said, text=without_comparisons(said.text, on)))
        return self._figure(fact, replace(said, text=told[year])) if year in told else UNCLEAR

    def _figure(self, fact: Fact, said: Plain) -> Understood:
        question = self._question(fact)
        if question.crowded(said.text):
            return UNCLEAR
        unknown = says_unknown(said.text)
        if fact.type in _AMOUNTS and _ZH["nothing"].search(said.text) and not unknown:
            return Understood("ok", Decimal(0), words=said.source)
        if asks_back(said.text) or tells("others", said.text):
            return UNKNOWN if unknown else UNCLEAR
        if fact.type == "int" and fact.counter == "年" and (had := first_years(said.text)):
            return Understood("ok", Decimal(had), words=said.source)
        figure = question.read(said.text)
        if figure:
            if not can_be(fact.spec, figure.value):
                return UNCLEAR
            words = said.words(figure.start, figure.end)
            return Understood("ok", figure.value, figure.approximate, words)
        if unknown or (is_uncertain(said.text) and not question.mentions(said.text)):
            return UNKNOWN
        if fact.type == "int" and fact.maximum is not None and _ZH["all_used"].search(said.text):
            return Understood("ok", fact.maximum, words=said.source)
        if question.mentions(said.text) or fact.type not in _AMOUNTS:
            offer = question.offer(said.text)
            return Understood("unclear", offer=offer) if offer and can_be(fact.spec, offer) else UNCLEAR
        if self.denies(fact, said.text, Decimal(0)):
            return UNCLEAR
        stance = self._bool(fact).read(said.text)
        zero = any(normalise(word) in said.text for word in fact.reads.zero)
        nothing = stance is AnswerStance.NO and (zero or not _ZH["not_nothing"].search(said.text))
        return Understood("ok", Decimal(0), words=said.source) if nothing else UNCLEAR

    def of_another(self, fact: Fact, text: str) -> bool:
        """Whether an answer to what is granted names another subject (园区 of the enterprise) and not this one."""
        if not fact.granted:
            return False
        firm = _ZH["of_the_firm"].search(text) if fact.subject in self._policy.lists else None
        return bool(firm) or any(noun in text for noun in self._others_than(fact))

    def _nouns_of_others(self, fact: Fact) -> tuple[str, ...]:
        words = (fact.label, *fact.reads.names, *fact.yes, *fact.no, *(w for c in fact.choices for w in c.synonyms))
        own = normalise("".join(words))
        labels = (each.label for each in self._policy.subjects if each.many and each.id != fact.subject)
        nouns = (noun for label in labels for noun in re.findall(r"[\u4e00-\u9fff]{2,}", label))
        return (*(noun for noun in nouns if noun not in own), *map(normalise, fact.reads.others))

    def only_figure(self, fact: Fact, text: str, value: Value) -> bool:
        """Whether ``value`` is the one figure of plain ``text`` that may be one of ``fact``."""
        return self._question(fact).possible(text) == {value}

    def denies(self, fact: Fact, text: str, value: Value) -> bool:
        """Whether plain ``text`` names the choice ``value`` only to deny it (正高去年没评上), or denies one thing of several where
        ``value`` is that there is nothing (国家级没有, 第二年还没领)."""
        if fact.type == "int" and fact.counter == "年":
            return value == 0 and _ZH["lacking_year"].search(text) is not None
        if fact.type != "choice" or not isinstance(value, str):
            return False
        choices = self._choices_of(fact)
        return choices.denies(text, value) or (value == choices.none and choices.leaves_open(text))

    def _yes_or_no(self, fact: Fact) -> YesNo:
        figure, words = fact.spec.numeric, (fact.label, *fact.reads.names)
        about = "".join(words) + (_MONEY_WORDS if figure else "")
        if fact.choices and fact.granted:
            about += "".join(word for choice in fact.choices for word in choice.synonyms) + _LEVEL_WORDS
        others = (each for each in self._policy.facts if each.type == "bool" and each.id != fact.id)
        elsewhere = {normalise(word) for each in others for word in (*each.yes, *each.no)} if not figure else ()
        return YesNo(fact.yes, (*fact.no, *fact.reads.zero), about, fact.granted, elsewhere)


def _choices(fact: Fact) -> Choices:
    options: dict[str, tuple[str, ...]] = {choice.id: (choice.label, *choice.synonyms) for choice in fact.choices}
    options[fact.choices[-1].id] += fact.reads.zero
    return Choices(options, fact.granted)


def _name(text: str) -> Understood:
    """A free label: what was written, without the words that only introduce it (名字叫…)."""
    name = text.strip().strip(_AROUND)
    if not plain(name).text:
        return UNCLEAR
    if _ZH["nameless"].fullmatch(plain(name).text) or says_unknown(plain(name).text):
        return UNKNOWN
    introduced = _ZH["named"].match(name)
    name = name[introduced.end() :].strip(_AROUND) if introduced and introduced.end() < len(name) else name
    return Understood("ok", name, words=name)


def listed_answers(policy: Policy) -> dict[str, frozenset[str]]:
    """Per fact id the words, in their plain form, that the pack lists as answers to its question."""
    listed: dict[str, frozenset[str]] = {}
    for fact in policy.facts:
        chosen = (word for each in fact.choices for word in (each.label, *each.synonyms))
        figure = fact.reads.names if fact.spec.numeric else ()
        listed[fact.id] = frozenset(map(normalise, (*fact.yes, *fact.no, *figure, *fact.reads.zero, *chosen)))
    return listed
