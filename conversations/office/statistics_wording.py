"""How the office's figures read, in the staff chat and on the command line. Renders only."""

from decimal import Decimal

from conversations.office.statistics import MISSED, Statistics
from conversations.saying.registration import STATES
from conversations.saying.values import between, money

QUESTIONS = {
    "answered": "答上了",
    "offered": "给了几条让对方选",
    "assess": "问自己能领什么（转入问卷）",
    "out_of_scope": "文件没有答案",
    MISSED: "没听懂",
}


def statistics_text(found: Statistics) -> str:
    """All figures in light markup; what did not happen is left out."""
    counts = found.consultations
    parts = [
        f"**统计**（{_span(found)}）",
        f"**咨询**\n开始 {counts.begun}，看到结果 {counts.finished}，还没问完 {counts.unfinished}",
    ]
    left = sorted((step for step in found.steps if step.left), key=lambda step: -step.left)
    if left:
        lines = [f"• {step.label}：问到 {step.reached}，停在这里 {step.left}" for step in left]
        parts.append("\n".join(["**停在哪一题**", *lines]))
    programmes = [each for each in found.programmes if each.eligible]
    if programmes:
        lines = [f"• {e.label}（{e.citation}）：{e.eligible} 家，预估 {summed(e.least, e.most)}" for e in programmes]
        parts.append("\n".join(["**符合的政策**", *lines]))
    asked = [f"{QUESTIONS.get(kind, kind)} {count}" for kind, count in found.questions.items() if count]
    parts.append(f"**提问**\n{'，'.join(asked) or '还没有'}")
    if len(found.documents) > 1:
        lines = [f"• {each.name}：问了 {each.asked} 次，没有答案 {each.unanswered} 次" for each in found.documents]
        parts.append("\n".join(["**各份文件的提问**（看得出问哪份的）", *lines]))
    if found.leads:
        states = [f"{STATES.get(state, state)} {count}" for state, count in found.leads.items()]
        parts.append(f"**登记**\n{'，'.join(states)}")
    handovers = found.handovers
    if handovers.opened:
        wait = "" if handovers.seconds is None else f"，首次回复一般要 {lasted(handovers.seconds)}"
        parts.append(f"**转人工**\n{handovers.opened} 次，已回复 {handovers.answered} 次{wait}")
    return "\n\n".join(parts)


def _span(found: Statistics) -> str:
    since = f"{found.since} 起" if found.since else ""
    until = f"到 {found.until}" if found.until else ""
    return " ".join(part for part in (since, until) if part) or "全部"


def summed(least: Decimal, most: Decimal | None) -> str:
    """What a programme comes to for all who are eligible, between ``least`` and ``most``."""
    if most is None:
        return f"{money(least)}起"
    if most == least:
        return money(least) if least else "没有固定数额"
    return between(money(least), money(most))


def lasted(seconds: float) -> str:
    """A time, roughly."""
    if seconds < 60:
        return f"{seconds:.0f} 秒"
    if seconds < 3600:
        return f"{seconds / 60:.0f} 分钟"
    return f"{seconds / 3600:.1f} 小时"
