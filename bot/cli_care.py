"""The subcommands of ``wence`` for whoever keeps it running: ``doctor``.

Each imports only what it needs. Decides nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from conversations.state.interchange import write_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.doctor.diagnosis import Check, Diagnosis

_SIGNS = ("✓", "！", "✗")


def add_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the subcommands; ``add`` is argparse's ``add_parser``."""
    told = "检查设置、数据库、密钥、机器人、磁盘、时钟……；退出码 0 都好，1 有要看的，2 有坏的"
    doctor = add("doctor", help=told, description=told)
    doctor.set_defaults(run=_doctor)
    doctor.add_argument("--json", action="store_true", help="输出一个 JSON 对象")


def _doctor(arguments: argparse.Namespace) -> int:
    import asyncio

    from bot.doctor.checks import examined

    found = asyncio.run(examined())
    if arguments.json:
        print(
            write_json(
                {
                    "status": max(each.severity for _, each in found).name.lower(),
                    "checks": [
                        {
                            "check": check.name,
                            "status": each.severity.name.lower(),
                            "text": each.text,
                            "todo": each.todo,
                        }
                        for check, each in found
                    ],
                }
            )
        )
    else:
        print("\n".join(_lines(found)))
    return max(each.severity for _, each in found)


def _lines(found: Sequence[tuple[Check, Diagnosis]]) -> list[str]:
    return [
        f"{_SIGNS[each.severity]} {check.title}：{each.text}。{f'要做的：{each.todo}。' if each.todo else ''}"
        for check, each in found
    ]
