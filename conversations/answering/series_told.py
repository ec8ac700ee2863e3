"""How figures are told one after the other, of several years, firms or things: which words of a message are of which label.

Which words are labels (第二年, B公司, 乙项目, 分别是 … 、…) is generic Chinese; of which fact the figures are is told elsewhere.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from conversations.answering.figures import clause_of, is_sum
from conversations.language import customer_message, revisions
from conversations.language.lexicon import lexicon
from conversations.language.quantities import Quantity, find_quantities
from conversations.language.text import normalise
from conversations.saying.values import money
from knowledge.patterns import regex


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
_MANY = regex(r"[两二三四五六2-6](?:个(?:子|分)?(?P<firm>公司|企业|店)|(?P<of>年|家|个)|[次期场批门])")
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
_NEAR = 20
_NUMERALS = "一二三四五六"
_MOST = 6
"""The most figures of a series."""


@dataclass(frozen=True, slots=True)
class Told:
    """The words that belong to a label, and where its own begin."""

    kind: SeriesOf
    text: str
    start: int


def told(plain: str) -> Iterator[list[tuple[str, Told]]]:
    """Each label of plain text with what is told of it, for each way of telling that the text may have; the surest first."""
    yield from (found for kind in _LABELS if len(found := _labelled(plain, kind)) > 1)
    ways = (_asked_each, _one_and_one, _in_order, listed, _ours_and_theirs, _each_alike)
    yield from filter(None, (way(plain) for way in ways))


def _ours_and_theirs(plain: str) -> list[tuple[str, Told]]:
    """The writer's own firm, and another's that is told of beside it: 我们花了 20 万培训费, 姊妹公司花了 12 万."""
    zh = lexicon("series")
    for other in zh["others_firm"].finditer(plain):
        theirs = _telling(_SENTENCE_END.split(plain[other.end() :])[0])
        own = list(zh["own_firm"].finditer(plain, 0, other.start()))
        telling = ((mark, plain[mark.end() : other.start()]) for mark in reversed(own))
        ours = next(((mark, words) for mark, words in telling if _has_sum(words)), None)
        if ours and _has_sum(theirs):
            whose = "另一家" if other[0][0] in "她他另" else other[0]
            first = Told(SeriesOf.FIRMS, ours[1], ours[0].start())
            return [("您这家", first), (whose, Told(SeriesOf.FIRMS, theirs, other.start()))]
    return []


def is_group_with_own_part(plain: str) -> bool:
    """Whether plain text tells a group's figure and the part of it that is one firm's own, which alone is to be reckoned."""
    zh = lexicon("series")
    return bool(zh["own_part"].search(plain) and zh["of_group"].search(plain))


def of_things(plain: str, names: re.Pattern[str]) -> list[tuple[str, Told]]:
    """Things of which each has its own figure by one of ``names``, each called by its noun: 农产品平台总投资 2000 万."""
    zh = lexicon("series")
    found: dict[str, Told] = {}
    for quantity in filter(is_sum, find_quantities(plain)):
        clause = clause_of(plain, quantity)
        name = names.search(plain, clause.start, quantity.start)
        head = zh["before_thing"].sub("", plain[clause.start : name.start()]) if name else ""
        if name and zh["thing"].search(head) and not customer_message.asks(plain[clause]):
            found.setdefault(head, Told(SeriesOf.THINGS, plain[name.start() : clause.stop], clause.start))
    return list(found.items()) if 1 < len(found) <= _MOST else []


def _has_sum(words: str) -> bool:
    return any(map(is_sum, find_quantities(words)))


def _labelled(plain: str, kind: SeriesOf) -> list[tuple[str, Told]]:
    """Each label of ``kind`` with the words up to the next one, in one sentence; the first words that tell a figure count."""
    found: dict[str, Told] = {}
    for label, told in _segments(plain, kind):
        if label not in found and _has_sum(told.text):
            found[label] = told
    return list(found.items())[:_MOST]


def _segments(plain: str, kind: SeriesOf) -> Iterator[tuple[str, Told]]:
    """Each label of ``kind`` with the words up to the next one, or to the sentence's end."""
    marks = list(_LABELS[kind].finditer(plain))[: _MOST * 2]
    ends = [*(mark.start() for mark in marks[1:]), len(plain)]
    for mark, end in zip(marks, ends, strict=False):
        stop = _SENTENCE_END.search(plain, mark.end(), end)
        words = plain[mark.end() : stop.start() if stop else end]
        yield _label(mark), Told(kind, _telling(words).lstrip(":：的"), mark.start())


def _telling(words: str) -> str:
    """``words`` up to the first clause that asks something, or tells a total, where a figure stands before it."""
    parts = words.split(",")
    last = (at for at, part in enumerate(parts) if at and (customer_message.asks(part) or ALTOGETHER.match(part)))
    told = ",".join(parts[: next(last, len(parts))])
    return told if _has_sum(told) else words


def _each_alike(plain: str) -> list[tuple[str, Told]]:
    """What each of several has alike: 三家一起交的, 一家 10 万; 四个子公司, 每个子公司都是 8 万; 三个项目, 每个 3000 万."""
    several = revisions.several_firms(plain) or _SEVERAL.search(plain) or lexicon("series")["many_firms"].search(plain)
    of_firms = several and not _OF_CLIENTS.search(plain)
    kinds = {SeriesOf.FIRMS: _EACH_FIRM} if of_firms else {}
    kinds |= {SeriesOf.THINGS: _EACH_THING} if _THINGS.search(plain) else {}
    for kind, each in kinds.items():
        for mark in each.finditer(plain):
            words = re.split("[,。;!?]", plain[mark.end() :])[0]
            if _has_sum(words) and not customer_message.asks(words):
                return [(f"每{kind.value}", Told(kind, words, mark.start()))]
    return []


def _one_and_one(plain: str) -> list[tuple[str, Told]]:
    """One and another: 一家年服务费 1500 万, 一家 120 万; 一次 5000, 一次 1.2 万."""
    kinds = {SeriesOf.FIRMS: "家", SeriesOf.TIMES: "次"}
    if _OF_CLIENTS.search(plain):  # of several clients one firm's figure is the sum
        kinds = {SeriesOf.TIMES: "[家次]"}
    kinds |= {SeriesOf.FIRMS: "[家个]"} if revisions.several_firms(plain) else {}
    for kind, unit in kinds.items():
        marks = list(regex(rf"(?<![十百第])(?:另|还有|又)?一{unit}(?![人共性月])").finditer(plain))
        told: list[Told] = []
        for mark, end in zip(marks, [*(each.start() for each in marks[1:]), len(plain)], strict=False):
            stop = _SENTENCE_END.search(plain, mark.end(), end)
            words = _telling(plain[mark.end() : stop.start() if stop else end])
            words = _BARE.sub(r"\g<0>元", words) if kind is SeriesOf.TIMES else words
            if _has_sum(words):
                told.append(Told(kind, words, mark.start()))
        if 1 < len(told) <= _MOST:
            return [(f"第{_NUMERALS[n]}{kind.value}", each) for n, each in enumerate(told)]
    return []


def _in_order(plain: str) -> list[tuple[str, Told]]:
    """Labels one after the other, and behind them as many figures in their order: 甲、乙、丙公司 依次为 8 万、9 万、12 万."""
    for place, run in _runs(plain):
        for kind, pattern in _LABELS.items():
            sentence = max((stop.end() for stop in _SENTENCE_END.finditer(plain, 0, place)), default=0)
            labels = list(dict.fromkeys(_label(mark) for mark in pattern.finditer(plain, sentence, place)))
            if len(labels) == len(run):
                return [(a, Told(kind, plain[q.start : q.end], place)) for a, q in zip(labels, run, strict=True)]
    return []


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


def listed(plain: str) -> list[tuple[str, Told]]:
    """Figures that stand one after the other behind 分别, of as many years, firms or things as are spoken of before."""
    for place, run in _runs(plain):
        counted = [
            (match["firm"] and SeriesOf.FIRMS) or match["of"] or SeriesOf.TIMES
            for match in _MANY.finditer(plain, 0, place)
        ]
        counted += [match["of"] for match in filter(None, [_EACH_OF.match(plain, run[-1].end)])]
        if counted:
            kind = SeriesOf(counted[-1])
            return [
                (f"第{_NUMERALS[n]}{kind.value}", Told(kind, plain[each.start : each.end], place))
                for n, each in enumerate(run)
            ]
    return []


def supposed(plain: str) -> list[tuple[str, Told]]:
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
                (NOW, Told(SeriesOf.SUPPOSED, plain[start : before.end], start)),
                (IF_SO, Told(SeriesOf.SUPPOSED, plain[after.at : after.end], after.at)),
            ]
    return []


def _asked_each(plain: str) -> list[tuple[str, Told]]:
    """Figures each of which is asked about by itself: 总投资 1000 万给多少? 3000 万呢? 998 万呢?"""
    sums = [each for each in find_quantities(plain) if is_sum(each) and isinstance(each.value, Decimal)]
    each_asked = [each for each in sums if _HOW_MUCH_FOR.match(plain, each.end)]
    if not 1 < len(each_asked) <= _MOST:
        return []
    return [
        (plain[each.start : each.end], Told(SeriesOf.SUPPOSED, plain[each.start : each.end], each.start))
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


def either_way(plain: str) -> list[tuple[str, Told]]:
    return [
        (f"按 {money(each.value)}算", Told(SeriesOf.EITHER, plain[each.start : each.end], each.start))
        for each in either(plain)
        if isinstance(each.value, Decimal)
    ]
