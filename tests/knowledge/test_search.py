"""The search on collections that it has never seen, by kind; and its ear for sounds, scripts and nonsense."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.policy import Clause, Policy
from knowledge.questions import Questions, Unanswered
from knowledge.search import Found, Search
from tests import served
from tests.chance import draws

DATA = Path(__file__).parents[1] / "data" / "questions"
COLLECTIONS = ("everyday", "voices", "hard", "fresh", "last", "letters", "again", "afresh", "written")
KINDS = {
    "aims": ("1.",),
    "tasks": ("2.",),
    "programmes": ("3.",),
    "safeguards": ("4.",),
    "the document itself": ("meta",),
    "own eligibility": ("assess",),
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return served.policy()


class Remembering(Search):
    """Many tests look at what the same questions find: each is looked up once."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        self._found: dict[tuple[str, str | None], Found] = {}

    def find(self, text: str, topic: str | None = None) -> Found:
        if (text, topic) not in self._found:
            self._found[text, topic] = super().find(text, topic)
        return self._found[text, topic]


@pytest.fixture(scope="module")
def search(policy: Policy) -> Search:
    return Remembering(policy)


def questions(collection: str) -> Iterator[tuple[str, set[str]]]:
    data: dict[str, list[str]] = served.read_yaml(DATA / f"{collection}.yaml")
    for answers, texts in data.items():
        for text in texts:
            yield text, set(answers.split())


EVERY = [row for collection in COLLECTIONS for row in questions(collection)]
ANSWERED = [row for row in EVERY if row[1] != {"none"}]
UNANSWERED = [text for text, answers in EVERY if answers == {"none"}]


def first(search: Search, text: str, topic: str | None = None) -> str | None:
    hits = search.find(text, topic).hits
    return hits[0].clause if hits else None


def test_no_question_measured_on_is_an_example_in_the_pack(policy: Policy) -> None:
    examples = {text for texts in policy.questions.answered.values() for text in texts}
    examples |= {text for kind in policy.questions.unanswered for text in (*kind.questions, *kind.common)}
    assert not [text for text, _ in EVERY if text in examples]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_the_aims_hold_on_each_collection(search: Search, collection: str) -> None:
    rows = list(questions(collection))
    answered = [(text, answers) for text, answers in rows if answers != {"none"}]
    others = [text for text, answers in rows if answers == {"none"}]
    missed = [(text, answers) for text, answers in answered if first(search, text) not in answers]
    lost = [(text, answers) for text, answers in answered if not {h.clause for h in search.find(text).hits} & answers]
    taken = [text for text in others if search.find(text).in_scope]
    assert len(missed) <= 0.03 * len(answered), missed
    assert len(lost) <= 0.01 * len(answered), lost
    assert len(taken) <= 0.04 * len(others), taken


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_question_is_found(search: Search, kind: str) -> None:
    rows = [(text, answers) for text, answers in ANSWERED if any(a.startswith(KINDS[kind]) for a in answers)]
    missed = [(text, answers, first(search, text)) for text, answers in rows if first(search, text) not in answers]
    assert len(rows) >= 15
    assert len(missed) <= 0.03 * len(rows), missed


def test_a_question_near_two_clauses_is_close_and_seldom(search: Search) -> None:
    close = [text for text, _ in ANSWERED if search.find(text).close]
    assert len(close) <= 0.03 * len(ANSWERED), close


@pytest.mark.parametrize(
    ("said", "clause"),
    [
        ("带运营能补多少", "3.6"),
        ("daiyunying一年给多少", "3.6"),
        ("dai运营公司的扶持", "3.6"),
        ("数子证书的补贴", "3.4"),
        ("楼雨的奖励给谁", "3.9"),
        ("圆区评上省级奖多少", "3.8"),
        ("peixun费报多少", "3.10"),
        ("實施細則由誰制定", "4.2"),
        ("電子商務示範園區獎勵", "3.8"),
        ("ＣＡ证书补贴５０％", "3.4"),
    ],
)
def test_sounds_pinyin_and_other_scripts_are_understood(search: Search, said: str, clause: str) -> None:
    assert first(search, said) == clause


@pytest.mark.parametrize("said", ["师范大学在哪", "十点开门吗", "", " ", "？？？", "0", "🙂🙂", "zzz qqq", "的了吗"])
def test_nothing_to_go_by_is_out_of_scope(search: Search, said: str) -> None:
    found = search.find(said)
    assert not found.in_scope
    assert found.hits == ()


def test_an_unanswered_question_names_the_kind_it_resembles(policy: Policy, search: Search) -> None:
    kinds = {kind.id for kind in policy.questions.unanswered}
    named = [search.find(text).kind for text in UNANSWERED]
    assert set(named) <= kinds | {None}
    assert sum(kind is not None for kind in named) >= 0.8 * len(named)
    assert search.find("个税年度汇算怎么弄").kind == search.find("增值税税率").kind is not None


@given(st.text(max_size=80))
@settings(max_examples=draws(150))
def test_scores_are_confidences_in_order(text: str) -> None:
    found = _search().find(text)
    scores = [hit.score for hit in found.hits]
    assert len(scores) <= 3
    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)
    assert found.in_scope == bool(scores)


def test_confidence_means_how_often_it_is_right(search: Search) -> None:
    best = [(search.find(text).hits, answers) for text, answers in ANSWERED]
    sure = [hits[0].clause in answers for hits, answers in best if hits and hits[0].score >= 0.9]
    unsure = [hits[0].clause in answers for hits, answers in best if hits and hits[0].score < 0.6]
    assert sum(sure) >= 0.99 * len(sure)
    assert sum(unsure) / len(unsure) <= sum(sure) / len(sure)


def test_the_topic_decides_what_the_words_leave_open(search: Search) -> None:
    assert first(search, "刚好一百万算不算", topic="3.6") == "3.6"
    assert first(search, "要是只有九百万呢", topic="3.3") == "3.3"


@pytest.mark.exhaustive
@pytest.mark.parametrize("topic", ["3.1", "3.6", "4.2", "meta"])
def test_a_topic_does_not_hold_a_question_back(search: Search, topic: str) -> None:
    moved = [(text, answers) for text, answers in ANSWERED if first(search, text, topic) not in answers]
    assert len(moved) <= 0.05 * len(ANSWERED), moved


def test_a_second_policy_is_served_by_the_same_code() -> None:
    policy = Policy.model_construct(
        clauses=(
            Clause(
                id="1", citation="第一条", title="稻田", summary="种稻的每亩给三百元", lines=(), text="种稻每亩三百元。"
            ),
            Clause(
                id="2",
                citation="第二条",
                title="果园",
                summary="建果园的每亩给五百元",
                lines=(),
                text="果园每亩五百元。",
            ),
        ),
        questions=Questions(
            answered={"1": ("种水稻补多少", "稻子一亩给多少钱"), "2": ("苹果树补多少", "建果园给多少钱")},
            unanswered=(Unanswered(id="machines", advice="问农机站。", questions=("拖拉机补多少", "收割机补贴")),),
            terms={"rice": ("稻", "水稻", "稻子"), "orchard": ("果园", "果树", "苹果树")},
        ),
    )
    search = Search(policy)
    assert first(search, "我家水稻有钱吗") == "1"
    assert first(search, "果树一亩多少") == "2"
    assert search.find("拖拉机有补贴没").kind == "machines"


_built: list[Search] = []


def _search() -> Search:
    """One index for all of Hypothesis's examples, which cannot take a module's fixture."""
    if not _built:
        _built.append(Search(served.policy()))
    return _built[0]
