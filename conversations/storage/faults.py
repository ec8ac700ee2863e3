"""What goes wrong with a database, told apart: what passes by itself, and what is the fault of one row or one message.

What passes is tried again, by whoever had the trouble; what does not would fail again for ever. Says what went wrong
without the words of anybody: errors carry the values that they complain of. Knows no table.
"""

import logging
import traceback
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import exc

_PASSING = frozenset({"08", "25", "40", "53", "55", "57", "58"})
"""Classes of SQLSTATE: no connection, read-only for the moment, a conflict, no room, locked, shut down, a disk's error."""
_SETTINGS = frozenset({"28", "3D"})
"""Classes of SQLSTATE: the password is wrong, there is no such database."""


def passing(error: BaseException) -> bool:
    """Whether ``error`` is the database's (or the disk's, or the network's) and nobody's who wrote something."""
    if isinstance(error, OSError | exc.TimeoutError | exc.OperationalError):
        return True
    if not isinstance(error, exc.DBAPIError):
        return False
    if error.connection_invalidated or _state(error)[:2] in _PASSING:
        return True
    # The driver's own complaints are of its connection, but for a value that it cannot send.
    cause = error.orig.__cause__ if error.orig is not None else None
    return isinstance(error, exc.InterfaceError) and cause is not None and not isinstance(cause, ValueError)


def of_settings(error: BaseException) -> bool:
    """Whether ``error`` says that the database's address is wrong, which no waiting mends."""
    return isinstance(error, FileNotFoundError) or _state(error)[:2] in _SETTINGS


def told(error: BaseException) -> str:
    """``error`` in a few words, none of them a person's: its kind, and where it happened."""
    if isinstance(error, ValidationError):
        places = (".".join(map(str, each["loc"])) + ": " + each["type"] for each in error.errors(include_input=False))
        return f"{error.title} {'; '.join(places)}"[:200]
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" in {Path(frame.filename).name}:{frame.lineno}" for frame in last)
    cause = error.orig if isinstance(error, exc.DBAPIError) else None
    return f"{type(error).__name__}{f' ({type(cause).__name__})' if cause is not None else ''}{where}"


def complain(log: logging.Logger, what: str, error: BaseException) -> None:
    """Log that ``what`` came to ``error``: in a line where that passes, else with the way to it."""
    if passing(error):
        log.warning("%s: %s", what, error)
    else:
        log.error("%s: %s\n%s", what, told(error), "".join(traceback.format_tb(error.__traceback__)))


def _state(error: BaseException | None) -> str:
    """The SQLSTATE of ``error``, or of what it came of."""
    while error is not None:
        for each in (error, getattr(error, "orig", None)):
            if isinstance(state := getattr(each, "sqlstate", None), str):
                return state
        error = error.__cause__
    return ""
