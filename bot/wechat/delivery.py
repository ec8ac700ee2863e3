"""From the outbox to WeChat, in the lanes of ``bot.lanes``: as few messages as the replies fit into, as many as may be sent.

What may not be sent yet waits in the outbox until its person writes. Knows nothing of what is said.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.channel import MakeFile
from bot.lanes import SWEEP, Ended, Lanes
from bot.wechat import ledger as ledgers
from bot.wechat.api import (
    ENDED,
    MOST_SENT,
    NO_SUCH_MEDIA,
    NOT_OURS,
    TOO_LATE,
    UnreachableError,
    WeChatApi,
    WeChatError,
)
from bot.wechat.ledger import Bundle, Ledger
from bot.wechat.media import Media, instead_of
from bot.wechat.render import Card, File, Message, messages, with_more
from bot.wechat.sessions import Sessions, SessionState, StillThereError
from bot.wechat.traits import MOST_MESSAGES, WECHAT
from conversations.service import Outgoing, Service
from conversations.storage import channel_notes
from conversations.storage.channel_notes import UNTIL_THEY_WRITE
from conversations.storage.faults import complain, passing
from conversations.storage.store import Work
from conversations.storage.tables import Outbox

log = logging.getLogger(__name__)


class _NotAllHereError(Exception):
    """Another process still has some of what is to be shown together."""


class _HeldUp(Exception):  # noqa: N818 - no error: nothing is wrong
    """Nothing more may be sent before the person writes."""


@dataclass(frozen=True, slots=True)
class _Round:
    """Messages, with their places, that are sent before anything is noted again.

    ``then``: so many of the bundle have been sent by its end. ``again``: those before that place may have been before.
    ``code`` is what lets a message through in the place of the person's own, if any.
    """

    bundle: Bundle
    rows: tuple[Outgoing, ...]
    shown: tuple[tuple[int, Message], ...]
    then: int
    whole: bool
    again: int
    code: str


class WeChatDeliverer(Lanes):
    """Delivers the replies of this process, and those whose process is gone, to people of the customer service ``kf``.

    ``salt`` tells the messages of this database from all others of the account; ``sources`` is where the documents are
    to be read.
    """

    settled_first = True

    def __init__(
        self,
        service: Service,
        api: WeChatApi,
        sessions: Sessions,
        kf: str,
        salt: str,
        make_file: MakeFile,
        sources: Card | None,
    ) -> None:
        super().__init__(service, WECHAT.name)
        self._api = api
        self._sessions = sessions
        self._kf = kf
        self._salt = salt
        self._media = Media(api, make_file)
        self._sources = sources

    async def deliver(self, lane: deque[Outgoing]) -> Ended:
        """Show what stands in ``lane``, together; what may not be shown yet waits until its person writes."""
        try:
            plan = await self._planned(lane)
            if isinstance(plan, Bundle):  # shown before a crash
                return [(lane[0], plan.name(self._salt), None)]
            for place, message in plan.shown:
                await self._send(plan, place, message)
            if not plan.whole:
                await self._note(plan, plan.then)
                raise _HeldUp
            await self._put_through(plan.rows[0])
        except _HeldUp:
            return [(outgoing, None, UNTIL_THEY_WRITE) for outgoing in lane]
        name = plan.bundle.name(self._salt)
        return [(outgoing, name, None) for outgoing in plan.rows]

    async def settled(self, chat: str, ended: Ended) -> None:
        """Where somebody has written while what waits for that was being noted, it need not wait."""
        if not any(again for _, _, again in ended):
            return
        try:
            async with self._service.store.transaction() as work:
                ledger, now = await ledgers.load(work, chat), datetime.now(UTC)
                free = ledger is not None and ledger.but(reserved=0).budget(now) > 0
                woken = free and await channel_notes.wake(work, WECHAT.name, [chat], now)
            if woken:
                await self.collect()
        except Exception as error:
            complain(log, "What waits for somebody could not be looked at", error)

    async def _planned(self, lane: deque[Outgoing]) -> _Round | Bundle:
        """What is sent next, once the database and the session let us. Raises ``_HeldUp``."""
        failures = lane[0].attempts
        while True:
            try:
                await self._sessions.take_back(lane[0].chat)
                return await self._plan(lane)
            except _HeldUp:
                raise
            except StillThereError as error:
                log.warning("Reply %s waits until staff of 企业微信 end the session: %s", lane[0].id, error)
                raise _HeldUp from None
            except _NotAllHereError:
                await asyncio.sleep(SWEEP)
            except (WeChatError, UnreachableError) as error:
                failures += 1
                await self.back_off(lane[0], failures, error)
            except Exception as error:
                complain(log, f"Reply {lane[0].id} waits", error)
                await self.pause(lane[0], timedelta(seconds=SWEEP))

    async def _plan(self, lane: deque[Outgoing]) -> _Round | Bundle:
        """What is sent next, written down before it is; the bundle, where the first reply was shown with it.

        Raises ``_HeldUp`` and ``_NotAllHereError``.
        """
        first, now = lane[0], datetime.now(UTC)
        async with self._service.store.transaction() as work:
            kept = await ledgers.load(work, first.chat) if first.person else None
            ledger = kept or Ledger(heard=now)  # who has just been forgotten has just written
            bundle = ledger.bundle
            if bundle is not None and bundle.first < first.id <= bundle.last:
                return bundle
            if bundle is None or bundle.first != first.id:
                together = [each for each in lane if bool(each.person) == bool(first.person)]
                bundle = Bundle(first=first.id, last=together[-1].id, nth=ledger.bounced)
                ledger = ledger.but(reserved=0)
            rows = tuple(each for each in lane if each.id <= bundle.last)
            _check(first, rows, await _waiting(work, first.chat, bundle.last))
            plan = _round(bundle, rows, messages([each.reply for each in rows], self._sources), ledger, now)
            if not plan.shown and not plan.whole:
                raise _HeldUp
            if kept is not None:
                sent = len(plan.shown)
                used = ledger.used - ledger.reserved + sent
                counted = {"code": ""} if plan.code else {"used": used, "reserved": sent}
                await ledgers.save(work, first.chat, ledger.but(bundle=plan.bundle, more=not plan.whole, **counted))
        return plan

    async def _send(self, plan: _Round, place: int, message: Message) -> None:
        """Send one message, however long that takes. Raises ``_HeldUp`` where WeChat lets it not through."""
        first = plan.rows[0]
        failures, again, anew = first.attempts, place < plan.again, False
        while True:
            made = False
            try:
                body = await self._media.body(message) | {"msgid": plan.bundle.message_id(self._salt, place)}
                made = True
                await self._call(plan, body)
                return
            except WeChatError as error:
                if error.code == NO_SUCH_MEDIA and not anew:
                    self._media.forget()
                    anew = True
                    continue
                if not error.passing and not error.standing:
                    await self._refused(plan, place, error, again=again)
                    if again or not isinstance(message, File | Card):
                        return
                    message = instead_of(message)
                    continue
                why: Exception = error
            except UnreachableError as error:
                why = error
            failures, again = failures + 1, again or made  # what was not even uploaded has not been sent
            await self.back_off(first, failures, why)

    async def _call(self, plan: _Round, body: dict[str, object]) -> None:
        """Send what is made, by the code of the event where there is one. Raises what ``WeChatApi.call`` raises."""
        if plan.code:
            await self._api.call("kf/send_msg_on_event", body | {"code": plan.code})
        else:
            await self._api.call("kf/send_msg", body | {"touser": plan.rows[0].chat, "open_kfid": self._kf})

    async def _refused(self, plan: _Round, place: int, error: WeChatError, *, again: bool) -> None:
        """Go on with the next message, unless none is let through now. Raises ``_HeldUp`` then.

        What is sent ``again`` and refused for no reason that would hold up all others has been shown.
        """
        first = plan.rows[0]
        if plan.code:
            log.info("The code for reply %s is of no use any more: %s", first.id, error)
            await self._note(plan, plan.bundle.at)
            raise _HeldUp
        if error.code in (MOST_SENT, TOO_LATE):
            await self._note(plan, place, used=MOST_MESSAGES)
            raise _HeldUp
        if error.code in (NOT_OURS, ENDED):
            state, name = await self._state(first)
            if state.with_staff:
                await self._note(plan, place)
                await self._found_taken(first, name)
            else:
                await self._note(plan, place, staff=False, heard=None)
            raise _HeldUp
        if again:
            log.info("A message of reply %s was sent before: %s", first.id, error)
        else:
            log.error("WeChat refuses a message of reply %s: %s", first.id, error)

    async def _found_taken(self, first: Outgoing, name: str) -> None:
        try:
            await self._sessions.found_taken(first.chat, name)
        except Exception as error:  # the event of it comes as well
            complain(log, f"That staff have the person of reply {first.id} could not be noted", error)

    async def _state(self, first: Outgoing) -> tuple[SessionState, str]:
        try:
            return await self._sessions.state(first.chat)
        except (WeChatError, UnreachableError) as error:
            log.warning("Where the session of reply %s is cannot be told: %s", first.id, error)
            return SessionState.OVER, ""

    async def _note(self, plan: _Round, at: int, **changes: object) -> None:
        """Write down that the messages before ``at`` have been sent, those of earlier tries may have been, and ``changes``."""
        first = plan.rows[0]
        bundle = plan.bundle.model_copy(update={"at": at, "upto": max(at, plan.again)})
        while first.person:
            try:
                async with self._service.store.transaction() as work:
                    if (ledger := await ledgers.load(work, first.chat)) is not None:
                        came_back = ledger.bundle is not None and ledger.bundle.nth != bundle.nth
                        kept = ledger.bundle if came_back else bundle
                        await ledgers.save(work, first.chat, ledger.but(bundle=kept, reserved=0, **changes))
                return
            except Exception as error:
                complain(log, f"How far reply {first.id} has come could not be noted", error)
                if not passing(error):
                    return
            await self.pause(first, timedelta(seconds=SWEEP))

    async def _put_through(self, first: Outgoing) -> None:
        """Where that was said which tells a person that they are with staff now, put them through."""
        failures = first.attempts
        while first.person:
            try:
                await self._sessions.hand_over(first.chat)
                return
            except (WeChatError, UnreachableError) as error:
                failures += 1
                await self.back_off(first, failures, error)
            except Exception as error:
                complain(log, f"The person of reply {first.id} could not be put through yet", error)
                await self.pause(first, timedelta(seconds=SWEEP))


async def _waiting(work: Work, chat: str, last: int) -> set[int]:
    """The replies up to ``last`` that are still to be shown there."""
    ids = select(Outbox.id).where(Outbox.channel == WECHAT.name, Outbox.chat == chat)
    return set((await work.connection.execute(ids.where(Outbox.done_at.is_(None), Outbox.id <= last))).scalars())


def _check(first: Outgoing, rows: Sequence[Outgoing], waiting: set[int]) -> None:
    """What is shown together is all here, and nothing earlier waits. Raises ``_HeldUp`` and ``_NotAllHereError``."""
    if min(waiting, default=first.id) < first.id:
        raise _HeldUp
    if not waiting <= {each.id for each in rows}:
        raise _NotAllHereError


def _round(bundle: Bundle, rows: Sequence[Outgoing], made: Sequence[Message], ledger: Ledger, now: datetime) -> _Round:
    """As many messages of ``bundle`` (those ``made`` of its ``rows``) as may be sent now; the last says where there are more."""
    code = ledger.code if ledger.has_code(now) else ""
    at = min(bundle.at, len(made))
    shown: list[tuple[int, Message]] = list(enumerate(made[at : at + ledger.budget(now)], at))
    then = at + len(shown)
    if shown and (then < len(made) or (code and isinstance(shown[-1][1], File | Card))):
        place, last = shown.pop()
        if isinstance(last, File | Card):  # in whose place the hint stands, by a place of its own
            place, then = place + len(made), then - 1
        shown.append((place, with_more(last, len(made) - then)))
    sent = bundle.model_copy(update={"upto": max(bundle.upto, at + len(shown))})
    return _Round(sent, tuple(rows), tuple(shown), then, then == len(made), bundle.upto, code)
