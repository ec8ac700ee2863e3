"""A running bot with its Telegram, and the people who come to it: what every end-to-end test holds in its hands."""

import itertools
from dataclasses import dataclass

from knowledge.policy import Policy
from tests.botapi import FakeTelegram, Person
from tests.botapi.wire import Json
from tests.e2e.applicant import Applicant
from tests.e2e.process import Serve

_ids = itertools.count(1001)


@dataclass
class House:
    """A running bot, its Telegram, and people who come to it."""

    telegram: FakeTelegram
    serve: Serve
    policy: Policy

    async def person(self, name: str = "甲") -> Person:
        """Somebody who has not been here yet."""
        return await self.telegram.user(next(_ids), name)

    async def applicant(self, facts: Json, *, words: bool = False, name: str = "甲") -> Applicant:
        """Somebody new who knows the facts of their enterprise."""
        return Applicant(await self.person(name), self.policy, facts, words=words)

    def mistakes(self) -> list[str]:
        """What must not happen whatever people do: malformed calls, errors of ours in the log, the token in it."""
        refused = [f"{c.method}: {c.error}" for c in self.telegram.calls if c.status in {400, 404}]
        leaks = ["the token is in the log"] if self.telegram.token in self.serve.log else []
        return [text for text in refused if "message is not modified" not in text] + self.serve.errors() + leaks
