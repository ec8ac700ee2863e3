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


def moved(answer: Answer, before: str, shelf: Shelf) -> Answer | None:
    """An answer from a shelf whose policy was called ``before``; None where its policy does not lie on this one."""
    if isinstance(answer.value, Ticks):
        ticks = {key: on for ident, on in answer.value.ticks.items() if (key := _named(ident, before, shelf))}
        return answer.model_copy(update={"value": Ticks(ticks=ticks)})
    if isinstance(answer.value, Grouping):
        value = answer.value
        among = [_named(claim, before, shelf) for claim in value.among]
        groups = tuple(
            tuple(name for claim in group if (name := _named(claim, before, shelf))) for group in value.groups
        )
        named = tuple(name for name in among if name)
        return answer.model_copy(update={"value": value.model_copy(update={"among": named, "groups": groups})})
    path = _path(answer.path, before, shelf)
    return None if path is None else answer.model_copy(update={"path": path})


def put_aside(answer: Answer, before: str) -> Answer:
    """An answer under the name that it has wherever several policies lie together, for as long as its own does not."""
    if owner(answer.path) or isinstance(answer.value, Ticks | Grouping) or "+" in before:
        return answer
    return answer.model_copy(update={"path": f"{before}{SEPARATOR}{answer.path}"})


def _path(path: str, before: str, shelf: Shelf) -> str | None:
    subject, _, name = path.partition(".")
    if f"{subject}.{name.partition('@')[0]}" in shared_facts():
        return path
    return _named(path, before, shelf)


def _named(name: str, before: str, shelf: Shelf) -> str | None:
    """What a policy's own ``name`` is called on this shelf; None where its policy does not lie there."""
    documents = shelf.policy.documents
    policy = owner(name) or before
    if all(policy != each.id for each in documents):
        return None
    return bare(name) if len(documents) == 1 else f"{policy}{SEPARATOR}{bare(name)}"
