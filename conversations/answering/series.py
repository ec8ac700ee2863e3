"""Figures told one after the other, of several years, firms or projects: what each of them comes to, and all together.

Which words are labels (第二年, B公司, 乙项目, 分别是 … 、…) is generic Chinese; of which fact the figures are is told by its
names. Where a figure may be another thing's there is no series. Words nothing but the reckoning itself.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from conversations.answering import asked
from conversations.answering.figures import FigureReader, clause_of, is_sum, thresholds
from conversations.language import customer_message, revisions
from conversations.language.lexicon import lexicon
from conversations.language.quantities import Quantity, find_quantities
from conversations.language.text import normalise
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
    SeriesOf.TIMES: regex(
        r"(?<![\d一二三四五六七八九十年个])(?:1[0-2]|[1-9]|十?[一二]|[三四五六七八九十])月份?(?![\d一二三四五六七八九十])|[上下]半年|第[一二三四]季度|第[一二三四五六][次期批场]|[春秋]季"
    ),
    SeriesOf.YEARS: regex(
        r"第[一二三四五六1-6]年|(?<!\d)20\d\d(?:年度?(?!\d*月?[^,。;\d]{0,4}(?:成立|注册|创办|开业|开张|起步|评|认|获|批|入选|列入))|(?![\d年万亿千百元块-]))|大?前年|去年|上一?年度?|今年|明年|后年"
    ),
    SeriesOf.THINGS: regex(
        rf"(?:{_LETTER})\s?(?:项目|园区?|楼)|(?:项目|园区)\s?(?:[a-f甲乙丙丁一二三1-6])(?![a-z0-9])"
    ),
    SeriesOf.FIRMS: regex(
        rf"(?:{_LETTER})\s?{_NOUN}?|第[一二三四五六]家|集团(?:公司)?(?![控旗下内的底合整])|[\u4e00-\u9fff]{{2}}公司(?=自己|本身|单独)|(?:母|总|子){_NOUN}[a-f甲乙丙丁一二三]?"
        rf"|[我俺](?:自己|[妹姐哥弟爸妈]+|表[妹姐哥弟]|老[公婆]|媳妇|爱人|对象|朋友|[舅叔])(?:[那这]?家|[那这]边|开|做)?的?{_NOUN}?|[我俺]的(?=[在是也,]|那|[一每]?年|\d)|[她他](?:的|那[家边])(?=[在是也,]|[一每]?年|\d)"
    ),
}
_LISTED = regex(r"(?:分别|各自?|依次)[^,。;!?\d]{0,12}$")
_BETWEEN = regex(r"[、,，和及与跟\s]{1,3}(?:再?到)?")
_MINE = regex(r"^[我俺](?P<whose>的$|自己|表?[妹姐哥弟爸妈舅叔]|老[公婆]|媳妇|爱人|对象|朋友).*")
_MANY = regex(r"[两二三四五六2-6](?:(?P<of>年|家|个)|[次期场批门])")
_OF_CLIENTS = regex(
    r"(?:给|替|帮|为|服务)[^,。;!?]{0,3}[两二三四五六几2-6]家|[两二三四五六几2-6]家[^,。;!?]{0,6}客户|客户[^,。;!?]{0,3}[两二三四五六几2-6]家"
)
_EACH_OF = regex(r"的?[,，]?这?[两二三四五六2-6](?P<of>年|家|个)[^,。;!?]{0,6}(?:各|分别|都)")
"""1500 万、800 万、4000 万三个试点各补多少."""
_SENTENCE_END = regex(r"[。;!?\n]")
_GAP = regex(r"(?:[差缺欠]|少)(?:了|个|不多)?$|[给补奖返][^,。\d]{0,2}$")
_IF = regex(r"(?:如果|要是|假如|若是?|万一)[^。;!?]{0,12}(?:到|至|成|为|有|是)了?$")
_HOW_MUCH_FOR = regex(
    r"[整块元的]*(?:能|可以|该|会|是|又|就)*"
    r"(?:(?:[给补拿领奖得配]|算)(?:得|到)?(?:多少|几)|呢|行不行|行吗|够不够|够吗|算不算|可不可以|可以吗|合不合格|符不符合|[给补]不[给补])"
)
"""What asks about one figure by itself."""
ALTOGETHER = regex(r"\s*(?:[合加凑](?:在|到|起来?|成|一[起块]|计)|[总一]共|共计?|总[额数])")
"""What begins a clause that tells what several figures come to together."""
_BARE = regex(r"^\d{3,6}(?![\d.]|[\u4e00-\u9fff%])")
"""A price without its unit: 一次 5000."""
_EACH_FIRM = regex(r"(?<!还是)(?:[每各](?:一?家|个?(?:子|分)?(?:公司|企业|店))|(?:公司|企业|家)各自?|一家(?![人共性]))")
_SEVERAL = regex(
    r"[两三四五六几2-6](?:家|个)(?:[一-鿿]{0,4}(?:公司|企业|店)|一起)|各(?:自|开|有|办)[^,。;!?]{0,2}一?家"
)
_THINGS = regex(r"[两三四五六2-6]个[^,。;!?]{0,6}(?:项目|试点)")
_EACH_THING = regex(r"(?<!还是)每个(?:项目|试点)?")
EACH = "每"
"""What the label of what each has alike begins with."""
NOW, IF_SO = "现在", "如果那样"
"""What is, and what it might come to."""
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


@dataclass(frozen=True, slots=True)
class _Told:
    """The words that belong to a label, and where its own begin."""

    kind: SeriesOf
    text: str
    start: int


def find(shelf: Shelf, text: str) -> Series | None:
    """The series that ``text`` tells, None where it tells none, or it is not sure of what."""
    plain = normalise(text)
    told = next((told for kind in _LABELS if len(told := _labelled(plain, kind)) > 1), None)
    told = told or _asked_each(plain) or _one_and_one(plain) or _in_order(plain) or _listed(plain) or _each_alike(plain)
    series = _of(shelf, plain, told) if told else None
    return series or _of(shelf, plain, _supposed(plain) or ([] if told else _either(plain)) or [])


def _of(shelf: Shelf, plain: str, told: Sequence[tuple[str, _Told]]) -> Series | None:
    """The series that what is ``told`` for labels is, None where it is not sure of what it is."""
    reader = shelf.compiled(FigureReader)
    if not told:
        return None
    found = _programme(shelf.policy, reader, plain, told[0][1].start)
    if found is None:
        return None
    programme, rule = found
    fact = shelf.policy.fact(rule.fact)
    name = next(iter(fact.reads.names), fact.label)
    of_fact = [(label, words) for label, words in told if not _of_another(shelf.policy, reader, fact, words.text)]
    figures = [(label, _figure(reader, name, words.text, fact, programme)) for label, words in of_fact]
    known = [(label, figure) for label, figure in figures if figure is not None]
    kind = told[0][1].kind
    if kind is SeriesOf.THINGS and len(told) == 1 and not reader.names(fact).search(plain):
        return None
    if len(known) < min(2, len(told)) or not known or not _fits(shelf.policy, programme, kind):
        return None
    return Series(kind, programme, tuple(_parts(programme, rule, fact, kind, known)))


def _of_another(policy: Policy, reader: FigureReader, fact: Fact, words: str) -> bool:
    """Whether ``words`` call their figure by the name of another fact, of which that of ``fact`` is a part at most: CA认证服务费."""
    own = reader.names(fact).search(words)
    others = (reader.names(each).search(words) for each in policy.facts if each.type == fact.type and each != fact)
    return any(it and (own is None or (it.start() < own.start() and own.end() <= it.end())) for it in others)


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


def _labelled(plain: str, kind: SeriesOf) -> list[tuple[str, _Told]]:
    """Each label of ``kind`` with the words up to the next one, in one sentence; the first words that tell a figure count."""
    found: dict[str, _Told] = {}
    for label, told in _segments(plain, kind):
        if label not in found and any(map(is_sum, find_quantities(told.text))):
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
    last = (at for at, part in enumerate(parts) if at and (customer_message.asks(part) or ALTOGETHER.match(part)))
    told = ",".join(parts[: next(last, len(parts))])
    return told if any(map(is_sum, find_quantities(told))) else words


def _each_alike(plain: str) -> list[tuple[str, _Told]] | None:
    """What each of several has alike: 三家一起交的, 一家 10 万; 四个子公司, 每个子公司都是 8 万; 三个项目, 每个 3000 万."""
    of_firms = (revisions.several_firms(plain) or _SEVERAL.search(plain)) and not _OF_CLIENTS.search(plain)
    kinds = {SeriesOf.FIRMS: _EACH_FIRM} if of_firms else {}
    kinds |= {SeriesOf.THINGS: _EACH_THING} if _THINGS.search(plain) else {}
    for kind, each in kinds.items():
        for mark in each.finditer(plain):
            words = re.split("[,。;!?]", plain[mark.end() :])[0]
            if any(map(is_sum, find_quantities(words))) and not customer_message.asks(words):
                return [(f"每{kind.value}", _Told(kind, words, mark.start()))]
    return None


def _one_and_one(plain: str) -> list[tuple[str, _Told]] | None:
    """One and another: 一家年服务费 1500 万, 一家 120 万; 一次 5000, 一次 1.2 万."""
    kinds = {SeriesOf.FIRMS: "家", SeriesOf.TIMES: "次"}
    if _OF_CLIENTS.search(plain):  # of several clients one firm's figure is the sum
        kinds = {SeriesOf.TIMES: "[家次]"}
    kinds |= {SeriesOf.FIRMS: "[家个]"} if revisions.several_firms(plain) else {}
    for kind, unit in kinds.items():
        marks = list(regex(rf"(?<![十百第])(?:另|还有|又)?一{unit}(?![人共性月])").finditer(plain))
        told: list[_Told] = []
        for mark, end in zip(marks, [*(each.start() for each in marks[1:]), len(plain)], strict=False):
            stop = _SENTENCE_END.search(plain, mark.end(), end)
            words = _telling(plain[mark.end() : stop.start() if stop else end])
            words = _BARE.sub(r"\g<0>元", words) if kind is SeriesOf.TIMES else words
            if any(map(is_sum, find_quantities(words))):
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
    if mine := _MINE.match(mark[0]):
        whose = "自己" if mine["whose"] == "的" else mine["whose"]
        return f"您{whose * 2 if len(whose) == 1 else whose}那家"
    if mark[0][0] in "她他":
        return "另一家"
    return mark[0].replace(" ", "").upper() + ("年" if mark[0].isdigit() else "")


def _runs(plain: str) -> Iterator[tuple[int, list[Quantity]]]:
    """Where figures begin that stand one after the other behind 分别, or before 三个各, and they."""
    sums = [quantity for quantity in find_quantities(plain) if is_sum(quantity)]
    for place, first in enumerate(sums):
        run = [first]
        for each in sums[place + 1 :]:
            if not _BETWEEN.fullmatch(plain, run[-1].end, each.start):
                break
            run.append(each)
        listed = _LISTED.search(plain[max(0, first.start - 24) : first.start]) or _EACH_OF.match(plain, run[-1].end)
        if 1 < len(run) <= _MOST and listed:
            yield first.start, run


def _listed(plain: str) -> list[tuple[str, _Told]] | None:
    """Figures that stand one after the other behind 分别, of as many years, firms or things as are spoken of before."""
    for place, run in _runs(plain):
        counted = [match["of"] or SeriesOf.TIMES for match in _MANY.finditer(plain, 0, place)]
        counted += [match["of"] for match in filter(None, [_EACH_OF.match(plain, run[-1].end)])]
        if counted:
            kind = SeriesOf(counted[-1])
            return [
                (f"第{_NUMERALS[n]}{kind.value}", _Told(kind, plain[each.start : each.end], place))
                for n, each in enumerate(run)
            ]
    return None


def _supposed(plain: str) -> list[tuple[str, _Told]] | None:
    """A figure that is so, and the one behind it that it might come to: 总投资 860 万, 要是追加到 1060 万."""
    found = [quantity for quantity in find_quantities(plain) if is_sum(quantity)]
    sums = [each for each in found if not _GAP.search(plain, 0, each.start)]  # 就差4千块: neither of the two
    so = [each for each in sums if not customer_message.asks(plain[clause_of(plain, each)])]  # not 是125万吗
    for after in sums[1:]:
        before = next((each for each in reversed(so) if each.end <= after.start), None)
        if before is None:
            continue
        supposed = _IF.search(plain[max(0, after.at - _NEAR) : after.at]) or plain.startswith("呢", after.end)
        if supposed and not _IF.search(plain[max(0, before.at - _NEAR) : before.at]):
            start = clause_of(plain, before).start
            return [
                (NOW, _Told(SeriesOf.SUPPOSED, plain[start : before.end], start)),
                (IF_SO, _Told(SeriesOf.SUPPOSED, plain[after.at : after.end], after.at)),
            ]
    return None


def _asked_each(plain: str) -> list[tuple[str, _Told]] | None:
    """Figures each of which is asked about by itself: 总投资 1000 万给多少? 3000 万呢? 998 万呢?"""
    sums = [each for each in find_quantities(plain) if is_sum(each) and isinstance(each.value, Decimal)]
    each_asked = [each for each in sums if _HOW_MUCH_FOR.match(plain, each.end)]
    if not 1 < len(each_asked) <= _MOST:
        return None
    return [
        (plain[each.start : each.end], _Told(SeriesOf.SUPPOSED, plain[each.start : each.end], each.start))
        for each in each_asked
    ]


def firms(text: str) -> dict[str, str]:
    """Each firm that ``text`` tells of by a label (A公司, 甲), with what it tells of it first: 做代运营."""
    found: dict[str, tuple[str, str]] = {}
    for label, told in _segments(normalise(text), SeriesOf.FIRMS):
        if words := told.text.strip(" ,、:("):
            found.setdefault(label[0], (label, words))  # 甲 is 甲公司
    return dict(found.values())


def either(plain: str) -> list[Quantity]:
    """The two figures of which plain text asks which one counts: 按 130 还是按 90 算; empty where it asks nothing such."""
    sums = [quantity for quantity in find_quantities(plain) if is_sum(quantity)]
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
    nearest = near[min(near)] if near else _spoken_of(policy, plain)
    return nearest[0] if len(nearest) == 1 else None


def _spoken_of(policy: Policy, plain: str) -> list[tuple[Programme, PlainShare]]:
    """The programmes of whose matters most are spoken of, where no figure has a name: 三个试点各补多少."""
    found: dict[float, list[tuple[Programme, PlainShare]]] = {}
    for programme in policy.programmes:
        rule = plain_share(programme.amount)
        groups = [words for words in policy.questions.terms.values() if any(word in programme.label for word in words)]
        if rule is not None and policy.fact(rule.fact).type == "money" and groups:
            spoken = sum(any(normalise(word) in plain for word in words) for words in groups)
            found.setdefault(spoken / len(groups), []).append((programme, rule))
    most = max(found, default=0)
    return found[most] if most else []


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
