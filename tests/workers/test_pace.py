"""Ticks that piled up are one; a tick in its time is never kept back."""

from workers.pace import Pace


class StandingClock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_of_ticks_that_come_all_at_once_one_is_followed() -> None:
    pace = Pace(StandingClock())
    assert [pace.lets_through("sweep", 5) for _each in range(4)] == [True, False, False, False]
    assert pace.lets_through("look", 5), "another one's ticks are counted by themselves"


def test_a_tick_in_its_time_is_followed_even_if_the_one_before_came_late() -> None:
    watch = StandingClock()
    pace = Pace(watch)
    followed = []
    for watch.now in (0.0, 5.0, 12.4, 15.0, 17.4, 20.0):
        followed.append(pace.lets_through("sweep", 5))
    assert followed == [True, True, True, True, False, True]
