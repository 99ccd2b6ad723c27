"""`/v1/evidence/items` and `/v1/evidence/requests`: preserved evidence, asking for it, the second person's word.

Only people come here; what is opened or taken away is in the ledger before the first byte is answered.
"""

from typing import Annotated, Literal

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Path, Query, Router
from ninja.responses import Status

from vigie.api.access import allowed, person_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.v1.evidence_shapes import (
    EvidenceShown,
    Opening,
    Packing,
    PreservedPage,
    PreservedShown,
    PreservedWhole,
    PurgePreview,
    RequestPage,
    RequestSent,
    RequestShown,
    StageName,
    WordSent,
)
from vigie.evidence import requests as service
from vigie.evidence.certificate_pdf import certificate_pdf
from vigie.evidence.certificates import certificate_json, certificate_of
from vigie.evidence.preservation import find_item, preserved_items
from vigie.flows.exporting import locked_package
from vigie.flows.preservation import due_now, holds_of
from vigie.foundation.clock import now
from vigie.foundation.settings import current
from vigie.people.rights import Right

router = Router(tags=["evidence"])

SEALED_SHOWN_MAX = 1_000

ItemNumber = Annotated[str, Path(max_length=20, description="Public number.", examples=["P-000012"])]
RequestNumber = Annotated[str, Path(max_length=20, description="Public number.", examples=["ER-000003"])]


@router.get("/evidence/items", response=PreservedPage, **allowed(Right.EVIDENCE_READ, problems=(422,)))
def list_items(
    request: HttpRequest,
    stage: Annotated[StageName | Literal[""], Query()] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> PreservedPage:
    """Preserved items, newest first, each with what holds it."""
    rows, at = preserved_items(), now()
    rows = rows.filter(stage=stage) if stage else rows
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return PreservedPage(
        items=[PreservedShown.of(one, holds_of(one, at=at)) for one in found], next=following
    )


@router.get("/evidence/due", response=PurgePreview, **allowed(Right.EVIDENCE_READ))
def list_due(request: HttpRequest) -> PurgePreview:
    """What is over its time: what goes with the next round, and what stays and why."""
    return PurgePreview(items=[PreservedShown.of(one.item, one.holds) for one in due_now(at=now())])


@router.get(
    "/evidence/items/{number}", response=PreservedWhole, **allowed(Right.EVIDENCE_READ, problems=(404,))
)
def show_item(request: HttpRequest, number: ItemNumber) -> PreservedWhole:
    """One preserved item."""
    item = find_item(number)
    shown = PreservedShown.of(item, holds_of(item, at=now()))
    sealed = item.items.order_by("sealed_at", "reference")[:SEALED_SHOWN_MAX]
    return PreservedWhole(**shown.model_dump(), sealed=[EvidenceShown.of(one) for one in sealed])


@router.get(
    "/evidence/items/{number}/certificate.{ending}",
    **allowed(Right.EVIDENCE_READ, problems=(404, 422), files=("application/json", "application/pdf")),
)
def show_certificate(
    request: HttpRequest,
    number: ItemNumber,
    ending: Annotated[Literal["json", "pdf"], Path()],
    language: Annotated[Literal["en", "fr"], Query(description="Of the PDF.")] = "en",
) -> HttpResponse:
    """The certificate of a deleted item: signed JSON, or a PDF with it inside."""
    found = certificate_of(find_item(number))
    if ending == "pdf":
        content, media_type = certificate_pdf(found, language=language), "application/pdf"
    else:
        content, media_type = certificate_json(found), "application/json"
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{found.item.number}-certificate.{ending}"'
    return response


@router.post(
    "/evidence/items/{number}/requests",
    response={201: RequestShown},
    **allowed(Right.EVIDENCE_READ, problems=(400, 404, 409, 422)),
)
def ask_for_access(request: HttpRequest, number: ItemNumber, body: RequestSent) -> Status[RequestShown]:
    """Ask to open an item, to export it, or, for an authority, to keep it longer."""
    made = service.ask(number, body.draft(), user=person_of(request), at=now())
    return Status(201, RequestShown.of(made))


@router.get("/evidence/requests", response=RequestPage, **allowed(Right.EVIDENCE_READ, problems=(422,)))
def list_requests(
    request: HttpRequest,
    state: Annotated[Literal["", "requested", "granted", "refused"], Query()] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> RequestPage:
    """Requests, newest first; `requested` ones wait for a second person."""
    rows = service.evidence_requests()
    rows = rows.filter(state=state) if state else rows
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return RequestPage(items=[RequestShown.of(one) for one in found], next=following)


@router.get(
    "/evidence/requests/{number}", response=RequestShown, **allowed(Right.EVIDENCE_READ, problems=(404,))
)
def show_request(request: HttpRequest, number: RequestNumber) -> RequestShown:
    """One request."""
    return RequestShown.of(service.find_request(number))


@router.post(
    "/evidence/requests/{number}/grant",
    response=RequestShown,
    **allowed(Right.EVIDENCE_DECIDE, problems=(400, 404, 409, 422)),
)
def grant(request: HttpRequest, number: RequestNumber, body: WordSent) -> RequestShown:
    """Grant what somebody else asks for; from now on its time runs."""
    user = person_of(request)
    return RequestShown.of(service.grant(number, reason=body.reason, user=user, at=now(), settings=current()))


@router.post(
    "/evidence/requests/{number}/refuse",
    response=RequestShown,
    **allowed(Right.EVIDENCE_DECIDE, problems=(400, 404, 409, 422)),
)
def refuse(request: HttpRequest, number: RequestNumber, body: WordSent) -> RequestShown:
    """Refuse what somebody else asks for, with a reason."""
    return RequestShown.of(service.refuse(number, reason=body.reason, user=person_of(request), at=now()))


@router.post(
    "/evidence/requests/{number}/open",
    **allowed(Right.EVIDENCE_READ, problems=(400, 404, 409, 422), files=("application/octet-stream",)),
)
def open_evidence(request: HttpRequest, number: RequestNumber, body: Opening) -> HttpResponse:
    """One sealed thing in clear, for whoever was granted access. Each opening is in the ledger."""
    sealed, data = service.open_granted(
        number, body.reference, user=person_of(request), at=now(), settings=current()
    )
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = f'attachment; filename="{sealed.reference}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@router.post(
    "/evidence/requests/{number}/package",
    **allowed(Right.EVIDENCE_READ, problems=(400, 404, 409, 413, 422), files=("application/octet-stream",)),
)
def export_package(request: HttpRequest, number: RequestNumber, body: Packing) -> FileResponse:
    """The package of a granted export, locked to the passphrase; `vigie evidence verify` checks it anywhere."""
    found = service.find_request(number)
    file = locked_package(
        number, passphrase=body.passphrase, user=person_of(request), at=now(), settings=current()
    )
    response = FileResponse(file, content_type="application/octet-stream")
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = f'attachment; filename="{found.number}.vigie"'
    return response
