"""A consultation whose shelf has changed: another version of a policy, one more, or one less.

Answers go along under the names that they have on the new shelf; what is said of a policy that does not lie there is put
by, and comes back with it. Knows no wording.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import cast

from pydantic import JsonValue

from conversations.state.answer import Answer, Grouping, Ticks, ticks_of
from conversations.state.session import SAME_PROJECT, SCREENING, TODAY, Data, Known, Session, derive, fits
from conversations.state.shelf import Shelf
from knowledge.policy import SEPARATOR, bare, owner
from knowledge.vocabulary import shared_facts


def migrate(session: Session, shelf: Shelf) -> tuple[Session, tuple[Answer, ...]]:
    """The session under the shelf's policies as they are now, and the answers that have no place in them any more.

    What was said of a policy that does not lie there is put by; it comes back with the policy.
    """
    policy, before = shelf.policy, session.policy
    options = {option.id for option in policy.screening.options}
    kept: dict[str, Answer] = {}
    put_by: list[Answer] = []
    lost: list[Answer] = []
    for old in (*session.put_by, *session.answers):
        answer, rest = _moved(old, before, shelf)
        put_by += [rest] if rest is not None else []
        if answer is None:
            continue
        if answer.path == SCREENING:
            ticks = {key: on for key, on in ticks_of(answer).items() if key in options}
            ticks = ticks_of(kept.get(SCREENING)) | ticks
            answer = answer.model_copy(update={"value": Ticks(ticks=ticks)})
        if fits(answer, shelf):
            kept[answer.path] = answer
        elif before != policy.id and _is_shared(answer.path):
            put_by.append(answer)
        else:
            lost.append(answer)
    # what is open, or was spoken of, is called otherwise as well
    nothing = frozenset[str]()
    opened = {"asking": None, "focus": None, "topic": None, "mentioned": nothing, "claimed": nothing}
    changes = {} if before == policy.id else opened
    answers = tuple(kept.values())
    moved_on = session.but(answers=answers, put_by=tuple(put_by), policy=policy.id, policy_version=policy.version)
    return moved_on.but(**changes), tuple(lost)


def reopened(data: Data, policy: str, approximate: Collection[str], shelf: Shelf, at: datetime) -> Known:
    """What a case that was kept, of a shelf called ``policy``, comes to on this one: as much of it as has a place there."""
    day = data.get(TODAY)
    touched = datetime.combine(date.fromisoformat(day), time(12), UTC) if isinstance(day, str) else at
    answers = [Answer(path=path, value=value, approximate=path in approximate) for path, value in _stated(data)]
    before = Session(id="", person="", policy=policy, policy_version="", begun=touched, touched=touched)
    session, _ = migrate(before.but(answers=tuple(answers)), shelf)
    known = derive(session, shelf)
    groups = data.get(SAME_PROJECT)
    if policy != shelf.policy.id or not isinstance(groups, list):
        return known
    claims = {claim.id for claim in known.assessment.claims}
    kept = tuple(tuple(name for name in cast("list[str]", group) if name in claims) for group in groups)
    case = replace(known.case, same_project=tuple(group for group in kept if len(group) > 1))
    return replace(known, case=case, assessment=shelf.rules.assess(case))


def name_on(shelf: Shelf, name: str, policy: str) -> str | None:
    """What a fact's path, a claim or a programme of a shelf called ``policy`` is called on this one; None where it is not there."""
    return name if _is_shared(name) else _named(name, policy, shelf)


def _stated(data: Data) -> Iterator[tuple[str, JsonValue]]:
    """What a case states, answer by answer."""
    for subject, stated in data.items():
        if isinstance(stated, dict):
            yield from _of_item(subject, stated)
        elif isinstance(stated, list) and subject != SAME_PROJECT:
            for index, item in enumerate(stated):
                yield f"{subject}.{index}", True
                yield from _of_item(f"{subject}.{index}", item if isinstance(item, dict) else {})
            yield f"{subject}.{len(stated)}", False


def _of_item(path: str, item: Data) -> Iterator[tuple[str, JsonValue]]:
    for name, value in item.items():
        years = isinstance(value, dict) and bool(value) and all(key.isdecimal() for key in value)
        for year, figure in value.items() if years and isinstance(value, dict) else ():
            yield f"{path}.{name}@{year}", figure
        if not years and value is not None:
            yield f"{path}.{name}", value


def _moved(answer: Answer, before: str, shelf: Shelf) -> tuple[Answer | None, Answer | None]:
    """An answer from a shelf that was called ``before``, and what of it is put by.

    What is said of a policy that does not lie on this shelf is put by, under its name among several.
    """
    value = answer.value
    if isinstance(value, Ticks):
        here = {key: on for ident, on in value.ticks.items() if (key := _named(ident, before, shelf))}
        gone = {_full(ident, before): on for ident, on in value.ticks.items() if not _named(ident, before, shelf)}
        rest = answer.model_copy(update={"value": Ticks(ticks=gone)}) if gone else None
        return answer.model_copy(update={"value": Ticks(ticks=here)}), rest
    if isinstance(value, Grouping):
        if not all(_named(claim, before, shelf) for claim in value.among):
            return None, None  # asked again where it comes to that
        groups = tuple(tuple(_named(claim, before, shelf) or claim for claim in group) for group in value.groups)
        among = tuple(_named(claim, before, shelf) or claim for claim in value.among)
        return answer.model_copy(update={"value": value.model_copy(update={"among": among, "groups": groups})}), None
    if answer.path in (SCREENING, SAME_PROJECT) or _is_shared(answer.path):
        return answer, None
    path = _named(answer.path, before, shelf)
    if path is None:
        return None, answer.model_copy(update={"path": _full(answer.path, before)})
    return answer.model_copy(update={"path": path}), None


def _is_shared(path: str) -> bool:
    """Whether the fact at ``path`` means one thing to all policies."""
    return path.partition("@")[0] in shared_facts()


def _full(name: str, before: str) -> str:
    return name if owner(name) else f"{before}{SEPARATOR}{name}"


def _named(name: str, before: str, shelf: Shelf) -> str | None:
    """What a policy's own ``name`` is called on this shelf; None where its policy does not lie there."""
    policy = owner(name) or before
    if all(policy != each.id for each in shelf.policy.documents):
        return None
    return f"{policy}{SEPARATOR}{bare(name)}" if shelf.policy.several else bare(name)
