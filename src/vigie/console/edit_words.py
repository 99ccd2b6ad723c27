"""A match in words for people, and what was done to a picture that was found by a part of it or a turn.

It says what the variants tell and guesses no intention.
"""

from django.utils.formats import number_format
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from vigie.cases.models import CaseMatch
from vigie.console import words
from vigie.signals.alignment import FEATURES_SIGNAL, Alignment
from vigie.signals.variants import EVENED, VARIANT_SIGNAL, WHOLE, Variant, Window


def match_words(match: CaseMatch) -> str:
    """How near a match is, and by which edit where it is of a part of the picture."""
    if match.signal == FEATURES_SIGNAL:
        return _aligned_words(match.aligned)
    if match.signal != VARIANT_SIGNAL:
        return words.distance_words(match.signal, match.distance_bits)
    edit = edit_words(Variant.parse(match.upload_variant), Variant.parse(match.entry_variant))
    return _g("Edited copy: %(edit)s. %(nearness)s") % {
        "edit": edit,
        "nearness": words.counted_bits(match.distance_bits),
    }


def _aligned_words(alignment: Alignment | None) -> str:
    """What laying both pictures on each other says, in the reader's language; see `Alignment.edit`."""
    if alignment is None:
        return _g("Edited copy")
    told = []
    if alignment.degrees:
        told.append(
            _g("turned by about %(degrees)s degrees") % {"degrees": number_format(abs(alignment.degrees))}
        )
    if alignment.placement.is_mirrored:
        told.append(_g("mirrored"))
    shares = _g("%(upload)s %% of the upload shows %(entry)s %% of the entry’s picture") % {
        "upload": round(100 * alignment.share_of_upload),
        "entry": round(100 * alignment.share_of_entry),
    }
    return _g("Edited copy: %(edit)s. %(nearness)s") % {
        "edit": ", ".join([*told, shares]),
        "nearness": _g("%(count)s corners agree.") % {"count": alignment.inliers},
    }


def edit_words(upload: Variant, entry: Variant) -> str:
    """What was done to the entry's picture, in the reader's language; see `signals.variants.in_words`."""
    told = []
    if upload.orientation != WHOLE.orientation:
        told.append(str(_ORIENTATIONS.get(upload.orientation, upload.orientation)))
    if entry.degrees:
        told.append(
            _g("turned by about %(degrees)s degrees") % {"degrees": number_format(abs(entry.degrees))}
        )
    if entry.cuts:
        told.append(_g("a part of the picture cut off: %(edges)s") % {"edges": _edges(entry.window)})
    if upload.part == EVENED:
        told.append(_g("a bar of %(percent)s %% of the upload") % {"percent": round(100 * upload.window[0])})
    elif upload.window != WHOLE.window:
        told.append(_g("something added around it: %(edges)s") % {"edges": _edges(upload.window)})
    return ", ".join(told) or _g("slightly changed")


_ORIENTATIONS = {
    "mirrored": _("mirrored"),
    "upside_down": _("upside down"),
    "upside_down_mirrored": _("upside down and mirrored"),
    "turned_left": _("turned by 90 degrees to the left"),
    "turned_right": _("turned by 90 degrees to the right"),
    "turned_left_mirrored": _("turned by 90 degrees and mirrored"),
    "turned_right_mirrored": _("turned by 90 degrees and mirrored"),
}


def _edges(window: Window) -> str:
    """What lies outside of a window, in percent of each side that has any."""
    left, top, right, bottom = window
    sides = {_g("left"): left, _g("above"): top, _g("right"): 1 - right, _g("below"): 1 - bottom}
    return ", ".join(f"{side} {round(share * 100)} %" for side, share in sides.items() if round(share * 100))
