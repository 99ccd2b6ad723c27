"""Verifying matches: each near picture of an entry is laid on the upload, and the match says how far they agree.

It writes nothing and gives no verdict. It looks at candidates alone, a limited number of them a medium.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from vigie.banks.models import Bank, EntryFeatures
from vigie.foundation.secretbox import unlock_bytes
from vigie.foundation.settings import Settings
from vigie.matching.matches import Match
from vigie.signals.alignment import FEATURES_SIGNAL, Alignment
from vigie.signals.variants import VARIANT_SIGNAL

if TYPE_CHECKING:
    from vigie.signals.aligning import Alignable, Way

ALIGNED_MAX = 12
"""Entries that are aligned with a medium, the nearest."""

_ALIGNABLE = frozenset({"pdq", VARIANT_SIGNAL, FEATURES_SIGNAL})


def verify(
    matches: Sequence[Match],
    uploads: Mapping[str, "Alignable"],
    *,
    counts_for: Literal["verified banks", "all banks"],
    settings: Settings,
) -> tuple[Match, ...]:
    """The matches in their order, those of pictures in these banks with alignment and score.

    `uploads` are the media to be aligned, by id. What was found by features alone stays only where the alignment
    bears it out.
    """
    fit = [
        one
        for one in matches
        if one.query.type in _ALIGNABLE
        and (counts_for == "all banks" or one.bank_level == Bank.Level.VERIFIED)
    ]
    chosen = _nearest(fit, uploads)
    stored = {
        row.entry_id: bytes(row.locked)
        for row in EntryFeatures.objects.filter(entry__in={one.entry_id for one in chosen}).only("locked")
    }
    verified = []
    for one in matches:
        if one in chosen and one.entry_id in stored:
            one = _aligned(one, uploads[one.query.medium], stored[one.entry_id], settings)
        if one.query.type != FEATURES_SIGNAL or one.has_score_of(settings.verified_score_percent_min):
            verified.append(one)
    return tuple(verified)


@dataclass(frozen=True, slots=True)
class Aligned:
    """How an upload lies on an entry's picture, and the score of it."""

    alignment: Alignment
    score: float


def aligned(
    upload: "Alignable", locked: bytes, *, way: "Way", distance_bits: int | None, settings: Settings
) -> Aligned | None:
    """The upload laid on the entry whose locked features these are; None where too few corners agree.

    `distance_bits` is that of the hashes that are near, None where none are.
    """
    from vigie.signals.aligning import align
    from vigie.signals.features import Features
    from vigie.signals.likelihood import score_of

    found = align(upload, Features.parse(unlock_bytes(locked, settings=settings)), way=way)
    return None if found is None else Aligned(found, score_of(found, distance_bits=distance_bits))


def _nearest(matches: Sequence[Match], uploads: Mapping[str, "Alignable"]) -> list[Match]:
    """What is to be aligned: the nearest of each medium that came with its pixels."""
    counts = dict.fromkeys(uploads, 0)
    chosen = []
    for one in sorted(matches, key=lambda match: match.distance_bits):
        medium = one.query.medium
        if counts.get(medium, ALIGNED_MAX) < ALIGNED_MAX:
            counts[medium] += 1
            chosen.append(one)
    return chosen


def _aligned(match: Match, upload: "Alignable", locked: bytes, settings: Settings) -> Match:
    by_hash = match.query.type != FEATURES_SIGNAL
    found = aligned(
        upload,
        locked,
        way="mirrored" if "mirrored" in match.query.variant.orientation else "as it is",
        distance_bits=match.distance_bits if by_hash else None,
        settings=settings,
    )
    if found is None:
        return match
    return replace(
        match,
        alignment=found.alignment,
        score=found.score,
        distance_bits=match.distance_bits if by_hash else found.alignment.code_bits,
    )
