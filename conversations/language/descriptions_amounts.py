"""Days, places and counted things in a description, stated where the fact is named beside them; figures of a year are read
with them, by ``descriptions_years``.

A value belongs to the one fact that its clause names; where two could be meant, nothing is. The facts of a list's items are
read where the text speaks of one item. Knows no policy of its own.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from conversations.language.dated_answers import DateQuestion
from conversations.language.dated_figures import Asked, Told
from conversations.language.days import find_days
from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_statements import Statement
from conversations.language.descriptions_years import YearReader
from conversations.language.figure_names import YearFacts, names_of
from conversations.language.figures import FigureQuestion
from conversations.language.focus import Focus
from conversations.language.placed_answers import PlaceQuestion
from conversations.language.quantities import Quantity, UnitKind, find_quantities
from conversations.language.text import Plain, normalise
from conversations.language.yesno import YesNo
from knowledge.patterns import regex
from knowledge.policy import Fact, Policy
from rules.dates import Dates

_SEVERAL = regex(
    r"(?:[两俩仨二三四五六七八九十几多]|[2-9]|\d\d)(?:位|名|笔|种|款|批|类)(?!次|员工|职工|工人|人|新)"
    r"|(?:第[一二三四五六七八九\d]|(?:另外?|还有?|又有?|再有?|其中)(?:一|1)?)(?:位|名|笔|台|套|种|款|批|辆|条)"
)
"""Several things in words by which the list's items are not told apart: what is said next may be of any of them."""


_SOME_OF_THEM = regex("(?:基本上?|差不多|大概)?[都全]|其[余中他]|剩下|余下|里[头面]|大多|多数|大部分|有[些的]")
"""How a clause begins that says of some of many where they are, and not of the enterprise."""
_OF_ALL = regex("(?!.*[没不未])[^,]{0,4}(?:都|全)")
_PART_OF_THAT = regex("[这那]?(?:其中|里[面头边])")  # 去年营收4.2亿。… 其中网上2.05亿
_CORRECTED = regex(r"(?:不对|不是|[说记写]错了?|更正)[,]?$")
_SPEAKER = regex("我|咱|俺|公司|本")
_WORDS_BESIDE = 4
_GENERIC = frozenset(["没有", "没", "无", "零", "都没有"])
_LAST_YEAR = ("上年", "上一年", "去年")
_LEADS_TO_NONE = regex(
    "(?:我们?|俺们?|咱们?|公司|厂里|这边|[去上]年度?|今年|前年|这?一年|全年|也|都|就|还|真|压根|根本|一个?[人家位名件台个][也都]?|,)+"
)
_AT_A_PRICE = regex("(?<=[万亿元块])[一每1][台套条部辆把只个栋座亩件](?![\u4e00-\u9fff])")
"""The one thing for which a price was told: 3台切割机，35万一台."""
_AMONG = regex("(?:里[面头边]?|其中|当中)的?(?:就|只|才)?[有是]?$|(?:里[面头边]?|其中|当中)(?:就|只|才)?[有是]")
_PAIR = 2
_LEADS_IN = regex(
    "我们|我司|公司|一共|总共|大概|大约|左右|差不多|面积|现在|目前|如今|眼下|所以|应该|只|就|剩|还|按|算|共|约|有|是|的|了|地|,"
)


def read_apart(fact: Fact) -> bool:
    """Whether the fact is read here, by its names, and not by the phrases that state it."""
    return fact.type in ("date", "place", "count") or fact.by_year


class AmountReader:
    """Reads such facts of ``policy``."""

    def __init__(self, policy: Policy) -> None:
        spoken = {each.fact: policy.mentions.compiled(each.says) for each in policy.mentions.facts}
        self._denies = {each.fact: policy.mentions.compiled(each.denies) for each in policy.mentions.facts if each.zero}
        self._unless = {each.fact: policy.mentions.compiled(each.unless) for each in policy.mentions.facts}
        read = [(fact, spoken.get(fact.id)) for fact in policy.facts if read_apart(fact) and fact.derive is None]
        self._lists = policy.lists
        others = [(f, spoken.get(f.id)) for f in policy.facts if f.spec.numeric and not f.by_year and f.derive is None]
        self._by_year = YearFacts([each for each in read if each[0].by_year], others, policy.lists)
        self._yearly = YearReader(self._by_year)
        self._facts = [(fact, names_of(fact), says) for fact, says in read if not fact.by_year]
        self._dates = {f.id: DateQuestion(f, YesNo(f.yes, f.no, f.label)) for f, *_ in self._facts if f.type == "date"}
        self._places = {f.id: PlaceQuestion(f, policy.area) for f, *_ in self._facts if f.type == "place"}
        self._figures = {f.id: FigureQuestion(f) for f, *_ in self._facts if f.spec.numeric}
        self._sorts = {subject: _sorts(subject, policy.facts) for subject in policy.lists}
        self._units = {f.id: (f.unit_word, *f.reads.units) for f, *_ in self._facts if f.type == "count"}
        names = {f.id: [normalise(name) for name in (f.label, *f.reads.names)] for f in policy.facts}
        self._names = {f.id: [*map(re.escape, names[f.id])] for f, *_ in self._facts}
        self._longer = {f.id: _longer(f.id, names) for f, *_ in self._facts}
        self._none = _nothing_said([f for f in policy.facts if f.subject not in policy.lists], policy.facts)
        units = [f.unit_word for f, *_ in self._facts if f.type == "count"]
        self._telling = {unit for unit in units if len(unit) > 1 and units.count(unit) == 1}

    def read(
        self,
        text: str,
        clauses: Sequence[SpokenClause],
        present: Mapping[int, Mapping[str, int]],
        focus: Focus,
        asked: Asked = ("", 0),
        apart: bool = False,
    ) -> dict[str, Statement]:
        """What the stated ``clauses`` of plain ``text`` say, told where ``focus`` stands, by path.

        ``present`` are, by where a clause or a part of it begins, the items of lists that it is about. Years that are
        told without a name are those of the fact that was ``asked`` for, where it has a figure for each, as far as that goes. ``apart``: the text
        numbers the things of which it tells.
        """
        present = {} if _SEVERAL.search(text) and not apart else present
        told: dict[str, Statement] = {}
        sentences: list[list[Told]] = []
        for sentence in _sentences(parted(clauses, present)) if self._facts or self._by_year.spoken else ():
            sentences.append([])
            before: SpokenClause | None = None
            counted: tuple[str, Fact] | None = None
            for clause in sentence:
                about = present.get(clause.start, {})
                if clause.stance is not Stance.STATED:  # 去年网上零售多少？1530万: what is answered next
                    sentences[-1].append((clause, about, False))
                    continue
                named = self._named(clause.text, about) or self._counted(clause.text, about)
                sentences[-1].append((clause, about, bool(named)))
                for fact in named:
                    path = self._path(fact, about)
                    if path is not None:
                        own = dict(self._single(path, fact, named, clause, focus.on))
                        told |= own or self._of_all(path, fact, clause, before)
                        counted = (path, fact) if fact.type == "count" and len(named) == 1 else None
                if counted and not named:
                    told |= self._told_next(*counted, clause, told, corrects=_CORRECTED.search(text, 0, clause.start))
                if not named and (none := self._nothing(clause)):
                    told.setdefault(*none)
                before = None if named else clause
        year = focus.year or (focus.only_year if _PART_OF_THAT.match(text) else None)
        return told | dict(self._yearly.read(text, sentences, asked, focus.on, focus.facts, year))

    def _nothing(self, clause: SpokenClause) -> tuple[str, Statement] | None:
        """去年没招人: that there was none of what one fact alone asks for, in its own words for that, of the year that it is about."""
        lead = _LEADS_TO_NONE.match(clause.text)
        words = clause.text[lead.end() if lead else 0 :].rstrip("的了呢啊过")
        fact = self._none.get(words)
        if fact is None or (fact.label.startswith(_LAST_YEAR) and re.search("前年|今年", clause.text)):
            return None
        return fact.id, Statement(Decimal(0), clause.start, clause.start + len(clause.text))

    def named_in(self, text: str) -> frozenset[str]:
        """The facts of the enterprise that plain ``text`` names, whatever it says of them."""
        own = {fact.id for fact in self._named(text, {})}
        return frozenset(own | {name.fact.id for name in self._by_year.names_in(text, {}) if name.fact is not None})

    def _path(self, fact: Fact, about: Mapping[str, int]) -> str | None:
        """Where ``fact`` belongs; None where it is of an item and the clause is ``about`` none."""
        index = about.get(fact.subject)
        if fact.subject not in self._lists:
            return fact.id
        return None if index is None else f"{fact.subject}.{index}.{fact.name}"

    def _named(self, text: str, about: Mapping[str, int]) -> list[Fact]:
        """The facts that ``text``, said ``about`` these items of lists, names."""
        for subject in about:  # 一个博士一个硕士: the things of the list that is spoken of
            text = self._sorts[subject].sub(lambda match: "," * len(match[0]), text)
        return [
            fact
            for fact, names, says in self._facts
            if (fact.subject not in self._lists or fact.subject in about)
            and (
                names.search(own := self._longer[fact.id].sub("", text))
                or any(p and p.search(own) for p in (says, self._denies.get(fact.id)))
            )
            and not ((unless := self._unless.get(fact.id)) and unless.search(text))
        ]

    def _counted(self, text: str, about: Mapping[str, int]) -> list[Fact]:
        """The one counted fact of the item that is spoken of in whose unit ``text``, a figure and nothing else, is: 52.5亩."""
        own = [
            fact
            for fact, *_ in self._facts
            if fact.subject in about or (fact.subject not in self._lists and fact.unit_word in self._telling)
            if fact.type == "count"
        ]
        bare = [
            fact
            for fact in own
            for quantity in find_quantities(text, (fact.unit_word,))
            if quantity.unit == fact.unit_word
            and len(_LEADS_IN.sub("", text[: quantity.start] + text[quantity.end :])) <= len(fact.unit_word) - 1
        ]
        return bare if len(bare) == 1 else []

    def _single(
        self, path: str, fact: Fact, named: Sequence[Fact], clause: SpokenClause, on: date | None
    ) -> Iterator[tuple[str, Statement]]:
        """A day, a place or a count: where the clause names no other fact of that kind."""
        if any(other is not fact and other.type == fact.type for other in named):
            if fact.type == "count":
                yield from ((path, entry) for entry in self._beside(fact, clause))
            return
        text, offset = clause.text, clause.start
        said = Plain(text, text, tuple(range(len(text))))
        if fact.type == "place" and _SOME_OF_THEM.match(text):
            return
        if fact.type == "date" or fact.type == "place":
            answer = self._dates[fact.id].read(said, on) if fact.type == "date" else self._places[fact.id].read(said)
            counted = any(day.counted for day in find_days(text, on)) if answer.offer is not None else False
            if fact.never and isinstance(answer.offer, Dates) and not counted:  # 8月27号到的200万: the last one
                yield path, Statement(answer.offer, offset, offset + len(text))
            if answer.status == "ok" and answer.value is not None:
                start = offset + max(0, text.find(answer.words))
                yield path, Statement(answer.value, start, start + len(answer.words), answer.approximate)
            return
        denied = (denies := self._denies.get(fact.id)) and denies.search(text)
        if denied:
            yield path, Statement(Decimal(0), offset + denied.start(), offset + denied.end())
            return
        text = self._of_them(fact, _AT_A_PRICE.sub(lambda match: "," * len(match[0]), text))
        counted = any(q.kind is not UnitKind.NUMBER for q in find_quantities(text, self._units[fact.id]))
        figure = self._figures[fact.id].read(text) if counted else None
        if figure is not None:
            start, end = offset + figure.start, offset + figure.end
            yield path, Statement(figure.value, start, end, figure.approximate)

    def _of_them(self, fact: Fact, text: str) -> str:
        """28个人里面有23个社保交满半年: ``text`` without the count of all, where what the fact counts is told of those among them."""
        counts = [q for q in find_quantities(text, (*self._units[fact.id], "个")) if q.kind is UnitKind.COUNT]
        says = next((says for each, _, says in self._facts if each is fact), None)
        if len(counts) != _PAIR or says is None or not _AMONG.search(text, counts[0].end, counts[1].start):
            return text
        start, end = counts[1].start, counts[1].end
        if says.search(text[:start]) or not says.search(text[start:]):
            return text
        unit = fact.unit_word if counts[1].unit == "个" and len(fact.unit_word) == 1 else text[end - 1]
        return "," * start + text[start : end - 1] + unit + text[end:]

    def _told_next(
        self, path: str, fact: Fact, clause: SpokenClause, told: Mapping[str, Statement], corrects: object
    ) -> dict[str, Statement]:
        """招聘会办了一场，来了56家 · 实习生55人，不对，45人: the count of what the clause before named, where it was not told
        yet, or is put right by a figure alone."""
        text = clause.text
        found = [q for q in self._counts(fact, text) if not q.denied]
        rest = _LEADS_IN.sub("", text[: found[0].start] + text[found[0].end :]) if len(found) == 1 else text
        fits = corrects and not rest if path in told else len(rest) <= _WORDS_BESIDE and not _SPEAKER.search(text)
        if not fits or len(found) != 1 or found[0].value is None:
            return {}
        start, end = clause.start + found[0].start, clause.start + found[0].end
        return {path: Statement(found[0].value, start, end, found[0].approximate)}

    def _beside(self, fact: Fact, clause: SpokenClause) -> Iterator[Statement]:
        """4个硕士12个本科生: the one count that stands right beside a name of the fact."""
        text, names = clause.text, "|".join(self._names[fact.id])
        counts = self._counts(fact, text)
        behind = [q for q in counts if re.match(f"的?(?:{names})", text[q.end :])]
        ahead = [q for q in counts if re.search(f"(?:{names})(?:有|是|大概|约|共|:)*$", text[: q.start])]
        found = behind or ahead
        if len(found) == 1 and found[0].value is not None and not found[0].denied:
            start, end = clause.start + found[0].start, clause.start + found[0].end
            yield Statement(found[0].value, start, end, found[0].approximate)

    def _counts(self, fact: Fact, text: str) -> list[Quantity]:
        """The figures of ``text`` that count what ``fact`` does."""
        figures = find_quantities(text, self._units[fact.id])
        return [q for q in figures if q.kind is UnitKind.COUNT and self._figures[fact.id].measures(q)]

    def _of_all(self, path: str, fact: Fact, clause: SpokenClause, before: SpokenClause | None) -> dict[str, Statement]:
        """去年新招司机23个，社保都缴满6个月: the one count of the clause ``before``, of all of which ``clause`` says what the fact is."""
        if before is None or fact.type not in ("count", "int") or not _OF_ALL.match(clause.text):
            return {}
        question = self._figures[fact.id]
        told = find_quantities(before.text, (fact.unit_word,))
        told = tuple(q for q in told if q.kind is UnitKind.COUNT and question.measures(q) and not q.denied)
        if len(told) != 1 or told[0].value is None:
            return {}
        return {
            path: Statement(
                told[0].value, before.start + told[0].start, before.start + told[0].end, told[0].approximate
            )
        }


def _nothing_said(own: Iterable[Fact], every: Sequence[Fact]) -> dict[str, Fact]:
    """By each answer that there is none which is listed for a count of the enterprise, and for nothing else, that fact."""
    listed = [(normalise(word), fact) for fact in every for word in {*fact.reads.zero, *fact.yes, *fact.no}]
    said = [word for word, _ in listed]
    counts = {fact.id for fact in own if fact.type in ("count", "int") and not fact.by_year and not fact.minimum}
    return {word: fact for word, fact in listed if fact.id in counts and said.count(word) == 1 and word not in _GENERIC}


def _sorts(subject: str, facts: Sequence[Fact]) -> re.Pattern[str]:
    """One thing of the list ``subject``, called by a choice of one of its facts."""
    choices = (choice for fact in facts if fact.subject == subject for choice in fact.choices)
    words = {normalise(word) for choice in choices for word in (choice.label, *choice.synonyms)}
    return regex(rf"[一1][个名位]的?(?:{'|'.join(map(re.escape, words)) or '$^'})")


def _longer(fact: str, names: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """The longer ones of the ``names`` of other facts that hold one of ``fact``: 护理型床位, of 床位."""
    own = names[fact]
    others = {name for each, theirs in names.items() if each != fact for name in theirs} - {*own}
    longer = [name for name in others if any(word in name for word in own)]
    return regex("|".join(map(re.escape, sorted(longer, key=len, reverse=True))) or "$^")


def parted(clauses: Sequence[SpokenClause], present: Mapping[int, object]) -> Iterator[SpokenClause]:
    """The clauses, one that goes on to another item (第一个园区52家|第二个30家) part by part."""
    for clause in clauses:
        end = clause.start + len(clause.text)
        starts = [at for at in present if clause.start < at < end and present[at] != present.get(clause.start)]
        if not starts:
            yield clause
            continue
        bounds = [clause.start, *sorted(starts), end]
        for first, last in pairwise(bounds):
            yield replace(clause, text=clause.text[first - clause.start : last - clause.start], start=first)


def _sentences(clauses: Iterable[SpokenClause]) -> Iterator[list[SpokenClause]]:
    """The stated clauses that stand together in one sentence; one that asks, or tells of others, by itself."""
    together: list[SpokenClause] = []
    for clause in clauses:
        if together and (clause.sentence != together[-1].sentence or clause.stance is not together[-1].stance):
            yield together
            together = []
        if clause.stance in (Stance.ASKED, Stance.OTHERS, Stance.SUPPOSED):
            yield [clause]
        elif clause.stance is Stance.STATED:
            together.append(clause)
    if together:
        yield together
