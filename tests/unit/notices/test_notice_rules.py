"""Notices as pure rules: their states, waves, and the draft of a report about a threat."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.notices.states import TRANSITIONS, NoticeAct, NoticeState, WrongState, act_of_decision, after
from vigie.notices.threats import ThreatFacts, draft, recipients
from vigie.notices.waves import NoticeFacts, belong_together, waves, words_key

AT = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)


def reachable(state: NoticeState) -> set[NoticeState]:
    """Every state that some acts lead to, this one included."""
    seen, waiting = {state}, [state]
    while waiting:
        here = waiting.pop()
        for then in {then for (before, _), then in TRANSITIONS.items() if before == here} - seen:
            seen.add(then)
            waiting.append(then)
    return seen


@pytest.mark.parametrize("state", NoticeState)
def test_from_everywhere_the_notifier_can_still_be_told(state: NoticeState) -> None:
    assert NoticeState.TOLD in reachable(state)


def test_nobody_is_told_before_a_decision_and_every_decision_leads_to_telling() -> None:
    for (before, act), then in TRANSITIONS.items():
        if then == NoticeState.TOLD:
            assert before in (NoticeState.NO_ACTION, NoticeState.ACTED_LAW, NoticeState.ACTED_TERMS)
            assert act == NoticeAct.TELL
    for action, legal_type in product(("keep", "undo", "hide", "remove", "remove_and_suspend"), ("", "a")):
        decided = after(NoticeState.QUEUED, act_of_decision(action=action, legal_type=legal_type))
        assert after(decided, NoticeAct.TELL) == NoticeState.TOLD


def test_every_other_act_is_refused() -> None:
    for state, act in product(NoticeState, NoticeAct):
        if (state, act) not in TRANSITIONS:
            with pytest.raises(WrongState):
                after(state, act)


def test_the_same_words_are_known_whatever_their_dress() -> None:
    one = words_key("This calls readers to JOIN the column!")
    assert one == words_key("  this calls; readers to  join the cólumn ")
    assert one != words_key("This calls readers to leave the column!")
    assert words_key("bad!") == ""


@pytest.mark.parametrize(
    ("change", "together"),
    [
        ({"content": "forum/p1"}, True),
        ({"words_key": "w"}, True),
        ({"words_key": "w", "received_at": AT + timedelta(hours=25)}, False),
        ({"notifier": "n"}, True),
        ({"notifier": "n", "received_at": AT + timedelta(minutes=61)}, False),
        ({}, False),
    ],
)
def test_content_words_and_notifier_make_a_wave_in_their_time(change: dict[str, str], together: bool) -> None:
    first = NoticeFacts("forum/p1", "w", "n", AT)
    other = NoticeFacts("forum/p2", "", "", AT)
    assert belong_together(first, replace(other, **change)) is together  # type: ignore[arg-type]


FACTS = st.builds(
    NoticeFacts,
    content=st.sampled_from(["a", "b", "c", "d"]),
    words_key=st.sampled_from(["", "w1", "w2"]),
    notifier=st.sampled_from(["", "n1", "n2"]),
    received_at=st.integers(0, 72).map(lambda hours: AT + timedelta(hours=hours)),
)


@given(st.lists(FACTS, max_size=12))
def test_waves_part_the_notices_and_keep_together_what_belongs_together(notices: list[NoticeFacts]) -> None:
    found = waves(notices)
    assert sorted(place for wave in found for place in wave) == list(range(len(notices)))
    wave_of = {place: number for number, wave in enumerate(found) for place in wave}
    for one, other in product(range(len(notices)), repeat=2):
        if belong_together(notices[one], notices[other]):
            assert wave_of[one] == wave_of[other]


def test_the_report_of_a_threat_goes_to_the_state_concerned_and_else_to_europol() -> None:
    assert recipients(()) == ("Europol",)
    assert recipients(("FR", "BE")) == (
        "law enforcement authorities of FR",
        "law enforcement authorities of BE",
    )
    facts = ThreatFacts("T-000001", "Forum", "post-1", "", "", None, AT, "He says: tonight.", ("FR",))
    text = draft(facts)
    for said in (
        "law enforcement authorities of FR",
        "T-000001",
        "He says: tonight.",
        "25 November 2026",
        "not known",
    ):
        assert said in text
