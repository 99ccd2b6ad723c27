"""What can follow in the dossier of a provider, walked through completely."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from vigie.foundation.commands import StepIncomplete
from vigie.issuing.acts import ACTS, Exposure, Situation, act_from, can, situation_of

AT = datetime(2026, 1, 5, tzinfo=UTC)
ALWAYS = {"penalty", "access_requested"}
OUTCOMES = {"review_decided": ("kept", "amended", "revoked"), "court_decided": ("upheld", "annulled")}


def after(*kinds: str) -> Situation:
    """Where a provider stands after these acts; an outcome stands behind a colon."""
    parts = [one.partition(":") for one in kinds]
    return situation_of((kind, AT, outcome) for kind, _, outcome in parts)


def possible(*kinds: str) -> set[str]:
    """What can follow, beside what always can."""
    return {kind for kind in ACTS if can(after(*kinds), kind)} - ALWAYS


def test_exposure_begins_with_a_decision_and_counts_from_its_notification() -> None:
    assert possible() == {"exposed"}
    assert possible("exposed") == {"notified", "review_asked", "challenged"}
    assert possible("exposed", "notified") == {"required", "reported", "review_asked", "challenged"}
    assert after("exposed").notified_at is None
    assert after("exposed", "notified") == Situation(Exposure.NOTIFIED, AT)
    assert after("exposed", "notified", "reported", "required", "reported").reported == 2


@pytest.mark.parametrize("end", ["review_decided:revoked", "court_decided:annulled"])
def test_it_ends_with_another_decision_and_can_begin_again(end: str) -> None:
    asked = "review_asked" if end.startswith("review") else "challenged"
    assert after("exposed", "notified", "reported", asked, end) == Situation()
    assert possible("exposed", "notified", asked, end) == {"exposed"}


@pytest.mark.parametrize("stays", ["review_decided:kept", "review_decided:amended", "court_decided:upheld"])
def test_what_stands_stays_and_can_be_asked_again(stays: str) -> None:
    asked = "review_asked" if stays.startswith("review") else "challenged"
    assert asked not in possible("exposed", "notified", asked)
    assert asked in possible("exposed", "notified", asked, stays)


def test_no_way_through_it_reaches_what_makes_no_sense() -> None:
    seen: set[Situation] = set()
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        way = waiting.pop()
        situation = after(*way)
        if (key := replace(situation, reported=min(situation.reported, 1))) in seen:
            continue
        seen.add(key)
        assert (situation.notified_at is not None) == (situation.exposure is Exposure.NOTIFIED)
        assert situation.exposure is not Exposure.NONE or situation == Situation()
        for kind in ACTS:
            if can(situation, kind):
                waiting += [(*way, f"{kind}:{outcome}") for outcome in OUTCOMES.get(kind, ("",))]
    assert len(seen) == 13


def test_an_act_says_what_it_lacks() -> None:
    with pytest.raises(StepIncomplete, match="proof"):
        act_from("notified", {"at": AT})
    with pytest.raises(StepIncomplete, match="outcome"):
        act_from("review_decided", {"outcome": "perhaps", "reason": "xxx"})
