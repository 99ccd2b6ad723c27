"""Finds, for an upload, the entries whose pictures have corners in common with it: what no hash comes near to.

It looks through a limited number of entries and proposes; an alignment has to confirm what it proposes.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vigie_kernel import CornerWords, WordIndex

CANDIDATES_MAX = 3
VOTES_MIN = 8
"""Corners that must lie alike in an entry and the upload before it is proposed; by chance they are rarely as many."""

_RECENT_MAX = 256
_OWNERS_MAX = 32
"""A word that more corners of entries have tells nothing, and costs a look at each."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """An entry that shares so many corners (`votes`) with the upload, as it is or mirrored."""

    entry_id: int
    votes: int
    is_mirrored: bool


class FeatureIndex:
    """The words of entries, in two parts: many, and what came lately. Threads may share it."""

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
                self._parts = (_Part.of(self._words),)
            elif self._recent:
                latest = {one: self._words[one] for one in self._recent if one in self._words}
                self._parts = (self._parts[0].without(frozenset(self._recent)), _Part.of(latest))

    def propose(self, corners: CornerWords) -> list[Proposed]:
        """The entries that share most corners with the picture, at most three, most votes first, then lowest id."""
        found = [one for part in self._parts for one in part.propose(corners)]
        # An entry is laid on the upload once, the way in which more corners agree.
        best: dict[int, Proposed] = {}
        for one in sorted(found, key=lambda one: (-one.votes, one.entry_id)):
            best.setdefault(one.entry_id, one)
        return list(best.values())[:CANDIDATES_MAX]


@dataclass(frozen=True)
class _Part:
    """The words of some entries; those of `hidden` count no more."""

    words: WordIndex
    entries: tuple[int, ...]
    hidden: frozenset[int] = frozenset()

    @classmethod
    def of(cls, words: Mapping[int, bytes]) -> "_Part":
        entries = tuple(sorted(words))
        return cls(WordIndex([words[one] for one in entries]), entries)

    def without(self, hidden: frozenset[int]) -> "_Part":
        return _Part(self.words, self.entries, hidden)

    def propose(self, corners: CornerWords) -> list[Proposed]:
        shared = self.words.shared(corners, votes_min=VOTES_MIN, owners_max=_OWNERS_MAX)
        found = (Proposed(self.entries[place], votes, mirrored) for place, votes, mirrored in shared)
        return [one for one in found if one.entry_id not in self.hidden]
