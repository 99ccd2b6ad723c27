"""What a match is, and which matches count when harmless entries are near: pure functions over values.

Nothing here reads an index or the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

FOUND_BY_LOOKBACK = "An upload from before the entry was banked is near it. The content itself was not kept."


@dataclass(frozen=True, slots=True)
class Query:
    """A signal to look up. `medium` is the id of the medium it comes from, empty for text."""

    type: str
    value: bytes
    medium: str = ""


@dataclass(frozen=True, slots=True)
class QueryBatch:
    """Signals of one kind to look up, side by side: a thousand of them are no thousand objects.

    `values` holds as many bytes for each as the kind has; `places` says where each stands among all that were asked.
    """

    type: str
    values: bytes
    places: Sequence[int]

    def query(self, at: int) -> Query:
        """The signal number `at` of this batch, from 0; its place among all stands in `medium`."""
        size = len(self.values) // len(self.places)
        return Query(self.type, self.values[at * size : (at + 1) * size], str(self.places[at]))


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

    A harmless entry that is identical by file outweighs everything about that medium. One that no second person
    confirmed sets nothing aside, but what it outweighs counts as unconfirmed: nothing is removed without a person,
    and nothing is let through on one person's word.
    """
    confirmed = _Harmless([one for one in matches if one.kind == "harmless" and one.confirmed])
    anyone = _Harmless([one for one in matches if one.kind == "harmless"])
    found, suppressed = [], []
    for one in matches:
        if one.kind == "harmless":
            continue
        if confirmed.outweighs(one):
            suppressed.append(one)
        elif anyone.outweighs(one):
            found.append(replace(one, confirmed=False))
        else:
            found.append(one)
    return LookedUp(tuple(found), tuple(suppressed))


class _Harmless:
    """The nearest harmless entry of each signal, and the media that are identical to one."""

    def __init__(self, matches: Sequence[Match]) -> None:
        self._nearest: dict[tuple[str, str], int] = {}
        self._identical = {one.query.medium for one in matches if one.query.type in ("sha256", "md5")}
        for one in matches:
            key = (one.query.medium, one.query.type)
            self._nearest[key] = min(one.distance_bits, self._nearest.get(key, one.distance_bits))

    def outweighs(self, one: Match) -> bool:
        """Whether a harmless entry is at least as near as this match."""
        if one.query.type != "text_sha256" and one.query.medium in self._identical:
            return True
        nearest = self._nearest.get((one.query.medium, one.query.type))
        return nearest is not None and nearest <= one.distance_bits
