"""The clocks of redress, across time zones, changes of the clocks, leap days and ends of months."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.foundation.clock import months_after
from vigie.redress.clocks import (
    complaint_until,
    may_complain,
    outcome_due_at,
    withholding_ends_at,
)
from zones import ZONES

INSTANTS = st.datetimes(datetime(2023, 1, 1), datetime(2040, 12, 31), timezones=ZONES)


@given(INSTANTS, ZONES)
def test_six_months_are_whole_wherever_the_person_lives(informed: datetime, home: ZoneInfo) -> None:
    day = informed.astimezone(home).date()
    last_day = months_after(day, 6)
    last_moment = datetime(last_day.year, last_day.month, last_day.day, 23, 59, 59, tzinfo=home)
    assert last_moment < complaint_until(informed)
    assert may_complain(last_moment, informed_at=informed)


@given(INSTANTS)
def test_the_end_is_an_instant_and_not_a_matter_of_how_it_is_written(informed: datetime) -> None:
    until = complaint_until(informed)
    assert until == complaint_until(informed.astimezone(UTC))
    assert not may_complain(until, informed_at=informed)
    assert timedelta(days=181) <= until - informed <= timedelta(days=187)


@given(
    st.integers(0, 10_000), st.datetimes(datetime(2023, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
)
def test_whoever_is_informed_later_never_has_less_time(minutes: int, informed: datetime) -> None:
    assert complaint_until(informed) <= complaint_until(informed + timedelta(minutes=minutes))


def test_who_was_not_informed_is_never_late() -> None:
    assert may_complain(datetime(2099, 1, 1, tzinfo=UTC), informed_at=None)


@given(INSTANTS)
def test_two_weeks_are_336_hours_whatever_the_clocks_on_the_wall_do(received: datetime) -> None:
    assert (outcome_due_at(received).astimezone(UTC) - received.astimezone(UTC)) == timedelta(hours=336)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 6, date(2028, 8, 29)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2026, 11, 25), 6, date(2027, 5, 25)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_a_month_without_such_a_day_ends_on_its_last(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 60))
def test_months_keep_the_day_or_take_the_last_of_the_month(day: date, months: int) -> None:
    then = months_after(day, months)
    assert (then.year - day.year) * 12 + then.month - day.month == months
    assert then.day == day.day or (then + timedelta(days=1)).day == 1


@given(INSTANTS, st.integers(0, 1))
def test_silence_is_kept_for_six_weeks_and_once_for_six_more(decided: datetime, extensions: int) -> None:
    ends = withholding_ends_at(decided, extensions=extensions)
    assert ends - decided.astimezone(UTC) == timedelta(weeks=6 * (1 + extensions))
    with pytest.raises(ValueError, match="once"):
        withholding_ends_at(decided, extensions=2)
