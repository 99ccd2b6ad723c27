"""Every way that a removal order can take, walked to its end."""

from collections import deque
from collections.abc import Callable

import pytest

from vigie.orders.states import (
    ENDS,
    Access,
    Answer,
    Disclosure,
    Happening,
    Scrutiny,
    Stage,
    Standing,
    StepImpossible,
    after,
    can,
)

STARTS = (Standing(), Standing(disclosure=Disclosure.WITHHELD))


def explored() -> dict[Standing, dict[Happening, Standing]]:
    """Every standing that can be reached, with what can happen there."""
    found: dict[Standing, dict[Happening, Standing]] = {}
    waiting = deque(STARTS)
    while waiting:
        one = waiting.popleft()
        if one in found:
            continue
        found[one] = {step: after(one, step) for step in Happening if can(one, step)}
        waiting.extend(found[one].values())
    return found


GRAPH = explored()


def reaches(start: Standing, wanted: Callable[[Standing], bool]) -> bool:
    """Whether some way leads from `start` to a standing that is wanted."""
    seen, waiting = {start}, [start]
    while waiting:
        one = waiting.pop()
        if wanted(one):
            return True
        for following in GRAPH[one].values():
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return False


def test_all_stages_are_reached() -> None:
    assert {one.stage for one in GRAPH} == set(Stage)
    assert {one.answer for one in GRAPH} == set(Answer)
    assert {one.access for one in GRAPH} == set(Access)
    assert {one.scrutiny for one in GRAPH} == set(Scrutiny)
    assert {one.disclosure for one in GRAPH} == set(Disclosure)
    assert set().union(*GRAPH.values()) == set(Happening)


def test_no_order_ends_without_an_answer() -> None:
    for one in GRAPH:
        if not one.has_ended or one.answer in (Answer.ANNEX_II_SENT, Answer.ANNEX_III_SENT):
            continue
        # Nobody genuine to answer, or the order lost its effect before a form was owed.
        assert one.answer is Answer.NONE
        assert one.stage in (Stage.NOT_GENUINE, Stage.ANNULLED)


def test_a_final_order_was_executed_and_answered() -> None:
    for one in GRAPH:
        if one.stage is Stage.FINAL:
            assert one.access is Access.TAKEN
            assert one.answer is Answer.ANNEX_II_SENT


def test_every_order_can_still_end() -> None:
    assert all(reaches(one, lambda there: there.has_ended) for one in GRAPH)


def test_an_answer_that_is_due_stays_due_until_it_is_sent_or_nobody_genuine_waits() -> None:
    dropped = {
        step
        for one, steps in GRAPH.items()
        for step, following in steps.items()
        if one.answer_is_due and following.answer is Answer.NONE
    }
    # After a restart the order is executed, and answered then; the clarification itself answered Annex III.
    assert dropped == {Happening.REFUSED, Happening.RESTARTED}


def test_no_way_tells_the_author_what_is_withheld() -> None:
    for one, steps in GRAPH.items():
        if not one.author_may_be_told:
            assert Happening.AUTHOR_INFORMED not in steps
            changed = {step for step, there in steps.items() if there.author_may_be_told}
            assert changed <= {Happening.NON_DISCLOSURE_LAPSED}


def test_non_disclosure_is_extended_once_and_never_begins_after_the_author_was_told() -> None:
    for one, steps in GRAPH.items():
        if one.disclosure is not Disclosure.WITHHELD:
            assert Happening.NON_DISCLOSURE_EXTENDED not in steps
        if one.disclosure is Disclosure.INFORMED:
            assert all(there.disclosure is Disclosure.INFORMED for there in steps.values())


def test_nothing_is_taken_away_without_a_way_back() -> None:
    for one in GRAPH:
        if one.access in (Access.DISABLED, Access.TAKEN):
            assert reaches(one, lambda there: there.access is Access.RESTORED)


def test_what_lost_its_effect_takes_nothing_away() -> None:
    for one in GRAPH:
        if one.stage in (Stage.NOT_GENUINE, Stage.ANNULLED, Stage.CLARIFICATION):
            assert one.access in (Access.UP, Access.RESTORED)


def test_infringement_gives_back_at_once() -> None:
    for one, steps in GRAPH.items():
        there = steps.get(Happening.INFRINGEMENT_FOUND)
        if there is not None and one.access in (Access.DISABLED, Access.TAKEN):
            assert there.access is Access.RESTORED


def test_content_is_taken_only_after_a_person_ordered_it() -> None:
    for one, steps in GRAPH.items():
        for step, there in steps.items():
            if there.access is Access.TAKEN and one.access is not Access.TAKEN:
                assert step is Happening.MEASURE_TAKEN
                assert one.stage is Stage.EXECUTING


def test_what_cannot_happen_says_so() -> None:
    with pytest.raises(StepImpossible):
        after(Standing(stage=Stage.FINAL), Happening.EXECUTION_ORDERED)
    assert {Stage.FINAL, Stage.ANNULLED, Stage.NOT_GENUINE} == ENDS
