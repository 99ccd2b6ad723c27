"""The clocks of removal orders hold in every zone, on every day of the year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.orders import clocks

ZONES = [ZoneInfo(name) for name in sorted(available_timezones()) if name != "localtime"]
LOCAL = st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2090, 12, 31))
zones = st.sampled_from(ZONES)
instants = st.builds(lambda local, zone: local.replace(tzinfo=zone), LOCAL, zones)
utc_instants = st.builds(lambda local: local.replace(tzinfo=UTC), LOCAL)


@given(instants)
def test_the_hour_is_3600_seconds_whatever_the_clocks_on_the_wall_do(received_at: datetime) -> None:
    due = clocks.removal_due_at(received_at)
    assert (due - received_at.astimezone(UTC)).total_seconds() == 3_600
    assert due.utcoffset() == timedelta(0)


@given(instants, instants)
def test_the_hour_begins_anew_but_never_before_receipt(received_at: datetime, again_at: datetime) -> None:
    start = clocks.restarted_at(received_at=received_at, again_at=again_at)
    assert start in (received_at.astimezone(UTC), again_at.astimezone(UTC))
    assert start >= received_at.astimezone(UTC)
    assert clocks.removal_due_at(start) >= clocks.removal_due_at(received_at)


@given(instants)
def test_every_call_for_a_person_is_within_the_hour_and_in_order(received_at: datetime) -> None:
    calls = [at for _, at in clocks.escalations(received_at)]
    assert calls == sorted(calls)
    assert received_at.astimezone(UTC) <= calls[0]
    assert calls[-1] < clocks.removal_due_at(received_at)
    assert clocks.DISABLE_AT_MINUTE in [minute for minute, _ in clocks.escalations(received_at)]


@given(instants)
def test_scrutiny_is_asked_within_48_and_decided_within_72_hours(informed_at: datetime) -> None:
    start = informed_at.astimezone(UTC)
    assert clocks.scrutiny_request_due_at(informed_at) - start == timedelta(hours=48)
    assert clocks.scrutiny_decision_due_at(informed_at) - start == timedelta(hours=72)


@given(instants)
def test_non_disclosure_is_six_weeks_and_six_more(decided_at: datetime) -> None:
    start = decided_at.astimezone(UTC)
    assert clocks.withheld_until(decided_at, periods=1) - start == timedelta(days=42)
    assert clocks.withheld_until(decided_at, periods=2) - start == timedelta(days=84)


@pytest.mark.parametrize("periods", [0, 3, -1])
def test_non_disclosure_is_not_extended_twice(periods: int) -> None:
    with pytest.raises(clocks.InstantUnusable):
        clocks.withheld_until(datetime(2026, 1, 1, tzinfo=UTC), periods=periods)


@given(utc_instants, st.integers(0, 400 * 86_400))
def test_a_final_order_counts_for_twelve_calendar_months(final_at: datetime, later_s: int) -> None:
    at = final_at + timedelta(seconds=later_s)
    assert clocks.counts_towards_exposure(final_at, at=at) == (at <= clocks.months_later(final_at, 12))
    assert not clocks.counts_towards_exposure(final_at, at=final_at - timedelta(seconds=1))


@given(instants, st.integers(0, 48 * 60))
def test_twelve_hours_of_prior_information(informed_at: datetime, minutes: int) -> None:
    sent_at = informed_at.astimezone(UTC) + timedelta(minutes=minutes)
    assert clocks.is_first_order_in_time(informed_at=informed_at, sent_at=sent_at) == (minutes >= 12 * 60)


@given(LOCAL, zones)
def test_an_ambiguous_local_time_is_the_earlier_instant(local: datetime, zone: ZoneInfo) -> None:
    found = clocks.instant_of_local(local, zone)
    candidates = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    assert found == min(candidates)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("local", "zone", "utc"),
    [
        # Shown twice when summer time ends; never when it begins; an hour that Lord Howe moves by half.
        ("2026-10-25T02:30", "Europe/Paris", "2026-10-25T00:30"),
        ("2026-03-29T02:30", "Europe/Paris", "2026-03-29T00:30"),
        ("2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45"),
        ("2026-11-25T03:00", "Asia/Kathmandu", "2026-11-24T21:15"),
    ],
)
def test_hours_that_clocks_show_twice_or_never(local: str, zone: str, utc: str) -> None:
    found = clocks.instant_of_local(datetime.fromisoformat(local), ZoneInfo(zone))
    assert found == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@given(instants)
def test_the_offset_is_kept_in_minutes(instant: datetime) -> None:
    offset = instant.utcoffset()
    assert offset is not None
    assert abs(clocks.offset_minutes(instant) * 60 - offset.total_seconds()) < 60


@pytest.mark.parametrize("instant", [datetime(2026, 1, 1), datetime(1900, 1, 1, tzinfo=UTC)])
def test_an_instant_without_zone_or_of_another_age_is_refused(instant: datetime) -> None:
    with pytest.raises(clocks.InstantUnusable):
        clocks.removal_due_at(instant)
