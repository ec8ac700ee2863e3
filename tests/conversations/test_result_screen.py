"""The result on a phone: how much of the screen it takes, what stands first, what is told of what is open, near or absent."""

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

from conversations.saying.explanation import explain_all, within_reach
from conversations.saying.notes import notes
from conversations.saying.questions import running_total
from conversations.saying.results import brief, result, what_if
from conversations.saying.totals import estimate, in_words, not_spoken_of, spoken_of, together
from conversations.saying.values import interval
from conversations.state.answer import Answer
from conversations.state.session import Known, Session, derive
from conversations.state.shelf import Shelf
from rules.assessment import Status
from rules.case import ItemFacts
from rules.conditions import AtLeast, line_of
from rules.values import Interval
from tests.chance import draws
from tests.conversations.enterprises import begin, say
from tests.conversations.test_explanation import CASES, SHELF

WIDTH, HEIGHT, HEIGHT_OF_ONE = 22, 14, 4
"""A phone's screen in full-width characters, and the lines of it that one programme may take among several."""
MARKS = ("✅", "❓", "✖️")


def height(text: str) -> int:
    """The lines that ``text`` takes on a phone; what is bold is no wider, an ASCII character half as wide."""
    widths = [sum(0.5 if ord(sign) < 128 else 1 for sign in line) for line in text.replace("**", "").split("\n")]
    return sum(max(1, math.ceil(width / WIDTH)) for width in widths)


def blocks(text: str) -> list[str]:
    """What is told of one programme each."""
    found: list[str] = []
    for line in text.split("\n"):
        if line.startswith(MARKS):
            found.append(line)
        elif line.startswith("　") and found and found[-1].count("\n") < 1:
            found[-1] += f"\n{line}"
    return found


def consulted(*texts: str) -> Session:
    """The state after a consultation in which these were said."""
    session = begin(SHELF)
    for text in texts:
        session = say(SHELF, session, text).session
    return session


def known(data: dict[str, object]) -> Known:
    """What is known of an enterprise, of which nothing was said to be unknown."""
    case = SHELF.rules.parse(data)
    return Known({}, case, SHELF.rules.assess(case), frozenset(), frozenset())


@given(CASES)
@settings(max_examples=draws(100))
def test_one_programme_takes_one_screen_and_each_of_several_a_few_lines(known: Known) -> None:
    text = "\n".join(result(SHELF, known))
    told = blocks(text)
    assert text.startswith("**结果：")
    assert text.count("是否还在执行请先问") == 1
    assert len(told) > 1 or height(text) <= HEIGHT
    assert all(height(block) <= HEIGHT_OF_ONE + block.count(" · ") for block in told)
    assert height(text) <= HEIGHT + HEIGHT_OF_ONE * max(0, len(told) - 1)


@pytest.mark.parametrize("programme", SHELF.policy.programmes, ids=lambda programme: programme.id)
def test_the_programmes_own_examples_fit_one_screen(programme: object) -> None:
    for example in programme.examples:  # type: ignore[attr-defined]
        text = "\n".join(result(SHELF, known(example.case), midway=True))
        assert height(text) <= HEIGHT + HEIGHT_OF_ONE * max(0, len(blocks(text)) - 1), text


@pytest.mark.parametrize(
    "texts",
    [
        ("/start", "1", "是", "260万左右", "没领过"),
        ("/start", "1", "是", "92万"),
        ("/start", "1", "不清楚", "200万", "没领过"),
        ("/start", "1", "是", "大概105万", "不清楚", "没领过"),
        ("/start", "都没有"),
        ("/start", "2", "是", "1200万", "其他", "不是", "没有"),
        ("/start", "8", "做"),
    ],
)
def test_a_whole_consultation_on_one_matter_ends_on_one_screen(texts: tuple[str, ...]) -> None:
    assert height("\n".join(result(SHELF, derive(consulted(*texts), SHELF)))) <= HEIGHT


@given(CASES)
@settings(max_examples=draws(50))
def test_what_is_said_of_the_sum_is_the_sum(known: Known) -> None:
    everything = known.assessment.claims
    assert together(SHELF, known, everything) == known.assessment.total
    spoken, silent = spoken_of(SHELF, known), not_spoken_of(SHELF, known)
    live = [claim for claim in everything if claim.status is not Status.INELIGIBLE]
    assert sorted(claim.id for claim in (*spoken, *silent)) == sorted(claim.id for claim in live)
    total = together(SHELF, known, spoken)
    assert total.min == known.assessment.total.min or known.assessment.shared_open
    said = in_words(total, spoken, lambda _: False)
    assert said == estimate(SHELF, known)
    if " ＋ " in said:
        paid = [claim for claim in spoken if claim.amount and claim.superseded_by is None]
        assert sum(claim.amount.min for claim in paid if claim.amount) == total.min


@given(CASES)
@settings(max_examples=draws(100))
def test_what_a_near_miss_would_bring_is_what_the_rules_give_at_the_threshold(known: Known) -> None:
    for one in explain_all(SHELF, known):
        point = one.near_miss
        line = point and line_of(point.finding.condition)
        if point is None or point.fact is None or line is None or not isinstance(line.leaf, AtLeast):
            continue
        subject, name = point.fact.subject, point.fact.name
        items = list(known.case.items[subject] or ())
        place = one.claim.index or 0
        items[place] = ItemFacts({**items[place], name: line.value})
        case = replace(known.case, items={**known.case.items, subject: tuple(items)})
        claim = next(c for c in SHELF.rules.assess(case).claims if c.id == one.claim.id)
        assert claim.status is not Status.INELIGIBLE
        assert claim.amount is not None
        assert claim.amount.max is not None
        every = "每年" if claim.period == "year" else ""
        said = [
            interval(claim.amount, every=every),
            interval(Interval(claim.amount.max, claim.amount.max), every=every),
        ]
        assert within_reach(SHELF, known, one) in said[: 1 + (claim.status is Status.UNDETERMINED)]


@pytest.mark.exhaustive
@given(CASES)
@settings(max_examples=draws(100))
def test_likely_is_what_one_answer_settles(known: Known) -> None:
    for one in explain_all(SHELF, known):
        pending = {point.finding.fact for point in one.open_conditions}
        if one.likely:
            assert len(pending) == 1
            assert pending <= {*one.claim.missing}
            assert any(point.finding.satisfied for point in one.points)
        text = "\n".join(result(SHELF, known))
        if one.likely and all(c.status is not Status.ELIGIBLE for c in known.assessment.claims):
            assert "很可能符合" in text.partition("\n")[0]


def test_nothing_is_said_of_matters_that_nobody_has_spoken_of() -> None:
    session = consulted("我们是郑州的代运营公司，服务费200万，没领过")
    now = derive(session, SHELF)
    assert now.assessment.total.max is None
    assert running_total(SHELF, now) == "目前预估：**每年 20 万元**（另有几项还没问到）"
    text = "\n".join(result(SHELF, now, midway=True))
    assert "结果：1 项符合，每年 20 万元**" in text
    assert "另有 11 项还没问到" in text
    assert "定不了" not in text + running_total(SHELF, now)
    assert "同一个项目" not in text, "one matter is no two"
    assert brief(SHELF, now) == "目前 1 项符合，合计预估 **每年 20 万元**。"


def test_not_known_counts_as_spoken_of() -> None:
    now = derive(consulted("/start", "1 10", "是", "200万", "没领过", "是", "不清楚"), SHELF)
    text = "\n".join(result(SHELF, now))
    assert text.startswith("**结果：1 项符合，每年 20 万元，1 项还没定**\n连没定的一起算：每年 20–25 万元\n✅")
    assert "❓ **培训费奖励** — 每年最多 5 万元\n　还差一个数：今年付的协会培训费，三、（十）" in text
    assert estimate(SHELF, now) == "每年 20–25 万元"


def test_yearly_and_once_stand_apart() -> None:
    now = derive(consulted("/start", "1 5", "是", "约260万", "没领过"), SHELF)
    assert estimate(SHELF, now) == "每年约 26 万元 ＋ 一次性 40 万元"
    assert "\n".join(result(SHELF, now)).startswith("**结果：2 项符合，每年约 26 万元 ＋ 一次性 40 万元**\n✅")


def test_where_some_may_be_one_project_the_sum_is_a_range() -> None:
    session = consulted("/start", "1 2", "是", "260万", "没领过", "是", "1500万", "物流业", "不是", "没有")
    now = derive(session, SHELF)
    assert estimate(SHELF, now) == "150–176 万元（第一年）"
    assert "是不是同一个项目还没定" in "\n".join(result(SHELF, now))


def test_a_sum_of_which_one_part_cannot_be_told() -> None:
    class Claim:
        def __init__(self, low: int, high: int | None, period: str) -> None:
            self.amount: Interval | None = Interval(Decimal(low), None if high is None else Decimal(high))
            self.period: str | None = period
            self.superseded_by: str | None = None

    claims = [Claim(600000, 600000, "once"), Claim(0, None, "year")]
    said = in_words(Interval(Decimal(600000), None), claims, lambda _: False)
    assert said == "一次性 60 万元，每年的另算"


def test_one_sentence_tells_what_there_is() -> None:
    for texts, said in (
        (("/start", "都没有"), "目前没有符合的政策。"),
        (("/start", "1", "洛阳"), "目前没有符合的政策，代运营企业支持只差一条。"),
        (("/start", "1", "是", "92万"), "目前没有符合的政策，代运营企业支持还差 8 万元，够了就是每年 10 万元。"),
        (
            ("/start", "1", "不清楚", "200万", "没领过"),
            "目前很可能有 1 项符合：代运营企业支持，每年 20 万元，还差一条：在郑州市注册。",
        ),
        (
            ("/start", "1", "是", "大概105万", "不清楚", "没领过"),
            "目前还没有确定符合的，1 项还没定，合计预估 **每年最多约 11.6 万元**。",
        ),
        (("/start", "1", "是", "约260万", "没领过"), "目前 1 项符合，合计预估 **每年约 26 万元**。"),
        (("/start", "8", "做"), "目前 1 项符合，文件没有写数额。"),
    ):
        assert brief(SHELF, derive(consulted(*texts), SHELF)) == said


def test_where_nothing_applies_it_is_told_what_could() -> None:
    text = "\n".join(result(SHELF, derive(consulted("/start", "都没有"), SHELF)))
    assert text.startswith("**结果：暂时没有符合的政策**\n以后有下面这些就可能算：")
    assert "• 电商示范企业奖励（60–100 万元）" in text
    assert "• 代运营企业支持（每年最多 100 万元）" in text


def test_quotes_caveats_and_next_steps_stand_behind_the_result(engine: Shelf) -> None:
    session = consulted("/start", "1", "是", "260万", "没领过")
    told = say(engine, session, "注意事项")
    text = told.replies[0].text
    assert text == "\n".join(notes(engine, derive(session, engine)))
    for words in ("同一企业每年支持资金最高不超过", "没有写有效期", "不是审批结论", "申报通知"):
        assert words in text
        assert words not in "\n".join(result(engine, derive(session, engine)))
    assert any(choice.label == "说明" for row in told.replies[-1].choices for choice in row)


@pytest.mark.parametrize(
    ("texts", "changed", "said"),
    [
        (
            ("/start", "1", "是", "92万"),
            Answer(path="enterprise.agency_service_fee", value=1200000),
            "假如一年的代运营服务费收入 120 万元：很可能符合，每年 12 万元，还差已领过几年代运营支持。",
        ),
        (
            ("/start", "1", "是", "260万", "没领过"),
            Answer(path="enterprise.agency_service_fee", value=1200000),
            "假如一年的代运营服务费收入 120 万元：符合，每年 12 万元。",
        ),
        (
            ("/start", "1", "是", "260万", "没领过"),
            Answer(path="enterprise.agency_service_fee", value=900000),
            "假如一年的代运营服务费收入 90 万元：还差 10 万元，够了就是每年 10 万元。",
        ),
        (
            ("/start", "1", "是", "80万"),
            Answer(path="enterprise.agency_service_fee", value=900000),
            "假如一年的代运营服务费收入 90 万元：还差 10 万元，够了就是每年 10 万元。",
        ),
        (
            ("/start", "1", "是", "260万", "没领过"),
            Answer(path="enterprise.demonstration_level", value="provincial"),
            "假如电子商务示范企业的级别是省级：符合，60 万元。",
        ),
        (
            ("/start", "1", "是", "260万", "没领过"),
            Answer(path="enterprise.registered_in_zhengzhou", value=False),
            "假如“在郑州市注册”这一条不成立：不符合。",
        ),
    ],
)
def test_a_supposition_is_reckoned_and_not_recorded(texts: tuple[str, ...], changed: Answer, said: str) -> None:
    session = consulted(*texts)
    supposed = derive(session.record(changed), SHELF)
    told = what_if(SHELF, derive(session, SHELF), supposed, [changed])
    assert told == f"{said}（只是算给您看，没有改记录。）"


def test_a_supposition_that_changes_nothing_says_so() -> None:
    session = consulted("/start", "1", "是", "260万", "没领过")
    same = derive(session, SHELF)
    changed = Answer(path="enterprise.agency_service_fee", value=2600000)
    assert "结果不变" in what_if(SHELF, same, same, [changed])
