"""The methods of the interface, as strict as its documentation: lengths in bytes, windows, states, ids."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.wechatapi.world import NEW, OURS, OVER, WINDOW, Chat, Json, RefusedError, Shown, World

MOST = 5
INVALID = 40058


def _bounded(value: Any, least: int, most: int, name: str) -> str:
    if not isinstance(value, str) or not least <= len(value.encode()) <= most:
        raise RefusedError(INVALID, f"{name}: {least} to {most} bytes")
    return value


def _content(world: World, body: Json, kinds: tuple[str, ...]) -> Shown:
    kind = body.get("msgtype")
    if kind not in kinds:
        raise RefusedError(40008, "invalid msgtype")
    given = body[kind]
    if kind == "text":
        return Shown("", kind, _bounded(given["content"], 1, 2048, "content"))
    if kind in ("file", "image"):
        media = world.uploaded(kind, given["media_id"])
        return Shown("", kind, "", file=(media.name, media.content))
    if kind == "link":
        return _link(world, given)
    return _menu(given)


def _link(world: World, given: Json) -> Shown:
    """A card: its words are cut where they are too long, wherever in a letter that is; it has to have a picture."""
    title = _bounded(given.get("title"), 1, 10**6, "title").encode()[:128].decode(errors="replace")
    told = _bounded(given.get("desc", ""), 0, 10**6, "desc").encode()[:512].decode(errors="replace")
    url = _bounded(given.get("url"), 1, 2048, "url")
    if not url.startswith(("https://", "http://")):
        raise RefusedError(INVALID, "url: no scheme")
    world.uploaded("image", given.get("thumb_media_id", ""))
    return Shown("", "link", f"{title}\n{told}", url=url)


def _menu(given: Json) -> Shown:
    items: list[tuple[str, str]] = []
    for item in given["list"]:
        if item["type"] != "click":
            raise RefusedError(95009, "invalid item type")
        click = item["click"]
        items.append((_bounded(click["id"], 1, 128, "id"), _bounded(click["content"], 1, 128, "item")))
    if not 1 <= len(items) <= 10:
        raise RefusedError(95008, "too many items")
    head = _bounded(given.get("head_content", ""), 0, 1024, "head_content")
    tail = _bounded(given.get("tail_content", ""), 0, 1024, "tail_content")
    return Shown("", "msgmenu", "\n".join(part for part in (head, tail) if part), items)


def _named(world: World, body: Json) -> str:
    """What the message is called; a name that was used before is refused."""
    name = body.get("msgid") or world.new("auto")
    if not re.fullmatch(r"[0-9a-zA-Z_-]{1,32}", name):
        raise RefusedError(INVALID, "invalid msgid")
    if name in world.ids:
        raise RefusedError(INVALID, "msgid repeated")
    return name


def send_msg(world: World, body: Json) -> Json:
    """A message to who has written within two days, five at most."""
    chat = _chat(world, body, "touser")
    shown = _content(world, body, ("text", "image", "file", "link", "msgmenu"))
    if chat.state not in (NEW, OURS):
        raise RefusedError(95018, "send msg session status invalid")
    if world.now() - chat.heard >= WINDOW:
        raise RefusedError(95002, "send msg time limit")
    if chat.used >= MOST:
        raise RefusedError(95001, "send msg count limit")
    shown.id = _named(world, body)  # last, so that nobody relies on being told that a name was used
    chat.used += 1
    world.ids.add(shown.id)
    world.show(chat, shown)
    return {"msgid": shown.id}


def send_msg_on_event(world: World, body: Json) -> Json:
    """A message by the code of an event: once, in time, and while the session is where it was when the code came."""
    shown = _content(world, body, ("text", "msgmenu"))
    shown.id, shown.on_event = _named(world, body), True
    code = world.codes.pop(body.get("code", ""), None)
    if code is None or world.now() > code.until:
        raise RefusedError(INVALID, "invalid code")
    if shown.kind not in code.kinds:
        raise RefusedError(40008, "invalid msgtype")
    if code.state not in (None, world.chats[code.who].state):
        raise RefusedError(95018, "send msg session status invalid")
    world.ids.add(shown.id)
    world.show(world.chats[code.who], shown)
    return {"msgid": shown.id}


def state_get(world: World, body: Json) -> Json:
    """Where a session is."""
    chat = _chat(world, body, "external_userid")
    return {"service_state": chat.state, "servicer_userid": chat.servicer}


def state_trans(world: World, body: Json) -> Json:
    """Puts a session into another state."""
    chat = _chat(world, body, "external_userid")
    return {"msg_code": world.move(chat, int(body["service_state"]))}


def account_list(world: World, body: Json) -> Json:
    """The customer services that may be served."""
    return {"account_list": [{"open_kfid": world.kf, "name": "政策咨询", "manage_privilege": True}]}


def servicer_list(world: World, query: Json) -> Json:
    """Who of the staff answers for an account; it is looked up, with nothing sent along."""
    if query.get("open_kfid") != world.kf:
        raise RefusedError(95004, "open_kfid not exist")
    return {"servicer_list": world.servicers}


def _chat(world: World, body: Json, name: str) -> Chat:
    if body.get("open_kfid") != world.kf:
        raise RefusedError(95004, "open_kfid not exist")
    chat = world.chats.get(body.get(name, ""))
    if chat is None:
        raise RefusedError(40096, "invalid external userid")
    return chat


METHODS: Mapping[str, Callable[[World, Json], Json]] = {
    "kf/send_msg": send_msg,
    "kf/send_msg_on_event": send_msg_on_event,
    "kf/service_state/get": state_get,
    "kf/service_state/trans": state_trans,
    "kf/account/list": account_list,
}
LOOKED_UP: Mapping[str, Callable[[World, Json], Json]] = {"kf/servicer/list": servicer_list}
__all__ = ["LOOKED_UP", "METHODS", "OVER"]
