"""A consultation whose shelf has changed: another version of a policy, one more, or one less.

Answers go along under the names that they have on the new shelf; what is said of a policy that does not lie there is put
by, and comes back with it. Knows no wording.
"""

from conversations.state.answer import Answer, Grouping, Ticks, ticks_of
from conversations.state.session import SAME_PROJECT, SCREENING, Session, fits
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
    changes = (
        {} if before == policy.id else {"asking": None, "focus": None, "topic": None, "mentioned": frozenset[str]()}
    )
    answers = tuple(kept.values())
    moved_on = session.but(answers=answers, put_by=tuple(put_by), policy=policy.id, policy_version=policy.version)
    return moved_on.but(**changes), tuple(lost)


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
    documents = shelf.policy.documents
    policy = owner(name) or before
    if all(policy != each.id for each in documents):
        return None
    return bare(name) if len(documents) == 1 else f"{policy}{SEPARATOR}{bare(name)}"
