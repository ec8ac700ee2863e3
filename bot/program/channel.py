"""The channel of other programs: what is said to them stands in the log, from which they are answered and may read it.

Their messages come in by the HTTP API (``bot/web/api_operations``, ``bot/program/consultations``). Decides nothing.
"""

from bot.log_channel import LogChannel
from bot.program.traits import PROGRAM


class Programs(LogChannel):
    """The channel, an asynchronous context manager."""

    traits = PROGRAM
