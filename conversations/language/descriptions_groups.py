"""What a clause names side by side (园区、楼宇和试点), and the words before and after it that are said of all of it.

Knows no policy: which words name what is told by the lexicon.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from conversations.language.descriptions_polarity import denied
from conversations.language.descriptions_words import COORDINATED, FactWords, Mention
from knowledge.patterns import regex

_BARE_NO = regex(r"没有?|无")
_PARTICLES = "过了的为成到"
_LISTED = regex(  # 代运营、直播间、园区统统没有: a name between that is none of ours
    r"[、/](?:[^,、/没不无未是有做\d]{1,6}[、/])+"
)


def side_by_side(text: str, mentions: Sequence[Mention]) -> Iterator[tuple[list[Mention], str, str]]:
    """The groups of ``mentions`` in ``text``, each with what is said before and after it."""
    groups: list[list[Mention]] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        end = max((m.end for m in groups[-1]), default=0) if groups else 0
        if groups and _beside(groups[-1][-1], mention, text[end : mention.start], end == mention.start):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    bounds = [(group[0].start, max(m.end for m in group)) for group in groups]
    taken = 0
    for index, group in enumerate(groups):
        start, end = bounds[index]
        limit = bounds[index + 1][0] if index + 1 < len(groups) else len(text)
        if index and taken == start and any(mention.denied for mention in groups[index - 1]):
            taken = bounds[index - 1][0]  # 还没申请认定: the denial before goes on
        before, after = text[taken:start], text[end:limit]
        further = [first for first, _ in bounds[index + 2 :]] or [len(text)]
        beyond = text[bounds[index + 1][1] : further[0]] if index + 1 < len(groups) else ""
        next_ones = denied(after, "", "") and not denied("", "", beyond)  # 牌照没有|代运营也不搞: each has its own
        if limit < len(text) and (denied(before, "", "") or next_ones):
            after = ""
        taken = end + len(after) if limit < len(text) and after and denied("", "", after) else end
        if limit < len(text) and next_ones and not before and _BARE_NO.fullmatch(text[end:limit]):
            continue  # 支付牌照没有代运营: whose the denial is cannot be told
        told = [m for m in group if not (denied(before, "", after) and _names_a_figure(m, group))]
        yield [_within_a_denial(mention, group, text) for mention in told], before, after


def _names_a_figure(mention: Mention, group: Sequence[Mention]) -> bool:
    """代运营|服务费没收过: whether what a ``mention`` is of is only said of the figure that another one of its ``group`` names, which
    is had only where that is so: there is none of the figure."""
    about = mention.word.fact.id if isinstance(mention.word, FactWords) else None
    return any(m.needs == about is not None and m.start <= mention.start and mention.end < m.end for m in group)


def _within_a_denial(mention: Mention, group: Sequence[Mention], text: str) -> Mention:
    """国家的|没份 · 不做网店|代管: ``mention``, denied where the words of another one of its ``group`` say no that hold it, or that
    begin before it in ``text`` with the denial."""
    over = [m for m in group if m is not mention and m.start <= mention.start < m.end]
    held = mention.within and any(m.denied and mention.end <= m.end for m in over)
    reached = any(not m.numeric and denied(text[m.start : mention.start], "", "") for m in over)  # no sum of it
    return replace(mention, denied=True) if held or reached else mention


def _beside(last: Mention, mention: Mention, between: str, close: bool) -> bool:
    """Whether ``mention`` shares what is said of the ``last`` one, which stands ``between`` words before it, or ``close``."""
    if close and last.denied:
        return False  # 还没申请|认定
    if COORDINATED.match(between) or _LISTED.fullmatch(between) or last.tells_which(mention, between):
        return True
    return last.word is mention.word and not between.strip(_PARTICLES)  # 没认定过示范
