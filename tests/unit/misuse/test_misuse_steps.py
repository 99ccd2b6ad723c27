"""Frequent misuse as pure rules: a warning first, then a suspension with an end; every stage of a record."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.foundation.errors import Invalid
from vigie.misuse.steps import (
    SUSPENSION_DAYS_MAX,
    TRANSITIONS,
    Act,
    Limits,
    Stage,
    Standing,
    Tally,
    WrongStep,
    after,
    is_frequent,
    step_open,
    still_stands,
    suspension_ends_at,
    window_begins_at,
)

AT = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
LIMITS = Limits(count_min=10, percent_min=80, window_days=365, suspension_days=90)
TALLY = Tally(counted=18, total=20, since_step=0)
TALLIES = st.builds(
    lambda counted, more, since: Tally(counted, counted + more, min(since, counted)),
    st.integers(0, 50),
    st.integers(0, 50),
    st.integers(0, 5),
)
INSTANTS = st.integers(-500, 500).map(lambda days: AT + timedelta(days=days))


@given(TALLIES, st.none() | INSTANTS, st.none() | INSTANTS)
def test_nobody_is_suspended_without_a_warning_that_is_not_old_and_misuse_after_it(
    tally: Tally, warned_at: datetime | None, suspended_until: datetime | None
) -> None:
    standing = Standing(warned_at, suspended_until)
    step = step_open(tally, standing, limits=LIMITS, at=AT)
    if step == "suspend":
        assert warned_at is not None
        assert warned_at > AT - timedelta(days=365)
        assert tally.since_step > 0
    if step != "nothing":
        assert tally.counted >= 10
        assert tally.counted * 100 >= tally.total * 80
        assert suspended_until is None or suspended_until <= AT


@given(st.integers(10, 50), st.integers(0, 2), st.integers(1, 5), st.integers(1, 364))
def test_whoever_may_be_suspended_may_no_more_when_enough_of_what_counts_is_taken_back(
    counted: int, harmless: int, since: int, days_since_warning: int
) -> None:
    tally = Tally(counted, counted + harmless, since)
    standing = Standing(AT - timedelta(days=days_since_warning))
    assert step_open(tally, standing, limits=LIMITS, at=AT) == "suspend"
    assert still_stands(tally, LIMITS)
    assert not still_stands(replace(tally, counted=9), LIMITS)
    assert not still_stands(replace(tally, since_step=0), LIMITS)


@given(TALLIES, st.integers(0, 10))
def test_more_that_is_harmless_never_opens_a_step(tally: Tally, more: int) -> None:
    if is_frequent(replace(tally, total=tally.total + more), LIMITS):
        assert is_frequent(tally, LIMITS)


def test_a_few_or_a_small_share_is_no_misuse() -> None:
    assert step_open(TALLY, Standing(), limits=LIMITS, at=AT) == "warn"
    assert step_open(Tally(9, 9, 0), Standing(), limits=LIMITS, at=AT) == "nothing"
    assert step_open(replace(TALLY, total=100), Standing(), limits=LIMITS, at=AT) == "nothing"
    assert not is_frequent(Tally(0, 0, 0), replace(LIMITS, count_min=0))


def test_a_warning_older_than_the_time_frame_has_to_be_given_again() -> None:
    begins = window_begins_at(AT, limits=LIMITS)
    again = replace(TALLY, since_step=3)
    assert step_open(again, Standing(begins), limits=LIMITS, at=AT) == "warn"
    assert step_open(again, Standing(begins + timedelta(seconds=1)), limits=LIMITS, at=AT) == "suspend"


@given(st.integers(-10, 1_000), st.integers(0, 86_399))
def test_a_suspension_has_a_reasonable_end_to_the_second(days: int, second: int) -> None:
    begins = AT + timedelta(seconds=second)
    if 1 <= days <= SUSPENSION_DAYS_MAX:
        assert suspension_ends_at(begins, days=days) - begins == timedelta(days=days)
    else:
        with pytest.raises(Invalid, match="stated time"):
            suspension_ends_at(begins, days=days)


def reachable(stage: Stage) -> set[Stage]:
    """Every stage that some acts lead to, this one included."""
    seen, waiting = {stage}, [stage]
    while waiting:
        here = waiting.pop()
        for then in {then for (before, _), then in TRANSITIONS.items() if before == here} - seen:
            seen.add(then)
            waiting.append(then)
    return seen


def test_every_stage_can_be_reached_and_from_everywhere_the_way_back_is_open() -> None:
    assert reachable(Stage.WATCHED) == set(Stage)
    for stage in Stage:
        assert Stage.WATCHED in reachable(stage)
    assert {act for _, act in TRANSITIONS} == set(Act)


def test_every_way_to_a_suspension_leads_through_a_warning() -> None:
    for (before, act), then in TRANSITIONS.items():
        if then == Stage.SUSPENDED:
            assert (before, act) == (Stage.WARNED, Act.SUSPEND)
        if then == Stage.WARNED and before == Stage.WATCHED:
            assert act == Act.WARN
        if before == Stage.SUSPENDED:
            assert act in (Act.END, Act.LIFT)


def test_every_act_in_every_stage_leads_on_or_is_refused_in_words() -> None:
    for stage, act in product(Stage, Act):
        if (stage, act) in TRANSITIONS:
            assert after(stage, act) == TRANSITIONS[stage, act]
        else:
            with pytest.raises(WrongStep, match="cannot be done"):
                after(stage, act)
