"""With whom a person's session in 企业微信 is: with us, with staff there, or over; and how it is handed over and taken back.

Who is with staff is the office's word (``handover_records``); here the session follows it. Knows nothing of what is said.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import IntEnum

from bot.channel import clean
from bot.wechat import ledger as ledgers
from bot.wechat.api import UnreachableError, WeChatApi, WeChatError, told
from bot.wechat.inbound import somebody
from bot.wechat.ledger import Ledger
from bot.wechat.traits import WECHAT
from conversations.office import handover_records
from conversations.service import Service
from conversations.state.messages import Inbound
from conversations.storage.store import Addressed, Work

log = logging.getLogger(__name__)


AT = "企业微信"
"""Where staff of it answer, as the office calls it."""


class StillThereError(Exception):
    """WeChat does not let us end a session that is not with us."""


class SessionState(IntEnum):
    """``service_state``. Only of a session that is new or ours can we send, but for the codes of events."""

    NEW = 0
    OURS = 1
    WAITING = 2
    """In the pool, for one of the staff to take it."""
    STAFF = 3
    OVER = 4

    @property
    def with_staff(self) -> bool:
        """Whether it is staff's: one of them has it, or will."""
        return self in (SessionState.WAITING, SessionState.STAFF)


class Sessions:
    """The sessions of the customer service ``kf``."""

    def __init__(self, service: Service, api: WeChatApi, kf: str) -> None:
        self._service = service
        self._api = api
        self._kf = kf

    async def state(self, chat: str) -> tuple[SessionState, str]:
        """Where the session of ``chat`` is, and with whom of the staff. Raises what ``WeChatApi.call`` raises."""
        answer = await self._api.call("kf/service_state/get", self._of(chat))
        number = told(answer, "service_state", "kf/service_state/get")
        if number not in frozenset(SessionState):
            raise UnreachableError(f"kf/service_state/get: no such state as {number}")
        return SessionState(number), clean(str(answer.get("servicer_userid") or ""))

    async def taken(self, work: Work, person: Inbound, name: str, now: datetime) -> Sequence[Addressed]:
        """Staff of 企业微信 (``name``, where it is known) have the ``person`` from now on: the office's word follows."""
        if not await ledgers.given_to_staff(work, person.chat, person.at):
            return ()
        return await self._service.office.handovers.taken_up(work, person, name, now, at=AT)

    async def found_taken(self, chat: str, name: str) -> None:
        """Staff have the person of ``chat``, as we find out before it is told. Raises SQLAlchemy's errors."""

        async def follow(work: Work, now: datetime) -> Sequence[Addressed]:
            ledger = await ledgers.load(work, chat)
            if ledger is None or ledger.staff:
                return ()
            if await handover_records.current(work.connection, f"{WECHAT.name}:{chat}") is None:
                return await self.taken(work, somebody(chat, now), name, now)
            await ledgers.save(work, chat, ledger.but(staff=True))
            return ()

        await self._service.act(follow)

    async def take_back(self, chat: str) -> None:
        """End the session of who is with staff of 企业微信 and not with the office's any more.

        Raises ``StillThereError``, what ``WeChatApi.call`` raises, and SQLAlchemy's errors.
        """
        ledger, with_office = await self._look(chat)
        if ledger is None or not ledger.staff or with_office:
            return
        (state, _), code, at = await self.state(chat), "", datetime.now(UTC).replace(microsecond=0)
        if state.with_staff:
            try:
                code = await self._move(chat, SessionState.OVER)
            except WeChatError as error:
                if error.passing:
                    raise
                raise StillThereError(str(error)) from None
        over = state not in (SessionState.NEW, SessionState.OURS)
        async with self._service.store.transaction() as work:
            if (kept := await ledgers.load(work, chat)) is not None:
                await ledgers.save(work, chat, kept.session_over(code, at) if over else kept.but(staff=False))

    async def hand_over(self, chat: str) -> None:
        """Put the session of who is with the office's staff into the pool of 企业微信, unless it is there.

        Where that is refused they have the office's desk. Raises what ``WeChatApi.call`` raises, and SQLAlchemy's errors.
        """
        ledger, with_office = await self._look(chat)
        if ledger is None or ledger.staff or not with_office:
            return
        await self._change(chat, Ledger.all_shown)  # from here on nothing can be shown again
        try:
            await self._move(chat, SessionState.WAITING)
        except WeChatError as error:
            if error.passing:
                raise
            if error.standing or not (await self.state(chat))[0].with_staff:
                log.warning("A person stays with the desk alone, the pool of 企业微信 does not take them: %s", error)
                return
        await self._change(chat, lambda kept: kept.but(staff=True))

    async def _change(self, chat: str, change: Callable[[Ledger], Ledger]) -> None:
        async with self._service.store.transaction() as work:
            if (kept := await ledgers.load(work, chat)) is not None:
                await ledgers.save(work, chat, change(kept))

    async def _look(self, chat: str) -> tuple[Ledger | None, bool]:
        async with self._service.store.glance() as connection:
            ledger = await ledgers.glance(connection, chat)
            if ledger is None:
                return None, False
            return ledger, await handover_records.current(connection, f"{WECHAT.name}:{chat}") is not None

    async def _move(self, chat: str, state: SessionState) -> str:
        """Put the session into ``state``; the code by which one message can be sent then."""
        answer = await self._api.call("kf/service_state/trans", {**self._of(chat), "service_state": int(state)})
        return str(answer.get("msg_code", ""))

    def _of(self, chat: str) -> dict[str, object]:
        return {"open_kfid": self._kf, "external_userid": chat}
