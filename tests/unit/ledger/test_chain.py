"""The hash chain finds what was done to a ledger, and names the first row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.ledger.chain import GENESIS, Break, Row, first_break, row_hash

START = datetime(2026, 1, 1, tzinfo=UTC)


def chain(length: int) -> list[Row]:
    """A good chain of this length."""
    rows: list[Row] = []
    previous = GENESIS
    for seq in range(1, length + 1):
        rows.append(made_row(seq, previous, facts={"n": seq, "text": "é"}))
        previous = rows[-1].hash
    return rows


def made_row(seq: int, previous: bytes, *, facts: dict[str, object]) -> Row:
    """A row that follows from `previous`."""
    at = START + timedelta(seconds=seq)
    digest = row_hash(
        previous_hash=previous, seq=seq, at=at, event="t.e.v1", actor="system:t", subject="s", facts=facts
    )
    return Row(seq, at, "t.e.v1", "system:t", "s", facts, previous, digest)


def found_break(rows: list[Row]) -> Break | None:
    """What the chain says about these rows."""
    stands: dict[bytes, int] = {}
    for row in rows:
        stands.setdefault(row.hash, row.seq)
    return first_break(rows, find_seq=stands.get)


def test_a_good_chain_has_no_break() -> None:
    assert found_break(chain(20)) is None
    assert found_break([]) is None


@given(st.integers(1, 12), st.integers(1, 12))
def test_a_changed_fact_is_named(length: int, at: int) -> None:
    rows = chain(max(length, at))
    rows[at - 1] = replace(rows[at - 1], facts={"n": 999})
    assert found_break(rows) == Break(at, "changed")


@pytest.mark.parametrize("column", ["event", "actor", "subject"])
def test_every_text_column_is_covered(column: str) -> None:
    rows = chain(5)
    changed: dict[str, Any] = {column: "another"}
    rows[2] = replace(rows[2], **changed)
    assert found_break(rows) == Break(3, "changed")


def test_the_instant_is_covered() -> None:
    rows = chain(5)
    rows[2] = replace(rows[2], at=rows[2].at + timedelta(microseconds=1))
    assert found_break(rows) == Break(3, "changed")


@given(st.integers(2, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n - 1))))
def test_a_removed_row_is_named(case: tuple[int, int]) -> None:
    length, at = case
    rows = [row for row in chain(length) if row.seq != at]
    assert found_break(rows) == Break(at, "removed")


def test_a_row_removed_with_the_rest_renumbered_is_named() -> None:
    rows = chain(9)
    kept = rows[:3] + [replace(row, seq=row.seq - 1) for row in rows[4:]]
    assert found_break(kept) == Break(4, "removed")


def test_a_row_put_in_is_named_although_it_was_made_well() -> None:
    rows = chain(6)
    forged = made_row(4, rows[2].hash, facts={"forged": True})
    shifted = [*rows[:3], forged, *[replace(row, seq=row.seq + 1) for row in rows[3:]]]
    assert found_break(shifted) == Break(4, "added")


@given(st.integers(3, 10).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n - 1))))
def test_two_rows_that_changed_places_are_named(case: tuple[int, int]) -> None:
    length, at = case
    rows = chain(length)
    first, second = rows[at - 1], rows[at]
    rows[at - 1], rows[at] = replace(second, seq=at), replace(first, seq=at + 1)
    assert found_break(rows) == Break(at, "reordered")


def test_a_chain_can_be_checked_from_the_middle() -> None:
    rows = chain(8)
    stands = {row.hash: row.seq for row in rows}
    tail = rows[4:]
    assert first_break(tail, find_seq=stands.get, after_seq=4, after_hash=rows[3].hash) is None
    assert first_break(tail, find_seq=stands.get, after_seq=4, after_hash=GENESIS) is not None


def test_a_copy_of_an_earlier_row_is_named_itself() -> None:
    rows = chain(9)
    at_the_end = [*rows, replace(rows[2], seq=10)]
    assert found_break(at_the_end) == Break(10, "added")
    within = [*rows[:5], replace(rows[2], seq=6), *[replace(row, seq=row.seq + 1) for row in rows[5:]]]
    assert found_break(within) == Break(6, "added")


def test_an_invented_row_that_follows_from_nothing_is_named_itself() -> None:
    rows = chain(9)
    invented = replace(rows[4], seq=6, previous_hash=bytes([7]) * 32, hash=bytes([9]) * 32)
    within = [*rows[:5], invented, *[replace(row, seq=row.seq + 1) for row in rows[5:]]]
    assert found_break(within) == Break(6, "added")
