"""A document cut into clauses by its own numbering: every line that is not blank belongs to exactly one of them.

``cut`` is the beginning of a pack, which a person looks through: where it is not sure it rather leaves a line with the
clause before. Linear in the length of the text. Knows no policy.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from knowledge.drafting_marks import DOTTED, HEADINGS, Mark, citation, marks_of, natural
from knowledge.patterns import regex

META = "meta"
_LONGEST_HEADING = 50
_LONGEST_TITLE = 24
_SIGNED_WITHIN = 4
"""So many lines that are not blank stand at most between who signs and the end, copies apart."""
_DAY = regex(
    r"[（(]?[\d零〇○一二三四五六七八九]{4}\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日(?:印发)?[）)]?"
)
_FOOT = regex(
    r"(?:抄送|抄报|主送|主办|督办|主题词|附件|附：|附表|联系人|联系电话|[（(]此件|[（(]联系人)|.*(?:印发|校对)$"
)
_SIGNER = regex(r"[^，。；：、]{2,40}(?:政府|办公室|办公厅|委员会|委|局|厅|部|院|会|中心|管委会)(?:[（(]代章[）)])?")
_ENDS = regex(r"附件?[:：]|\S{4}\s*年\s*\S{1,3}\s*月\s*\S{1,3}\s*日$")
"""After such a line there is nothing more that its own numbering orders: a list of annexes, the day of the signature."""
_APPENDIX = regex(r"附\s*[件录表]\s*([\d一二三四五六七八九十]{0,3})\s*[:：]?")
_MONEY = regex(r"元|[%％‰]")


@dataclass(slots=True)
class CutClause:
    """A clause as it is cut: its id, citation and title, the lines (from 1) that it takes, whether its title is a guess."""

    id: str
    citation: str | None
    title: str
    spans: list[tuple[int, int]]
    sure: bool = True


@dataclass(slots=True)
class _Open:
    """A part of the text that a mark has opened."""

    marks: list[Mark]
    first: int
    last: int
    appendix: str = ""
    children: bool = False
    lines: list[int] = field(default_factory=list[int])


def cut(text: str) -> list[CutClause]:
    """The clauses of ``text``, in its order, the document's own data last."""
    lines = text.split("\n")
    opened, head = _opened(lines)
    foot = _foot(lines, opened)
    pieces = _pieces(lines, opened) if opened else _paragraphs(lines, head, foot)
    rest = [span for span in (_span(head), _span(foot)) if span]
    if rest or not pieces:
        pieces.append(CutClause(META, None, "文件本身", rest or [(1, max(1, len(lines)))]))
    return pieces


def breaks_off(line: str) -> bool:
    """Whether a line is running text that goes on in the next: the same as the loader's when it joins lines."""
    line = line.strip()
    return bool(line) and line[-1] not in "。！？：；" and ("，" in line or "。" in line)


def _goes_on(line: str, mark: Mark | None) -> bool:
    """Whether the next line is rather in the middle of a sentence: not after what looks like a heading."""
    line = line.strip()
    if line[-1] in "、，":
        return True
    heading = mark is not None and len(line) <= _LONGEST_HEADING and "。" not in line
    return breaks_off(line) and not heading


class _Cutter:
    """Goes down the lines and keeps the marks that are open."""

    def __init__(self) -> None:
        self.stack: list[Mark] = []
        self._ranks: dict[str, float] = {}
        self._last: dict[str, tuple[int, ...]] = {}
        """The numbers of the last mark of each style, wherever it stood."""

    def opens(self, line: str, broken: bool, leads: bool, ended: bool) -> Mark | None:
        """The mark with which ``line`` opens a part.

        Of the text before: ``broken``, it breaks off; ``leads``, it ends with ：; ``ended``, a sentence or a heading.
        """
        for mark in marks_of(line):
            if mark.named and not ended:
                continue
            if self._expected(mark) or (not broken and not mark.named and self._possible(mark)):
                if broken and (mark.named or mark.number == 1):
                    continue
                self._push(mark, leads)
                return mark
        return None

    def anew(self, mark: Mark) -> Mark | None:
        """``mark`` where it begins another text behind the end of the first; None where it only counts what goes with it."""
        if mark.number != 1 or natural(mark.style) > natural("一、"):
            return None
        self.stack = [mark]
        self._last = {mark.style: mark.numbers}
        return mark

    def _expected(self, mark: Mark) -> bool:
        """Whether the number is the next of its style, or the first."""
        before = self._before(mark)
        if mark.style == DOTTED:
            return self._next_dotted(mark)
        if mark.style == "1" and mark.number != 1 and before is None:
            return False
        return mark.number == 1 if before is None else mark.number in (1, before + 1)

    def _possible(self, mark: Mark) -> bool:
        """Whether the number may stand here all the same: clauses were left out, or the text is an excerpt."""
        if mark.style in (DOTTED, "1", "1）") or not mark.number:
            return False
        before = self._before(mark)
        return before is None or mark.number > before

    def _before(self, mark: Mark) -> int | None:
        """The number of the last mark of this style that this one goes on from."""
        for place in range(len(self.stack) - 1, -1, -1):
            if self.stack[place].style == mark.style:
                return self.stack[place].number
        if mark.style == "条" and mark.style in self._last:  # numbered throughout, whatever chapter it stands in
            return self._last[mark.style][-1]
        return None

    def _next_dotted(self, mark: Mark) -> bool:
        before = next((m.numbers for m in reversed(self.stack) if m.style == DOTTED), self._last.get(DOTTED))
        above = next((m for m in reversed(self.stack) if m.style in ("1", "1.", "章", "一、", "条")), None)
        if before is None:
            return set(mark.numbers[1:]) == {1} and (above is None or above.number == mark.numbers[0])
        nexts = {(*before[:n], before[n] + 1) for n in range(len(before))}
        nexts |= {(*one, 1) for one in nexts} | {(*before, 1)}
        return mark.numbers in nexts or (above is not None and mark.numbers == (above.number, 1))

    def _push(self, mark: Mark, leads: bool) -> None:
        style = mark.style
        if style not in self._ranks:
            rank = natural(style)
            if self.stack and leads and mark.number == 1 and rank < self._rank(self.stack[-1]):
                rank = self._rank(self.stack[-1]) + 0.1  # this document nests otherwise
            self._ranks[style] = rank
        rank = self._ranks[style]
        while self.stack and self._rank(self.stack[-1]) >= rank:
            top = self.stack[-1]
            if style == DOTTED == top.style and len(top.numbers) < len(mark.numbers):
                break
            self.stack.pop()
        self.stack.append(mark)
        self._last[style] = mark.numbers

    def _rank(self, mark: Mark) -> float:
        return self._ranks[mark.style]


def _opened(lines: Sequence[str]) -> tuple[list[_Open], list[int]]:
    """The parts that marks open, and the numbers of the lines before the first."""
    cutter, found, head = _Cutter(), list[_Open](), list[int]()
    broken = leads = False
    ended = True
    appendix = ""
    closed = False
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name = _APPENDIX.fullmatch(line.strip()) if found and not broken else None
        mark = None if name else cutter.opens(line, broken, leads, ended)
        if mark and closed:
            mark = cutter.anew(mark)
            appendix = appendix if mark is None else "附件"
        closed = (closed and not (mark or name)) or (bool(found) and bool(_ENDS.match(line.strip())))
        if name:
            appendix, cutter = f"附件{name[1]}", _Cutter()
            found.append(_Open([], number, number, appendix, lines=[number]))
        elif mark:
            if found and found[-1].marks and len(cutter.stack) > 1 and found[-1].marks[-1] is cutter.stack[-2]:
                found[-1].children = True
            found.append(_Open([*cutter.stack], number, number, appendix, lines=[number]))
        elif found:
            found[-1].lines.append(number)
            found[-1].last = number
        else:
            head.append(number)
        broken, leads = _goes_on(line, mark), line.strip()[-1] in "：:"
        ended = line.strip()[-1] in "。！？：；:;" or (mark is not None and not broken)
    return found, head


def _foot(lines: Sequence[str], opened: list[_Open]) -> list[int]:
    """The lines of who signs, the day, copies and annexes at the end, taken from the last part before an appendix."""
    body = [part for part in opened if not part.appendix]
    if not body:
        return []
    part = body[-1]
    end = _closing(lines, part.lines)
    if end is None:
        return []
    foot = part.lines[end:]
    part.lines = part.lines[:end]
    part.last = part.lines[-1]
    return foot


def _closing(lines: Sequence[str], numbers: list[int]) -> int | None:
    """From which of these lines on the document closes; never from the first."""
    first = None
    for place in range(len(numbers) - 1, 0, -1):
        line = lines[numbers[place] - 1].strip()
        signs = _SIGNER.fullmatch(line) and first is not None and first - place <= _SIGNED_WITHIN
        if _DAY.fullmatch(line) or _FOOT.match(line) or signs:
            first = place
        elif (first or len(numbers)) - place > 2 * _SIGNED_WITHIN:
            break
    return first


def _pieces(lines: Sequence[str], opened: Sequence[_Open]) -> list[CutClause]:
    """The parts as clauses: what only heads others goes with the first of them, what a sentence lists stays with it."""
    throughout = _throughout(opened)
    pieces: list[CutClause] = []
    waiting: list[int] = []
    taken: dict[str, int] = {}
    within: _Open | None = None
    for place, part in enumerate(opened):
        if within is not None and part.marks[: len(within.marks)] == within.marks and part.appendix == within.appendix:
            pieces[-1].spans[-1] = (pieces[-1].spans[-1][0], part.last)
            continue
        within = None
        if _only_heads(lines, part, opened[place + 1] if place + 1 < len(opened) else None):
            waiting += part.lines
            continue
        first = waiting[0] if waiting else part.first
        waiting = []
        ident = _unique(_id(part, throughout), taken)
        title, sure = _title(lines, part)
        pieces.append(CutClause(ident, _cited(part, throughout), title, [(first, part.last)], sure))
        if _lists(lines, part, islice(opened, place + 1, None)):
            within = part
    if waiting:
        last = opened[-1]
        ident = _unique(_id(last, throughout), taken)
        title, sure = _title(lines, last)
        pieces.append(CutClause(ident, _cited(last, throughout), title, [(waiting[0], waiting[-1])], sure))
    return pieces


def _only_heads(lines: Sequence[str], part: _Open, following: _Open | None) -> bool:
    """Whether a part is the heading of the next."""
    text = "".join(lines[number - 1].strip() for number in part.lines)
    if following is None or len(text) > _LONGEST_HEADING or "。" in text or _MONEY.search(text):
        return False
    if following.appendix != part.appendix or not part.marks:
        return following.appendix == part.appendix
    return part.children or (part.marks[-1].style in HEADINGS and following.marks[:1] != [])


def _lists(lines: Sequence[str], part: _Open, following: Iterable[_Open]) -> bool:
    """Whether the parts below are only what a sentence lists: it ends with ：, and none of them states money or a rate."""
    if not part.children or lines[part.last - 1].strip()[-1] not in "：:":
        return False
    depth = len(part.marks)
    below: list[str] = []
    for one in following:
        if one.appendix != part.appendix or one.marks[:depth] != part.marks:
            break
        below += [lines[number - 1] for number in one.lines]
    return not any(_MONEY.search(line) or "。" in line.strip()[:-1] for line in below)


def _throughout(opened: Sequence[_Open]) -> bool:
    """Whether articles are numbered through all chapters."""
    numbers = [part.marks[-1].number for part in opened if part.marks and part.marks[-1].style == "条"]
    return all(one < other for one, other in pairwise(numbers))


def _path(part: _Open, throughout: bool) -> list[Mark]:
    """The marks that name a part."""
    articles = [place for place, mark in enumerate(part.marks) if mark.style == "条"]
    marks = part.marks[articles[0] :] if articles and throughout else part.marks
    dotted = [place for place, mark in enumerate(marks) if mark.style == DOTTED]
    if dotted:
        marks = [
            mark
            for place, mark in enumerate(marks)
            if place >= dotted[0] and (mark.style != DOTTED or place == dotted[-1])
        ]
    return marks


def _id(part: _Open, throughout: bool) -> str:
    path = [str(number) for mark in _path(part, throughout) for number in mark.numbers]
    if part.appendix:
        number = re.sub(r"\D", "", part.appendix) or "1"
        path.insert(0, f"a{number}")
    return ".".join(path) or "1"


def _cited(part: _Open, throughout: bool) -> str | None:
    marks = _path(part, throughout)
    return " ".join(filter(None, (part.appendix, citation(marks) if marks else ""))) or None


def _unique(ident: str, taken: dict[str, int]) -> str:
    taken[ident] = taken.get(ident, 0) + 1
    return ident if taken[ident] == 1 else _unique(f"{ident}-{taken[ident]}", taken)


def _title(lines: Sequence[str], part: _Open) -> tuple[str, bool]:
    """What a clause is called, and whether the document says so itself."""
    text = part.marks[-1].rest if part.marks else lines[part.first - 1].strip()
    if not text and len(part.lines) > 1:
        text = lines[part.lines[1] - 1].strip()
    head = re.split(r"[。：:；]|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", text, maxsplit=1)[0]
    rest = text[len(head) :] or (len(part.lines) > 1)
    if head and len(head) <= _LONGEST_TITLE and "，" not in head and rest:
        return head, True
    return (
        re.split(r"[，。；：、]", text, maxsplit=1)[0][:_LONGEST_TITLE].removesuffix("的") or part.appendix or "正文"
    ), False


def _paragraphs(lines: Sequence[str], head: list[int], foot: list[int]) -> list[CutClause]:
    """A text without numbering: each paragraph is a clause, what stands before the first sentence is the head."""
    groups = list(_grouped(lines, head))
    body = [group for group in groups if "。" in "".join(lines[number - 1] for number in group)]
    if not body:
        return []
    first, last = groups.index(body[0]), groups.index(body[-1])
    head[:] = [number for group in groups[:first] for number in group]
    foot[:] = [number for group in groups[last + 1 :] for number in group]
    return [
        CutClause(str(place), None, lines[group[0] - 1].strip()[:_LONGEST_TITLE], [(group[0], group[-1])], False)
        for place, group in enumerate(groups[first : last + 1], start=1)
    ]


def _grouped(lines: Sequence[str], numbers: Sequence[int]) -> Iterator[list[int]]:
    """Lines that run on from one to the next."""
    group: list[int] = []
    for number in numbers:
        group.append(number)
        if not breaks_off(lines[number - 1]):
            yield group
            group = []
    if group:
        yield group


def _span(numbers: Sequence[int]) -> tuple[int, int] | None:
    return (numbers[0], numbers[-1]) if numbers else None
