"""Figures told one after the other, of several years, firms or projects: what each of them comes to, and all together.

Which words are labels (第二年, B公司, 乙项目, 分别是 … 、…) is generic Chinese; of which fact the figures are is told by its
names. Where a figure may be another thing's there is no series. Words nothing but the reckoning itself.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import combinations, pairwise

from conversations.answering import asked
from conversations.answering.figures import COMES_TO, FigureReader, thresholds
from conversations.language import customer_message, revisions
from conversations.language.descriptions import Description
from conversations.language.lexicon import lexicon
from conversations.language.quantities import Quantity, find_quantities
from conversations.language.text import normalise
from conversations.language.units import UnitKind
from conversations.saying.values import money, paid, value
from conversations.state.shelf import Shelf
from knowledge.patterns import regex
from knowledge.policy import Fact, Policy, Programme
from rules.plain import PlainShare, plain_share
from rules.terms import plain as plain_number


class SeriesOf(StrEnum):
    """Of what the figures of a series are."""

    YEARS = "年"
    THINGS = "个"
    FIRMS = "家"
    TIMES = "次"
    SUPPOSED = "如果"
    EITHER = "按"


_LETTER = r"(?<![a-z0-9])[a-f](?![a-z0-9])|[甲乙丙丁戊](?=公司|企业|厂|店|家|项目|[:：是的]|\s?\d)"
_NOUN = r"(?:公司|企业|厂子?|店铺?|合作社)"
_LABELS = {
    SeriesOf.TIMES: regex(r"[上下]半年|第[一二三四]季度|第[一二三四五六][次期批场]|[春秋]季"),
    SeriesOf.YEARS: regex(
        r"第[一二三四五六1-6]年|(?<!\d)20\d\d(?:年度?|(?![\d年-]))|大?前年|去年|上一?年度?|今年|明年|后年"
    ),
    SeriesOf.THINGS: regex(
        rf"(?:{_LETTER})\s?(?:项目|园区?|楼)|(?:项目|园区)\s?(?:[a-f甲乙丙丁一二三1-6])(?![a-z0-9])"
    ),
    SeriesOf.FIRMS: regex(
        rf"(?:{_LETTER})\s?{_NOUN}?|第[一二三四五六]家|集团(?:公司)?(?![控旗下内的底合整])|[\u4e00-\u9fff]{{2}}公司(?=自己|本身|单独)|(?:母|总|子){_NOUN}[a-f甲乙丙丁一二三]?"
    ),
}
_LISTED = regex(r"(?:分别|各自?|依次)[^,。;!?\d]{0,12}$")
_BETWEEN = regex(r"[、,，和及与跟\s]{1,3}(?:再?到)?")
_MANY = regex(r"[两二三四五六2-6](?:(?P<of>年|家|个)|[次期场批门])")
_SENTENCE_END = regex(r"[。;!?\n]")
_PUT_RIGHT = regex(r"(?:实际|其实|准确|正确)(?:上|数|的)?(?:应该?)?(?:是|为)|更正|应为|[说写报算填]错")
_GAP = regex(r"(?:[差缺欠]|少)(?:了|个|不多)?$|[给补奖返][^,。\d]{0,2}$")
_IF = regex(r"(?:如果|要是|假如|若是?|万一)[^。;!?]{0,12}(?:到|至|成|为|有|是)了?$")
_ALTOGETHER = regex(r"\s*(?:[合加凑](?:在|到|起来?|成|一[起块]|计)|[总一]共|共计?|总[额数])")
"""What begins a clause that tells what several figures come to together."""
_AMONG = regex(r"\s*(?:其中|里面|里头|包括|含)")
"""What begins a clause that tells a part of a figure."""
_MANY_SUMS = 10
_BARE = regex(r"^\d{3,6}(?![\d.]|[\u4e00-\u9fff%])")
"""A price without its unit: 一次 5000."""
_NEAR, _FAR = 20, 99
_NUMERALS = "一二三四五六"
_MOST = 6
"""The most figures of a series."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the figures with what it is of; ``comes_to`` is what is paid for it, None where it falls short.

    ``how`` is the reckoning, or what is wanting, in words; ``rough``: it rests on a figure that was given roughly.
    """

    label: str
    figure: Decimal
    comes_to: Decimal | None
    how: str
    rough: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """What the figures told for ``programme`` come to; ``total`` is None where nothing can be added up."""

    kind: SeriesOf
    programme: Programme
    parts: tuple[Part, ...]

    def told_in(self, text: str) -> bool:
        """Whether ``text`` tells the figures."""
        figures = {quantity.value for quantity in find_quantities(normalise(text))}
        return all(part.figure in figures for part in self.parts)

    @property
    def added(self) -> str:
        """The addition in words: 12 万元 + 18 万元 = 30 万元; empty where nothing is paid."""
        paying = [(part.comes_to, part.rough) for part in self.parts if part.comes_to is not None]
        terms = " + ".join(_said(each, rough) for each, rough in paying)
        total = _said(sum((each for each, _ in paying), Decimal(0)), any(rough for _, rough in paying))
        return f"{terms} = **{total}**" if len(paying) > 1 else terms and f"**{terms}**"


def find(shelf: Shelf, text: str) -> Series | None:
    """The series that ``text`` tells, None where it tells none, or it is not sure of what."""
    plain = normalise(text)
    reader = shelf.compiled(FigureReader)
    told = next((told for kind in _LABELS if len(told := _labelled(plain, kind)) > 1), None)
    told = told or _one_and_one(plain) or _in_order(plain) or _listed(plain) or _supposed(plain) or _either(plain)
    if told is None:
        return None
    found = _programme(shelf.policy, reader, plain, told[0][1].start)
    if found is None:
        return None
    programme, rule = found
    fact = shelf.policy.fact(rule.fact)
    name = next(iter(fact.reads.names), fact.label)
    figures = [(label, _figure(reader, name, words.text, fact, programme)) for label, words in told]
    known = [(label, figure) for label, figure in figures if figure is not None]
    kind = told[0][1].kind
    if len(known) < 2 or not _fits(shelf.policy, programme, kind):
        return None
    return Series(kind, programme, tuple(_parts(programme, rule, fact, kind, known)))


def _figure(
    reader: FigureReader, name: str, words: str, fact: Fact, programme: Programme
) -> tuple[Decimal, bool] | None:
    """What ``words`` tell for one label: one figure, or the sum of several that are parts of it (两次, 分别为 9 万和 12 万)."""
    texts = [each.text for _, each in _listed(words) or ()] or [words]
    known = [reader.only(asked.read(f"{name}{text}"), fact, programme) for text in texts]
    found = [each for each in known if each is not None]
    if len(found) < len(texts):
        return None
    return sum((figure for figure, _ in found), Decimal(0)), any(rough for _, rough in found)


@dataclass(frozen=True, slots=True)
class _Told:
    """The words that belong to a label, and where its own begin."""

    kind: SeriesOf
    text: str
    start: int


def _labelled(plain: str, kind: SeriesOf) -> list[tuple[str, _Told]]:
    """Each label of ``kind`` with the words up to the next one, in one sentence; the first words that tell a figure count."""
    found: dict[str, _Told] = {}
    for label, told in _segments(plain, kind):
        if label not in found and any(map(_is_sum, find_quantities(told.text))):
            found[label] = told
    return list(found.items())[:_MOST]


def _segments(plain: str, kind: SeriesOf) -> Iterator[tuple[str, _Told]]:
    """Each label of ``kind`` with the words up to the next one, or to the sentence's end."""
    marks = list(_LABELS[kind].finditer(plain))[: _MOST * 2]
    ends = [*(mark.start() for mark in marks[1:]), len(plain)]
    for mark, end in zip(marks, ends, strict=False):
        stop = _SENTENCE_END.search(plain, mark.end(), end)
        words = plain[mark.end() : stop.start() if stop else end]
        yield _label(mark), _Told(kind, _telling(words).lstrip(":：的"), mark.start())


def _telling(words: str) -> str:
    """``words`` up to the first clause that asks something, or tells a total, where a figure stands before it."""
    parts = words.split(",")
    last = (at for at, part in enumerate(parts) if at and (customer_message.asks(part) or _ALTOGETHER.match(part)))
    told = ",".join(parts[: next(last, len(parts))])
    return told if any(map(_is_sum, find_quantities(told))) else words


def _one_and_one(plain: str) -> list[tuple[str, _Told]] | None:
    """One and another: 一家年服务费 1500 万, 一家 120 万; 一次 5000, 一次 1.2 万."""
    kinds = {SeriesOf.FIRMS: "家", SeriesOf.TIMES: "次"}
    kinds |= {SeriesOf.FIRMS: "[家个]"} if revisions.several_firms(plain) else {}
    for kind, unit in kinds.items():
        marks = list(regex(rf"(?<![十百第])(?:另|还有|又)?一{unit}(?![人共性月])").finditer(plain))
        told: list[_Told] = []
        for mark, end in zip(marks, [*(each.start() for each in marks[1:]), len(plain)], strict=False):
            stop = _SENTENCE_END.search(plain, mark.end(), end)
            words = _telling(plain[mark.end() : stop.start() if stop else end])
            words = _BARE.sub(r"\g<0>元", words) if kind is SeriesOf.TIMES else words
            if any(map(_is_sum, find_quantities(words))):
                told.append(_Told(kind, words, mark.start()))
        if 1 < len(told) <= _MOST:
            return [(f"第{_NUMERALS[n]}{kind.value}", each) for n, each in enumerate(told)]
    return None


def _in_order(plain: str) -> list[tuple[str, _Told]] | None:
    """Labels one after the other, and behind them as many figures in their order: 甲、乙、丙公司 依次为 8 万、9 万、12 万."""
    for place, run in _runs(plain):
        for kind, pattern in _LABELS.items():
            sentence = max((stop.end() for stop in _SENTENCE_END.finditer(plain, 0, place)), default=0)
            labels = list(dict.fromkeys(_label(mark) for mark in pattern.finditer(plain, sentence, place)))
            if len(labels) == len(run):
                return [(a, _Told(kind, plain[q.start : q.end], place)) for a, q in zip(labels, run, strict=True)]
    return None


def _label(mark: re.Match[str]) -> str:
    return mark[0].replace(" ", "").upper() + ("年" if mark[0].isdigit() else "")


def _runs(plain: str) -> Iterator[tuple[int, list[Quantity]]]:
    """Where figures begin that stand one after the other behind 分别, and they."""
    sums = [quantity for quantity in find_quantities(plain) if _is_sum(quantity)]
    for place, first in enumerate(sums):
        if not _LISTED.search(plain[max(0, first.start - 24) : first.start]):
            continue
        run = [first]
        for each in sums[place + 1 :]:
            if not _BETWEEN.fullmatch(plain, run[-1].end, each.start):
                break
            run.append(each)
        if 1 < len(run) <= _MOST:
            yield first.start, run


def _listed(plain: str) -> list[tuple[str, _Told]] | None:
    """Figures that stand one after the other behind 分别, of as many years, firms or things as are spoken of before."""
    for place, run in _runs(plain):
        counted = [match["of"] or SeriesOf.TIMES for match in _MANY.finditer(plain, 0, place)]
        if counted:
            kind = SeriesOf(counted[-1])
            return [
                (f"第{_NUMERALS[n]}{kind.value}", _Told(kind, plain[each.start : each.end], place))
                for n, each in enumerate(run)
            ]
    return None


def _supposed(plain: str) -> list[tuple[str, _Told]] | None:
    """A figure that is so, and the one behind it that it might come to: 总投资 860 万, 要是追加到 1060 万."""
    found = [quantity for quantity in find_quantities(plain) if _is_sum(quantity)]
    sums = [each for each in found if not _GAP.search(plain, 0, each.start)]  # 就差4千块: neither of the two
    for before, after in pairwise(sums):
        supposed = _IF.search(plain[max(0, after.at - _NEAR) : after.at]) or plain.startswith("呢", after.end)
        if supposed and not _IF.search(plain[max(0, before.at - _NEAR) : before.at]):
            is_so = plain[before.clause[0] : before.end]
            return [
                ("现在", _Told(SeriesOf.SUPPOSED, is_so, before.clause[0])),
                ("如果那样", _Told(SeriesOf.SUPPOSED, plain[after.at : after.end], after.at)),
            ]
    return None


def firms(text: str) -> dict[str, str]:
    """Each firm that ``text`` tells of by a label (A公司, 甲), with what it tells of it first: 做代运营."""
    found: dict[str, tuple[str, str]] = {}
    for label, told in _segments(normalise(text), SeriesOf.FIRMS):
        if words := told.text.strip(" ,、:("):
            found.setdefault(label[0], (label, words))  # 甲 is 甲公司
    return dict(found.values())


def either(plain: str) -> list[Quantity]:
    """The two figures of which plain text asks which one counts: 按 130 还是按 90 算; empty where it asks nothing such."""
    sums = [quantity for quantity in find_quantities(plain) if _is_sum(quantity)]
    for match in lexicon("questions")["either"].finditer(plain):
        named = [_called(plain, sums, match[which]) for which in ("one", "other")]
        found = [quantity for quantity in named if quantity is not None]
        if len(found) > 1:
            return found
    return []


def _called(plain: str, sums: Sequence[Quantity], words: str) -> Quantity | None:
    """The one of ``sums`` that ``words`` call, also without its unit: 130 for 130 万."""
    told = re.sub(r"[^\d.一二两三四五六七八九十百千万亿]", "", words)
    return next((each for each in sums if told and plain[each.start : each.end].startswith(told)), None)


def _either(plain: str) -> list[tuple[str, _Told]] | None:
    return [
        (f"按 {money(each.value)}算", _Told(SeriesOf.EITHER, plain[each.start : each.end], each.start))
        for each in either(plain)
        if isinstance(each.value, Decimal)
    ] or None


def corrected(shelf: Shelf, text: str, description: Description) -> Description:
    """``description`` with each sum as it is put right later, and never what a share comes to for what it is a share of."""
    plain, facts = normalise(text), dict(description.facts)
    sums = [q for q in find_quantities(plain) if _is_sum(q) and isinstance(q.value, Decimal)]
    reader = shelf.compiled(FigureReader)
    for path, told in description.facts.items():
        if "." not in path or not isinstance(told, Decimal) or (fact := shelf.policy.fact(path)).type != "money":
            continue
        rules = [
            rule for each in shelf.policy.programmes if (rule := plain_share(each.amount)) and rule.fact == fact.id
        ]
        clauses = [plain[slice(*q.clause)] for q in sums if q.value == told]  # 21 万, 30% 就是 6.3 万
        shares = [rule.rate for rule in rules if any(f"{plain_number(rule.rate * 100)}%" in words for words in clauses)]
        figures = [q.value for q in sums if isinstance(q.value, Decimal)]
        figures += [one + other for one, other in pairwise(figures)]  # 一次 12 万一次 8 万, 30% 就是 6 万
        bases = [each for each in figures for rate in shares if each * rate == told]
        at = plain.find(normalise(description.evidence[path]))
        right = _put_right(reader, text, fact, [q for q in sums if q.start > at])
        apart = _is_total(plain, sums, told) or _is_part(reader, plain, fact, sums, told)
        if right is None and apart:  # 一个 1200 万, 一个 860 万, 合起来 2060 万; 一共 1900 万, 其中买楼 1100 万
            rest = _left(reader, plain, fact, sums, {*facts.values(), told})
            facts.pop(path)
            if rest is not None:
                facts[path] = rest
        elif right is not None:
            facts[path] = right
        elif bases:
            facts[path] = bases[0]
        elif any(map(COMES_TO.search, (plain[: q.at] for q in sums if q.value == told))):
            del facts[path]  # 30% 就是 6 万, of what is not sure
    return replace(description, facts=facts)


def _is_total(plain: str, sums: Sequence[Quantity], told: Decimal) -> bool:
    """Whether ``told`` is what some of the other ``sums`` are said to come to together."""
    others = [q.value for q in sums[:_MANY_SUMS] if isinstance(q.value, Decimal) and q.value != told]
    said = any(_ALTOGETHER.match(plain, q.clause[0]) for q in sums if q.value == told)
    return said and any(sum(some) == told for size in (2, 3) for some in combinations(others, size))


def _is_part(reader: FigureReader, plain: str, fact: Fact, sums: Sequence[Quantity], told: Decimal) -> bool:
    """Whether ``told`` is only said to be among another figure, and not by the name of ``fact``: 其中买楼 1100 万."""
    of = [q for q in sums if q.value == told]
    return any(_AMONG.match(plain, q.clause[0]) for q in of) and not any(
        reader.names(fact).search(plain, q.clause[0], q.start) for q in of
    )


def _left(
    reader: FigureReader, plain: str, fact: Fact, sums: Sequence[Quantity], known: Collection[object]
) -> Decimal | None:
    """The one figure that is told of ``fact`` beside those ``known``: called by its name, or the only one that is no answer's."""
    telling = [q for q in sums if not customer_message.asks(plain[slice(*q.clause)]) and q.value not in known]
    called = {q.clause: q for q in reversed(telling) if reader.names(fact).search(plain, q.clause[0], q.start)}
    of_fact = [*called.values()] if len(called) == 1 else telling
    values = {q.value for q in of_fact if isinstance(q.value, Decimal)}
    return values.pop() if len(values) == 1 else None


def _put_right(reader: FigureReader, text: str, fact: Fact, sums: Sequence[Quantity]) -> Decimal | None:
    """The last of ``sums`` that is said to be what ``fact`` really is."""
    question = asked.read(text)
    found: Decimal | None = None
    for quantity in sums:
        words = question.text[slice(*quantity.clause)]
        really = _PUT_RIGHT.search(words) and not customer_message.asks(words)
        if really and isinstance(quantity.value, Decimal) and not reader.of_another(question, quantity, fact):
            found = quantity.value
    return found


def _is_sum(quantity: Quantity) -> bool:
    scaled = quantity.kind is UnitKind.NUMBER and quantity.scaled
    return (quantity.kind is UnitKind.MONEY or scaled) and not quantity.denied


def _programme(policy: Policy, reader: FigureReader, plain: str, at: int) -> tuple[Programme, PlainShare] | None:
    """The programme that pays a share of what the figures beginning at ``at`` are called; None where two may be meant."""
    near: dict[tuple[int, int, int], list[tuple[Programme, PlainShare]]] = {}
    for programme in policy.programmes:
        rule = plain_share(programme.amount)
        if rule is None or policy.fact(rule.fact).type != "money":
            continue
        names = reader.names(policy.fact(rule.fact)).finditer(plain)
        if gaps := [max(match.start() - at, at - match.end()) for match in names]:
            words = {match[0] for match in reader.matters(programme).finditer(plain)}
            called = [place for place, name in enumerate(policy.fact(rule.fact).reads.names) if name in plain]
            key = (min(gaps), -len(words), min(called, default=_FAR))
            near.setdefault(key, []).append((programme, rule))
    nearest = near[min(near)] if near else []
    return nearest[0] if len(nearest) == 1 else None


def _fits(policy: Policy, programme: Programme, kind: SeriesOf) -> bool:
    """Whether ``programme`` pays for each of the things apart."""
    many = any(subject.many for subject in policy.subjects if subject.id == programme.subject)
    return {
        SeriesOf.YEARS: programme.period == "year",
        SeriesOf.FIRMS: True,
        SeriesOf.THINGS: many,
        SeriesOf.TIMES: not many,
        SeriesOf.SUPPOSED: True,
        SeriesOf.EITHER: True,
    }[kind]


def _parts(
    programme: Programme,
    rule: PlainShare,
    fact: Fact,
    kind: SeriesOf,
    known: Sequence[tuple[str, tuple[Decimal, bool]]],
) -> Iterator[Part]:
    if kind is SeriesOf.TIMES:  # of one year: one figure
        total, rough = sum((each for _, (each, _) in known), Decimal(0)), any(rough for _, (_, rough) in known)
        added = " + ".join(value(fact, each, about) for _, (each, about) in known)
        known = [(f"加起来（{added}）", (total, rough))]
    lines = [line for line in thresholds(programme) if line.fact == rule.fact]
    left = programme.years.limit if kind is SeriesOf.YEARS and programme.years is not None else None
    for label, (figure, rough) in known:
        shown = value(fact, figure, rough)
        short = next((line for line in lines if line.decide(figure) is False), None)
        if short is not None:
            gap = f"还差 {value(fact, short.value - figure)}" if figure < short.value else f"正好 {shown} 不算"
            yield Part(label, figure, None, f"{shown}，不够“{short.leaf.quote}”，{gap}，**不符合**")
            continue
        if left is not None and left <= 0:
            yield Part(
                label, figure, None, f"{shown}，已经超过“{programme.years.quote if programme.years else ''}”，不再给"
            )
            continue
        left = None if left is None else left - 1
        yield _paid(label, figure, shown, rule, programme, rough)


def _paid(label: str, figure: Decimal, shown: str, rule: PlainShare, programme: Programme, rough: bool) -> Part:
    full = figure * rule.rate
    rate = f"{plain_number(rule.rate * 100)}%" if rule.rate != 1 else "1（1:1 配套）"
    if rule.cap is None or full <= rule.cap:
        return Part(label, figure, full, f"{shown} × {rate} = **{_said(full, rough)}**", rough)
    most = f"{'每年' if programme.period == 'year' else ''}最高 {money(rule.cap)}"
    how = f"{shown} × {rate} = {_said(full, rough)}，超过上限，按{most}给，是 **{money(rule.cap)}**"
    return Part(label, figure, rule.cap, how)


def _said(yuan: Decimal, rough: bool) -> str:
    return f"约 {paid(yuan)}" if rough else paid(yuan)
