"""What an upload looks like: its media decoded and hashed, the look-ups that follow, and one digest of all of it.

It reads no database and gives no verdict; `upload` does.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from vigie.foundation.settings import Settings
from vigie.matching.matches import Query
from vigie.signals.media import (
    MediumLimits,
    MediumRefused,
    MediumSignals,
    digest,
    hash_media,
    look_closely,
)
from vigie.signals.placement import AS_STORED, Upright
from vigie.signals.types.text_sha256 import text_signal
from vigie.signals.variants import VARIANT_SIGNAL, VariantHash, good_ones

if TYPE_CHECKING:
    from vigie.signals.aligning import Alignable

Level = Literal["plain", "robust", "verified"]


class UploadedMedium(msgspec.Struct, frozen=True):
    """A medium as it came: bytes, or signals that the platform computed."""

    id: str
    data: bytes = b""
    signals: Mapping[str, bytes] | None = None
    pdq_quality: int | None = None


class Upload(msgspec.Struct, frozen=True):
    """What a platform asks about. `level` stands in place of the banks' own levels where it is given."""

    platform: str
    external_id: str
    kind: str = "post"
    url: str = ""
    author_id: str = ""
    author_handle: str = ""
    published_at: datetime | None = None
    language: str = ""
    text: str = ""
    links: tuple[str, ...] = ()
    media: tuple[UploadedMedium, ...] = ()
    idempotency_key: str = ""
    level: Level | None = None


class Examined(msgspec.Struct, frozen=True):
    """A medium with its signals, or with the code of why it has none; `alignable` where matches are to be verified."""

    medium: UploadedMedium
    signals: MediumSignals | None
    refused_code: str
    variants: tuple[VariantHash, ...] = ()
    alignable: "Alignable | None" = None
    upright: Upright = AS_STORED


def examine(medium: UploadedMedium, settings: Settings, *, level: Level = "plain") -> Examined:
    """Decode and hash one medium; a refusal of the kernel becomes `refused_code`, one of `SENTENCES`."""
    return examine_all([medium], level=level, limits=MediumLimits.from_settings(settings))[0]


def examine_all(media: Sequence[UploadedMedium], *, level: Level, limits: MediumLimits) -> list[Examined]:
    """`examine` for each of several media, at level plain with one call for all of them."""
    if level != "plain":
        return [_examine_closely(one, level, limits) for one in media]
    hashed = iter(hash_media([one.data for one in media if one.signals is None], limits=limits))
    return [_examined(one, next(hashed)) if one.signals is None else Examined(one, None, "") for one in media]


def _examined(medium: UploadedMedium, hashed: MediumSignals | MediumRefused) -> Examined:
    if isinstance(hashed, MediumRefused):
        return Examined(medium, None, hashed.code.removeprefix("medium_"))
    return Examined(medium, hashed, "")


def _examine_closely(medium: UploadedMedium, level: Level, limits: MediumLimits) -> Examined:
    if medium.signals is not None:
        return Examined(medium, None, "")
    try:
        seen = look_closely(medium.data, wanted="asked", limits=limits)
    except MediumRefused as error:
        return _examined(medium, error)
    if level == "robust":
        return Examined(medium, seen.signals, "", seen.variants, upright=seen.plane.upright)
    from vigie.signals.aligning import Alignable

    return Examined(
        medium, seen.signals, "", seen.variants, Alignable(seen.plane), upright=seen.plane.upright
    )


def queries_of(
    upload: Upload, examined: Sequence[Examined], settings: Settings, *, level: Level = "plain"
) -> list[Query]:
    """What to look up: every signal of the media but PDQ hashes of too low quality, and the text."""
    queries = []
    counts_for: Literal["robust banks", "all banks"] = "robust banks" if upload.level is None else "all banks"
    for one in examined:
        if one.signals is not None:
            queries.append(Query("sha256", one.signals.sha256, one.medium.id))
            queries.append(Query("md5", one.signals.md5, one.medium.id))
        elif one.medium.signals is not None:
            queries.extend(
                Query(name, value, one.medium.id)
                for name, value in one.medium.signals.items()
                if name != "pdq"
            )
        pdq, quality = pdq_of(one)
        if pdq is not None and (quality is None or quality >= settings.pdq_quality_min):
            queries.append(Query("pdq", pdq, one.medium.id))
            if level != "plain" and one.signals is None:
                # Its pixels are not here: the whole is looked up among the variants of entries.
                queries.append(Query(VARIANT_SIGNAL, pdq, one.medium.id, counts_for=counts_for))
        queries.extend(
            Query(VARIANT_SIGNAL, variant.pdq, one.medium.id, variant.variant, counts_for)
            for variant in good_ones(one.variants, quality_min=settings.pdq_quality_min)
        )
    text = text_signal(upload.text)
    if text is not None:
        queries.append(Query("text_sha256", text))
    return queries


def pdq_of(one: Examined) -> tuple[bytes | None, int | None]:
    """PDQ hash and quality (0-100), computed here or given by the platform; None where unknown."""
    if one.signals is not None:
        return one.signals.pdq, one.signals.pdq_quality
    return (one.medium.signals or {}).get("pdq"), one.medium.pdq_quality


def question_digest(upload: Upload, examined: Sequence[Examined]) -> str:
    """What was asked, as one digest: the same version of the same content has the same one."""
    media = [
        {
            "id": one.medium.id,
            "bytes": _digest_of_bytes(one),
            "signals": {name: value.hex() for name, value in (one.medium.signals or {}).items()},
        }
        for one in examined
    ]
    body = {
        "kind": upload.kind,
        "author": upload.author_id,
        "text": upload.text.encode("utf-8", "surrogatepass").hex(),
        "links": upload.links,
        "media": media,
    }
    return digest(_canonical.encode(body))[1].hex()


_canonical = msgspec.json.Encoder(order="sorted")
"""Where all is text, as here, it writes what `canonical_json` does, in a twentieth of the time."""


def _digest_of_bytes(one: Examined) -> str:
    if one.signals is not None:
        return one.signals.sha256.hex()
    return digest(one.medium.data)[1].hex() if one.medium.data else ""
