"""Level verified, measured: what variants find, else what features propose and an alignment bears out.

It banks nothing and needs no database: the same index of features and the same score stand between files.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.edits.looks import SETTINGS, Look, look
from benchmarks.edits.scores import Scheme
from numpy.typing import NDArray

from vigie.foundation.clock import monotonic_s
from vigie.matching.feature_index import FeatureIndex
from vigie.signals.aligning import Alignable, Way, align
from vigie.signals.features import Features, features_of
from vigie.signals.likelihood import score_of

NAME = "Vigie verified"
_NUMBER_BYTES = 8
_ALIGNED_TIMED_MAX = 200


@dataclass(frozen=True)
class Closely:
    """The scheme, and what laying a candidate on an upload took, features of the upload included, milliseconds."""

    scheme: Scheme
    candidate_ms_median: float
    proposed: int


class Entries:
    """What is banked of some files at level verified."""

    def __init__(self, files: Sequence[bytes]) -> None:
        self.looks = [look(one, "banked") for one in files]
        self.features = [Features.parse(features_of(one.plane).write()) for one in self.looks]
        self.index = FeatureIndex(entries_max=SETTINGS.feature_search_entries_max)
        self.words = [one.plane.corners().banked for one in self.looks]
        self.index.change(dict(enumerate(self.words)))
        self._whole, self._whole_owners = _table([one.whole for one in self.looks])
        both = [np.concatenate([one.variants, one.whole]) for one in self.looks]
        self._variants, self._variant_owners = _table(both)

    @property
    def entry_bytes(self) -> float:
        """Codes with their numbers, locked features, and words, a picture."""
        codes = statistics.mean(len(one.whole) + len(one.variants) for one in self.looks)
        stored = statistics.mean(len(one.write()) for one in self.features)
        return codes * (32 + _NUMBER_BYTES) + stored + statistics.mean(len(one) for one in self.words)

    def by_hash(self, upload: Look) -> set[int]:
        """The entries that level robust finds."""
        found: set[int] = set()
        for asked, known, owners, radius in (
            (upload.whole, self._whole, self._whole_owners, SETTINGS.match_distance_bits_max),
            (upload.variants, self._variants, self._variant_owners, SETTINGS.variant_distance_bits_max),
        ):
            if len(asked) and len(known):
                distances = np.bitwise_count(asked[:, None] ^ known[None]).sum(axis=2)
                found.update(int(one) for one in np.unique(owners[(distances <= radius).any(axis=0)]))
        return found

    def others_by_hash(self, upload: Look, shown: frozenset[int]) -> tuple[int, int]:
        """How many pairs of its codes and those of pictures that it does not show there are, and the least distance."""
        other = ~np.isin(self._variant_owners, list(shown))
        codes = np.concatenate([upload.variants, upload.whole])
        known = self._variants[other]
        if not (len(codes) and len(known)):
            return 0, 256
        distances = np.bitwise_count(codes[:, None] ^ known[None]).sum(axis=2)
        return distances.size, int(distances.min())

    def by_features(self, upload: Alignable) -> set[int]:
        """The entries that features propose and an alignment bears out."""
        found = set()
        for one in self.index.propose(upload.corners):
            way: Way = "mirrored" if one.is_mirrored else "as it is"
            alignment = align(upload, self.features[one.entry_id], way=way)
            score = 0.0 if alignment is None else score_of(alignment, distance_bits=None)
            if int(100 * score) >= SETTINGS.verified_score_percent_min:
                found.add(one.entry_id)
        return found


def measured(banked: Sequence[bytes], uploads: Sequence[bytes]) -> Closely:
    """What level verified finds among all uploads, and what it costs."""
    entries = Entries(banked)
    found: set[tuple[int, int]] = set()
    took_ms, candidate_ms, proposed = [], [], 0
    for number, data in enumerate(uploads):
        began_s = monotonic_s()
        seen = look(data, "asked")
        upload = Alignable(seen.plane)
        places = entries.by_hash(seen)
        if not places:
            places = entries.by_features(upload)
            proposed += len(places)
        elif len(candidate_ms) < _ALIGNED_TIMED_MAX:
            aligning_s = monotonic_s()
            align(upload, entries.features[min(places)], way="as it is")
            candidate_ms.append((monotonic_s() - aligning_s) * 1000)
        took_ms.append((monotonic_s() - began_s) * 1000)
        found.update((number, place) for place in places)
    scheme = Scheme(
        name=NAME,
        ours=True,
        asked=frozenset(range(len(uploads))),
        found=frozenset(found),
        took_ms_median=statistics.median(took_ms),
        entry_bytes=entries.entry_bytes,
    )
    return Closely(scheme, statistics.median(candidate_ms) if candidate_ms else 0.0, proposed)


def _table(rows: Sequence[NDArray[np.uint64]]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """All rows under each other, and whose each is."""
    return np.concatenate(rows), np.repeat(np.arange(len(rows)), [len(one) for one in rows])
