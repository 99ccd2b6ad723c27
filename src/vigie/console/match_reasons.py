"""Why a picture matched an entry, in sentences: the level that finds it, alignment, score, and what both share.

They say what the drawing shows, for whoever does not see it; how near a match is says `edit_words`.
"""

from django.utils.translation import gettext as _g

from vigie.cases.models import CaseMatch
from vigie.signals.alignment import FEATURES_SIGNAL, Alignment
from vigie.signals.placement import Outline, Placement
from vigie.signals.variants import VARIANT_SIGNAL


def match_reasons(match: CaseMatch) -> tuple[str, ...]:
    """The sentences, what matters most first."""
    told = [level_words(match.signal)]
    aligned, placement = match.aligned, match.placed
    if aligned is not None:
        told.append(alignment_words(aligned))
    if placement is not None:
        told.extend(placement_words(placement))
    if match.score is not None:
        told.append(score_words(match.score))
    return tuple(told)


def level_words(signal: str) -> str:
    """By which level a match is found."""
    if signal == VARIANT_SIGNAL:
        return _g("Found from level robust on, by a part or a turn of the picture.")
    if signal == FEATURES_SIGNAL:
        return _g("Found at level verified alone, by corners that both pictures have.")
    if signal == "pdq":
        return _g("Found at every level, by the whole picture.")
    return _g("Found at every level, by the file.")


def alignment_words(alignment: Alignment) -> str:
    """How far two pictures agree that were laid on each other."""
    return _g(
        "Laid on each other, %(inliers)s corners agree, over %(coverage)s %% of what is shared; %(agreement)s %% of its"
        " structure looks alike."
    ) % {
        "inliers": alignment.inliers,
        "coverage": _percent(alignment.coverage),
        "agreement": _percent(alignment.agreement),
    }


def placement_words(placement: Placement) -> tuple[str, ...]:
    """How much both pictures share, and where it lies in each."""
    shares = _g("%(upload)s %% of the upload shows %(entry)s %% of the banked picture.") % {
        "upload": _percent(placement.share_of_upload),
        "entry": _percent(placement.share_of_entry),
    }
    if not (placement.shared_in_upload and placement.shared_in_entry):
        return (shares,)
    return (
        shares,
        _g("In the upload: %(place)s.") % {"place": _place_words(placement.shared_in_upload)},
        _g("In the banked picture: %(place)s.") % {"place": _place_words(placement.shared_in_entry)},
    )


def score_words(score: float) -> str:
    """A calibrated score and what it means."""
    return _g("Score %(score)s of 100: %(meaning)s. It decides nothing alone.") % {
        "score": _percent(min(score, 0.99)),
        "meaning": _score_meaning(score),
    }


def _score_meaning(score: float) -> str:
    if score >= 0.99:
        return _g("almost certainly the banked picture")
    if score >= 0.9:
        return _g("very likely the banked picture")
    if score >= 0.5:
        return _g("rather the banked picture than not")
    return _g("rather another picture")


def _place_words(outline: Outline) -> str:
    """Between which shares of width and height an outline lies."""
    across, down = [x for x, _ in outline], [y for _, y in outline]
    return _g("%(left)s to %(right)s %% of the width and %(top)s to %(bottom)s %% of the height") % {
        "left": _percent(min(across)),
        "right": _percent(max(across)),
        "top": _percent(min(down)),
        "bottom": _percent(max(down)),
    }


def _percent(share: float) -> int:
    return round(100 * share)
