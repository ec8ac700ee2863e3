"""A lead at the desk: entered for who calls or walks in, written to, put together, assessed anew, deleted on request."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from conversations.consultation.history import history
from conversations.office import leads
from conversations.office.lead_search import matching
from conversations.service import Outgoing, Service
from conversations.state.office_time import OFFICE_TIME
from conversations.storage.tables import Consultation, LoggedMessage, Person
from conversations.storage.tables_leads import Lead, LeadClaim, LeadTrace
from tests.bot.web.desk_site import HELPDESK, OFFICE, PHONE, AtDesk, entries

pytestmark = pytest.mark.slow
ME = f"desk:{OFFICE[0]}"
TOLD = "我们做代运营，去年服务费340万，第一次申请"


def typed(**more: str) -> dict[str, str]:
    """What the form of a lead sends."""
    now = datetime.now(UTC).astimezone(OFFICE_TIME)
    return {
        "key": "k1",
        "came": "phone",
        "enterprise": "郑州归云网络科技有限公司",
        "code": "",
        "contact": "李四光",
        "phone": "139 3712 3456",
        "time": "",
        "remark": "",
        "told": "",
        "agreed": "yes",
        "consent": "spoken",
        "agreed_at": f"{now:%Y-%m-%dT%H:%M}",
    } | more


async def kept(service: Service, *conditions: object) -> list[Lead]:
    async with service.store.reading() as connection:
        return await leads.find(connection, *conditions)


async def test_a_caller_is_entered_with_their_consent(helpdesk: AtDesk, service: Service) -> None:
    page = (await helpdesk.get("/desk/leads/new")).text
    assert "谁来用" in page
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)
    assert key is not None
    page = (await helpdesk.post("/desk/leads/enter", **typed(key=key[1], told=TOLD, remark="周三来"))).text
    assert "登记好了，编号 WC-" in page
    assert "电话登记" in page
    assert "口头同意了告知第 2 版，由 小李 记录" in page
    assert "34 万元" in page, "what was told is assessed"
    assert "李四光" not in page
    assert "请打电话" in page, "there is nowhere to write to"
    (made,) = await kept(service, Lead.channel == "phone")
    assert (made.consent, made.contact.phone, made.contact.remark) == ("spoken", "+8613937123456", "周三来")
    (entered, *_) = await entries(service, made.id)
    assert entered[:3] == (f"desk:{HELPDESK[0]}", "entered", "new")
    assert "口头同意" in entered[3]
    async with service.store.reading() as connection:
        assert await leads.count(connection, matching(service.store.vault, "3456")) == 1
    assert (await helpdesk.get("/desk/leads/list", filter="channel__in=phone")).text.count(">WC-") == 1


async def test_a_form_that_is_sent_twice_is_one_lead(office: AtDesk, service: Service) -> None:
    for _ in range(2):
        await office.post("/desk/leads/enter", **typed())
    assert len(await kept(service)) == 3
    await office.post("/desk/leads/enter", **typed(key="k2"))
    assert len(await kept(service)) == 4


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"agreed": ""}, "要对方同意了才能登记"),
        ({"consent": "guessed"}, "要对方同意了才能登记"),
        ({"came": "owl"}, "电话还是来访"),
        ({"enterprise": ""}, "请填企业名称"),
        ({"contact": ""}, "请填联系人"),
        ({"phone": ""}, "请填电话"),
        ({"phone": "138001"}, "11 位"),
        ({"code": "91410100MA44B0017X"}, "代码"),
        ({"agreed_at": "2096-01-01T00:00"}, "同意的时间"),
        ({"agreed_at": "2006-01-01T00:00"}, "同意的时间"),
        ({"agreed_at": "gestern"}, "同意的时间"),
        ({"told": "长" * 1001}, "1000 个字"),
    ],
)
async def test_what_cannot_be_kept_is_told_at_its_field(
    office: AtDesk, service: Service, more: dict[str, str], words: str
) -> None:
    answer = await office.post("/desk/leads/enter", **typed(remark='"><script>', **more))
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="&#34;&gt;&lt;script&gt;"' in answer.text, "what was typed stays"
    assert len(await kept(service)) == 2


async def test_the_enterprise_is_written_to(office: AtDesk, service: Service) -> None:
    sent: list[Outgoing] = []
    service.deliver_by("telegram", sent.extend)
    page = (await office.post("/desk/leads/1/write", letter="材料齐了，周五来窗口。")).text
    assert "已发出" in page
    assert "写信给企业" in page
    assert [(each.person, each.chat) for each in sent] == [("telegram:1", "1")]
    assert "材料齐了，周五来窗口。" in sent[0].reply.text
    assert "WC-" in sent[0].reply.text
    assert (ME, "wrote", "new", "材料齐了，周五来窗口。") in await entries(service, 1)
    assert "材料齐了" in (await history(service.store, service.shelf, "telegram:1")).entries[-1].text
    for letter in ("", "长" * 2001):
        assert "还没有发" in (await office.post("/desk/leads/1/write", letter=letter)).text
    async with service.store.transaction() as work:
        await work.connection.execute(
            update(Person).where(Person.person == "telegram:1").values(left_at=datetime.now(UTC))
        )
    assert "请打电话" in (await office.get("/desk/leads/1")).text
    assert "写不到对方那里" in (await office.post("/desk/leads/1/write", letter="还在吗")).text
    assert len(sent) == 1


async def test_duplicates_are_put_together(office: AtDesk, service: Service) -> None:
    await office.post("/desk/leads/enter", **typed(enterprise="郑州云帆电子商务有限公司"))
    (mine, theirs) = (await kept(service, Lead.id == 3))[0], (await kept(service, Lead.id == 1))[0]
    assert theirs.number in (await office.get("/desk/leads/3")).text
    await office.post("/desk/leads/1/plan", assignee=ME)
    page = (await office.post("/desk/leads/3/merge", number=theirs.number)).text
    assert f"{theirs.number} 已经并进来了" in page
    assert "并进来的登记" in page
    page = (await office.get("/desk/leads/1")).text
    assert "已经并入" in page
    assert mine.number in page
    first, third = (await kept(service, Lead.id == 1))[0], (await kept(service, Lead.id == 3))[0]
    assert (first.state, first.merged, third.state, third.assignee) == ("closed", mine.number, "new", ME)
    assert first.contact.contact == "张三丰", "whom to call stays where it was given"
    assert (await entries(service, 1))[-1][:2] == (ME, "merged")
    assert (await entries(service, 3))[-1][:2] == (ME, "joined")
    # and apart again
    await office.post("/desk/leads/1/state", state="contacted", note="并错了")
    assert "并进来的登记" not in (await office.get("/desk/leads/3")).text


@pytest.mark.parametrize("other", ["2", "3", "gone"])
async def test_what_is_no_duplicate_is_not_put_together(office: AtDesk, service: Service, other: str) -> None:
    await office.post("/desk/leads/enter", **typed(enterprise="郑州云帆电子商务有限公司"))
    await office.post("/desk/leads/3/state", state="closed")
    numbers = {str(each.id): each.number for each in await kept(service)}
    page = (await office.post("/desk/leads/1/merge", number=numbers.get(other, other))).text
    assert "没有改动" in page
    assert not await kept(service, Lead.merged.is_not(None))


async def test_an_assessment_is_kept_until_it_is_made_anew(office: AtDesk, service: Service) -> None:
    async with service.store.transaction() as work:
        await work.connection.execute(update(Lead).where(Lead.id == 1).values(version="0"))
        await work.connection.execute(update(LeadClaim).where(LeadClaim.lead == 1).values(label="旧名字的支持"))
    page = (await office.get("/desk/leads/1")).text
    assert "旧名字的支持" in page
    assert "登记时的结果（政策资料 0 版）" in page
    assert "按现在的政策资料重新测算" not in page
    page = (await office.get("/desk/leads/1", anew="1")).text
    assert "按现在的政策资料重新测算" in page
    assert "代运营企业支持" in page
    page = (await office.post("/desk/leads/1/reassess")).text
    assert "新的预评估存好了" in page
    assert "旧名字的支持" not in page
    assert (await entries(service, 1))[-1][:2] == (ME, "reassessed")
    (made,) = await kept(service, Lead.id == 1)
    assert made.version == service.shelf.policy.version


async def test_a_lead_is_deleted_on_request(office: AtDesk, helpdesk: AtDesk, service: Service) -> None:
    await office.post("/desk/leads/enter", **typed())
    async with service.store.transaction() as work:
        theirs = {"person": "telegram:1", "channel": "telegram"}
        await work.connection.execute(update(Lead).where(Lead.id == 3).values(theirs))
    assert (await helpdesk.post("/desk/leads/1/delete", what="lead", sure="yes")).status_code == 403
    assert "还没有删除" in (await office.post("/desk/leads/1/delete", what="lead")).text
    assert len(await kept(service, Lead.person == "telegram:1")) == 2
    page = (await office.post("/desk/leads/1/delete", what="lead", sure="yes")).text
    assert "已经删除" in page
    (left,) = await kept(service, Lead.person == "telegram:1")
    assert (await office.get("/desk/leads/1")).status_code == 404
    async with service.store.reading() as connection:
        for table, condition in ((LeadTrace, LeadTrace.lead == 1), (LeadClaim, LeadClaim.lead == 1)):
            assert (
                await connection.execute(select(func.count()).select_from(table).where(condition))
            ).scalar_one() == 0
    await office.post(f"/desk/leads/{left.id}/delete", what="person", sure="yes")
    assert not await kept(service, Lead.person == "telegram:1")
    async with service.store.reading() as connection:
        for table in (Person, Consultation, LoggedMessage):
            of = select(func.count()).select_from(table).where(table.person == "telegram:1")
            assert (await connection.execute(of)).scalar_one() == 0, table
        assert await leads.count(connection, matching(service.store.vault, PHONE)) == 0


async def test_an_entered_lead_leaves_nothing(
    office: AtDesk, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    await office.post("/desk/leads/enter", **typed())
    with caplog.at_level("INFO"):
        await office.post("/desk/leads/3/delete", what="lead", sure="yes")
    assert "Forgotten: " in caplog.text, "so that an older backup does not bring it back"
    assert "李四光" not in caplog.text
    async with service.store.reading() as connection:
        of = select(func.count()).select_from(Person).where(Person.person.startswith("entered:"))
        assert (await connection.execute(of)).scalar_one() == 0


async def test_consent_may_be_of_yesterday(office: AtDesk, service: Service) -> None:
    then = datetime.now(UTC).astimezone(OFFICE_TIME) - timedelta(days=1)
    await office.post("/desk/leads/enter", **typed(came="visit", consent="signed", agreed_at=f"{then:%Y-%m-%dT%H:%M}"))
    (made,) = await kept(service, Lead.channel == "visit")
    assert made.consented == then.replace(second=0, microsecond=0)
    assert "书面同意" in (await office.get("/desk/leads/3")).text


async def test_what_the_library_says_is_chinese(office: AtDesk) -> None:
    for path in ("action?name=assign", "action?name=nothing&pks=1"):
        answer = await office.post(f"/desk/_api/leads/{path}")
        assert answer.status_code == 400, path
        assert re.fullmatch(r"[^A-Za-z]+", answer.json()["msg"]), path
    answer = await office.get("/desk/nowhere/list")
    assert answer.status_code == 404
    assert "Model" not in answer.text


async def test_a_walk_ins_facts_are_entered_later(office: AtDesk, helpdesk: AtDesk, service: Service) -> None:
    await helpdesk.post("/desk/leads/enter", **typed(came="visit"))
    assert "还没问过情况" in (await helpdesk.get("/desk/leads/3")).text
    form = (await helpdesk.get("/desk/leads/3/facts")).text
    assert 'name="enterprise.agency_service_fee"' in form
    # words go into the fields, and are kept when somebody has looked at them
    page = (await helpdesk.post("/desk/leads/3/facts", do="read", told=f"{TOLD}，有个试点项目投了1200万")).text
    assert "还没有存" in page
    assert 'name="enterprise.agency_service_fee" value="340 万元"' in page
    assert 'name="pilots.0.total_investment" value="1200 万元"' in page
    assert (await entries(service, 3))[-1][1] == "entered", "nothing is kept yet"
    facts = {"enterprise.agency_operator": "yes", "enterprise.agency_service_fee": "340 万元"}
    more = {"enterprise.registered_in_zhengzhou": "yes", "enterprise.agency_years_supported": "第一次申请"}
    answer = await helpdesk.post("/desk/leads/3/facts", do="keep", **facts, **more, **{"pilots.0.selected": "yes"})
    assert "改了 5 处" in answer.text
    assert "34 万元" in answer.text
    assert "代运营服务合同" in answer.text, "and which papers that needs"
    (made,) = await kept(service, Lead.id == 3)
    assert made.attached.case["enterprise"] == {
        "registered_in_zhengzhou": True,
        "agency_operator": True,
        "agency_service_fee": 3400000,
        "agency_years_supported": 0,
    }
    assert made.attached.case["pilots"] == [{"selected": True}]
    who, what, _, words = (await entries(service, 3))[-1]
    assert (who, what) == (f"desk:{HELPDESK[0]}", "told")
    assert "一年的代运营服务费收入：340 万元" in words


async def test_a_fact_that_is_not_understood_is_told_at_its_field(office: AtDesk, service: Service) -> None:
    answer = await office.post(
        "/desk/leads/1/facts", **{"enterprise.agency_service_fee": "180", "enterprise.training_fee": "很多很多"}
    )
    assert answer.status_code == 422
    assert "是 180 万元 吗" in answer.text
    assert 'value="很多很多"' in answer.text, "what was typed stays"
    assert [entry[1] for entry in await entries(service, 1)] == ["created"]
    assert "最多 1000 个字" in (await office.post("/desk/leads/1/facts", do="read", told="长" * 1001)).text


async def test_facts_are_put_right_and_taken_back(office: AtDesk, service: Service) -> None:
    await office.post(
        "/desk/leads/enter", **typed(told=f"{TOLD}，大概。有两个试点项目，一个投了1200万左右，一个投了860万")
    )
    (before,) = await kept(service, Lead.id == 3)
    assert [item["total_investment"] for item in before.attached.case["pilots"]] == [12000000, 8600000]  # type: ignore[union-attr,index,call-overload]
    # a field that is left as it is stays as it is, roughness and all
    shown = re.findall(
        r'name="(pilots\.\d\.total_investment)" value="([^"]*)"', (await office.get("/desk/leads/3/facts")).text
    )
    assert dict(shown) == {
        "pilots.0.total_investment": "约 1200 万元",
        "pilots.1.total_investment": "860 万元",
        "pilots.2.total_investment": "",
    }
    fields = {**dict(shown), "enterprise.agency_service_fee": "", "drop:pilots.1": "yes", "none:parks": "yes"}
    assert "改了" in (await office.post("/desk/leads/3/facts", **fields)).text
    (now,) = await kept(service, Lead.id == 3)
    assert now.attached.case["pilots"] == [{"total_investment": 12000000}]
    assert now.attached.approximate == ("pilots.0.total_investment",)
    assert now.attached.case["parks"] == []
    assert "agency_service_fee" not in now.attached.case["enterprise"]  # type: ignore[operator]
    # 没有 is taken back
    await office.post("/desk/leads/3/facts", **dict(shown[:1]))
    (now,) = await kept(service, Lead.id == 3)
    assert now.attached.case["parks"] is None
    # what is over is not changed
    await office.post("/desk/leads/3/state", state="closed")
    assert "已经结束" in (await office.post("/desk/leads/3/facts", **{"enterprise.agency_operator": "no"})).text
    assert "补充或更正" not in (await office.get("/desk/leads/3")).text
