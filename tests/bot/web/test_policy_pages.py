"""The policies as pages: all that a document says at anchors that citations lead to, alone and beside others, and only text."""

import html
import re
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.web import policy_pages
from bot.web.chat_render import Renderer
from conversations.state.shelf import Shelf
from tests import served, several
from tests.bot.web.site import Site
from tests.bot.web.visitor import BUTTON, Visitor
from tests.table import check_each

pytestmark = pytest.mark.slow

HOSTILE = "<script>alert(1)</script>&\"'"


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    several.pin(monkeypatch, policy_pages)


async def get(site: Site, path: str, status: int = 200) -> str:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.app), base_url="http://wence.test") as client:
        response = await client.get(path)
    assert response.status_code == status, path
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "'unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script" not in response.text
    assert "set-cookie" not in response.headers
    return response.text


def text(page: str) -> str:
    """What a page says, without its markup."""
    return html.unescape(re.sub(r"<[^>]*>", "", page.partition("<body")[2]))


def anchors(page: str) -> set[str]:
    return set(re.findall(r' id="([^"]+)"', page))


async def test_every_clause_stands_there_and_every_link_leads_somewhere(site: Site) -> None:
    policy = site.engine.policy
    page = await get(site, f"/policies/{policy.id}")
    said = text(page)
    for clause in policy.clauses:
        assert f"c-{clause.id}" in anchors(page)
        assert all(line.strip() in said for line in clause.text.splitlines()), clause.id
        assert clause.summary in said, clause.id
    for programme in policy.programmes:
        assert f"p-{programme.id}" in anchors(page)
        assert programme.summary in said, programme.id
        assert page.index(f'id="p-{programme.id}"') < page.index(f'id="c-{programme.clause}"'), "plain words first"
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors(page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert 'href="../"' in page


async def test_the_list_names_all_with_what_is_over(library: Site, site: Site) -> None:
    page = await get(library, "/policies")
    entries = page.split('<section class="entry">')[1:]
    assert len(entries) == len(several.IDS)
    for ident, entry, standing in zip(several.IDS, entries, ("有效", "已经失效", "有效期不明"), strict=True):
        assert f'href="./policies/{ident}"' in entry
        assert served.policy(ident).title in entry
        assert f"<strong>{standing}</strong>" in entry
    assert "现在不能申报" in entries[1]
    assert "现在不能申报" not in entries[0] + entries[2]
    assert len((await get(site, "/policies")).split('<section class="entry">')) == 2


async def test_what_is_over_is_said_to_be_over_on_its_page(library: Site) -> None:
    page = await get(library, "/policies/haicheng-industry-2023")
    assert "文件已经失效（有效期到 2025 年 12 月 31 日），现在不能申报。" in text(page)
    assert 'class="card yes"' not in page
    assert 'class="card yes"' in await get(library, "/policies/zhengzhou-2013-237")


async def test_a_page_is_made_anew_when_the_day_changes(library: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    where = "/policies/haicheng-ecommerce-2024"
    assert "文件已经失效" not in await get(library, where)
    several.pin(monkeypatch, policy_pages, datetime(2027, 6, 30, 16, tzinfo=UTC))  # the first of July at the office
    assert "文件已经失效（有效期到 2027 年 6 月 30 日）" in await get(library, where)


@pytest.mark.parametrize(
    "ident", ["nothing", "A" * 3000, "%3Cscript%3E", "..%2f..%2fetc", "haicheng-industry-2023%2F1"]
)
async def test_what_is_not_there_is_said_kindly(library: Site, ident: str) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(library.app), base_url="http://wence.test") as client:
        response = await client.get(f"/policies/{ident}")
    assert response.status_code == 404
    if "text/html" in response.headers["content-type"]:
        assert "没有这份文件" in response.text
        assert all(f"../policies/{each}" in response.text for each in several.IDS)
        assert "AAAA" not in response.text
        assert "<script" not in response.text


async def test_whatever_a_pack_holds_is_text(tmp_path: Path) -> None:
    policy = served.policy(several.IDS[0])
    clauses = tuple(each.model_copy(update={"summary": HOSTILE, "text": HOSTILE}) for each in policy.clauses)
    offers = tuple(each.model_copy(update={"label": HOSTILE, "summary": HOSTILE}) for each in policy.programmes)
    changes = {"title": HOSTILE, "lead": HOSTILE, "clauses": clauses, "programmes": offers}
    site = Site(Shelf(policy.model_copy(update=changes)), tmp_path)
    await site.start()
    for path in ("/policies", f"/policies/{policy.id}"):
        assert HOSTILE in html.unescape(await get(site, path))
    await site.stop()


async def test_each_citation_in_the_chat_leads_to_its_clause(site: Site, library: Site) -> None:
    for one in (site, library):
        policy = one.engine.policy
        renderer = Renderer(policy)
        pages = {each.id: anchors(await get(one, f"/policies/{each.id}")) for each in policy.documents}
        for clause in policy.clauses:
            if not clause.citation:
                continue
            shown = renderer.reply(f"✅ **甲**\n　依据：{clause.citation}“乙”")
            ((ident, anchor),) = re.findall(r'href="policies/([^#"]+)#([^"]+)"', shown)
            assert anchor in pages[ident], clause.citation
            assert f">{clause.citation}</a>" in shown


CITED = (
    ("　依据：一“在本市登记”", 1),
    ("（十一）", 1),
    ("一次性奖励 10 万元", 0),
    ("第一年给一半", 0),
    ("一、二、三都可以", 0),
    ("统一发放", 0),
)


def test_a_citation_that_is_a_mere_word_is_one_by_itself_alone() -> None:
    policy = served.policy("haicheng-industry-2023")
    clauses = [
        each.model_copy(update={"citation": each.citation and each.citation.strip("第条")}) for each in policy.clauses
    ]
    assert any(each.citation == "一" for each in clauses)
    renderer = Renderer(policy.model_copy(update={"clauses": tuple(clauses)}))

    def cites(row: tuple[str, int]) -> None:
        shown = renderer.reply(f"✅ **甲** — 乙\n　{row[0].strip()}")
        assert shown.count("<a ") == shown.count("<details>") == row[1]

    check_each(CITED, cites)


async def test_where_there_are_several_some_can_be_chosen_at_the_start(library: Site, site: Site) -> None:
    visitor = Visitor(library.app)
    await visitor.open()
    labels = [label for _, label in BUTTON.findall(visitor.page)]
    names = [served.policy(ident).name for ident in several.IDS]
    assert [label for label in labels if label in names] == names
    assert f"<title>问策 · {'、'.join(names)}</title>" in visitor.page
    assert all(f'href="policies/{ident}"' in visitor.page for ident in several.IDS)
    await visitor.press(names[1])
    assert f"好的，接下来对照{names[1]}" in visitor.text
    assert re.search(rf'class="mine">.*?<p>{names[1]}</p>', visitor.page, re.DOTALL)
    assert "做了技术改造" in visitor.page
    assert "做电商代运营" not in visitor.page
    await visitor.press("选文件")
    await visitor.press("全部一起对照")
    assert "想先看哪一份文件" in visitor.page
    alone = Visitor(site.app)
    await alone.open()
    assert "想先看哪一份文件" not in alone.page
    assert "选文件" not in alone.page
    assert f'href="policies/{site.engine.policy.id}"' in alone.page
