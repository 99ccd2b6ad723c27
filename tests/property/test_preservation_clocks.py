"""Until when evidence is kept: calendar months across zones, changes of the clocks, leap days, extensions, restarts."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.evidence.retention import (
    REMOVALS,
    Clock,
    ExtensionUnusable,
    Facts,
    Ground,
    check_extension,
    clock_after,
    kept_until,
    preserved_until,
)
from vigie.foundation.clock import months_after
from zones import ZONES

INSTANTS = st.datetimes(datetime(2023, 1, 1), datetime(2040, 12, 31), timezones=ZONES)
GROUNDS = st.sampled_from(sorted(REMOVALS))
FACTS = st.one_of(
    st.builds(Facts, removed_at=INSTANTS, ground=GROUNDS),
    st.builds(Facts, ended_at=INSTANTS),
    st.just(Facts()),
)


@given(INSTANTS, ZONES)
def test_six_calendar_months_are_whole_in_every_zone(removed_at: datetime, home: ZoneInfo) -> None:
    last_day = months_after(removed_at.astimezone(home).date(), 6)
    last_moment = datetime(last_day.year, last_day.month, last_day.day, 23, 59, 59, tzinfo=home)
    assert last_moment < preserved_until(removed_at)


@given(INSTANTS)
def test_no_more_than_six_months_and_the_last_day_of_the_last_zone(removed_at: datetime) -> None:
    until = preserved_until(removed_at)
    first_zone_day = (removed_at.astimezone(UTC) + timedelta(hours=14)).date()
    assert (until - timedelta(hours=12, seconds=1)).date() == months_after(first_zone_day, 6)
    assert until == preserved_until(removed_at.astimezone(UTC))
    assert timedelta(days=181) <= until - removed_at <= timedelta(days=187)


@pytest.mark.parametrize(
    ("removed", "last_day"),
    [
        ("2023-08-31", "2024-02-29"),
        ("2024-08-31", "2025-02-28"),
        ("2024-02-29", "2024-08-29"),
        ("2026-11-25", "2027-05-25"),
        ("2027-08-29", "2028-02-29"),
        ("2026-12-31", "2027-06-30"),
        # The clocks on the wall change in between, once each way.
        ("2026-03-28", "2026-09-28"),
        ("2026-10-24", "2027-04-24"),
    ],
)
def test_leap_days_and_short_months(removed: str, last_day: str) -> None:
    removed_at = datetime.fromisoformat(removed).replace(tzinfo=UTC, hour=3)
    over = datetime.fromisoformat(last_day).replace(tzinfo=UTC) + timedelta(days=1, hours=12)
    assert preserved_until(removed_at) == over


@given(INSTANTS, st.integers(0, 3_650))
def test_what_ended_without_a_removal_is_kept_for_whole_days(ended_at: datetime, days: int) -> None:
    assert kept_until(ended_at, days=days) - ended_at.astimezone(UTC) == timedelta(days=days)


@given(st.lists(FACTS, max_size=8), st.none() | INSTANTS)
def test_no_news_shortens_a_period_and_old_news_changes_nothing(
    told: list[Facts], extended_until: datetime | None
) -> None:
    clock = Clock()
    for facts in told:
        before, clock = clock, clock_after(clock, facts, days=180, extended_until=extended_until)
        if before.ground in REMOVALS:
            assert before.until is not None
            assert clock.until is not None
            assert clock.until >= before.until
            assert clock.ground in REMOVALS
        assert clock_after(clock, facts, days=180, extended_until=extended_until) == clock
    removals = [preserved_until(one.removed_at) for one in told if one.removed_at]
    if removals:
        assert clock.until is not None
        assert clock.until >= max(removals)


@given(st.lists(FACTS, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_end_does_not_depend_on_the_order_in_which_removals_are_told(
    told: list[Facts], shuffler: Random
) -> None:
    def end(facts: list[Facts]) -> datetime | None:
        clock = Clock()
        for one in facts:
            clock = clock_after(clock, one, days=180, extended_until=None)
        return clock.until

    other = list(told)
    shuffler.shuffle(other)
    assert end(told) == end(other)


@given(INSTANTS, st.integers(1, 3_000), st.integers(-3_000, 3_000))
def test_an_extension_ends_later_than_now_and_than_what_runs(
    at: datetime, runs_days: int, asked_days: int
) -> None:
    standing_until, until = at + timedelta(days=runs_days), at + timedelta(days=asked_days)
    if asked_days <= runs_days:
        with pytest.raises(ExtensionUnusable):
            check_extension(until, standing_until=standing_until, at=at)
    else:
        assert check_extension(until, standing_until=standing_until, at=at) == until


def test_an_extension_needs_a_zone_and_a_believable_year() -> None:
    at = datetime(2026, 11, 25, tzinfo=UTC)
    for until in (datetime(2027, 1, 1), datetime(2066, 1, 1, tzinfo=UTC)):
        with pytest.raises(ExtensionUnusable):
            check_extension(until, standing_until=at, at=at)


def test_a_removal_outweighs_an_end_without_one() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    kept = clock_after(Clock(), Facts(ended_at=at), days=900, extended_until=None)
    assert kept.ground is Ground.UNREMOVED
    removed = clock_after(
        kept, Facts(removed_at=at, ground=Ground.DECISION, ended_at=at), days=900, extended_until=None
    )
    assert (removed.ground, removed.until) == (Ground.DECISION, preserved_until(at))
    again = clock_after(removed, Facts(ended_at=at + timedelta(days=9)), days=900, extended_until=None)
    assert again == removed
