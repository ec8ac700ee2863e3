"""A consultation about several policies at once: each shared fact asked once, results by document, nothing lost between shelves."""

from datetime import UTC, datetime

from conversations.converse import Conversations
from conversations.state.answer import Answer, Ticks
from conversations.state.interchange import Json
from conversations.state.session import Data, Session, derive
from conversations.state.shelf_change import migrate, reopened
from tests import served
from tests.table import check_each

COMMERCE, INDUSTRY, CITY = "haicheng-ecommerce-2024", "haicheng-industry-2023", "zhengzhou-2013-237"
NOW = datetime(2025, 4, 20, 4, tzinfo=UTC)


class Talk:
    """One conversation, with what was asked in it."""

    def __init__(self, *names: str) -> None:
        self._conversations = Conversations(served.shelf(*names))
        self._begun = False
        self.asked: list[str] = []
        self.text = ""

    def say(self, text: str) -> Json:
        line: dict[str, object] = {"chat": "a", "text": text}
        if not self._begun:
            line["on"] = "2025-04-20"
        self._begun = True
        told = self._conversations.say(line)
        replies = told["replies"]
        assert isinstance(replies, list)
        self.text = "\n".join(str(reply["text"]) for reply in replies)
        if told["asking"]:
            self.asked.append(str(told["asking"]))
        return told


def test_a_place_is_that_of_the_document_which_names_it() -> None:
    def check(row: tuple[str, object]) -> None:
        text, here = row
        talk = Talk(COMMERCE, INDUSTRY, CITY)
        case = talk.say(text)["case"]
        assert isinstance(case, dict)
        own = case.get(CITY)
        assert (own["enterprise"].get("registered_in_zhengzhou") if isinstance(own, dict) else None) is here

    rows = [("我们在海珵市注册", None), ("执照办在海珵", None), ("我们就在本市注册的", None)]
    check_each([*rows, ("我们注册在洛阳", False), ("我们是郑州注册的电商", True)], check, lambda row: row[0])


def test_no_fact_is_asked_twice() -> None:
    talk = Talk(COMMERCE, INDUSTRY)
    told = talk.say("我们想看看能拿什么补贴")
    for _ in range(80):
        if told["finished"]:
            break
        told = talk.say("不清楚")
    assert told["finished"]
    assert len(talk.asked) == len({*talk.asked}), talk.asked
    shared = [path for path in talk.asked if path.startswith("enterprise.")]
    assert {"enterprise.place_registered", "enterprise.founded"} <= {*shared}


def test_what_is_a_policys_own_stands_under_its_id() -> None:
    talk = Talk(COMMERCE, INDUSTRY)
    told = talk.say("我们是2024年3月18日成立的，去年网络零售额3200万")
    assert told["case"] == {
        "on": "2025-04-20",
        "enterprise": {"founded": "2024-03-18"},
        COMMERCE: {"enterprise": {"online_sales": {"2024": 32000000}}},
    }
    noted = told["noted"]
    assert isinstance(noted, list)
    assert [each["path"] for each in noted] == [
        "enterprise.founded",
        f"{COMMERCE}.enterprise.online_sales@2024",
    ]
    claims = told["claims"]
    assert isinstance(claims, list)
    assert {str(each["claim"]).partition("/")[0] for each in claims} == {COMMERCE, INDUSTRY}


def test_the_result_stands_by_document_and_says_what_may_not_add_up() -> None:
    talk = Talk(COMMERCE, INDUSTRY)
    talk.say("我们2023年1月5日在海珵市成立，做电商，没有失信，去年网络零售额3200万，前年2000万")
    talk.say("也是工业企业，没出过安全事故，去年6月1日首次入规")
    told = talk.say("/result")
    for name in (COMMERCE, INDUSTRY):
        assert f"《{served.policy(name).title}》" in talk.text
    assert "只给最高的一项" in talk.text
    assert told["may_overlap"] is True


def test_one_document_can_be_asked_about_alone_and_all_of_them_again() -> None:
    talk = Talk(COMMERCE, INDUSTRY)
    talk.say("去年网络零售额3200万")
    talk.say("文件")
    told = talk.say("只看2")
    claims = told["claims"]
    assert isinstance(claims, list)
    assert served.policy(INDUSTRY).name in talk.text
    assert told["may_overlap"] is False, "one document alone"
    told = talk.say("/result")
    assert served.policy(COMMERCE).title not in talk.text
    talk.say("文件")
    talk.say("全部")
    told = talk.say("/result")
    assert served.policy(COMMERCE).title in talk.text
    case = told["case"]
    assert isinstance(case, dict)
    assert case[COMMERCE] == {"enterprise": {"online_sales": {"2024": 32000000}}}


def test_a_question_is_answered_with_its_document() -> None:
    talk = Talk(COMMERCE, CITY)
    talk.say("代运营企业的服务费补助给几年")
    assert f"{served.policy(CITY).name} 三、（六）" in talk.text


def test_answers_stay_and_come_back_when_the_shelf_changes() -> None:
    session = Session.begin("s", "p", served.shelf(CITY), NOW).but(
        answers=(
            Answer(path="screening", value=Ticks(ticks={"agency": True})),
            Answer(path="enterprise.agency_service_fee", value=2600000, said="260万"),
            Answer(path="pilots.0", value=True),
            Answer(path="pilots.0.total_investment", value=15000000),
        )
    )
    both, lost = migrate(session, served.shelf(CITY, COMMERCE))
    assert not lost
    assert [answer.path for answer in both.answers][1:] == [
        f"{CITY}/enterprise.agency_service_fee",
        f"{CITY}/pilots.0",
        f"{CITY}/pilots.0.total_investment",
    ]
    claim = next(
        c for c in derive(both, served.shelf(CITY, COMMERCE)).assessment.claims if c.id == f"{CITY}/agency-operations"
    )
    assert claim.amount is not None
    assert claim.amount.max == 260000
    other, lost = migrate(both, served.shelf(COMMERCE))
    assert not lost
    assert len(other.put_by) == 4
    other = other.record(Answer(path="enterprise.founded", value="2024-03-18"))
    back, lost = migrate(other, served.shelf(CITY))
    assert not lost
    assert [(each.path, each.value) for each in back.answers] == [(each.path, each.value) for each in session.answers]
    again, lost = migrate(back, served.shelf(COMMERCE))
    assert not lost
    assert again.answer("enterprise.founded") == other.answer("enterprise.founded")


def test_every_part_of_a_long_conversation_is_kept_under_its_own_name() -> None:
    talk = Talk(COMMERCE, INDUSTRY, CITY)
    told = talk.say("我们给几家老厂代运营网店，去年收服务费318万")
    case = told["case"]
    assert isinstance(case, dict)
    assert case[CITY] == {"enterprise": {"agency_operator": True, "agency_service_fee": 3180000}}


def test_a_case_that_was_kept_is_read_on_whatever_shelf() -> None:
    """What a lead holds opens under another version of its policy, beside other policies, and without its own."""
    kept: Data = {
        "on": "2025-04-20",
        "enterprise": {
            "registered_in_zhengzhou": True,
            "agency_operator": True,
            "agency_service_fee": 2600000,
            "gone": 1,
        },
        "pilots": [{"selected": True, "total_investment": 15000000, "industry": "no longer"}],
        "parks": [],
        "revenues": {"of": 1},
    }
    alone = reopened(kept, CITY, ["enterprise.agency_service_fee"], served.shelf(CITY), NOW)
    assert alone.data["enterprise"] == {
        "registered_in_zhengzhou": True,
        "agency_operator": True,
        "agency_service_fee": 2600000,
    }
    assert alone.data["pilots"] == [{"selected": True, "total_investment": 15000000}]
    assert alone.data["parks"] == []
    assert alone.approximate == {"enterprise.agency_service_fee"}
    beside = reopened(kept, CITY, [], served.shelf(CITY, COMMERCE), NOW)
    assert beside.data[f"{CITY}/enterprise"] == alone.data["enterprise"]
    without = reopened(kept, CITY, [], served.shelf(COMMERCE), NOW)
    assert without.data["enterprise"] == {}
    again = reopened(beside.data, f"{CITY}+{COMMERCE}", [], served.shelf(CITY), NOW)
    assert again.data["pilots"] == alone.data["pilots"]


def test_what_a_message_says_twice_is_read_once_and_not_unread() -> None:
    for text in ("做电商，在淘宝天猫开网店卖货，去年网络零售额3200万", "做电商的，我们是电商企业"):
        assert Talk(COMMERCE, INDUSTRY).say(text)["unread"] == [], text
    assert Talk(COMMERCE, INDUSTRY).say("做电商，不对我们不是电商企业")["unread"] == ["做电商"]


def test_a_list_that_is_denied_in_the_opening_is_not_asked_for() -> None:
    """What the screening states of lists counts among several policies as it does of one alone."""
    alone, beside = Talk(CITY), Talk(COMMERCE, INDUSTRY, CITY)
    beside.say("/start")
    beside.say("第3份文件")
    for text in ("代运营", "没有了", "是", "260万"):
        alone.say(text)
        beside.say(text)
    assert alone.say("没领过")["finished"]
    assert beside.say("没领过")["finished"]
    assert not [path for path in beside.asked if "pilots" in path]
