"""What a person reads about a lead of theirs that is kept: the receipt, the lead itself, and before it is withdrawn.

Renders rows; changes nothing.
"""

from conversations.saying.registration import PAPER, STATES
from conversations.state.actions import KeepLead, OwnLead, OwnVerb
from conversations.state.lead_fields import LABELS, show
from conversations.state.lead_form import FIELDS
from conversations.state.leads import ENDED
from conversations.state.messages import Choice, Reply
from conversations.state.office_time import shown
from conversations.state.shelf import Shelf
from conversations.storage.tables_leads import Lead


def receipt(shelf: Shelf, lead: Lead, updated: bool, asked: bool) -> list[Reply]:
    """What a person gets for a lead: its number, what happens next, and the pre-assessment as a file.

    ``updated``: it was there before; ``asked``: because the person set out to change it.
    """
    if updated and asked:
        head = f"改好了，登记 **{lead.number}** 已经按您改的**更新**。"
    elif updated:
        head = f"{shelf.policy.you}已经有一条登记 **{lead.number}**，没有重复登记，按您这次填的**更新**了。"
    else:
        head = f"登记好了，编号 **{lead.number}**。"
    text = (
        f"{head}\n{shelf.policy.lead}的工作人员会联系您。\n"
        "发“我的登记”可以查看、修改、撤回；发 /mydata 取走资料，发 /forget 全部删除。"
    )
    return [Reply(text=text), document(lead)]


def document(lead: Lead) -> Reply:
    """The pre-assessment of a lead, as a file."""
    return Reply(text=PAPER, file=f"预评估表-{lead.number}.docx", document=f"lead:{lead.number}", sources=True)


def lead(lead: Lead) -> Reply:
    """A lead as its person sees it."""
    lines = [
        f"**{lead.number}** · {STATES[lead.state]} · {shown(lead.created)}",
        *(
            f"• {LABELS[field]}：{show(field, value) or '（没填）'}"
            for field, value in zip(
                FIELDS, (lead.enterprise, lead.code, *lead.contact.model_dump().values()), strict=True
            )
        ),
    ]
    rows = [[Choice(label="下载预评估表", action=OwnLead(OwnVerb.FILE, lead.number), key="下载")]]
    if lead.state not in ENDED:
        rows.append(
            [
                Choice(label="修改登记", action=OwnLead(OwnVerb.EDIT, lead.number), key="改登记"),
                Choice(label="撤回登记", action=OwnLead(OwnVerb.WITHDRAW, lead.number), key="撤回"),
            ]
        )
    return Reply(text="\n".join(lines), choices=tuple(map(tuple, rows)))


def withdrawing(lead: Lead) -> Reply:
    """Asks once more before a lead is withdrawn."""
    text = f"要撤回登记 **{lead.number}**（{lead.enterprise}）吗？撤回后办公室不再联系您，联系方式会删除。"
    yes = Choice(label="是，撤回", action=OwnLead(OwnVerb.WITHDRAWN, lead.number), key="确认撤回")
    return Reply(text=text, choices=((yes, Choice(label="不撤回", action=KeepLead(), key="不撤回")),))
