"""What ``sync_msg`` gives as what it is to us: something that a person did, or an event around it.

Takes an entry as plain JSON and reads no more of it than it needs. Knows no consultation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from bot.channel import clean
from bot.wechat.api import Json
from bot.wechat.traits import WECHAT
from conversations.saying.handovers import sent_there
from conversations.state.messages import Inbound, Kind
from rules.raw import is_object

_PERSON, _EVENT, _STAFF = 3, 4, 5
"""Who sent it, as ``origin`` says."""
_STOPPED = 3
"""``change_type`` of a session that ended; all others are of one that somebody of the staff has from then on."""
_REJECTED = 10
"""``fail_type`` where the person takes no more messages of ours."""
_FORBIDDEN = 12
"""``fail_type`` of a message of a kind that customer service may not send."""
_TOO_MUCH = frozenset({4, 5, 6})
"""``fail_type`` where it was too late, the session over, or too many."""
_WHY = {
    1: ", the account is deleted",
    2: ", the application is closed",
    4: ", after 48 hours",
    5: ", the session is over",
    6: ", more than five",
    8: ", the enterprise is not verified",
    10: ", the person takes no messages",
    11: ", nobody of the enterprise is logged in to the 企业微信 app",
    12: ", of a forbidden kind",
}
"""What ``fail_type`` stands for."""
_WHAT = {
    "image": "图片",
    "voice": "语音",
    "video": "视频",
    "file": "文件",
    "location": "位置",
    "link": "链接",
    "business_card": "名片",
    "miniprogram": "小程序",
    "msgmenu": "菜单",
    "merged_msg": "聊天记录",
    "note": "笔记",
    "meeting": "会议",
    "schedule": "日程",
    "channels": "视频号动态",
    "channels_shop_product": "商品",
    "channels_shop_order": "订单",
}
"""What is no text, as people call it."""
_ON_IT = {"link": ("title", "desc"), "location": ("name", "address"), "channels": ("nickname", "title")}
"""What stands on such a thing, of each kind; on all others it is a title."""
_LONGEST_QUOTE = 100
"""Signs of that which are quoted."""


@dataclass(frozen=True, slots=True)
class PersonSaid:
    """A person wrote, pressed or sent something."""

    inbound: Inbound


@dataclass(frozen=True, slots=True)
class StaffSaid:
    """A member of staff (``name``) wrote ``text`` to the person of ``inbound`` in 企业微信."""

    inbound: Inbound
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Entered:
    """A person opened the conversation; with ``code`` they can be greeted, once and at once."""

    inbound: Inbound
    code: str


@dataclass(frozen=True, slots=True)
class SessionTaken:
    """A member of staff (``name``) has taken a person up in 企业微信, from the pool, from a colleague, or anew."""

    inbound: Inbound
    name: str


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """The session of a person with staff is over; with ``code`` one message can be sent, at once."""

    inbound: Inbound
    code: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Our ``message`` did not reach the person; ``rejected``: they take none any more; ``waits``: until they write.

    ``never``: it is of a kind that is let through to nobody.
    """

    inbound: Inbound
    message: str
    rejected: bool
    waits: bool
    never: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Recalled:
    """A message was taken back, by the person, or by the member of staff with this ``name``."""

    inbound: Inbound
    name: str = ""


Happened: TypeAlias = PersonSaid | StaffSaid | Entered | SessionTaken | SessionEnded | Failed | Recalled
_EVENTS = frozenset(
    {"enter_session", "msg_send_fail", "user_recall_msg", "servicer_recall_msg", "session_status_change"}
)


def read(entry: Json) -> Happened | None:
    """What ``entry`` is, None where it does not concern us. Raises KeyError, TypeError, ValueError where it is malformed."""
    if entry["msgtype"] == "event":
        return _event(entry, entry["event"])
    if entry["origin"] == _PERSON:
        return PersonSaid(_said(entry))
    if entry["origin"] == _STAFF:
        text = entry["text"]["content"] if entry["msgtype"] == "text" else sent_there(_what(entry))
        return StaffSaid(
            _inbound(entry, entry["external_userid"]), clean(entry.get("servicer_userid", "")), clean(text)
        )
    return None


def sent_at(entry: Json) -> datetime:
    """When it was sent, in whole seconds. Raises KeyError, TypeError, ValueError where it is malformed."""
    try:
        return datetime.fromtimestamp(entry["send_time"], UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("no time that there is") from error


def somebody(
    who: str, at: datetime, message: str = "", kind: Kind = Kind.TEXT, text: str = "", sent: str = ""
) -> Inbound:
    """Who somebody is, and where; without a ``message`` there is no word of theirs."""
    return Inbound(
        id=message,
        channel=WECHAT.name,
        person=f"{WECHAT.name}:{who}",
        chat=who,
        kind=kind,
        text=text,
        sent=sent,
        at=at,
        message=message or None,
        carrier=WECHAT.carrier,
    )


def _what(entry: Json) -> str:
    """What came that is no text, with the words on it quoted, so that they are neither lost nor taken for a statement."""
    kind = str(entry["msgtype"])
    content: object = entry.get(kind)
    given: Mapping[str, object] = content if is_object(content) else {}
    words = [given.get(name) for name in _ON_IT.get(kind, ("title",))]
    shown = " ".join(clean("：".join(filter(None, (word for word in words if isinstance(word, str))))).split())
    if not shown and isinstance(url := given.get("url"), str):
        shown = clean(url)
    cut = f"{shown[:_LONGEST_QUOTE]}…" if len(shown) > _LONGEST_QUOTE else shown
    return _WHAT.get(kind, "这种消息") + (f"“{cut}”" if cut else "")


def _said(entry: Json) -> Inbound:
    who = entry["external_userid"]
    if entry["msgtype"] != "text":  # the words on a card are somebody else's: they tell nothing of who passes it on
        return _inbound(entry, who, Kind.MEDIA, sent=_what(entry))
    text = entry["text"]
    pressed = text.get("menu_id", "")
    if pressed and (press := _inbound(entry, who, Kind.CHOICE, pressed)).action is not None:
        return press
    return _inbound(entry, who, Kind.TEXT, clean(text["content"]))


def _event(entry: Json, event: Json) -> Happened | None:
    kind = event["event_type"]
    if kind not in _EVENTS:
        return None
    inbound = _inbound(entry, event["external_userid"])
    match kind:
        case "enter_session":
            return Entered(inbound, event.get("welcome_code", ""))
        case "msg_send_fail":
            failed = int(event.get("fail_type", 0))
            rejected, waits, never = failed == _REJECTED, failed in _TOO_MUCH, failed == _FORBIDDEN
            return Failed(
                inbound, event["fail_msgid"], rejected, waits, never, f"fail_type {failed}{_WHY.get(failed, '')}"
            )
        case "user_recall_msg":
            return Recalled(inbound)
        case "servicer_recall_msg":
            return Recalled(inbound, clean(event.get("servicer_userid") or "工作人员"))
        case _ if event["change_type"] == _STOPPED:
            return SessionEnded(inbound, event.get("msg_code", ""))
        case _:
            return SessionTaken(inbound, clean(event.get("new_servicer_userid", "")))


def _inbound(entry: Json, who: str, kind: Kind = Kind.TEXT, text: str = "", sent: str = "") -> Inbound:
    return somebody(who, sent_at(entry), entry["msgid"], kind, text, sent)
