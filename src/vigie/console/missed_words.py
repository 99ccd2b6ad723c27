"""How was this missed? In words: how near a picture comes to an entry, which level finds it, and what would help.

It compares nothing; `flows.missed` does.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from vigie.console import words
from vigie.console.edit_words import edit_words
from vigie.console.match_reasons import alignment_words, placement_words, score_words
from vigie.flows.missed import Missed
from vigie.matching.nearness import Advice, Nearness

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
    level_advised: str

    @property
    def level_advised_words(self) -> str:
        """The level that is advised, in the reader's language."""
        return words.word(LEVELS, self.level_advised)


def missed_shown(missed: Missed) -> MissedShown:
    """The comparison in words."""
    return MissedShown(
        found_by=_found_by(missed),
        whole=_whole(missed.whole),
        variant=_variant(missed.variant),
        alignment=_alignment(missed),
        advice=_advice(missed.advice),
        level_advised=missed.advice.wanted,
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


def _alignment(missed: Missed) -> tuple[str, ...]:
    if missed.alignment is None:
        if missed.has_features:
            return (_g("Too few corners agree to lay the pictures on each other."),)
        return (_g("Not tried: nothing is kept of this entry that could be aligned."),)
    told = (alignment_words(missed.alignment), *placement_words(missed.alignment.placement))
    return told if missed.score is None else (*told, score_words(missed.score))


def _advice(advice: Advice) -> str:
    return _g(advice.sentence) % {
        "level": words.word(LEVELS, advice.level),
        "wanted": words.word(LEVELS, advice.wanted) if advice.wanted else "",
    }
