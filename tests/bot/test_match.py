"""``wence match`` and ``wence sql``: a table of firms in, the list and the summary out, as ``wence assess`` says of each."""

import ast
import asyncio
import csv
import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
import duckdb
import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import make_url

from bot.match import uploaded
from bot.match.reasons import REASONS
from conversations.state.firm_lists import FirmUpload
from knowledge.loading import load
from rules.assessment import Assessment, Claim
from tests import databases, served
from tests.bot.command import Run, called
from tests.chance import draws
from tests.rules.random_firms import RandomFirms
from tests.rules.tables import Sheet

pytestmark = pytest.mark.slow

Json = dict[str, Any]
DAY = date(2025, 4, 20)
STATUSES = {"eligible": "符合", "ineligible": "不符合", "undetermined": "还不能确定"}
PACKS = ["zhengzhou-2013-237", "haicheng-ecommerce-2024", "haicheng-industry-2023"]


def written(cases: Sequence[Json], folder: Path, lists: Sequence[str]) -> list[str]:
    """The cases as CSV files with a mapping; the arguments for them."""
    firms: list[Json] = []
    things: dict[str, list[Json]] = {subject: [] for subject in lists}
    for number, case in enumerate(cases):
        row = {"firm": f"企业{number}", **_cells("enterprise", case.get("enterprise") or {})}
        for subject in lists:
            items = case.get(subject)
            if items is not None:
                row[subject] = len(items)
                things[subject] += [{"firm": row["firm"], **_cells(subject, item)} for item in items]
        firms.append(row)
    _csv(folder / "firms.csv", firms)
    mapping = {subject: {"table": f"{subject}.csv"} for subject in lists}
    for subject in lists:
        _csv(folder / f"{subject}.csv", things[subject] or [{"firm": ""}])
    (folder / "mapping.yaml").write_text(json.dumps({"lists": mapping}), "utf-8")
    return [str(folder / "firms.csv"), "--mapping", str(folder / "mapping.yaml")]


def _cells(subject: str, item: Json) -> Json:
    found: Json = {}
    for name, value in item.items():
        years = value.items() if isinstance(value, dict) and all(key.isdigit() for key in value) else [("", value)]
        for year, one in years:
            path = f"{subject}.{name}@{year}" if year else f"{subject}.{name}"
            found |= (
                {f"{path}.{_role(end)}": each for end, each in one.items()} if isinstance(one, dict) else {path: one}
            )
    return found


def _role(end: str) -> str:
    return {"at_least": "min", "at_most": "max"}.get(end, end)


def _csv(file: Path, rows: Sequence[Json]) -> None:
    names = dict.fromkeys(name for row in rows for name in row)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, [*names])
        writer.writeheader()
        writer.writerows(rows)


def matched(arguments: Sequence[str], policy: str, *more: str) -> tuple[Json, Run]:
    run = called("match", *arguments, "--policy", policy, "--on", DAY.isoformat(), "--json", *more)
    assert run.returncode == 0, run.stderr.decode()
    return json.loads(run.stdout), run


def rows_of(file: Path) -> list[Json]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return [*csv.DictReader(opened)]


@pytest.mark.parametrize("policy", PACKS)
def test_every_claim_and_every_sum_is_that_of_assess(policy: str, tmp_path: Path) -> None:
    pack = served.policy(policy)
    sheet = Sheet.shipped(pack)
    firms = RandomFirms(sheet, seed=3)
    cases = [firms.case() for _ in range(draws(80))]
    book = sheet.book
    assessments = [book.assess(book.parse({**case, "on": DAY.isoformat()})) for case in cases]
    lists = [subject.id for subject in pack.subjects if subject.many]
    found, run = matched(written(cases, tmp_path, lists), policy, "--to", str(tmp_path / "out.csv"))
    assert not run.stderr
    labels = {programme.id: programme.label for programme in pack.programmes}
    ours = [
        (row["企业"], row["政策"], row["第几个"], row["结果"], *map(_money, (row["最少（元）"], row["最多（元）"])))
        for row in rows_of(tmp_path / "out.csv")
    ]
    theirs = [_expected(number, claim, labels) for number, one in enumerate(assessments) for claim in one.claims]
    assert sorted(ours, key=str) == sorted(theirs, key=str)
    for name, sums in (
        ("total", [one.total for one in assessments]),
        ("payable", [one.payable for one in assessments]),
    ):
        assert [end and Decimal(end) for end in found[name].values()] == _sums(sums)
    for programme in found["programmes"]:
        counted = [claim for one in assessments for claim in one.claims if claim.programme.id == programme["programme"]]
        for status in STATUSES:
            assert programme[status] == sum(claim.status == status for claim in counted)
    assert {each["fact"]: each["settles"] for each in found["missing"] if each["settles"]} == _settling(assessments)


def _money(text: str) -> Decimal | None:
    return Decimal(text).normalize() if text else None


def _expected(number: int, claim: Claim, labels: dict[str, str]) -> tuple[object, ...]:
    item = "" if claim.index is None else f"{claim.index + 1}"
    low, high = (None, None) if claim.amount is None else (claim.amount.min, claim.amount.max)
    ends = [None if end is None else end.normalize() for end in (low, high)]
    return (f"企业{number}", labels[claim.programme.id], item, STATUSES[claim.status], *ends)


def _sums(totals: Sequence[Any]) -> list[Decimal | None]:
    """Where one of them has no upper bound, their sum has none."""
    least, most = sum((one.min for one in totals), Decimal(0)), [one.max for one in totals]
    return [least, None if None in most else sum(most, Decimal(0))]


def _settling(assessments: Sequence[Assessment]) -> dict[str, int]:
    found: dict[str, int] = {}
    for claim in (claim for one in assessments for claim in one.claims if claim.status == "undetermined"):
        missing = {re.sub(r"\.\d+\.", ".", path) for path in claim.missing}
        if len(missing) == 1:
            (fact,) = missing
            found[fact] = found.get(fact, 0) + 1
    return found


@pytest.mark.parametrize("policy", PACKS)
def test_single_firms_are_the_cases_they_came_from(policy: str, tmp_path: Path) -> None:
    """What each comes to in the list is what its case comes to, and the case is read back from the table."""
    pack = load(policy, whole=False)
    sheet = Sheet.shipped(pack)
    firms = RandomFirms(sheet, seed=4)
    cases = [_nameless(firms.case()) for _ in range(draws(60))]
    written(cases, tmp_path, [subject.id for subject in pack.subjects if subject.many])
    files = {file.name: file.read_bytes() for file in tmp_path.glob("*.csv")}
    mapping = json.loads((tmp_path / "mapping.yaml").read_text("utf-8"))
    upload = FirmUpload(table="firms.csv", files=files, mapping=mapping)
    matched, lines = uploaded.put(pack, upload, DAY)
    read = uploaded.cases(pack, upload, DAY, [line.line for line in lines])
    assert [line.firm for line in lines] == [f"企业{number}" for number in range(len(cases))]
    book = sheet.book
    for case, line in zip(cases, lines, strict=True):
        meant = book.parse({**case, "on": DAY.isoformat()})
        assert book.parse(read[line.line]) == meant, line.firm
        found = book.assess(meant)
        signs = ""
        for programme in matched.programmes:
            states = {claim.status for claim in found.claims if claim.programme.id == programme.programme}
            signs += "e" if "eligible" in states else "u" if "undetermined" in states else "n"
        assert (line.statuses, line.least, line.most) == (signs, found.total.min, found.total.max), line.firm


def _nameless(case: Json) -> Json:
    """A case without the names of its things, of which a table says nothing."""
    things = {
        key: [{fact: known for fact, known in item.items() if fact != "name"} for item in value]
        for key, value in case.items()
        if isinstance(value, list)
    }
    return {**case, **things}


FIRMS = [
    ["企业", "注册在郑州", "年服务费", "enterprise.agency_operator", "enterprise.agency_years_supported", "联系人"],
    ["甲", "是", "260", "是", "0", "张三"],
    ["=乙", "否", "不详", "是", "1", ""],
    ["丙", "大概", "92", "是", "0", ""],
    ["丁", "是", "-5", "是", "7", ""],
    ["甲", "是", "", "", "", ""],
    ["", "是", "", "", "", ""],
]
MAPPING = {
    "firm": "企业",
    "columns": {"注册在郑州": "enterprise.registered_in_zhengzhou", "年服务费": "enterprise.agency_service_fee"},
    "units": {"enterprise.agency_service_fee": "万元"},
}


def office_table(folder: Path, coding: str = "utf-8") -> list[str]:
    (folder / "map.yaml").write_text(json.dumps(MAPPING), "utf-8")
    text = "\n".join(",".join(row) for row in FIRMS)
    (folder / "firms.csv").write_text(text, coding)
    return [str(folder / "firms.csv"), "--mapping", str(folder / "map.yaml")]


def agency(file: Path) -> list[tuple[str, str, str]]:
    return [(row["企业"], row["结果"], row["最多（元）"]) for row in rows_of(file) if row["政策"] == "代运营企业支持"]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030"])
def test_an_offices_own_table(tmp_path: Path, coding: str) -> None:
    """Its own column names and units; what is wrong is reported by line and left out, what begins like a formula is text."""
    found, run = matched(office_table(tmp_path, coding), PACKS[0], "--to", str(tmp_path / "out.csv"))
    assert agency(tmp_path / "out.csv") == [("甲", "符合", "260000.00"), ("'=乙", "不符合", "0.00")]
    assert [(row["table"], row["line"]) for row in found["bad_rows"]] == [("firms.csv", line) for line in (4, 5, 6, 7)]
    assert found["firms"] == 2
    assert found["unused_columns"] == ["firms.csv：联系人"]
    assert "firms.csv 第 4 行没有算：注册在郑州：“大概”读不懂" in run.stderr.decode()
    assert (tmp_path / "out.csv").stat().st_mode & 0o077 == 0


def test_rows_that_are_longer_or_shorter_are_reported_by_line(tmp_path: Path) -> None:
    """Empty lines count as a spreadsheet counts them; a cell of two lines is one row."""
    text = 'firm,enterprise.national_standard\n甲,是\n乙,是,3,4\n\n丙\n丁,大概\n"戊\n公司",是\n己,是,\n庚,也许\n'
    (tmp_path / "t.csv").write_text(text, "utf-8")
    found, _ = matched([str(tmp_path / "t.csv")], PACKS[0])
    assert found["firms"] == 3
    assert [(row["line"], row["trouble"]) for row in found["bad_rows"]] == [
        (3, "这一行有 4 格，表头有 2 格"),
        (5, "这一行有 1 格，表头有 2 格"),
        (6, "enterprise.national_standard：“大概”读不懂"),
        (9, "enterprise.national_standard：“也许”读不懂"),
    ]
    assert found["unused_columns"] == []


def test_the_list_has_the_firms_own_columns(tmp_path: Path) -> None:
    """Name and code where the mapping names them; a code of digits alone stays text in a spreadsheet."""
    rows = [
        {"id": "1", "名": "甲公司", "码": "911234567890123456", "x": "是"},
        {"id": "2", "名": "@乙", "码": "", "x": ""},
    ]
    _csv(tmp_path / "t.csv", rows)
    mapping = {"firm": "id", "name": "名", "code": "码", "columns": {"x": "enterprise.national_standard"}}
    (tmp_path / "map.yaml").write_text(json.dumps(mapping), "utf-8")
    arguments = [str(tmp_path / "t.csv"), "--mapping", str(tmp_path / "map.yaml")]
    found, _ = matched(arguments, PACKS[0], "--to", str(tmp_path / "out.csv"))
    listed = {(row["企业"], row["企业名称"], row["信用代码"]) for row in rows_of(tmp_path / "out.csv")}
    assert listed == {("1", "甲公司", "'911234567890123456"), ("2", "'@乙", "")}
    assert found["unused_columns"] == []


def test_xlsx_and_parquet_in_and_out(tmp_path: Path) -> None:
    arguments = office_table(tmp_path)
    book = Workbook()
    for row in [*FIRMS, [], []]:
        book.worksheets[0].append([cell if not cell.isdigit() else int(cell) for cell in row])
    for cell in book.worksheets[0]["A"]:
        cell.data_type = "s"  # what begins with = is a name here
    book.save(tmp_path / "firms.xlsx")
    rows = f"SELECT * FROM read_csv('{tmp_path}/firms.csv', all_varchar = true)"
    duckdb.execute(f"COPY ({rows}) TO '{tmp_path}/firms.parquet' (FORMAT parquet)")
    usual, _ = matched(arguments, PACKS[0])
    for kind, first in (("xlsx", 4), ("parquet", 3)):
        out = tmp_path / f"out.{kind}"
        found, _ = matched(
            [str(tmp_path / f"firms.{kind}"), *arguments[1:]], PACKS[0], "--to", str(out), "--status", "eligible"
        )
        assert found["programmes"] == usual["programmes"]
        assert found["bad_rows"][0]["line"] == first
        assert found["written"]["rows"] == 1
    sheet = load_workbook(tmp_path / "out.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2]][:2] == ["甲", "代运营企业支持"]
    (row,) = duckdb.execute(f"SELECT * FROM read_parquet('{tmp_path}/out.parquet')").fetchall()
    assert row[:2] == ("甲", "代运营企业支持")


def test_a_table_of_postgresql(postgres: Path, tmp_path: Path) -> None:
    usual, _ = matched(office_table(tmp_path), PACKS[0])
    url = databases.postgresql(postgres, "template1")
    asyncio.run(_filled(url, postgres))
    found, _ = matched([f"{url}#firms", "--mapping", str(tmp_path / "map.yaml")], PACKS[0])
    nothing = called("match", f"{url}#nobodys", "--policy", PACKS[0])
    assert found["programmes"] == usual["programmes"]
    assert nothing.returncode == 2


OWN_TYPES = """
CREATE SCHEMA office;
CREATE TABLE office.register (
    code text, area text, since timestamptz, online boolean, sales numeric(14, 2), parcels bigint, left_out date
) PARTITION BY LIST (left_out);
CREATE TABLE office.present PARTITION OF office.register DEFAULT;
INSERT INTO office.register VALUES
    ('甲', '990602', '2024-03-01 08:00:00+08', true, 32000000.5, 120000, NULL),
    ('乙', '990602', NULL, NULL, NULL, NULL, NULL), ('丙', '110101', '2010-01-01', true, 5e7, 9, NULL);
CREATE VIEW office."the firms" AS SELECT * FROM office.register;
CREATE TABLE office.parks (code text, space double precision, firms integer, recognised boolean);
INSERT INTO office.parks VALUES ('甲', 9999.9 + 0.1, 45, true), ('甲', 0.1::float8 + 0.2::float8, 45, true);
"""


def test_an_offices_own_types_in_postgresql_and_a_view_of_them(postgres: Path, tmp_path: Path) -> None:
    """Lists are further tables there; a day may have a time behind it, floating figures their noise."""
    url = databases.postgresql(postgres, "template1")
    asyncio.run(_made(url, postgres))
    mapping = {
        "firm": "code",
        "columns": {
            "area": "enterprise.place_registered",
            "since": "enterprise.founded",
            "online": "enterprise.ecommerce_business",
            "sales": "enterprise.online_sales@2025",
            "parcels": "enterprise.parcels@2025",
        },
        "lists": {
            "parks": {
                "table": f"{url}#office.parks",
                "firm": "code",
                "columns": {
                    "space": "parks.area",
                    "firms": "parks.tenants",
                    "recognised": "parks.newly_recognised",
                },
                "complete": True,
            }
        },
    }
    (tmp_path / "map.yaml").write_text(json.dumps(mapping), "utf-8")
    day = ["--on", "2026-04-20", "--to", str(tmp_path / "out.csv")]
    said = ["--mapping", str(tmp_path / "map.yaml"), "--policy", "haicheng-ecommerce-2024", "--json", *day]
    for table in ("register", "the firms"):
        run = called("match", f"{url}#office.{table}", *said)
        assert run.returncode == 0, run.stderr.decode()
        found = json.loads(run.stdout)
        assert not found["bad_rows"]
        assert found["firms"] == 3
        rows = [row for row in rows_of(tmp_path / "out.csv") if row["企业"] == "甲"]
        assert [(row["条款"], row["第几个"], row["结果"]) for row in rows if row["第几个"]] == [
            ("8", "1", "还不能确定"),  # nobody has said whether it is dishonest
            ("8", "2", "不符合"),
        ]
        assert [row["条款"] for row in rows] == ["2", "3", "4", "5", "6", "7", "8", "8"]


async def _made(url: str, folder: Path) -> None:
    connection = await asyncpg.connect(host=str(folder), user="postgres", database=make_url(url).database)
    await connection.execute(OWN_TYPES)
    await connection.close()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgres://u:secret@127.0.0.1:1/x?sslmode=disable#firms", "127.0.0.1"),
        ("postgresql://u:secret@127.0.0.1:1/x?colour=red#firms", "colour"),
        ("postgresql://u:secret@127.0.0.1:port/x#firms", "看不懂"),
        ("postgresql://u:secret@127.0.0.1:1/x", "表名"),
    ],
)
def test_an_address_that_leads_nowhere_is_said_without_its_password(address: str, said: str) -> None:
    run = called("match", address, "--policy", PACKS[0])
    assert run.returncode == 2
    assert said in run.stderr.decode()
    assert "secret" not in run.stderr.decode()
    assert "Traceback" not in run.stderr.decode()


def test_floating_figures_lose_their_noise_and_nothing_else(tmp_path: Path) -> None:
    """As spreadsheets and programs write what they have computed."""
    halves = {
        "2600000.0000000005": "1300000",
        "3520.1100000000006": "1760.055",
        "0.30000000000000004": "0.15",
        "999999.9999999999": "500000",
        "0.3333333333333333": None,
        "0.12345678": None,
        "1234567890123457": "617283945061728.5",
    }
    fee = "enterprise.digital_certificate_fee"
    rows = [{"firm": figure, fee: figure, "enterprise.ecommerce_business": "是"} for figure in halves]
    _csv(tmp_path / "t.csv", rows)
    found, _ = matched([str(tmp_path / "t.csv")], PACKS[0], "--to", str(tmp_path / "out.csv"), "--status", "eligible")
    paid = {row["企业"].removeprefix("'"): Decimal(row["最少（元）"]) for row in rows_of(tmp_path / "out.csv")}
    assert paid == {figure: Decimal(half) for figure, half in halves.items() if half}
    assert [row["line"] for row in found["bad_rows"]] == [6, 7]
    assert all("小数位太多" in row["trouble"] for row in found["bad_rows"])


async def _filled(url: str, folder: Path) -> None:
    connection = await asyncpg.connect(host=str(folder), user="postgres", database=make_url(url).database)
    names = ", ".join(f'"{name}" text' for name in FIRMS[0])
    await connection.execute(f"CREATE TABLE firms ({names})")
    await connection.copy_records_to_table("firms", records=[tuple(row) for row in FIRMS[1:]])
    await connection.close()


def test_figures_of_eighteen_digits_are_exact(tmp_path: Path) -> None:
    """What needs more digits than machines are quick with takes longer, and nothing is cut."""
    _csv(
        tmp_path / "t.csv",
        [
            {
                "firm": "甲",
                "enterprise.digital_certificate_fee": "999999999999999999",
                "enterprise.ecommerce_business": "是",
            }
        ],
    )
    matched([str(tmp_path / "t.csv")], PACKS[0], "--to", str(tmp_path / "out.csv"), "--status", "eligible")
    [row] = rows_of(tmp_path / "out.csv")
    assert Decimal(row["最少（元）"]) == Decimal("499999999999999999.5")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"firm": "编号"}, "里没有“编号”这一列"),
        ({"columns": {"年服务费": "enterprise.nothing"}}, "这份政策没有这一项"),
        ({"columns": {"没有的列": "enterprise.training_fee"}}, "表里没有"),
        ({"unit": {}}, "unit"),
        ({"lists": {"ships": {"table": "x.csv"}}}, "ships 不是这份政策的清单"),
    ],
)
def test_a_mapping_that_does_not_fit_is_said(tmp_path: Path, change: Json, said: str) -> None:
    arguments = office_table(tmp_path)
    (tmp_path / "map.yaml").write_text(json.dumps(MAPPING | change), "utf-8")
    run = called("match", *arguments, "--policy", PACKS[0])
    assert run.returncode == 2
    assert said in run.stderr.decode()


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "spark"])
def test_the_query_names_the_clause_of_each_part(dialect: str) -> None:
    run = called("sql", "--policy", PACKS[0], "--dialect", dialect)
    assert run.returncode == 0
    text = run.stdout.decode()
    for programme in served.policy(PACKS[0]).programmes:
        assert f"/* {programme.clause} {programme.quote} */" in text
    assert "--   enterprise.agency_service_fee.min DECIMAL" in text
    assert not run.stderr


def test_every_reason_why_a_rule_has_no_form_in_sql_is_said_in_chinese() -> None:
    raised: set[str] = set()
    for file in (Path(__file__).parents[2] / "rules" / "columns").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "is a quotient" in node.value:
                raised.add(node.value)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "NotInSqlError":
                raised |= {str(each.value) for each in node.args[:1] if isinstance(each, ast.Constant)}
    assert raised == {*REASONS}
    for reason, said in REASONS.items():
        assert reason.count("{}") == said.count("{}"), reason


def described(query: str) -> Iterator[str]:
    """What makes the tables that the heading of a printed query describes."""
    for table, item, columns in re.findall(
        r"^-- 表 (\S+?)：firm(、item)?.*，以及\n((?:--   .*\n)*)", query, re.MULTILINE
    ):
        own = [line.removeprefix("--   ").partition("，")[0].partition(" ") for line in columns.splitlines()]
        named = [f'"{column}" {kind}' for column, _, kind in own]
        yield f"CREATE TABLE {table} ({', '.join(['firm INT', *(['item INT'] if item else []), *named])})"


@pytest.mark.parametrize("policy", PACKS)
@pytest.mark.parametrize("more", [[], ["--totals", "--figures", "exact"]])
def test_the_query_runs_on_the_tables_that_its_heading_describes(policy: str, more: list[str], postgres: Path) -> None:
    """As it is printed; of a firm of which nothing is known nothing is said."""
    texts = {
        dialect: called("sql", "--policy", policy, "--dialect", dialect, *more).stdout.decode()
        for dialect in ("duckdb", "postgres")
    }
    with duckdb.connect() as connection:
        for statement in [*described(texts["duckdb"]), "INSERT INTO firms (firm) VALUES (7)"]:
            connection.execute(statement)
        rows = connection.execute(texts["duckdb"]).fetchall()
    assert len(rows) == (1 if more else len(load(policy, whole=False).programmes))
    assert asyncio.run(_asked(databases.postgresql(postgres, "template1"), postgres, texts["postgres"])) == rows


async def _asked(url: str, folder: Path, query: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(host=str(folder), user="postgres", database=make_url(url).database)
    for statement in [*described(query), "INSERT INTO firms (firm) VALUES (7)"]:
        await connection.execute(statement)
    rows = [tuple(row) for row in await connection.fetch(query)]
    await connection.close()
    return rows
