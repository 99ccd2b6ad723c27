"""How was this missed? For a picture and an entry: how near they come, and at which level it is found.

It keeps nothing, and compares with this entry alone: what other entries say is not looked at.
"""

from dataclasses import dataclass
from typing import Literal

from vigie.banks.models import Bank, Entry
from vigie.foundation.errors import Invalid
from vigie.foundation.settings import Settings
from vigie.matching.nearness import Nearness, nearest
from vigie.signals.media import MediumLimits, hash_with_variants
from vigie.signals.variants import WHOLE, Variant, VariantHash, good_ones


@dataclass(frozen=True, slots=True)
class Missed:
    """How near a picture comes to an entry: as a whole, and by variants. `found_by` is the level that finds it."""

    entry: str
    bank_level: str
    whole: Nearness
    variant: Nearness
    found_by: Literal["plain", "robust", "none"]
    advice: str


def how_missed(data: bytes, entry: Entry, *, settings: Settings) -> Missed:
    """Compare a picture with one entry. Raises MediumRefused; Invalid for an entry without a PDQ hash."""
    signals, hashes = hash_with_variants(data, wanted="asked", limits=MediumLimits.from_settings(settings))
    known = [
        VariantHash(WHOLE, bytes(row.value), row.quality or 0) for row in entry.signals.filter(type="pdq")
    ]
    if not known:
        raise Invalid("This entry has no PDQ hash: only identical files are found.", code="entry_without_pdq")
    own = [VariantHash(WHOLE, signals.pdq, signals.pdq_quality)]
    quality_min = settings.pdq_quality_min
    banked = [
        VariantHash(Variant.parse(row.variant), bytes(row.value), row.quality)
        for row in entry.variants.order_by("id")
    ]
    whole = nearest(good_ones(own, quality_min=quality_min), known)
    variant = nearest(good_ones([*hashes, *own], quality_min=quality_min), [*known, *banked])
    found_by: Literal["plain", "robust", "none"] = "none"
    if _within(whole, settings.match_distance_bits_max):
        found_by = "plain"
    elif _within(variant, settings.variant_distance_bits_max):
        found_by = "robust"
    return Missed(
        entry=entry.number,
        bank_level=entry.bank.level,
        whole=whole,
        variant=variant,
        found_by=found_by,
        advice=_advice(found_by, variant, entry, has_variants=bool(banked), settings=settings),
    )


def _within(nearness: Nearness, distance_bits_max: int) -> bool:
    return nearness.distance_bits is not None and nearness.distance_bits <= distance_bits_max


def _advice(found_by: str, variant: Nearness, entry: Entry, *, has_variants: bool, settings: Settings) -> str:
    if found_by == "plain":
        return "The whole picture matches at every level."
    if found_by == "robust":
        if entry.bank.level == Bank.Level.ROBUST:
            return f"Found at level robust, at which this bank is: {variant.edit}."
        return f"Level robust finds it: {variant.edit}. Set the bank to it."
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
