"""A question read: what it asks of a clause (how much, how long, does the boundary count, which papers …), its figures.

Knows how people ask, and which of a pack's ready remarks a question calls for; chooses no clause and words nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from conversations.language.quantities import Quantity, find_quantities
from conversations.language.text import normalise
from conversations.language.units import UnitKind
from conversations.saying.values import money
from knowledge.figures import figures
from knowledge.patterns import regex
from knowledge.policy import Policy, Programme
from knowledge.questions import Remark
from rules.values import Range


class Aspect(StrEnum):
    """What a question asks of a clause."""

    AMOUNT = auto()
    PERIOD = auto()
    BOUNDARY = auto()
    PAPERS = auto()
    PROCESS = auto()
    TOGETHER = auto()
    AGAIN = auto()


_ASPECTS = {
    Aspect.TOGETHER: r"一[起块]儿?[拿领报享]|一起|一块|同时|叠加|兼得|都能?[拿领给要]|重复|冲突|累加|两份|别的.{0,4}(?:拿|领|享)",
    Aspect.AGAIN: r"(?:拿|领|享受|奖励?|补贴?)过(?!没|吗)|再(?:次|来|去)?(?:拿|领|报|申报|申请|享受)",
    Aspect.PAPERS: r"材料|资料|证明|表格?在|申[报请][表书]|要交啥|交什么|准备什么|准备啥|拿什么去|带什么|手续要",
    Aspect.PROCESS: r"(?:怎么|咋|如何)(?:[申报领]|办(?:理|手续|下来|成))|流程|手续|程序|步骤|找谁[申报办领]|去哪[申报办领儿]",
    Aspect.BOUNDARY: r"[刚正]好|算不算|够不够|行不行|达标|够格|差一?点|包不包[括含]|含不含(?!税)|以上|不到|不足|本数|够条件|能不能评|能评",
    Aspect.PERIOD: r"[几多]少?年|多久|每年|年年|第[二三四五两]年|连续|一次性|[几一]次|一回|逐年|分期|次年|来年|明年",
    Aspect.AMOUNT: r"多少|几万|几个钱|几块|给钱|金额|数额|标准|比例|几成|百分之|封顶|上限|最[高多]|怎么算|咋算",
}
_PATTERNS = {aspect: regex(pattern) for aspect, pattern in _ASPECTS.items()}


_FIRST_TIME = regex(r"(?<=[万亿])(?=头[一回次年])")
"""240万头一回申请: where people do not pause, 头 would count animals."""
_TOGETHER = "一块"
"""Together, not one yuan: 一块儿拿."""


_GRANTED_AT = regex(
    r"(?:最高|最多|封顶|上限|顶格|(?:提|升|涨|加|调|改|变)高?(?:到|成|为)了?)(?:就?是|给|补|能[给拿补]|可达|到)?[^,。]{0,2}$"
)
"""What stands before a figure that is said to be what the document grants."""


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question read: its plain text, what it asks for, the figures in it."""

    text: str
    aspects: frozenset[Aspect]
    quantities: tuple[Quantity, ...]


def read(text: str) -> ReadQuestion:
    """The question that ``text`` is. Never raises."""
    plain = _FIRST_TIME.sub(",", normalise(text))
    aspects = frozenset(aspect for aspect, pattern in _PATTERNS.items() if pattern.search(plain))
    return ReadQuestion(
        plain, aspects, tuple(each for each in find_quantities(plain) if plain[each.start : each.end] != _TOGETHER)
    )


def unfounded(programmes: Sequence[Programme], text: str) -> str:
    """The first sum or share that ``text`` says the programmes grant and that their text does not state; empty for none."""
    plain = normalise(text)
    stated = frozenset(figure for each in programmes for figure in figures(each.quote + each.summary))
    for each in find_quantities(plain):
        said = each.value.high if isinstance(each.value, Range) else each.value  # 封顶 makes it a bound
        if said is None or said in stated or not _GRANTED_AT.search(plain[: each.start]):
            continue
        if each.kind is UnitKind.RATIO:
            return plain[each.start : each.end]
        if each.scaled or each.kind is UnitKind.MONEY:
            return money(said)
    return ""


def called_for(
    policy: Policy, asked: ReadQuestion, clause: str, programmes: Sequence[Programme], own: bool = False
) -> list[Remark]:
    """What the pack has ready on just this question; ``own``: of this clause and no other."""
    ids = {programme.id for programme in programmes}
    return [
        remark
        for remark in policy.questions.remarks
        if (clause in remark.clauses or not (remark.clauses or own))
        and (not ids or not remark.programmes or ids & set(remark.programmes))
        and re.search(remark.asked, asked.text)
    ]
