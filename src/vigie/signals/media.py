"""Signals of a medium, and safe pictures of it for people, by the kernel.

It keeps nothing of the medium's metadata: no location, no camera, no time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
import vigie_kernel

from vigie.foundation.errors import Invalid
from vigie.foundation.settings import Settings
from vigie.signals.variants import Variant, VariantHash


class MediumRefused(Invalid):
    """A medium cannot be processed; `code` says why."""

    code = "medium_refused"


SENTENCES = {
    "empty": "The medium has no bytes.",
    "too_many_bytes": "The medium has more bytes than this server takes.",
    "too_many_pixels": "The picture has more pixels than this server takes.",
    "unknown_format": "The medium is not a JPEG, PNG, WebP or GIF picture.",
    "malformed": "The picture is damaged.",
    "unsupported": "The picture uses a variant of its format that is not supported.",
    "timed_out": "Decoding the picture took too long.",
}


LumaPlane = vigie_kernel.LumaPlane
"""The luma of a picture, at most 384 pixels a side, in which local features are found."""

Fidelity = Literal["full", "fast"]
"""Whether a PDQ hash is the one that exchanges compute, or one a few bits away at times for less work."""


@dataclass(frozen=True, slots=True)
class MediumLimits:
    """What one medium may cost: bytes, pixels and milliseconds of decoding; `fast` fidelity saves some of them."""

    bytes_max: int
    pixels_max: int
    time_ms_max: int
    fidelity: Fidelity = "full"

    @classmethod
    def from_settings(cls, settings: Settings) -> "MediumLimits":
        """The operator's limits."""
        return cls(
            settings.medium_bytes_max,
            settings.medium_pixels_max,
            settings.medium_time_ms_max,
            "fast" if settings.hash_fidelity == "fast" else "full",
        )


class MediumSignals(msgspec.Struct, frozen=True):
    """What a still picture looks like. `pdq_quality` runs from 0 to 100; hashes below 50 are not matched."""

    format: str
    width_px: int
    height_px: int
    md5: bytes
    sha256: bytes
    pdq: bytes
    pdq_quality: int


def hash_medium(data: bytes, *, limits: MediumLimits) -> MediumSignals:
    """Signals of a still picture (JPEG, PNG, WebP, first frame of a GIF).

    Raises MediumRefused with one of the codes in `SENTENCES`.
    """
    try:
        found = vigie_kernel.hash_picture(
            data,
            bytes_max=limits.bytes_max,
            pixels_max=limits.pixels_max,
            time_ms_max=limits.time_ms_max,
            fidelity=limits.fidelity,
        )
    except vigie_kernel.MediumRefused as error:
        raise refused(error.code) from error
    return _signals_of(found)


def hash_media(pictures: Sequence[bytes], *, limits: MediumLimits) -> list[MediumSignals | MediumRefused]:
    """`hash_medium` for each of several, one after the other in one call; a refusal in the place of its medium."""
    found = vigie_kernel.hash_pictures(
        pictures,
        bytes_max=limits.bytes_max,
        pixels_max=limits.pixels_max,
        time_ms_max=limits.time_ms_max,
        fidelity=limits.fidelity,
    )
    return [
        refused(one.code) if isinstance(one, vigie_kernel.MediumRefused) else _signals_of(one)
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class CloseLook:
    """Signals of a picture, its variants, and the small luma plane that local features are found in."""

    signals: MediumSignals
    variants: tuple[VariantHash, ...]
    plane: LumaPlane


def look_closely(data: bytes, *, wanted: Literal["asked", "banked"], limits: MediumLimits) -> CloseLook:
    """Signals of a picture, its variants and its luma, from one decoding; raises MediumRefused.

    `asked`: what to look up for an upload. `banked`: what to keep of an entry.
    """
    try:
        found, variants, plane = vigie_kernel.hash_variants(
            data,
            wanted=wanted,
            bytes_max=limits.bytes_max,
            pixels_max=limits.pixels_max,
            time_ms_max=limits.time_ms_max,
        )
    except vigie_kernel.MediumRefused as error:
        raise refused(error.code) from error
    hashes = (
        VariantHash(Variant(one.part, one.window, one.orientation, one.degrees), one.pdq, one.pdq_quality)
        for one in variants
    )
    return CloseLook(_signals_of(found), tuple(hashes), plane)


def dihedral_hashes(data: bytes, *, limits: MediumLimits) -> tuple[list[bytes], int]:
    """PDQ of the picture turned and mirrored in the eight ways of a square, and the quality.

    Order: as it is, turned by 90, 180, 270 degrees, flipped in x, in y, and along both diagonals.
    Raises MediumRefused.
    """
    try:
        found = vigie_kernel.hash_picture_dihedral(
            data,
            bytes_max=limits.bytes_max,
            pixels_max=limits.pixels_max,
            time_ms_max=limits.time_ms_max,
        )
    except vigie_kernel.MediumRefused as error:
        raise refused(error.code) from error
    return list(found.pdq), found.quality


def digest(data: bytes) -> tuple[bytes, bytes]:
    """MD5 (16 bytes) and SHA-256 (32 bytes) of anything."""
    return vigie_kernel.digest_bytes(data)


def clear_picture(data: bytes, *, side_px_max: int, limits: MediumLimits) -> bytes:
    """The picture made anew as a PNG without any metadata, at most `side_px_max` on its longer side."""
    return _render(data, side_px_max=side_px_max, limits=limits, style="clear")


def veiled_picture(data: bytes, *, side_px_max: int, limits: MediumLimits) -> bytes:
    """A grey blur of the picture as a PNG: what people see before they ask for more."""
    return _render(data, side_px_max=side_px_max, limits=limits, style="veiled")


def refused(code: str) -> MediumRefused:
    """The error for a code of `SENTENCES`."""
    return MediumRefused(
        SENTENCES.get(code, "The medium cannot be processed."),
        code=f"medium_{code}",
        hint=_HINTS.get(code, ""),
    )


_HINTS = {
    "too_many_bytes": "The limit is the setting VIGIE_MEDIUM_BYTES_MAX.",
    "too_many_pixels": "The limit is the setting VIGIE_MEDIUM_PIXELS_MAX.",
    "timed_out": "The limit is the setting VIGIE_MEDIUM_TIME_MS_MAX.",
    "unknown_format": "Send the file itself, unchanged, not a page or an archive around it.",
}


def _render(data: bytes, *, side_px_max: int, limits: MediumLimits, style: str) -> bytes:
    try:
        return vigie_kernel.render_picture(
            data,
            side_px_max=side_px_max,
            style=style,  # type: ignore[arg-type]
            bytes_max=limits.bytes_max,
            pixels_max=limits.pixels_max,
            time_ms_max=limits.time_ms_max,
        )
    except vigie_kernel.MediumRefused as error:
        raise refused(error.code) from error


def _signals_of(found: vigie_kernel.PictureSignals) -> MediumSignals:
    return MediumSignals(
        format=found.format,
        width_px=found.width_px,
        height_px=found.height_px,
        md5=found.md5,
        sha256=found.sha256,
        pdq=found.pdq,
        pdq_quality=found.pdq_quality,
    )
