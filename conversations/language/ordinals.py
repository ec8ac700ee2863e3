"""By which number one of several things is told: 第二个, 头一栋, 1号楼, 后者.

Knows how people number things, not the things.
"""

import re

from conversations.language.numerals import digit
from knowledge.patterns import regex

ORDINAL = regex(
    r"(?:^(?P<listed>[一二三四五六])(?:是|、|:)(?![否的])|第(?P<nth>[一二三四五1-5])(?:个|座|栋|幢|家|项|处|(?<![排名列居占].)(?<![排名列居占]第.)位|台|套|笔|款)|其(?P<of>[一二三四五])(?![他它中]|$))|(?P<head>头一(?:个|座|栋|处|家))|(?P<tail>(?:最?后|末)(?:面|头)?一?(?:个|座|栋|处|家))|(?P<first>[前头后]面?[那这]?)(?P<many>[两二三2-3])(?:个(?!月|年)|座|栋|位|台|款|笔)|(?:(?P<number>[一二三四1-4])号(?=楼|院|园|库)|^(?P<own>[一二三四]|[1-4](?=号(?:还?[没未不]|也|那)))号(?!楼|院|园|库|线))|(?P<former>前者)|(?P<latter>后者)"
)

ANOTHER = regex(
    r"(?:^|(?<=[司们区县市时外])|(?<=[司们区县市时外]还))另(?=[向从跟找在买购卖签招引投建租借贷托管运经办开])|^也有(?!$)|也有一[个座栋家处块幢]|也(?:管|运营|做|搞|弄|建|经营|开|报|申报|承担|投)(?:着|了|过)?(?:另)?一[个座栋家处块幢]|[再在]加(?:上)?一?[个处栋座家]|(?<![是归])(?<!属于)另(?:外)?(?:还)?(?:有)?一?[个座栋家处块幢](?!公司|企业|单位|法人|政策|部门|文件|办法|渠道|口子|地方|奖|补)|还(?:有|管|运营|做|搞|弄|建|经营|开)(?:着|了|过)?(?:另)?一?[个座栋家处块幢]|还有一[位名笔台套款辆]|另外?还?有?一[台套款辆]|还有[\u4e00-\u9fff]{2,5}(?:那|这)?(?:边|儿)?一[个座栋家处块幢]$|再有一?[个处栋]|又[^,]{0,3}一?[个处栋]|另有(?![^,]{0,6}期|.{0,2}[层间套部])|还(?:代|托)?管着[^,的]{2,4}一[个座栋处]|再加(?:上)?一?[个处栋]"
)
THE_REST = regex(
    r"(?:另外|其他|其它|其余|剩下|余下)(?:的|那)?[两俩三仨四几2-5]?(?:个|座|栋|幢|处|家|块)?的?(?=(?:就|也|全|还)*(?:都|均|没|不|是|全))"
)
ALL = regex(r"^(?!.*(?:什么|啥|哪|任何|一)[^,]{0,4}(?:都|也)).*(?:都|均|全部)")
"""All items are spoken of; 什么级别都没有 is said of one."""
_MARKS = regex(
    r"(?:^|(?<=[只就仅]))([1-9](?:[和与跟及、][1-9])*|[1-9]{2,4}(?=[均都也全]))(?![\d.:%]|,\d{3}|[-~到至][\d一二三四五六七八九十]|[和与跟及、][一-龥]{0,2}\d|[多来几半万亿千百十元块角分个家户人平米亩年月日号点成次份张栋座幢层间套台位名倍期笔项种处条w]|[两俩三仨]?个[月点])(?:[两俩三仨](?:个|栋|座|家|处|项)?)?"
)
"""The person's own numbers, under which several things were told: ①和③入选了, 2没有."""


_RANK = regex(r"第(?:[一二三四五六七八九十百]+|\d{1,4})")
_ONE_OF = regex(r"^(?:其中)?一[个座栋幢家处]")


def in_place_of(old: str, new: str) -> tuple[str, int]:
    """``old`` with its rank (国内排第三) changed to the one other that is in ``new`` (是第五), and where that stands; no text
    where there is none."""
    was, now = _RANK.findall(old), [match for match in _RANK.finditer(new) if match[0] not in old]
    if len(was) != 1 or len(now) != 1:
        return "", 0
    return old.replace(was[0], now[0][0]), now[0].start()


def marks(text: str, count: int) -> tuple[list[int], int]:
    """Which of ``count`` things a clause means by the numbers at its head, and where it goes on; none where it has none."""
    found = _MARKS.search(text) if count > 1 else None
    numbers = [int(number) for number in re.findall(r"\d", found[1])] if found else []
    return (numbers, found.end()) if found and max(numbers) <= count else ([], 0)


def unnumbered(text: str, counting: bool = False) -> str:
    """``text`` with its ordinals blanked: 第一栋 is no figure, nor one of floors; where it is ``counting`` things off, 一栋1.2万平 is
    no figure of each of them."""
    text = _ONE_OF.sub(lambda match: "那" * len(match[0]), text) if counting else text
    text = _MARKS.sub(lambda match: "那" * len(match[0]), text)
    return ORDINAL.sub(lambda match: "那" * len(match[0]), text)


def number_of(ordinal: re.Match[str], count: int) -> int:
    """The number that ``ordinal`` means of ``count`` things; the last of those that it takes together."""
    last = str(max(count, 2)) if ordinal["tail"] else "2"
    word = (
        ordinal["listed"] or ordinal["nth"] or ordinal["of"] or ordinal["number"] or ordinal["own"] or ordinal["many"]
    )
    word = word or ("1" if ordinal["former"] or ordinal["head"] else last)
    return digit(word)
