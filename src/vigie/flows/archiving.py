"""From an upload that was looked at to what the archive keeps of it: signals and names of the platform's own.

Text, links, handles and pictures do not get there; the author does as a keyed hash.
"""

from collections.abc import Sequence
from typing import Protocol

from vigie.cases.service import author_key
from vigie.flows.examination import Examined, Upload, pdq_of
from vigie.foundation.clock import now
from vigie.foundation.settings import Settings
from vigie.matching.archive.records import SeenSignal, SeenUpload, micros
from vigie.matching.matches import Query
from vigie.signals.variants import VARIANT_SIGNAL

QUALITY_UNKNOWN = -1
# Kept otherwise: the whole's hash with its quality, and variants not at all.
_PICTURE_HASHES = ("pdq", VARIANT_SIGNAL)


class Archive(Protocol):
    """Where uploads are kept for lookback; a `Journal` in an API process."""

    @property
    def entries_seq(self) -> int:
        """The newest change of entries that uploads are compared with now."""

    def append(self, upload: SeenUpload) -> None:
        """Keep one; never fails, at worst counts a loss."""


def seen_upload(
    upload: Upload,
    examined: Sequence[Examined],
    queries: Sequence[Query],
    *,
    question: str,
    entries_seq: int,
    settings: Settings,
) -> SeenUpload:
    """What is kept of an upload. Its PDQ hashes of too low quality are kept too: the setting may change."""
    return SeenUpload(
        at_us=micros(now()),
        platform=upload.platform,
        content=upload.external_id,
        kind=upload.kind,
        url=upload.url,
        language=upload.language,
        author_key=author_key(upload.author_id, platform=upload.platform, settings=settings),
        question=bytes.fromhex(question),
        entries_seq=entries_seq,
        signals=_signals(examined, queries),
    )


def _signals(examined: Sequence[Examined], queries: Sequence[Query]) -> tuple[SeenSignal, ...]:
    signals = [
        SeenSignal(one.type, one.value, one.medium) for one in queries if one.type not in _PICTURE_HASHES
    ]
    for one in examined:
        pdq, quality = pdq_of(one)
        if pdq is not None:
            signals.append(
                SeenSignal("pdq", pdq, one.medium.id, QUALITY_UNKNOWN if quality is None else quality)
            )
    return tuple(signals)
