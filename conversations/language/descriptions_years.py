"""Figures of a year in a description: those of one fact and year that follow each other are read together.

Parts, totals, remainders and corrections are told in more than one figure; which figure is of which fact and year is the
business of ``dated_figures``. Knows no policy of its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from conversations.language.dated_figures import BY_NAME, Asked, DatedFigures, Told, only
from conversations.language.descriptions_statements import Statement
from conversations.language.figure_names import DatedFigure, YearFacts
from conversations.language.figures import Figure, FigureQuestion
from conversations.language.quantities import UnitKind, find_quantities
from knowledge.patterns import regex
from knowledge.phrases import Phrases
from knowledge.policy import Fact
from rules.values import Value

_BY_OUR_BOOKS = regex(r"(?:我们|咱们?|俺们?|公司|自己|自家|实际)[^,。]{0,4}(?:账|报表|统计|数)|其实是")
_MORE_EXACTLY = regex(r"准确|具体|精确|确切|最终|实际|实数|准数")
_PAIR = 2
_GROWN = regex(
    r"(?:同比)?(?:增长?|涨|上升|提高|下?降|跌|下滑|少)了?(?:差不多|大概|大约|将近|近|约|不到)?(?:\d[\d.]*%|[一二两三四五六七八九十]+个?(?:成|点))[^,。;]*"
)
"""How much more it was than before, whose hedges are not the figure's."""
_THE_REST = regex(r"(?:剩下|其余|余下|剩余|另外|还有)的?(?=[\d一二两三四五六七八九十百千])(?=[^,]*[是为])")
_THE_REST_OF = regex(r"(?:剩下|其余|剩余|余下)的?(?=全|都)")
_AMONG = regex(r"其中|里[头面边]?|当中")
_PUT_RIGHT = regex(
    r"(?<=[\d一二两三四五六七八九十百千万亿])[元件家]?(?:那个|那是|里头?|是)*(?:把|连|含|包括)[^,]{1,10}[算加](?:进|上)[去来]?了?|不对|[说记写打]错了?|更正|(?<=[\d一二两三四五六七八九十百千万亿])[元件家]?[,。](?:[稍等]{1,2}|一下|[我俺]们?|先|再|刚|,)*(?:翻|查|看|核对?|问)[了下过完到]*(?:一下)?(?:一?下)?(?:报表|账本?|财报|审计报告|系统|后台|表|会计|财务)|扣掉|扣除|剔[掉除]|刨[去掉]|除去"
)
_ONE_PART = regex(r"[、,;和]*[^,。;\d剩余占其里]{2,6}")
_TOTAL = regex(r"(?:合计|共计|总计|总共|一共|加起来|加一起)[^,。]{0,3}$")
_OF_ALL = regex(r"(?:两年|三年)?(?:合计|共计|总计|总共|一共|加起来|加一起)[^,。;]*")


class YearReader:
    """Reads the figures of ``facts`` by year."""

    def __init__(self, facts: YearFacts) -> None:
        self._facts = facts

    def read(
        self,
        text: str,
        sentences: Sequence[Sequence[Told]],
        asked: Asked,
        on: date | None,
        known: Mapping[str, Value],
        year: int | None,
    ) -> Iterator[tuple[str, Statement]]:
        """What the ``sentences`` of plain ``text`` tell, by path: clauses, each with the items of lists that it is about and
        whether it names a fact without years. Years without a name are those of the fact ``asked`` for, as far as that goes; the facts at the
        paths ``known`` were told before and need no more than a call. ``year`` is that of the figures told before the text."""
        if not self._facts.spoken:
            return
        scan = DatedFigures(self._facts, text, on, asked, known, year)
        for number, sentence in enumerate(sentences):
            scan.sentence(number, sentence)
        yield from self._statements(scan)

    def _statements(self, scan: DatedFigures) -> Iterator[tuple[str, Statement]]:
        """What the figures come to: those of one fact and year that follow each other are read together, and where it is
        told again, what is put right or said by its own name counts, else neither."""
        found: dict[str, tuple[Statement, int] | None] = {}
        for path, run in scan.runs():
            figure = self._figure(run[0].fact, scan.words_of(run), run) if run[0].fact else None
            if figure is None:
                continue
            told = Statement(figure.value, figure.start, figure.end, figure.approximate), max(each.by for each in run)
            before = found.get(path)
            if before is not None and before[0].value != told[0].value:
                righted = _PUT_RIGHT.search(scan.text, before[0].end, run[-1].at)
                better = righted or told[1] > before[1]
                told = told if better else before if told[1] < before[1] else None
            found[path] = told if path not in found or before is not None else None
        for path, entry in found.items():
            if entry is not None:
                yield path, entry[0]
        yield from ((path, entry) for path, entry in scan.nothing.items() if path not in found)

    def _figure(self, fact: Fact, words: str, run: Sequence[DatedFigure]) -> Figure | None:
        """The figure of ``words``, which are those of one year: that with the own name of the fact, else the one that is
        told in a phrase for it, else of all of them."""
        if len(run) == 1 and run[0].again and isinstance(value := run[0].quantity.value, Decimal):
            return Figure(value, run[0].quantity.approximate, run[0].at, run[0].end)
        question = self._facts.questions[fact.id]
        words = _GROWN.sub(_blank, words)
        if rest := _THE_REST_OF.search(words):
            return self._remainder(fact, words, rest.end())
        if (right := _without_what_was_wrong(words)) is not None:
            return question.read(right)
        if (parts := _parts_of(words)) is not None:
            return question.read("," * parts + words[parts:]) if parts else None
        own = [each for each in run if each.by == BY_NAME]
        for told in (own, run):
            said = _THE_REST.sub(_blank, only(words, told))
            if (figure := question.read(said)) is not None:
                return self._righted(question, words, run, figure) if told is own else figure
            if told is own and any(each.by == 1 for each in run) and question.mentions(said):
                return None  # 总共卖了9000万，网店的…5600万: which is it?
        for each in run:  # 自己平台走的结算额12亿, 24年报表刚出2890万: from its name, or the figure, on
            if (each.by or each.dated) and not question.excludes(words, each.quantity, find_quantities(words)):
                said, start = only(words, [each]), each.named if each.by else each.at
                if figure := question.read("," * start + said[start:]):
                    return figure
        return question.read(words)

    @staticmethod
    def _righted(question: FigureQuestion, words: str, run: Sequence[DatedFigure], named: Figure) -> Figure | None:
        """统计局说零售额4800万，我们账上是5060万: what is told after the ``named`` figure, of nothing else: the enterprise's own
        counts; None where it is not said to be."""
        later = [each for each in run if not each.by and each.at > named.start]
        said = only(words, later[-1:])
        if later and _BY_OUR_BOOKS.search(said):
            return question.read("," * later[-1].at + said[later[-1].at :]) or named
        if later and _MORE_EXACTLY.search(said):
            return question.read(words) or question.read("," * later[-1].at + said[later[-1].at :])
        other = question.read(said)
        return named if other is None or other.value == named.value or _OF_ALL.search(said) else None

    def _remainder(self, fact: Fact, words: str, rest: int) -> Figure | None:
        """36万件，里头5万件从别处走的，剩下全是这边发: the whole less the one part, where what is left, told from ``rest`` on,
        is called in words of ``fact``; None where it is something else, or there are more parts."""
        says = next((says for each, _, says in self._facts.spoken if each is fact), None)
        amounts = find_quantities(_AMONG.sub(_blank, words))
        told = [q for q in amounts if q.scaled or q.kind in (UnitKind.MONEY, UnitKind.COUNT)]
        if says is None or len(told) != _PAIR or told[1].end > rest or not _last(says, words, rest):
            return None
        whole, part = told[0].value, told[1].value
        if not (isinstance(whole, Decimal) and isinstance(part, Decimal) and 0 < part < whole):
            return None
        return Figure(whole - part, told[0].approximate or told[1].approximate, told[0].start, len(words.rstrip(",")))


def _parts_of(words: str) -> int | None:
    """淘宝2200万，拼多多1800万，合计4000万: where the total of figures begins that are told one by one; 0 where it is not
    told, None where they are none."""
    told = [q for q in find_quantities(words) if q.scaled or q.kind in (UnitKind.MONEY, UnitKind.COUNT)]
    labels = [words[a.end : b.start] for a, b in pairwise(told)]
    each = [_ONE_PART.fullmatch(label) for label in labels]
    totals = [at for at, label in enumerate(labels) if _TOTAL.search(label)]
    if totals and all(each[: totals[0]]) and totals[0]:
        return told[totals[0] + 1].start
    return 0 if len(told) > _PAIR and all(each) else None


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


def _blank(match: re.Match[str]) -> str:
    return "," * len(match[0])
