"""How was this missed? For a picture and an entry: how near they come, and at which level it is found.

It keeps nothing, and compares with this entry alone: what other entries say is not looked at.
"""

from dataclasses import dataclass

from vigie.banks.models import Entry, EntryFeatures
from vigie.foundation.errors import Invalid
from vigie.foundation.settings import Settings
from vigie.matching.nearness import Advice, FoundBy, Nearness, advice_of, nearest
from vigie.matching.verification import aligned
from vigie.signals.alignment import Alignment
from vigie.signals.media import MediumLimits, look_closely
from vigie.signals.variants import WHOLE, Variant, VariantHash, good_ones


@dataclass(frozen=True, slots=True)
class Missed:
    """How near a picture comes to an entry: as a whole, by variants, and by an alignment where the entry has features.

    `found_by` is the level that finds it; `has_features` says whether the entry can be aligned at all; `score` is
    that of the alignment, with the distance of what is near.
    """

    entry: str
    bank_level: str
    whole: Nearness
    variant: Nearness
    alignment: Alignment | None
    score: float | None
    found_by: FoundBy
    has_features: bool
    advice: Advice


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
    stored = EntryFeatures.objects.filter(entry=entry).first()
    laid = None
    if stored is not None:
        from vigie.signals.aligning import Alignable

        laid = aligned(
            Alignable(seen.plane),
            bytes(stored.locked),
            way="either",
            distance_bits=distance_bits,
            settings=settings,
        )
    score = None if laid is None else laid.score
    if found_by == "none" and 100 * (score or 0.0) >= settings.verified_score_percent_min:
        found_by = "verified"
    return Missed(
        entry=entry.number,
        bank_level=entry.bank.level,
        whole=whole,
        variant=variant,
        alignment=None if laid is None else laid.alignment,
        score=score,
        found_by=found_by,
        has_features=stored is not None,
        advice=advice_of(
            found_by,
            variant,
            level=entry.bank.level,
            can_be_looked_for_closely=bool(banked) and stored is not None,
        ),
    )


def _within(nearness: Nearness, distance_bits_max: int) -> bool:
    return nearness.distance_bits is not None and nearness.distance_bits <= distance_bits_max
