"""Finds, for an upload, the entries whose pictures have most corners in common with it: what no hash comes near to.

It looks through a limited number of entries and proposes; an alignment has to confirm what it proposes.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vigie.signals.features import WORDS_A_FEATURE, Features

CANDIDATES_MAX = 3
VOTES_MIN = 8
"""Corners that an entry must share with the upload before it is proposed; random ones are rarely more."""

_RECENT_MAX = 256
_OWNERS_SHARE = 100
_OWNERS_MIN = 32
"""A word that more than one entry in a hundred has tells nothing; in a small index, more than 32 entries."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """An entry that shares so many corners (`votes`) with the upload."""

    entry_id: int
    votes: int


class FeatureIndex:
    """The words of entries, in two sorted parts: many, and what came lately. Threads may share it."""

    def __init__(self, *, entries_max: int) -> None:
        self._entries_max = entries_max
        self._words: dict[int, bytes] = {}
        self._recent: set[int] = set()
        self._parts: tuple[_Part, ...] = ()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._words)

    def change(self, present: Mapping[int, bytes], *, gone: Iterable[int] = ()) -> None:
        """Add or replace the words of entries (as they are stored) and take others out.

        Beyond the limit no more entries come in: they are found by variants alone.
        """
        with self._lock:
            for entry_id in gone:
                if self._words.pop(entry_id, None) is not None:
                    self._recent.add(entry_id)
            for entry_id, words in present.items():
                if entry_id in self._words or len(self._words) < self._entries_max:
                    self._words[entry_id] = words
                    self._recent.add(entry_id)
            if len(self._recent) > max(_RECENT_MAX, len(self._words) // 8) or not self._parts:
                self._recent = set()
                self._parts = (_Part.of(self._words, frozenset()),)
            elif self._recent:
                latest = {one: self._words[one] for one in self._recent if one in self._words}
                self._parts = (self._parts[0].without(frozenset(self._recent)), _Part.of(latest, frozenset()))

    def propose(self, features: Features) -> list[Proposed]:
        """The entries that share most corners with the picture, at most three, most votes first, then lowest id."""
        words = features.words
        owners_max = max(_OWNERS_MIN, len(self._words) // _OWNERS_SHARE)
        found = [one for part in self._parts for one in part.propose(words, owners_max)]
        return sorted(found, key=lambda one: (-one.votes, one.entry_id))[:CANDIDATES_MAX]


@dataclass(frozen=True)
class _Part:
    """Sorted keys, each a word above the place of the entry that has it; entries of `hidden` count no more."""

    keys: NDArray[np.uint64]
    entries: NDArray[np.int64]
    hidden: frozenset[int]

    @classmethod
    def of(cls, words: Mapping[int, bytes], hidden: frozenset[int]) -> "_Part":
        entries = np.array(sorted(words), dtype=np.int64)
        pieces = [np.frombuffer(words[int(one)], "<u4").astype(np.uint64) for one in entries]
        lengths = [len(one) for one in pieces]
        keys = np.concatenate(pieces) if pieces else np.zeros(0, np.uint64)
        keys = (keys << np.uint64(32)) | np.repeat(np.arange(len(entries), dtype=np.uint64), lengths)
        keys.sort()
        return cls(keys, entries, hidden)

    def without(self, hidden: frozenset[int]) -> "_Part":
        return _Part(self.keys, self.entries, hidden)

    def propose(self, words: NDArray[np.uint32], owners_max: int) -> list[Proposed]:
        if not (len(words) and len(self.entries)):
            return []
        asked = words.ravel().astype(np.uint64)
        corners = np.repeat(np.arange(len(words)), WORDS_A_FEATURE)
        first = np.searchsorted(self.keys, asked << np.uint64(32))
        last = np.searchsorted(self.keys, (asked + np.uint64(1)) << np.uint64(32))
        counts = last - first
        telling = (counts > 0) & (counts <= owners_max)
        first, counts, corners = first[telling], counts[telling], corners[telling]
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]]) if len(counts) else counts
        places = np.repeat(first - starts, counts) + np.arange(counts.sum())
        owners = (self.keys[places] & np.uint64(0xFFFFFFFF)).astype(np.int64)
        # A corner votes once for an entry, by however many of its words.
        pairs = np.unique(np.repeat(corners, counts) * len(self.entries) + owners)
        votes = np.bincount(pairs % len(self.entries), minlength=len(self.entries))
        candidates = np.flatnonzero(votes >= VOTES_MIN)
        best = candidates[np.argsort(-votes[candidates], kind="stable")]
        shown = (Proposed(int(self.entries[one]), int(votes[one])) for one in best[: CANDIDATES_MAX + 64])
        return [one for one in shown if one.entry_id not in self.hidden][:CANDIDATES_MAX]
