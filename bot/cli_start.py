"""What the subcommands of ``wence`` start from: the settings, the policies, the shelf; bad ones are bad input like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.environment import given
from bot.served import NAMES, packs
from conversations.state.interchange import BadInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.settings import Settings
    from conversations.state.shelf import Shelf
    from knowledge.policy import Policy

FINE, BAD_INPUT = 0, 2
"""Exit statuses."""


def settings() -> Settings:
    """The settings. Raises ``BadInputError`` where they cannot be used."""
    from bot.cli_chinese import log_for_people
    from bot.settings import Settings, SettingsError

    log_for_people()
    try:
        return Settings.read()
    except SettingsError as error:
        raise BadInputError(f"设置不能用：\n{error}") from None


def reason(error: OSError | UnicodeDecodeError) -> str:
    """Why a file cannot be read or written."""
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 的文本"
    known = {FileNotFoundError: "没有这个文件或文件夹", PermissionError: "没有权限", IsADirectoryError: "这是文件夹"}
    return next((said for kind, said in known.items() if isinstance(error, kind)), error.strerror or str(error))


def policies(named: Sequence[str] | None = None, *, whole: bool = True) -> list[Policy]:
    """The policies ``named``, ids or folders, in their order; where none is named, those that the settings name.

    ``whole`` as in ``knowledge.loading.load``: a command that reads no descriptions is quicker without. Raises
    ``BadInputError`` for a pack with mistakes, and for a policy that is named twice.
    """
    from knowledge.folders import PackError
    from knowledge.loading import load

    try:
        found = [load(name, whole=whole) for name in named or served()]
    except PackError as error:
        raise BadInputError(f"政策包有错误：\n{error}") from None
    ids = [policy.id for policy in found]
    if twice := [id for id in ids if ids.count(id) > 1]:
        raise BadInputError(f"{twice[0]} 写了两次")
    return found


def shelf(read: Settings | None = None, *, named: Sequence[str] | None = None, whole: bool = True) -> Shelf:
    """The shelf of the ``policies`` that are named, or else that the settings name.

    Without ``read``, of the settings only the policies count. Raises ``BadInputError``.
    """
    from conversations.state.shelf import Shelf

    found = policies(named, whole=whole)
    return Shelf.of(found) if read is None else Shelf.of(found, read.retention_days)


def served() -> tuple[str | None, ...]:
    """The packs that the settings name, whatever the others are; None alone for the one that is served where none is."""
    try:
        return packs(given(NAMES))
    except ValueError as error:
        raise BadInputError(f"设置不能用：\n{error}") from None


def listed() -> tuple[list[tuple[Policy, bool]], list[str]]:
    """Every policy that is shipped or that the settings name, and whether they do; and the mistakes of packs left out.

    Of two with one id, that which the settings name.
    """
    from knowledge.folders import PackError, folder_of, shipped
    from knowledge.loading import load

    folders = {folder.resolve(): False for folder in shipped()}
    found: dict[str, tuple[Policy, bool]] = {}
    mistakes: list[str] = []
    for name in served():
        try:
            folders[folder_of(name).resolve()] = True
        except PackError as error:
            mistakes += map(str, error.mistakes)
    for folder, is_served in folders.items():
        try:
            policy = load(folder, whole=False)
        except PackError as error:
            mistakes += map(str, error.mistakes)
        else:
            found[policy.id] = policy, is_served
    return list(found.values()), mistakes
