"""The office's desk for leads in chat: cards, lists, states, assignees, follow-up dates, who looked at whose number.

For staff only; ``office`` lets nobody else in. Works inside the transaction of a message. Knows no channel.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import false, select

from conversations.office import leads
from conversations.saying import lead_cards as wording
from conversations.saying.registration import STATES, document
from conversations.state import office_time
from conversations.state.lead_fields import enterprise_key, sought_phone
from conversations.state.leads import ENDED, LeadState
from conversations.state.messages import Choice, Inbound, Reply
from conversations.state.shelf import Shelf
from conversations.storage.store import Addressed, Work
from conversations.storage.tables import Outbox
from conversations.storage.tables_leads import Lead
from conversations.storage.vault import Vault

PAGE = 6
_ROOM = 58
"""The most bytes of a button's data."""
_NUMBER = re.compile(r"WC-\d{8}-\d{4,}", re.IGNORECASE)
_DAY = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
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


@dataclass(frozen=True, slots=True)
class Filter:
    """Which leads a list shows; empty parts leave all. ``words``: in the enterprise's name, or a phone or code."""

    state: str = ""
    programme: str = ""
    mine: bool = False
    due: bool = False
    since: date | None = None
    until: date | None = None
    words: str = ""

    def conditions(self, vault: Vault, me: str, today: date) -> list[Any]:
        """As conditions on the table; ``me`` is whose "mine" it is."""
        found: list[Any] = []
        if self.state:
            found.append(Lead.state == self.state)
        if self.programme:
            found.append(Lead.programmes.contains(f" {self.programme} ", autoescape=True))
        if self.mine:
            found.append(Lead.assignee == me)
        if self.due:
            found += [Lead.follow_up <= today, Lead.state.not_in([state.value for state in ENDED])]
        if self.since:
            found.append(Lead.created >= office_time.midnight(self.since))
        if self.until:
            found.append(Lead.created < office_time.midnight(self.until + timedelta(days=1)))
        if self.words:
            digests = vault.digests(sought_phone(self.words))
            key = enterprise_key(self.words)
            named = Lead.enterprise_key.contains(key, autoescape=True) if key else false()
            found.append(named | (Lead.code == self.words.upper()) | Lead.phone_digest.in_(digests))
        return found

    def packed(self) -> str:
        """As it fits into a button's data."""
        days = (f"{day:%Y%m%d}" if day else "" for day in (self.since, self.until))
        flags = "m" * self.mine + "d" * self.due
        return ",".join([self.state, self.programme, flags, *days, self.words])

    @classmethod
    def unpacked(cls, packed: str) -> "Filter":
        """The filter that was packed; an empty one for what is none."""
        parts = packed.split(",", 5)
        if len(parts) != 6:
            return cls()
        state, programme, flags, since, until, words = parts
        return cls(
            state if state in STATES else "",
            programme,
            "m" in flags,
            "d" in flags,
            _packed_day(since),
            _packed_day(until),
            words,
        )


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


async def press(work: Work, shelf: Shelf, inbound: Inbound, data: str, now: datetime) -> list[Addressed]:
    """A button of a card or a list."""
    _, verb, *rest = data.split(":", 3)
    if verb == "list":
        page, packed = (*rest, "", "")[:2]
        shown = Filter.unpacked(packed)
        return [await _list(work, inbound, shown, int(page) if page.isdecimal() else 0, now, edit=True)]
    ident, argument = (*rest, "", "")[:2]
    found = await leads.find(work.connection, Lead.id == int(ident)) if ident.isdecimal() else []
    if not found:
        return [Addressed.to(inbound, Reply(text=wording.NOTHING), leads.LISTS)]
    lead, me = found[0], inbound.person
    about = f"{leads.LEAD}{lead.id}"
    drafts: list[Addressed] = []
    match verb:
        case "show":
            await leads.note(work, lead, me, "viewed", now)
            drafts.append(
                replace(
                    Addressed.to(inbound, Reply(text=wording.full(lead)), about),
                    chat=_private(inbound),
                    thread=None,
                )
            )
        case "file":
            return [Addressed.to(inbound, document(lead), about)]
        case "state" if argument in STATES:
            await leads.move(work, lead, LeadState(argument), me, "", now)
        case "mine":
            await leads.assign(work, lead, me, me, inbound.name, now)
        case "give":
            return [await _givers(work, inbound, lead)]
        case "to":
            names = await leads.colleagues(work.connection)
            if argument.isdecimal() and int(argument) < len(names):
                colleague = list(names)[int(argument)]
                await leads.assign(work, lead, colleague, me, names[colleague], now)
        case "follow" if argument.isdecimal():
            await leads.follow_up(work, lead, office_time.today(now) + timedelta(days=int(argument)), me, now)
        case _:
            pass
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


async def announce(work: Work, shelf: Shelf, lead: Lead, what: str) -> Reply:
    """The card for the staff chat when its person did something: ``created``, ``updated`` or ``withdrawn``."""
    others = [] if what == "withdrawn" else await leads.others(work.connection, lead)
    reply = await _face(work, shelf, lead)
    return reply.model_copy(update={"text": wording.notice(what, others) + reply.text})


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
    names = await leads.colleagues(work.connection)
    return Reply(text=wording.card(shelf, lead, history, names), choices=wording.buttons(lead))


async def _card(work: Work, shelf: Shelf, inbound: Inbound, lead: Lead, edit: bool = False) -> Addressed:
    reply = await _face(work, shelf, lead)
    return Addressed.to(
        inbound, reply.model_copy(update={"edit": inbound.message if edit else None}), f"{leads.LEAD}{lead.id}"
    )


async def _givers(work: Work, inbound: Inbound, lead: Lead) -> Addressed:
    names = await leads.colleagues(work.connection)
    rows = tuple((Choice(label=name, data=f"!L:to:{lead.id}:{place}"),) for place, name in enumerate(names.values()))
    text = f"把 {lead.number} 分给谁？（用过机器人的同事）"
    return Addressed.to(inbound, Reply(text=text, choices=rows), f"{leads.LEAD}{lead.id}")


async def _list(work: Work, inbound: Inbound, shown: Filter, page: int, now: datetime, edit: bool = False) -> Addressed:
    conditions = shown.conditions(work.vault, inbound.person, office_time.today(now))
    total = await leads.count(work.connection, *conditions)
    page = max(0, min(page, (total - 1) // PAGE))
    found = await leads.find(work.connection, *conditions, limit=PAGE, offset=page * PAGE)
    names = await leads.colleagues(work.connection)
    text = wording.listed(found, total, page, PAGE, names, office_time.today(now)) if found else wording.NOTHING
    rows: list[list[Choice]] = [
        [Choice(label=f"{lead.number[3:]} {lead.enterprise[:14]}", data=f"!L:card:{lead.id}")] for lead in found
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


def _shortcuts(shown: Filter) -> Sequence[tuple[str, Filter]]:
    plain = Filter()
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


def _to_list(label: str, shown: Filter, page: int) -> Choice | None:
    data = f"!L:list:{page}:{shown.packed()}"
    return Choice(label=label, data=data) if len(data.encode()) <= _ROOM else None


def _filter(shelf: Shelf, words: str, today: date) -> Filter:
    """The filter that typed words mean."""
    shown = Filter()
    days = [date(int(y), int(m), int(d)) for y, m, d in _DAY.findall(words) if _valid(y, m, d)]
    if days:
        shown = replace(shown, since=min(days), until=max(days) if len(days) > 1 else min(days))
    programmes = {p.id: p.id for p in shelf.policy.programmes} | {p.label: p.id for p in shelf.policy.programmes}
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
        elif word in programmes:
            shown = replace(shown, programme=programmes[word])
        else:
            left.append(word)
    return replace(shown, words=" ".join(left).replace(",", "，"))


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


def _packed_day(text: str) -> date | None:
    return (
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
        if len(text) == 8 and text.isdecimal() and _valid(text[:4], text[4:6], text[6:])
        else None
    )


def _private(inbound: Inbound) -> str:
    """The chat of a member of staff alone; on the staff's channel it is named like the person."""
    return inbound.person.partition(":")[2] if inbound.group else inbound.chat
