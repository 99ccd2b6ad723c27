"""The hash chain as pure functions: what one row hashes to, and where a sequence of rows breaks.

It reads no database; verification is given rows in order.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from vigie.foundation.canonical import canonical_json
from vigie.foundation.clock import utc_text

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Row:
    """One ledger row as it is stored."""

    seq: int
    at: datetime
    event: str
    actor: str
    subject: str
    facts: dict[str, Any]
    previous_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Break:
    """The first row at which the chain does not hold.

    `changed`: the row is not what its hash says. `removed`: the row that had this number is gone.
    `added`: the row was put in. `reordered`: another row stands here.
    """

    seq: int
    kind: Literal["changed", "removed", "added", "reordered"]


def row_hash(
    *,
    previous_hash: bytes,
    seq: int,
    at: datetime,
    event: str,
    actor: str,
    subject: str,
    facts: dict[str, Any],
) -> bytes:
    """SHA-256 over the previous hash and the canonical JSON of the row, 32 bytes."""
    body = canonical_json(
        {"seq": seq, "at": utc_text(at), "event": event, "actor": actor, "subject": subject, "facts": facts}
    )
    return hashlib.sha256(previous_hash + body).digest()


def own_hash(row: Row) -> bytes:
    """What `row` hashes to as it stands."""
    return row_hash(
        previous_hash=row.previous_hash,
        seq=row.seq,
        at=row.at,
        event=row.event,
        actor=row.actor,
        subject=row.subject,
        facts=row.facts,
    )


def first_break(
    rows: Iterable[Row],
    *,
    find_seq: Callable[[bytes], int | None],
    after_seq: int = 0,
    after_hash: bytes = GENESIS,
) -> Break | None:
    """The first row of `rows` (ascending by number) that does not follow from the one before; None when all do.

    `find_seq` gives the lowest number under which a row with this hash stands now; it is asked only at a break, to
    tell what happened there.
    """
    previous_seq, previous_hash = after_seq, after_hash
    reading = iter(rows)
    row = next(reading, None)
    while row is not None:
        if row.seq > previous_seq + 1:
            return Break(previous_seq + 1, "removed")
        if row.seq <= previous_seq:
            return Break(row.seq, "added")
        if row.previous_hash != previous_hash or own_hash(row) != row.hash:
            return _explain(row, next(reading, None), previous_hash=previous_hash, find_seq=find_seq)
        previous_seq, previous_hash = row.seq, row.hash
        row = next(reading, None)
    return None


def _explain(
    row: Row, following: Row | None, *, previous_hash: bytes, find_seq: Callable[[bytes], int | None]
) -> Break:
    predecessor = 0 if row.previous_hash == GENESIS else find_seq(row.previous_hash)
    if predecessor is not None and predecessor >= row.seq:
        return Break(row.seq, "reordered")
    if following is not None and following.previous_hash == previous_hash:
        # The chain goes on around this row: it was put in.
        return Break(row.seq, "added")
    if predecessor is None:
        # Its predecessor stands nowhere any more: taken out, the rest renumbered; or the link itself was changed.
        renumbered = own_hash(replace(row, seq=row.seq + 1)) == row.hash
        return Break(row.seq, "removed" if renumbered else "changed")
    if predecessor < row.seq - 1:
        # Two rows follow the same one. A copy of an earlier row is the intruder itself; else what stands between.
        is_copy = find_seq(row.hash) != row.seq
        return Break(row.seq if is_copy else predecessor + 1, "added")
    return Break(row.seq, "changed")
