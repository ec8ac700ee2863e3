"""Keyboards as Telegram accepts them: sizes, bytes of callback data, one action a button."""

import json
from typing import Any

from tests.botapi.wire import Json, bad

MAX_BUTTONS = 100
MAX_MARKUP_BYTES = 10_000
MAX_DATA_BYTES = 64
_ACTIONS = [
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
]


def keyboard(raw: Any, *, private: bool, inline_only: bool = False) -> Json | None:
    """The checked ``reply_markup``, None where there is none or an empty one. Raises Telegram's 400s.

    ``private`` is a chat that may ask for a phone number; ``inline_only`` is an edit.
    """
    if raw is None or raw == "":
        return None
    if not isinstance(raw, dict):
        raise bad("object expected as reply markup")
    markup: Json = raw
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline")
        for button in (button for row in rows for button in row):
            _inline_button(button)
        _measure(rows)
        kept = [row for row in rows if row]
        return {"inline_keyboard": kept} if kept else None
    if inline_only:
        raise bad("inline keyboard expected")
    if "keyboard" in markup:
        rows = _rows(markup["keyboard"], "reply")
        plain = [[{"text": b} if isinstance(b, str) else b for b in row] for row in rows]
        for button in (button for row in plain for button in row):
            if not isinstance(button, dict) or not str(button.get("text", "")).strip():
                raise bad("can't parse keyboard button: Text of the button must be non-empty")
            if (button.get("request_contact") or button.get("request_location")) and not private:
                what = "phone number" if button.get("request_contact") else "location"
                raise bad(f"{what} can be requested in private chats only")
        _measure(plain)
        return markup | {"keyboard": plain}
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    raise bad("can't parse reply markup: unknown kind of markup")


def _rows(raw: Any, kind: str) -> list[list[Any]]:
    if not isinstance(raw, list) or not all(isinstance(row, list) for row in raw):
        raise bad(f"field of the {kind} keyboard must be an Array of Arrays")
    return raw


def _inline_button(button: Any) -> None:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: expected an Object")
    if not str(button.get("text", "")).strip():
        raise bad("can't parse inline keyboard button: Text of the button must be non-empty")
    actions = [name for name in _ACTIONS if name in button]
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad("can't parse inline keyboard button: exactly one optional field must be used")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= MAX_DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and str(button["url"]).partition(":")[0] not in {"http", "https", "tg"}:
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def _measure(rows: list[list[Any]]) -> None:
    size = len(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())
    if sum(map(len, rows)) > MAX_BUTTONS or size > MAX_MARKUP_BYTES:
        raise bad("reply markup is too long")
