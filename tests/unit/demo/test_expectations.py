"""Every expectation fails when what it is about did not happen."""

from dataclasses import replace
from typing import Any

import pytest

from vigie.demo.expectations import all_checked, as_expected, false_matches, is_missed
from vigie.demo.posts import Expected, Post, Sort
from vigie.demo.seen import Deeds, Posted

GOOD = {
    Expected.PUBLISHED: ("allow", "published", "", False),
    Expected.REFUSED: ("remove", "declined", "C-000001", False),
    Expected.FOUND: ("hold", "held", "C-000002", False),
    Expected.HELD: ("hold", "held", "C-000003", False),
    Expected.REVIEWED: ("review", "published", "C-000004", False),
    Expected.UNREADABLE: ("review", "declined", "C-000005", True),
    Expected.MISSED: ("allow", "published", "", False),
}
EXPECTED_OF_SORT = {
    Sort.PHOTOGRAPH: Expected.PUBLISHED,
    Sort.EXACT: Expected.REFUSED,
    Sort.NEAR: Expected.FOUND,
    Sort.EDITED: Expected.HELD,
    Sort.EARLY: Expected.PUBLISHED,
    Sort.UNCONFIRMED: Expected.HELD,
    Sort.HARMLESS: Expected.PUBLISHED,
    Sort.TEXT: Expected.REVIEWED,
    Sort.BROKEN: Expected.UNREADABLE,
}


def _posted(sort: Sort, expected: Expected) -> Posted:
    verdict, state, case, quarantined = GOOD[expected]
    return Posted(
        post=Post(sort.value, "coot", "title", "what", sort, expected),
        number=1,
        verdict=verdict,
        state=state,
        case=case,
        problem="",
        rules=(),
        why=None,
        quarantined=quarantined,
        missed_by_bits=None,
        took_ms=1.0,
    )


def _all_good() -> list[Posted]:
    return [_posted(sort, expected) for sort, expected in EXPECTED_OF_SORT.items()]


def _good_deeds(**other: Any) -> Deeds:
    good: dict[str, Any] = {
        "removed_status": 410,
        "found_gone": True,
        "kept_status": 200,
        "suspended_status": 410,
        "second_try_status": 403,
        "undone_before_status": 410,
        "undone_after_status": 200,
        "pretended_status": 200,
        "alarm": True,
        "looked_back_status": 410,
        "ordered_status": 410,
        "order_stage": "executed",
        "order_answer": "annex_ii",
        "order_took_s": 0.2,
        "complained_before_status": 410,
        "complained_after_status": 200,
        "complaint_state": "reversed",
        "reported": {"orders": 1.0, "taken down by them": 1.0},
        "messages": 6,
        "ledger_whole": True,
    }
    return Deeds(**{**good, **other})


def test_when_all_happened_as_it_must_everything_holds() -> None:
    assert [one.claim for one in all_checked(_all_good(), _good_deeds()) if not one.holds] == []


def test_when_nothing_was_posted_or_decided_nothing_holds() -> None:
    assert [one.claim for one in all_checked([], Deeds()) if one.holds] == []


@pytest.mark.parametrize("sort", list(Sort))
def test_a_post_that_became_something_else_fails_the_expectation_of_its_sort_alone(sort: Sort) -> None:
    wrong = (
        ("hold", "held", "C-000009")
        if sort in (Sort.PHOTOGRAPH, Sort.HARMLESS, Sort.EARLY)
        else ("allow", "published", "")
    )
    posted = [
        replace(one, verdict=wrong[0], state=wrong[1], case=wrong[2], quarantined=False)
        if one.post.sort is sort
        else one
        for one in _all_good()
    ]
    failed = [one for one in all_checked(posted, _good_deeds()) if not one.holds]
    assert len(failed) == 1
    assert "0 of 1" in failed[0].seen


@pytest.mark.parametrize(
    "other",
    [
        {"removed_status": 200},
        {"found_gone": False},
        {"kept_status": 404},
        {"suspended_status": 200},
        {"second_try_status": 201},
        {"undone_before_status": 200},
        {"undone_after_status": 410},
        {"pretended_status": 410},
        {"alarm": False},
        {"looked_back_status": 200},
        {"ordered_status": 200},
        {"order_stage": "executing"},
        {"order_answer": "none"},
        {"order_took_s": 3601.0},
        {"complained_before_status": 200},
        {"complained_after_status": 410},
        {"complaint_state": "upheld"},
        {"reported": {"orders": 1.0, "taken down by them": 0.0}},
        {"reported": {}},
        {"messages": 0},
        {"messages_twice": 1},
        {"ledger_whole": False},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_deed_without_its_effect_fails_one_expectation(other: dict[str, Any]) -> None:
    failed = [one for one in all_checked(_all_good(), _good_deeds(**other)) if not one.holds]
    assert len(failed) == 1


def test_a_removal_without_a_person_is_no_hold() -> None:
    held = _posted(Sort.UNCONFIRMED, Expected.HELD)
    assert as_expected(held)
    assert not as_expected(replace(held, verdict="remove", state="declined"))


def test_a_copy_known_to_be_missed_may_be_found_and_counts_as_missed_only_when_it_was() -> None:
    missed = _posted(Sort.NEAR, Expected.MISSED)
    found = replace(missed, verdict="hold", state="held", case="C-000009")
    assert as_expected(missed)
    assert as_expected(found)
    assert (is_missed(missed), is_missed(found)) == (True, False)


def test_a_photograph_with_a_case_is_a_false_match() -> None:
    photograph = _posted(Sort.PHOTOGRAPH, Expected.PUBLISHED)
    assert false_matches([photograph]) == 0
    assert false_matches([replace(photograph, verdict="review", case="C-000009")]) == 1
