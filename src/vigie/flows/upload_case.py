"""What a case about an upload keeps of it: rows of its media and matches, and everything sealed at once.

It opens no case; `upload` does, and calls this within its transaction.
"""

from collections.abc import Sequence

from vigie.cases.models import Case, CaseMatch, CaseMedium
from vigie.evidence.models import EvidenceItem
from vigie.evidence.service import ToSeal, seal_items
from vigie.flows.examination import Examined, Upload, pdq_of
from vigie.foundation.canonical import canonical_json
from vigie.foundation.clock import utc_text
from vigie.foundation.settings import Settings
from vigie.ledger.actors import Actor
from vigie.matching.matches import Match
from vigie.signals.media import MediumLimits, veiled_picture
from vigie.signals.placement import Placement
from vigie.signals.variants import VARIANT_SIGNAL

PREVIEW_SIDE_PX = 320


def match_row(match: Match, examined: Sequence[Examined]) -> CaseMatch:
    """The row of a match, unsaved and without its case."""
    placement = _placement(match, [one for one in examined if one.medium.id == match.query.medium])
    is_variant = match.query.type == VARIANT_SIGNAL
    return CaseMatch(
        entry_id=match.entry_id,
        medium=match.query.medium,
        signal=match.query.type,
        distance_bits=match.distance_bits,
        upload_variant=match.query.variant.write() if is_variant else "",
        entry_variant=match.variant.write() if is_variant else "",
        placement=None if placement is None else placement.write(),
        alignment=None if match.alignment is None else match.alignment.write(),
        score=match.score,
    )


def medium_row(one: Examined) -> CaseMedium:
    """The row of a medium, unsaved and without its case."""
    medium = CaseMedium(external_id=one.medium.id, quarantine_code=one.refused_code)
    medium.pdq_quality = pdq_of(one)[1]
    if one.signals is not None:
        medium.format = one.signals.format
        medium.width_px, medium.height_px = one.signals.width_px, one.signals.height_px
    return medium


def seal_upload(
    case: Case, upload: Upload, examined: Sequence[Examined], *, settings: Settings, actor: Actor
) -> None:
    """Seal text, record, media and previews at once, and note their references in the case."""
    subject = f"case:{case.number}"
    parts = [ToSeal(EvidenceItem.Kind.RECORD, "application/json", _record(upload))]
    if upload.text:
        parts.append(
            ToSeal(
                EvidenceItem.Kind.TEXT,
                "text/plain; charset=utf-8",
                upload.text.encode("utf-8", "surrogatepass"),
            )
        )
    owners: list[tuple[CaseMedium, str]] = []
    for row, one in zip(case.media.order_by("id"), examined, strict=True):
        if not one.medium.data:
            continue
        kind = EvidenceItem.Kind.QUARANTINE if one.refused_code else EvidenceItem.Kind.MEDIUM
        media_type = f"image/{one.signals.format}" if one.signals else "application/octet-stream"
        parts.append(ToSeal(kind, media_type, one.medium.data))
        owners.append((row, "original"))
        if one.signals is not None:
            preview = veiled_picture(
                one.medium.data,
                side_px_max=PREVIEW_SIDE_PX,
                limits=MediumLimits.from_settings(settings),
            )
            parts.append(ToSeal(EvidenceItem.Kind.PREVIEW, "image/png", preview))
            owners.append((row, "preview"))
    items = seal_items(parts, subject=subject, actor=actor, settings=settings)
    case.record = items[0].reference
    rest = items[1:]
    if upload.text:
        case.text = rest[0].reference
        rest = rest[1:]
    for (row, field), item in zip(owners, rest, strict=True):
        setattr(row, field, item.reference)
    CaseMedium.objects.bulk_update({row.pk: row for row, _ in owners}.values(), ["original", "preview"])


def _placement(match: Match, examined: Sequence[Examined]) -> Placement | None:
    """Where the entry lies in the medium as people see it; of the entry's own turning only an alignment knows."""
    if match.alignment is not None:
        return match.alignment.placement
    for one in examined:
        if one.signals is not None:
            placement = match.placement(aspect=one.signals.width_px / one.signals.height_px)
            return None if placement is None else placement.seen_upright(upload=one.upright)
    return match.placement(aspect=1.0)


def _record(upload: Upload) -> bytes:
    """What came with the content and is kept only sealed: the author's handle, links, times."""
    return canonical_json(
        {
            "content": upload.external_id,
            "kind": upload.kind,
            "url": upload.url,
            "author": {"id": upload.author_id, "handle": upload.author_handle},
            "published_at": utc_text(upload.published_at) if upload.published_at else None,
            "language": upload.language,
            "links": list(upload.links),
            "media": [one.id for one in upload.media],
        }
    )
