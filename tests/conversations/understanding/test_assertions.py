"""What was learned of how people assert: on sentences that it was not trained from, and on any text."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.language import assertions
from conversations.language.assertions import assertion
from tests.chance import draws
from tests.conversations.understanding.hostile import SCRAPS, said
from training.sentences import Named, checksum, named_in, sentences

UNSEEN = Path(__file__).parents[2] / "data" / "descriptions" / "assertions.txt"
UNSEEN_LINES = UNSEEN.read_text("utf-8").splitlines()


def taken_for(named: Named) -> str:
    """The likeliest outcome of a naming."""
    told = assertion(named.text, named.start, named.end)
    likely = {"o": told.held, "d": told.denied, "x": 1 - told.held - told.denied}
    return max(likely, key=lambda outcome: likely[outcome])


def test_the_weights_are_those_of_the_sentences() -> None:
    head = assertions.WEIGHTS.read_bytes().partition(b"\n")[0]
    assert checksum(sentences()) in head.decode(), "train anew: uv run --group train python -m training.assertions"


def test_what_was_not_seen_is_not_among_the_sentences() -> None:
    assert not {*UNSEEN_LINES} & {*sentences()}


def test_seven_in_ten_of_what_was_never_seen_are_taken_for_what_they_are() -> None:
    told = [named for line in UNSEEN_LINES for named in named_in(line)]
    right = [named for named in told if taken_for(named) == named.outcome]
    assert len(told) > 300
    assert len(right) >= 0.7 * len(told)


def test_what_is_surely_denied_is_hardly_ever_held() -> None:
    told = [named for line in UNSEEN_LINES for named in named_in(line)]
    surely = [named for named in told if assertion(named.text, named.start, named.end).denied > 0.9]
    assert len(surely) > 40
    assert sum(named.outcome == "o" for named in surely) <= 0.05 * len(surely)


def test_a_naming_is_found_where_its_words_stand() -> None:
    [park, building] = named_in("[园区|d]没有，　[楼|o]倒是管着一栋")
    assert (park.text[park.start : park.end], park.outcome) == ("园区", "d")
    assert (building.text[building.start : building.end], building.outcome) == ("楼", "o")


@settings(max_examples=draws(50))
@given(st.lists(st.sampled_from(SCRAPS), min_size=1, max_size=4).map(tuple), st.integers(0, 300), st.integers(1, 9))
def test_any_words_come_to_three_shares_of_one(scraps: tuple[str, ...], start: int, length: int) -> None:
    told = assertion(said(scraps, 300), start, start + length)
    assert 0 <= told.held <= 1
    assert 0 <= told.denied <= 1
    assert told.held + told.denied <= 1 + 1e-9
