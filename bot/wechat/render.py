"""Replies as messages of WeChat: plain text in whole sentences, buttons as menus, files; within its limits.

Pure: the same replies are the same messages, whenever they are rendered. Nothing is lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from bot.wechat.traits import LONGEST_HEAD, LONGEST_ITEM, LONGEST_TEXT, MOST_ITEMS
from conversations.state.actions import Toggle
from conversations.state.markup import plain
from conversations.state.messages import Choice, Reply
from knowledge.patterns import regex

CHOOSE = "请选择："
MORE_CHOICES = "还有这些选项："
SEVERAL = "可以多选：一项一项点，选好了点“完成”；也可以直接回复编号，例如 1 3。"
MORE = "（微信一次最多连发 5 条，还有 {} 条没发完。）"
GO_ON = "继续"
GO_ON_HINT = f"回复“{GO_ON}”接着看。"
_GO_ON = regex(r"""[“"「]?(继续|接着|往下)[看发说吧]*[”"」]?[。.！!~～…]*""")
_BREAKS = ("\n\n", "\n", "。", "！", "？", "；", "，", "、", " ")
"""Where a text may be parted, the best place first: between paragraphs, lines, sentences, clauses."""
_HINT = 120
"""Bytes that a text leaves for the hint that there is more."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words alone."""

    content: str

    def body(self) -> dict[str, object]:
        """As the interface wants it."""
        return {"msgtype": "text", "text": {"content": self.content}}


@dataclass(frozen=True, slots=True)
class Menu:
    """Words with items to press, each (what it says to us, what it reads)."""

    head: str
    items: tuple[tuple[str, str], ...]
    tail: str = ""

    def body(self) -> dict[str, object]:
        """As the interface wants it."""
        items = [{"type": "click", "click": {"id": data, "content": label}} for data, label in self.items]
        menu: dict[str, object] = {"head_content": self.head, "list": items}
        return {"msgtype": "msgmenu", "msgmenu": menu | ({"tail_content": self.tail} if self.tail else {})}


@dataclass(frozen=True, slots=True)
class File:
    """The document of a reply, made when it is sent."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Card:
    """A card that leads to a page, and can be passed on."""

    title: str
    description: str
    url: str

    def body(self, picture: str) -> dict[str, object]:
        """As the interface wants it, which asks for a ``picture`` that was uploaded."""
        told = {"title": self.title, "desc": self.description, "url": self.url, "thumb_media_id": picture}
        return {"msgtype": "link", "link": told}


Message: TypeAlias = Text | Menu | File | Card


def messages(replies: Sequence[Reply], sources: Card | None = None) -> list[Message]:
    """What to send, in this order, to show ``replies``, in as few messages as they fit into.

    ``sources`` is where the documents are to be read, if there is such a place: once, where replies rest on them.
    """
    shown: list[Message] = []
    text = ""
    for reply in replies:
        text = "\n\n".join(part for part in (text, plain(reply.text).strip()) if part)
        if reply.file is not None:
            shown += [*map(Text, parts(text)), File(reply)]
            text = ""
        if reply.sources and sources is not None and sources not in shown:
            shown += [*map(Text, parts(text)), sources]
            text = ""
        if reply.choices:
            shown += _menus(text, [choice for row in reply.choices for choice in row])
            text = ""
    return [*shown, *map(Text, parts(text))]


def with_more(message: Message, left: int) -> Message:
    """``message``, or what is sent in the place of a file or a card, with the hint that so many wait."""
    told = f"{MORE.format(left)}{GO_ON_HINT}"
    match message:
        case Text(content):
            return Text(f"{content}\n\n{told}")
        case Menu():
            return replace(message, tail="\n".join(part for part in (message.tail, told) if part))
        case File() | Card():
            return Text(told)


def cut(text: str, limit: int) -> str:
    """``text``, or as much of it as ``limit`` bytes hold with the mark that there is more."""
    return text if _size(text) <= limit else next(parts(text, limit - _size("…"))) + "…"


def asks_for_more(text: str) -> bool:
    """Whether that is what somebody writes who wants to see the rest."""
    return _GO_ON.fullmatch(text.strip()) is not None


def parts(text: str, limit: int = LONGEST_TEXT - _HINT) -> Iterator[str]:
    """``text`` in pieces of at most ``limit`` bytes, parted where it hurts least."""
    text = text.strip()
    while _size(text) > limit:
        room = text.encode()[:limit].decode(errors="ignore")
        cut = next((at + len(mark) for mark in _BREAKS if (at := room.rfind(mark)) >= len(room) // 3), len(room))
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text


def _menus(text: str, choices: Sequence[Choice]) -> Iterator[Message]:
    """The text, as much of its end as fits above the items, and menus of the items."""
    several = any(isinstance(choice.action, Toggle) for choice in choices)
    items, spelled = _items(choices)
    before, head = _end("\n".join([part for part in (text, *spelled) if part]))
    yield from map(Text, parts(before))
    for first in range(0, len(items), MOST_ITEMS):
        last = first + MOST_ITEMS >= len(items)
        yield Menu(
            MORE_CHOICES if first else head or CHOOSE,
            tuple(items[first : first + MOST_ITEMS]),
            SEVERAL if several and last else "",
        )


def _items(choices: Sequence[Choice]) -> tuple[list[tuple[str, str]], list[str]]:
    """The items of a menu, and what is spelled out above them since it is too long for one."""
    items: list[tuple[str, str]] = []
    spelled: list[str] = []
    for number, choice in enumerate(choices, 1):
        label = choice.label
        if choice.on is not None:
            label = f"{'☑' if choice.on else '☐'} {choice.key} {label}" if choice.key else label
        if _size(label) > LONGEST_ITEM:
            spelled.append(f"（{number}）{label}")
            label = cut(f"（{number}）{label}", LONGEST_ITEM)
        items.append((choice.data, label))
    return items, spelled


def _end(text: str) -> tuple[str, str]:
    """``text`` parted so that its end, if any, fits above a menu, in as large pieces as it has."""
    if _size(text) <= LONGEST_HEAD:
        return "", text
    room = text.encode()[-LONGEST_HEAD:].decode(errors="ignore")
    fits_before = _size(text) <= LONGEST_TEXT - _HINT
    for mark in _BREAKS:
        if fits_before and mark != _BREAKS[0]:
            return text, ""  # one message above the menu it is anyway: whole, rather than torn within a paragraph
        at = room.find(mark)
        if at >= 0 and room[at + len(mark) :].strip():
            end = room[at + len(mark) :]
            return text[: len(text) - len(end)].rstrip(), end.strip()
    return text[: len(text) - len(room)], room


def _size(text: str) -> int:
    return len(text.encode())
