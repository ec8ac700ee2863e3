"""Whole cases of any policy by chance, and an interview that answers from one until nothing more is asked.

Beside ``enterprises``, which talks: here only the questions are looked at, for every type of fact.
"""

from random import Random
from typing import Any, NamedTuple

from conversations.state.interview import MORE, SAME_PROJECT, next_question
from conversations.state.shelf import Shelf
from knowledge.policy import Fact
from rules.assessment import Assessment

Json = dict[str, Any]
YEARS = [str(year) for year in range(2019, 2027)]


class Interview(NamedTuple):
    """What was asked, in order, and what is known in the end."""

    asked: list[str]
    case: Json
    assessment: Assessment


def whole(shelf: Shelf, random: Random, on: str, busy: float = 0.7) -> Json:
    """A case in which everything is known."""
    case: Json = {"on": on}
    for subject in shelf.policy.subjects:
        facts = [fact for fact in shelf.policy.facts if fact.subject == subject.id and fact.derive is None]
        if subject.many:
            count = random.choice([1, 1, 2]) if random.random() < busy else 0
            case[subject.id] = [{fact.name: _all_years(shelf, fact, random) for fact in facts} for _ in range(count)]
        else:
            case[subject.id] = {fact.name: _all_years(shelf, fact, random) for fact in facts}
    return case


def _all_years(shelf: Shelf, fact: Fact, random: Random) -> Any:
    return {year: _value(shelf, fact, random) for year in YEARS} if fact.by_year else _value(shelf, fact, random)


def _value(shelf: Shelf, fact: Fact, random: Random) -> Any:
    match fact.type:
        case "bool":
            return random.random() < 0.6
        case "text":
            return "甲"
        case "choice":
            return random.choice([choice.id for choice in fact.choices])
        case "place":
            return random.choice(["990602", "990602", "990524", "410105"])
        case "date":
            return (
                "never"
                if fact.never and random.random() < 0.2
                else f"{random.choice(YEARS)}-0{random.randint(1, 9)}-15"
            )
        case "ratio":
            return random.choice([0, 0.04, 0.3, 0.51, 0.8])
        case _:
            pass
    lines = [int(line) for line in shelf.thresholds.get(fact.id, ())] or [3]
    figure = max(0, random.choice([*lines, 300000, 2000000, 60000000]) + random.choice([-1, 0, 1, 2000]))
    most = int(fact.maximum) if fact.maximum is not None else None
    return figure if most is None else figure % (most + 1)


def interview(shelf: Shelf, full: Json, known: Json | None = None, unknown: frozenset[str] = frozenset()) -> Interview:
    """Asks and answers from ``full`` beside what is ``known``, but ``unknown``, as far as questions come."""
    case: Json = {subject.id: None if subject.many else {} for subject in shelf.policy.subjects}
    case |= {"on": full["on"], **(known or {})}
    skipped: set[str] = set()
    asked: list[str] = []
    while True:
        read = shelf.rules.parse(case)
        assessment = shelf.rules.assess(read)
        question = next_question(shelf, read, assessment, skipped)
        if question is None:
            return Interview(asked, case, assessment)
        asked.append(question)
        assert len(asked) < 200, asked
        if question in unknown or not _answer(case, full, question):
            skipped.add(question)


def _answer(case: Json, full: Json, question: str) -> bool:
    """Whether the answer settles the question; what does not is not asked again."""
    subject, _, rest = question.partition(".")
    if question == SAME_PROJECT:
        case[SAME_PROJECT] = []
    elif rest == MORE:
        more = len(case[subject]) < len(full[subject])
        case[subject] += [{}] if more else []
        return more
    elif not rest:
        case[subject] = [{}] if full[subject] else []
    else:
        index, dot, name = rest.partition(".")
        item, source = (case[subject][int(index)], full[subject][int(index)]) if dot else (case[subject], full[subject])
        name, at, year = (name if dot else rest).partition("@")
        if at:
            item[name] = {**item.get(name, {}), year: source[name][year]}
        else:
            item[name] = source[name]
    return True
