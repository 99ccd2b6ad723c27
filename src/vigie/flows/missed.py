"""How was this missed? For a picture and an entry: how near they come, and at which level it is found.

It keeps nothing, and compares with this entry alone: what other entries say is not looked at.
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_noop

from vigie.banks.models import Bank, Entry, EntryFeatures
from vigie.foundation.errors import Invalid
from vigie.foundation.settings import Settings
from vigie.matching.nearness import Nearness, nearest
from vigie.matching.verification import aligned
from vigie.signals.alignment import Alignment
from vigie.signals.media import MediumLimits, look_closely
from vigie.signals.variants import WHOLE, Variant, VariantHash, good_ones

FoundBy = Literal["plain", "robust", "verified", "none"]
_LEVELS = [str(one) for one in (Bank.Level.PLAIN, Bank.Level.ROBUST, Bank.Level.VERIFIED)]


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do, as one sentence of `level` (the bank's) and `wanted`, the level that is advised; empty for none."""

    sentence: str
    level: str
    wanted: str = ""

    def __str__(self) -> str:
        """In English."""
        return self.sentence % {"level": self.level, "wanted": self.wanted}


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
        advice=_advice(found_by, variant, entry, has_variants=bool(banked), has_features=stored is not None),
    )


def _within(nearness: Nearness, distance_bits_max: int) -> bool:
    return nearness.distance_bits is not None and nearness.distance_bits <= distance_bits_max


def _advice(
    found_by: FoundBy, variant: Nearness, entry: Entry, *, has_variants: bool, has_features: bool
) -> Advice:
    level = Bank.Level(entry.bank.level)
    if found_by in _LEVELS:
        if _LEVELS.index(found_by) > _LEVELS.index(level):
            return Advice(
                gettext_noop("This bank is at level %(level)s. Set it to level %(wanted)s."), level, found_by
            )
        return Advice(
            gettext_noop(
                "This bank is at level %(level)s, so uploads like it are found now. If this one was not, look"
                " whether the entry was paused or removed, or a harmless entry is as near."
            ),
            level,
        )
    if variant.distance_bits is None:
        return Advice(gettext_noop("Only identical files of it can be found: bank the file itself."), level)
    if not has_variants or not has_features:
        return Advice(
            gettext_noop(
                "Set the bank to level verified and bank the entry’s picture again: then cuts, small turns and what"
                " is covered in part are looked for too."
            ),
            level,
        )
    return Advice(gettext_noop("They may be different pictures. If they are not, bank this one too."), level)
