"""Enterprises with a hidden, complete case, who answer whatever the bot asks from it; shared by tests and benchmarks."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from pydantic import JsonValue

from conversations.consultation.dialogue import Turn, turn
from conversations.state.messages import Inbound, Kind
from conversations.state.session import SAME_PROJECT, SCREENING, Session, ticked
from conversations.state.shelf import Shelf
from knowledge.policy import Fact

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def inbound(text: str, kind: Kind = Kind.TEXT, message: str | None = None) -> Inbound:
    """One message of one person."""
    return Inbound(
        id=message or text, channel="test", person="test:1", chat="1", kind=kind, text=text, at=NOW, message=message
    )


def begin(engine: Shelf) -> Session:
    """A consultation in which nothing has been said."""
    return Session.begin("one", "test:1", engine, NOW)


def say(engine: Shelf, session: Session, text: str, kind: Kind = Kind.TEXT, message: str | None = None) -> Turn:
    """One turn."""
    return turn(session, inbound(text, kind, message), engine, NOW)


def random_case(engine: Shelf, chance: random.Random, busy: float = 0.3) -> dict[str, JsonValue]:
    """A complete case; ``busy`` is how likely the enterprise is to have any one thing."""
    policy = engine.policy
    case: dict[str, JsonValue] = {}
    for subject in policy.subjects:
        facts = [fact for fact in policy.facts if fact.subject == subject.id and fact.type != "text"]
        if subject.many:
            count = chance.choice([1, 1, 2, 3]) if chance.random() < busy else 0
            case[subject.id] = [{f.name: _value(engine, f, chance, 0.7) for f in facts} for _ in range(count)]
        else:
            case[subject.id] = {fact.name: _value(engine, fact, chance, busy) for fact in facts}
    assessment = engine.rules.assess(engine.rules.parse(case))
    pooled = [claim.id for claim in assessment.claims if claim.programme.id in policy.pooled]
    groups: list[JsonValue] = []
    while len(pooled) > 1 and chance.random() < 0.5:
        group = chance.sample(pooled, chance.randint(2, min(3, len(pooled))))
        pooled = [claim for claim in pooled if claim not in group]
        groups.append(list(group))
    return {**case, "same_project": groups}


def answer(engine: Shelf, session: Session, case: dict[str, JsonValue]) -> str:
    """What this enterprise types to the open question of ``session``."""
    path = session.asking
    assert path is not None
    if path == SCREENING:
        options = {option.id: option for option in engine.policy.screening.options}
        chosen = [n for n, ident in enumerate(session.offered, 1) if ticked(options[ident], case)]
        return " ".join(map(str, chosen)) or "都没有"
    if path == SAME_PROJECT:
        return _projects(engine, session.offered, case)
    subject, _, rest = path.partition(".")
    items = case[subject]
    if rest.isdigit():
        assert isinstance(items, list)
        return "有" if int(rest) < len(items) else "没有"
    index, dot, name = rest.partition(".")
    item = items[int(index)] if isinstance(items, list) and dot else items
    assert isinstance(item, dict)
    return _words(engine.policy.fact(path), item.get(name if dot else rest))


def consult(engine: Shelf, case: dict[str, JsonValue], limit: int = 120) -> tuple[Session, int]:
    """A whole consultation by typed answers; returns the last state and the number of messages the person sent."""
    session = say(engine, begin(engine), "/start").session
    messages = 1
    while session.asking is not None and messages < limit:
        session = say(engine, session, answer(engine, session, case)).session
        messages += 1
    assert session.asking is None, (
        f"{answer(engine, session, case)}: no end after {limit} messages, at {session.asking}"
    )
    return session, messages


def _projects(engine: Shelf, offered: Sequence[str], case: dict[str, JsonValue]) -> str:
    groups = case["same_project"]
    assert isinstance(groups, list)
    always = [
        {f"{ident}:{index}" for ident in pair} | ({*pair} if not index else set())
        for pair in engine.policy.one_project
        for index in range(9)
    ]
    joined = [set(map(str, group)) for group in groups if isinstance(group, list)] + always
    for first in offered:
        project = {first}
        for _ in joined:
            project |= {claim for group in joined if group & project for claim in group}
        places = [place for place, claim in enumerate(offered, 1) if claim in project]
        if len(places) > 1:
            return "是同一个" if len(offered) == 2 else " ".join(map(str, places))
    return "各自独立"


def _value(engine: Shelf, fact: Fact, chance: random.Random, busy: float) -> JsonValue:
    if fact.type == "bool":
        return chance.random() < busy
    if fact.type == "choice":
        choices = [choice.id for choice in fact.choices]  # the last one stands for "none of these"
        return chance.choice(choices) if chance.random() < busy else choices[-1]
    if fact.type == "int":
        return chance.randint(int(fact.minimum or 0), int(fact.maximum or 5))
    if fact.type == "ratio":
        return chance.choice([0.3, 0.5, 0.51, 0.8])
    lines = [int(line) for line in engine.thresholds.get(fact.id, ())] or [0]
    near = max(0, chance.choice(lines) + chance.choice([-1, 0, 1, 5]))
    far = chance.choice([0, 20000, 600000, 3000000, 18000000, 44000000])
    figure = chance.choice([near, far]) if chance.random() < busy else 0
    return figure if fact.type == "money" else figure % 30000 if fact.type == "area" else chance.choice([0.5, 1, 2, 4])


def _words(fact: Fact, value: JsonValue) -> str:
    if value is None:
        return "不清楚"
    if isinstance(value, bool):
        return "是" if value else "不是"
    if fact.type == "choice":
        return next(choice.label for choice in fact.choices if choice.id == value)
    unit = {"money": "元", "area": "平方米", "years": "年", "ratio": "%"}.get(fact.type, "")
    figure = Decimal(str(value)) * (100 if fact.type == "ratio" else 1)
    return f"{figure.normalize():f}{unit}"
