"""The office's subcommands of ``wence``: leads, figures, unanswered questions, keys, accounts, deletion.

Each imports only what it needs, and all of them work on the database. Decides nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Coroutine
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.cli_start import FINE, reason, settings, shelf
from conversations.state import office_time
from conversations.state.interchange import BadInputError

if TYPE_CHECKING:
    from bot.web.keys import Key

T = TypeVar("T")

_ROLES = {"office": "办公室", "helpdesk": "咨询员"}


def add_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the office's subcommands; ``add`` is argparse's ``add_parser``."""
    leads = add("leads", help="登记", description="登记").add_subparsers(required=True, metavar="DO")
    export = leads.add_parser("export", help="导出登记", description="导出登记，按条件筛选")
    export.set_defaults(run=_leads_export)
    export.add_argument("file", metavar="FILE.csv|FILE.xlsx", type=Path)
    export.add_argument("--state", type=_state, metavar="STATE", help="只要这个状态的，如 新登记（或 new）")
    export.add_argument("--since", type=_day, metavar="DAY", help="这一天起登记的，如 2026-11-24")
    export.add_argument("--until", type=_day, metavar="DAY", help="到这一天（含）为止登记的")
    export.add_argument("--policy", default="", help="符合或可能符合这份文件的（政策包的 id，不再使用的也行）")
    export.add_argument("--programme", default="", help="符合或可能符合这一项政策的（政策包里的 id）")
    told = "统计：咨询、停在哪一题、符合的政策、提问、登记、转人工"
    stats = add("stats", help=told, description=told)
    stats.set_defaults(run=_stats)
    stats.add_argument("--since", type=_day, metavar="DAY", help="从这一天起，如 2026-11-24")
    stats.add_argument("--until", type=_day, metavar="DAY", help="到这一天（含）为止")
    stats.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    gaps = add("unanswered", help="没答上的问题", description="没答上的问题")
    gaps = gaps.add_subparsers(required=True, metavar="DO")
    gap_export = gaps.add_parser("export", help="导出为 YAML", description="导出为 YAML，审阅后并入政策包的例句")
    gap_export.set_defaults(run=_unanswered_export)
    gap_export.add_argument("file", metavar="FILE.yaml", nargs="?", type=Path, help="省略时写到标准输出")
    keys = add("key", help="HTTP 接口的密钥", description="合作网站用的 HTTP 接口密钥")
    of_keys = keys.add_subparsers(required=True, metavar="DO", dest="do")
    for do, text in (("add", "生成密钥，只显示一次"), ("list", "列出密钥"), ("revoke", "作废密钥")):
        each = of_keys.add_parser(do, help=text, description=text)
        each.set_defaults(run=_key)
        if do != "list":
            each.add_argument("name", metavar="NAME", help="给谁用")
    desk = add("desk", help="工作台的账号", description="网页工作台（/desk）的账号")
    of_desk = desk.add_subparsers(required=True, metavar="DO", dest="do")
    opened = "开账号，或者给已有的改密码和角色；密码当场问，或从标准输入读"
    for do, text in (("add", opened), ("list", "列出账号"), ("remove", "删除账号，最后一个办公室账号除外")):
        each = of_desk.add_parser(do, help=text, description=text)
        each.set_defaults(run=_desk)
        if do != "list":
            each.add_argument("name", metavar="NAME", help="账号名")
        if do == "add":
            roles = "office：办公室，都能做；helpdesk：咨询员，不能导出"
            each.add_argument("--role", choices=["office", "helpdesk"], default="helpdesk", help=roles)
    purge = add("purge", help="删除过期的登记和闲置的咨询", description="删除过期的登记和闲置的咨询")
    purge.set_defaults(run=_purge)
    purge.add_argument("--dry-run", action="store_true", help="只说会删除多少，不删除")


def _leads_export(arguments: argparse.Namespace) -> int:
    from conversations.office.lead_export import KINDS
    from conversations.state.leads import LeadFilter

    file: Path = arguments.file
    if file.suffix.lower() not in KINDS:
        raise BadInputError(f"{file}：文件名要以 {' 或 '.join(KINDS)} 结尾。")
    if not file.absolute().parent.is_dir():
        raise BadInputError(f"{file}：没有这个文件夹，请先建好。")
    read = settings()
    compiled = shelf(read)
    documents = {document.id: document for document in compiled.policy.alone}
    policy, _, programme = arguments.programme.rpartition("/")
    policy = policy or arguments.policy
    named = [documents[policy]] if policy in documents else documents.values()
    programmes = {each.id for document in named for each in document.programmes}
    if programme and programme not in programmes:
        raise BadInputError(f"没有“{programme}”这一项政策，有的是：{'、'.join(sorted(programmes))}。")
    shown = LeadFilter(arguments.state or "", programme, since=arguments.since, until=arguments.until, policy=policy)

    from bot.office import export_leads

    print(f"已导出 {_office(export_leads(read, compiled, file, shown))} 条登记到 {file}。")
    return FINE


def _purge(arguments: argparse.Namespace) -> int:
    from bot.office import purge

    read = settings()
    gone, idle = _office(purge(read, shelf(read), really=not arguments.dry_run))
    print(f"{'会删除' if arguments.dry_run else '删除了'} {gone} 条过期的登记、{idle} 次闲置的咨询。")
    return FINE


def _stats(arguments: argparse.Namespace) -> int:
    from bot.office import count

    read = settings()
    found = _office(count(read, shelf(read), arguments.since, arguments.until))
    if arguments.json:
        print(found.model_dump_json())
        return FINE
    from conversations.office.statistics_wording import statistics_text
    from conversations.state.markup import plain

    print(plain(statistics_text(found)))
    return FINE


def _unanswered_export(arguments: argparse.Namespace) -> int:
    from bot.office import export_unanswered

    if arguments.file is not None and arguments.file.suffix.lower() not in (".yaml", ".yml"):
        raise BadInputError(f"{arguments.file}：导出的是 YAML，文件名要以 .yaml 结尾。")
    read = settings()
    exported = _office(export_unanswered(read, shelf(read)))
    if arguments.file is None:
        print(exported, end="")
        return FINE
    try:
        arguments.file.write_text(exported, "utf-8")
    except OSError as error:
        raise BadInputError(f"{arguments.file} 写不了：{reason(error)}。") from None
    print(f"已导出到 {arguments.file}。请审阅后再并入政策包的 questions.yaml。")
    return FINE


def _office(work: Coroutine[None, None, T]) -> T:
    """What the office's ``work`` with the database comes to."""
    import asyncio

    from sqlalchemy.exc import SQLAlchemyError

    from conversations.storage.migrations import DatabaseTooNewError
    from conversations.storage.vault import VaultError

    try:
        return asyncio.run(work)
    except (SQLAlchemyError, OSError, DatabaseTooNewError, VaultError) as error:
        raise BadInputError(str(error)) from None


def _key(arguments: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from bot.web import keys
    from conversations.storage.store import Store

    read = settings()

    async def work() -> str:
        store = await Store.open(read.database_url, data_key=read.data_key.get_secret_value())
        now = datetime.now(UTC)
        try:
            if arguments.do == "add":
                key = await keys.add(store, arguments.name, now)
                return f"{key}\n（只显示这一次，请马上存好。用法：Authorization: Bearer 加这个密钥）"
            if arguments.do == "revoke":
                await keys.revoke(store, arguments.name, now)
                return f"“{arguments.name}”的密钥已经作废。"
            lines = [_key_line(key) for key in await keys.every(store)]
            return "\n".join(lines) or "还没有密钥。"
        finally:
            await store.close()

    try:
        print(_office(work()))
    except keys.KeyNameError as error:
        raise BadInputError(str(error)) from None
    return FINE


def _desk(arguments: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from conversations.office import accounts
    from conversations.storage.store import Store

    read = settings()
    password = _password() if arguments.do == "add" else ""

    async def work() -> str:
        store = await Store.open(read.database_url, data_key=read.data_key.get_secret_value())
        try:
            async with store.transaction() as work:
                if arguments.do == "list":
                    return "\n".join(map(_account_line, await accounts.every(work.connection))) or "还没有账号。"
                if arguments.do == "remove":
                    gone = await accounts.remove(work, arguments.name)
                    return f"账号“{arguments.name}”{'已删除' if gone else '本来就没有'}。"
                role = accounts.Role(arguments.role)
                new = await accounts.add(work, arguments.name, role, password, datetime.now(UTC))
                return f"账号“{arguments.name}”{'开好了' if new else '改好了，原来的登录已经退出'}。"
        finally:
            await store.close()

    try:
        print(_office(work()))
    except accounts.AccountError as error:
        raise BadInputError(str(error)) from None
    return FINE


def _password() -> str:
    """A new password: asked for twice at a terminal, else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    from getpass import getpass

    password = getpass("密码：")
    if getpass("再输一遍：") != password:
        raise BadInputError("两次输入的密码不一样。")
    return password


def _key_line(key: Key) -> str:
    state = f"{office_time.today(key.revoked)} 作废" if key.revoked else "有效"
    used = f"{office_time.today(key.used)} 用过" if key.used else "没用过"
    return f"{key.name}\t{state}\t{office_time.today(key.created)} 生成\t{used}"


def _account_line(account: tuple[str, str, datetime, datetime | None]) -> str:
    name, role, created, disabled = account
    stopped = f"\t{office_time.today(disabled)} 停用" if disabled else ""
    return f"{name}\t{_ROLES[role]}\t{office_time.today(created)} 开的{stopped}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，要写成 2026-11-24 这样") from None


def _state(text: str) -> str:
    """A lead's state by its Chinese name or its id."""
    from conversations.saying.registration import STATES

    found = {name: id for id, label in STATES.items() for name in (id, label)}.get(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"没有“{text}”这个状态，可以写 {'、'.join(STATES.values())}")
    return found
