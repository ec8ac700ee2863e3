"""The command ``wence``: one subcommand a use, each importing only what it needs.

Reads and writes UTF-8 whatever the locale. Bad input ends with exit status 2 and a sentence on standard error; with
``-`` it is answered on its line and the rest goes on. Decides nothing about the policy.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from conversations.machine import BadInputError, Json, Machine, read_json, write_json

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.web.keys import Key
    from conversations.engine import Engine

T = TypeVar("T")
FINE, BAD_INPUT, INTERRUPTED = 0, 2, 130


def main(argv: list[str] | None = None) -> int:
    """Run the command; returns the exit status (argparse leaves by itself with 2 on a bad invocation)."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments = _parser().parse_args(argv)
    try:
        status = arguments.run(arguments)
        sys.stdout.flush()
    except BadInputError as error:
        print(f"wence: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has left; give the interpreter's last flush somewhere to go
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    return status


def _settings() -> Settings:
    from bot.settings import Settings, SettingsError

    try:
        return Settings.read()
    except SettingsError as error:
        raise BadInputError(f"the settings cannot be used:\n{error}") from None


def _engine(settings: Settings | None = None) -> Engine:
    """The engine of the policy that the settings name; without ``settings``, of those only the policy counts."""
    from conversations.engine import Engine
    from knowledge.loading import PackError, load

    try:
        if settings is None:
            return Engine(load(_policy()))
        return Engine(load(settings.policy), settings.retention_days)
    except PackError as error:
        raise BadInputError(f"the policy pack has mistakes:\n{error}") from None


def _policy() -> str | None:
    """The policy that the settings name. Reading all of them takes a fifth of a cold start: only where there is a file."""
    return _settings().policy if Path(".env").exists() else os.environ.get("WENCE_POLICY") or None


def _lines() -> Iterator[tuple[str, BadInputError | None]]:
    """The lines of standard input that are not blank; one that is not UTF-8 comes with its error."""
    for number, raw in enumerate(sys.stdin.buffer):
        try:
            line = raw.decode("utf-8-sig" if number == 0 else "utf-8").strip()
        except UnicodeDecodeError:
            yield "", BadInputError("the line is not UTF-8")
            continue
        if line:
            yield line, None


def _each_line(answer: Callable[[object], Json]) -> int:
    """Answer every line of standard input with a line of JSON; returns the exit status."""
    status = FINE
    for line, fault in _lines():
        try:
            if fault is not None:
                raise fault
            reply = answer(read_json(line))
        except BadInputError as error:
            status = BAD_INPUT
            reply = {"error": error.message, "path": error.path}
        _print_json(reply)
    return status


def _print_json(value: Json) -> None:
    print(write_json(value), flush=True)


def _chat(arguments: argparse.Namespace) -> int:
    from bot.terminal import chat
    from conversations.vault import VaultError

    settings = _settings()
    try:
        return chat(_engine(settings), settings.database_url, settings.data_key.get_secret_value())
    except VaultError as error:
        raise BadInputError(str(error)) from None


def _serve(arguments: argparse.Namespace) -> int:
    from bot.serve import run

    return run()


def _assess(arguments: argparse.Namespace) -> int:
    machine = Machine(_engine())
    if arguments.source == "-":
        return _each_line(machine.assess)
    try:
        text = Path(arguments.source).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(f"{arguments.source} cannot be read: {error}") from None
    data = read_json(text)
    if arguments.json:
        _print_json(machine.assess(data))
        return FINE
    from conversations.messages import plain
    from conversations.session import Known
    from conversations.wording_result import result

    engine, case = machine.engine, machine.case(data)
    known = Known({}, case, engine.rules.assess(case), frozenset(), frozenset())
    print("\n\n".join(plain(text) for text in result(engine, known)))
    return FINE


def _ask(arguments: argparse.Namespace) -> int:
    machine = Machine(_engine())
    if arguments.text == "-":
        return _each_line(machine.ask)
    if arguments.json:
        _print_json(machine.ask({"text": arguments.text}))
        return FINE
    from conversations.messages import plain

    print(plain(machine.answering.answer(arguments.text).reply))
    return FINE


def _understand(arguments: argparse.Namespace) -> int:
    return _each_line(Machine(_engine()).understand)


def _extract(arguments: argparse.Namespace) -> int:
    machine = Machine(_engine())
    if arguments.text == "-":
        return _each_line(machine.extract)
    if arguments.json:
        _print_json(machine.extract({"text": arguments.text}))
        return FINE
    from conversations.session import Answer
    from conversations.wording import answer_label, answer_value
    from rules.case import value_to_json

    engine = machine.engine
    read = engine.descriptions.read(arguments.text)
    case = engine.rules.parse(read.case())
    for path, value in read.facts.items():
        place = path if "." in path else f"{path}.0"
        stated = value_to_json(value) if "." in path else False
        answer = Answer.model_validate({"path": place, "value": stated, "approximate": path in read.approximate})
        print(f"{answer_label(engine, case, answer)}：{answer_value(engine, answer)} ← “{read.evidence[path]}”")
    if not read.facts:
        print("没有读出能用的情况。")
    return FINE


def _facts(arguments: argparse.Namespace) -> int:
    machine = Machine(_engine())
    if arguments.json:
        _print_json(machine.facts())
        return FINE
    for fact in machine.engine.policy.facts:
        choices = f"（{'、'.join(choice.label for choice in fact.choices)}）" if fact.choices else ""
        print(f"{fact.id}\t{fact.question}{choices}")
    return FINE


def _check(arguments: argparse.Namespace) -> int:
    from knowledge.loading import check

    pack = arguments.pack or _policy()
    mistakes = check(pack)
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    if mistakes:
        print(f"wence: {len(mistakes)} mistakes", file=sys.stderr)
        return BAD_INPUT
    print("政策包没有问题。")
    return FINE


def _leads_export(arguments: argparse.Namespace) -> int:
    from conversations.export import KINDS
    from conversations.lead_desk import Filter

    file: Path = arguments.file
    if file.suffix.lower() not in KINDS:
        raise BadInputError(f"{file}: the name must end with {' or '.join(KINDS)}")
    settings = _settings()
    engine = _engine(settings)
    programmes = {programme.id for programme in engine.policy.programmes}
    if arguments.programme and arguments.programme not in programmes:
        raise BadInputError(f"there is no programme {arguments.programme!r}; there are {', '.join(sorted(programmes))}")
    shown = Filter(arguments.state, arguments.programme, since=arguments.since, until=arguments.until)

    from bot.office import export_leads

    print(f"已导出 {_office(export_leads(settings, engine, file, shown))} 条登记到 {file}。")
    return FINE


def _purge(arguments: argparse.Namespace) -> int:
    from bot.office import purge

    settings = _settings()
    gone, idle = _office(purge(settings, _engine(settings)))
    print(f"删除了 {gone} 条过期的登记、{idle} 次闲置的咨询。")
    return FINE


def _stats(arguments: argparse.Namespace) -> int:
    from bot.office import count

    settings = _settings()
    found = _office(count(settings, _engine(settings), arguments.since))
    if arguments.json:
        print(found.model_dump_json())
        return FINE
    from bot.terminal import plain
    from conversations.wording_statistics import statistics_text

    print(plain(statistics_text(found)))
    return FINE


def _unanswered_export(arguments: argparse.Namespace) -> int:
    from bot.office import export_unanswered

    settings = _settings()
    exported = _office(export_unanswered(settings, _engine(settings)))
    if arguments.file is None:
        print(exported, end="")
        return FINE
    try:
        arguments.file.write_text(exported, "utf-8")
    except OSError as error:
        raise BadInputError(f"{arguments.file} cannot be written: {error}") from None
    print(f"已导出到 {arguments.file}。请审阅后再并入政策包的 questions.yaml。")
    return FINE


def _office(work: Coroutine[None, None, T]) -> T:
    """What the office's ``work`` with the database comes to."""
    import asyncio

    from sqlalchemy.exc import SQLAlchemyError

    from conversations.migrations import DatabaseTooNewError
    from conversations.vault import VaultError

    try:
        return asyncio.run(work)
    except (SQLAlchemyError, OSError, DatabaseTooNewError, VaultError) as error:
        raise BadInputError(str(error)) from None


def _key(arguments: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from bot.web import keys
    from conversations.store import Store

    settings = _settings()

    async def work() -> str:
        store = await Store.open(settings.database_url, data_key=settings.data_key.get_secret_value())
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

    from conversations import accounts
    from conversations.store import Store

    settings = _settings()
    password = _password() if arguments.do == "add" else ""

    async def work() -> str:
        store = await Store.open(settings.database_url, data_key=settings.data_key.get_secret_value())
        try:
            async with store.transaction() as work:
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
    state = f"{key.revoked:%Y-%m-%d} 作废" if key.revoked else "有效"
    used = f"{key.used:%Y-%m-%d} 用过" if key.used else "没用过"
    return f"{key.name}\t{state}\t{key.created:%Y-%m-%d} 生成\t{used}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date like 2026-11-24") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="wence", description="问策：这份文件里有哪些扶持政策适合您、多少钱、要什么材料"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    command("chat", _chat, "在终端里咨询；没有终端时，标准输入一行一句话")
    command("serve", _serve, "运行机器人和网页")
    assess = command("assess", _assess, "企业情况（JSON）→ 预评估")
    assess.add_argument("source", metavar="FILE|-", help="JSON 文件；- 表示标准输入，一行一个")
    ask = command("ask", _ask, "问题 → 条款和答复")
    ask.add_argument("text", metavar="TEXT|-", help='问题；- 表示标准输入，一行一个 {"text": …}')
    understand = command("understand", _understand, "一句回答 → 数值")
    understand.add_argument("source", choices=["-"], metavar="-", help='标准输入，一行一个 {"fact": …, "text": …}')
    extract = command("extract", _extract, "一段企业介绍 → 情况（JSON）")
    extract.add_argument("text", metavar="TEXT|-", help='介绍；- 表示标准输入，一行一个 {"text": …}')
    facts = command("facts", _facts, "列出要了解的情况和问法")
    for each in (assess, ask, extract, facts):
        each.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    leads = commands.add_parser("leads", help="登记", description="登记").add_subparsers(required=True, metavar="DO")
    export = leads.add_parser("export", help="导出登记", description="导出登记，按条件筛选")
    export.set_defaults(run=_leads_export)
    export.add_argument("file", metavar="FILE.csv|FILE.xlsx", type=Path)
    states = ("new", "contacted", "documents", "submitted", "closed", "declined")
    export.add_argument("--state", choices=states, default="", help="只要这个状态的")
    export.add_argument("--since", type=_day, metavar="DAY", help="这一天起登记的，如 2026-11-24")
    export.add_argument("--until", type=_day, metavar="DAY", help="到这一天（含）为止登记的")
    export.add_argument("--programme", default="", help="符合或可能符合这一项政策的（政策包里的 id）")
    stats = command("stats", _stats, "统计：咨询、停在哪一题、符合的政策、提问、登记、转人工")
    stats.add_argument("--since", type=_day, metavar="DAY", help="从这一天起，如 2026-11-24")
    stats.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    gaps = commands.add_parser("unanswered", help="没答上的问题", description="没答上的问题")
    gaps = gaps.add_subparsers(required=True, metavar="DO")
    gap_export = gaps.add_parser("export", help="导出为 YAML", description="导出为 YAML，审阅后并入政策包的例句")
    gap_export.set_defaults(run=_unanswered_export)
    gap_export.add_argument("file", metavar="FILE.yaml", nargs="?", type=Path, help="省略时写到标准输出")
    keys = commands.add_parser("key", help="HTTP 接口的密钥", description="合作网站用的 HTTP 接口密钥")
    of_keys = keys.add_subparsers(required=True, metavar="DO", dest="do")
    for do, text in (("add", "生成密钥，只显示一次"), ("list", "列出密钥"), ("revoke", "作废密钥")):
        each = of_keys.add_parser(do, help=text, description=text)
        each.set_defaults(run=_key)
        if do != "list":
            each.add_argument("name", metavar="NAME", help="给谁用")
    desk = commands.add_parser("desk", help="工作台的账号", description="网页工作台（/desk）的账号")
    of_desk = desk.add_subparsers(required=True, metavar="DO", dest="do")
    for do, text in (("add", "开账号，或者给已有的改密码和角色；密码当场问，或从标准输入读"), ("remove", "删除账号")):
        each = of_desk.add_parser(do, help=text, description=text)
        each.set_defaults(run=_desk)
        each.add_argument("name", metavar="NAME")
        if do == "add":
            roles = "office：办公室，都能做；helpdesk：咨询员，不能导出"
            each.add_argument("--role", choices=["office", "helpdesk"], default="helpdesk", help=roles)
    command("purge", _purge, "删除过期的登记和闲置的咨询")
    check = command("check", _check, "检查政策包，指出每处错误的文件和行")
    check.add_argument("pack", metavar="PACK", nargs="?", help="名称或文件夹，默认是正在用的那个")
    return parser
