"""How the names of a consultation about several policies look to other programs.

Inside, what is a policy's own is called ``policy/name`` (``knowledge.joined``); in JSON a policy's own facts stand in an
object under its id, and a path goes there (``policy.enterprise.lines``). About one policy alone nothing is renamed.
"""

from collections.abc import Mapping

from pydantic import JsonValue

from knowledge.policy import SEPARATOR, Policy, bare, owner


def outward(data: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """A case as other programs read it."""
    found: dict[str, JsonValue] = {}
    for key, value in data.items():
        policy = owner(key)
        if policy is None:
            found[key] = value
        elif value is not None and value != {}:  # an empty list says that there is none
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
    return (
        f"{first}{SEPARATOR}{rest}" if policy.several and any(first == each.id for each in policy.documents) else path
    )
