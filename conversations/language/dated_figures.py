"""Which figures a description tells of which year: each with the fact and the calendar year that it is told of.

A text is gone through figure by figure. A figure is of the fact that is named before it in its clause, or within the phrase
that holds it, or close behind it; else of the fact spoken of last. Its year is the one said with it, else the last with which
a figure was told, or that stands above it (2024：营收3.1亿，网销1.6亿). Where no year is said it
is that of the figure told just before the text, where all are of one, else there is none. Knows no policy of its own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise, takewhile

from conversations.language.days import find_days
from conversations.language.descriptions_clauses import SpokenClause, Stance
from conversations.language.descriptions_statements import Statement, is_at
from conversations.language.figure_names import (
    YEAR_BEFORE,
    DatedClause,
    DatedFigure,
    FigureName,
    YearFacts,
    apart,
    dated_behind,
    in_order,
    nothing_of,
)
from conversations.language.lexicon import lexicon
from conversations.language.quantities import Quantity, UnitKind, find_quantities
from conversations.language.revisions import corrects
from conversations.language.text import blank, blanked, normalise
from conversations.language.yearly import heads, nothing_then, without_comparisons
from knowledge.patterns import regex
from knowledge.policy import Fact
from rules.values import Value

_ZH = lexicon("years")
_UNIT = 2  # so many characters of a unit may stand behind the number of a phrase
BY_NAME = 2
"""How surely a figure is named that stands beside the own name of its fact; in a phrase for it, 1; by what was said before, 0."""
_CALLED = 2  # so many characters of a name call what was named in full before: 网上 for 网上零售额
_WORDY = 1  # more characters than these beside a year and a figure speak of something else

_SHORT_YEAR = regex(r"(?<!\d)20[12]\d(?!\d)")
Asked = tuple[str, int]
"""The path of the fact that was asked for, or spoken of last (empty for none), and how far into a text it is meant."""
Told = tuple[SpokenClause, Mapping[str, int], bool]
"""A clause, the items of lists that it is about, and whether it names a fact that has no years."""


class DatedFigures:
    """The figures of one text, gone through sentence by sentence, with what was said last: the fact, and the year."""

    def __init__(
        self,
        facts: YearFacts,
        text: str,
        on: date | None,
        asked: Asked,
        known: Mapping[str, Value],
        year: int | None,
    ) -> None:
        self.text = text
        self._facts = facts
        self._on = on
        path, self._asked_until = asked[0].partition("@")[0], asked[1]
        self._asked = next((fact for fact, *_ in facts.spoken if is_at(fact.id, path)), None)
        self._told = {f.id for f, *_ in facts.spoken if any(is_at(f.id, path.partition("@")[0]) for path in known)}
        self._known = {
            value: (fact, int(path.partition("@")[2] or 0) or None)
            for path, value in known.items()
            for fact, *_ in facts.spoken
            if isinstance(value, Decimal) and is_at(fact.id, path.partition("@")[0])
        }
        self._paths = frozenset(known)
        self._recent: list[Fact] = []  # told of in this text, the last one last
        self._figures: list[DatedFigure] = []
        self._days: list[tuple[int, int]] = []
        self._topic: Fact | None = None
        self._said_in = -1  # the sentence that spoke of the topic last
        self._years: set[int] = set()  # of the figures of the topic
        self._beside: list[Fact] = []  # told of in the year spoken of
        self._whole: Fact | None = None  # of which another was told as a part: 营收1.6亿，里面网上2300万
        self._heading: int | None = None
        self._year = year
        self._of_a_day: int | None = None  # that of the day or the year said last
        self._ahead: int | None = None  # said by itself before a figure
        self.nothing: dict[str, Statement] = {}

    def sentence(self, number: int, sentence: Sequence[Told]) -> None:
        """Go through the clauses of one sentence."""
        first, end = sentence[0][0].start, sentence[-1][0].start + len(sentence[-1][0].text)
        if (headed := heads(self.text[first:end], self._on)) is not None:
            self._heading = self._year = headed
            return
        if sentence[0][0].stance is not Stance.STATED:
            ahead = self._ahead
            self._unstated(
                self._clause(number, first, *sentence[0]), sentence[0][0].stance in (Stance.ASKED, Stance.DOUBTED)
            )
            if sentence[0][0].stance is Stance.SUPPOSED:  # 要是今年能做到5000万，我们去年才3900万: of another year
                self._ahead = ahead
            return
        begun, fresh = len(self._figures), self._topic is None
        facts, until = dict[str, Fact](), self._asked_until
        for told in sentence:
            clause = self._clause(number, first, *told)
            self._take_all(clause)
            facts |= {name.fact.id: name.fact for name in clause.names if name.fact is not None}
            until = min([until, *(clause.start + name.start for name in clause.names if name.fact is not None)])
        own = self._figures[begun:]
        for figure, following in pairwise([*own, None]):
            if figure is not None and not figure.end:
                last = end if following is None else following.start
                part = figure.fact is not None and own[0].fact is None  # 52家店，本地的37家，剩下的是外地的
                rest = _ZH["the_rest"].search(self.text, figure.at, last) if part else None
                figure.end = rest.start() if rest else _unmarked(self.text, sentence, figure.at, last)
        sole = next(iter(facts.values())) if len(facts) == 1 and not any(figure.by for figure in own) else None
        counted = (
            self._asked if self._asked and self._asked.type == "count" and until > first else None
        )  # 不对，企业就27家，营收300万
        for figure in own:
            asked = self._asked if fresh and figure.at < until else None
            meant = [fact for fact in (sole, *((asked, counted) if figure.bare else ())) if fact]
            counts = figure.quantity.kind is UnitKind.COUNT or not any(f.quantity.kind is UnitKind.COUNT for f in own)
            meant = [fact for fact in meant if counts or fact.type != "count"]  # 24年是6700万，51万件
            fact = next((fact for fact in meant if self._facts.measures(fact, figure.quantity)), None)
            if figure.fact is None and not figure.aside:
                figure.fact = fact

    def _unstated(self, clause: DatedClause, asked: bool) -> None:
        """A question that is answered in the next breath (去年网上零售多少？1530万); others, in the year of what follows (去年客户共58家)."""
        facts = {name.fact.id: name.fact for name in clause.names if name.fact is not None}
        kept = self._ahead if asked else None
        self._ahead = next((day.year for day in reversed(clause.days) if day.year is not None), kept)
        if asked or facts:  # 集团去年营收38亿，我们自己5.2亿
            self._topic, self._years = (*facts.values(), None)[0] if len(facts) == 1 else self._topic, set()

    def runs(self) -> Iterator[tuple[str, list[DatedFigure]]]:
        """The figures that stand together, of one fact in one year, by the path of both."""
        for key, group in groupby(self._figures, self._path):
            if key is not None:
                yield key, list(group)

    def words_of(self, run: Sequence[DatedFigure]) -> str:
        """The text, as long as it was, with all blanked that is not told of ``run``, and the years."""
        words = only(self.text, run)
        for start, end in self._days:
            words = blank(words, start, end)
        return words

    def _path(self, figure: DatedFigure) -> str | None:
        """Where ``figure`` belongs; None where it is not told, or of an item and the clause is not about one."""
        if figure.fact is None or figure.year is None:
            return None
        at = self._facts.place(figure.fact, figure.items)
        return at and f"{at}@{figure.year}"

    def _clause(
        self, number: int, begun: int, clause: SpokenClause, items: Mapping[str, int], other: bool
    ) -> DatedClause:
        text = without_comparisons(self.text[clause.start : clause.start + len(clause.text)], self._on)
        days = [day for day in (*find_days(text, self._on), *self._facts.short_years(text)) if not day.compared]
        days = self._facts.with_years_before(text, days, self._year)
        self._of_a_day = next((day.dates.year for day in reversed(days) if day.dates), self._of_a_day)
        self._days += [(clause.start + day.start, clause.start + day.end) for day in days]
        return DatedClause(
            number, begun, clause.start, text, items, other, days, self._facts.names_in(text, items, days)
        )

    def _take_all(self, clause: DatedClause) -> None:
        """Take the figures of ``clause``, each with what stands between it and the one before."""
        figures = [self._in_full(q) for q in find_quantities(clause.text, self._facts.counters)]
        figures = [q for q in figures if self._facts.is_figure(q, clause)]
        if not figures:
            self._without_figure(clause)
            return
        years = in_order(clause.days, clause.text, figures)
        names = in_order(apart(clause.names), clause.text, figures)
        told = 0
        for at, quantity in enumerate(figures):
            following = figures[at + 1].start if at + 1 < len(figures) else len(clause.text)
            figure, told = self._take(clause, told, quantity, following)
            if at < len(names):
                figure.fact, figure.by, figure.aside = names[at].fact, 1, False
            if names or years:  # each is told by itself
                figure.start = figure.named = figure.at
                figure.end = figure.at + quantity.end - quantity.start
            if years and len(figures) == 1:  # 2021、2022年都是2000万
                self._figures[-1:] = [replace(figure, year=day.year) for day in years]
            elif years:
                figure.year = years[at].year
            self._remember(figure, explicit=bool(years) or figure.dated)
        self._all_of_the_last(clause, figures)

    def _all_of_the_last(self, clause: DatedClause, figures: Sequence[Quantity]) -> None:
        """8200万和61万件是前年的: figures side by side are of the year that is said behind the last."""
        last = self._figures[-1]
        joined = all(_ZH["joined"].fullmatch(clause.text, a.end, b.start) for a, b in pairwise(figures))
        if len(figures) > 1 and joined and last.dated and not any(d.start < figures[-1].start for d in clause.days):
            for each in self._figures[-len(figures) : -1]:
                each.year = last.year

    def _in_full(self, quantity: Quantity) -> Quantity:
        """48.7是23年的, where 48.7亿 is known: the figure that is meant."""
        meant = [each for each in quantity.in_large_units() if each.value in self._known]
        return meant[0] if len(meant) == 1 else quantity

    def _take(self, clause: DatedClause, told: int, quantity: Quantity, following: int) -> tuple[DatedFigure, int]:
        """Take a figure of ``clause``, where what stands before ``told`` belongs to another, up to the ``following`` one;
        with where what belongs to it ends."""
        days = [day for day in clause.days if told <= day.start < quantity.start]
        name, end = self._name_of(clause, told, quantity, following)
        if not days and (day := dated_behind(clause, end, following)):
            days, end = [day], max(end, day.end)
        marks = [each.start for each in (*days, *([name] if name else [])) if told <= each.start < quantity.start]
        first = not (self._figures and self._figures[-1].sentence == clause.sentence)
        head = clause.begun if first else clause.start + (min(marks, default=quantity.start) if told else 0)
        ahead, self._ahead = self._ahead, None
        dated = bool(days) or ahead is not None
        fact, year = (name.fact if name else None), (days[-1].year if days else None)
        aside = (name is not None and fact is None) or (bool(days) and year is None)
        told_again = days and _ZH["the_last"].fullmatch(clause.text, days[-1].start, days[-1].end)
        figure = DatedFigure(quantity, clause.start + quantity.start, head, 0, clause.sentence, clause.items)
        if fact is None and not aside and isinstance(quantity.value, Decimal) and quantity.value in self._known:
            fact, told_of = self._known[quantity.value]
            figure.by, figure.again = 1, True
            self._year = told_of or self._year  # 1.2亿是连批发一起的，网上8300万: of the year of what is put right
        if fact is None and not aside:
            fact = self._carried(clause, clause.text[told : quantity.start], quantity, dated)
        elif name is not None and fact is not None:
            figure.by = BY_NAME if name.own else 1
            figure.named = clause.start + name.start if name.own and name.start <= quantity.start else figure.at
        if name is not None and fact is not self._topic and _ZH["part_of_it"].search(clause.text, told, quantity.start):
            self._whole = self._topic
        figure.fact, figure.aside, figure.dated = fact, aside, dated
        calls = _ZH["calls_a_thing"].match(clause.text, quantity.end)  # 80万那笔年底能下来: of what, is not said
        figure.bare = self._bare(clause.text[told : quantity.start]) and not calls
        if fact is None and not figure.bare and self._topic and self._facts.measures(self._topic, quantity):
            self._topic = None  # 网上自营店5600万: something else is spoken of now
        whole = self._of_a_day if _ZH["whole_year"].search(clause.text, told, quantity.start) else None
        if year and told_again and any(each.fact is fact and each.year == year for each in self._figures):
            year -= 1  # 2024年营收5亿，上年4.6亿
        figure.year = self._year_before(clause, fact, year if days else ahead or whole or self._year_for(fact))
        self._figures.append(figure)
        return figure, end

    def _year_before(self, clause: DatedClause, fact: Fact | None, year: int | None) -> int | None:
        """去年21亿 · 上一年也查到了，结算额16亿: the year before that which was told, where 上一年 is said of a figure known already."""
        place = self._facts.place(fact, clause.items) if fact and year else None
        head = self.text[clause.begun : clause.start + len(clause.text)]
        known = place and f"{place}@{year}" in self._paths and not corrects(self.text)
        return year - 1 if year and known and _ZH["year_before"].search(head) else year

    def _name_of(
        self, clause: DatedClause, told: int, quantity: Quantity, following: int
    ) -> tuple[FigureName | None, int]:
        """By what a figure of ``clause`` is named, before it or behind it; with where the figure and its name end."""
        name = _named(clause, told, quantity, self._facts.measures)
        if name is None:
            name = self._behind(clause, quantity, following)
            return name, name.end if name else quantity.end
        whole = not name.own and following < len(clause.text)
        if whole and _ZH["in_all"].search(clause.text, told, quantity.start):
            name = None  # 总的8700万网上2400万: the words that hold both are of the second
        return name, quantity.end

    def _behind(self, clause: DatedClause, quantity: Quantity, following: int) -> FigureName | None:
        """The name close behind a figure: 5600万的网络零售额; without 的 only where no other figure follows."""
        for name in clause.names:
            if quantity.end <= name.start and name.end <= following and name.fact is not None:
                between = _ZH["behind"].fullmatch(clause.text, quantity.end, name.start)
                last = following == len(clause.text)
                fits = self._facts.measures(name.fact, quantity)
                return name if between and (between["of"] or last) and fits else None
        return None

    def _carried(self, clause: DatedClause, between: str, quantity: Quantity, dated: bool) -> Fact | None:
        """The fact that a figure without a name tells of: one called by less than its name, else that spoken of last."""
        if clause.other or (self._figures and self._figures[-1].again and _ZH["part_of_it"].search(between)):
            return None  # 5.1亿里网上1.1亿, where 5.1亿 is known
        called = self._call(between)
        fact = called or self._of_its_unit(quantity) or self._topic
        if fact is None or not self._facts.measures(fact, quantity):
            return None
        if not called and _ZH["in_all"].search(between) and self._strayed(clause.sentence):
            return None  # 网上1200万，线下800万，总共2000万
        if not called and "总" in between and (self._whole or (dated and len({f.id for f in self._beside}) > 1)):
            # 去年营收2亿，网销1亿，前年总的1.8亿: of which?
            return self._whole if self._whole and self._facts.measures(self._whole, quantity) else None
        goes_on = self._said_in == clause.sentence
        told = goes_on and (corrects(self.text) or _ZH["part_of_it"].search(between))
        told = told or (self._said_in == clause.sentence - 1 and corrects(self.text[clause.begun : clause.start]))
        return fact if called or told or ((dated or goes_on) and self._bare(between)) else None

    def _strayed(self, sentence: int) -> bool:
        """Whether a figure of another thing was told in the ``sentence``."""
        return any(figure.aside or figure.fact is None for figure in self._figures if figure.sentence == sentence)

    def _of_its_unit(self, quantity: Quantity) -> Fact | None:
        """8200万和61万件…，去年9900万、70.5万件: the fact told of last whose figures have such a unit, where it is not the topic."""
        counts = quantity.kind is UnitKind.COUNT
        alike = [
            fact for fact in self._recent if (fact.type == "count") is counts and self._facts.measures(fact, quantity)
        ]
        unlike = self._topic is not None and (self._topic.type == "count") is not counts
        return alike[-1] if alike and unlike else None

    def _bare(self, between: str) -> bool:
        """Whether ``between`` names nothing but a time."""
        left = _ZH["light"].sub("", _without_days(between, self._on))
        counted = self._asked is not None and self._asked.type == "count" and left in normalise(self._asked.label)
        return len(left) <= _WORDY or counted

    def _call(self, between: str) -> Fact | None:
        """The fact named before that ``between`` calls by the beginning of its name: 网上3100万."""
        words = _ZH["beside_a_call"].sub("", _without_days(between, self._on).replace(" ", ""))
        words = _ZH["beside_a_call"].sub("", words)
        called = self._facts.called(words) if len(words) >= _CALLED else None
        return called if called is not None and called.id in self._told else None

    def _year_for(self, fact: Fact | None) -> int | None:
        """The year of a figure of ``fact`` with which none is said: behind 去年…，前年… that before this one; else it is open."""
        other = fact is not None and self._topic is not None and fact is not self._topic
        if not other or len(self._years) <= 1:
            return self._year
        last = self._on and self._on.year - 1
        return self._heading or (last if last in self._years else None)

    def _remember(self, figure: DatedFigure, explicit: bool) -> None:
        """What is said next may be of the fact and the year of ``figure``."""
        if figure.fact is not None:
            if figure.fact is not self._topic or (figure.by and explicit):
                self._topic, self._years = figure.fact, set()
            self._told.add(figure.fact.id)
            self._recent.append(figure.fact)
            self._said_in = figure.sentence
            self._beside = [*(self._beside if figure.year == self._year else []), figure.fact]
            self._years |= {figure.year} if figure.year is not None else set()
        if explicit and not figure.aside and figure.year is not None:
            self._year = figure.year
            self._heading = self._heading if self._heading == figure.year else None

    def _without_figure(self, clause: DatedClause) -> None:
        """A clause that names a fact without a figure: it may be that of the figure before it (1亿6，就是营业收入), or say
        that there was none, or name what the next figure is of (营收去年没细看，网上2100万)."""
        facts = {name.fact.id: name.fact for name in clause.names if name.fact is not None}
        years = [day.year for day in clause.days if day.year is not None]
        if len(years) == len(clause.days) == 1 and self._of_the_last(clause, years[0]):
            return
        if years and (corrects(clause.text) or self._bare(clause.text)):
            self._ahead = years[-1]  # 前年(2023年)1.2亿 · 23年少些，四千二百万
        if (
            years
            and not facts
            and not clause.other
            and _ZH["heads"].match(clause.text)
            and clause.days[0].year == years[-1]
        ):
            self._year = years[-1]  # 去年行情一般，营收3000万
        if len(years) == 1 and _ZH["of_all_before"].fullmatch(blanked(clause.text, clause.days).replace(",", "")):
            self._of_all(years[0])
        if not facts and nothing_then(blanked(clause.text, clause.days)):
            self._none_of_topic(clause, years)
        if len(facts) != 1 or clause.other:
            return
        ((ident, fact),) = facts.items()
        self._year = years[-1] if years else self._year
        place, none = self._facts.place(fact, clause.items), nothing_of(fact, clause.text)
        start = next(name.start for name in clause.names if name.fact is fact)
        told = list(takewhile(lambda f: not f.by and f.sentence == clause.sentence, reversed(self._figures)))
        told = told[:1] if any(figure.fact for figure in told) else told
        if told and _ZH["the_same"].fullmatch(
            clause.text, 0, start
        ):  # 24年5200万，23年4100万，网上零售: of all of them
            for figure in told:
                if self._facts.measures(fact, figure.quantity):
                    figure.fact, figure.by, figure.named = fact, 1, figure.at
            told[0].end = told[0].end or clause.start
        elif none and place and self._year:
            self.nothing[f"{place}@{self._year}"] = Statement(
                Decimal(0), clause.start + none[0], clause.start + none[1]
            )
        self._topic, self._years, self._said_in = fact, set(), clause.sentence
        self._told.add(ident)

    def _none_of_topic(self, clause: DatedClause, years: Sequence[int]) -> None:
        """前年网上卖了300万，去年没卖，一分没有: of what was told last there was nothing in that year."""
        place = self._facts.place(self._topic, clause.items) if self._topic else None
        self._year = years[-1] if years else self._year
        path = f"{place}@{self._year}"
        told = self.nothing.get(path)
        last = told.end if told else self._figures[-1].at if self._figures else 0
        at_once = self._said_in == clause.sentence and "," not in self.text[last : clause.start - 1]
        if place and self._year and at_once and (years or told):
            start = told.start if told else clause.start
            self.nothing[path] = Statement(Decimal(0), start, clause.start + len(clause.text))

    def _of_the_last(self, clause: DatedClause, year: int) -> bool:
        """包裹有20万件，24年的: whether a clause only says of which ``year`` the figure is that was told last in the sentence."""
        last, day = self._figures[-1] if self._figures else None, clause.days[0]
        if last is None or last.sentence != clause.sentence or last.dated or last.aside:
            return False
        if not _ZH["of_the_last"].fullmatch(clause.text[: day.start] + clause.text[day.end - 1 :]):
            return False
        last.year, last.dated = year, True
        return True

    def _of_all(self, year: int) -> None:
        """说的都是去年: the figures before, with none of which a year was said, are of that ``year``."""
        told = [figure for figure in self._figures if figure.fact is not None and not figure.aside]
        if all(figure.year is None for figure in told):
            for figure in told:
                figure.year = year


def _named(
    clause: DatedClause, told: int, quantity: Quantity, measures: Callable[[Fact, Quantity], bool]
) -> FigureName | None:
    """What is named last before a figure, or by a phrase that holds it, and can have such a figure."""
    ahead = [name for name in clause.names if told <= name.start <= quantity.start]
    fitting = [name for name in ahead if name.fact is None or measures(name.fact, quantity)]
    holding = [
        name
        for name in fitting
        if name.fact is not None and quantity.end <= name.end + _UNIT and name.end > quantity.start
    ]
    own = [name for name in fitting if name.own]
    return (own or holding or fitting or [None])[-1]


def _unmarked(text: str, sentence: Sequence[Told], at: int, end: int) -> int:
    """Where the clause of the figure at ``at`` ends, where no mark parts it from what is said next; else ``end``."""
    ends = (clause.start + len(clause.text) for clause, *_ in sentence if clause.start <= at)
    last = max(ends, default=end)
    return last if last < end and text[last].isalnum() else end


def _without_days(text: str, on: date | None) -> str:
    text = YEAR_BEFORE.sub("", text)
    return _SHORT_YEAR.sub("", blanked(text, find_days(text, on)).replace(",", ""))


def only(words: str, told: Sequence[DatedFigure]) -> str:
    """``words``, as long as they were, with all blanked that does not tell of these figures."""
    kept = [","] * len(words)
    for each in told:
        kept[each.start : each.end] = words[each.start : each.end]
    return "".join(kept)
