"""How was this missed? For a picture and an entry: how near they come, and at which level it is found.

It keeps nothing, and compares with this entry alone: what other entries say is not looked at.
"""

from dataclasses import dataclass
from typing import Literal

from vigie.banks.models import Bank, Entry, EntryFeatures
from vigie.foundation.errors import Invalid
from vigie.foundation.secretbox import unlock_bytes
from vigie.foundation.settings import Settings
from vigie.matching.nearness import Nearness, nearest
from vigie.signals.alignment import Alignment
from vigie.signals.media import LumaPlane, MediumLimits, look_closely
from vigie.signals.variants import WHOLE, Variant, VariantHash, good_ones

FoundBy = Literal["plain", "robust", "verified", "none"]


@dataclass(frozen=True, slots=True)
class Missed:
    """How near a picture comes to an entry: as a whole, by variants, and by an alignment where the entry has features.

    `found_by` is the level that finds it; `score` is that of the alignment, with the distance of what is near.
    """

    entry: str
    bank_level: str
    whole: Nearness
    variant: Nearness
    alignment: Alignment | None
    score: float | None
    found_by: FoundBy
    advice: str


def how_missed(data: bytes, entry: Entry, *, settings: Settings) -> Missed:
    """Compare a picture with one entry. Raises MediumRefused; Invalid for an entry without a PDQ hash."""
    seen = look_closely(data, wanted="asked", limits=MediumLimits.from_settings(settings))
    known = [
        VariantHash(WHOLE, bytes(row.value), row.quality or 0) for row in entry.signals.filter(type="pdq")
    ]
    if not known:
        raise Invalid("This entry has no PDQ hash: only identical files are found.", code="entry_without_pdq")
    own = [VariantHash(WHOLE, seen.signals.pdq, seen.signals.pdq_quality)]
    quality_min = settings.pdq_quality_min
    banked = [
        VariantHash(Variant.parse(row.variant), bytes(row.value), row.quality)
        for row in entry.variants.order_by("id")
    ]
    whole = nearest(good_ones(own, quality_min=quality_min), known)
    variant = nearest(good_ones([*seen.variants, *own], quality_min=quality_min), [*known, *banked])
    found_by: FoundBy = "none"
    distance_bits = None
    if _within(whole, settings.match_distance_bits_max):
        found_by, distance_bits = "plain", whole.distance_bits
    elif _within(variant, settings.variant_distance_bits_max):
        found_by, distance_bits = "robust", variant.distance_bits
    alignment, score = _aligned(entry, seen.plane, distance_bits=distance_bits, settings=settings)
    if found_by == "none" and 100 * (score or 0.0) >= settings.verified_score_percent_min:
        found_by = "verified"
    return Missed(
        entry=entry.number,
        bank_level=entry.bank.level,
        whole=whole,
        variant=variant,
        alignment=alignment,
        score=score,
        found_by=found_by,
        advice=_advice(found_by, variant, entry, has_variants=bool(banked), settings=settings),
    )


def _aligned(
    entry: Entry, plane: LumaPlane, *, distance_bits: int | None, settings: Settings
) -> tuple[Alignment | None, float | None]:
    """The alignment with the entry's picture and its score; nothing where the entry has no features."""
    stored = EntryFeatures.objects.filter(entry=entry).first()
    if stored is None:
        return None, None
    from vigie.signals.aligning import Alignable, align
    from vigie.signals.features import Features
    from vigie.signals.likelihood import score_of

    features = Features.parse(unlock_bytes(bytes(stored.locked), settings=settings))
    found = align(Alignable(plane), features)
    return found, None if found is None else score_of(found, distance_bits=distance_bits)


def _within(nearness: Nearness, distance_bits_max: int) -> bool:
    return nearness.distance_bits is not None and nearness.distance_bits <= distance_bits_max


def _advice(found_by: str, variant: Nearness, entry: Entry, *, has_variants: bool, settings: Settings) -> str:
    if found_by == "plain":
        return "The whole picture matches at every level."
    if found_by == "robust":
        if entry.bank.level != Bank.Level.PLAIN:
            return f"Found at level robust, and this bank is at level {entry.bank.level}: {variant.edit}."
        return f"Level robust finds it: {variant.edit}. Set the bank to it."
    if found_by == "verified":
        if entry.bank.level == Bank.Level.VERIFIED:
            return "Found at level verified, at which this bank is, by local features."
        return "Level verified finds it, by local features. Set the bank to it."
    if variant.distance_bits is None:
        return f"No part of this picture has a quality of {settings.pdq_quality_min}: it has too little structure."
    if not has_variants:
        return (
            "No level finds it by the entry's hash alone. Bank the entry's picture again in a bank at level robust:"
            " cuts and small turns are found by its variants."
        )
    return (
        f"No level finds it: the nearest variant is {variant.distance_bits} bits away, and the radius is"
        f" {settings.variant_distance_bits_max}."
    )
