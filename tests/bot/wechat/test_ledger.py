"""What may still be sent to whom, and by which names."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.wechat.ledger import Bundle, Ledger
from bot.wechat.traits import CODE_LASTS, LONGEST_ID, MOST_MESSAGES, WINDOW

NOW = datetime(2026, 11, 29, 4, tzinfo=UTC)
SOON = timedelta(seconds=1)
numbers = st.integers(0, 10**10)


@given(numbers, numbers, st.integers(0, 1000), st.integers(0, 500))
def test_names_are_short_enough_and_tell_whose_they_are(first: int, last: int, nth: int, part: int) -> None:
    bundle = Bundle(first=first, last=last, nth=nth)
    named = bundle.message_id("abc123", part)
    assert len(named) <= LONGEST_ID
    assert Bundle.read(named, "abc123") == (bundle, part)
    assert Bundle.read(named, "xyz789") is None
    assert Bundle.read("m000123", "abc123") is None


def test_there_is_room_for_five_within_two_days_of_their_word() -> None:
    ledger = Ledger().spoken_to(NOW, "a")
    assert ledger.budget(NOW) == MOST_MESSAGES
    assert ledger.but(used=3).budget(NOW + WINDOW - SOON) == 2
    assert ledger.budget(NOW + WINDOW) == 0
    assert ledger.but(staff=True).budget(NOW) == 0
    assert Ledger().budget(NOW) == 0


def test_a_message_that_comes_again_makes_no_room() -> None:
    ledger = Ledger().spoken_to(NOW, "a").but(used=5)
    assert ledger.spoken_to(NOW, "a") == ledger
    assert ledger.spoken_to(NOW - SOON, "earlier") == ledger
    assert ledger.spoken_to(NOW, "b").budget(NOW) == MOST_MESSAGES


def test_when_the_session_is_over_one_message_goes_by_its_code_until_they_write() -> None:
    end = NOW + SOON
    over = Ledger().spoken_to(NOW, "a").but(staff=True).session_over("code", end)
    assert over.budget(end) == 1
    assert over.budget(end + CODE_LASTS) == 0
    again = over.spoken_to(end + SOON, "b")
    assert (again.budget(end + SOON), again.has_code(end + SOON)) == (MOST_MESSAGES, False)


def test_who_writes_after_the_end_of_a_session_needs_no_code() -> None:
    """Whether within the same second it was before the end or after it the code's refusal tells."""
    staff = Ledger().spoken_to(NOW, "a").but(staff=True)
    for at in (NOW, NOW - SOON):
        over = staff.session_over("code", at)
        assert (over.budget(NOW), over.but(code="").budget(NOW)) == (1, MOST_MESSAGES)
    assert staff.session_over("code", NOW + SOON).but(code="").budget(NOW) == 0
