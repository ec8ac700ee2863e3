"""What the bot says to staff about drafts and unanswered questions, and the buttons under them. Renders only."""

from collections.abc import Sequence

from conversations.answering.letter_parts import Item, Letter, Style
from conversations.office.unanswered import Group
from conversations.saying.answers import whom
from conversations.state.actions import (
    Do,
    DraftDo,
    DraftVerb,
    ListLeads,
    NextClause,
    QuestionDo,
    QuestionPage,
    QuestionVerb,
    ShowFigures,
)
from conversations.state.commands import Command
from conversations.state.leads import LeadFilter
from conversations.state.messages import Choice
from conversations.state.outcome import Outcome
from knowledge.policy import Policy

PAGE = 5
"""Groups of unanswered questions that a page shows."""
MOST_UNREAD = 3
"""The most of a customer's words that a hint repeats."""

MEDIA = "转来的是图片、语音、文件或表情，我看不懂里面的内容。请把客户的话转成文字，用 /draft 加上那段话发给我，我来起草答复。"
HOW_TO_DRAFT = "把客户的话转发给我，或者发 /draft 加上客户的话（可以带称呼，例如“/draft 王总：培训费能报多少”），我来起草可以直接转发的答复。"
TOO_LONG = "这段话太长（超过 {} 字），请分几段转给我。"
NO_LONGER = "这份草稿已经不在了，请把客户的话再转给我一次。"
NOT_YOURS = "这不是您的草稿，只有起草的人能改。"
HANDED_ON = "已转到工作群。"
NO_STAFF_CHAT = "还没有设工作群（WENCE_STAFF_CHAT_ID），转不过去。您可以直接转发上面的草稿。"
REPORTED = "已记入 /unanswered。写好答复以后会发给您，由您转给客户。"
REPORTED_ALREADY = "这条已经在 /unanswered 里了。"
NO_TEXTS = "现成的答复已经没有了；在工作台的“办公室说明”里可以写。"
BACK_AT_OWN = "回到您自己的咨询。\n\n"
NOTHING_TO_GO_BACK_TO = "现在就在您自己的咨询里。"
NO_QUESTIONS = "没有待处理的问题。"
SETTLED = "这个问题已经处理过了，发 /unanswered 看最新的。"
WRITE = "请把答复发给我（下一条消息就算答复；发“取消”放弃）。会发给问过的 {people} 人。\n问题：\n{questions}"
CONFIRM = "会这样发给 {people} 人：\n\n{shown}"
NOBODY = "问过的人现在都联系不上了，答复已经存下，会写进导出的文件。"
SENT = "已发给 {people} 人。"
CANCELLED = "好的，没有发。"
FOREIGN = "已标为“不归我们”。"
DONE = "已标为处理完。"
HELP = """**工作人员怎么用**
• 客户的话**转发**给我，或者直接**粘贴**过来，我起草可以直接发的答复；也可以发 /draft 加上客户的话。
• 登记 /leads（发“/leads 帮助”看能改什么）　没答上的问题 /unanswered　统计 /stats
• 在工作群的话题里直接写，就是回复那位咨询者。
• 电话、地址、受理时间和现成的答复，在工作台的“办公室说明”里写，机器人和草稿会用上。
下面的按钮是常用的几样；“/staff”随时再看这一页。"""
PASTED = "这段话像是客户发来的。要我起草答复吗？（没有记到您自己的咨询里。）"
STATS = "用法：/stats，或 /stats 2026-01-01（从那天起）。"


def staff_buttons(*, private: bool) -> tuple[tuple[Choice, ...], ...]:
    """What staff do most, a button each; the questionnaire is for who is alone with the bot."""
    rows: list[tuple[Choice, ...]] = [
        (
            Choice(label="登记", action=ListLeads(0, LeadFilter())),
            Choice(label="到期要跟进的", action=ListLeads(0, LeadFilter(due=True))),
        ),
        (Choice(label="没答上的问题", action=QuestionPage(0)), Choice(label="统计", action=ShowFigures(7))),
    ]
    if private:
        rows.append((Choice(label="看客户看到的问卷", action=Do(Command.START)),))
    return tuple(rows)


def figures_buttons(days: int) -> tuple[tuple[Choice, ...], ...]:
    """The other spans that figures are told for."""
    spans = {7: "近 7 天", 30: "近 30 天", 0: "全部"}
    return (tuple(Choice(label=label, action=ShowFigures(span)) for span, label in spans.items() if span != days),)


def pasted_buttons(row: int) -> tuple[tuple[Choice, ...], ...]:
    """Under what seems to be a customer's."""
    verbs = (("起草回复", DraftVerb.WRITE), ("是我自己在问", DraftVerb.OWN))
    return (tuple(Choice(label=label, action=DraftDo(row, verb)) for label, verb in verbs),)


def draft_buttons(
    row: int, drafted: Letter, style: Style, texts: int, *, private: bool
) -> tuple[tuple[Choice, ...], ...]:
    """The buttons under a draft, for which there are so many ``texts``; a consultation is continued in private only."""

    def button(label: str, verb: DraftVerb) -> Choice:
        return Choice(label=label, action=DraftDo(row, verb))

    registers = [(Style.SPOKEN, "更口语"), (Style.FORMAL, "更正式")]
    rows = [
        [
            button("恢复原来的语气", DraftVerb.USUAL) if each is style else button(label, DraftVerb(each.value))
            for each, label in registers
        ]
    ]
    others = [place for place, item in enumerate(drafted.items) if len(item.clauses) > 1]
    if len(drafted.items) == 1 and others:
        rows.append([Choice(label="换一个条款", action=NextClause(row, 0))])
    elif others:
        rows.append([Choice(label=f"第 {n + 1} 条换一个条款", action=NextClause(row, n)) for n in others])
    rows.append([*([button("继续问卷", DraftVerb.GO)] if private else []), button("转给同事", DraftVerb.HAND_ON)])
    rows.append([button("记为未能回答", DraftVerb.REPORT)])
    if texts:
        rows[-1].append(button(f"现成的答复（{texts}）", DraftVerb.TEXTS))
    return tuple(tuple(each) for each in rows)


def hint(policy: Policy, drafted: Letter) -> str:
    """What staff should look at twice before they send the draft on; empty where there is nothing."""
    lines: list[str] = []
    for number, item in enumerate(drafted.items, 1):
        which = f"第 {number} 条" if len(drafted.items) > 1 else "这一条"
        if item.outcome is Outcome.OUT_OF_SCOPE and whom(policy, item.advice):
            lines.append(f"• {which}不是这份文件管的，草稿里写了去问谁，也记进了 /unanswered。")
        elif item.outcome is Outcome.OUT_OF_SCOPE:
            lines.append(f"• {which}文件里没找到答案，草稿里照实写了，也记进了 /unanswered。")
        elif item.outcome is Outcome.OFFERED:
            lines.append(f"• {which}拿不太准，也可能是：{_others(policy, item)}。不对的话点“换一个条款”。")
    if drafted.unread:
        lines.append(
            f"• 客户还说了这些，草稿没有用上，发之前看一眼：{'；'.join(f'“{each}”' for each in drafted.unread[:MOST_UNREAD])}"
        )
    if any(ask.mentioned for ask in drafted.asks):
        lines.append("• 客户的话里有几处没说死，草稿里请客户确认。")
    if drafted.message.angry:
        lines.append("• 客户有情绪，先打个电话可能更好。")
    if drafted.empty:
        lines.append("• 这条里没有看到要答复的问题。")
    return "\n".join(["**给您的提示（不用转发）**", *lines]) if lines else ""


def _others(policy: Policy, item: Item) -> str:
    return "、".join(policy.clause(clause).title for clause in item.clauses if clause != item.clause)


def handed_on(colleague: str, customer: str, text: str) -> str:
    """What the staff chat reads above a draft that a colleague passes on."""
    who = f"（{customer}）" if customer else ""
    quoted = "\n".join(f"> {line}" for line in text.splitlines() if line.strip())
    return f"{colleague or '同事'}转来一条客户咨询{who}，请帮忙看看：\n{quoted}"


def for_customer(customer: str) -> str:
    """Above the consultation that staff lead for a customer."""
    return (
        f"**替客户{f'（{customer}）' if customer else ''}开的咨询**，和您自己的分开，客户说过的情况已经填好。"
        "问完或者想停下，点“回到我自己的咨询”。"
    )


def back_button(row: int) -> tuple[tuple[Choice, ...], ...]:
    """Back to the staff member's own consultation."""
    return ((Choice(label="回到我自己的咨询", action=DraftDo(row, DraftVerb.BACK)),),)


def page(groups: Sequence[Group], number: int) -> str:
    """A page of the unanswered questions, the first being 0."""
    pages = -(-len(groups) // PAGE)
    lines = [f"**没答上的问题**（共 {len(groups)} 个，第 {number + 1}/{pages} 页）"]
    for place, each in enumerate(groups[number * PAGE : (number + 1) * PAGE], number * PAGE + 1):
        asking = next((one.asking for one in each.asked if one.asking), None)
        lines.append(f"{place}. {_short(each.text)}（{len(each.asked)} 次，{each.people} 人）")
        if len(each.variants) > 1:
            lines.append(f"　也有人问：{'；'.join(_short(text) for text in each.variants[1:4])}")
        if asking:
            lines.append(f"　（回答“{asking}”时没听懂）")
    return "\n".join(lines)


def page_buttons(groups: Sequence[Group], number: int) -> tuple[tuple[Choice, ...], ...]:
    """The buttons under such a page: what to do with each, and the neighbouring pages."""
    rows: list[tuple[Choice, ...]] = []
    for place, each in enumerate(groups[number * PAGE : (number + 1) * PAGE], number * PAGE + 1):
        verbs = (("写答复", QuestionVerb.WRITE), ("不归我们", QuestionVerb.FOREIGN), ("处理完", QuestionVerb.DONE))
        rows.append(tuple(Choice(label=f"{place} {label}", action=QuestionDo(each.id, verb)) for label, verb in verbs))
    turning: list[Choice] = []
    if number:
        turning.append(Choice(label="上一页", action=QuestionPage(number - 1)))
    if (number + 1) * PAGE < len(groups):
        turning.append(Choice(label="下一页", action=QuestionPage(number + 1)))
    return (*rows, tuple(turning)) if turning else tuple(rows)


def to_asker(question: str, answer: str, *, reported: bool) -> str:
    """What goes to somebody who asked; for a customer's question (``reported``) to the member of staff who noted it."""
    quoted = "\n".join(f"> {line}" for line in question.splitlines() if line.strip())
    head = "您替客户记下的问题，有答复了：" if reported else "您之前问过："
    return f"{head}\n{quoted}\n**工作人员的答复**\n{answer}"


def confirm_buttons(group: int) -> tuple[tuple[Choice, ...], ...]:
    """Under the answer as it will be sent."""
    verbs = (("发出去", QuestionVerb.SEND), ("重写", QuestionVerb.WRITE), ("取消", QuestionVerb.CANCEL))
    return (tuple(Choice(label=label, action=QuestionDo(group, verb)) for label, verb in verbs),)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
