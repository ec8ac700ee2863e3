"""Which packs are served: what the settings ``WENCE_POLICIES`` and ``WENCE_POLICY`` say together.

Imports nothing for it, since every command looks here. Knows no pack.
"""

from collections.abc import Mapping

NAMES = ("policies", "policy")
"""The settings that name packs: several, comma separated, or one."""


def packs(settings: Mapping[str, str | None]) -> tuple[str | None, ...]:
    """The names or folders in their order; None alone stands for the pack that is served where none is named.

    Raises ``ValueError`` where both settings are given and do not say the same, and where a pack is named twice.
    """
    written, one = (settings.get(name) for name in NAMES)
    several = [part.strip() for part in (written or "").split(",") if part.strip()]
    if one and several and several != [one]:
        raise ValueError("WENCE_POLICIES and WENCE_POLICY name different policies; keep WENCE_POLICIES alone")
    if twice := [name for name in several if several.count(name) > 1]:
        raise ValueError(f"WENCE_POLICIES names {twice[0]} twice")
    return (*several,) or (one or None,)
