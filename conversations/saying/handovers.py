"""What is said around a hand-over: to the person, and to staff in their chat. Renders only."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from conversations.saying.totals import estimate
from conversations.saying.values import answer_label, answer_value
from conversations.state.actions import Do, EndHandover
from conversations.state.channels import ChannelTraits
from conversations.state.commands import Command
from conversations.state.messages import Choice
from conversations.state.personal import masked
from conversations.state.session import Session, derive
from conversations.state.shelf import Shelf

END = ((Choice(label="结束，回到问卷", action=Do(Command.END), key="结束"),),)
"""The person's button."""

SURE = (
    (
        Choice(label="转给工作人员", action=Do(Command.PERSON), key="转人工"),
        Choice(label="不转了，接着问", action=Do(Command.START), key="继续"),
    ),
)
"""What can be answered to ``asking_first``."""

_HOW = "前面说过的情况也一起转过去了，不用重复。请直接写您想问的，回复会出现在这里。"
_GO_ON = "说完发“结束”，我们接着问卷；一小时没人说话，我也会自动接回来。"
OPENED = f"已经帮您转给工作人员了。{_HOW}\n{_GO_ON}"
CLOSED_NOW = (
    "现在不在办公时间，工作人员 **{when}** 起回复。" + _HOW.replace("请直接写您想问的", "请把想说的写下来，可以分几条")
) + "\n写完发“结束”，我们接着问卷；工作人员回复了，我马上转给您。"
MEANWHILE = "工作人员回复之前，我先按文件答一下："
DURING = f"现在由工作人员和您对话，我先不插话。{_GO_ON}\n这段时间以 / 开头的命令和之前的按钮先不用。"
REOPENED = "（直接回复就行，我转给工作人员。说完发“结束”，我们接着问卷。）"
ENDED = {
    "person": "好的，和工作人员的对话先到这里。",
    "staff": "工作人员结束了这次对话。还有问题随时发“转人工”。",
    "idle": "有一小时没人说话了，我先接回来。工作人员之后的回复我还会转给您；想接着说，发“转人工”。",
}

NOT_STAFF = "（没有转给对方：写的人不在 WENCE_STAFF_IDS 里。）"
BLOCKED = "⚠️ 对方屏蔽了机器人，您写的送不到。对方回来以后会在这里说。"
BACK = "对方又回来了，可以继续。"
FORGOTTEN = "对方删除了自己的资料，这里的对话也结束了；没有送出。"
NO_FILES_THERE = "⚠️ 没有送出：对方不在 {} 上，收不到图片、语音和文件，请改用文字。"
STAFF_ENDED = {
    "person": "✅ 对方结束了对话，机器人接回问卷。之后在这里写的，仍会送到对方那里。",
    "staff": "✅ 已结束，机器人接回问卷。之后在这里写的，仍会送到对方那里。",
    "idle": "⏳ 一小时没有新消息，机器人先接回问卷。在这里写的，仍会送到对方那里。",
}
RULES = (
    "在这个话题里直接写（群里没有话题的，回复机器人转来的消息），会署名转给对方；"
    "以 // 开头的是内部备注，不转；写“结束”或点下面，就交还机器人。"
)
LATER = "（现在不在办公时间，已告诉对方 {when} 起回复。）"
MOVED_ON = "（原来的话题不在了，这是新开的。）"
_DAYS = "一二三四五六日"
_MOST_LINES, _MOST_WORDS = 6, 120


def asking_first(opens: datetime | None) -> str:
    """That a person can be handed over, which is no question: 是 answers the one before. ``opens`` is when the office opens, None where it is open."""
    answers = f"现在不在办公时间，工作人员 **{when(opens)}** 起回复" if opens else "工作人员看到就会回复"
    return (
        f"可以把您转给工作人员。{answers}；前面的回答会一起转过去，等的时候问文件里的事，我照样先答。\n"
        "点“转给工作人员”就转，不转就接着问。"
    )


def answered_already(clauses: Sequence[str]) -> str:
    """What staff read under a question that was answered from ``clauses`` before they could; nothing where it was not."""
    return f"\n（我先按文件答了：{'；'.join(clauses)}）" if clauses else ""


def staff_end(handover: int) -> tuple[tuple[Choice, ...], ...]:
    """Staff's button under a summary."""
    return ((Choice(label="结束，交还机器人", action=EndHandover(handover)),),)


def when(at: datetime) -> str:
    """A time of the office: 11 月 25 日（周三）09:00."""
    return f"{at.month} 月 {at.day} 日（周{_DAYS[at.weekday()]}）{at:%H:%M}"


def staff_abroad(channel: ChannelTraits) -> str:
    """What somebody elsewhere has to know of the ``channel`` that staff use; nothing where it stays at home."""
    if not channel.abroad:
        return ""
    return f"\n工作人员在 {channel.abroad} 上接待，您写的会经过它在境外的服务器；证件号、银行账号这类信息请不要发。"


def visitor(channel: str) -> str:
    """What somebody is called who has not told a name; ``channel`` is what people call the channel."""
    return f"{channel}访客"


def topic(name: str, channel: str, handover: int) -> str:
    """What a person's topic is called."""
    return f"{name[:80] or visitor(channel)} · {handover}"


def summary(
    shelf: Shelf, name: str, channel: str, session: Session | None, lines: Sequence[tuple[bool, str]], later: str
) -> str:
    """What staff read first: the facts so far, what was said last (``lines``: by the person?, text), what was missed.

    ``channel`` is what people call the person's channel.
    """
    parts = [f"🙋 **{name or visitor(channel)}**（{channel}）转人工"]
    if session is not None and session.answers:
        known = derive(session, shelf)
        facts = [
            f"• {answer_label(shelf, known.case, answer)}：{answer_value(shelf, answer)}"
            for answer in session.answers
            if not (answer.value is True and answer.path.partition(".")[2].isdigit())
        ]
        total = estimate(shelf, known)
        parts.append("\n".join(["**已知情况**", *map(masked, facts), f"目前预估：{total}"]))
    else:
        parts.append("还没有答过题。")
    said = [text for incoming, text in lines if incoming]
    if session is not None and session.misses and (missed := said[-session.misses :]):
        parts.append("\n".join(["**没听懂的**", *_quoted(missed)]))
    if lines:
        last = (f"{'对方' if incoming else '机器人'}：{text}" for incoming, text in lines[-_MOST_LINES:])
        parts.append("\n".join(["**最近的对话**", *_quoted(last)]))
    parts += [later] if later else []
    return "\n\n".join([*parts, RULES])


def from_staff(name: str, text: str, corrected: bool = False) -> str:
    """What the person reads of a member of staff."""
    return f"**工作人员 {name}{'（更正）' if corrected else ''}：**\n{text}"


def from_elsewhere(name: str, text: str, at: str) -> str:
    """What the staff chat reads of an answer that was written ``at`` another place of the office."""
    return f"（**{name}** 在{at}上答复）\n{text}"


def taken_up(name: str, at: str) -> str:
    """What the log and the staff chat have of it that somebody has taken the person up ``at`` another place."""
    return f"（工作人员{f' **{name}** ' if name else ''}在{at}上接待）"


def from_person(name: str, text: str, corrected: bool = False) -> str:
    """What staff read of the person."""
    return f"**{name or '对方'}{'（改了之前的一条）' if corrected else ''}：**\n{text}"


def sent_along(forwarded: bool, sent: str = "") -> str:
    """Above the copy of something that is no text; ``sent`` is what people call it, where that is known."""
    return "转来一条消息：" if forwarded else f"发来{sent or '图片、语音或文件'}："


def sent_there(sent: str, text: str = "") -> str:
    """In the place of something that is no text, where it is not shown itself, with the words that came with it."""
    return f"（发来{sent or '图片、语音或文件'}）{text}"


def _quoted(texts: Iterable[str]) -> list[str]:
    flat = (" ".join(masked(text).split()) for text in texts)
    return [f"> {text[:_MOST_WORDS]}{'…' if len(text) > _MOST_WORDS else ''}" for text in flat]
