"""`/v1/evidence`: what is sealed, and reading it with a purpose.

Each reading is in the ledger before the first byte is answered.
"""

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Path, Query, Router

from vigie.api.access import actor_of, allowed, person_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import Sent, Shape
from vigie.api.v1.evidence_shapes import EvidenceShown
from vigie.evidence.models import EvidenceItem
from vigie.evidence.service import PURPOSE_CHARS_MAX, PURPOSE_CHARS_MIN, read_item
from vigie.foundation.errors import Conflict
from vigie.foundation.settings import current
from vigie.people.rights import Right
from vigie.signals.media import MediumLimits, clear_picture

router = Router(tags=["evidence"])

CLEAR_SIDE_PX_MAX = 1_600
PICTURES = (EvidenceItem.Kind.MEDIUM, EvidenceItem.Kind.PICTURE, EvidenceItem.Kind.PREVIEW)


class EvidencePage(Shape):
    """Sealed items, oldest first."""

    items: list[EvidenceShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class Reading(Sent):
    """For what evidence is read, and in which form."""

    purpose: str = Field(
        min_length=PURPOSE_CHARS_MIN, max_length=PURPOSE_CHARS_MAX, examples=["complaint of 2026-11-20"]
    )
    form: Literal["original", "clear"] = Field(
        default="original", description="`clear`: a picture made anew as PNG, without metadata."
    )


@router.get("/evidence", response=EvidencePage, **allowed(Right.EVIDENCE_READ, problems=(422,)))
def list_evidence(
    request: HttpRequest,
    subject: Annotated[str, Query(min_length=1, max_length=200, examples=["case:C-000123"])],
    limit: Limit = 50,
    cursor: Cursor = "",
) -> EvidencePage:
    """What is sealed for a case (`case:C-000123`) or an entry (`entry:E-000017`)."""
    rows = EvidenceItem.objects.filter(subject=subject).order_by("reference")
    if cursor:
        rows = rows.filter(reference__gt=position_of(cursor, str)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.reference,))
    return EvidencePage(items=[EvidenceShown.of(one) for one in found], next=following)


@router.post(
    "/evidence/{reference}/read",
    **allowed(
        Right.EVIDENCE_READ,
        problems=(400, 404, 409, 422),
        files=("image/*", "text/plain", "application/json", "application/octet-stream"),
    ),
)
def read_evidence(
    request: HttpRequest, reference: Annotated[str, Path(max_length=36)], body: Reading
) -> HttpResponse:
    """The bytes that were sealed. Who read them and for what is in the ledger before they are answered."""
    person_of(request)
    if body.form == "clear" and not EvidenceItem.objects.filter(pk=reference, kind__in=PICTURES).exists():
        raise Conflict("Only pictures can be made anew.", hint="Ask for the form `original`.")
    item, data = read_item(reference, purpose=body.purpose, actor=actor_of(request), settings=current())
    media_type = item.media_type
    if body.form == "clear":
        limits = MediumLimits.from_settings(current())
        data, media_type = clear_picture(data, side_px_max=CLEAR_SIDE_PX_MAX, limits=limits), "image/png"
    response = HttpResponse(data, content_type=media_type)
    response["Cache-Control"] = "no-store"
    # Hostile bytes: saved, never shown or run by a browser that came here.
    response["Content-Disposition"] = f'attachment; filename="{item.reference}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
