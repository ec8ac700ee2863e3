"""A person and staff who talk to a service, for the tests of leads: what each says, and what is said back."""

import asyncio
import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.channels import TRAITS, elsewhere
from bot.settings import Settings
from bot.telegram.registration import TELEGRAM
from conversations.office.rooms import Office
from conversations.office.staff_chat import StaffChat
from conversations.service import Outgoing, Service
from conversations.state.messages import Inbound, Kind
from conversations.state.shelf import Shelf
from conversations.storage.store import Store

STAFF_CHAT = "-100777"
_ids = itertools.count(1)


@dataclass
class Clock:
    """The time, as the test sets it."""

    now: datetime = datetime(2026, 11, 24, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: int) -> None:
        self.now += timedelta(**time)


@dataclass
class Talker:
    """Somebody on a channel; ``heard`` are the replies to what they did last."""

    service: Service
    person: str = "telegram:1"
    staff: bool = False
    group: bool = False
    name: str = "甲"
    place: str = STAFF_CHAT
    """The group, where it is said in one."""
    heard: list[Outgoing] = field(default_factory=list[Outgoing])

    @property
    def chat(self) -> str:
        return self.place if self.group else self.person.partition(":")[2]

    async def do(self, kind: Kind, text: str, message: str | None = None, reply_to: str | None = None) -> str:
        """Do something; returns what is said back here."""
        number = str(next(_ids))
        channel = self.person.partition(":")[0]
        inbound = Inbound(
            id=number,
            channel=channel,
            person=self.person,
            chat=self.chat,
            kind=kind,
            text=text,
            at=datetime.now(UTC),
            name=self.name,
            staff=self.staff,
            group=self.group,
            message=message or number,
            reply_to=reply_to,
            alone="https://t.me/wence_test_bot",
            abroad=TELEGRAM.abroad if channel == TELEGRAM.name else "",
            elsewhere=elsewhere(TELEGRAM, Settings()) if channel == TELEGRAM.name else "",
        )
        self.heard = await self.service.handle(inbound)
        # Notes that replies have arrived wait a moment for a message to be written with, unless the service is to be idle.
        arrived = [self.service.delivered(outgoing.id, str(10_000 + outgoing.id)) for outgoing in self.heard]
        await asyncio.gather(*arrived, self.service.idle())
        return "\n".join(outgoing.reply.text for outgoing in self.heard if outgoing.chat == self.chat)

    async def say(self, *texts: str) -> str:
        """Type messages one after the other; returns what is said to the last."""
        answer = ""
        for text in texts:
            answer = await self.do(Kind.TEXT, text)
        return answer

    async def press(self, label: str, message: str = "1") -> str:
        """Press a button that was shown last."""
        choices = [c for o in self.heard for row in o.reply.choices for c in row]
        return await self.do(Kind.CHOICE, next(c.data for c in choices if c.label == label), message)


FORM = ("郑州云帆电子商务有限公司", "跳过", "张三丰", "13800138000", "工作日上午", "先问受理时间")
SEEN = ("/start", "1", "是", "260万", "没领过")
"""Answers that lead to a result."""


async def consult(talker: Talker) -> None:
    """Come to a result."""
    answer = await talker.say(*SEEN)
    assert "结果" in answer, answer


async def lead(talker: Talker, *form: str) -> str:
    """Leave a lead, after a result; returns what is said in the end."""
    await talker.say("登记", "同意")
    if talker.person.startswith("telegram:"):
        await talker.say("同意")
    return await talker.say(*(form or FORM), "确认登记")


def service(engine: Shelf, store: Store, clock: Clock, staff_chat: str | None = STAFF_CHAT) -> Service:
    """A service with an office whose staff chat is ``STAFF_CHAT``."""
    staff = None if staff_chat is None else StaffChat(TELEGRAM, staff_chat)
    return Service(engine, store, clock, office=Office(engine, staff, TRAITS))
