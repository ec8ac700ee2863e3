"""The programmes of a draft: for each sentence that pays something who gets it and how much, as far as its figures say.

Every part carries its quote. A person looks at each of them: what is no figure becomes a condition to decide on. Knows
no policy.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from knowledge.drafting_facts import SUBJECT, Facts, ident, label_of, levels, names_who
from knowledge.drafting_figures import LINES, PAID, Day, FigureFound, days_in, figures_in, spans
from knowledge.drafting_marks import without_mark
from knowledge.drafting_yaml import suggested, wanted
from knowledge.patterns import regex

_SENTENCE = regex(r"[^。！？\n]+[。！？]?")
_SEGMENT = regex(r"[^，；：]+")
_NEGOTIATED = regex(r"一事一议|一企一策|另行研究")
_ONCE = regex(r"一次性|只奖励一次|仅(?:奖励|补助)一次")
_YEARLY = regex(r"每年(?:最高|不超过|给予|奖励|补助|补贴)|按年|年度最高|每年\d")
_SPLIT = regex(r"分([两二三四五])(?:年|期|次)")
_TOGETHER = regex(r"合计|累计|总额|总计|共计")
_BELOW = regex(r"([^，；：]*?)(?:达到|符合|满足)(?:下列|以下)")
_AFTERTHOUGHT = 24
"""A sentence of so few characters that only says a maximum belongs to the one before."""
_OF = "写上合在一起算的那几项的 id"
_TRIM = "，；：。、的"
_LEAD = regex(r"^(?:按年|给予|可以?给予|按[^，]{0,12}(?:给予|标准)|予以)?[^，\d]{0,4}(?:奖励|补助|补贴|资助|支持)?$")
_SHARE = regex(r"(?:按照?|以|将|对)?(?:不超过|最高不超过|最高)?([^，；：]*?)的?$")
_BEYOND = regex(r"超过部分|超过的部分|超出|部分")
_WHO = regex(r"^的(?!企业$|单位$|项目$|机构$|公司$)[\u4e00-\u9fff]{2}")
_COUNTS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5}


@dataclass(slots=True)
class _Step:
    """Who gets how much in one part of a sentence: its place in the clause, the lines to reach and what is paid."""

    start: int
    end: int
    lines: list[FigureFound] = field(default_factory=list[FigureFound])
    paid: list[FigureFound] = field(default_factory=list[FigureFound])


@dataclass(slots=True)
class ProgrammeDraft:
    """A programme of the draft; where its ``amount`` could not be told, a person writes it."""

    id: str
    clause: str
    label: str
    quote: str
    conditions: list[dict[str, object]]
    amount: dict[str, object]
    period: str | None = None
    payout: dict[str, object] | None = None
    figures: str = ""

    def decide(self, words: str) -> None:
        """Have a person make a condition of ``words``, or none."""
        told = wanted(f"“{words}”：写成一条条件，比如 {{kind: at_least, fact: …, value: …}}；不是条件就删去")
        self.conditions.append({"kind": told, "quote": words})

    def fields(self, bare: bool = False) -> dict[str, object]:
        """The programme as an entry of programmes.yaml; ``bare``: with conditions and amount left to a person."""
        untold: dict[str, object] = {"kind": wanted(f"写上多少钱：{self.figures}"), "quote": self.quote}
        undecided: list[dict[str, object]] = [{"kind": wanted("写上条件"), "quote": self.quote}]
        made: dict[str, object] = {
            "id": self.id,
            "clause": self.clause,
            "subject": SUBJECT,
            "label": suggested(self.label),
            "summary": suggested(f"{self.quote}。"),
            "quote": self.quote,
            "conditions": undecided if bare else self.conditions,
            "amount": untold if bare or not self.amount else self.amount,
        }
        if self.period:
            made["period"] = self.period
        if self.payout and not bare:
            made["payout"] = self.payout
        return made | {"examples": [wanted("定好上面的条件和金额以后，用 wence pack try 生成例子，对着原文核对")]}


@dataclass(slots=True)
class ClauseDraft:
    """What is drafted of a clause: programmes, limits on several, and the sentences with figures that are in none."""

    programmes: list[ProgrammeDraft] = field(default_factory=list[ProgrammeDraft])
    limits: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    idle: list[str] = field(default_factory=list[str])


class Drafter:
    """Drafts programmes clause by clause, and the facts that they need."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._ids: dict[str, object] = {}

    def of(self, clause: str, cited: str, title: str, text: str) -> ClauseDraft:
        """What is drafted of a clause."""
        words = spans(text)
        made = ClauseDraft()
        groups: list[list[_Step]] = []
        for start, end in _sentences(text):
            steps = _steps(words, start, end)
            quote = words[start:end].strip(_TRIM)
            if not steps:
                if figures_in(words[start:end]) or list(days_in(words[start:end])):
                    made.idle.append(quote)
            elif _only_caps(steps) and _TOGETHER.search(quote):
                made.limits.append(
                    {"kind": "cap", "of": [wanted(_OF)], "amount": steps[0].paid[0].values[0], "quote": quote}
                )
            elif _only_caps(steps) and groups and end - start < _AFTERTHOUGHT:
                groups[-1][-1].end = end
                groups[-1][-1].paid += steps[0].paid
            else:
                groups += _grouped(steps)
        for number, group in enumerate(groups, start=1):
            called = f"{title}（{number}）" if len(groups) > 1 else title
            made.programmes.append(self._programme(clause, cited, called, words, group))
        return made

    def _programme(self, clause: str, cited: str, title: str, words: str, group: Sequence[_Step]) -> ProgrammeDraft:
        first, last = group[0], group[-1]
        quote = words[first.start : last.end].strip(_TRIM)
        id_ = ident(re.sub(r"（\d+）$", "", title), self._ids, "-")
        self._ids[id_] = True
        conditions, path = self._conditions(words, first, cited)
        figures = "、".join(words[paid.start : paid.end] for step in group for paid in step.paid)
        if len(group) > 1:
            amount = _bands(group, path, quote) if path else {}
            conditions = [one for one in conditions if amount == {} or one.get("kind") != "less_than"]
        else:
            amount = self._by_level(words, first, conditions, cited) or self._amount(words, first, conditions, cited)
        made = ProgrammeDraft(id_, clause, title, quote, conditions, amount, figures=figures)
        made.period = "once" if _ONCE.search(quote) else "year" if _YEARLY.search(quote) else None
        made.payout = _payout(words, first)
        return made

    def _conditions(self, words: str, step: _Step, cited: str) -> tuple[list[dict[str, object]], str]:
        """What must hold, segment by segment of the words before what is paid, and what the last line is a line of."""
        end = step.paid[0].start if step.paid else step.end
        made: list[dict[str, object]] = []
        path = ""
        for found in _SEGMENT.finditer(words, step.start, end):
            start, stop = found.span()
            lines = [line for line in step.lines if start <= line.start < stop]
            days = [day for day in days_in(words[start:stop]) if day.part != "other"]
            last = stop >= end
            if lines:
                quote = words[start : _past_line(words, lines[-1].end)].strip(_TRIM)
                for line in lines:
                    label = label_of(line.said)
                    below = next(reversed([*_BELOW.finditer(words, 0, line.start)]), None)
                    if names_who(label) and below:
                        line, label = line._replace(said=below[1]), label_of(below[1])
                        made.append(self._whether(words[start : line.start], cited))
                    before = path if line.start != lines[0].start else ""
                    condition, path = self._compared(line, label, quote, cited, before)
                    made.append(condition)
                whole = words[start:stop].strip(_TRIM)
                if not last and _WHO.search(whole[len(quote) :]):
                    made.append(self._whether(whole, cited))
            elif days:
                made.append(self._dated(words[start:stop].strip(_TRIM), days, cited))
            elif not last and not _LEAD.match(found[0]) and len(found[0].strip(_TRIM)) > 3:
                made.append(self._whether(found[0], cited))
        return made, path

    def _compared(
        self, line: FigureFound, label: str, quote: str, cited: str, path: str
    ) -> tuple[dict[str, object], str]:
        """The condition that something reaches a line; ``path``: what the line before it in the same segment is of."""
        growing = line.kind == "ratio" and re.search(r"增长|增幅|提高", line.said) is not None
        if label or not path:
            path = self.facts.path(label, line, quote, cited, growing=growing)
        value: dict[str, object] = {"value": line.values[0], "quote": quote}
        if line.each and line.each != "年" and line.kind == "money":
            counted = line._replace(kind="count", unit=line.each, said="")
            ratio = {"ratio": [path, self.facts.path(f"{line.each}数", counted, quote, cited)]}
            return {"kind": line.part, "term": ratio} | value, path
        if growing and "@" in path:
            return {"kind": line.part, "term": {"growth": path}} | value, path
        return {"kind": line.part, "fact": path} | value, path

    def _dated(self, quote: str, days: Sequence[Day], cited: str) -> dict[str, object]:
        """The condition that something happened between two days, or before or after one."""
        words = re.sub(r"^(?:期间|以后|之后|以前|之前|起|以来|的)+", "", quote[days[-1].end :])
        fact = self.facts.day(words or quote[: days[0].start], quote, cited)
        ends = {"from" if day.part == "at_least" else "to": day.day for day in days[:2]}
        return {"kind": "between", "fact": fact, **ends, "quote": quote}

    def _amount(self, words: str, step: _Step, conditions: list[dict[str, object]], cited: str) -> dict[str, object]:
        """What a step pays; empty where a person must say."""
        paid = step.paid
        if not paid:
            return {"kind": "no_figure", "basis": "negotiated", "quote": words[step.start : step.end].strip(_TRIM)}
        start = max((found.end() for found in re.finditer(r"[，；：]", words[: paid[0].start])), default=0)
        start = max(
            start, step.start, *(_past_line(words, line.end) for line in step.lines if line.end <= paid[0].start)
        )
        quote = words[start : step.end].strip(_TRIM)
        caps = [figure.values[0] for figure in paid if figure.part == "cap"]
        others = [figure for figure in paid if figure.part != "cap"]
        if _payout(words, step) and len(others) > 1:
            others = [figure for figure in others if figure.kind != "ratio"]
        cap: dict[str, object] = {"cap": caps[0]} if len(caps) == 1 else {}
        if len(caps) > 1 or (not others and not caps):
            return {}
        if not others:
            return {"kind": "up_to", "amount": caps[0], "quote": quote}
        counted = [str(one.get("fact", "")) for one in conditions]
        made = self._paying(others, quote, cited, counted)
        return made | cap | {"quote": quote} if made else {}

    def _paying(
        self, paid: Sequence[FigureFound], quote: str, cited: str, compared: Sequence[str]
    ) -> dict[str, object]:
        """The amount that one or two figures, caps apart, make."""
        first = paid[0]
        if [figure.part for figure in paid] in (["step", "sum"], ["step", "price"]):
            of = self.facts.path(label_of(re.sub(r"每\w*$", "", first.said)), first, quote, cited)
            return {"kind": "per_step", "of": of, "step": first.values[0], "each": paid[1].values[0]}
        if first.part == "rate" and len(paid) > 1 and all(figure.part in ("rate", "other") for figure in paid):
            return {}
        if len(paid) > 1:
            return {}
        if first.part == "rate":
            base = _SHARE.search(first.said)
            money = first._replace(kind="money", unit="")
            of = self.facts.path(label_of(base[1]) if base else "", money, quote, cited)
            share: dict[str, object] = {"kind": "share", "of": of, "rate": first.values[0]}
            return {"kind": "up_to", "amount": share} if "不超过" in first.said or "最高" in first.said else share
        if first.part == "price" and not _BEYOND.search(quote):
            counted = first._replace(kind="count", unit=first.each, said="")
            known = next((path for path in compared if self.facts.unit(path) == first.each), None)
            of = known or self.facts.path(f"{first.each}数", counted, quote, cited)
            return {"kind": "per_unit", "of": of, "price": first.values[0]}
        if first.part == "price":
            return {}
        value, *more = first.values
        return {} if more else {"kind": "fixed", "amount": value}

    def _by_level(self, words: str, step: _Step, conditions: list[dict[str, object]], cited: str) -> dict[str, object]:
        """The amount by level, where so many sums stand in a row; the last condition is then that it has one of them."""
        paid = step.paid[0] if step.paid else None
        if paid is None or len(step.paid) > 1 or len(paid.values) < 2:
            return {}
        named = _named(words[step.start : paid.start], len(paid.values))
        quote = ""
        if conditions and conditions[-1]["kind"] == "holds":
            replaced = conditions.pop()
            quote = str(replaced["quote"])
            self.facts.drop(str(replaced["fact"]))
        start = max(words.rfind(stop, 0, paid.start) for stop in "，；：") + 1
        fact = self.facts.level(named, quote or words[start : step.end].strip(_TRIM), cited)
        ids = [*levels(named)]
        conditions.append(
            {"kind": "is_one_of", "fact": fact, "choices": ids, "quote": quote or words[start : step.end].strip(_TRIM)}
        )
        sums = dict(zip(ids, paid.values, strict=True))
        return {"kind": "by_level", "fact": fact, "levels": sums, "quote": words[start : step.end].strip(_TRIM)}

    def _whether(self, said: str, cited: str) -> dict[str, object]:
        """The condition that something is so: a person says whether it is one, and how to ask for it."""
        quote = said.strip(_TRIM)
        return {"kind": "holds", "fact": self.facts.whether(quote, cited), "quote": quote}


def _named(words: str, count: int) -> list[str]:
    """What so many levels are called: the last list of so many in ``words``; else their numbers."""
    found = [*re.finditer(rf"[^，；：、]{{1,12}}(?:、[^，；：、]{{1,12}}){{{count - 1}}}", words)]
    names = [
        re.sub(r"^.*(?:认定为|评为|获得|取得|获评|为|对)|的$", "", each)
        for each in (found[-1][0].split("、") if found else [])
    ]
    good = len({*names}) == count and all(names)
    return names if good else [f"第{n}档" for n in range(1, count + 1)]


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """The places of the sentences of a clause in its words, the marks before them apart."""
    behind = 0
    for paragraph in text.split("\n"):
        words = spans(paragraph)
        first = len(words) - len(without_mark(paragraph))
        for found in _SENTENCE.finditer(words, first):
            yield behind + found.start(), behind + found.end()
        behind += len(words)


def _steps(words: str, start: int, end: int) -> list[_Step]:
    """The parts of a sentence that each pay something; none where it pays nothing."""
    figures = [
        figure._replace(start=figure.start + start, end=figure.end + start) for figure in figures_in(words[start:end])
    ]
    steps = [_Step(start, end)]
    for figure in figures:
        if figure.part in LINES:
            if steps[-1].paid:
                breaks = [start + found.end() for found in re.finditer(r"[，；：]", words[start : figure.start])]
                cut = max([steps[-1].paid[-1].end, *breaks])
                steps[-1].end = cut
                steps.append(_Step(cut, end))
            steps[-1].lines.append(figure)
        elif figure.part in PAID:
            again = steps[-1].paid and "；" in words[steps[-1].paid[-1].end : figure.start] and figure.part != "cap"
            if again:
                cut = words.rindex("；", start, figure.start) + 1
                steps[-1].end = cut
                steps.append(_Step(cut, end))
            steps[-1].paid.append(figure)
    last = words[steps[-1].start : end]
    if len(steps) > 1 and not steps[-1].paid and not _NEGOTIATED.search(last):  # only says how long, or of whom
        steps.pop()
        steps[-1].end = end
    if not any(step.paid for step in steps):
        return [steps[0]] if _NEGOTIATED.search(words[start:end]) else []
    return steps


def _only_caps(steps: Sequence[_Step]) -> bool:
    """Whether a sentence only says how much it may be at most."""
    step = steps[0]
    return len(steps) == 1 and not step.lines and bool(step.paid) and all(paid.part == "cap" for paid in step.paid)


def _grouped(steps: Sequence[_Step]) -> list[list[_Step]]:
    """Steps that are bands of one figure together: the further ones do not say of what they are."""
    groups: list[list[_Step]] = []
    for step in steps:
        before = groups[-1][-1] if groups else None
        kinds = {(line.kind, line.unit) for line in step.lines}
        same = (
            before is not None
            and step.lines
            and before.lines
            and kinds == {(one.kind, one.unit) for one in before.lines[-1:]}
        )
        named = label_of(step.lines[0].said) if step.lines else ""
        own = label_of(before.lines[0].said) if before is not None and before.lines else ""
        if same and own.endswith(named) and len(_paid_of(step)) == 1:
            groups[-1].append(step)
        else:
            groups.append([step])
    return groups


def _paid_of(step: _Step) -> list[FigureFound]:
    return [paid for paid in step.paid if paid.part != "cap"]


def _bands(group: Sequence[_Step], path: str, quote: str) -> dict[str, object]:
    """The amount by the band of a figure; empty where the lines are no bands."""
    edges = [_edge(step) for step in group]
    bands: list[dict[str, object]] = []
    for place, step in enumerate(group):
        low, high, pays = edges[place][0], edges[place][1], _paid_of(step)
        beyond = any(line.part == "more_than" for line in step.lines)
        following = edges[place + 1][0] if place + 1 < len(group) else None
        each = any(line.each and line.kind == "money" for line in step.lines)
        if (
            each
            or low is None
            or len(pays) != 1
            or len(pays[0].values) != 1
            or (following is not None and following <= low)
        ):
            return {}
        high = following if following is not None else high
        band: dict[str, object] = {"more_than" if beyond else "at_least": low}
        if high is not None:
            band["at_most" if beyond else "less_than"] = high
        band[pays[0].part if pays[0].part in ("price", "rate") else "amount"] = pays[0].values[0]
        bands.append(band)
    caps = [paid.values[0] for step in group for paid in step.paid if paid.part == "cap"]
    cap: dict[str, object] = {"cap": caps[0]} if len(caps) == 1 else {}
    return {"kind": "bands", "of": path, "bands": bands, **cap, "quote": quote} if len(caps) < 2 else {}


def _edge(step: _Step) -> tuple[Decimal | None, Decimal | None]:
    low = [line.values[0] for line in step.lines if line.part in ("at_least", "more_than")]
    high = [line.values[0] for line in step.lines if line.part == "less_than"]
    return (low[-1] if low else None), (high[-1] if high else None)


def _payout(words: str, step: _Step) -> dict[str, object] | None:
    """How an award is split, where the sentence says so."""
    text = words[step.start : step.end]
    shares = [figure for figure in figures_in(text) if figure.kind == "ratio"]
    found = _SPLIT.search(text)
    if len(shares) > 1 and sum(share.values[0] for share in shares) == 1:
        start = max(text.rfind(stop, 0, shares[0].start) for stop in "，；：") + 1
        quote = text[start : shares[-1].end].strip(_TRIM)
        return {"by": "year" if found else "milestone", "shares": [share.values[0] for share in shares], "quote": quote}
    return {"by": "year", "times": _COUNTS[found[1]], "quote": found[0]} if found else None


def _past_line(words: str, end: int) -> int:
    """Behind a line with the 以上 that belongs to it."""
    found = re.compile(
        r"(?:[（(][^）)]{0,6}[）)])?(?:及)?(?:以上|以下|以内|以后|以前)?(?:[（(]含[^）)]{0,6}[）)])?"
    ).match(words, end)
    return found.end() if found else end
