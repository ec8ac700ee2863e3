"""What is said where nothing was understood, to an angry person, and to who knows nothing: short, with a way on."""

import pytest

from conversations.saying.misses import many_unknown, missed
from conversations.saying.notices import ENGLISH, SO_FAR, calm, example, several_firms
from conversations.state.answer import Answer
from conversations.state.messages import Reply
from conversations.state.session import Session, derive
from conversations.state.shelf import Shelf
from tests.conversations.enterprises import begin, say


def after(engine: Shelf, *texts: str) -> Session:
    session = begin(engine)
    for text in texts:
        session = say(engine, session, text).session
    return session


def told(engine: Shelf, session: Session, text: str, misses: int = 1) -> Reply:
    session = session.but(misses=misses)
    return missed(session, engine, derive(session, engine), text)


def labels(reply: Reply) -> list[str]:
    return [choice.label for row in reply.choices for choice in row]


@pytest.mark.parametrize(
    ("texts", "line"),
    [
        (("/start",), "贵单位属于下列哪些情形？"),
        (("代运营",), "除此之外，还有下面这些情形吗？"),
        (("/start", "1"), "贵单位是在郑州市注册的吗？"),
        (("/start", "1", "是"), "最近一年的代运营服务费收入是多少？"),
        (("/start", "1", "是", "约105万"), "一年的代运营服务费收入满 100 万元，还是不到 100 万元？"),
        (("/start", "2", "是", "1500万"), "试点项目：这个项目属于哪个行业？"),
        (("/start", "2", "是", "1500万", "物流业", "不是"), "还有别的试点项目吗？"),
        (("/start", "1", "修改"), "您的回答都在这里，想改哪一条？"),
    ],
)
def test_a_miss_puts_the_question_again_in_one_line(texts: tuple[str, ...], line: str, engine: Shelf) -> None:
    session = after(engine, *texts)
    reply = told(engine, session, "红烧肉")
    assert reply.text == f"“红烧肉”我没看懂，不敢乱猜。换个说法试试？\n{line}"
    assert len(labels(reply)) <= 8
    assert reply.ask == session.asking
    again = told(engine, session, "红烧肉", misses=2)
    assert again.text.startswith("抱歉，我还是没听懂。")
    assert again.text.endswith(f"\n{line}")
    assert again.text.count("\n") == 1
    assert example(engine, session) in again.text
    assert labels(again) == [*labels(reply), "转人工"]


def test_a_long_list_of_options_is_one_press_away(engine: Shelf) -> None:
    session = after(engine, "/start")
    reply = told(engine, session, "红烧肉")
    assert "做电商代运营" not in labels(reply)
    assert "看选项" in labels(reply)
    shown = say(engine, session, "看选项").replies or say(engine, session, "继续").replies
    assert shown
    whole = say(engine, session, "继续").replies[0]
    assert "做电商代运营" in labels(whole)


def test_where_all_is_answered_a_miss_offers_what_there_is(engine: Shelf) -> None:
    reply = told(engine, after(engine, "/start", "都没有"), "红烧肉")
    assert "目前没有符合的政策" in reply.text
    assert "看结果" in labels(reply)


@pytest.mark.parametrize("text", ["what subsidies can we get", "Hello, can you speak English?"])
def test_english_gets_one_english_sentence_and_the_question(text: str, engine: Shelf) -> None:
    session = after(engine, "/start", "1")
    for misses in (1, 2):
        reply = told(engine, session, text, misses)
        assert reply.text == f"{ENGLISH}\n贵单位是在郑州市注册的吗？"
    assert "转人工" in labels(told(engine, session, text, 2))


@pytest.mark.parametrize("text", ["我们用saas做erp", "1500w", "CA", "哈哈哈"])
def test_latin_letters_in_a_chinese_message_are_no_english(text: str, engine: Shelf) -> None:
    assert ENGLISH not in told(engine, after(engine, "/start", "1"), text).text


def test_after_five_times_not_known_in_a_row_the_result_is_offered(engine: Shelf) -> None:
    session = after(engine, "/start", "我不确定", "不是")
    offered: list[int] = []
    for number in range(1, 11):
        session = session.record(Answer(path=f"enterprise.f{number}", value=None))
        offered += [number] if many_unknown(session) else []
    assert offered == [5, 10]
    assert not many_unknown(session.record(Answer(path="enterprise.known", value=True)))
    assert not many_unknown(begin(engine))
    assert labels(SO_FAR) == ["看结果"]


def test_an_angry_person_is_taken_up_and_offered_a_way() -> None:
    reply = calm("贵店", "我们跑了五趟都没给我一分钱，", answered=True)
    assert (
        reply.text == "贵店跑了五趟都没给您一分钱，换谁都会生气。我能做的是帮您看清条件和材料、记下情况转给工作人员。"
    )
    assert labels(reply) == ["转人工", "看看差在哪"]
    assert labels(calm("贵店")) == ["转人工"]
    assert "\n" not in reply.text + calm("贵店").text


def test_several_firms_are_told_apart() -> None:
    assert several_firms(["甲公司", "乙公司"]).startswith("甲公司、乙公司是不同的企业，各自申报")
    assert "先算哪一家" in several_firms()
