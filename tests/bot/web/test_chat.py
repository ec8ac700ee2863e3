"""The chat page over HTTP: without its script, in the background, with strangers and with too much."""

import asyncio
import json
import logging
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from starlette.types import Message

from bot.web.chat import TOO_LONG
from conversations.office.context import Context, Take, Taken
from conversations.state.actions import Do
from conversations.state.answer import Ticks
from conversations.state.commands import Command
from conversations.state.messages import Choice, Kind, Reply
from conversations.storage.store import Addressed, Line
from conversations.storage.tables import Consultation, LoggedMessage, Outbox, Person
from tests.bot.web.site import Site
from tests.bot.web.visitor import Visitor

pytestmark = pytest.mark.slow


async def count(site: Site, table: type) -> int:
    async with site.service.store.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def person_of(site: Site) -> str:
    async with site.service.store.reading() as connection:
        return (await connection.scalars(select(Person.person))).one()


async def test_the_first_page_asks_the_first_question_and_keeps_nothing(site: Site) -> None:
    visitor = Visitor(site.app)
    response = await visitor.open()
    assert response.status_code == 200
    assert "贵单位属于下列哪些情形" in visitor.text
    assert visitor.page.count('name="tick"') == len(site.engine.policy.screening.options)
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert await count(site, Person) == await count(site, LoggedMessage) == 0


async def test_a_planted_cookie_leads_to_nobody(site: Site) -> None:
    planted = "p" * 43
    visitor = Visitor(site.app)
    visitor.client.cookies.set("wence", planted, domain="wence.test")
    await visitor.open()
    [fresh] = [cookie.value or "" for cookie in visitor.client.cookies.jar if cookie.value != planted]
    visitor.client.cookies.clear()
    visitor.client.cookies.set("wence", fresh, domain="wence.test")
    await visitor.press("完成", "做电商代运营")
    stays = await visitor.open()
    assert fresh in stays.headers["set-cookie"]  # of whom something is kept stays who they are
    assert "做电商代运营" in visitor.text
    thief = Visitor(site.app)
    thief.client.cookies.set("wence", planted, domain="wence.test")
    await thief.open()
    assert "在郑州市注册" not in thief.text


async def test_the_page_is_light_and_asks_no_other_host(site: Site) -> None:
    visitor = Visitor(site.app)
    size = len((await visitor.open()).content)
    for address in re.findall(r'(?:src|href)="(static/[^"]+)"', visitor.page):
        file = await visitor.client.get(f"/{address}")
        assert file.status_code == 200
        assert "immutable" in file.headers["cache-control"]
        size += len(file.content)
    assert size < 60_000
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', visitor.page)
    assert (await visitor.client.get("/static/chat.css")).status_code == 404  # it stands in the page
    assert (await visitor.client.get("/static/..%2fchat.py")).status_code == 404


async def test_a_whole_consultation_without_a_script(site: Site) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    await visitor.press("完成", "做电商代运营")
    assert "做电商代运营" in visitor.text
    assert "在郑州市注册" in visitor.text
    await visitor.press("是")
    assert "<progress" in visitor.page
    await visitor.say("260万")
    await visitor.say("没领过")
    assert '<details class="card yes" open>' in visitor.page
    assert "<small>每年</small><strong>26 万元</strong>" in visitor.page
    assert "看原文 三、（六）" in visitor.text
    await visitor.press("说明")
    assert "同一企业每年支持资金最高不超过 100 万元" in visitor.text
    await visitor.press("材料")
    assert '<input type="checkbox"><span>营业执照副本' in visitor.page
    await visitor.press("修改回答")
    await visitor.press(next(name for name in re.findall(r">([^<>]+：260 万元)<", visitor.page)))
    await visitor.say("五十万")
    assert "还差 50 万元" in visitor.text
    await visitor.open()
    assert "还差 50 万元" in visitor.text


async def test_boxes_ticked_with_i_am_not_sure_count_and_the_others_stay_open(site: Site) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    await visitor.press("我不确定", "做电商代运营")
    async with site.service.store.reading() as connection:
        session = await connection.scalar(select(Consultation.state))
    assert session is not None
    answered = session.answers[0].value
    assert isinstance(answered, Ticks)
    assert list(answered.ticks.values()) == [True]


async def test_a_consultation_begins_with_a_description_or_a_question(site: Site) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    await visitor.say("我们在金水区注册，做网店代运营，去年服务费九十二万")
    assert "92 万元" in visitor.text
    other = Visitor(site.app)
    await other.open()
    await other.say("园区和楼宇的奖能一起拿吗")
    assert "同一项目" in other.text


async def test_in_the_background_only_what_is_new_comes_back(site: Site) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    news = (await visitor.post(text="我们做代运营")).json()
    assert "您好，我可以帮您查" not in news["messages"]
    assert news["messages"].count('class="mine"') == 1
    later = (await visitor.post(text="是", after=str(news["last"]))).json()
    assert later["messages"].count("<article") == 2
    assert later["last"] > news["last"]
    assert 'name="choice"' in later["panel"]


async def test_a_message_sent_twice_is_one(site: Site) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    await asyncio.gather(*(visitor.post(text="我们做代运营", message="the-same-message") for _ in range(3)))
    assert await count(site, Person) == 1
    async with site.service.store.reading() as connection:
        log = (await connection.scalars(select(LoggedMessage.text).where(LoggedMessage.incoming))).all()
    assert log == ["/start", "我们做代运营"]


async def test_the_consultation_survives_a_restart_and_is_there_in_a_second_tab(site: Site) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    await visitor.press("完成", "做电商代运营")
    before = visitor.text
    await site.stop()
    await site.start()
    again = Visitor(site.app)
    again.client.cookies = visitor.client.cookies
    await again.open()
    assert re.sub(r"\s+", "", again.text) == re.sub(r"\s+", "", before)
    await again.press("是")
    assert "260万" in again.text


async def test_a_reply_has_arrived_once_it_stands_in_the_log(site: Site) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    await visitor.press("完成", "做电商代运营")
    await site.service.idle()
    async with site.service.store.reading() as connection:
        said = await connection.scalars(select(LoggedMessage.text).where(~LoggedMessage.incoming))
        assert "贵单位是在郑州市注册的吗" in "".join(said)
        assert (await connection.execute(select(Outbox.id))).all() == []


async def test_nothing_of_another_person_is_served(site: Site) -> None:
    one, other = Visitor(site.app), Visitor(site.app)
    await one.open()
    await one.say("我们是绝密公司，做代运营")
    person = await person_of(site)
    table = Reply(text="", file="预评估表.docx", document="case:1")
    async with site.service.store.transaction() as work:
        await work.record([Line(person, False, "reply", "做好了", table)], datetime.now(UTC))
    await one.open()
    address = re.search(r'href="(document/\d+)"', one.page)
    assert address
    mine = await one.client.get(f"/{address[1]}")
    assert mine.content == b"case:1"
    assert "attachment" in mine.headers["content-disposition"]
    await other.open()
    assert "绝密" not in other.page
    assert (await other.client.get(f"/{address[1]}")).status_code == 404
    assert "绝密" not in (await other.post(text="你好", after="0")).text
    assert "绝密" not in (await other.client.get("/", headers={"cookie": f"wence={person}"})).text


async def test_the_cookie_is_neither_in_the_database_nor_in_the_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = Visitor(site.app)
    await visitor.open()
    await visitor.say("我们做代运营")
    secret = visitor.client.cookies["wence"]
    assert len(secret) == 43
    assert (await person_of(site)).startswith("web:")
    await site.stop()
    kept = b"".join(file.read_bytes() for file in site.database.parent.iterdir())
    assert secret.encode() not in kept
    assert secret not in "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    await site.start()


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_no_other_site_can_speak_for_a_visitor(site: Site, headers: dict[str, str]) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    visitor.client.headers.update(headers)
    response = await visitor.say("我们做代运营")
    assert response.status_code == 403
    assert "刷新页面" in visitor.text
    assert await count(site, LoggedMessage) == 0


async def test_without_a_cookie_the_page_says_why_it_cannot_go_on(site: Site) -> None:
    visitor = Visitor(site.app)
    response = await visitor.say("我们做代运营")
    assert response.status_code == 403
    assert "cookie" in visitor.text


async def test_too_many_messages_are_refused_kindly(site: Site) -> None:
    await site.stop()
    await site.start(limited=True)
    visitor = Visitor(site.app)
    await visitor.open()
    responses = [await visitor.post(text="你好") for _ in range(42)]
    assert [r.status_code for r in responses] == [200] * 40 + [429] * 2
    assert "请等 60 秒" in responses[-1].json()["error"]
    assert responses[-1].headers["retry-after"] == "60"
    page = await visitor.say("你好")
    assert page.status_code == 429
    assert "前面的回答都还在" in visitor.text
    other = Visitor(site.app)
    await other.open()
    assert (await other.post(text="你好")).status_code == 200


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;"


async def test_hostile_text_is_shown_as_text(site: Site) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    await visitor.say(f"{HOSTILE} \u202e反过来\u2066 **粗** > 引")
    assert "<script>alert" not in visitor.page
    assert "<img" not in visitor.page
    assert HOSTILE in visitor.text
    assert not {"\u202e", "\u2066"} & set(visitor.page)
    assert "反过来" in visitor.text


async def test_very_long_text_is_taken_kindly(site: Site) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    response = await visitor.say("长" * 10_000)
    assert response.status_code == 200
    assert "有点长" in visitor.text
    assert "展开全文（10000 字）" in visitor.text
    for much in ("长" * 21_000, "长" * 50_000):
        response = await visitor.post(text=much)
        assert (response.status_code, response.json()["error"]) == (413, TOO_LONG)


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"text": " \u200b "},
        {"text": "好", "message": "x"},
        {"text": "好", "message": "../../etc/passwd"},
        {"text": "好", "after": "-1"},
        {"text": "好", "after": "1e9"},
    ],
)
async def test_what_is_no_message_is_refused(site: Site, fields: dict[str, str]) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    assert (await visitor.post(**fields)).status_code == 400
    assert await count(site, LoggedMessage) == 0


@pytest.mark.parametrize("choice", ["9:yes", "1:?t99", "!edit:nothing", "!clause:9.9", "!staff:1", "x", "1:=", ":"])
async def test_a_button_that_was_never_shown_changes_nothing(site: Site, choice: str) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    response = await visitor.send({"choice": choice})
    assert response.status_code == 200
    async with site.service.store.reading() as connection:
        session = await connection.scalar(select(Consultation.state))
    assert session is not None
    assert session.answers == ()


async def test_every_answer_carries_the_headers(site: Site) -> None:
    visitor = Visitor(site.front)
    for address in ("/", "/static/chat.js", "/document/1", "/?type=large", "/stream"):
        response = await visitor.client.get(address)
        policy = response.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "same-origin"
    refused = await Visitor(site.app).say("好")
    assert "frame-ancestors 'none'" in refused.headers["content-security-policy"]


async def test_what_is_said_later_comes_to_a_page_that_listens(site: Site) -> None:
    visitor = Visitor(site.front)
    await visitor.open()
    await visitor.press("完成", "做电商代运营")
    heard: list[Message] = []
    some, gone = asyncio.Event(), asyncio.Event()

    async def receive() -> Message:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        heard.append(message)
        some.set()

    cookie = "; ".join(f"{name}={value}" for name, value in visitor.client.cookies.items())
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/stream",
        "scheme": "http",
        "query_string": f"after={visitor.last}".encode(),
        "headers": [(b"host", b"wence.test"), (b"cookie", cookie.encode())],
        "client": ("127.0.0.1", 1),
    }
    listens = asyncio.ensure_future(site.front(scope, receive, send))
    await some.wait()
    assert (b"content-type", b"text/event-stream; charset=utf-8") in heard[0]["headers"]
    assert b"x-content-type-options" in dict(heard[0]["headers"])
    some.clear()
    await visitor.post(text="是")
    await some.wait()
    told = json.loads(heard[1]["body"].decode().partition("data: ")[2])
    assert "1 题" in told["messages"] or "预估" in told["messages"]
    gone.set()
    await listens


async def test_embedded_it_may_be_framed_by_the_sites_named_and_has_a_cookie_of_its_own(site: Site) -> None:
    visitor = Visitor(site.app, origin="https://wence.test", query="?embed=1")
    response = await visitor.open()
    assert "frame-ancestors https://www.example.cn" in response.headers["content-security-policy"]
    assert "SameSite=None; Partitioned; Secure" in response.headers["set-cookie"]
    assert 'action="say?embed=1"' in visitor.page
    response = await visitor.press("完成", "做电商代运营")
    assert response.url.query == b"embed=1"
    assert "在郑州市注册" in visitor.text
    assert set(visitor.client.cookies) == {"__Host-wence_embedded"}
    plain = Visitor(site.app, origin="https://wence.test")
    response = await plain.open()
    assert "Secure" in response.headers["set-cookie"]
    assert "strict-transport-security" in response.headers


async def test_large_type_is_a_link_and_lasts(site: Site) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    assert '<html lang="zh-CN">' in visitor.page
    response = await visitor.client.get("/?type=large")
    assert (response.status_code, response.headers["location"]) == (303, "./")
    await visitor.open()
    assert '<html lang="zh-CN" class="large">' in visitor.page


async def test_buttons_that_belong_to_no_question_stay_with_their_message(site: Site) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    await visitor.say("你们高新企业认定奖励多少")
    assert ">转人工</button>" in visitor.page.partition("<footer>")[0]
    await visitor.open()
    assert ">转人工</button>" in visitor.page.partition("<footer>")[0]


async def test_what_leaves_no_trace_is_said_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    await visitor.say("我们做代运营")

    async def forget(context: Context) -> Taken:
        inbound = context.inbound
        return Taken((Addressed("", inbound.channel, inbound.chat, None, Reply(text="都删掉了")),), traceless=True)

    def only_text(context: Context) -> Take | None:
        return forget if context.inbound.kind is Kind.TEXT else None

    monkeypatch.setattr(site.service.office, "look", only_text)
    news = (await visitor.post(text="删除我的数据")).json()
    assert news["reset"]
    assert "都删掉了" in news["messages"]
    await visitor.say("删除我的数据")
    assert "都删掉了" in visitor.text
    await visitor.open()
    assert "都删掉了" not in visitor.text


async def test_a_choice_of_the_log_is_offered_only_while_it_holds(site: Site) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    await visitor.say("我们做代运营")
    person = await person_of(site)
    shown = Reply(text="", choices=((Choice(label="看说明<b>", action=Do(Command.PRIVACY)),),))
    async with site.service.store.transaction() as work:
        await work.record([Line(person, False, "reply", "工作人员说的", shown)], datetime.now(UTC))
    await visitor.open()
    assert "看说明&lt;b&gt;" in visitor.page


async def test_the_lead_form_is_the_open_question_while_it_is_open(site: Site) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    await visitor.press("完成", "做电商代运营")
    await visitor.press("是")
    await visitor.say("260万")
    await visitor.say("没领过")
    await visitor.press("登记，请工作人员联系我")
    answers = visitor.page.partition('id="answer"')[2].partition("<footer>")[0]
    assert ">同意" in answers
    await visitor.open()
    assert visitor.page.partition('id="answer"')[2].partition("<footer>")[0].count("同意") >= 2


async def test_who_has_everything_deleted_begins_anew_in_the_same_browser(site: Site) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    await visitor.say("我们是绝密公司，做代运营")
    await visitor.say("/forget")
    await visitor.press("是，全部删除")
    assert "已经全部删除" in visitor.text
    assert "绝密" not in visitor.page
    await visitor.open()
    assert "贵单位属于下列哪些情形" in visitor.text
    await visitor.press("完成", "做电商代运营")
    assert "在郑州市注册" in visitor.text


async def test_a_button_reads_by_its_label_in_the_log_or_by_the_commands_word(site: Site) -> None:
    visitor = Visitor(site.app)
    await visitor.open()
    for choice in ("1:?done", "!help", "!nonsense:1", "77:yes"):
        await visitor.send({"choice": choice})
    said = re.findall(r'<article id="m\d+" class="mine">\s*<h2 class="hidden">您</h2>\s*<p>([^<]*)</p>', visitor.page)
    assert said == ["完成", "帮助"]  # of a button that nobody knows any more nothing is shown but the reply
    assert visitor.text.count("这是之前那一题的按钮") == 2
