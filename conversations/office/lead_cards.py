"""What staff read about leads: the card of one, lists, notices of what people did. Phones are masked.

Renders from the rows, and a lead's claims as they were when it was left; changes nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from conversations.saying.registration import STATES
from conversations.saying.report import kept_claims, kept_total
from conversations.saying.totals import in_words
from conversations.saying.values import interval, wanted_label
from conversations.state.actions import FollowLead, LeadDo, LeadVerb, ListLeads, MoveLead, OfLeads
from conversations.state.interview import TODAY
from conversations.state.lead_fields import masked, phone
from conversations.state.leads import ENDED, Attached, Consent, LeadFilter, LeadState
from conversations.state.messages import Choice
from conversations.state.office_time import OFFICE_TIME
from conversations.state.shelf import Shelf
from conversations.state.shelf_change import name_on
from conversations.storage.tables_leads import Lead, LeadClaim, LeadEntry
from rules.assessment import Status
from rules.values import Interval

NEXT = {
    LeadState.NEW: (LeadState.CONTACTED, LeadState.DECLINED),
    LeadState.CONTACTED: (LeadState.DOCUMENTS, LeadState.DECLINED),
    LeadState.DOCUMENTS: (LeadState.SUBMITTED, LeadState.DECLINED),
    LeadState.SUBMITTED: (LeadState.CLOSED, LeadState.DECLINED),
    LeadState.CLOSED: (LeadState.CONTACTED,),
    LeadState.DECLINED: (LeadState.CONTACTED,),
}
"""Per state the ones that follow as a rule; any other can be typed."""
HELP = (
    "**/leads 怎么用**\n"
    "• /leads：全部；/leads 新登记｜已联系｜准备材料中｜已提交｜已办结｜不再办理\n"
    "• /leads 我的；/leads 到期；/leads 2026-11-01 2026-11-30（登记日期）；/leads 企业名、电话、文件或政策名\n"
    "• /leads 编号：看一条；后面接 状态、备注 …、跟进 2026-12-01（或 明天、取消）、分给 名字\n"
    "   例如：/leads WC-20261124-0007 已联系 周五交材料\n"
    "• 回复某条登记的消息，就是给它写备注"
)
WITH_NOTE = frozenset({"state", "note", "entered", "listed", "wrote", "reassessed", "told"})
"""What has words beside what was done."""
NOTHING = "没有这样的登记。发 /leads 帮助 看怎么筛选。"
_DID = {
    "created": "登记",
    "entered": "录入登记",
    "listed": "从名单记下",
    "wrote": "写给企业",
    "reassessed": "重新测算并存下",
    "told": "补充企业情况",
    "paper": "收到材料 {note}",
    "unpaper": "材料改为没收 {note}",
    "attached": "附上文件 {note}",
    "opened": "下载文件 {note}",
    "detached": "删除文件 {note}",
    "merged": "并入 {note}",
    "joined": "并进了 {note}",
    "updated": "本人更新",
    "withdrawn": "本人撤回",
    "state": "改为{state}",
    "assigned": "分给{note}",
    "follow_up": "跟进日期 {note}",
    "note": "备注",
    "viewed": "查看联系方式",
}
_SHOWN = 8
"""The lines of history on a card."""


def notice(what: str, others: Sequence[Lead]) -> str:
    """The first line for the staff chat when a person did something: ``created``, ``updated`` or ``withdrawn``."""
    head = {"created": "🆕 **新登记**", "updated": "✏️ **登记有更新**", "withdrawn": "↩️ **本人撤回了登记**"}[what]
    if others:
        head += f"\n⚠️ 同一企业另有登记：{'、'.join(other.number for other in others)}（不是同一个人登记的）"
    return f"{head}\n"


def refused(why: str) -> str:
    """Said where something is not done, for ``why``."""
    return f"{why}\n可以这样写：/leads 编号 状态 原因，或者 /leads 编号 跟进 明天。"


def card(
    shelf: Shelf, lead: Lead, claims: Sequence[LeadClaim], history: Sequence[LeadEntry], names: Mapping[str, str]
) -> str:
    """A lead for staff, without what only the button shows."""
    lines = [
        f"**{lead.number}** · {STATES[lead.state]}",
        f"企业：{lead.enterprise}" + (f"（{lead.code}）" if lead.code else ""),
        f"联系人：{lead.contact.contact[:1]}＊＊　电话：{masked(lead.contact.phone)}"
        if lead.contact.phone
        else _no_contact(lead),
        f"负责：{names.get(lead.assignee or '', '还没有人')}　跟进：{lead.follow_up or '没有定'}",
        f"预评估（政策版本 {lead.version}）：{kept_sum(lead.attached)}",
        *_programmes(shelf, claims),
    ]
    if wanted := open_points(shelf, lead):
        lines.append(f"还没定的：{'、'.join(wanted)}")
    lines += [_entry(entry, names) for entry in history[-_SHOWN:]]
    return "\n".join(lines)


def buttons(lead: Lead) -> tuple[tuple[Choice, ...], ...]:
    """What staff can do with a lead."""
    labelled: list[list[tuple[str, OfLeads]]] = [
        [("看联系方式", LeadDo(LeadVerb.SHOW, lead.id)), ("预评估表", LeadDo(LeadVerb.FILE, lead.id))],
        [(STATES[state], MoveLead(lead.id, state)) for state in NEXT[LeadState(lead.state)]],
    ]
    if lead.state not in ENDED:
        labelled.append([("我来跟", LeadDo(LeadVerb.MINE, lead.id)), ("分给同事", LeadDo(LeadVerb.GIVE, lead.id))])
        days = (("明天跟进", 1), ("三天后", 3), ("一周后", 7))
        labelled.append([(label, FollowLead(lead.id, ahead)) for label, ahead in days])
    labelled.append([("回到列表", ListLeads(0, LeadFilter()))])
    return tuple(tuple(Choice(label=label, action=action) for label, action in row) for row in labelled)


def full(lead: Lead) -> str:
    """Whom to call, for the member of staff who asked."""
    contact = lead.contact
    if not contact.phone:
        return f"**{lead.number}** {lead.enterprise}\n{_no_contact(lead)}"
    return "\n".join(
        [
            f"**{lead.number}** {lead.enterprise}",
            f"联系人：{contact.contact}",
            f"电话：{phone(contact.phone)}",
            f"方便的时间：{contact.time or '没有写'}",
            f"备注：{contact.remark or '没有写'}",
            "（已记下是您查看的；请只用于联系预申报。）",
        ]
    )


def _no_contact(lead: Lead) -> str:
    return f"联系方式：{'没有（来自名单）' if lead.consent == Consent.NONE else '已删除'}"


def listed(leads: Sequence[Lead], total: int, page: int, size: int, names: Mapping[str, str], today: date) -> str:
    """One page of leads."""
    pages = -(-total // size)
    lines = [f"**登记 {total} 条**" + (f"（第 {page + 1}/{pages} 页）" if pages > 1 else "")]
    for lead in leads:
        due = lead.follow_up is not None and lead.follow_up <= today and lead.state not in ENDED
        follow = f" · {'⏰' if due else ''}跟进 {lead.follow_up:%m-%d}" if lead.follow_up else ""
        who = f" · {names.get(lead.assignee, '')}" if lead.assignee else ""
        day = lead.created.astimezone(OFFICE_TIME)
        lines.append(f"• {lead.number} {lead.enterprise} · {STATES[lead.state]} · {day:%m-%d} 登记{who}{follow}")
    return "\n".join(lines)


def open_points(shelf: Shelf, lead: Lead) -> list[str]:
    """What is still wanted, by the policy's labels, each once."""
    paths = [name_on(shelf, path, lead.policy) for path in lead.attached.open]
    return list(dict.fromkeys(wanted_label(shelf.policy, path) for path in paths if path))


def claim_label(shelf: Shelf, claim: LeadClaim) -> str:
    """What the programme of a kept claim is called: as it was, else as it is now."""
    document = next((each for each in shelf.policy.alone if each.id == claim.policy), None)
    labels = {programme.id: programme.label for programme in document.programmes} if document else {}
    return claim.label or labels.get(claim.programme, claim.programme)


def claim_amount(claim: LeadClaim) -> str:
    """What a kept claim came to."""
    sums = claim.sums
    if sums.min is None:
        return "金额另议"
    return interval(Interval(sums.min, sums.max), every="每年" if sums.period == "year" else "")


def kept_sum(attached: Attached) -> str:
    """What the claims of a lead came to together when it was left."""
    if not any(said not in (None, {}) for about, said in attached.case.items() if about != TODAY):
        return "还没问过情况"
    assessment = attached.assessment
    return in_words(kept_total(assessment), kept_claims(assessment), lambda _: False)


def policy_name(shelf: Shelf, policy: str) -> str:
    """What a policy is called in short; by its id where it is not served any more."""
    return next((each.name for each in shelf.policy.alone if each.id == policy), policy)


def _programmes(shelf: Shelf, claims: Sequence[LeadClaim]) -> list[str]:
    """The claims as they were, below each policy's name with who takes them."""
    lines: list[str] = []
    for (policy, office), those in groupby(claims, key=lambda claim: (claim.policy, claim.office)):
        lines.append(policy_name(shelf, policy) + (f"（受理：{office}）" if office else ""))
        for claim in those:
            mark = "✅" if claim.status == Status.ELIGIBLE else "❓"
            gave_way = "让位" if claim.sums.gave_way else ""
            lines.append(f"{mark} {claim_label(shelf, claim)}：{claim_amount(claim)}（{claim.citation}）{gave_way}")
    return lines


def _entry(entry: LeadEntry, names: Mapping[str, str]) -> str:
    did = _DID[entry.what].format(state=STATES[entry.state], note=entry.note or "取消")
    note = f"：{entry.note}" if entry.note and entry.what in WITH_NOTE else ""
    who = names.get(entry.who, "工作人员") if entry.who else "本人"
    return f"· {entry.at.astimezone(OFFICE_TIME):%m-%d %H:%M} {who} {did.removeprefix('本人')}{note}"
