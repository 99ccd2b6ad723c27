"""What a match is, and which matches count when harmless entries are near: pure functions over values.

Nothing here reads an index or the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """A signal to look up. `medium` is the id of the medium it comes from, empty for text."""

    type: str
    value: bytes
    medium: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """An entry near a signal. `distance_bits` is 0 for exact kinds."""

    query: Query
    entry_id: int
    entry: str
    bank: str
    bank_may_remove: bool
    kind: str
    confirmed: bool
    legal_type: str
    distance_bits: int


@dataclass(frozen=True, slots=True)
class LookedUp:
    """`found` counts; `suppressed` was near a harmless entry that is at least as near."""

    found: tuple[Match, ...]
    suppressed: tuple[Match, ...]


def weigh_harmless(matches: Sequence[Match]) -> LookedUp:
    """Set aside each known match for which a harmless entry is as near or nearer to the same medium (or text).

    A harmless entry that is identical by file outweighs everything about that medium.
    """
    nearest: dict[tuple[str, str], int] = {}
    identical: set[str] = set()
    for one in matches:
        if one.kind != "harmless":
            continue
        key = (one.query.medium, one.query.type)
        nearest[key] = min(one.distance_bits, nearest.get(key, one.distance_bits))
        if one.query.type in ("sha256", "md5"):
            identical.add(one.query.medium)
    found, suppressed = [], []
    for one in matches:
        if one.kind == "harmless":
            continue
        limit = nearest.get((one.query.medium, one.query.type))
        outweighed = one.query.medium in identical and one.query.type != "text_sha256"
        if outweighed or (limit is not None and limit <= one.distance_bits):
            suppressed.append(one)
        else:
            found.append(one)
    return LookedUp(tuple(found), tuple(suppressed))
