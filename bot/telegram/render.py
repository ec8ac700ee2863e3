"""A ``Reply`` as calls of the Bot API: light markup to HTML, long texts in several messages, buttons within limits.

Pure. Telegram counts text in UTF-16 units; what is split here stays below its limits whatever the text holds.
"""

import html
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conversations.state.messages import Choice, Reply
from knowledge.patterns import regex

LONGEST_TEXT, LONGEST_CAPTION = 4000, 1000  # Telegram's limits are 4096 and 1024
MOST_BUTTONS, MOST_IN_ROW, LONGEST_MARKUP = 100, 8, 9000  # Telegram takes about 10 kB of markup
ROW_WIDTH = 42
"""How many half-width characters of button labels a phone shows side by side."""
SHARE_PHONE = "📱 发送我的手机号"
SHARE_PHONE_HINT = "也可以点下面的按钮，直接把手机号发给我们。"
WITHOUT_PHONE = "好的。"
"""With which the button for the number goes: a message has either that or buttons of its own."""
CHOOSE = "请选择："
NOT_COPIED = "（这条没能转过来，请让对方换成文字。）"
MORE_BUTTONS = "还有这些选项："

_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_BOLD = regex(r"\*\*(.+?)\*\*")
# Where a text may be parted, the best place first: between paragraphs, lines, sentences, clauses.
_BREAKS = ("\n\n", "\n", "。", "！", "？", "；", "，", "、", " ")


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the method, its parameters, and the name of the file that goes along."""

    method: str
    parameters: dict[str, object]
    file: str | None = None


def calls(
    reply: Reply, chat: str, thread: str | None, *, group: bool = False, answering: str | None = None
) -> list[Call]:
    """What to call, in this order, to show ``reply``, as an answer to the message ``answering`` if it is still there.

    The buttons stand under the last part of the text.
    """
    place: dict[str, object] = {"chat_id": int(chat)}
    if thread is not None:
        place["message_thread_id"] = int(thread)
    if answering is not None:
        place["reply_parameters"] = {"message_id": int(answering), "allow_sending_without_reply": True}
    before = [_message(place, WITHOUT_PHONE, _to_json({"remove_keyboard": True}))] if reply.contact_over else []
    keyboards = list(_keyboards(reply.choices))
    first = keyboards[0] if keyboards else None
    texts = list(parts(reply.text, LONGEST_TEXT))
    result: list[Call] = []
    if reply.file is not None:
        caption = texts.pop() if texts and _length(texts[-1]) <= LONGEST_CAPTION else None
        result = _messages(place, texts, None)
        details = place | ({"caption": to_html(caption), "parse_mode": "HTML"} if caption else {})
        result.append(Call("sendDocument", _with(details, first), file=reply.file))
    elif reply.edit is not None and reply.remove:
        target = {"chat_id": place["chat_id"], "message_id": int(reply.edit)}
        result = [Call("deleteMessage", target)]
    elif reply.remove:
        return [Call("deleteForumTopic", place)]
    elif reply.edit is not None:
        result = _edit(place, reply.edit, texts, first)
    else:
        result = _messages(place, texts or [CHOOSE] * bool(first), first)
    result += [_message(place, MORE_BUTTONS, keyboard) for keyboard in keyboards[1:]]
    if reply.copy_of is not None:
        source, message = reply.copy_of
        result.append(Call("copyMessage", place | {"from_chat_id": int(source), "message_id": int(message)}))
    if reply.contact and not group:
        button = {"text": SHARE_PHONE, "request_contact": True}
        keyboard = {"keyboard": [[button]], "resize_keyboard": True, "one_time_keyboard": True}
        result.append(_message(place, SHARE_PHONE_HINT, _to_json(keyboard)))
    return [*before, *result] if not group else result


def as_new(call: Call) -> Call | None:
    """What to send where the message that ``call`` edits is gone; None where it carried no words."""
    if call.method != "editMessageText":
        return None
    return Call("sendMessage", {key: value for key, value in call.parameters.items() if key != "message_id"})


def as_kept(call: Call, words: str) -> Call | None:
    """What to do where the message that ``call`` deletes has to stay: ``words`` in its place; None for other calls."""
    if call.method != "deleteMessage":
        return None
    return Call("editMessageText", call.parameters | {"text": to_html(words)})


def as_told(call: Call) -> Call | None:
    """What to say in the place of a message that cannot be copied; None for other calls."""
    if call.method != "copyMessage":
        return None
    place = {key: value for key, value in call.parameters.items() if key not in ("from_chat_id", "message_id")}
    return Call("sendMessage", place | {"text": NOT_COPIED})


def to_html(text: str) -> str:
    """Light markup as Telegram's HTML; always well-formed."""
    lines: list[str] = []
    quoting = False
    for line in text.split("\n"):
        quoted = line.startswith("> ")
        shown = _BOLD.sub(r"<b>\1</b>", html.escape(line[2:] if quoted else line, quote=False))
        if quoted and not quoting:
            shown = f"<blockquote>{shown}"
        elif quoting and not quoted:
            lines[-1] += "</blockquote>"
        lines.append(shown)
        quoting = quoted
    return "\n".join(lines) + ("</blockquote>" if quoting else "")


def parts(text: str, limit: int) -> Iterator[str]:
    """``text`` in pieces of at most ``limit`` UTF-16 units, parted where it hurts least; nothing is lost."""
    text = text.strip("\n")
    while _length(text) > limit:
        room = text.encode("utf-16-le")[: 2 * (limit - 4)].decode("utf-16-le", "ignore")
        cut = next((at + len(mark) for mark in _BREAKS if (at := room.rfind(mark)) >= len(room) // 3), len(room))
        if text[cut - 1] == "*" == text[cut]:
            cut -= 1
        head, text = text[:cut], text[cut:]
        line = head.rpartition("\n")[2]
        if not head.endswith("\n"):  # inside a line: its quotation and bold type go on in the next piece
            opened = line.count("**") % 2
            head += "**" * opened
            text = "> " * line.startswith("> ") + "**" * opened + text
        if head := head.strip("\n"):
            yield head
        text = text.lstrip("\n")
    if text.strip():
        yield text


def _edit(place: dict[str, object], message: str, texts: Sequence[str], keyboard: str | None) -> list[Call]:
    target = {"chat_id": place["chat_id"], "message_id": int(message)}
    if not texts:
        return [Call("editMessageReplyMarkup", _with(target, keyboard))]
    details = target | {"text": to_html(texts[0]), "parse_mode": "HTML"}
    rest = _messages(place, texts[1:], keyboard)
    return [Call("editMessageText", details if rest else _with(details, keyboard)), *rest]


def _messages(place: dict[str, object], texts: Sequence[str], keyboard: str | None) -> list[Call]:
    last = len(texts) - 1
    return [_message(place, text, keyboard if at == last else None) for at, text in enumerate(texts)]


def _message(place: dict[str, object], text: str, keyboard: str | None) -> Call:
    return Call("sendMessage", _with(place | {"text": to_html(text), "parse_mode": "HTML"}, keyboard))


def _with(parameters: dict[str, object], keyboard: str | None) -> dict[str, object]:
    return parameters if keyboard is None else parameters | {"reply_markup": keyboard}


def _keyboards(rows: Sequence[Sequence[Choice]]) -> Iterator[str]:
    """Inline keyboards as JSON, as many as Telegram's limits ask for; one as a rule."""
    buttons: list[str] = []
    count = size = 0
    for row in (line for choices in rows for line in _narrow(choices)):
        shown = _to_json([_button(choice) for choice in row])
        if count + len(row) > MOST_BUTTONS or size + len(shown.encode()) > LONGEST_MARKUP:
            yield _keyboard(buttons)
            buttons, count, size = [], 0, 0
        buttons.append(shown)
        count += len(row)
        size += len(shown.encode()) + 1
    if buttons:
        yield _keyboard(buttons)


def _keyboard(rows: Sequence[str]) -> str:
    return '{"inline_keyboard":[' + ",".join(rows) + "]}"


def _button(choice: Choice) -> dict[str, str]:
    label = choice.label if choice.on is None else f"{'☑' if choice.on else '☐'} {choice.label}"
    return {"text": label, "callback_data": choice.data}


def _narrow(row: Sequence[Choice]) -> Iterator[Sequence[Choice]]:
    """The row in as few rows as a phone can show without cutting a label; buttons of a row are equally wide."""
    widest = max((sum(1 + (ord(sign) > 0x2E7F) for sign in choice.label) for choice in row), default=1) + 2
    abreast = max(1, min(MOST_IN_ROW, ROW_WIDTH // widest))
    lines = -(-len(row) // abreast)
    for line in range(lines):
        yield row[line * len(row) // lines : (line + 1) * len(row) // lines]


def _length(text: str) -> int:
    return len(text) + sum(sign > "\uffff" for sign in text) if not text.isascii() else len(text)
