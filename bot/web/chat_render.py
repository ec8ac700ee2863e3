"""A ``Reply`` as HTML: the light markup and the layout of the wording become headings, cards, lists and check boxes.

What is set off in the text is set off on the page, by its outward form alone: a line in bold is a heading, ✅ begins a
card, a wide space continues it, ☐ is a box to tick, ``> `` a quotation, 〔…〕 tells how far the questions have come. A
card is folded to what it is about and what it comes to, with what lies behind and its clause to unfold, and every
citation leads to the clause on the page of its policy. The heading 结果： begins the part that is to be seen first: what it
comes to, whether the document still holds, and what can be done about it. All else is text, whatever it holds.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from bot.web.anchors import address
from knowledge.patterns import regex
from knowledge.policy import Clause, Policy

LONG_QUOTE = 160
"""Quotations of more characters than this are folded."""

NOTHING = Markup("")

_BOLD = regex(r"\*\*(.+?)\*\*")
_PLACE = regex(r"〔(?!\d+〕)([^〔〕]+)〕")  # a document's year stands in such brackets too
_HEADING = regex(r"\*\*[^*]+\*\*(?:（[^）]*）|\s*〔[^〕]+〕)?")
_NUMBER = regex(r"\d+\. ")
_LEAD = regex(r"(?:> |• |⚠️ ?|\d+\. )")
_MARKS = {"✅": ("yes", "符合"), "❓": ("open", "待定"), "✖️": ("no", "不符合")}
_NOTE = "⚠️"
_CALL = "☎️"
_DASH = " — "
_RESULT = "结果："
_PLUS = " ＋ "
_AMOUNT = regex(r"(每年|一次性)? ?(.*\d.*元.*)")
_OPEN = "❓"
DRAWN = 2048
"""So many lines are kept as they were drawn: most are the policy's and the questions', the same for everybody."""
NOWRAP = 12
"""Citations of so many characters are not broken at the end of a line."""
_WORD = regex(r"\w+")


class Renderer:
    """Renders replies about a policy, or several, whose clauses can be unfolded and looked up where they are cited."""

    def __init__(self, policy: Policy) -> None:
        self._clauses = {clause.citation: clause for clause in policy.clauses if clause.citation}
        self._addresses = {
            str(escape(citation)): address(policy.document(clause.id), clause)
            for citation, clause in self._clauses.items()
        }
        self._citation = _one_of(self._clauses)
        self._escaped_citation = _one_of(self._addresses)
        self._single = lru_cache(DRAWN)(self._drawn)

    def reply(self, text: str, actions: Markup = NOTHING) -> Markup:
        """What the bot says; ``actions`` are buttons that belong beside what a result comes to."""
        lines = text.split("\n")
        parts: list[Markup] = []
        asking = asked = False
        at = 0
        alone = sum(_kind(line) == "card" for line in lines) == 1
        while at < len(lines):
            end = at + 1
            kind = _kind(lines[at])
            if kind == "card":
                while end < len(lines) and lines[end].startswith("　"):
                    end += 1
                parts.append(self._card(lines[at:end], unfolded=alone))
            elif kind == "result":
                while end < len(lines) and _kind(lines[end]) == "line" and lines[end].strip():
                    end += 1
                parts.append(self._result(lines[at:end], _taken_out(lines, end), actions))
            elif kind in ("quote", "task", "number", "bullet", "note"):
                while end < len(lines) and _kind(lines[end]) == kind:
                    end += 1
                parts.append(self._group(kind, lines[at:end]))
            elif line := lines[at].strip():
                name = ("hint" if asked else "ask" if asking and line.endswith("？") else "") if kind == "line" else ""
                parts.append(self._single(kind, line, name))
                asking, asked = asking or _PLACE.search(line) is not None, asked or name == "ask"
            at = end
        return Markup("\n").join(parts)

    def _result(self, lines: Sequence[str], beside: Iterable[str], actions: Markup) -> Markup:
        """What it comes to: how many apply, the sums, what else is told with them, and what stands ``beside``."""
        said = lines[0].strip().strip("*").removeprefix(_RESULT).split("，")
        sums = [sum for part in said if _AMOUNT.fullmatch(part) for sum in part.split(_PLUS)]
        words = [part for part in said if not _AMOUNT.fullmatch(part)]
        told = [Markup("<p>{}</p>").format(self._line(line)) for line in lines[1:]]
        told += [Markup('<p class="standing">{}</p>').format(self._line(line)) for line in beside]
        return Markup('<section class="result"><h3>{}</h3>{}{}{}</section>').format(
            _RESULT + "，".join(words),
            Markup('<p class="total">{}</p>').format(Markup("").join(map(_sum, sums))) if sums else "",
            Markup("").join(told),
            actions,
        )

    def _card(self, lines: Sequence[str], unfolded: bool) -> Markup:
        """A card, folded to its first line, and to what is still wanted where it is open."""
        mark = next(mark for mark in _MARKS if lines[0].startswith(mark))
        name, word = _MARKS[mark]
        title, _, amount = lines[0].removeprefix(mark).strip().partition(_DASH)
        seen = 2 if mark == _OPEN else 1
        first = [Markup('<span class="lacks">{}</span>').format(self._unlinked(line.strip())) for line in lines[1:seen]]
        rest = Markup("").join(Markup("<p>{}</p>").format(self._line(line.strip())) for line in lines[seen:])
        cited = dict.fromkeys(self._citation.findall("\n".join(lines)))
        return Markup(
            '<details class="card {}"{}><summary><span class="badge">{}</span><span class="title">{}</span>{}{}</summary>'
            "{}{}</details>"
        ).format(
            name if amount else f"{name} plain",
            Markup(" open") if unfolded else "",
            word,
            self._unlinked(title),
            Markup('<span class="amount">{}</span>').format(self._unlinked(amount)) if amount else "",
            Markup("").join(first),
            rest,
            Markup("").join(_clause(self._clauses[citation]) for citation in cited),
        )

    def _drawn(self, kind: str, line: str, name: str) -> Markup:
        """A heading, or a paragraph: of a question, what is asked and the hints after it have names of their own."""
        if kind == "heading":
            return Markup("<h3>{}</h3>").format(self._line(line))
        return Markup("<p{}>{}</p>").format(Markup(' class="{}"').format(name) if name else "", self._line(line))

    def _group(self, kind: str, lines: Sequence[str]) -> Markup:
        if kind == "quote":
            return _quote(lines)
        if kind == "task":
            boxes = (
                Markup('<li><label><input type="checkbox">{}</label></li>').format(_task(line[2:])) for line in lines
            )
            return Markup('<ul class="tasks">{}</ul>').format(Markup("").join(boxes))
        texts = [self._line(_LEAD.sub("", line, count=1)) for line in lines]
        items = Markup("").join(map(Markup("<li>{}</li>").format, texts))
        if kind == "number":
            return Markup('<ol start="{}">{}</ol>').format(lines[0].partition(".")[0], items)
        return Markup("<ul{}>{}</ul>").format(Markup(' class="note"') if kind == "note" else "", items)

    def _line(self, text: str) -> Markup:
        """One line with its citations as links, into a window of their own: the consultation stays where it is."""
        return Markup(self._escaped_citation.sub(self._link, str(inline(text))))  # noqa: S704 - escaped by inline

    def _unlinked(self, text: str) -> Markup:
        """One line for a place that is pressed itself: citations are kept whole, and lead nowhere."""
        return Markup(self._escaped_citation.sub(_whole, str(inline(text))))  # noqa: S704 - escaped by inline

    def _link(self, found: "re.Match[str]") -> str:
        where = escape(self._addresses[found[0]])
        return f'<a class="{_cite(found)}" href="{where}" target="_blank" rel="noopener">{found[0]}</a>'


def has_result(text: str) -> bool:
    """Whether what the bot says is a result: then there is a part of it that is to be seen first."""
    return any(_kind(line) == "result" for line in text.split("\n"))


def said(text: str) -> Markup:
    """What the person said: text, folded where it is very long."""
    if len(text) <= 600:
        return Markup("<p>{}</p>").format(text)
    return Markup("<p>{}…</p><details><summary>展开全文（{} 字）</summary><p>{}</p></details>").format(
        text[:200], len(text), text
    )


def inline(text: str) -> Markup:
    """One line: bold, and the note of how far the questions have come."""
    shown = _BOLD.sub(r"<strong>\1</strong>", str(escape(text)))
    return Markup(_PLACE.sub(_place, shown))  # noqa: S704 - escaped above


@lru_cache(DRAWN)
def _kind(line: str) -> str:
    if line.startswith(tuple(_MARKS)):
        return "card"
    if line.startswith("> "):
        return "quote"
    if line.startswith("☐ "):
        return "task"
    if line.startswith("• "):
        return "bullet"
    if line.startswith(_NOTE):
        return "note"
    if _NUMBER.match(line):
        return "number"
    if line.startswith(f"**{_RESULT}"):
        return "result"
    return "heading" if _HEADING.fullmatch(line.strip()) else "line"


def _cite(found: "re.Match[str]") -> str:
    """The class of a citation: a short one is not broken at the end of a line."""
    return "cite" if len(found[0]) <= NOWRAP else "cite long"


def _whole(found: "re.Match[str]") -> str:
    return f'<span class="{_cite(found)}">{found[0]}</span>'


def _taken_out(lines: list[str], start: int) -> list[str]:
    """What belongs beside the sum, taken out of ``lines`` after ``start``: the only note, and whom to call.

    Of several notes each stands with what it is about.
    """
    notes = [line for line in lines[start:] if line.startswith(_NOTE)]
    beside = [line for line in lines[start:] if line.startswith(_CALL) or [line] == notes]
    lines[start:] = [line for line in lines[start:] if line not in beside]
    return [line.removeprefix(_NOTE).strip() for line in beside]


def _sum(said: str) -> Markup:
    """A sum of money, and apart from it whether that is paid every year or once."""
    found = _AMOUNT.fullmatch(said)
    every, amount = (found[1], found[2]) if found is not None else (None, said)
    return Markup("<span>{}<strong>{}</strong></span>").format(
        Markup("<small>{}</small>").format(every) if every else "", amount
    )


def _one_of(citations: Iterable[str]) -> "re.Pattern[str]":
    """Finds any of ``citations``, the longest first."""
    longest_first = sorted(citations, key=len, reverse=True)
    return regex("|".join(map(_alone, longest_first)) or r"(?!)")


def _alone(citation: str) -> str:
    """The pattern of a citation; one that is a mere word (第三条, 三) is one only where it stands by itself."""
    if _WORD.fullmatch(citation):
        return rf"(?<![\w、]){re.escape(citation)}(?![\w、])"
    return re.escape(citation) + (r"(?!\w)" if _WORD.fullmatch(citation[-1]) else "")


def _quote(lines: Sequence[str]) -> Markup:
    texts = [inline(_LEAD.sub("", line, count=1)) for line in lines]
    quoted = Markup("<blockquote>{}</blockquote>").format(Markup("").join(map(Markup("<p>{}</p>").format, texts)))
    if sum(map(len, lines)) <= LONG_QUOTE:
        return quoted
    return Markup("<details><summary>文件原文</summary>{}</details>").format(quoted)


def _task(text: str) -> Markup:
    what, dash, why = text.partition(_DASH)
    return Markup("<span>{}{}</span>").format(inline(what), Markup("<small>{}</small>").format(why) if dash else "")


def _clause(clause: Clause) -> Markup:
    lines = Markup("").join(Markup("<p>{}</p>").format(line) for line in clause.text.splitlines() if line.strip())
    return Markup("<details><summary>看原文 {}</summary><blockquote>{}</blockquote></details>").format(
        clause.citation, lines
    )


def _place(found: "re.Match[str]") -> str:
    """How far the questions have come, with a bar where two numbers tell it: this one, and how many are left or are in all."""
    words = found[1]
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    bar = ""
    if len(numbers) == 2:
        most = numbers[1] if "/" in words else sum(numbers)
        bar = f'<progress max="{most}" value="{numbers[0] - 1}" aria-label="进度"></progress>'
    return f'<span class="place">{words}{bar}</span>'
