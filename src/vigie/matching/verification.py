"""Verifying matches: each near picture of an entry is laid on the upload, and the match says how far they agree.

It writes nothing and gives no verdict. It looks at candidates alone, a limited number of them a medium.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from vigie.banks.models import Bank, EntryFeatures
from vigie.foundation.secretbox import unlock_bytes
from vigie.foundation.settings import Settings
from vigie.matching.matches import Match
from vigie.signals.alignment import FEATURES_SIGNAL
from vigie.signals.variants import VARIANT_SIGNAL

if TYPE_CHECKING:
    from vigie.signals.aligning import Alignable

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
    from vigie.signals.aligning import Way, align
    from vigie.signals.features import Features
    from vigie.signals.likelihood import score_of

    entry = Features.parse(unlock_bytes(locked, settings=settings))
    by_hash = match.query.type != FEATURES_SIGNAL
    way: Way = "either"
    if by_hash:
        way = "mirrored" if "mirrored" in match.query.variant.orientation else "as it is"
    found = align(upload, entry, way=way)
    if found is None:
        return match
    return replace(
        match,
        alignment=found,
        score=score_of(found, distance_bits=match.distance_bits if by_hash else None),
        distance_bits=match.distance_bits if by_hash else found.code_bits,
    )
