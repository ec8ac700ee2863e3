"""What the subcommands of ``wence`` start from: the settings and the shelf; bad ones are bad input like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.environment import given
from conversations.state.interchange import BadInputError

if TYPE_CHECKING:
    from bot.settings import Settings
    from conversations.state.shelf import Shelf

FINE, BAD_INPUT = 0, 2
"""Exit statuses."""


def settings() -> Settings:
    """The settings. Raises ``BadInputError`` where they cannot be used."""
    from bot.settings import Settings, SettingsError

    try:
        return Settings.read()
    except SettingsError as error:
        raise BadInputError(f"the settings cannot be used:\n{error}") from None


def shelf(read: Settings | None = None, *, named: str | None = None, whole: bool = True) -> Shelf:
    """The shelf of the policy ``named``, an id or a folder, or else of the one that the settings name.

    Without ``read``, of the settings only the policy counts. ``whole`` as in ``knowledge.loading.load``: a command that reads no descriptions is quicker without. Raises
    ``BadInputError`` for a pack with mistakes.
    """
    from conversations.state.shelf import Shelf
    from knowledge.loading import PackError, load

    try:
        if read is None:
            return Shelf(load(named or policy(), whole=whole))
        return Shelf(load(named or read.policy), read.retention_days)
    except PackError as error:
        raise BadInputError(f"the policy pack has mistakes:\n{error}") from None


def policy() -> str | None:
    """The policy that the settings name, whatever the others are."""
    return given(["policy"]).get("policy")
