"""Where a preserved item can go, explored completely: none is deleted while anything holds it."""

from collections import deque

import pytest

from vigie.evidence.states import Access, EvidenceStepImpossible, Happening, Stage, Standing, after, can


def reachable() -> dict[Standing, list[tuple[Standing, Happening]]]:
    """Every standing that can be reached from the first, with the ways that lead into it."""
    found: dict[Standing, list[tuple[Standing, Happening]]] = {Standing(): []}
    waiting = deque([Standing()])
    while waiting:
        standing = waiting.popleft()
        for happening in Happening:
            if can(standing, happening):
                following = after(standing, happening)
                if following not in found:
                    found[following] = []
                    waiting.append(following)
                found[following].append((standing, happening))
    return found


ALL = reachable()


def test_every_stage_and_every_access_can_be_reached() -> None:
    assert {one.stage for one in ALL} == set(Stage)
    assert {one.access for one in ALL} == set(Access)
    assert len(ALL) > 20


def test_nothing_is_deleted_while_held_asked_for_or_before_its_time() -> None:
    ways = [(before, how) for one in ALL if one.stage is Stage.DELETED for before, how in ALL[one]]
    assert ways
    for before, happening in ways:
        assert happening is Happening.DELETED
        assert before.stage is Stage.EXPIRED
        assert not before.held
        assert before.access is Access.NONE


def test_what_is_deleted_stays_so() -> None:
    for one in ALL:
        if one.stage is Stage.DELETED:
            assert [happening for happening in Happening if can(one, happening)] == []


def test_nothing_expires_whose_time_does_not_run() -> None:
    for one in ALL:
        if can(one, Happening.TIME_OVER):
            assert one.stage in (Stage.KEPT, Stage.PRESERVED, Stage.EXTENDED)


def test_from_everywhere_deletion_can_still_be_reached() -> None:
    can_end = {one for one in ALL if one.stage is Stage.DELETED}
    while True:
        more = {before for one in can_end for before, _ in ALL[one]} - can_end
        if not more:
            break
        can_end |= more
    assert can_end == set(ALL)


def test_only_a_request_is_granted_and_only_what_was_removed_is_extended() -> None:
    for one in ALL:
        if can(one, Happening.ACCESS_GRANTED):
            assert one.access is Access.REQUESTED
        if can(one, Happening.EXTENDED):
            assert one.stage in (Stage.PRESERVED, Stage.EXTENDED, Stage.EXPIRED)


def test_what_cannot_happen_says_so() -> None:
    with pytest.raises(EvidenceStepImpossible):
        after(Standing(), Happening.DELETED)
