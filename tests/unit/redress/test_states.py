"""The life of a complaint, explored exhaustively: none ends without an answer, and none is answered too early."""

from itertools import product

import pytest

from vigie.redress.states import (
    ACT_OF_OUTCOME,
    ANSWERED,
    DECIDED,
    TRANSITIONS,
    UNDECIDED,
    WAITING,
    ComplaintAct,
    ComplaintState,
    WrongState,
    after,
)

# It begins waiting for a person, or set aside while its complainant is suspended for misuse.
FIRST = (ComplaintState.RECEIVED, ComplaintState.SET_ASIDE)


def next_of(state: ComplaintState) -> set[ComplaintState]:
    """Every state that one act leads to."""
    return {then for (before, _), then in TRANSITIONS.items() if before == state}


def reachable(state: ComplaintState) -> set[ComplaintState]:
    """Every state that some acts lead to, this one included."""
    seen, waiting = {state}, [state]
    while waiting:
        for then in next_of(waiting.pop()) - seen:
            seen.add(then)
            waiting.append(then)
    return seen


def paths(state: ComplaintState, so_far: tuple[ComplaintState, ...] = ()) -> list[tuple[ComplaintState, ...]]:
    """Every way to an end that visits no state twice."""
    here = (*so_far, state)
    on = [then for then in sorted(next_of(state)) if then not in here]
    return [here] if not next_of(state) else [path for then in on for path in paths(then, here)]


def test_every_state_can_be_reached_and_every_act_is_of_use() -> None:
    assert set().union(*(reachable(one) for one in FIRST)) == set(ComplaintState)
    assert {act for _, act in TRANSITIONS} == set(ComplaintAct)


@pytest.mark.parametrize("state", ComplaintState)
def test_from_everywhere_an_answer_can_still_be_given_and_nothing_else_is_an_end(
    state: ComplaintState,
) -> None:
    assert reachable(state) >= ANSWERED
    assert (next_of(state) == set()) == (state in ANSWERED)


def test_no_way_to_an_answer_leaves_out_the_person_or_what_is_to_be_given_back() -> None:
    found = [path for one in FIRST for path in paths(one)]
    assert found
    for path in found:
        assert path[-1] in ANSWERED
        assert ComplaintState.ASSIGNED in path
        assert set(path) & {ComplaintState.UPHELD, ComplaintState.PARTIAL, ComplaintState.REVERSED}
        gives_back = {ComplaintState.PARTIAL, ComplaintState.REVERSED} & set(path)
        assert bool(gives_back) == (ComplaintState.CARRIED_OUT in path)


def test_what_was_decided_is_never_undecided_again() -> None:
    for (before, _), then in TRANSITIONS.items():
        assert not (before in DECIDED and then in UNDECIDED)


def test_every_act_in_every_state_leads_on_or_is_refused_in_words() -> None:
    for state, act in product(ComplaintState, ComplaintAct):
        if (state, act) in TRANSITIONS:
            assert after(state, act) == TRANSITIONS[state, act]
        else:
            with pytest.raises(WrongState, match="cannot be done"):
                after(state, act)


def test_what_is_set_aside_can_only_come_back_and_nothing_is_set_aside_later() -> None:
    assert next_of(ComplaintState.SET_ASIDE) == {ComplaintState.RECEIVED}
    assert ComplaintState.SET_ASIDE not in TRANSITIONS.values()
    assert {ComplaintState.RECEIVED, ComplaintState.ASSIGNED} == WAITING < UNDECIDED


def test_every_outcome_decides() -> None:
    for act in ACT_OF_OUTCOME.values():
        assert after(ComplaintState.ASSIGNED, act) in DECIDED - ANSWERED
