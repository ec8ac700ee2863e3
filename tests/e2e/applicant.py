"""Somebody who answers truthfully: an enterprise whose facts are known, talking to the bot by buttons or in words.

Finds out from the policy's own wording which fact a message asks for, so no sentence of the bot is repeated here.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from conversations.state.session import ticked
from knowledge.policy import Fact, Policy, Subject
from tests.botapi import Message, Person
from tests.botapi.wire import Json

BACK, DONE, NONE, TOGGLE, UNKNOWN, WHY = "?back", "?done", "?none", "?t", "?", "?why"
"""What the buttons of a question carry after its number, besides values; ``?t<place>`` ticks an option."""


def open_buttons(message: Message) -> dict[str, str]:
    """The buttons under a message that answer its question: the value → the data that comes back."""
    data = [button.get("callback_data", "") for row in message.keyboard for button in row]
    return {d.partition(":")[2]: d for d in data if d.partition(":")[0].isdigit()}


def asks(message: Message) -> bool:
    """Whether a message asks a question."""
    return bool(open_buttons(message))


def is_result(message: Message) -> bool:
    """Whether a message ends a consultation: no question, and the answers can be changed."""
    data = [button.get("callback_data", "") for row in message.keyboard for button in row]
    return not asks(message) and "!edit" in data


def number(message: Message) -> str:
    """The running number of the question that a message asks."""
    return next(iter(open_buttons(message).values())).partition(":")[0]


@dataclass
class Applicant:
    """A person at the bot, with the facts of their enterprise in the shape of a case's JSON.

    What a case does not state is answered with "not known"; ``words`` = types instead of pressing buttons.
    ``acts`` counts what the person did.
    """

    person: Person
    policy: Policy
    case: Json
    words: bool = False
    acts: int = 0
    told: dict[str, int] = field(default_factory=dict[str, int])
    """Of how many items of each list the person has spoken, once anything was named in words."""
    answered: set[str] = field(default_factory=set[str])
    """Numbers of the questions answered so far: one that comes again (after a crash it may) is passed over."""

    async def consult(self, first: str = "/start") -> Message:
        """A whole consultation, from the first message to the result."""
        await self.person.send(first)
        self.acts += 1
        return await self.go_on(await self.next())

    async def go_on(self, question: Message) -> Message:
        """Answers question after question, from an open one to the result."""
        while asks(question):
            question = await self.answer(question)
            assert self.acts < 150, f"a consultation without an end:\n{self.person.transcript()}"
        return question

    async def next(self) -> Message:
        """The question, or the result, that follows the last act."""

        def fits(message: Message) -> bool:
            return is_result(message) or (asks(message) and number(message) not in self.answered)

        return await self.person.wait_for(check=fits)

    async def answer(self, question: Message) -> Message:
        """Answers one question; returns what comes then."""
        about = self.about(question)
        if isinstance(about, Fact):
            return await self._fact(question, about)
        if about == "same_project":
            together = self.case.get("same_project")
            return await self._say(question, UNKNOWN if together is None else "yes" if together else NONE)
        if any(value.startswith(TOGGLE) for value in open_buttons(question)):
            return await self._tick(question)
        if about is not None:
            subject, item = about.split(".")
            items = self.case.get(subject)
            word = "有" if items and len(items) > int(item) else "没有"
            if items is None:
                return await self._say(question, UNKNOWN)
            return await self._say(question, "yes" if word == "有" else "no", word)
        return await self._say(question, "yes")

    def about(self, question: Message) -> Fact | str | None:
        """What a message asks for: a fact, whether there is an item (``pilots.0``), ``same_project``; None = else."""
        for subject in self.policy.subjects:
            if subject.many and subject.any in question.text:
                return f"{subject.id}.0"
            if subject.many and subject.more in question.text:
                return f"{subject.id}.{self._spoken_of(subject)}"
        found = [fact for fact in self.policy.facts if fact.question in question.text]
        if found:
            return max(found, key=lambda fact: len(fact.question))
        cumulation = self.policy.cumulation
        return "same_project" if cumulation and cumulation.quote in question.text else None

    def _spoken_of(self, subject: Subject) -> int:
        """How many items of a list there are by what was said so far: named in words, or each time another was asked for."""
        return self.told.get(subject.id, 1) + sum(subject.more in m.text for m in self.person.messages[:-1])

    async def _fact(self, question: Message, fact: Fact) -> Message:
        value = self._value(question, fact)
        if value is None:
            return await self._say(question, UNKNOWN, "不知道")
        pressed = {"bool": "yes" if value else "no", "choice": str(value), "int": str(value)}.get(fact.type, "")
        return await self._say(question, pressed, spoken(fact, value))

    def _value(self, question: Message, fact: Fact) -> Any:
        part = self.case.get(fact.subject) or {}
        if isinstance(part, list):
            place = re.search(r"^\D* (\d+) 〔", question.text, re.MULTILINE)
            part = cast("list[Json]", part)[int(place[1]) - 1 if place else 0]
        return part.get(fact.name)

    async def _tick(self, question: Message) -> Message:
        """A multiple choice: ticks what the case says, by the labels of the policy's options, and is done."""
        chosen = [option for option in self.policy.screening.options if ticked(option, self.case)]
        if self.words:
            if self.told:  # what was named is taken, and the list stays open until it is closed
                return await self._type(question, "、".join(self._further(question)) or "没有了")
            self.told = {each.id: 1 for each in self.policy.subjects} if chosen else {}
            return await self._type(question, "、".join(option.synonyms[0] for option in chosen) or "以上都没有")
        for option in chosen:
            if any(option.label in button for button in question.buttons):
                await self.person.press(option.label, question)
                self.acts += 1
                question = await self.next()
        return await self._say(question, DONE if chosen else NONE)

    def _further(self, question: Message) -> list[str]:
        """The options for one more item of the lists of which there are more than were spoken of."""
        labels = {option.label for option in self.policy.screening.options}
        offered = {button.lstrip("☐☑ ") for button in question.buttons} - labels
        named: list[str] = []
        for subject in self.policy.subjects:
            if subject.many and len(self.case.get(subject.id) or ()) > self.told[subject.id]:
                named += [label for label in offered if label.endswith(subject.label)]
                self.told[subject.id] += 1
        return named

    async def _say(self, question: Message, value: str, text: str = "") -> Message:
        buttons = open_buttons(question)
        if value in buttons and not (self.words and text):
            self.answered.add(number(question))
            await self.person.press_data(question, buttons[value])
            self.acts += 1
            return await self.next()
        return await self._type(question, text)

    async def _type(self, question: Message, text: str) -> Message:
        self.answered.add(number(question))
        await self.person.send(text)
        self.acts += 1
        return await self.next()


def spoken(fact: Fact, value: Any) -> str:
    """How people say a value in plain words."""
    if fact.type == "bool":
        return "是" if value else "不是"
    if fact.type == "choice":
        return next(choice.label for choice in fact.choices if choice.id == value)
    number = Decimal(str(value))
    if fact.type == "int" and not number:
        return "没有"
    if fact.type == "money":
        return f"{number / 10000:f}万" if number >= 10000 else f"{number:f}元"
    unit = {"ratio": "%", "area": "平方米", "years": "年", "int": "年"}.get(fact.type, "")
    return f"{number * 100 if fact.type == 'ratio' else number:f}{unit}"
