"""How the names of a consultation about several policies look to other programs, and how answers go from one shelf to another.

Inside, what is a policy's own is called ``policy/name`` (``knowledge.joined``); in JSON a policy's own facts stand in an
object under its id, and a path goes there (``policy.enterprise.lines``). About one policy alone nothing is renamed.
"""

from collections.abc import Mapping

from pydantic import JsonValue

from conversations.state.answer import Answer, Grouping, Ticks
from conversations.state.shelf import Shelf
from knowledge.policy import SEPARATOR, Policy, bare, owner
from knowledge.vocabulary import shared_facts


def outward(data: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """A case as other programs read it."""
    found: dict[str, JsonValue] = {}
    for key, value in data.items():
        policy = owner(key)
        if policy is None:
            found[key] = value
        elif value:
            own = found.setdefault(policy, {})
            if isinstance(own, dict):
                own[bare(key)] = value
    return found


def path_outward(path: str) -> str:
    """The path of a fact as other programs read it."""
    return path.replace(SEPARATOR, ".", 1)


def path_inward(path: str, policy: Policy) -> str:
    """The path that other programs write as ``path``."""
    first, _, rest = path.partition(".")
    several = len(policy.documents) > 1
    return f"{first}{SEPARATOR}{rest}" if several and any(first == each.id for each in policy.documents) else path


def moved(answer: Answer, before: str, shelf: Shelf) -> tuple[Answer | None, Answer | None]:
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
    if is_shared(answer.path):
        return answer, None
    path = _named(answer.path, before, shelf)
    if path is None:
        return None, answer.model_copy(update={"path": _full(answer.path, before)})
    return answer.model_copy(update={"path": path}), None


def is_shared(path: str) -> bool:
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
