"""A ``Reply`` as HTML: the light markup and the layout of the wording become headings, cards, lists and check boxes.

What is set off in the text is set off on the page, by its outward form alone: a line in bold is a heading, ✅ begins a
card, a wide space continues it, ☐ is a box to tick, ``> `` a quotation, 〔…〕 tells how far the questions have come. A
card that cites a clause lets it unfold, and every citation leads to the clause on the page of its policy. All else is
text, whatever it holds.
"""

import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from bot.web.anchors import address
from knowledge.patterns import regex
from knowledge.policy import Clause, Policy

LONG_QUOTE = 160
"""Quotations of more characters than this are folded."""

_BOLD = regex(r"\*\*(.+?)\*\*")
_PLACE = regex(r"〔(?!\d+〕)([^〔〕]+)〕")  # a document's year stands in such brackets too
_HEADING = regex(r"\*\*[^*]+\*\*(?:（[^）]*）|\s*〔[^〕]+〕)?")
_NUMBER = regex(r"\d+\. ")
_LEAD = regex(r"(?:> |• |⚠️ ?|\d+\. )")
_MARKS = {"✅": ("yes", "符合"), "❓": ("open", "待定"), "✖️": ("no", "不符合")}
_NOTE = "⚠️"
_DASH = " — "
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

    def reply(self, text: str) -> Markup:
        """What the bot says."""
        lines = text.split("\n")
        parts: list[Markup] = []
        asking = asked = False
        at = 0
        while at < len(lines):
            end = at + 1
            kind = _kind(lines[at])
            if kind == "card":
                while end < len(lines) and lines[end].startswith("　"):
                    end += 1
                parts.append(self._card(lines[at:end]))
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

    def _card(self, lines: Sequence[str]) -> Markup:
        mark = next(mark for mark in _MARKS if lines[0].startswith(mark))
        name, word = _MARKS[mark]
        title, _, amount = lines[0].removeprefix(mark).strip().partition(_DASH)
        rest = Markup("").join(Markup("<p>{}</p>").format(self._line(line.strip())) for line in lines[1:])
        cited = dict.fromkeys(self._citation.findall("\n".join(lines)))
        return Markup('<section class="card {}"><p class="badge">{}</p><p class="title">{}</p>{}{}{}</section>').format(
            name,
            word,
            self._line(title),
            Markup('<p class="amount">{}</p>').format(self._line(amount)) if amount else "",
            rest,
            Markup("").join(_clause(self._clauses[citation]) for citation in cited),
        )

    def _single(self, kind: str, line: str, name: str) -> Markup:
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

    def _link(self, found: "re.Match[str]") -> str:
        where = escape(self._addresses[found[0]])
        return f'<a class="cite" href="{where}" target="_blank" rel="noopener">{found[0]}</a>'


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
    return "heading" if _HEADING.fullmatch(line.strip()) else "line"


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
