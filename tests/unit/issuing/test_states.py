"""Every way that an order of ours can take, walked to its end."""

from collections import deque
from collections.abc import Callable

import pytest

from vigie.issuing.states import (
    DRAFTS,
    ENDS,
    Appeal,
    Happening,
    Home,
    Scrutiny,
    Stage,
    Standing,
    StepImpossible,
    after,
    can,
)

Graph = dict[Standing, dict[Happening, Standing]]


def explored(*, cross_border: bool) -> Graph:
    """Every standing that can be reached, with what can happen there."""
    found: Graph = {}
    waiting = deque([Standing()])
    while waiting:
        one = waiting.popleft()
        if one in found:
            continue
        found[one] = {
            step: after(one, step, cross_border=cross_border) for step in Happening if can(one, step)
        }
        waiting.extend(found[one].values())
    return found


ABROAD, AT_HOME = explored(cross_border=True), explored(cross_border=False)
BOTH = pytest.mark.parametrize("graph", [ABROAD, AT_HOME], ids=["abroad", "at_home"])


def reaches(graph: Graph, start: Standing, wanted: Callable[[Standing], bool]) -> bool:
    """Whether some way leads from `start` to a standing that is wanted."""
    seen, waiting = {start}, [start]
    while waiting:
        one = waiting.pop()
        if wanted(one):
            return True
        for following in graph[one].values():
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return False


def reached_without(graph: Graph, without: Happening) -> set[Standing]:
    """Every standing that is reached although `without` never happened."""
    seen, waiting = {Standing()}, [Standing()]
    while waiting:
        for step, following in graph[waiting.pop()].items():
            if step is not without and following not in seen:
                seen.add(following)
                waiting.append(following)
    return seen


def test_everything_is_reached() -> None:
    assert {one.stage for one in ABROAD} == set(Stage)
    assert {one.home for one in ABROAD} == set(Home)
    assert {one.scrutiny for one in ABROAD} == set(Scrutiny)
    assert {one.appeal for one in ABROAD} == set(Appeal)
    assert set().union(*ABROAD.values()) == set(Happening)


def test_nothing_is_issued_without_approval_and_nothing_approved_in_conflict() -> None:
    for one in reached_without(ABROAD, Happening.APPROVED):
        assert one.is_draft or one.stage is Stage.DISCARDED
    for one, steps in ABROAD.items():
        if Happening.APPROVED in steps:
            assert one.stage is Stage.CLEAR
        if one.stage is Stage.HELD:
            assert not {Happening.APPROVED, Happening.ISSUED} & set(steps)


def test_nothing_is_clear_that_was_not_compared() -> None:
    seen, waiting = {Standing()}, [Standing()]
    while waiting:
        for step, following in ABROAD[waiting.pop()].items():
            if step not in (Happening.FOUND_CLEAR, Happening.OVERRIDDEN) and following not in seen:
                seen.add(following)
                waiting.append(following)
    assert {one.stage for one in seen} == {Stage.DRAFT, Stage.HELD, Stage.DISCARDED}


@BOTH
def test_a_change_of_a_draft_undoes_what_was_found_out(graph: Graph) -> None:
    for steps in graph.values():
        for step in (Happening.CHANGED, Happening.APPROVAL_TAKEN_BACK):
            if step in steps:
                assert steps[step].stage is Stage.DRAFT


@BOTH
def test_what_was_issued_is_never_a_draft_again(graph: Graph) -> None:
    for one, steps in graph.items():
        if one.stage not in DRAFTS:
            assert not any(there.is_draft for there in steps.values())
            assert Happening.DISCARDED not in steps


@BOTH
def test_every_order_can_still_end(graph: Graph) -> None:
    assert all(reaches(graph, one, lambda there: there.has_ended) for one in graph)


@BOTH
def test_an_end_is_an_end(graph: Graph) -> None:
    for one, steps in graph.items():
        if one.stage in ENDS:
            assert {there.stage for there in steps.values()} <= {one.stage}


@BOTH
def test_the_hour_runs_only_after_receipt_is_proven(graph: Graph) -> None:
    assert not any(one.hour_runs for one in reached_without(graph, Happening.RECEIPT_PROVEN))


@BOTH
def test_only_annex_two_makes_it_done_and_only_what_is_done_becomes_final(graph: Graph) -> None:
    for one in reached_without(graph, Happening.FEEDBACK_CAME):
        assert one.stage not in (Stage.DONE, Stage.FINAL)


@BOTH
def test_nothing_is_final_while_somebody_may_undo_it(graph: Graph) -> None:
    for one in graph:
        if one.stage is Stage.FINAL:
            assert one.scrutiny in (Scrutiny.NONE, Scrutiny.NO_INFRINGEMENT)
            assert one.appeal in (Appeal.NONE, Appeal.UPHELD)


def test_the_home_authority_gets_its_copy_and_is_told_of_finality() -> None:
    for one in ABROAD:
        if one.has_ended and one.stage is not Stage.DISCARDED:
            assert one.home in (Home.COPY_SENT, Home.FINALITY_TOLD)
        if one.has_ended and one.stage is Stage.FINAL:
            assert one.home is Home.FINALITY_TOLD


def test_an_order_at_home_has_no_scrutiny_by_another_state() -> None:
    assert {one.home for one in AT_HOME} == {Home.NONE}
    assert {one.scrutiny for one in AT_HOME} == {Scrutiny.NONE}


@BOTH
def test_what_stands_can_be_withdrawn_until_it_is_final(graph: Graph) -> None:
    for one, steps in graph.items():
        stands = one.stage not in DRAFTS and one.stage not in ENDS
        assert (Happening.WITHDRAWN in steps) == stands


def test_what_cannot_happen_says_so() -> None:
    with pytest.raises(StepImpossible):
        after(Standing(), Happening.ISSUED)
