"""The clocks of an authority hold in every zone, on every day of the year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vigie.issuing import clocks
from vigie.orders.clocks import InstantUnusable, is_first_order_in_time

ZONES = [ZoneInfo(name) for name in sorted(available_timezones()) if name != "localtime"]
LOCAL = st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2090, 12, 31))
instants = st.builds(lambda local, zone: local.replace(tzinfo=zone), LOCAL, st.sampled_from(ZONES))
PARIS = ZoneInfo("Europe/Paris")


@given(instants)
@example(datetime(2026, 3, 28, 20, 0, tzinfo=PARIS))
@example(datetime(2026, 10, 24, 20, 0, tzinfo=PARIS))
def test_a_first_order_waits_twelve_real_hours(informed_at: datetime) -> None:
    start = clocks.may_be_issued_from(informed_at)
    assert start - informed_at.astimezone(UTC) == timedelta(hours=12)
    assert is_first_order_in_time(informed_at=informed_at, sent_at=start)
    assert not is_first_order_in_time(informed_at=informed_at, sent_at=start - timedelta(microseconds=1))


@given(instants, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30)))
@example(datetime(2026, 11, 25, 2, 0, tzinfo=UTC), timedelta(hours=1))
@example(datetime(2026, 11, 25, 2, 0, tzinfo=UTC), timedelta(hours=1, microseconds=1))
def test_what_took_at_most_3600_seconds_is_in_time_and_nothing_else(
    began_at: datetime, took: timedelta
) -> None:
    measure_at = began_at.astimezone(UTC) + took
    assert clocks.is_in_time(began_at, measure_at) == (clocks.seconds_taken(began_at, measure_at) <= 3_600)
    assert clocks.is_in_time(began_at, measure_at) == (took <= timedelta(hours=1))


@given(instants, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30)))
def test_what_was_down_before_took_no_time(began_at: datetime, earlier: timedelta) -> None:
    measure_at = began_at.astimezone(UTC) - earlier
    assert clocks.seconds_taken(began_at, measure_at) == 0
    assert clocks.is_in_time(began_at, measure_at)


@given(instants, st.integers(min_value=1, max_value=clocks.APPEAL_DAYS_MAX))
@example(datetime(2028, 2, 28, 23, 30, tzinfo=UTC), 1)
def test_the_appeal_period_has_its_whole_days_and_ends_at_midnight(received_at: datetime, days: int) -> None:
    start, end = received_at.astimezone(UTC), clocks.appeal_ends_at(received_at, days=days)
    assert (end.hour, end.minute, end.second, end.utcoffset()) == (0, 0, 0, timedelta(0))
    assert timedelta(days=days) < end - start <= timedelta(days=days + 1)


@given(instants, st.integers(min_value=1, max_value=6))
def test_non_disclosure_lasts_so_many_weeks(issued_at: datetime, weeks: int) -> None:
    until = clocks.withheld_until(issued_at, weeks=weeks)
    assert until - issued_at.astimezone(UTC) == timedelta(days=7 * weeks)


@pytest.mark.parametrize("weeks", [0, 7, -1])
def test_non_disclosure_lasts_at_most_six_weeks(weeks: int) -> None:
    with pytest.raises(InstantUnusable):
        clocks.withheld_until(datetime(2026, 1, 1, tzinfo=UTC), weeks=weeks)
