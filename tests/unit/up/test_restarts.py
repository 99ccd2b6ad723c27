"""When a dead process is started again, and when not."""

from hypothesis import given
from hypothesis import strategies as st

from vigie.up.restarts import (
    DELAY_MAX_S,
    QUICK_DEATHS_MAX,
    QUICK_LIFETIME_S,
    Deaths,
    GiveUp,
    RestartAfter,
)

lifetimes = st.floats(min_value=0, max_value=1e6, allow_nan=False)


def test_a_process_that_had_worked_is_started_again_at_once() -> None:
    assert Deaths().after(lifetime_s=3600).next_step() == RestartAfter(delay_s=0.0)


def test_quick_deaths_wait_ever_longer_and_end_in_giving_up() -> None:
    deaths, delays = Deaths(), []
    while isinstance(step := (deaths := deaths.after(lifetime_s=0.1)).next_step(), RestartAfter):
        delays.append(step.delay_s)
    assert delays == sorted(set(delays))
    assert step == GiveUp(quick_deaths=QUICK_DEATHS_MAX)
    assert len(delays) == QUICK_DEATHS_MAX - 1


def test_one_long_life_forgives_the_quick_deaths_before_it() -> None:
    deaths = Deaths()
    for lifetime_s in [0.1] * (QUICK_DEATHS_MAX - 1) + [QUICK_LIFETIME_S] + [0.1] * (QUICK_DEATHS_MAX - 1):
        deaths = deaths.after(lifetime_s=lifetime_s)
        assert isinstance(deaths.next_step(), RestartAfter)


@given(st.lists(lifetimes))
def test_it_gives_up_only_after_enough_quick_deaths_in_a_row_and_never_waits_longer_than_the_limit(
    lives: list[float],
) -> None:
    deaths, in_a_row = Deaths(), 0
    for lifetime_s in lives:
        deaths = deaths.after(lifetime_s=lifetime_s)
        in_a_row = in_a_row + 1 if lifetime_s < QUICK_LIFETIME_S else 0
        match deaths.next_step():
            case GiveUp():
                assert in_a_row >= QUICK_DEATHS_MAX
            case RestartAfter(delay_s=delay_s):
                assert in_a_row < QUICK_DEATHS_MAX
                assert 0 <= delay_s <= DELAY_MAX_S
