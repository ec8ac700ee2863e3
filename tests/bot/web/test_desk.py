"""The desk's pages: leads worked on with a history, phones shown only on record, questions, hand-overs, drafts, figures."""

import csv
import html
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pytest
from sqlalchemy import select, update
from sqlalchemy import text as sql

from bot.web.app import create_app
from bot.web.desk import policies
from bot.web.desk.app import desk
from conversations.consultation.history import history
from conversations.service import Outgoing, Service
from conversations.state import office_time
from conversations.state.shelf import Shelf
from conversations.storage.store import Store
from conversations.storage.tables_helpdesk import UnansweredQuestion
from conversations.storage.tables_leads import Lead
from tests import databases, served, several
from tests.bot.web.desk_site import (
    CUSTOMER,
    HELPDESK,
    OFFICE,
    PHONE,
    UNANSWERED,
    AtDesk,
    add_accounts,
    entries,
    listed,
    open_service,
)
from tests.conversations import leading
from tests.conversations.leading import Clock, Talker, lead

pytestmark = pytest.mark.slow


async def test_nothing_comes_from_another_host(office: AtDesk) -> None:
    paths = ["/desk/", "/desk/leads/list", "/desk/leads/1", "/desk/questions", "/desk/draft", "/desk/handovers"]
    for path in [*paths, "/desk/handovers/1", "/desk/consultations/list", "/desk/nowhere"]:
        answer = await office.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "http" not in policy
        nonce = re.search(r"'nonce-([^']+)'", policy)
        assert nonce is not None
        for source in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
            assert re.match(r"http://desk\.test/|[#?]|tel:", source), source
        for script in re.findall(r"<script[^>]*>", answer.text):
            assert "src=" in script or f'nonce="{nonce[1]}"' in script, script
        assert not re.search(r"\son[a-z]+=", re.sub(r"<script.*?</script>", "", answer.text, flags=re.DOTALL))
        assert "rsms.me" not in answer.text
        for source in re.findall(r'(?:src|href)="(http://desk\.test/desk/static/[^"]+)"', answer.text):
            found = await office.get(source.replace("&amp;", "&"))
            assert found.status_code == 200, source
            assert not re.search(r"""(?:url\(|@import\s+)['"]?(?:https?:)?//""", found.text), source


async def test_lists_show_no_contact(office: AtDesk) -> None:
    page = (await office.get("/desk/leads/list")).text
    assert len(listed(page)) == 2
    assert "郑州云帆电子商务有限公司" in page
    for path in ("/desk/leads/list", "/desk/leads/1", "/desk/leads/2", "/desk/consultations/list"):
        text = (await office.get(path)).text
        assert "张三丰" not in text
        assert "0013" not in text
        assert "先问受理时间" not in text
        assert "telegram:1" not in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        *(({"q": "云帆"}, 1), ({"q": "wc-2026"}, 2), ({"q": "13800138000"}, 1), ({"q": "138 0013 8000"}, 1)),
        *(
            ({"q": "1380013"}, 0),
            ({"q": "%"}, 0),
            ({"filter": "state__in=new"}, 2),
            ({"filter": "state__in=closed"}, 0),
        ),
        *(({"filter": "channel__in=web"}, 1), ({"filter": "enterprise__contains=云帆 AND state__in=new"}, 1)),
        *(
            ({"filter": "created__between=2020-01-01T00:00..2099-01-01T00:00"}, 2),
            ({"filter": "follow_up__is_null"}, 2),
        ),
        *(
            ({"filter": "claims__includes=zhengzhou-2013-237/agency-operations"}, 2),
            ({"filter": "claims__includes=zhengzhou-2013-237"}, 2),
            ({"filter": "claims__includes=zhengzhou-2013-237/agency"}, 0),
            ({"filter": "claims__includes=haicheng-industry-2023/agency-operations"}, 0),
        ),
    ],
)
async def test_search_and_filters(office: AtDesk, query: dict[str, str], found: int) -> None:
    assert len(listed((await office.get("/desk/leads/list", **query)).text)) == found


async def test_a_lead_reads_as_words(office: AtDesk) -> None:
    page = (await office.get("/desk/leads/1")).text
    for words in (
        "郑州云帆电子商务有限公司",
        "代运营企业支持",
        "每年 26 万元",
        "三、（六）",
        "260 万元",
        "查看联系方式",
    ):
        assert words in page
    assert "<script>" not in page
    document = await office.get("/desk/leads/1/document")
    assert document.content.startswith(b"PK")
    assert (await office.get("/desk/leads/99")).status_code == 404


async def test_a_phone_is_shown_on_record_only(helpdesk: AtDesk, service: Service) -> None:
    assert PHONE not in (await helpdesk.get("/desk/leads/1")).text
    page = (await helpdesk.post("/desk/leads/1/reveal")).text
    assert PHONE in page
    assert "张三丰" in page
    assert "查看了联系方式" in page
    assert (f"desk:{HELPDESK[0]}", "viewed", "new", "") in await entries(service, 1)
    assert PHONE not in (await helpdesk.get("/desk/leads/1")).text, "and is gone again"


async def test_a_phone_that_is_not_recorded_is_not_shown(helpdesk: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("conversations.office.leads.note", fail)
    with pytest.raises(OSError, match="disk"):
        await helpdesk.post("/desk/leads/1/reveal")


async def test_work_on_a_lead_leaves_a_history(office: AtDesk, service: Service) -> None:
    me = f"desk:{OFFICE[0]}"
    page = (await office.post("/desk/leads/1/state", state="contacted", note="周五交材料")).text
    assert "状态改为“已联系”" in page
    assert "周五交材料" in page
    await office.post("/desk/leads/1/note", note="<b>缺合同</b>")
    for _ in range(2):
        page = (await office.post("/desk/leads/1/plan", assignee=me, follow_up="2096-12-01")).text
    assert "&lt;b&gt;缺合同" in page
    assert [entry for entry in await entries(service, 1) if entry[0]] == [
        (me, "state", "contacted", "周五交材料"),
        (me, "note", "contacted", "<b>缺合同</b>"),
        (me, "assigned", "contacted", OFFICE[0]),
        (me, "follow_up", "contacted", "2096-12-01"),
    ]
    assert len(listed((await office.get("/desk/leads/list", filter=f"assignee__in={me}")).text)) == 1


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        *(("state", {"state": "paid"}), ("plan", {"assignee": "telegram:9"}), ("plan", {"follow_up": "tomorrow"})),
        ("state", {}),
    ],
)
async def test_what_no_form_sends_changes_nothing(
    office: AtDesk, service: Service, path: str, fields: dict[str, str]
) -> None:
    before = await entries(service, 1)
    assert (await office.post(f"/desk/leads/1/{path}", **fields)).status_code == 400
    assert await entries(service, 1) == before


async def test_leads_are_changed_by_our_own_pages_alone(office: AtDesk, service: Service) -> None:
    for path in ("/desk/leads/create", "/desk/leads/edit?pk=1", "/desk/leads/detail?pk=1"):
        assert (await office.get(path)).status_code in (403, 404), path
    for path in ("/desk/_api/leads/action?name=export&all=1", "/desk/_api/leads/row-action?name=delete&pk=1"):
        assert (await office.post(path)).status_code >= 400, path
    assert (await office.post("/desk/leads/edit?pk=1", state="closed")).status_code == 403
    async with service.store.reading() as connection:
        assert (await connection.execute(select(Lead.state))).scalars().all() == ["new", "new"]


async def test_the_office_exports(office: AtDesk, service: Service) -> None:
    answer = await office.get("/desk/leads/export", kind="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 3
    flat = [cell for row in rows for cell in row]
    assert "138 0013 8000" in flat
    assert "'=HYPERLINK(1)河南公式科技有限公司" in flat
    plain = (await office.get("/desk/leads/export", kind="csv", filter="state__in=new")).content
    assert plain.startswith(b"\xef\xbb\xbf")
    assert len(list(csv.reader(io.StringIO(plain.decode("utf-8-sig"))))) == 3
    assert [entry for entry in await entries(service, 2) if entry[1] == "viewed"] == [
        (f"desk:{OFFICE[0]}", "viewed", "new", "导出")
    ] * 2
    assert (await office.get("/desk/leads/export", kind="exe")).status_code == 400


@pytest.mark.parametrize(
    ("query", "found"),
    [
        *(
            ({"q": "3800"}, 0),
            ({"q": "8000"}, 1),
            ({"filter": "channel__in=web"}, 1),
            ({"filter": "state__in=closed"}, 0),
        ),
        ({"q": "8000", "filter": "channel__in=web"}, 0),
    ],
)
async def test_what_is_shown_is_exported(office: AtDesk, service: Service, query: dict[str, str], found: int) -> None:
    page = (await office.get("/desk/leads/list", **query)).text
    assert len(listed(page)) == found
    link = re.search(r'href="([^"]+kind=csv)"', page)
    assert link is not None
    answer = await office.http.get(html.unescape(link[1]))
    assert len(list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))) == 1 + found
    looked_at = [await entries(service, lead) for lead in (1, 2)]
    assert sum(entry[3] == "导出" for each in looked_at for entry in each) == found


@pytest.mark.parametrize("filter", ["state__in", "state__is=", "nothing__in=1", "created__between=x..y"])
async def test_a_filter_that_is_none_exports_nothing(office: AtDesk, service: Service, filter: str) -> None:
    before = await entries(service, 1)
    answer = await office.get("/desk/leads/export", kind="csv", filter=filter)
    assert answer.status_code == 400
    assert await entries(service, 1) == before


def bulk(name: str, *leads: object, **more: str) -> str:
    return (
        f"/desk/_api/leads/action?{urlencode([('name', name), *(('pks', str(lead)) for lead in leads), *more.items()])}"
    )


async def test_many_leads_are_changed_at_once(helpdesk: AtDesk, service: Service) -> None:
    me = f"desk:{HELPDESK[0]}"
    assert "分给同事" in (await helpdesk.get("/desk/leads/list")).text
    assert (await helpdesk.post(bulk("assign", 1, 2), assignee=me)).status_code == 200
    assert "2 条分给了 小李" in (await helpdesk.get("/desk/leads/list")).text
    assert (await helpdesk.post(bulk("move", 1), state="submitted")).status_code == 200
    day = str(office_time.today(datetime.now(UTC)))
    assert (await helpdesk.post(bulk("plan", all="1", _list_query="?q=8000"), follow_up=day)).status_code == 200
    assert [entry for entry in await entries(service, 1) if entry[0]] == [
        *((me, "assigned", "new", "小李"), (me, "state", "submitted", ""), (me, "follow_up", "submitted", day)),
    ]
    assert [entry for entry in await entries(service, 2) if entry[0]] == [(me, "assigned", "new", "小李")]
    answer = await helpdesk.post(bulk("move", 1, 2), state="contacted")
    assert answer.status_code == 200
    page = (await helpdesk.get("/desk/leads/list")).text
    assert "1 条改成了“已联系”" in page
    assert "1 条没有改：从“已提交”改回“已联系”要写明原因" in page
    assert (await helpdesk.post(bulk("move", 1, 2), state="contacted", note="材料退回")).status_code == 200
    assert (await entries(service, 1))[-1] == (me, "state", "contacted", "材料退回")


@pytest.mark.parametrize(
    ("name", "leads", "fields", "words"),
    [
        ("assign", [1], {"assignee": "telegram:9"}, "没有这位同事"),
        ("move", [1], {"state": "paid"}, "没有这个状态"),
        ("plan", [1, 2], {"follow_up": "2020-01-01"}, "已经过了"),
        ("plan", [1], {"follow_up": "morgen"}, "日期看不懂"),
        ("plan", [], {"follow_up": ""}, ""),
        ("export", [1], {}, ""),
        ("delete", [1], {}, ""),
    ],
)
async def test_what_is_not_to_be_done_to_many_is_not_done(
    office: AtDesk, service: Service, name: str, leads: list[int], fields: dict[str, str], words: str
) -> None:
    before = await entries(service, 1)
    answer = await office.post(bulk(name, *leads), **fields)
    assert answer.status_code == 400
    assert words in answer.json()["msg"]
    assert await entries(service, 1) == before


async def test_numbers_of_any_size_choose_no_lead(office: AtDesk, service: Service) -> None:
    before = await entries(service, 1)
    answer = await office.post(bulk("move", "9" * 40, "-1", "x", "1 OR 1=1"), state="contacted")
    assert answer.status_code == 200
    assert await entries(service, 1) == before


async def test_bulk_work_needs_the_forms_token(office: AtDesk, service: Service) -> None:
    answer = await office.http.post(bulk("move", 1), data={"state": "contacted"})
    assert answer.status_code == 403
    assert (await entries(service, 1))[-1][1] == "created"


async def test_a_day_that_is_over_and_a_way_back_without_reason(office: AtDesk, service: Service) -> None:
    page = (await office.post("/desk/leads/1/plan", follow_up="2020-01-01")).text
    assert "已经过了" in page
    await office.post("/desk/leads/1/state", state="closed")
    assert "要写明原因" in (await office.post("/desk/leads/1/state", state="new")).text
    assert (await entries(service, 1))[-1][2] == "closed"
    assert "状态改为“新登记”" in (await office.post("/desk/leads/1/state", state="new", note="点错了")).text


async def test_the_helpdesk_does_not(helpdesk: AtDesk, service: Service) -> None:
    before = await entries(service, 1)
    assert (await helpdesk.get("/desk/leads/export", kind="xlsx")).status_code == 403
    assert "导出" not in (await helpdesk.get("/desk/leads/list")).text
    assert await entries(service, 1) == before


async def test_an_answer_goes_to_all_who_asked(office: AtDesk, service: Service) -> None:
    sent: list[Outgoing] = []
    service.deliver_by("telegram", sent.extend)
    page = (await office.get("/desk/questions")).text
    assert UNANSWERED in page
    id = re.search(r"/desk/questions/(\d+)", page)
    assert id is not None
    assert "发给 2 人" in (await office.get(f"/desk/questions/{id[1]}")).text
    assert "已发给 2 人" in (await office.post(f"/desk/questions/{id[1]}/answer", answer="请问住房部门。")).text
    assert {outgoing.chat for outgoing in sent} == {"3", "4"}
    assert all("请问住房部门。" in outgoing.reply.text and UNANSWERED in outgoing.reply.text for outgoing in sent)
    assert "已经处理过" in (await office.post(f"/desk/questions/{id[1]}/answer", answer="再答一次")).text
    assert len(sent) == 2
    answered = (await office.get("/desk/questions", state="answered")).text
    assert "请问住房部门。" in answered
    seen = await history(service.store, service.shelf, "telegram:3")
    assert "请问住房部门。" in seen.entries[-1].text, "it stands in their log, too"


async def test_a_question_is_set_aside(office: AtDesk) -> None:
    id = re.search(r"/desk/questions/(\d+)", (await office.get("/desk/questions")).text)
    assert id is not None
    assert (await office.post(f"/desk/questions/{id[1]}/mark", state="paid")).status_code == 400
    assert "不归我们" in (await office.post(f"/desk/questions/{id[1]}/mark", state="foreign")).text
    assert UNANSWERED not in (await office.get("/desk/questions")).text
    assert UNANSWERED in (await office.get("/desk/questions", state="foreign")).text


async def test_a_hand_over_is_answered_and_given_back(helpdesk: AtDesk, service: Service) -> None:
    assert "等答复" in (await helpdesk.get("/desk/handovers")).text
    page = (await helpdesk.get("/desk/handovers/1")).text
    assert "总部算不算迁入" in page
    assert "13700137000" not in page, "phones are for the record"
    await helpdesk.post("/desk/handovers/1/answer", answer="要看迁入后的注册地。")
    assert "等答复" not in (await helpdesk.get("/desk/handovers")).text
    person = "web:" + "c" * 32
    seen = await history(service.store, service.shelf, person)
    assert "要看迁入后的注册地。" in seen.entries[-1].text
    assert HELPDESK[0] in seen.entries[-1].text
    assert "要看迁入后的注册地。" in (await helpdesk.get("/desk/handovers/1/lines")).text
    await helpdesk.post("/desk/handovers/1/close")
    assert "已结束" in (await helpdesk.get("/desk/handovers")).text
    answer = await Talker(service, person, name="").say("园区奖励多少")
    assert answer, "the bot speaks again"
    assert (await helpdesk.get("/desk/handovers/99")).status_code == 404
    assert (await helpdesk.post("/desk/handovers/99/answer", answer="?")).status_code == 404


async def test_a_draft_is_written_and_worded_anew(helpdesk: AtDesk, service: Service) -> None:
    page = (await helpdesk.post("/desk/draft/write", text=CUSTOMER)).text
    letter = re.search(r'id="letter"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert letter is not None
    assert "王总" in letter[1]
    assert "200 万元" in letter[1]
    assert "**" not in letter[1]
    spoken = (await helpdesk.post("/desk/draft/write", text=CUSTOMER, style="spoken", again="1")).text
    assert letter[1] not in spoken
    other = (await helpdesk.post("/desk/draft/write", text=CUSTOMER, next="0", again="1")).text
    assert 'value="0:1"' in other
    assert letter[1] not in other
    hostile = (await helpdesk.post("/desk/draft/write", text="</textarea><script>alert(1)</script>培训费能报吗")).text
    assert "<script>alert" not in hostile
    assert (await helpdesk.post("/desk/draft/write", text="")).status_code == 422
    assert (await helpdesk.post("/desk/draft/write", text="长" * 4001)).status_code == 422
    assert (await helpdesk.post("/desk/draft/write", text="培训费能报吗", chosen="x:y,9:zz,1:2:3")).status_code == 200


async def test_what_a_draft_cannot_answer_joins_the_queue(helpdesk: AtDesk, service: Service) -> None:
    sent: list[Outgoing] = []
    service.deliver_by("telegram", sent.extend)
    for fields in ({}, {"style": "formal", "again": "1"}):
        await helpdesk.post("/desk/draft/write", text="李总：高新企业认定奖励多少钱？", **fields)
    async with service.store.reading() as connection:
        noted = select(UnansweredQuestion.id, UnansweredQuestion.how).where(UnansweredQuestion.channel == "desk")
        rows = (await connection.execute(noted)).all()
    assert [row.how for row in rows] == ["reported"]
    assert "联系不上" in (await helpdesk.post(f"/desk/questions/{rows[0].id}/answer", answer="请问科技部门。")).text
    assert not sent


async def test_a_hand_over_that_has_ended_waits_no_more(helpdesk: AtDesk, service: Service) -> None:
    assert "等答复" in (await helpdesk.get("/desk/handovers")).text
    await Talker(service, "web:" + "c" * 32, name="").say("结束")
    page = (await helpdesk.get("/desk/handovers")).text
    assert "等答复" not in page
    assert "最后没有答复" in page
    assert "<strong>0</strong><span>人在等人工答复</span>" in (await helpdesk.get("/desk/")).text


async def test_consultations_tell_how_far_they_came(helpdesk: AtDesk, service: Service) -> None:
    page = (await helpdesk.get("/desk/consultations/list")).text
    assert len(re.findall(r">\s*出了结果：每年 26 万元", page)) == 2
    assert "停在“" in page
    links = re.findall(r'href="http://desk.test(/desk/consultation/[0-9a-f]+)"', page)
    shown = [(await helpdesk.get(link)).text for link in links]
    assert any("WC-" in each and "260 万元" in each and "代运营企业支持" in each for each in shown)
    assert all("张三丰" not in each and "telegram:1" not in each for each in shown)
    assert (await helpdesk.get("/desk/consultation/gone")).status_code == 404


async def test_a_row_that_cannot_be_read_is_no_trouble_of_the_others(office: AtDesk, service: Service) -> None:
    broken = service.store.vault.seal('{"answers": 7}')
    async with service.store.transaction() as work:
        for table, column in (("leads", "attached"), ("consultations", "state")):
            await work.connection.execute(
                sql(f"UPDATE {table} SET {column} = :sealed WHERE rowid = 1"), {"sealed": broken}
            )
    for path in ("/desk/leads/list", "/desk/consultations/list"):
        answer = await office.get(path)
        assert answer.status_code == 200
        assert "读不出来" in answer.text
        assert "每年 26 万元" in answer.text


async def test_what_is_overdue_stands_on_the_first_page(office: AtDesk, service: Service) -> None:
    assert "该跟进了" not in (await office.get("/desk/")).text
    today = office_time.today(datetime.now(UTC))
    async with service.store.transaction() as work:
        late = {"follow_up": today - timedelta(days=3), "assignee": f"desk:{OFFICE[0]}"}
        await work.connection.execute(update(Lead).where(Lead.id == 1).values(late))
        await work.connection.execute(update(Lead).where(Lead.id == 2).values(follow_up=today, state="closed"))
    page = (await office.get("/desk/")).text
    assert "该跟进了" in page
    assert "过了 3 天" in page
    assert "我负责" in page
    assert "公式科技" not in page


async def test_the_dashboard_tells_the_figures(office: AtDesk, service: Service) -> None:
    page = (await office.get("/desk/")).text
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)))
    assert "2 新登记，等着联系" in words
    assert "1 人在等人工答复" in words
    assert "1 个问题待回答" in words
    assert "看到结果 2 （50%）" in words
    assert "代运营企业支持（三、（六）） 2 家 预估 52 万元" in words
    assert "停在这里 1" in words
    assert page.count('role="img"') == 2, "two charts, drawn in the page"
    assert "pygal.config" not in page
    assert PHONE not in page
    for span in ("90", "all", "nonsense"):
        assert (await office.get("/desk/", span=span)).status_code == 200


async def test_empty_pages_say_what_will_stand_there(engine: Shelf, tmp_path: Path) -> None:
    service = await open_service(engine, tmp_path)
    await add_accounts(service.store)
    office = AtDesk(create_app(service, [desk(service)]))
    await office.log_in(*OFFICE)
    expected = {
        "/desk/": "这段时间还没有咨询",
        "/desk/leads/list": "还没有登记",
        "/desk/questions": "没有待回答的问题",
        "/desk/handovers": "现在没有人等着",
        "/desk/consultations/list": "还没有咨询",
    }
    for path, words in expected.items():
        assert words in (await office.get(path)).text, path
    await service.store.close()


async def test_a_lead_that_was_withdrawn_has_no_contact(office: AtDesk, service: Service) -> None:
    first = Talker(service, "telegram:1")
    await first.say("我的登记")
    await first.press("撤回登记")
    await first.press("是，撤回")
    page = (await office.get("/desk/leads/1")).text
    assert "已按本人要求删除" in page
    assert "撤回了登记" in page
    assert "张三丰" not in (await office.post("/desk/leads/1/reveal")).text


async def test_the_same_enterprise_is_pointed_out(office: AtDesk, service: Service) -> None:
    again = Talker(service, "web:" + "d" * 32, name="")
    await again.say("/start", "1", "是", "260万", "没领过")
    await lead(again)
    assert "同一企业另有登记" in (await office.get("/desk/leads/1")).text


async def test_a_desk_alone_takes_hand_overs(engine: Shelf, tmp_path: Path) -> None:
    """Where there is no staff chat, whoever asks for a person waits at the desk; without either nobody is promised one."""
    store = await Store.open(databases.sqlite(tmp_path))
    alone = leading.service(engine, store, Clock(datetime.now(UTC)), staff_chat=None)
    person = Talker(alone, "web:" + "e" * 32, name="")
    await person.say("/start")
    assert "转给工作人员" not in await person.say("转人工")
    await add_accounts(store)
    assert "转给工作人员" in await person.say("转人工")
    office = AtDesk(create_app(alone, [desk(alone)]))
    await office.log_in(*OFFICE)
    assert "等答复" in (await office.get("/desk/handovers")).text
    await office.post("/desk/handovers/1/answer", answer="您好，请讲。")
    seen = await history(store, engine, person.person)
    assert "您好，请讲。" in seen.entries[-1].text
    await office.post("/desk/handovers/1/close")
    assert await person.say("园区奖励多少")
    await store.close()


async def test_the_packs_with_what_is_over_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    several.pin(monkeypatch, policies, datetime(2027, 4, 1, tzinfo=UTC))
    service = await open_service(several.shelf(), tmp_path)
    await add_accounts(service.store)
    office = AtDesk(create_app(service, [desk(service)]))
    assert "海政" not in (await office.get("/desk/policies")).text, "it is for staff"
    await office.log_in(*HELPDESK)
    page = (await office.get("/desk/policies")).text
    rows = page.split('<p class="desk-count">')[1:]
    titles = [served.policy(ident).title for ident in several.IDS]
    order = [next(title for title in titles if title in row) for row in rows]
    assert order == [titles[1], titles[0], titles[2]]
    assert "已经失效" in rows[0]
    assert "90 天内到期" in rows[1]
    assert "有效期不明" in rows[2]
    assert f'href="../policies/{several.IDS[0]}"' in rows[1]
    for words in (f"<code>{several.IDS[0]}</code>", "海政办发〔2024〕26号", "全文", "<dd>7 项</dd>", "<dd>12 条</dd>"):
        assert words in rows[1]
    assert 'href="http://desk.test/desk/policies"' in page, "the menu"
    await service.store.close()


async def test_questions_by_document(tmp_path: Path) -> None:
    service = await open_service(several.shelf(), tmp_path)
    await add_accounts(service.store)
    first = Talker(service, "telegram:1")
    await first.say("/start", "首台套装备奖励多少", "种粮补贴多少")
    await Talker(service, "telegram:2").say("养猪场有补助吗")
    office = AtDesk(create_app(service, [desk(service)]))
    await office.log_in(*HELPDESK)
    page = (await office.get("/desk/questions")).text
    city = served.policy(several.IDS[1])
    for words in ("种粮补贴多少", "养猪场有补助吗", f">{city.name} 1</a>", ">没说是哪份 1</a>", ">全部文件 2</a>"):
        assert words in page
    for policy, shown, hidden in ((city.id, "种粮", "养猪"), ("", "养猪", "种粮"), ("gone", "没有待回答", "养猪")):
        page = (await office.get("/desk/questions", policy=policy)).text
        assert shown in page
        assert hidden not in page
    assert re.search(rf'policy={city.id}">1 个</a>', (await office.get("/desk/policies")).text)
    await service.store.close()


async def test_leads_are_listed_and_exported_by_policy(tmp_path: Path) -> None:
    service = await open_service(several.shelf(), tmp_path)
    await add_accounts(service.store)
    person = Talker(service, "telegram:1")
    await person.say("/start", "第3份文件", "代运营", "没有了", "是", "260万", "没领过")
    await lead(person)
    office = AtDesk(create_app(service, [desk(service)]))
    await office.log_in(*OFFICE)
    page = (await office.get("/desk/leads/list")).text
    assert len(listed(page)) == 1
    city = served.policy(several.IDS[2])
    programme = f"{city.id}/agency-operations"
    for matter, found in ((city.id, 1), (programme, 1), (f"{several.IDS[1]}/listing", 0), ("gone", 0)):
        assert len(listed((await office.get("/desk/leads/list", filter=f"claims__includes={matter}")).text)) == found
    shown = (await office.get("/desk/leads/1")).text
    assert f"受理：{city.lead}" in shown
    for policy, found in ((city.id, 1), ("gone", 0)):
        filter = f"claims__includes={policy}"
        file = (await office.get("/desk/leads/export", kind="csv", filter=filter)).content.decode("utf-8-sig")
        assert file.count("WC-") == found
    await service.store.close()


async def test_what_was_set_aside_is_tried_again_or_deleted(
    office: AtDesk, helpdesk: AtDesk, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "没有搁置的记录" in (await office.get("/desk/set-aside")).text

    def poison(*_: object) -> None:
        raise KeyError("王总的话")

    with monkeypatch.context() as patch:
        patch.setattr(service.office, "look", poison)
        person = Talker(service, "telegram:77")
        await person.say("王总的话")
        await service.set_aside("telegram", {"update_id": 5, "message": "王总的话"}, TypeError("王总的话"))
    page = (await office.get("/desk/set-aside")).text
    assert "王总" not in page
    assert page.count("一条消息处理不了") == page.count("收到的内容不是消息") == page.count(">重试<") == 1
    (again,) = re.findall(r"/desk/set-aside/(\d+)/again", page)
    assert (await helpdesk.post(f"/desk/set-aside/{again}/delete")).status_code == 403
    assert "已经重新处理" in (await office.post(f"/desk/set-aside/{again}/again")).text
    page = (await office.get("/desk/set-aside")).text
    assert ">重试<" not in page
    (gone,) = re.findall(r"/desk/set-aside/(\d+)/delete", page)
    assert "还是处理不了" in (await office.post(f"/desk/set-aside/{gone}/again")).text
    assert "没有搁置的记录" in (await office.post(f"/desk/set-aside/{gone}/delete")).text
