"""The clocks of exposure hold for every instant: three calendar months, then each year, never drifting."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.exposure.clocks import report_due_at, review_due_at
from vigie.foundation.errors import Invalid

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1970, 1, 2), datetime(8_000, 1, 1), timezones=ZONES)


def months_between(start: datetime, end: datetime) -> int:
    """Calendar months from one instant's month to the other's, in UTC."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    return (end.year - start.year) * 12 + end.month - start.month


@given(received_at=INSTANTS, reported=st.integers(0, 500))
def test_the_first_report_is_due_after_three_months_and_each_other_a_year_later(
    received_at: datetime, reported: int
) -> None:
    due_at, start = report_due_at(received_at, reported=reported), received_at.astimezone(UTC)
    assert months_between(received_at, due_at) == 3 + 12 * reported
    assert due_at.timetz() == start.timetz()
    # The same day, or the last one of a month that has no such day; a short month never moves the years after it.
    is_last_of_month = (due_at + timedelta(days=1)).month != due_at.month
    assert due_at.day == start.day or (is_last_of_month and due_at.day < start.day)
    assert report_due_at(received_at, reported=reported + 1) > due_at


@given(received_at=INSTANTS)
def test_three_months_are_never_fewer_than_89_days_nor_more_than_92(received_at: datetime) -> None:
    for due_at in (report_due_at(received_at, reported=0), review_due_at(received_at)):
        assert timedelta(days=89) <= due_at - received_at <= timedelta(days=92)


@given(received_at=INSTANTS, zone=ZONES, reported=st.integers(0, 20))
def test_the_zone_that_an_instant_is_written_in_does_not_matter(
    received_at: datetime, zone: timezone, reported: int
) -> None:
    moved = received_at.astimezone(zone)
    assert report_due_at(moved, reported=reported) == report_due_at(received_at, reported=reported)


def test_what_cannot_be_counted_from_is_refused() -> None:
    at = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
    assert report_due_at(at, reported=0) == datetime(2027, 2, 28, 10, 0, tzinfo=UTC)
    assert report_due_at(at, reported=1) == datetime(2028, 2, 29, 10, 0, tzinfo=UTC)
    for instant, reported in ((at.replace(tzinfo=None), 0), (at, -1), (at.replace(year=9_500), 0)):
        with pytest.raises(Invalid):
            report_due_at(instant, reported=reported)
