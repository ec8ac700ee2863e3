"""What a person reads about a lead of theirs: the notice, the form's questions, the receipt.

Renders from the form and the policy; changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from conversations.saying.notices import CARRIED
from conversations.state.actions import FillIn, Forget
from conversations.state.lead_fields import LABELS, OPTIONAL, Field, show
from conversations.state.lead_form import FIELDS, Ended, Form, Screen
from conversations.state.messages import Choice, Reply
from conversations.state.shelf import Shelf

TOO_EARLY = (
    "登记放在出结果之后：先看看有哪些适合{you}，办公室联系您时也更有数。"
    "再答几题就好，答不上的可以选“不清楚”；出了结果再发“登记”。\n\n"
)
CLOSED = "这里暂时还不能登记联系方式。您可以先把结果和材料清单留好，直接向{}咨询申报。"
SET_ASIDE = "登记先放下了，想接着登记再发“登记”。"
REMINDER = "—— 登记还没填完，接着填：\n"
_ENDED = {
    Ended.REFUSED: "好的，不登记，您的联系方式一样也没有保存。预评估结果还在，随时可以发“结果”查看；想登记了再发“登记”。",
    Ended.CROSSING_REFUSED: (
        "好的，不在这里登记，联系方式一样也没有保存。您可以{elsewhere}带着结果直接找{lead}。发“结果”可以再看一遍。"
    ),
    Ended.CANCELLED: "好的，这次先不登记，刚才填的都没有交给办公室。预评估结果还在，想登记了再发“登记”。",
}
UNCHANGED = "好的，登记保持原样，没有改动。"
TYPED_ELSEWHERE = "这一步请点按钮，或者打按钮上的字。\n\n"
CONTACT_ELSEWHERE = "收到号码了，不过现在问的是{}，电话到下一步再发。\n\n"
ATTACHED = "确认后会一起交给办公室：这次咨询的回答、预评估结果（政策版本 {version}）和还没定的几条。"

_QUESTIONS = {
    Field.ENTERPRISE: "**企业名称**是什么？请写营业执照上的全称。",
    Field.CODE: "**统一社会信用代码**是多少？18 位，营业执照上有。手边没有可以跳过。",
    Field.CONTACT: "**联系人**怎么称呼？比如“张三”“李经理”。",
    Field.PHONE: "**电话**是多少？手机或座机都行，座机可以不写区号。",
    Field.TIME: "什么**时间**联系您方便？点一个，或者直接写，也可以跳过。",
    Field.REMARK: "还有什么要**备注**的吗？比如想先问什么。没有就跳过。",
}
TIMES = ("工作日上午", "工作日下午", "随时都行")


def not_kept(elsewhere: str) -> str:
    """Said where nothing is kept, so that there is nothing to be had or deleted; ``elsewhere`` there is, if anywhere."""
    instead = f"请用 {elsewhere} 来登记。" if elsewhere else ""
    return f"这里的对话不保存，所以也没有登记和留存的资料。{instead}"


def ended(shelf: Shelf, form: Form, how: Ended) -> str:
    """Said when ``form`` has ended without being sent."""
    instead = f"改用我们的{form.elsewhere}登记，或者" if form.elsewhere else ""
    return _ENDED[how].format(elsewhere=instead, lead=shelf.policy.lead)


def question(shelf: Shelf, form: Form, before: str = "") -> Reply:
    """What ``form`` shows now, after ``before``."""
    if form.at == Screen.CONSENT:
        text, rows = notice(shelf, form), _agreement(form)
    elif form.at == Screen.CROSSING:
        text, rows = _crossing(shelf, form), _agreement(form)
    elif form.at == Screen.CONFIRM:
        text, rows = _whole(shelf, form), _confirmation(form)
    else:
        text, rows = _field(form, Field(form.at))
    return Reply(
        text=f"{before}{text}", choices=tuple(map(tuple, rows)), ask=f"lead.{form.at}", contact=form.at == Field.PHONE
    )


def notice(shelf: Shelf, form: Form) -> str:
    """What a person has to know before they leave contact data."""
    policy = shelf.policy
    lines = [
        "**登记前，请先看这几条**",
        f"• **谁来用**：{policy.lead}，由它的工作人员联系您；别人看不到。",
        "• **做什么**：只用来联系您、协助您做预申报。",
        "• **保存什么**：企业名称、统一社会信用代码、联系人、电话、方便联系的时间、备注，"
        "还有这次咨询的回答、预评估结果，以及您后来补充的情况、交来的申报材料。联系人、电话、时间、备注和材料文件加密保存。",
        f"• **保存多久**：办结、您撤回或不再办理之后，最多 {shelf.retention_days} 天就删除。",
        "• **您的权利**：发“我的登记”随时查看、更正、撤回；/mydata 取走全部资料；/forget 全部删除。",
    ]
    if form.crosses:
        lines.append(f"• **跨境**：您用的是 {form.crosses}，消息要经过它在境外的服务器，下一步单独问您。")
    if form.carrier:
        lines.append(f"• **经过谁**：{CARRIED.format(form.carrier)}")
    lines.append(f"不登记完全不影响咨询。（说明第 {form.notice} 版）\n\n您同意这样处理您的信息吗？")
    return "\n".join(lines)


def summary(form: Form) -> str:
    """The filled fields, a line each."""
    return "\n".join(f"• {LABELS[field]}：{show(field, form.value(field)) or '（没填）'}" for field in FIELDS)


def labels(form: Form) -> dict[str, str]:
    """The buttons that ``form`` shows: what can be typed for each → its value."""
    rows = _agreement(form) if form.at in (Screen.CONSENT, Screen.CROSSING) else []
    if form.at == Screen.CONFIRM:
        rows = _confirmation(form)
    elif not rows:
        _, rows = _field(form, Field(form.at))
    choices = [choice for row in rows for choice in row]
    return {
        word: choice.action.value
        for choice in choices
        if isinstance(choice.action, FillIn)
        for word in (choice.key, choice.label)
    }


def _crossing(shelf: Shelf, form: Form) -> str:
    instead = f"改用{form.elsewhere}登记，或者" if form.elsewhere else ""
    return (
        f"**还有一条单独问您**\n您在 {form.crosses} 里发的消息（包括接下来的联系人和电话）会先经过它在境外的服务器，"
        f"再到我们这里，也就是会**出境**。收到之后，我们只保存在自己的服务器上，交给{shelf.policy.lead}。\n"
        f"不愿意的话，可以{instead}直接联系办公室，咨询照常。\n\n您同意这些信息经境外服务器传输吗？"
    )


def _whole(shelf: Shelf, form: Form) -> str:
    attached = ATTACHED.format(version=shelf.policy.version)
    return f"**请核对一下**\n{summary(form)}\n\n{attached}\n哪一条不对，点它就能改。"


def _field(form: Form, field: Field) -> tuple[str, list[list[Choice]]]:
    text = f"〔{FIELDS.index(field) + 1}/{len(FIELDS)}〕{_QUESTIONS[field]}"
    if form.value(field):
        text += f"\n现在写的是：{show(field, form.value(field))}"
    rows: list[list[Choice]] = []
    if field is Field.TIME:
        rows.append([_choice(form, label, label, str(n)) for n, label in enumerate(TIMES, 1)])
    last = [_choice(form, "跳过", "skip", "跳过")] if field in OPTIONAL else []
    if form.changing or field is not FIELDS[0]:
        last.append(_choice(form, "上一步", "back", "上一步"))
    rows.append([*last, _cancel(form)])
    return text, rows


def _agreement(form: Form) -> list[list[Choice]]:
    return [[_choice(form, "同意", "yes", "1"), _choice(form, "不同意", "no", "2")]]


def _confirmation(form: Form) -> list[list[Choice]]:
    fields = [_choice(form, f"改{LABELS[field]}", field.value, str(n)) for n, field in enumerate(FIELDS, 2)]
    send = _choice(form, "确认登记" if form.lead is None else "确认修改", "send", "1")
    return [[send], *(fields[place : place + 2] for place in range(0, len(fields), 2)), [_cancel(form)]]


def _cancel(form: Form) -> Choice:
    return _choice(form, "不登记了" if form.lead is None else "不改了", "cancel", "取消")


def _choice(form: Form, label: str, value: str, key: str) -> Choice:
    return Choice(label=label, action=FillIn(form.at, value), key=key)


STATES = {
    "new": "新登记",
    "contacted": "已联系",
    "documents": "准备材料中",
    "submitted": "已提交",
    "closed": "已办结",
    "declined": "不再办理",
}
NO_LEAD = "没有找到您的登记。出了预评估结果之后，发“登记”就可以登记。"
ENDED_LEAD = "这条登记已经结束了，不能再改。需要的话，发“登记”重新登记。"
WITHDRAWN = (
    "登记 {number} 已经撤回，登记里的联系人、电话、时间和备注都已删除，办公室会看到您撤回了。"
    "聊天记录里写过的还在，要一并删除，发 /forget。"
)
REMOVED = "（已应本人要求删除）"
FORGET = (
    "**删除全部资料**\n会删除您的所有咨询、回答、聊天记录和登记，工作人员那边关于您登记的消息也一并删除。"
    "删了就找不回来，也不能再接着问。\n\n确定要删除吗？"
)
PAPER = "预评估表（Word）：情况、扶持政策和金额、材料清单。可以打印出来对照着备材料。"
NO_PAPER = "预评估表要等出了结果才有。先把题答完，再发“预评估表”。"
NOT_FORGOTTEN = "好的，没有删除，一切照旧。"


def paper(consultation: str) -> Reply:
    """The pre-assessment of a consultation that has come to a result, as a file."""
    return Reply(text=PAPER, file="预评估表.docx", document=f"consultation:{consultation}", sources=True)


def forgetting() -> Reply:
    """Asks once before all is deleted."""
    yes = Choice(label="是，全部删除", action=Forget(sure=True), key="全部删除")
    return Reply(text=FORGET, choices=((yes, Choice(label="不删", action=Forget(sure=False), key="不删")),))


def forgotten(removals: int) -> str:
    """Said when all is deleted."""
    text = "您的资料已经全部删除：咨询、回答、聊天记录和登记，一条不留。"
    if removals:
        text += (
            f"\n工作人员那边关于您登记的 {removals} 条消息正在删除；发出超过 48 小时、平台不让删的，会改成“{REMOVED}”。"
        )
    return f"{text}\n这里的对话框里您看到的旧消息，请自己清空。想再咨询，随时发 /start。"


def my_data(consultations: int, messages: int, numbers: Sequence[str]) -> str:
    """What is kept of a person, in words."""
    leads = f"{len(numbers)} 条登记（{'、'.join(numbers)}）" if numbers else "没有登记"
    return (
        f"**保存着的您的资料**\n• {consultations} 次咨询的回答\n• {messages} 条聊天记录\n• {leads}\n"
        "全部内容在附上的 JSON 文件里。要删除发 /forget。"
    )
