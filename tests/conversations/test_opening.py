"""The opening with one, three and thirty documents: short enough to read, and one is found by place, number or words."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial

import pytest

from conversations.consultation.dialogue import turn
from conversations.consultation.turn import Turn
from conversations.language.document_names import called
from conversations.state.messages import Inbound, Kind, Reply
from conversations.state.session import SCREENING, Session
from conversations.state.shelf import Shelf
from knowledge.joined import joined
from knowledge.policy import Policy
from tests import served, several
from tests.table import check_each

NOW = datetime(2025, 4, 20, 4, tzinfo=UTC)
COMMERCE, INDUSTRY, CITY = several.IDS
FIELDS = ("电子商务", "制造业", "文化旅游", "现代物流", "软件产业", "生物医药", "外贸", "餐饮", "会展", "养老服务")


@cache
def thirty() -> Shelf:
    """Ten documents each of three places, two of them invented, made of one pack."""
    pack = served.policy(INDUSTRY)
    policies: list[Policy] = []
    for place in ("海珵市", "青岚市", "玉川县"):
        for field in FIELDS:
            number = len(policies) + 1
            changes = {
                "id": f"pack-{number}",
                "number": f"〔2024〕{number}号",
                "title": f"{place}支持{field}发展若干措施",
                "issuer": f"{place}人民政府",
                "area": None,
            }
            policies.append(pack.model_copy(update=changes))
    return Shelf(joined(policies))


def say(shelf: Shelf, *texts: str) -> Turn:
    """What comes of the last of ``texts``."""
    session = Session.begin("a", "telegram:1", shelf, NOW)
    taken: Turn | None = None
    for number, text in enumerate(texts):
        said = Inbound(
            id=str(number), channel="telegram", person="telegram:1", chat="1", kind=Kind.TEXT, text=text, at=NOW
        )
        taken = turn(session, said, shelf, NOW)
        session = taken.session
    assert taken is not None
    return taken


def labels(reply: Reply) -> list[str]:
    return [choice.label for row in reply.choices for choice in row]


@pytest.mark.parametrize("shelf", [partial(served.shelf, CITY), several.shelf, thirty], ids=["1", "3", "30"])
def test_it_is_read_at_a_glance(shelf: Callable[[], Shelf]) -> None:
    (opening,) = say(shelf(), "/start").replies
    assert len(opening.text) <= 400
    assert opening.text.count("\n") <= 12
    assert len(labels(opening)) <= 15
    assert all(len(label) <= 40 for label in labels(opening))


def test_many_documents_of_several_places_are_parted_by_place_and_shown_eight_at_once() -> None:
    (opening,) = say(thirty(), "/start").replies
    assert labels(opening) == ["海珵市（10 份）", "青岚市（10 份）", "玉川县（10 份）", "不选，都问一遍"]
    here = say(thirty(), "/start", "2")
    assert here.session.in_play == tuple(f"pack-{number}" for number in range(11, 21))
    (shown,) = here.replies
    assert labels(shown)[:8] == [f"〔2024〕{number}号" for number in range(11, 19)]
    (further,) = say(thirty(), "/start", "2", "更多").replies
    assert labels(further)[:2] == ["〔2024〕19号", "〔2024〕20号"]
    assert "9. 〔2024〕19号《青岚市支持会展发展若干措施》" in further.text
    chosen = say(thirty(), "/start", "2", "更多", "9")
    assert chosen.session.in_play == ("pack-19",)
    assert len(chosen.session.offered) == len(served.policy(INDUSTRY).screening.options)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("我想问电商的", ("pack-1", "pack-11", "pack-21")),
        ("看看青岚市的物流政策", ()),
        ("〔2024〕14号", ("pack-14",)),
        ("想了解养老服务方面的政策", ("pack-10", "pack-20", "pack-30")),
        ("玉川县", tuple(f"pack-{number}" for number in range(21, 31))),
    ],
)
def test_words_find_documents(words: str, found: tuple[str, ...]) -> None:
    assert say(thirty(), "/start", words).session.in_play == found


def test_whoever_chooses_none_is_asked_all_the_same() -> None:
    taken = say(several.shelf(), "/start", "不确定")
    assert taken.session.asking not in (None, SCREENING)


def test_a_document_alone_opens_with_its_own_options_and_does_not_say_besides() -> None:
    taken = say(several.shelf(), "/start", "2")
    assert taken.session.in_play == (INDUSTRY,)
    assert "除此之外" not in taken.replies[-1].text
    assert "前面的回答" not in taken.replies[-1].text
    again = say(several.shelf(), "/start", "2", "文件", "只看1")
    assert again.session.in_play == (COMMERCE,)
    assert "除此之外" not in again.replies[-1].text


def test_what_is_asked_after_a_document_was_chosen_stays_with_it() -> None:
    industry = served.policy(INDUSTRY)
    for question in ("什么时候到期", "贷款贴息吗", "最多给多少", "去哪里申报"):
        said = say(several.shelf(), "/start", "换制造业的", "贷款贴息给几年", question).replies[0].text
        assert served.policy(COMMERCE).name not in said, question
        assert served.policy(CITY).name not in said, question
        assert industry.name in said or industry.lead in said, question


def test_what_is_asked_on_stays_with_the_document_that_answered_before() -> None:
    before = say(several.shelf(), "/start", "首台套装备奖励多少")
    assert before.session.topic == f"{INDUSTRY}/10"
    for question in ("要什么材料", "那最多给多少", "什么时候到期"):
        said = say(several.shelf(), "/start", "首台套装备奖励多少", question).replies[0].text
        assert served.policy(INDUSTRY).name in said, question


@pytest.mark.parametrize("shelf", [several.shelf()])
def test_a_statement_or_a_question_calls_no_document(shelf: Shelf) -> None:
    rows = [
        "我们做电商的",
        "我们是做网店代运营的，一年服务费260万",
        "电商的补贴多少",
        "想问电商能补多少",
        "海珵市的",
        "260万",
        "没有",
        "做电商",
        "看结果",
    ]

    def check(text: str) -> None:
        assert called(text, shelf.policy.documents) == []

    check_each(rows, check)


def test_documents_are_asked_for_and_all_of_them_looked_at_again() -> None:
    asked = say(several.shelf(), "/start", "2", "还有别的文件吗")
    assert all(served.policy(ident).title in asked.replies[0].text for ident in several.IDS)
    assert asked.session.in_play == (INDUSTRY,)
    assert say(several.shelf(), "/start", "2", "还是全部一起看吧").session.in_play == ()


def test_after_a_description_it_says_besides() -> None:
    taken = say(several.shelf(), "/start", "2", "我们2019年在海珵市成立的，做食品，没失信")
    assert taken.replies[-1].text.splitlines()[-1].startswith("除此之外")


def test_a_document_in_play_that_is_not_served_any_more_leaves_all() -> None:
    session = Session.begin("a", "telegram:1", several.shelf(), NOW).but(in_play=("gone",))
    said = Inbound(id="1", channel="telegram", person="telegram:1", chat="1", kind=Kind.TEXT, text="/start", at=NOW)
    (opening,) = turn(session, said, several.shelf(), NOW).replies
    assert [label for label in labels(opening) if "号" in label] == [served.policy(each).name for each in several.IDS]
