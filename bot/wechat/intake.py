"""A page of ``sync_msg`` taken in: what people said goes to the service, in their order; what happened around is noted.

Returns once all of it is committed. Every entry may come again, and counts once. Knows no consultation.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime

from bot.wechat import ledger as ledgers
from bot.wechat.api import Json, UnreachableError, WeChatApi, WeChatError
from bot.wechat.delivery import WeChatDeliverer
from bot.wechat.inbound import (
    Entered,
    Failed,
    Happened,
    PersonSaid,
    Recalled,
    SessionEnded,
    SessionTaken,
    StaffSaid,
    read,
    sent_at,
)
from bot.wechat.ledger import Bundle, Ledger
from bot.wechat.render import Menu, Text, asks_for_more, parts
from bot.wechat.sessions import AT, Sessions
from bot.wechat.traits import CODE_LASTS, LONGEST_HEAD, WECHAT
from conversations.office import handover_records
from conversations.saying.handovers import from_staff
from conversations.saying.notices import welcome
from conversations.service import Service
from conversations.state.actions import Do
from conversations.state.commands import Command
from conversations.state.markup import plain
from conversations.state.messages import Choice, Inbound, Kind
from conversations.storage import channel_notes
from conversations.storage.faults import passing
from conversations.storage.store import Addressed, Line, Work

log = logging.getLogger(__name__)

BEGIN = "开始"
RECALLED = "（撤回了一条消息）"


class Intake:
    """Takes in what was sent ``since`` this office is in service: what came before is nobody's business here.

    ``salt`` is what the names of our messages begin with.
    """

    def __init__(
        self,
        service: Service,
        api: WeChatApi,
        sessions: Sessions,
        deliverer: WeChatDeliverer,
        salt: str,
        since: datetime,
    ) -> None:
        self._service = service
        self._api = api
        self._sessions = sessions
        self._deliverer = deliverer
        self._salt = salt
        self._since = since

    async def take(self, entries: Sequence[Json]) -> None:
        """Take a page in. Raises what passes: then the page has to come again."""
        happened = [each for each in [await self._read(entry) for entry in entries] if each is not None]
        swallowed = await self._hear(happened)
        by_chat: dict[str, list[Happened]] = {}
        for each in happened:
            if each.inbound.id not in swallowed:
                by_chat.setdefault(each.inbound.chat, []).append(each)
        results = await asyncio.gather(*(self._in_order(each) for each in by_chat.values()), return_exceptions=True)
        for failed in results:
            if failed is not None:
                raise failed

    async def _read(self, entry: Json) -> Happened | None:
        try:
            return read(entry) if sent_at(entry) >= self._since else None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            await self._service.set_aside(WECHAT.name, entry, error)
            return None

    async def _in_order(self, happened: Iterable[Happened]) -> None:
        for each in happened:
            try:
                await self._take(each)
            except Exception as error:
                if passing(error):
                    raise
                await self._service.set_aside(WECHAT.name, each.inbound.model_dump(mode="json"), error)

    async def _take(self, happened: Happened) -> None:
        match happened:
            case PersonSaid(inbound):
                await self._service.handle(inbound)
            case Entered(inbound, code):
                await self._greet(inbound, code)
            case StaffSaid():
                await self._once(happened.inbound, lambda work, now: self._staff_said(work, happened, now))
            case SessionTaken(inbound, name):
                await self._once(inbound, lambda work, now: self._sessions.taken(work, inbound, name, now))
            case SessionEnded():
                await self._once(happened.inbound, lambda work, now: self._ended(work, happened, now))
                await self._deliverer.collect()
            case Failed():
                await self._once(happened.inbound, lambda work, now: self._failed(work, happened))
                if happened.rejected:
                    left = happened.inbound.model_copy(update={"kind": Kind.LEFT, "id": f"left:{happened.inbound.id}"})
                    await self._service.handle(left)
            case Recalled():
                await self._once(happened.inbound, lambda work, now: _recalled(work, happened, now))

    async def _hear(self, happened: Sequence[Happened]) -> set[str]:
        """Who has written may be answered again, and is shown what waited for that; returns what only asked for the rest."""
        said = [each.inbound for each in happened if isinstance(each, PersonSaid)]
        latest = {inbound.chat: inbound for inbound in said}
        taken = {each.inbound.chat for each in happened if isinstance(each, SessionTaken | StaffSaid)}
        swallowed: set[str] = set()
        if not latest:
            return swallowed
        now = datetime.now(UTC)
        unfinished: set[str] = set()
        async with self._service.store.transaction() as work:
            for chat in sorted(latest):
                ledger = await ledgers.load(work, chat) or Ledger()
                await ledgers.save(work, chat, ledger.spoken_to(latest[chat].at, latest[chat].id))
                if ledger.more and not ledger.staff and chat not in taken:  # staff hear all that is said to them
                    unfinished.add(chat)
            woken = await channel_notes.wake(work, WECHAT.name, sorted(latest), now)
            unfinished &= await channel_notes.waiting(work, WECHAT.name, unfinished)
            asking = [s for s in said if s.chat in unfinished and s.kind is Kind.TEXT and asks_for_more(s.text)]
            if asking:
                fresh = await work.admit(asking, now)
                swallowed = {each.id for each in asking if (each.channel, each.id) in fresh}
        if woken:
            await self._deliverer.collect()
        return swallowed

    async def _once(self, inbound: Inbound, do: Callable[[Work, datetime], Awaitable[Sequence[Addressed]]]) -> None:
        """Do what follows from an event in one transaction with the note that it has been."""

        async def first(work: Work, now: datetime) -> Sequence[Addressed]:
            return await do(work, now) if await work.admit([inbound], now) else ()

        await self._service.act(first)

    async def _greet(self, inbound: Inbound, code: str) -> None:
        """Say the first words to who has opened the conversation, where they may be said; nothing is kept of that."""
        if not code or datetime.now(UTC) - inbound.at >= CODE_LASTS:
            return
        words = plain(welcome(self._service.shelf))
        begin = (Choice(label=BEGIN, action=Do(Command.START)).data, BEGIN)
        fits = len(words.encode()) <= LONGEST_HEAD
        greeting = Menu(words, (begin,)) if fits else Text(next(parts(words)))
        try:
            await self._api.call("kf/send_msg_on_event", {"code": code, **greeting.body()})
        except (WeChatError, UnreachableError) as error:
            log.info("Somebody was not greeted: %s", error)

    async def _staff_said(self, work: Work, said: StaffSaid, now: datetime) -> Sequence[Addressed]:
        """Staff have written to a person in 企业微信, who is with them from now on, unless that is over since."""
        if await ledgers.given_to_staff(work, said.inbound.chat, said.inbound.at):
            handovers = self._service.office.handovers
            return await handovers.hear_staff(work, said.inbound, said.name, said.text, now, at=AT)
        return await _noted(work, said.inbound, from_staff(said.name, said.text), now)

    async def _ended(self, work: Work, ended: SessionEnded, now: datetime) -> Sequence[Addressed]:
        """The session with staff of 企业微信 is over: the bot goes on where it was."""
        chat = ended.inbound.chat
        ledger = await ledgers.load(work, chat)
        if ledger is None or not ledger.staff:  # we have ended it ourselves
            return ()
        await ledgers.save(work, chat, ledger.session_over(ended.code, ended.inbound.at))
        await channel_notes.wake(work, WECHAT.name, [chat], now)
        handover = await handover_records.current(work.connection, ended.inbound.person)
        return () if handover is None else await self._service.office.handovers.close(work, handover, "staff", now)

    async def _failed(self, work: Work, failed: Failed) -> Sequence[Addressed]:
        """A message of ours has come back: from it on its replies are shown anew once the person writes.

        Raises ``ConnectionError`` where it is not noted yet that they were shown at all: then it has to come again.
        """
        chat = failed.inbound.chat
        log.warning("WeChat could not deliver the message %s: %s", failed.message, failed.reason)
        found, ledger = Bundle.read(failed.message, self._salt), await ledgers.load(work, chat)
        if found is None or ledger is None or failed.rejected or failed.never:
            return ()
        bundle, part = found
        nth, kept = ledger.bounced + 1, ledger.bundle
        if await channel_notes.bounced(work, WECHAT.name, chat, bundle.name(self._salt)):
            again = kept if kept is not None and ledger.more and not bundle.same(kept) else bundle.anew(nth, part)
        elif kept is None or not bundle.same(kept):
            return ()
        elif ledger.more or kept.nth != bundle.nth:  # the rest waits, or another message of them came back before
            again = kept.anew(nth, min(part, kept.at))
        else:
            raise ConnectionError("a message came back before it was noted")
        silent = {"heard": None} if failed.waits else {}
        await ledgers.save(work, chat, ledger.but(bounced=nth, bundle=again, **silent))
        return ()


async def _recalled(work: Work, recalled: Recalled, now: datetime) -> Sequence[Addressed]:
    """A message was taken back."""
    return await _noted(work, recalled.inbound, from_staff(recalled.name, RECALLED) if recalled.name else "", now)


async def _noted(work: Work, inbound: Inbound, staff: str, now: datetime) -> Sequence[Addressed]:
    """Put into the log what ``staff`` said or did, else that the person has taken a message back.

    Nothing is noted of who is not known (any more).
    """
    if await ledgers.load(work, inbound.chat) is not None:
        theirs = Line(inbound.person, True, Kind.TEXT, RECALLED)
        await work.record([Line(inbound.person, False, "reply", staff) if staff else theirs], now)
    return ()
