"""Conversations with other programs: the shape of each line, chats apart, and that nothing changes unsaid."""

import json
from collections.abc import Mapping
from typing import cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conversations.converse import Conversations
from conversations.state.interchange import BadInputError
from conversations.state.shelf import Shelf
from rules.raw import is_list, is_object
from tests import served
from tests.bot.command import called
from tests.chance import draws
from tests.table import check_each

FIELDS = {"chat", "replies", "asking", "noted", "unread", "confirm", "case", "total", "claims", "finished"}
SAID = (
    "我们做代运营，在新密注册，服务费260万，头一次申请",
    "不对，是92万",
    "服务费不是92万，是190万",
    "我们管两栋电商楼，A座办公面积11300平，B座9100平",
    "B座不算，删掉",
    "第二个不算，去掉",
    "运营一个省级电商园区",
    "另外还有一个市级的园区",
    "园区是省级",
    "试点投了1450万，物流的，列入名单了",
    "农业的试点也有一个，900万",
    "没有了",
    "就这些",
    "都没有",
    "1 2 3",
    "代运营、试点",
    "是",
    "不是",
    "没领过",
    "不清楚",
    "270",
    "对，是这个数",
    "要是做到120万呢",
    "代运营补多少钱",
    "我们在二七那边有个小仓库",
    "上一步",
    "修改",
    "重新开始",
    "谢谢",
    "你们就是骗人的",
    "这两个是同一个项目",
    "不是一个项目",
)


def told(conversations: Conversations, text: str, chat: str = "a") -> Mapping[str, object]:
    """One line, and what is answered."""
    return conversations.say({"chat": chat, "text": text})


def test_a_question_that_names_nothing_is_of_what_was_told() -> None:
    def check(row: tuple[str, str, str]) -> None:
        statement, question, clause = row
        conversations = Conversations(served.shelf())
        told(conversations, statement)
        replies = told(conversations, question)["replies"]
        assert is_list(replies)
        assert clause in str(replies[0])

    rows = [
        ("我们在郑州做代运营的，去年服务费260万", "能拿几年", "三、（六）"),
        ("管着一栋电商楼，在郑州，办公面积12000平", "拿几年", "三、（九）"),
        ("郑州的公司，今年交协会培训费9000", "要交什么材料", "三、（十）"),
    ]
    check_each(rows, check, lambda row: row[1])


def places(case: object, prefix: str = "") -> dict[str, object]:
    """Every value of a case by its path; a list stands for how many items it has, too."""
    found: dict[str, object] = {}
    if is_object(case):
        for key, value in case.items():
            found |= places(value, f"{prefix}{key}.")
    elif is_list(case) and all(is_object(item) for item in case) and prefix != "same_project.":
        found[prefix] = len(case)
        for index, item in enumerate(case):
            found |= places(item, f"{prefix}{index}.")
    else:
        found[prefix] = json.dumps(case, sort_keys=True)
    return found


def test_a_line_has_the_contracts_fields(engine: Shelf) -> None:
    reply = told(Conversations(engine), "我们做代运营，服务费260万")
    assert reply.keys() == FIELDS
    assert reply["asking"] == "screening"
    assert {"enterprise.agency_operator", "enterprise.agency_service_fee"} == {
        note["path"] for note in cast("list[dict[str, object]]", reply["noted"])
    }
    assert reply["finished"] is False


def test_chats_are_apart(engine: Shelf) -> None:
    conversations = Conversations(engine)
    told(conversations, "我们做代运营", "a")
    assert told(conversations, "你好", "b")["case"] == {"enterprise": {}}


def test_what_cannot_be_used_is_refused_with_its_path_and_changes_nothing(engine: Shelf) -> None:
    conversations = Conversations(engine)
    for data, path in (
        ({"text": "你好"}, "chat"),
        ({"chat": "a"}, "text"),
        ({"chat": "a", "text": "你好", "on": "昨天"}, "on"),
        ({"chat": "a", "text": "你好", "of": 1}, "of"),
        ([], "chat"),
    ):
        with pytest.raises(BadInputError) as refused:
            conversations.say(data)
        assert refused.value.path == path
    assert told(conversations, "你好")["case"] == {"enterprise": {}}


def test_none_of_these_denies_what_was_asked_and_nothing_that_was_spoken_of(engine: Shelf) -> None:
    conversations = Conversations(engine)
    told(conversations, "我们做代运营，还有个电商园区，级别回头看")
    reply = told(conversations, "没有了")
    case = cast("dict[str, object]", reply["case"])
    assert case["pilots"] == []
    assert case["parks"] == [{}]
    denied = [note for note in cast("list[dict[str, object]]", reply["noted"]) if note["act"] == "deny"]
    assert {"pilots", "buildings", "enterprise.national_standard"} <= {note["path"] for note in denied}


def test_none_to_whether_there_is_another_one_closes_that_list_alone(engine: Shelf) -> None:
    conversations = Conversations(engine)
    for text in ("/start", "2 6", "省级", "是", "1500万", "物流业", "不是"):
        reply = told(conversations, text)
    asked = [reply["asking"]]
    for _ in range(2):
        asked.append(told(conversations, "没有了")["asking"])
    assert set(asked[:2]) == {"pilots.more", "parks.more"}
    conversations = Conversations(engine)
    for text in ("/start", "2", "是", "1500万", "没有了", "物流业", "不是"):
        reply = told(conversations, text)
    assert reply["asking"] == "pilots.more"  # 没有了 to another question had not closed it


@pytest.mark.parametrize(
    ("texts", "path", "value"),
    [
        (["有家客户手里有央行的支付业务许可证", "我们自己没那个证"], "enterprise.payment_licence", "false"),
        (["公司注册在洛阳", "上个月已经迁到郑州了"], "enterprise.registered_in_zhengzhou", "true"),
        (["公司注册在洛阳，这有影响吗"], "enterprise.registered_in_zhengzhou", "false"),
        (
            ["有个农业试点投了1350万，还有个商贸试点投了2100万", "园区：无", "商贸那个是1900万"],
            "pilots.1.total_investment",
            "19000000",
        ),
        (
            ["试点项目投了950万", "不对，是1050万", "唉还是按950万吧，设备不算"],
            "pilots.0.total_investment",
            "9500000",
        ),
        (
            ["试点项目投了2680万，CA证书一年3.6万", "CA证书那个没错，还是3.6万"],
            "pilots.0.total_investment",
            "26800000",
        ),
        (["有个商贸试点投了1100万", "有个客户自己花两千万上系统，那个不归我们"], "pilots", "1"),
        (["今年协会培训交了1.2万", "那1.2万是去年的"], "enterprise.training_fee", None),
        (["今年协会培训交了1.2万", "去年也是1.2万"], "enterprise.training_fee", "12000"),
        (["CA证书一年5000，培训交了6000", "证书那条删了"], "enterprise.digital_certificate_fee", None),
        (["有支付业务许可证，总部设在郑州", "那张许可证上个月到期没续下来"], "enterprise.payment_licence", "false"),
        (["代运营一年服务费好像160万，不对，160万是前年的，去年是175万"], "enterprise.agency_service_fee", "1750000"),
        (["试点项目投了2150万", "应为2015万，前述数字作废"], "pilots.0.total_investment", "20150000"),
    ],
)
def test_a_message_goes_on_with_what_was_said(texts: list[str], path: str, value: str | None, engine: Shelf) -> None:
    conversations = Conversations(engine)
    *_, reply = [told(conversations, text) for text in texts]
    found = {place: json.loads(str(each)) for place, each in places(reply["case"], "").items()}
    assert found.get(f"{path}.") == (None if value is None else json.loads(value))


def test_an_addition_is_no_answer_to_the_open_question(engine: Shelf) -> None:
    conversations = Conversations(engine)
    for text in ("国家级示范企业，在网上卖茶具", "别的没有"):
        asked = told(conversations, text)["asking"]
    reply = told(conversations, "噢有的，还参加了协会的课，今年花了1150")
    assert asked == "enterprise.registered_in_zhengzhou" == reply["asking"]
    assert {"path": "enterprise.training_fee"}.items() <= cast("list[dict[str, object]]", reply["noted"])[0].items()


def test_what_is_stated_and_not_understood_is_quoted(engine: Shelf) -> None:
    reply = told(Conversations(engine), "我们做代运营，在二七那边有个小仓库")
    assert reply["unread"] == ["在二七那边有个小仓库"]
    assert "在二七那边有个小仓库" in json.dumps(reply["replies"], ensure_ascii=False)


@settings(max_examples=draws(60))
@given(texts=st.lists(st.sampled_from(SAID), max_size=8))
@example(texts=["运营一个省级电商园区", "另外还有一个市级的园区", "上一步", "没有了"])
def test_nothing_changes_unsaid(texts: list[str], engine: Shelf) -> None:
    conversations = Conversations(engine)
    before: dict[str, object] = {}
    for text in texts:
        reply = told(conversations, text)
        after = places(reply["case"])
        notes = [str(note["path"]) for note in cast("list[dict[str, object]]", reply["noted"])]
        for path in before.keys() | after.keys():
            if before.get(path) != after.get(path) and path != "enterprise.":
                head = path.split(".")[0]
                said = any(path.startswith(f"{note}.") or f"{note}.".startswith(path) for note in notes)
                moved = text in ("重新开始",) or any(note.startswith(head) for note in notes)
                assert said or moved, (texts, text, path, notes)
        for span in cast("list[str]", reply["unread"]):
            assert span in text
        before = after


def test_the_command_answers_each_line_at_once_and_goes_on_after_a_bad_one() -> None:
    lines = ['{"chat": "a", "text": "我们做代运营"}', "{", '{"chat": "a", "text": "就这些"}']
    done = called("converse", "-", stdin="\n".join(lines))
    first, bad, last = map(json.loads, done.stdout.decode().splitlines())
    assert done.returncode == 2
    assert first["case"]["enterprise"]["agency_operator"] is True
    assert "error" in bad
    assert last["case"]["parks"] == []
