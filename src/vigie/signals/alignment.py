"""An alignment: how an upload lies on an entry's picture, by features that both have, and what that says of an edit.

It measures nothing: `aligning` does. Pure, and light to import. Whoever draws it reads two things from a match of a
case: `CaseMatch.placement` (nine numbers, `Placement.parse`; also of variants, null for whole pictures) and
`CaseMatch.alignment` (`Alignment.parse`; null where pictures were not aligned).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vigie.foundation.errors import Invalid
from vigie.signals.placement import Placement

FEATURES_SIGNAL = "features"
"""What a match is called whose entry was found by local features alone, where no hash was near."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """How an upload lies on an entry's picture, and how far the two agree where they share.

    `degrees`: by how much the entry's picture was turned, anticlockwise, before any mirroring. `inliers`: pairs of
    corners under one map. `support`: their share of the corners that either picture has in the shared area, of the
    one with fewer, 0..1. `coverage`: share of the shared area's cells with corners in both pictures in which some
    agree, 0..1. `agreement`: share of the shared area's structure that looks alike, 0..1. `code_bits`: how many of
    256 bits differ between the codes of a usual pair of corners.
    """

    placement: Placement
    degrees: int
    inliers: int
    support: float
    coverage: float
    agreement: float
    code_bits: int

    @property
    def share_of_upload(self) -> float:
        """How much of the upload's area shows the entry, 0..1."""
        return self.placement.share_of_upload

    @property
    def share_of_entry(self) -> float:
        """How much of the entry's area the upload shows, 0..1."""
        return self.placement.share_of_entry

    @property
    def edit(self) -> str:
        """What was done to the entry's picture, in words."""
        told = []
        if self.degrees:
            side = "" if self.degrees == 180 else f" to the {'left' if self.degrees > 0 else 'right'}"
            told.append(f"turned by about {abs(self.degrees)} degrees{side}")
        if self.placement.is_mirrored:
            told.append("mirrored")
        for share, what in (
            (self.share_of_entry, "of the entry's picture cut off"),
            (self.share_of_upload, "of the upload added"),
        ):
            if round((1 - share) * 100) >= _PERCENT_MIN:
                told.append(f"{round((1 - share) * 100)} % {what}")
        return ", ".join(told) or "slightly changed"

    def write(self) -> dict[str, Any]:
        """The alignment as it is stored, but for its placement."""
        return {
            "degrees": self.degrees,
            "inliers": self.inliers,
            "support": round(self.support, 4),
            "coverage": round(self.coverage, 4),
            "agreement": round(self.agreement, 4),
            "code_bits": self.code_bits,
        }

    @classmethod
    def parse(cls, stored: Mapping[str, Any], placement: Placement) -> "Alignment":
        """The alignment that was written; raises Invalid."""
        try:
            return cls(
                placement,
                degrees=int(stored["degrees"]),
                inliers=int(stored["inliers"]),
                support=float(stored["support"]),
                coverage=float(stored["coverage"]),
                agreement=float(stored["agreement"]),
                code_bits=int(stored["code_bits"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Invalid("This is not how an alignment is written.", code="alignment_malformed") from error


_PERCENT_MIN = 2
