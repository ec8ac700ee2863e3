"""``wence sql`` and ``wence match``: a policy against all firms on file.

Each imports only what it needs; what they need comes with the extra ``match``. Decides nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot import cli_start
from bot.cli_start import FINE
from conversations.state.interchange import BadInputError

if TYPE_CHECKING:
    from knowledge.policy import Policy
    from rules.columns.compiled import Compiled
    from rules.columns.relations import Layout

DIALECTS = ("duckdb", "postgres", "spark")
_STATUSES = ("eligible", "ineligible", "undetermined")
_STEPS = 3
_FORMS = {"exact": "一个数一列", "range": "一个数两列，.min 和 .max", "open": "另有 .min_open、.max_open，说两端含不含"}


def add_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the subcommands; ``add`` is argparse's ``add_parser``."""
    told = "把一份政策的规则写成一条 SQL，对所有企业一起算"
    query = add("sql", help=told, description=told)
    query.set_defaults(run=_sql)
    query.add_argument("--policy", metavar="ID|FOLDER", help="哪一份政策，默认是正在用的那份")
    query.add_argument("--dialect", choices=DIALECTS, default="duckdb", help="哪种数据库，默认 duckdb")
    query.add_argument("--totals", action="store_true", help="每家企业一行，带合计；不写就是每家企业的每一项一行")
    query.add_argument("--figures", choices=[*_FORMS], default="range", help="表里的数：" + "；".join(_FORMS.values()))
    query.add_argument("--on", type=_day, metavar="DAY", help="按哪一天算，如 2026-11-24，默认今天")
    told = "政策找企业：一份政策对一张企业表，谁够条件、要花多少钱、还缺什么"
    against = add("match", help=told, description=told)
    against.set_defaults(run=_match)
    against.add_argument("table", metavar="TABLE", help="CSV、Parquet、XLSX 文件，或 postgresql://…#表名")
    against.add_argument("--policy", metavar="ID|FOLDER", help="哪一份政策，默认是正在用的那份")
    against.add_argument(
        "--mapping", metavar="FILE", type=Path, help="映射文件（YAML）：列名、单位、清单表，见 docs/match.md"
    )
    against.add_argument("--to", metavar="OUT", type=Path, help="清单写到这个 .csv、.xlsx 或 .parquet 文件")
    against.add_argument(
        "--status", action="append", choices=_STATUSES, help="清单里只要这种结果的，可以写几个；默认都要"
    )
    against.add_argument("--on", type=_day, metavar="DAY", help="按哪一天算，如 2026-11-24，默认今天")
    against.add_argument("--json", action="store_true", help="输出一个 JSON 对象")


def one_policy(named: str | None) -> Policy:
    """The one policy that is meant. Raises ``BadInputError`` where several are served and none is named."""
    found = cli_start.policies([named] if named else None, whole=False)
    if len(found) > 1:
        raise BadInputError(f"用 --policy 写明是哪一份：{'、'.join(policy.id for policy in found)}")
    return found[0]


def _installed() -> None:
    """Raises ``BadInputError`` where what the extra ``match`` brings is not there."""
    from bot.match import INSTALL, installed

    if not installed():
        raise BadInputError(f"这条命令还要装上：{INSTALL}")


def _sql(arguments: argparse.Namespace) -> int:
    _installed()
    from bot.match.reasons import reason_of, reasons_of
    from bot.match.run import compiled
    from rules.columns.relations import Layout, TableForm
    from rules.columns.sql import NotInSqlError
    from rules.dates import Dates

    policy, day = one_policy(arguments.policy), arguments.on or _today()
    lists = frozenset(policy.lists)
    layout = Layout(TableForm[arguments.figures.upper()], lists=lists, on=Dates(day, day))
    found = compiled(policy, layout)
    for programme, reason in reasons_of(found).items():
        print(f"wence: {programme} 没有写进去：{reason}", file=sys.stderr)
    if found.no_total:
        print(f"wence: 没有合计：{reason_of(found.no_total)}", file=sys.stderr)
    try:
        text = found.written(found.every_firm() if arguments.totals else found.every_claim(), arguments.dialect)
    except NotInSqlError as error:
        raise BadInputError(reason_of(error)) from None
    print("\n".join(_heading(policy, found, layout, day, arguments.dialect)))
    print(f"{text};")
    return FINE


def _match(arguments: argparse.Namespace) -> int:
    _installed()
    import json

    from bot.match.mapping import read_mapping
    from bot.match.output import KINDS
    from bot.match.run import match
    from bot.match.said import summary_json, summary_lines

    to: Path | None = arguments.to
    if to is not None and to.suffix.lower() not in KINDS:
        raise BadInputError(f"{to}：文件名要以 {'、'.join(KINDS)} 结尾。")
    if to is not None and not to.absolute().parent.is_dir():
        raise BadInputError(f"{to}：没有这个文件夹，请先建好。")
    policy, day = one_policy(arguments.policy), arguments.on or _today()
    mapping, beside = read_mapping(arguments.mapping), (arguments.mapping or Path()).parent
    with _progress() as told:
        found = match(policy, arguments.table, mapping, beside, day, to, arguments.status or _STATUSES, told)
    for row in found.bad:
        print(f"wence: {row.table} 第 {row.line} 行没有算：{row.trouble}", file=sys.stderr)
    for name, why in found.unsupported.items():
        print(f"wence: {name} 没有算：{why}", file=sys.stderr)
    if found.no_total:
        print(f"wence: 没有合计：{found.no_total}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(summary_json(policy, found), ensure_ascii=False))
        return FINE
    print("\n".join(summary_lines(policy, found)))
    if found.unused:
        print(f"没有用到的列：{'、'.join(found.unused)}")
    if found.bad:
        print(f"有 {len(found.bad)} 行没有算，上面写了是哪些。")
    if found.written:
        print(f"清单有 {found.written.rows} 行，写到了 {found.written.file}。")
    return FINE


@contextmanager
def _progress() -> Generator[Callable[[str], None]]:
    """Somebody who looks on sees what is being done."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from prompt_toolkit.output import create_output
    from prompt_toolkit.shortcuts import ProgressBar, ProgressBarCounter

    with ProgressBar(output=create_output(sys.stderr)) as bar:
        counter: ProgressBarCounter[object] = bar(total=_STEPS)

        def told(step: str) -> None:
            if counter.label:  # what was being done is done
                counter.item_completed()
            counter.label = step

        yield told
        counter.item_completed()


def _heading(policy: Policy, found: Compiled, layout: Layout, day: date, dialect: str) -> list[str]:
    """What the query is, and of what tables."""
    lines = [
        f"-- {policy.name}，按 {day} 算",
        "-- holds：true 符合，false 不符合，NULL 还不能确定；max 是 NULL 而 min 不是：没有上限；",
    ]
    lines.append("-- min、max 都是 NULL：文件没有给具体数；missing：还缺哪些情况，一位一项，从低位起依次是")
    for name, claim in [*found.claims.items(), *((f"{name}（每一个）", each) for name, each in found.listed.items())]:
        lines.append(f"--   {name}：{'、'.join(claim.missing or ()) or '没有'}")
    lines.append("-- 数都按写明的 DECIMAL 读：整数位更多的报错，小数位更多的四舍五入")
    for table, columns in found.tables().items():
        keys = "firm" if table == "firms" else "firm、item（从 0 数起）"
        lines.append(f"-- 表 {table}：{keys}，以及")
        lines += [f"--   {column} {_kind(policy, layout, column, dialect)}" for column in columns]
    if dialect == "spark":
        lines += ["SET spark.sql.ansi.enabled = true;", "SET spark.sql.decimalOperations.allowPrecisionLoss = false;"]
    return lines


def _kind(policy: Policy, layout: Layout, column: str, dialect: str) -> str:
    """Of what type a column is."""
    if column.endswith(("_open", ".never")):
        return "BOOLEAN"
    path = column.removesuffix(".min").removesuffix(".max")
    if path in policy.lists:
        return "INT，有几个；NULL 是不知道"
    spec = policy.fact(path).spec
    words = "STRING" if dialect == "spark" else "VARCHAR"
    kinds = {"bool": "BOOLEAN", "choice": words, "place": words, "text": words, "date": "DATE"}
    return kinds.get(spec.type) or layout.digits_of(path, spec).kind.upper()


def _today() -> date:
    from datetime import UTC, datetime

    from conversations.state import office_time

    return office_time.today(datetime.now(UTC))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"日子写成 2026-11-24 这样：{text}") from None
