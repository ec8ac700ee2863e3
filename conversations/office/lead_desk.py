"""The office's desk for leads in chat: cards, lists, states, assignees, follow-up dates, who looked at whose number.

For staff only: the room takes nobody else's messages. Works inside the transaction of a message. Knows no channel.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from conversations.office import lead_cards as wording
from conversations.office import leads
from conversations.office.context import Context, House, Take, Taken
from conversations.office.lead_search import matching
from conversations.office.own_leads_wording import document
from conversations.saying.registration import STATES
from conversations.state import office_time
from conversations.state.actions import (
    FollowLead,
    GiveLead,
    LeadDo,
    LeadVerb,
    ListLeads,
    MoveLead,
    OfLeads,
    fits,
)
from conversations.state.channels import Channels
from conversations.state.leads import ENDED, LeadFilter, LeadState
from conversations.state.messages import Choice, Inbound, Kind, Reply
from conversations.state.shelf import Shelf
from conversations.storage.store import Addressed, Work
from conversations.storage.tables import Outbox
from conversations.storage.tables_leads import Lead, LeadClaim
from conversations.storage.vault import Vault
from knowledge.patterns import regex
from knowledge.policy import Policy

PAGE = 6
_NUMBER = regex(r"WC-\d{8}-\d{4,}", re.IGNORECASE)
_DAY = regex(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_STATES = (
    {label: state for state, label in STATES.items()}
    | {state: state for state in STATES}
    | {
        "新": "new",
        "联系过": "contacted",
        "准备材料": "documents",
        "备材料": "documents",
        "提交": "submitted",
        "办结": "closed",
        "关闭": "closed",
        "不办了": "declined",
        "拒绝": "declined",
    }
)


def conditions(shown: LeadFilter, vault: Vault, me: str, today: date) -> list[Any]:
    """``shown`` as conditions on the table; ``me`` is whose "mine" it is."""
    found: list[Any] = []
    if shown.state:
        found.append(Lead.state == shown.state)
    claimed = [
        *([LeadClaim.policy == shown.policy] if shown.policy else []),
        *([LeadClaim.programme == shown.programme] if shown.programme else []),
    ]
    if claimed:
        found.append(Lead.id.in_(select(LeadClaim.lead).where(*claimed)))
    if shown.mine:
        found.append(Lead.assignee == me)
    if shown.due:
        found += [Lead.follow_up <= today, Lead.state.not_in([state.value for state in ENDED])]
    if shown.since:
        found.append(Lead.created >= office_time.midnight(shown.since))
    if shown.until:
        found.append(Lead.created < office_time.midnight(shown.until + timedelta(days=1)))
    if shown.words:
        found.append(matching(vault, shown.words))
    return found


def look(context: Context) -> Take | None:
    """The room: from staff a command, a button, or perhaps a note by reply."""
    return _take if context.inbound.staff and _for_desk(context.inbound) else None


def _for_desk(inbound: Inbound) -> bool:
    return isinstance(inbound.action, OfLeads) or (
        inbound.kind is Kind.TEXT
        and (inbound.text.strip().lower().partition(" ")[0] == "/leads" or inbound.reply_to is not None)
    )


async def _take(context: Context) -> Taken | None:
    work, inbound, text, now = context.work, context.inbound, context.text, context.now
    shelf = context.house.shelf
    await leads.meet(work, inbound.person, inbound.name, now)
    try:
        if isinstance(inbound.action, OfLeads):
            return Taken(await press(work, shelf, context.house.channels, inbound, inbound.action, now))
        if text.lower().startswith("/leads"):
            return Taken(await command(work, shelf, inbound, text[len("/leads") :].strip(), now))
    except leads.RefusedError as refused:
        return Taken([Addressed.to(inbound, Reply(text=wording.refused(str(refused))), leads.LISTS)])
    drafts = await noted(work, shelf, inbound, now)
    return None if drafts is None else Taken(drafts)


async def command(work: Work, shelf: Shelf, inbound: Inbound, words: str, now: datetime) -> list[Addressed]:
    """``/leads`` and what follows it."""
    number = _NUMBER.search(words)
    if number is not None:
        found = await leads.find(work.connection, Lead.number == number[0].upper())
        if not found:
            return [Addressed.to(inbound, Reply(text=wording.NOTHING), leads.LISTS)]
        return await _act(
            work, shelf, inbound, found[0], (words[: number.start()] + words[number.end() :]).strip(), now
        )
    if words in ("帮助", "help", "?", "？"):
        return [Addressed.to(inbound, Reply(text=wording.HELP), leads.LISTS)]
    return [await _list(work, inbound, _filter(shelf, words, office_time.today(now)), 0, now)]


async def press(
    work: Work, shelf: Shelf, channels: Channels, inbound: Inbound, action: OfLeads, now: datetime
) -> list[Addressed]:
    """A button of a card or a list."""
    if isinstance(action, ListLeads):
        return [await _list(work, inbound, action.shown, action.page, now, edit=True)]
    found = await leads.find(work.connection, Lead.id == action.lead)
    if not found:
        return [Addressed.to(inbound, Reply(text=wording.NOTHING), leads.LISTS)]
    lead, me = found[0], inbound.person
    about = f"{leads.LEAD}{lead.id}"
    drafts: list[Addressed] = []
    match action:
        case LeadDo(LeadVerb.SHOW):
            await leads.note(work, lead, me, "viewed", now)
            drafts.append(
                replace(
                    Addressed.to(inbound, Reply(text=wording.full(lead)), about),
                    chat=channels.private(inbound.channel, inbound.person) if inbound.group else inbound.chat,
                    thread=None,
                )
            )
        case LeadDo(LeadVerb.FILE):
            return [Addressed.to(inbound, document(lead), about)]
        case LeadDo(LeadVerb.MINE):
            await leads.assign(work, lead, me, me, inbound.name, now)
        case LeadDo(LeadVerb.GIVE):
            return [await _givers(work, inbound, lead)]
        case MoveLead(_, state):
            await leads.move(work, lead, state, me, "", now)
        case GiveLead(_, place):
            names = await leads.colleagues(work.connection)
            if place < len(names):
                colleague = list(names)[place]
                await leads.assign(work, lead, colleague, me, names[colleague], now)
        case FollowLead(_, days):
            await leads.follow_up(work, lead, office_time.today(now) + timedelta(days=days), me, now)
        case LeadDo():
            pass  # the card alone
    return [await _card(work, shelf, inbound, lead, edit=True), *drafts]


async def noted(work: Work, shelf: Shelf, inbound: Inbound, now: datetime) -> list[Addressed] | None:
    """A reply of staff to a message that shows a lead: a note to it; None where it replies to something else."""
    rows = await work.connection.execute(
        select(Outbox.about)
        .where(
            Outbox.chat == inbound.chat,
            Outbox.channel == inbound.channel,
            Outbox.message == inbound.reply_to,
            Outbox.about.startswith(leads.LEAD),
        )
        .order_by(Outbox.id.desc())
        .limit(1)
    )
    about = rows.scalar()
    if about is None:
        return None
    found = await leads.find(work.connection, Lead.id == int(about.removeprefix(leads.LEAD)))
    if not found:
        return None
    return await _act(work, shelf, inbound, found[0], f"备注 {inbound.text}", now)


async def announce(work: Work, house: House, lead: Lead, what: str) -> list[Addressed]:
    """The card for the staff chat when its person did something: ``created``, ``updated`` or ``withdrawn``."""
    if house.staff is None:
        return []
    others = [] if what == "withdrawn" else await leads.others(work.connection, lead)
    reply = await _face(work, house.shelf, lead)
    card = reply.model_copy(update={"text": wording.notice(what, others) + reply.text})
    return [house.staff.post(card, f"{leads.LEAD}{lead.id}")]


async def _act(work: Work, shelf: Shelf, inbound: Inbound, lead: Lead, words: str, now: datetime) -> list[Addressed]:
    """What is typed after a number: a state with a note, a note, a date, a colleague; nothing: the card."""
    verb, _, rest = words.partition(" ")
    rest = rest.strip()
    me = inbound.person
    if verb in _STATES:
        await leads.move(work, lead, LeadState(_STATES[verb]), me, rest, now)
    elif verb == "备注" and rest:
        await leads.note(work, lead, me, "note", now, rest)
    elif verb == "跟进" and rest in ("取消", "无"):
        await leads.follow_up(work, lead, None, me, now)
    elif verb == "跟进" and (day := _day(rest, office_time.today(now))) is not None:
        await leads.follow_up(work, lead, day, me, now)
    elif verb in ("分给", "转给") and rest:
        names = await leads.colleagues(work.connection)
        given = [key for key, name in names.items() if rest in (name, key)] or [
            k for k, n in names.items() if rest in n
        ]
        if len(given) != 1:
            return [await _givers(work, inbound, lead)]
        await leads.assign(work, lead, given[0], me, names[given[0]], now)
    elif words:
        return [Addressed.to(inbound, Reply(text=wording.HELP), leads.LISTS)]
    return [await _card(work, shelf, inbound, lead)]


async def _face(work: Work, shelf: Shelf, lead: Lead) -> Reply:
    history = await leads.history(work.connection, [lead.id])
    claims = await leads.claims(work.connection, Lead.id == lead.id)
    names = await leads.colleagues(work.connection)
    return Reply(text=wording.card(shelf, lead, claims[lead.id], history, names), choices=wording.buttons(lead))


async def _card(work: Work, shelf: Shelf, inbound: Inbound, lead: Lead, edit: bool = False) -> Addressed:
    reply = await _face(work, shelf, lead)
    return Addressed.to(
        inbound, reply.model_copy(update={"edit": inbound.message if edit else None}), f"{leads.LEAD}{lead.id}"
    )


async def _givers(work: Work, inbound: Inbound, lead: Lead) -> Addressed:
    names = await leads.colleagues(work.connection)
    rows = tuple((Choice(label=name, action=GiveLead(lead.id, place)),) for place, name in enumerate(names.values()))
    text = f"把 {lead.number} 分给谁？（用过机器人的同事）"
    return Addressed.to(inbound, Reply(text=text, choices=rows), f"{leads.LEAD}{lead.id}")


async def _list(
    work: Work, inbound: Inbound, shown: LeadFilter, page: int, now: datetime, edit: bool = False
) -> Addressed:
    chosen = conditions(shown, work.vault, inbound.person, office_time.today(now))
    total = await leads.count(work.connection, *chosen)
    page = max(0, min(page, (total - 1) // PAGE))
    found = await leads.find(work.connection, *chosen, limit=PAGE, offset=page * PAGE)
    names = await leads.colleagues(work.connection)
    text = wording.listed(found, total, page, PAGE, names, office_time.today(now)) if found else wording.NOTHING
    rows: list[list[Choice]] = [
        [Choice(label=f"{lead.number[3:]} {lead.enterprise[:14]}", action=LeadDo(LeadVerb.CARD, lead.id))]
        for lead in found
    ]
    turns = [
        (label, to)
        for label, to in (("‹ 上一页", page - 1), ("下一页 ›", page + 1))
        if 0 <= to * PAGE < max(total, 1) and to >= 0
    ]
    rows.append([choice for label, to in turns if (choice := _to_list(label, shown, to)) is not None])
    rows.append([choice for label, other in _shortcuts(shown) if (choice := _to_list(label, other, 0)) is not None])
    return Addressed.to(
        inbound,
        Reply(text=text, choices=tuple(tuple(row) for row in rows if row), edit=inbound.message if edit else None),
        leads.LISTS,
    )


def _shortcuts(shown: LeadFilter) -> Sequence[tuple[str, LeadFilter]]:
    plain = LeadFilter()
    return [
        (label, other)
        for label, other in (
            ("全部", plain),
            ("新登记", replace(plain, state="new")),
            ("我的", replace(plain, mine=True)),
            ("到期", replace(plain, due=True)),
        )
        if other != shown
    ]


def _to_list(label: str, shown: LeadFilter, page: int) -> Choice | None:
    action = ListLeads(page, shown)
    return Choice(label=label, action=action) if fits(action) else None


def _filter(shelf: Shelf, words: str, today: date) -> LeadFilter:
    """The filter that typed words mean."""
    shown = LeadFilter()
    days = [date(int(y), int(m), int(d)) for y, m, d in _DAY.findall(words) if _valid(y, m, d)]
    if days:
        shown = replace(shown, since=min(days), until=max(days) if len(days) > 1 else min(days))
    matters = _matters(shelf.policy)
    left: list[str] = []
    for word in _DAY.sub(" ", words).split():
        if word in _STATES:
            shown = replace(shown, state=_STATES[word])
        elif word in ("我的", "mine"):
            shown = replace(shown, mine=True)
        elif word in ("到期", "due"):
            shown = replace(shown, due=True)
        elif word == "今天":
            shown = replace(shown, since=today, until=today)
        elif word in matters:
            policy, programme = matters[word]
            shown = replace(shown, policy=policy or shown.policy, programme=programme or shown.programme)
        else:
            left.append(word)
    return replace(shown, words=" ".join(left).replace(",", "，"))


def _matters(policy: Policy) -> dict[str, tuple[str, str]]:
    """How staff call a policy, or a programme of one, with the names of both."""
    called: dict[str, tuple[str, str]] = {}
    for each in policy.alone:
        called |= dict.fromkeys((each.id, each.title, each.name), (each.id, ""))
        for programme in each.programmes:
            called[programme.label] = called[f"{each.id}/{programme.id}"] = each.id, programme.id
            called[programme.id] = "", programme.id
    return called


def _day(words: str, today: date) -> date | None:
    """The day that words name: a date, 今天, 明天, 后天, 3天后, 下周."""
    ahead = {"今天": 0, "明天": 1, "后天": 2, "下周": 7}.get(words)
    if ahead is None and (counted := re.fullmatch(r"(\d{1,3})\s*天后?", words)):
        ahead = int(counted[1])
    if ahead is not None:
        return today + timedelta(days=ahead)
    named = _DAY.fullmatch(words)
    return date(*map(int, named.groups())) if named and _valid(*named.groups()) else None


def _valid(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
