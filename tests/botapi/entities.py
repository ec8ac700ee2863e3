"""Formatted text as Telegram reads it: HTML with the supported tags only, counted in UTF-16 units after parsing.

The rules and the error texts are those of the Bot API's "HTML style".
"""

import re

from tests.botapi.wire import Json, bad, utf16

_PLAIN = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*")
_ATTRIBUTE = re.compile(r"\s+([a-zA-Z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]+));?")
_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]+)?|(?<!\w)@[A-Za-z][A-Za-z0-9_]{3,31}")


def cleaned(text: str) -> str:
    """The text as Telegram keeps it: control characters blanked, direction overrides dropped, the ends trimmed."""
    text = re.sub("[\r\u2028-\u202e]", "", text)
    return re.sub(r"[\x00-\x09\x0b-\x1f]", " ", text).strip()


def formatted(text: str, parse_mode: str) -> tuple[str, list[Json]]:
    """Plain text and entities of a bot's text. Raises a 400 on bytes that the mode does not allow."""
    if not parse_mode:
        return cleaned(text), []
    if parse_mode.lower() != "html":
        raise bad("unsupported parse_mode")
    plain, entities = _html(text)
    kept = cleaned(plain)
    lead = utf16(plain) - utf16(plain.lstrip())
    end = utf16(kept)
    moved = [e | {"offset": max(0, e["offset"] - lead)} for e in entities]
    return kept, [e | {"length": min(e["length"], end - e["offset"])} for e in moved if e["offset"] < end]


def spoken(text: str) -> list[Json]:
    """Entities that Telegram finds in a person's text: commands and mentions."""
    return [
        {
            "type": "bot_command" if found[0].startswith("/") else "mention",
            "offset": utf16(text[: found.start()]),
            "length": utf16(found[0]),
        }
        for found in _COMMAND.finditer(text)
    ]


def _character(text: str, at: int) -> tuple[str, int]:
    found = _ENTITY.match(text, at)
    if found is None:
        return "&", at + 1
    decimal, hexadecimal, name = found.groups()
    if name is not None:
        return (_CHARACTERS[name], found.end()) if name in _CHARACTERS else ("&", at + 1)
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return (chr(code), found.end()) if 0 < code < 0x10FFFF else ("&", at + 1)


def _html(text: str) -> tuple[str, list[Json]]:
    out: list[str] = []
    length = 0
    entities: list[Json] = []
    nested: list[tuple[str, int, Json]] = []
    at = 0

    def refuse(message: str, offset: int) -> Exception:
        return bad(f"can't parse entities: {message.replace('@', f'at byte offset {len(text[:offset].encode())}')}")

    while at < len(text):
        character = text[at]
        if character == "&":
            decoded, at = _character(text, at)
            out.append(decoded)
            length += utf16(decoded)
            continue
        if character != "<":
            stop = min((i for i in (text.find("<", at), text.find("&", at)) if i >= 0), default=len(text))
            out.append(text[at:stop])
            length += utf16(text[at:stop])
            at = stop
            continue
        begin = at
        if text.startswith("</", at):
            end = text.find(">", at)
            if end < 0:
                raise refuse("Unclosed end tag @", begin)
            name = text[at + 2 : end].strip().lower()
            if not nested:
                raise refuse("Unexpected end tag @", begin)
            opened, offset, entity = nested.pop()
            if name and name != opened:
                raise refuse(f'Unmatched end tag @, expected "</{opened}>", found "</{name}>"', begin)
            if length > offset:
                entities.append(entity | {"offset": offset, "length": length - offset})
            at = end + 1
            continue
        named = _NAME.match(text, at + 1)
        name = named[0].lower() if named else ""
        if name not in _PLAIN:
            raise refuse(f'Unsupported start tag "{name}" @', begin)
        at += 1 + len(name)
        attributes: dict[str, str] = {}
        while found := _ATTRIBUTE.match(text, at):
            attributes[found[1].lower()] = found[2] or found[3] or found[4] or ""
            at = found.end()
        while text[at : at + 1].isspace():
            at += 1
        if text[at : at + 1] != ">":
            raise refuse(f'Unclosed start tag "{name}" @', begin)
        at += 1
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise refuse('Tag "span" must have class "tg-spoiler" @', begin)
        if name == "tg-emoji" and "emoji-id" not in attributes:
            raise refuse('Tag "tg-emoji" must have attribute "emoji-id" @', begin)
        kind = "expandable_blockquote" if name == "blockquote" and "expandable" in attributes else _PLAIN[name]
        extra = {"url": attributes.get("href", "")} if name == "a" else {}
        nested.append((name, length, {"type": kind} | extra))
    if nested:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{nested[-1][0]}\"")
    return "".join(out), sorted(entities, key=lambda e: (e["offset"], -e["length"]))
