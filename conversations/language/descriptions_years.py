"""Figures of a year in a description: a year that is said once governs what follows it, whichever facts are named there.

A sentence is cut into parts that name one such fact each. A figure belongs to the fact of its part, else to the one named
last (2021年营收2000万，2022年2300万); its year is the one said with it, else the last of the sentence with which a figure
was told, or that stands above it (2024：营收3.1亿，网销1.6亿). Where no year is said, nothing is. Knows no policy of its own.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from conversations.language.days import find_days
from conversations.language.descriptions_clauses import SpokenClause
from conversations.language.descriptions_statements import Statement, is_at
from conversations.language.figures import Figure, FigureQuestion
from conversations.language.quantities import Quantity, UnitKind, find_quantities
from conversations.language.text import normalise
from conversations.language.yearly import by_year, heads, last_year
from knowledge.patterns import regex
from knowledge.phrases import Phrases
from knowledge.policy import Fact

_UNIT = 2  # so many characters of a unit may stand behind the number of a phrase
_CALLED = 2  # so many characters of a name call what was named in full before: 网上 for 网上零售额
_BESIDE_A_CALL = regex(
    r"^(?:其中|另外|还有|其余|剩下|那个|这个|那|这|的|纯|光|就|也|我们|,)+|(?:也|就|是|有|的|了|那个|这块|这边|为|,|:)+$"
)


_GROWN = regex(
    r"(?:同比)?(?:增长?|涨|上升|提高|下?降|跌|下滑|少)了?(?:差不多|大概|大约|将近|近|约|不到)?(?:\d[\d.]*%|[一二两三四五六七八九十]+个?(?:成|点))[^,。;]*"
)
"""How much more it was than before, whose hedges are not the figure's."""
_THE_REST = regex(r"(?:剩下|其余|余下|剩余|另外|还有)的?(?=[\d一二两三四五六七八九十百千])(?=[^,]*[是为])")


_THE_REST_OF = regex(r"(?:剩下|其余|剩余|余下)的?(?=全|都)")
_AMONG = regex(r"其中|里[头面边]?|当中")
_PUT_RIGHT = regex(r"不对|[说记写打]错了?|更正|扣掉|扣除|剔[掉除]|刨[去掉]|除去")
_ONE_PART = regex(r"[、,;和]*[^,。;\d剩余占其里]{2,6}")
_TOTAL = regex(r"(?:合计|共计|总计|总共|一共|加起来|加一起)[^,。]{0,3}$")
_OF_ALL = regex(r"(?:两年|三年)?(?:合计|共计|总计|总共|一共|加起来|加一起)[^,。;]*")
_TWO = 2
_OWN_WORDS = 4


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a clause about these ``items`` of lists, with the facts by year that it names: one, or they are not
    told apart. ``own``: it says the own name of the fact; ``other``: it names a fact that has no years. ``phrased``: where the
    first figure begins that is within a phrase for the fact (给本市38家企业…), -1 for none."""

    text: str
    start: int
    items: Mapping[str, int]
    facts: tuple[Fact, ...]
    own: bool
    other: bool
    phrased: int = -1


Told = tuple[SpokenClause, Mapping[str, int], bool]
"""A clause, the items of lists that it is about, and whether it names a fact that has no years."""


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    fact: Fact
    own: bool


class YearReader:
    """Reads the figures of ``facts`` by year, each with the phrases that it is spoken of by; ``lists`` are the subjects
    that have items."""

    def __init__(self, facts: Sequence[tuple[Fact, Phrases | None]], lists: Collection[str]) -> None:
        self._facts = [(fact, names_of(fact), says) for fact, says in facts]
        self._lists = lists
        self._called = {fact.id: tuple(map(normalise, (fact.label, *fact.reads.names))) for fact, _ in facts}
        self._figures = {fact.id: FigureQuestion(fact) for fact, _ in facts}
        named = "|".join(names.pattern for _, names, _ in self._facts)
        self._short = regex(rf"(?<![\d.:年])20([12]\d)(?=:(?!\d)|(?:{named}))") if facts else None

    def read(
        self,
        text: str,
        sentences: Sequence[Sequence[Told]],
        asked: str,
        on: date | None,
        known: Collection[str],
    ) -> Iterator[tuple[str, Statement]]:
        """What the ``sentences`` of plain ``text`` tell, by path: clauses, each with the items of lists that it is about and
        whether it names a fact without years. Years without a name are those of the fact ``asked`` for; the facts at the paths ``known`` were told before and need no
        more than a call."""
        if self._short is None:
            return
        text = self._short.sub(r",\1年", text)
        open_fact = next((fact for fact, *_ in self._facts if is_at(fact.id, asked)), None)
        told = {fact.id for fact, *_ in self._facts if any(is_at(fact.id, path.partition("@")[0]) for path in known)}
        heading: int | None = None
        governing: int | None = None
        for sentence in sentences:
            first, last = sentence[0][0], sentence[-1][0]
            whole = text[first.start : last.start + len(last.text)]
            headed = heads(whole, on)
            heading = headed or (None if last_year(whole, on) else heading)
            goes_on = text[: first.start].rstrip().endswith(";")
            governing = heading or (governing if goes_on else None)
            parts = [part for each in sentence for part in self._parts(text, *each, told)]
            for fact, stretch in _stretches(parts, open_fact):
                found = dict(self._years(fact, text, stretch, on, governing))
                yield from found.items()
                end = stretch[-1].start + len(stretch[-1].text)
                governing = (last_year(text[stretch[0].start : end], on) if found else None) or governing
                governing = heading if len(found) > 1 else governing  # 去年…，前年…，快递9万件: of which year?

    def _parts(
        self, text: str, clause: SpokenClause, items: Mapping[str, int], other: bool, told: set[str]
    ) -> Iterator[_Part]:
        """The parts of ``clause``; ``told`` are the facts named before it, which need no more than a call."""
        words = text[clause.start : clause.start + len(clause.text)]
        spans = self._spans(words, items)
        figures = [q for q in find_quantities(words) if q.kind is not UnitKind.DATE]
        cuts = [cut for a, b in pairwise(spans) if a.fact is not b.fact and (cut := _between(a, b, figures))]
        for start, end in pairwise([0, *cuts, len(words)]):
            own = [span for span in spans if start <= span.start < end]
            facts = {span.fact.id: span.fact for span in own}
            called = None if facts or other else self._call(words[start:end], told)
            told |= set(facts)
            found = [called] if called else self._fitting(words[start:end], list(facts.values()))
            by_name = any(span.own and span.fact in found for span in own)
            part = words[start:end], clause.start + start
            phrases = [span for span in own if not span.own and span.fact in found]
            within = [
                q.start for q in figures for span in phrases if span.start <= q.start and q.end <= span.end + _UNIT
            ]
            phrased = clause.start + within[0] if len(found) == 1 and within else -1
            yield _Part(*part, items, tuple(found), by_name, other and not facts, phrased)

    def _fitting(self, text: str, facts: list[Fact]) -> list[Fact]:
        """Those of several ``facts`` named in ``text`` that a figure of it can belong to (38家 is no number of parcels)."""
        if len(facts) < 2:
            return facts
        read = [fact for fact in facts if self._figures[fact.id].read(text) is not None]
        return read or [fact for fact in facts if _in_its_unit(fact, text)] or facts

    def _spans(self, text: str, items: Mapping[str, int]) -> list[_Span]:
        """Where facts are named in order, without the words that are part of another's name."""
        found: list[_Span] = []
        for fact, names, says in self._facts:
            if fact.subject not in self._lists or fact.subject in items:
                found += [_Span(m.start(), m.end(), fact, True) for m in names.finditer(text)]
                found += [_Span(m.start(), m.end(), fact, False) for m in (says.finditer(text) if says else ())]
        own = [span for span in found if span.own]
        kept = [span for span in found if not any(_within(span, other) for other in own)]
        return sorted(kept, key=lambda span: (span.start, -span.end))

    def _call(self, text: str, told: set[str]) -> Fact | None:
        """The fact named before that ``text`` calls by the beginning of its name: 网上3100万."""
        marks = [q.start for q in (*find_quantities(text), *find_days(text, None))]
        words = _BESIDE_A_CALL.sub("", text[: min(marks, default=len(text))])
        if len(words) < _CALLED or not marks:
            return None
        called = [fact for fact, *_ in self._facts if any(n.startswith(words) for n in self._called[fact.id])]
        return called[0] if len(called) == 1 and called[0].id in told else None

    def _years(
        self, fact: Fact, text: str, told: Sequence[_Part], on: date | None, governing: int | None
    ) -> Iterator[tuple[str, Statement]]:
        """The figures of ``fact`` by year, in parts that tell of it."""
        path = self._path(fact, told)
        if path is None:
            return
        start, end = told[0].start, told[-1].start + len(told[-1].text)
        years = by_year(text[start:end], on, governing) or {}
        for year, words in years.items():
            words = _without_total(words) if len(years) > 1 else words
            figure = None if year is None else self._figure(fact, words, told) or _nothing(fact, words)
            if figure is not None:
                at = start + figure.start
                yield f"{path}@{year}", Statement(figure.value, at, start + figure.end, figure.approximate)

    def _figure(self, fact: Fact, words: str, told: Sequence[_Part]) -> Figure | None:
        """The figure of ``words``, which are those of one year in the parts ``told``: that of a part with the own name of the
        fact, else of one that names it, else of all of them."""
        figures = self._figures[fact.id]
        words = _GROWN.sub(_blank, words)
        if rest := _THE_REST_OF.search(words):
            return self._remainder(fact, words, rest.end())
        if (right := _without_what_was_wrong(words)) is not None:
            return figures.read(right)
        if (parts := _parts_of(words)) is not None:
            return figures.read("," * parts + words[parts:]) if parts else None
        named = [part for part in told if part.facts]
        own = [part for part in named if part.own]
        for parts in (own, named):
            said = _THE_REST.sub(_blank, _only(words, parts, told[0].start))
            if (figure := figures.read(said)) is not None:
                return figure
            if parts is own and len(own) < len(named) and figures.mentions(said):
                return None  # 总共卖了9000万，网店的…5600万: which is it?
        start = told[0].start
        for part in named:
            if part.phrased >= 0 and part.facts == (fact,):
                said = _only(words, [part], start)
                if figure := figures.read("," * (part.phrased - start) + said[part.phrased - start :]):
                    return figure
        return figures.read(words)

    def _remainder(self, fact: Fact, words: str, rest: int) -> Figure | None:
        """36万件，里头5万件从别处走的，剩下全是这边发: the whole less the one part, where what is left, told from ``rest`` on,
        is called in words of ``fact``; None where it is something else, or there are more parts."""
        says = next((says for each, _, says in self._facts if each is fact), None)
        amounts = find_quantities(_AMONG.sub(_blank, words))
        told = [q for q in amounts if q.scaled or q.kind in (UnitKind.MONEY, UnitKind.COUNT)]
        if says is None or len(told) != _TWO or told[1].end > rest or not _last(says, words, rest):
            return None
        whole, part = told[0].value, told[1].value
        if not (isinstance(whole, Decimal) and isinstance(part, Decimal) and 0 < part < whole):
            return None
        return Figure(whole - part, told[0].approximate or told[1].approximate, told[0].start, len(words.rstrip(",")))

    def _path(self, fact: Fact, told: Sequence[_Part]) -> str | None:
        """Where ``fact`` belongs; None where it is of an item and the parts are not about the same one."""
        if fact.subject not in self._lists:
            return fact.id
        items = {part.items.get(fact.subject) for part in told}
        index = next(iter(items)) if len(items) == 1 else None
        return None if index is None else f"{fact.subject}.{index}.{fact.name}"


def _stretches(parts: Sequence[_Part], asked: Fact | None) -> Iterator[tuple[Fact, list[_Part]]]:
    """Each fact with the parts that may tell of it: that which names it, and those beside it that name none."""
    topic = None if any(part.facts or part.other for part in parts) else asked
    told: list[_Part] = []
    for part in parts:
        if part.facts or part.other:
            only = part.facts[0] if len(part.facts) == 1 else None
            if topic is not None and only is not topic:
                yield topic, told
                told = []
            told = told if only is not None and (topic is None or only is topic) else []
            topic = only
        if not part.other:  # 2022年成立，营收2000万: the year is that of something else
            told.append(part)
    if topic is not None:
        yield topic, told


def _between(first: _Span, second: _Span, figures: Sequence[Quantity]) -> int:
    """Where the figures of what is named ``first`` end before the ``second``; 0 where it has none."""
    own = [q.end for q in figures if first.start <= q.start and q.end <= second.start]
    return max(own, default=0)


def _in_its_unit(fact: Fact, text: str) -> bool:
    """Whether ``text`` has a number in the unit of a counted ``fact``."""
    if fact.type != "count":
        return False
    return any(q.unit == fact.unit_word for q in find_quantities(text, (fact.unit_word,)))


def _within(span: _Span, other: _Span) -> bool:
    """Whether ``span`` is a part of the longer name of another fact."""
    longer = other.end - other.start > span.end - span.start
    return longer and span.fact is not other.fact and other.start <= span.start and span.end <= other.end


def _parts_of(words: str) -> int | None:
    """淘宝2200万，拼多多1800万，合计4000万: where the total of figures begins that are told one by one; 0 where it is not
    told, None where they are none."""
    told = [q for q in find_quantities(words) if q.scaled or q.kind in (UnitKind.MONEY, UnitKind.COUNT)]
    labels = [words[a.end : b.start] for a, b in pairwise(told)]
    each = [_ONE_PART.fullmatch(label) for label in labels]
    totals = [at for at, label in enumerate(labels) if _TOTAL.search(label)]
    if totals and all(each[: totals[0]]) and totals[0]:
        return told[totals[0] + 1].start
    return 0 if len(told) > _TWO and all(each) else None


def _last(says: Phrases, words: str, start: int) -> bool:
    """Whether a phrase of ``says`` goes to the end of the clause of ``words`` that is there at ``start``."""
    return any(match.end() > start for match in says.finditer(words))


def _without_what_was_wrong(words: str) -> str | None:
    """4700万，不对，扣掉批发的是4100万: the words behind the last that put a figure right; None where nothing is."""
    marks = [
        m
        for m in _PUT_RIGHT.finditer(words)
        if find_quantities(words[: m.start()]) and find_quantities(words[m.end() :])
    ]
    return "," * marks[-1].end() + words[marks[-1].end() :] if marks else None


def _without_total(words: str) -> str:
    """前年250万，合计550万: the words of one year without what is told of all."""
    total = _OF_ALL.search(words)
    told = total and find_quantities(words[: total.start()])
    return _OF_ALL.sub(_blank, words) if told else words


def _nothing(fact: Fact, words: str) -> Figure | None:
    """没有营业收入: that there was none of what ``fact`` asks for, in its own words for that."""
    said = [(words.find(zero), zero) for zero in map(normalise, fact.reads.zero) if len(zero) >= _OWN_WORDS]
    at = next(((place, zero) for place, zero in said if place >= 0), None)
    return Figure(Decimal(0), False, at[0], at[0] + len(at[1])) if at else None


def _blank(match: re.Match[str]) -> str:
    return "," * len(match[0])


def _only(words: str, parts: Sequence[_Part], start: int) -> str:
    """``words``, which begin at ``start``, with all blanked that is not in ``parts``."""
    kept = [","] * len(words)
    for part in parts:
        first = part.start - start
        kept[first : first + len(part.text)] = words[first : first + len(part.text)]
    return "".join(kept)


def names_of(fact: Fact) -> re.Pattern[str]:
    """The own names of ``fact``."""
    return regex("|".join(re.escape(normalise(name)) for name in (fact.label, *fact.reads.names)))
