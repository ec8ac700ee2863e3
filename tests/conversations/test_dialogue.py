"""Whole consultations as scripts that an office clerk can read, and what must hold for any of them.

In ``scripts``: 👤 what the person sends (``[label]`` presses the button with that label, ``#data`` any button's data),
🤖 words that the replies to it hold in this order (buttons as 〔label〕, toggles as ☐label ☑label), 🚫 words that they
do not hold, 💰 the total in yuan at this point.
"""

import json
import random
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from conversations.consultation.dialogue import turn
from conversations.saying.questions import PAGE
from conversations.state.actions import LONGEST
from conversations.state.events import Event, Finished, Missed, PersonWanted, QuestionAsked, Started
from conversations.state.messages import Kind, Reply
from conversations.state.outcome import Outcome
from conversations.state.session import Session, derive
from conversations.state.shelf import Shelf
from rules.case import value_to_json
from tests.chance import draws
from tests.conversations.enterprises import NOW, begin, consult, inbound, random_case, say

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.txt"))


def shown(replies: Sequence[Reply]) -> str:
    """What the person sees, markup aside."""
    lines: list[str] = []
    for reply in replies:
        lines.append(reply.text.replace("**", ""))
        for choice in (choice for row in reply.choices for choice in row):
            lines.append(f"〔{choice.label}〕" if choice.on is None else f"{'☑' if choice.on else '☐'}{choice.label}")
    return "\n".join(lines)


def pressed(replies: Sequence[Reply], label: str) -> str:
    """The data of the button ``label``."""
    found = [c.data for r in replies for row in r.choices for c in row if c.label == label]
    assert found, f"there is no button {label} in:\n{shown(replies)}"
    return found[-1]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_script(path: Path, engine: Shelf) -> None:
    session, replies, seen, place = begin(engine), (), "", 0
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        sign, _, words = line.partition(" ")
        where = f"{path.name}:{number}: {line}\n{seen}"
        if sign == "👤":
            kind, data = Kind.TEXT, words
            if words.startswith("["):
                kind, data = Kind.CHOICE, pressed(replies, words.strip("[]"))
            elif words.startswith("#"):
                kind, data = Kind.CHOICE, words[1:]
            taken = say(engine, session, data, kind, message=f"m{number}")
            session, replies = taken.session, taken.replies
            seen, place = shown(replies), 0
        elif sign == "🤖":
            found = seen.find(words, place)
            assert found >= 0, where
            place = found + len(words)
        elif sign == "🚫":
            assert words not in seen, where
        elif sign == "💰":
            total = derive(session, engine).assessment.total
            least, most = value_to_json(total.min), None if total.max is None else value_to_json(total.max)
            assert f"{least}–{most}" == words, where
        else:
            assert sign in ("#", ""), where


def test_a_typical_matter_takes_at_most_seven_messages_and_nothing_at_most_three() -> None:
    sent = {path.stem: path.read_text("utf-8").count("👤") for path in SCRIPTS}
    assert sent["agency_by_numbers"] <= 7
    assert sent["nothing_applies"] <= 3


EVERYTHING = [
    "", "   ", "\u202e\u0000", "🤷", "<script>alert(1)</script>", "**", "> x", "0", "1", "99", "1 3", "？", "是", "不是",
    "没有", "不知道", "跳过", "上一步", "修改", "结果", "材料", "进度", "为什么问", "别的呢", "/start", "/help", "/policy",
    "/privacy", "/nonsense", "转人工", "登记", "补充", "260万", "大概100万", "-5", "NaN", "1e999", "一百万以上", "x" * 5000,
    "园区奖多少钱", "你们能帮忙办贷款吗", "我们有两个试点项目，都做物流", "没有试点项目", "总部在上海", "重新开始",
]  # fmt: skip
PRESSES = [
    "1:?",
    "2:yes",
    "!edit",
    "!edit:parks.7.level",
    "!edit:../x",
    "!clause:9.9",
    "!",
    ":",
    "=",
    "~",
    "5:=true",
    "x",
]


@pytest.mark.parametrize("seed", range(draws(12)))
def test_nothing_that_a_person_sends_breaks_or_loses_anything(seed: int, engine: Shelf) -> None:
    chance = random.Random(seed)
    session = say(engine, begin(engine), "/start").session
    for step in range(60):
        kind = chance.choice(list(Kind))
        buttons = [c.data for r in say(engine, session, "继续").replies for row in r.choices for c in row]
        text = (
            chance.choice([*PRESSES, *buttons, f"{session.number}:{chance.choice(['=', '~', '?t99', '=[1]'])}"])
            if (kind is Kind.CHOICE)
            else chance.choice(EVERYTHING)
        )
        before = session.model_dump_json()
        taken = say(engine, session, text, kind, message=str(chance.randint(0, 60)))
        assert session.model_dump_json() == before, "the old state is never changed"
        assert taken.replies or kind is Kind.LEFT, (step, kind, text)
        for reply in taken.replies:
            assert 0 < len(reply.text) < 3500
            assert all(len(c.data.encode()) <= LONGEST and c.label for row in reply.choices for c in row)
            assert len(reply.choices) <= 50
        session = Session.model_validate_json(taken.session.model_dump_json())
        derive(session, engine)


def test_a_turn_is_a_pure_function(engine: Shelf) -> None:
    session = begin(engine)
    for text in ("/start", "1 2", "是", "260万"):
        first = turn(session, inbound(text), engine, NOW)
        assert turn(session, inbound(text), engine, NOW) == first
        session = first.session


def test_bad_input_at_every_point_of_a_consultation_loses_nothing(engine: Shelf) -> None:
    session = say(engine, begin(engine), "/start").session
    for text in ("1 2", "是", "260万", "没领过", "是", "1500万", "物流业", "不是", "没有"):
        for bad in ("红烧肉", "", "😀", "x" * 3000, "#！"):
            taken = say(engine, session, bad)
            assert taken.session.answers == session.answers
            assert taken.session.asking == session.asking
        for kind in (Kind.MEDIA, Kind.CONTACT, Kind.EDIT):
            assert say(engine, session, "138", kind, message="unknown").session.answers == session.answers
        session = say(engine, session, text).session
    assert session.asking == "same_project"


def test_an_edited_message_offers_to_change_its_answer(engine: Shelf) -> None:
    session = say(engine, begin(engine), "/start").session
    for number, text in enumerate(("1", "是", "260万", "没领过")):
        session = say(engine, session, text, message=f"m{number}").session
    edited = say(engine, session, "280万", Kind.EDIT, message="m2")
    assert edited.session.answers == session.answers, "an edit changes nothing by itself"
    assert "260 万元" in shown(edited.replies)
    changed = say(engine, edited.session, pressed(edited.replies, "改成 280 万元"), Kind.CHOICE)
    assert derive(changed.session, engine).assessment.total.min == 280000
    kept = say(engine, edited.session, pressed(edited.replies, "保持不变"), Kind.CHOICE)
    assert kept.session.answers == session.answers


def test_a_newer_pack_keeps_the_answers_that_still_exist_and_says_what_moved(engine: Shelf) -> None:
    session = say(engine, begin(engine), "/start").session
    for text in ("1", "是", "260万"):
        session = say(engine, session, text).session
    policy = engine.policy
    gone = "enterprise.agency_service_fee"
    newer = Shelf(
        policy.model_copy(
            update={
                "version": "2",
                "mentions": type(policy.mentions)(),
                "facts": tuple(fact for fact in policy.facts if fact.id != gone),
                "programmes": tuple(p for p in policy.programmes if gone not in p.facts),
                "cumulation": policy.cumulation
                and policy.cumulation.model_copy(update={"pooled": ("pilot-project",), "one_project": ()}),
            }
        )
    )
    taken = say(newer, session, "没领过")
    assert "新版（2）" in taken.replies[0].text
    assert "260万" in taken.replies[0].text
    paths = {answer.path for answer in taken.session.answers}
    assert gone not in paths
    assert {"screening", "enterprise.registered_in_zhengzhou"} <= paths
    assert taken.session.policy_version == "2"


@pytest.mark.parametrize(
    ("description", "answers"),
    [
        ("我们做代运营的，去年服务费260万", ("没有了", "是", "没领过")),
        ("我们有个物流方面的电商试点项目，总投资1500万，已经列入今年市里的试点名单", ("没有了", "不是")),
        ("公司运营一个电商园区，刚被认定为省级示范园区", ("没有了",)),
        ("我们是第三方支付公司，有央行的支付牌照，总部在郑州", ("没有了", "不是")),
        ("我们是省级电子商务示范企业", ("没有了", "是")),
        ("我们开网店的，买CA证书花了8000块", ("没有了",)),
    ],
)
def test_after_a_description_at_most_three_more_messages(
    description: str, answers: tuple[str, ...], engine: Shelf
) -> None:
    session = say(engine, begin(engine), description).session
    for answer in answers:
        assert session.asking is not None
        session = say(engine, session, answer).session
    assert session.asking is None
    assert session.finished


def test_what_the_house_may_want_to_know_is_told(engine: Shelf) -> None:
    told: list[Event] = []
    session = begin(engine)
    for text in ("/start", "1", "园区奖多少", "红烧肉", "转人工", "登记", "不是"):
        taken = say(engine, session, text)
        session = taken.session
        told += taken.events
    assert [type(event) for event in told] == [Started, QuestionAsked, Missed, PersonWanted, Finished]
    assert told[1] == QuestionAsked("园区奖多少", Outcome.ANSWERED)
    assert told[2] == Missed("红烧肉", "enterprise.registered_in_zhengzhou")


def test_a_long_list_of_answers_comes_in_pages_that_any_channel_can_show(engine: Shelf) -> None:
    session, _ = consult(engine, random_case(engine, random.Random(3), busy=1.0))
    assert len(session.answers) > PAGE
    seen: list[str] = []
    taken = say(engine, session, "修改")
    while (buttons := [c for r in taken.replies for row in r.choices for c in row if c.data.startswith("!edit:")])[
        0
    ].data not in seen:
        seen += [button.data for button in buttons]
        assert len(json.dumps([button.model_dump() for button in buttons])) < 10_000
        taken = say(engine, taken.session, "其余")
    assert seen == [f"!edit:{answer.path}" for answer in session.answers]


def test_only_who_was_away_is_welcomed_back(engine: Shelf) -> None:
    session = say(engine, say(engine, begin(engine), "/start").session, "1").session
    for hours, words in ((0, "好的，接着来"), (24, "欢迎回来，接着上次的")):
        later = NOW + timedelta(hours=hours)
        [reply] = turn(session, inbound("继续").model_copy(update={"at": later}), engine, later).replies
        assert reply.text.startswith(words)
