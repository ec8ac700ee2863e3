"""What lies in JSON or YAML that has been read and not been checked yet: objects and lists, told apart by their type."""

from collections.abc import Mapping, Sequence
from typing import TypeGuard


def is_object(raw: object) -> TypeGuard[Mapping[str, object]]:
    """Whether ``raw`` is an object; JSON has no other keys than strings."""
    return isinstance(raw, Mapping)


def is_list(raw: object) -> TypeGuard[Sequence[object]]:
    """Whether ``raw`` is a list (or a tuple, which is what is frozen of one)."""
    return isinstance(raw, (list, tuple))
