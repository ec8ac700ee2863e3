"""政策找企业 at the desk: a table uploaded, its columns said, the sums, the list as a file, leads of chosen firms."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import httpx
import openpyxl
import pytest
from sqlalchemy import select, update

from bot.web.app import create_app
from bot.web.desk import match_pages
from bot.web.desk.app import desk
from conversations.office import leads
from conversations.service import Service
from conversations.state.firm_lists import FirmUpload, MatchedFirms
from conversations.state.leads import Came, Consent, Contact
from conversations.state.shelf import Shelf
from conversations.storage.tables_leads import Lead
from conversations.storage.tables_lists import FirmList
from conversations.storage.vault import Vault
from tests import several
from tests.bot.web.desk_site import OFFICE, AtDesk, add_accounts, entries, open_service

pytestmark = pytest.mark.slow

CODE = "91410100MA40ABCD15"
OPEN = "郑州云帆电子商务有限公司"
"""Has left a lead already."""
TABLE = [
    [
        "企业名称",
        "统一社会信用代码",
        "在郑州市注册",
        "做电商代运营",
        "服务费（万元）",
        "已领过几年代运营支持",
        "联系人",
    ],
    ["郑州甲电子商务有限公司", CODE, "是", "是", "260", "0", "张三"],
    [OPEN, "", "是", "是", "340", "1", "李四"],
    ["=乙公司", "", "是", "是", "不详", "0", ""],
    ["郑州丙有限公司", "", "否", "大概", "92", "0", ""],
    ["郑州丁有限公司", "", "否", "否", "92", "0", ""],
    ["123456", "", "是", "是", "150", "0", ""],
]
POSTED = {"on": "2026-11-24"}
FEE = "enterprise.agency_service_fee"


def as_csv(rows: Sequence[Sequence[str]] = TABLE) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode("gb18030")


async def send(at: AtDesk, path: str, files: list[tuple[str, tuple[str, bytes]]], **fields: str) -> httpx.Response:
    """Sends a form with files and its token; goes where it is sent."""
    token = at.http.cookies.get("starlette_admin_csrftoken", "")
    return await at.http.post(path, data={"csrftoken": token, **fields}, files=files, follow_redirects=True)


async def upload(at: AtDesk, name: str = "firms.csv", content: bytes | None = None) -> httpx.Response:
    files = [("table", (name, as_csv() if content is None else content))]
    return await send(at, "/desk/match/upload", files, **POSTED)


async def with_fees(at: AtDesk) -> str:
    """The list with the column of fees said to be what it is; returns its address."""
    page = await upload(at)
    path = page.url.path
    told = ["name", "code", "enterprise.registered_in_zhengzhou", "enterprise.agency_operator", FEE]
    told += ["enterprise.agency_years_supported", ""]
    fields = {f"is-{place}": path for place, path in enumerate(told)} | {"unit-4": "万元"}
    answer = await at.post(f"{path}/columns", **fields, **POSTED, apart="yes")
    assert "重新算好了" in answer.text
    return path


def text(page: httpx.Response) -> str:
    """The page's words alone."""
    shown = re.sub(r"<(script|style).*?</\1>", "", page.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", re.sub(r"<(?=/?(?:li|p|h\d|option|td|th|span)\b)", " <", shown)))


async def test_a_table_becomes_sums_a_file_and_leads(office: AtDesk, service: Service) -> None:
    page = await upload(office)
    assert page.status_code == 200
    words = text(page)
    assert "有 2 列没有用到：服务费（万元）、联系人。说明每一列是什么" in words, "these are no fact's own words"
    assert "要花 0 元起，没有上限" in words
    assert "firms.csv 第 5 行：做电商代运营：“大概”读不懂" in words
    path = await with_fees(office)
    words = text(await office.get(path))
    assert "有 1 列没有用到" in words
    assert "5 家企业，另有 1 行没有算" in words
    assert re.search(r"代运营企业支持.{0,20}约? ?[\d.]+.{0,20} 万元", words), words
    assert "符合 3 · 还不能确定 1 · 不符合 1" in words
    assert "张三" not in words

    sheet = openpyxl.load_workbook(io.BytesIO((await office.get(f"{path}/file", kind="xlsx")).content)).active
    assert sheet is not None
    rows = {row[:3]: row[5:8] for row in sheet.iter_rows(values_only=True)}
    assert rows["郑州甲电子商务有限公司", CODE, "代运营企业支持"] == ("符合", 260000, 260000)
    assert rows["'=乙公司", None, "代运营企业支持"] == ("还不能确定", 0, 1000000)
    plain = (await office.get(f"{path}/file", kind="csv", status="e")).content.decode("utf-8-sig")
    listed = [*csv.DictReader(io.StringIO(plain))]
    assert {row["结果"] for row in listed} == {"符合"}
    agency = {row["企业"]: Decimal(row["最少（元）"]) for row in listed if row["政策"] == "代运营企业支持"}
    assert agency == {"郑州甲电子商务有限公司": 260000, OPEN: 340000, "123456": 150000}
    everything = (await office.get(f"{path}/file", kind="csv")).text
    assert "\n'=乙公司," in everything, "what begins like a formula is text"

    filtered = await office.get(path, programme="agency-operations", status="e")
    assert "企业 3 家" in text(filtered)
    assert re.search(r"disabled>.{0,80}云帆", filtered.text, re.DOTALL), "whoever has an open lead gets no second one"
    answer = await office.post(f"{path}/leads", which="all", programme="agency-operations", status="e")
    assert answer.url.params["programme"] == "agency-operations", "the filter stays"
    words = text(answer)
    assert "记下了 1 条登记；1 家已有没办完的登记，没有再记" in words
    assert "1 家没有记：123456：这看起来是一串数字" in words
    again = text(await office.post(f"{path}/leads", which="all", programme="agency-operations", status="e"))
    assert "记下了 0 条登记；2 家已有" in again

    async with service.store.reading() as connection:
        (lead,) = await leads.find(connection, Lead.channel == Came.LIST.value)
        claims = (await leads.claims(connection, Lead.id == lead.id))[lead.id]
    assert (lead.enterprise, lead.code, lead.consent, lead.notice) == ("郑州甲电子商务有限公司", CODE, Consent.NONE, "")
    assert lead.contact == Contact()
    assert lead.attached.case["enterprise"] == {
        "registered_in_zhengzhou": True,
        "agency_operator": True,
        "agency_service_fee": 2600000,
        "agency_years_supported": 0,
    }
    (due,) = [claim for claim in claims if claim.status == "eligible"]
    assert (due.programme, due.sums.min) == ("agency-operations", 260000)
    ((who, what, _, note),) = await entries(service, lead.id)
    assert (who, what) == (f"desk:{OFFICE[0]}", "listed")
    assert "名单“firms.csv”" in note
    assert note.endswith("，第 2 行")
    page = text(await office.get(f"/desk/leads/{lead.id}"))
    assert "没有。这条来自办公室的名单，没有人登记过" in page
    assert "本人的同意： 没有问过" in page or "本人的同意：没有问过" in page
    assert "已按本人要求删除" not in page
    assert "名单" in text(await office.get("/desk/leads/list", filter="channel__in=list"))
    exported = (await office.get("/desk/leads/export", kind="csv", filter="channel__in=list")).content
    (row,) = csv.DictReader(io.StringIO(exported.decode("utf-8-sig")))
    assert row["同意时间"] == ""
    assert row["同意方式"].startswith("没有问过")


async def test_leads_of_ticked_firms_alone(office: AtDesk, service: Service) -> None:
    path = await with_fees(office)
    assert "还没有勾选企业" in text(await office.post(f"{path}/leads", which="ticked"))
    assert "还没有勾选企业" in text(await office.post(f"{path}/leads", which="ticked", line="99")), "no such line"
    assert "记下了 1 条登记" in text(await office.post(f"{path}/leads", which="ticked", line="6"))
    async with service.store.reading() as connection:
        (lead,) = await leads.find(connection, Lead.channel == Came.LIST.value)
    assert lead.enterprise == "郑州丁有限公司"


async def test_a_list_is_read_by_another_process_and_goes_in_time(office: AtDesk, service: Service) -> None:
    path = await with_fees(office)
    other = await open_service(service.shelf, Path(str(service.store.engine.url.database)).parent)
    at = AtDesk(create_app(other, [desk(other)]), "10.0.0.3")
    await at.log_in(*OFFICE)
    assert "5 家企业" in text(await at.get(path))
    async with service.store.reading() as connection:
        for column in FirmList.__table__.columns:
            if column.name in ("upload", "matched", "lines", "name"):
                raw = (await connection.exec_driver_sql(f"SELECT {column.name} FROM firm_lists")).scalars().all()
                assert all(each.startswith("gAAAA") for each in raw), column.name
    async with service.store.transaction() as work:
        await work.connection.execute(update(FirmList).values(expires=datetime.now(UTC) - timedelta(hours=1)))
    assert (await at.get(path)).status_code == 404
    await service.purge()
    async with service.store.reading() as connection:
        assert (await connection.execute(select(FirmList.id))).all() == []
    await other.idle()
    await other.store.close()


async def test_a_list_of_another_version_is_computed_anew(office: AtDesk, service: Service) -> None:
    path = await with_fees(office)
    async with service.store.reading() as connection:
        sealed: str = (await connection.execute(select(FirmList.matched))).scalar_one()
    before = MatchedFirms.model_validate_json(service.store.vault.open(sealed))
    older = before.model_copy(update={"version": "0", "programmes": before.programmes[:1]}).model_dump_json()
    async with service.store.transaction() as work:
        await work.connection.execute(update(FirmList).values(matched=service.store.vault.seal(older)))
    page = text(await office.get(path))
    assert "政策资料从 0 版换成了" in page
    assert "家企业，另有" not in page


async def test_without_a_key_nothing_is_kept(office: AtDesk, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service.store, "vault", Vault([]))
    answer = await upload(office)
    assert answer.status_code == 422
    assert "没有数据密钥，名单存不了" in text(answer)


async def test_a_list_is_deleted(office: AtDesk, service: Service) -> None:
    path = await with_fees(office)
    assert "名单删掉了" in text(await office.post(f"{path}/delete"))
    assert (await office.get(path)).status_code == 404


async def test_only_the_office(helpdesk: AtDesk, office: AtDesk) -> None:
    path = await with_fees(office)
    assert "政策找企业" not in (await helpdesk.get("/desk/")).text
    for answer in (await helpdesk.get("/desk/match"), await helpdesk.get(path), await upload(helpdesk)):
        assert answer.status_code == 403
        assert "这一页不对您开放" in answer.text
    for name in ("leads", "delete", "columns"):
        assert (await helpdesk.post(f"{path}/{name}")).status_code == 403, name
    assert (await helpdesk.get(f"{path}/file", kind="csv")).status_code == 403
    stranger = await office.http.post("/desk/match/upload", files={"table": ("a.csv", b"")}, data=POSTED)
    assert stranger.status_code == 403, "without the form's token"


def xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append([*row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


async def test_spreadsheets_and_parquet(office: AtDesk, tmp_path: Path) -> None:
    rows = [["企业名称", "在郑州市注册"], ["郑州甲有限公司", "是"], ["郑州乙有限公司", "也许"]]
    file = tmp_path / "t.parquet"
    duckdb.execute(f"COPY (SELECT '郑州甲有限公司' AS 企业名称, true AS 在郑州市注册) TO '{file}' (FORMAT parquet)")
    assert "1 家企业，另有 1 行没有算" in text(await upload(office, "表.xlsx", xlsx(rows)))
    assert "1 家企业" in text(await upload(office, "t.parquet", file.read_bytes()))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.exe", b"x", "不是表格"),
        ("a.xlsx", b"PK but no", "不是能打开的 XLSX 文件"),
        ("a.parquet", b"PAR1", "读不了"),
        ("a.csv", ("企业\n" + "甲\n" * 10_001).encode(), "有 10001 行，这里一次最多 10000 行"),
        ("a.csv", (",".join(f"c{n}" for n in range(300)) + "\n").encode(), "有 300 列，这里一次最多 200 列"),
        ("../../etc/passwd", b"x", "不是表格"),
    ],
)
async def test_what_is_no_table_is_told(office: AtDesk, name: str, content: bytes, said: str) -> None:
    answer = await upload(office, name, content)
    assert answer.status_code == 422
    assert said in text(answer)
    assert "/tmp" not in answer.text


async def test_too_large_is_told(office: AtDesk) -> None:
    for size, status in ((950_000, 422), (1_100_000, 413)):
        answer = await upload(office, "a.csv", b"x" * size)
        assert answer.status_code == status
        assert "文件太大" in answer.text


async def test_a_table_without_a_firm_can_be_put_right(office: AtDesk) -> None:
    page = await upload(office, "a.csv", "甲方,在郑州市注册\n郑州甲有限公司,是".encode())
    assert "还没有算成" in text(page)
    assert "没有算成，没有可以下载的" in text(await office.get(f"{page.url.path}/file", kind="csv"))
    fields = {"is-0": "name", "is-1": "enterprise.registered_in_zhengzhou"}
    assert "1 家企业" in text(await office.post(f"{page.url.path}/columns", **fields, **POSTED))


async def test_a_mapping_with_lists(office: AtDesk) -> None:
    mapping = "firm: 企业\nlists: {pilots: {table: p.csv, firm: 企业, complete: true}}\napart: true\n"
    pilots = "企业,pilots.industry,pilots.total_investment,pilots.selected\n甲方公司,物流业,20000000,是\n"
    files = [("table", ("a.csv", "企业\n甲方公司\n乙方公司\n".encode())), ("mapping", ("m.yaml", mapping.encode()))]
    answer = await send(office, "/desk/match/upload", files, **POSTED)
    assert "清单表 p.csv 没有一起上传" in text(answer)
    answer = await send(office, "/desk/match/upload", [*files, ("lists", ("p.csv", pilots.encode()))], **POSTED)
    assert "符合 1 · 还不能确定 0 · 不符合 1" in text(answer)
    away = mapping.replace("p.csv", "/etc/hostname.csv")
    files[1] = ("mapping", ("m.yaml", away.encode()))
    assert "没有一起上传" in text(await send(office, "/desk/match/upload", files, **POSTED))
    files[1] = ("mapping", ("m.yaml", b"unit: 1"))
    assert (await send(office, "/desk/match/upload", files, **POSTED)).status_code == 422


async def test_without_the_extra_the_page_says_how_to_get_it(office: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = await with_fees(office)
    monkeypatch.setattr(match_pages, "installed", lambda: False)
    assert "5 家企业" in text(await office.get(path)), "what is kept can be looked at"
    for answer in (await office.get(f"{path}/file", kind="csv"), await office.post(f"{path}/leads", which="all")):
        assert answer.status_code == 400
        assert "wence[match]" in answer.text
    page = await office.get("/desk/match")
    assert "wence[match]" in page.text
    assert 'type="file"' not in page.text
    assert "wence[match]" in (await upload(office)).text


async def test_of_several_policies_one_is_chosen(tmp_path: Path) -> None:
    shelf: Shelf = several.shelf()
    service = await open_service(shelf, tmp_path)
    await add_accounts(service.store)
    at = AtDesk(create_app(service, [desk(service)]))
    await at.log_in(*OFFICE)
    files = [("table", ("firms.csv", as_csv()))]
    page = await send(at, "/desk/match/upload", files, policy="zhengzhou-2013-237", **POSTED)
    assert "记下了 1 条登记" in text(await at.post(f"{page.url.path}/leads", which="ticked", line="2"))
    async with service.store.reading() as connection:
        (lead,) = await leads.find(connection)
        claims = (await leads.claims(connection, Lead.id == lead.id))[lead.id]
    assert lead.policy == "zhengzhou-2013-237"
    assert {claim.policy for claim in claims} == {"zhengzhou-2013-237"}, "nothing is said of what the list is not about"
    assert "在郑州市注册" in text(await at.get(f"/desk/leads/{lead.id}", anew="1"))
    await service.idle()
    await service.store.close()


def test_an_upload_comes_back_as_it_was() -> None:
    before = FirmUpload(table="a.csv", files={"a.csv": bytes(range(256))}, headings=("甲",), mapping={"firm": "甲"})
    assert FirmUpload.model_validate_json(before.model_dump_json()) == before
