"""The subcommands of ``wence`` for whoever keeps it running: ``doctor``, ``backup``, ``restore``.

Each imports only what it needs. Decides nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli_start import FINE, settings
from conversations.state.interchange import BadInputError, write_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.doctor.diagnosis import Check, Diagnosis
    from bot.settings import Settings
    from conversations.storage.backup import Restored

_SIGNS = ("✓", "！", "✗")


def add_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the subcommands; ``add`` is argparse's ``add_parser``."""
    told = "检查设置、数据库、密钥、机器人、磁盘、时钟……；退出码 0 都好，1 有要看的，2 有坏的"
    doctor = add("doctor", help=told, description=told)
    doctor.set_defaults(run=_doctor)
    doctor.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    told = "备份数据库到一个文件，运行着也能做；密钥不在里面，要另外存"
    backup = add("backup", help=told, description=told)
    backup.set_defaults(run=_backup)
    backup.add_argument("file", metavar="FILE", type=Path, help="新文件，只有自己能读")
    told = "从备份恢复数据库；先停下 wence serve"
    restore = add("restore", help=told, description=told)
    restore.set_defaults(run=_restore)
    restore.add_argument("file", metavar="FILE", type=Path, help="wence backup 做的文件")
    restore.add_argument("--replace", action="store_true", help="现在的数据不要了，用备份换掉")
    told = "wence serve 的日志（- 表示标准输入）：备份以后要求删除的人，按它再删一遍"
    restore.add_argument("--forgotten", metavar="LOG|-", help=told)


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


def _backup(arguments: argparse.Namespace) -> int:
    import asyncio

    from conversations.storage.backup import backup
    from conversations.storage.postgres_tools import BackupError

    read, file = settings(), arguments.file
    try:
        revision = asyncio.run(backup(read.database_url, file, _progress("正在备份")))
    except BackupError as error:
        raise BadInputError(str(error)) from None
    print(f"备份好了：{file}（{file.stat().st_size / 1e6:.1f} MB，表是 {revision} 版）。")
    print(f"密钥不在里面，没有密钥就打不开：请把{_key_place(read)}另存一份，和备份分开放。")
    print("备份以后有人要求删除的话，恢复时要靠日志再删一遍：wence serve 的日志请留得和备份一样久。")
    return FINE


def _key_place(read: Settings) -> str:
    from conversations.storage.inspection import sqlite_file

    file = sqlite_file(read.database_url)
    return "设置里的 WENCE_DATA_KEY " if read.data_key.get_secret_value() or file is None else f" {file}.key "


def _restore(arguments: argparse.Namespace) -> int:
    import asyncio

    from conversations.storage.backup import restore
    from conversations.storage.postgres_tools import BackupError
    from conversations.storage.vault import VaultError

    read = settings()
    log = None if arguments.forgotten is None else _log_lines(arguments.forgotten)
    key = read.data_key.get_secret_value()
    try:
        done = asyncio.run(
            restore(read.database_url, arguments.file, key, _progress("正在恢复"), replace=arguments.replace)
        )
    except (BackupError, VaultError) as error:
        raise BadInputError(str(error)) from None
    print("\n".join(_came_to(done)))
    if log is None:
        print("备份以后要求删除的人，他们的资料又回来了。启动以前请用日志再删一遍：")
        print(f"  wence restore {arguments.file} --replace --forgotten LOG   （journalctl -u wence 的输出用 - 接）")
        return FINE
    from bot.care import forget_again

    print(f"按日志又删除了 {asyncio.run(forget_again(read, log))} 位要求删除的人的资料。")
    return FINE


def _came_to(done: Restored) -> list[str]:
    at = f"表是 {done.now} 版" if done.was == done.now else f"表原来是 {done.was} 版，已经升级到 {done.now} 版"
    return [
        f"恢复好了：{done.people} 位咨询者，{at}。",
        "工作台的登录都退出了，请重新登录。备份以后作废的接口密钥、删掉的工作台账号又有效了，请核对：wence key list。",
    ]


def _log_lines(name: str) -> list[str]:
    if name == "-":
        return sys.stdin.read().splitlines()
    try:
        return Path(name).read_text("utf-8", errors="replace").splitlines()
    except OSError as error:
        raise BadInputError(f"{name} 读不了：{error.strerror}。") from None


def _progress(what: str) -> Callable[[float], None]:
    """Shows on standard error how much is done, to somebody who looks on."""
    if not sys.stderr.isatty():
        return lambda share: None

    def show(share: float) -> None:
        sys.stderr.write(f"\r{what} {share:4.0%}" + ("\n" if share >= 1 else ""))
        sys.stderr.flush()

    return show
