"""The papers of a lead at the desk: ticked when they are handed in, with files that lie sealed and go with the lead."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import func, select, update

from conversations.office import attachments, leads, personal_data
from conversations.service import Service
from conversations.storage.tables_leads import Lead, LeadFile, LeadPaper
from tests.bot.web.desk_site import HELPDESK, OFFICE, AtDesk, entries

pytestmark = pytest.mark.slow
ME = f"desk:{OFFICE[0]}"
LICENCE = "营业执照副本"
PDF = b"%PDF-1.7\nsecret of the firm\n%%EOF"


async def attach(at: AtDesk, name: str, content: bytes, paper: str = LICENCE, lead: int = 1) -> httpx.Response:
    """Sends the form that attaches a file; goes where it is sent."""
    token = at.http.cookies.get("starlette_admin_csrftoken", "")
    fields = {"csrftoken": token, "paper": paper}
    files = {"file": (name, content)}
    return await at.http.post(f"/desk/leads/{lead}/attach", data=fields, files=files, follow_redirects=True)


async def tick(at: AtDesk, was: list[str], now: list[str]) -> httpx.Response:
    """Sends the list of papers as a browser does: what was ticked when it was shown, what is ticked now."""
    token = at.http.cookies.get("starlette_admin_csrftoken", "")
    fields = {"csrftoken": token, "was": was, "paper": now}
    return await at.http.post("/desk/leads/1/papers", data=fields, follow_redirects=True)


async def count(service: Service, table: type[LeadFile | LeadPaper]) -> int:
    async with service.store.reading() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def raw(service: Service) -> str:
    async with service.store.reading() as connection:
        rows = await connection.exec_driver_sql("SELECT * FROM lead_files")
        return "".join(map(str, rows))


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return file.getvalue()


async def test_papers_are_ticked_as_they_come(office: AtDesk, helpdesk: AtDesk, service: Service) -> None:
    page = (await office.get("/desk/leads/1")).text
    assert "收到 0 / " in page
    assert "代运营服务合同" in page, "what the programmes of its assessment need"
    page = (await tick(office, [], [LICENCE, "申报表"])).text
    assert "收到 2 份" in page
    assert "收到 2 / " in page
    assert [entry[:2] for entry in await entries(service, 1)][-2:] == [(ME, "paper")] * 2
    # a colleague had the list before them as it was
    page = (await tick(helpdesk, [], ["代运营服务合同"])).text
    assert "收到 3 / " in page, "nothing of the other's is lost"
    page = (await tick(office, [LICENCE, "申报表"], ["申报表", "no such paper"])).text
    assert "改为没收 1 份" in page
    assert "收到材料：申报表" in page
    assert await count(service, LeadPaper) == 2
    assert "材料没有改动" in (await tick(office, ["申报表"], ["申报表"])).text


async def test_a_file_lies_sealed_and_comes_back_as_it_was(office: AtDesk, helpdesk: AtDesk, service: Service) -> None:
    page = (await attach(office, "C:\\扫描\\执照 <b>.pdf", PDF)).text
    assert "执照 &lt;b&gt;.pdf" in page
    assert "收到 1 / " in page, "what is attached was handed in"
    assert "secret" not in await raw(service)
    assert "执照" not in (await raw(service)).replace(LICENCE, "")
    answer = await helpdesk.get("/desk/leads/1/files/1")
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E6%89%A7%E7%85%A7")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert (await entries(service, 1))[-1][:2] == (f"desk:{HELPDESK[0]}", "opened")
    assert (await office.get("/desk/leads/2/files/1")).text.count("已经删除了"), "it is of another lead"
    assert (await AtDesk(office.http._transport.app).get("/desk/leads/1/files/1")).content != PDF  # type: ignore[attr-defined]


async def test_a_large_photograph_is_taken(office: AtDesk, service: Service) -> None:
    photograph = b"\xff\xd8\xff" + bytes(3_000_000)
    assert "附上了" in (await attach(office, "IMG_0001.JPG", photograph, "")).text
    assert (await office.get("/desk/leads/1/files/1")).content == photograph
    await attach(office, "x.jpg", photograph + bytes(attachments.LARGEST))
    assert await count(service, LeadFile) == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.html", b"<script>", "只收 PDF"),
        ("a.svg", b"<svg>", "只收 PDF"),
        ("a.docm", zipped("word/document.xml"), "只收 PDF"),
        ("noend", PDF, "只收 PDF"),
        ("a.pdf", b"<html>", "里面不是 PDF 文件"),
        ("a.png", b"\xff\xd8\xff", "里面不是 PNG 文件"),
        ("a.xlsx", zipped("word/document.xml"), "里面不是 XLSX 文件"),
        ("a.docx", zipped("word/document.xml", "word/vbaProject.bin"), "里面不是 DOCX 文件"),
        ("a.docx", b"PK\x03\x04broken", "里面不是 DOCX 文件"),
        ("a.pdf", b"", "空的"),
    ],
)
async def test_what_is_no_paper_is_not_taken(
    office: AtDesk, service: Service, name: str, content: bytes, words: str
) -> None:
    assert words in (await attach(office, name, content)).text
    assert await count(service, LeadFile) == 0


async def test_what_may_be_attached_has_a_bound(
    office: AtDesk, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "没有这份材料" in (await attach(office, "a.pdf", PDF, "no such paper")).text
    assert "还没有选文件" in (await office.post("/desk/leads/1/attach", paper=LICENCE)).text
    monkeypatch.setattr("conversations.office.lead_papers.MOST_FILES", 1)
    assert "附上了" in (await attach(office, "一.docx", zipped("word/document.xml"))).text
    assert "最多附 1 个" in (await attach(office, "二.ofd", zipped("OFD.xml"))).text
    assert await count(service, LeadFile) == 1


async def test_a_file_is_deleted_and_goes_with_its_lead(office: AtDesk, service: Service) -> None:
    for name in ("一.pdf", "二.pdf"):
        await attach(office, name, PDF)
    await attach(office, "三.pdf", PDF, lead=2)
    assert "“一.pdf”删掉了" in (await office.post("/desk/leads/1/files/1/delete")).text
    assert await count(service, LeadFile) == 2
    async with service.store.reading() as connection:
        data = json.loads(await personal_data.everything(connection, "telegram:1"))
    assert [each.get("file") for each in data["leads"][0]["papers"]] == [None, "二.pdf"]
    await office.post("/desk/leads/1/delete", what="person", sure="yes")
    assert await count(service, LeadFile) == 1
    async with service.store.transaction() as work:
        gone = datetime.now(UTC) - timedelta(days=service.shelf.retention_days + 1)
        await work.connection.execute(update(Lead).where(Lead.id == 2).values(state="closed", ended=gone))
    await service.purge()
    assert await count(service, LeadFile) == 0
    assert await count(service, LeadPaper) == 0


async def test_who_withdraws_takes_the_files_along(office: AtDesk, service: Service) -> None:
    await attach(office, "一.pdf", PDF)
    async with service.store.transaction() as work:
        (lead,) = await leads.find(work.connection, Lead.id == 1)
        await leads.withdraw(work, lead, datetime.now(UTC))
    assert await count(service, LeadFile) == 0
    page = (await office.get("/desk/leads/1")).text
    assert "附上一个文件" not in page
    assert "不再收文件" in (await attach(office, "一.pdf", PDF)).text
