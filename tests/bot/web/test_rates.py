"""How often something may be done: no more than the rate within any minute that is over, by each key, and by nobody else."""

from bot.web.security import Minutes


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def done(minutes: Minutes, key: str, amount: int, times: int = 100) -> int:
    """How many of so many tries are let through."""
    return sum(minutes.hit(key, amount) for _ in range(times))


def test_no_more_than_the_rate_and_each_key_by_itself() -> None:
    minutes = Minutes(Clock())
    assert done(minutes, "a", 40) == 40
    assert done(minutes, "a", 40) == 0
    assert done(minutes, "b", 40) == 40


def test_what_was_done_in_the_minute_before_counts_as_far_as_it_is_not_over() -> None:
    clock = Clock()
    minutes = Minutes(clock)
    clock.seconds = 60 * 20 + 59
    assert done(minutes, "a", 40) == 40
    clock.seconds = 60 * 21 + 15
    assert done(minutes, "a", 40) == 10
    clock.seconds = 60 * 22
    assert done(minutes, "a", 40) == 30


def test_after_two_minutes_nothing_is_left() -> None:
    clock = Clock()
    minutes = Minutes(clock)
    assert done(minutes, "a", 40) == 40
    clock.seconds += 120
    assert done(minutes, "a", 40) == 40
