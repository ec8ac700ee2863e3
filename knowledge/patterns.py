"""Regular expressions that are compiled when they are first used: most are not used by most processes.

``regex`` stands for ``re.compile`` wherever a pattern is a constant or made for a reader. Knows no pattern itself.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import cast
from weakref import ref


class _Uncompiled:
    """Becomes a compiled pattern at the first use; each of its attributes is then kept here, as quick as there."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself."""
        return re.compile(self.pattern, self._flags)

    def __getattr__(self, name: str) -> object:
        """An attribute that is not here yet."""
        found = getattr(self.compiled, name)
        setattr(self, name, found)
        return found


_waiting: list[ref[_Uncompiled]] = []


def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """``pattern``, compiled at its first use. A mistake in it raises ``re.error`` only then."""
    made = _Uncompiled(pattern, flags)
    _waiting.append(ref(made))
    return cast("re.Pattern[str]", made)


def compile_waiting() -> Iterator[None]:
    """Compile what has not been used yet, one pattern a step: for who has time now and will be in a hurry later."""
    while _waiting:
        pattern = _waiting.pop()()
        if pattern is not None:
            _ = pattern.compiled
        yield
