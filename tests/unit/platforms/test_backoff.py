"""When a delivery is tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.platforms.backoff import GIVE_UP_AFTER, delay_s, next_attempt_at

FIRST = datetime(2026, 11, 22, 10, tzinfo=UTC)
jitters = st.floats(0, 1, exclude_max=True)


def test_delays_double_from_five_seconds_to_an_hour() -> None:
    delays = [delay_s(attempt, jitter=0) for attempt in range(1, 13)]
    assert delays == [5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600]


@given(st.integers(1, 10_000), jitters)
def test_jitter_takes_at_most_a_fifth_off(attempt: int, jitter: float) -> None:
    whole = delay_s(attempt, jitter=0)
    assert 0.8 * whole - 1e-9 <= delay_s(attempt, jitter=jitter) <= whole <= 3_600


@given(jitters)
def test_deliveries_go_on_for_72_hours_and_then_end(jitter: float) -> None:
    now, attempt = FIRST, 1
    while True:
        later = next_attempt_at(attempt=attempt, first_attempt_at=FIRST, now=now, jitter=jitter)
        if later is None:
            break
        assert later > now
        now, attempt = later, attempt + 1
        assert attempt < 150
    assert FIRST + GIVE_UP_AFTER - timedelta(hours=1) < now <= FIRST + GIVE_UP_AFTER
    assert timedelta(hours=72) == GIVE_UP_AFTER


@pytest.mark.parametrize(
    ("retry_after_s", "wait_s"), [(None, 5), (0, 5), (2, 5), (60, 60), (3_600, 3_600), (10**9, 3_600)]
)
def test_a_pause_the_platform_asks_for_is_honoured_up_to_an_hour(
    retry_after_s: float | None, wait_s: float
) -> None:
    at = next_attempt_at(attempt=1, first_attempt_at=FIRST, now=FIRST, jitter=0, retry_after_s=retry_after_s)
    assert at == FIRST + timedelta(seconds=wait_s)


@pytest.mark.parametrize(("attempt", "jitter"), [(0, 0.5), (-1, 0.5), (1, 1.0), (1, -0.1)])
def test_attempts_count_from_one_and_jitter_is_a_share(attempt: int, jitter: float) -> None:
    with pytest.raises(ValueError, match="attempts count from 1"):
        delay_s(attempt, jitter=jitter)
