"""How was this missed? In words: how near a picture comes to an entry, which level finds it, and what would help.

It compares nothing; `flows.missed` does.
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from vigie.console import words
from vigie.console.edit_words import edit_words
from vigie.console.match_reasons import alignment_words, placement_words, score_words
from vigie.flows.missed import Missed
from vigie.matching.nearness import Nearness

LEVELS: words.Words = {"plain": _("plain"), "robust": _("robust"), "verified": _("verified")}
"""The levels in words, from the lowest."""


@dataclass(frozen=True, slots=True)
class MissedShown:
    """What a page tells. `level_advised` is what the bank could be set to; empty where that would not help."""

    found_by: str
    whole: str
    variant: str
    alignment: tuple[str, ...]
    advice: str
    level_advised: Literal["", "robust", "verified"]

    @property
    def level_advised_words(self) -> str:
        """The level that is advised, in the reader's language."""
        return words.word(LEVELS, self.level_advised)


def missed_shown(missed: Missed, *, has_variants: bool, has_features: bool) -> MissedShown:
    """The comparison in words; `has_variants` and `has_features` are of the entry."""
    return MissedShown(
        found_by=_found_by(missed),
        whole=_whole(missed.whole),
        variant=_variant(missed.variant),
        alignment=_alignment(missed, has_features=has_features),
        advice=_advice(missed, has_variants=has_variants, has_features=has_features),
        level_advised=_level_advised(missed),
    )


def _found_by(missed: Missed) -> str:
    match missed.found_by:
        case "plain":
            return _g("Every level finds it, by the whole picture.")
        case "robust":
            return _g("Level robust finds it, by a part or a turn of the picture.")
        case "verified":
            return _g("Level verified finds it, by corners that both pictures have.")
        case _:
            return _g("No level finds it.")


def _whole(whole: Nearness) -> str:
    if whole.distance_bits is None:
        return _g("The whole picture has too little structure to be compared.")
    return words.counted_bits(whole.distance_bits)


def _variant(variant: Nearness) -> str:
    if variant.distance_bits is None:
        return _g("No part of it has enough structure to be compared.")
    return _g("%(counted)s: %(edit)s") % {
        "counted": words.counted_bits(variant.distance_bits),
        "edit": edit_words(variant.upload, variant.entry),
    }


def _alignment(missed: Missed, *, has_features: bool) -> tuple[str, ...]:
    if missed.alignment is None:
        if has_features:
            return (_g("Too few corners agree to lay the pictures on each other."),)
        return (_g("Not tried: nothing is kept of this entry that could be aligned."),)
    told = (alignment_words(missed.alignment), *placement_words(missed.alignment.placement))
    return told if missed.score is None else (*told, score_words(missed.score))


def _level_advised(missed: Missed) -> Literal["", "robust", "verified"]:
    """The level that finds it, where the bank is below it."""
    if missed.found_by not in ("robust", "verified"):
        return ""
    order = list(LEVELS)
    return missed.found_by if order.index(missed.found_by) > order.index(missed.bank_level) else ""


def _advice(missed: Missed, *, has_variants: bool, has_features: bool) -> str:
    if _level_advised(missed):
        return _g("This bank is at level %(level)s. Set it to level %(wanted)s.") % {
            "level": words.word(LEVELS, missed.bank_level),
            "wanted": words.word(LEVELS, missed.found_by),
        }
    if missed.found_by != "none":
        return _g(
            "This bank is at level %(level)s, so uploads like it are found now. If this one was not, look whether the"
            " entry was paused or removed, or a harmless entry is as near."
        ) % {"level": words.word(LEVELS, missed.bank_level)}
    if missed.variant.distance_bits is None:
        return _g("Only identical files of it can be found: bank the file itself.")
    if not has_variants or not has_features:
        return _g(
            "Set the bank to level verified and bank the entry’s picture again: then cuts, small turns and what is"
            " covered in part are looked for too."
        )
    return _g("They may be different pictures. If they are not, bank this one too.")
