"""`/v1/issuing`: removal orders that we issue as an authority, the providers and the holds.

A step is a person's: a service reads at most.
"""

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Path, Query, Router, UploadedFile
from ninja.responses import Status

from vigie.api.access import actor_of, allowed, person_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.v1.issuing_register_shapes import (
    HoldPage,
    HoldShown,
    InformedByHand,
    NewHold,
    NewProvider,
    ProviderFields,
    ProviderPage,
    ProviderShown,
)
from vigie.api.v1.issuing_shapes import (
    Draft,
    Figures,
    IssuedPage,
    IssuedRow,
    IssuedShown,
    LetterShown,
    NewDraft,
    StepToTake,
    issued_row,
)
from vigie.flows import issuing as flow
from vigie.flows.issuing_post import form_json, order_pdf
from vigie.foundation.clock import now
from vigie.foundation.errors import TooLarge
from vigie.foundation.settings import current
from vigie.issuing import drafting, holds, providers, sending, service
from vigie.issuing.answers import ANSWER_BYTES_MAX
from vigie.issuing.desk import orders_in
from vigie.issuing.models import Hold, IssuedOrder, Provider
from vigie.issuing.states import DRAFTS, ENDS
from vigie.issuing.steps import step_from
from vigie.issuing.yearly import yearly_figures
from vigie.people.rights import Right

router = Router(tags=["issuing"])

Number = Annotated[str, Path(max_length=30, description="Number of the order.", examples=["RO-000012"])]
Name = Annotated[str, Path(max_length=60, description="Name of the provider.", examples=["example-forum"])]
Year = Annotated[int, Query(ge=2000, le=9998, description="Calendar year in UTC.", examples=[2026])]


@router.get("/issuing/orders", response=IssuedPage, **allowed(Right.ISSUING_READ, problems=(422,)))
def list_issued_orders(
    request: HttpRequest,
    state: Annotated[Literal["all", "draft", "out", "overdue", "ended"], Query()] = "all",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> IssuedPage:
    """Orders of ours, newest first."""
    at = now()
    rows = IssuedOrder.objects.select_related("provider").order_by("-id")
    if state == "overdue":
        rows = orders_in("overdue", at=at).order_by("-id")
    elif state == "draft":
        rows = rows.filter(stage__in=DRAFTS)
    elif state == "ended":
        rows = rows.filter(stage__in=ENDS)
    elif state == "out":
        rows = rows.exclude(stage__in=DRAFTS | ENDS)
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return IssuedPage(items=[IssuedRow(**issued_row(one, at=at)) for one in found], next=following)


@router.post(
    "/issuing/orders",
    response={201: IssuedShown},
    **allowed(Right.ISSUING_DRAFT, problems=(400, 404, 409, 422)),
)
def begin_draft(request: HttpRequest, body: NewDraft) -> Status[IssuedShown]:
    """Begin a draft: from nothing, or with the content of a case."""
    values = {key: value for key, value in body.given().items() if key != "case"}
    order = drafting.begin_draft(
        values, case=body.case, user=person_of(request), at=now(), settings=current()
    )
    return Status(201, _shown(order.number))


@router.get("/issuing/orders/{number}", response=IssuedShown, **allowed(Right.ISSUING_READ, problems=(404,)))
def show_issued_order(request: HttpRequest, number: Number) -> IssuedShown:
    """One order of ours."""
    return _shown(number)


@router.patch(
    "/issuing/orders/{number}",
    response=IssuedShown,
    **allowed(Right.ISSUING_DRAFT, problems=(400, 404, 409, 422)),
)
def change_draft(request: HttpRequest, number: Number, body: Draft) -> IssuedShown:
    """Change fields of a draft; what was found out about it before counts no more."""
    drafting.change_draft(number, body.given(), user=person_of(request), at=now())
    return _shown(number)


@router.post(
    "/issuing/orders/{number}/steps",
    response=IssuedShown,
    **allowed(Right.ISSUING_DRAFT, Right.ISSUING_APPROVE, problems=(400, 404, 409, 422)),
)
def take_issuing_step(request: HttpRequest, number: Number, body: StepToTake) -> IssuedShown:
    """Do one step with an order of ours."""
    step = step_from(body.step, body.values())
    flow.take_step(number, step, user=person_of(request), at=now(), settings=current())
    return _shown(number)


@router.post(
    "/issuing/orders/{number}/proposal",
    response=IssuedShown,
    **allowed(Right.ISSUING_DRAFT, problems=(400, 404, 409, 422)),
)
def propose_change(request: HttpRequest, number: Number, body: Draft) -> IssuedShown:
    """Say how an order that is out should read; a second person sends it so with the step `resend`."""
    flow.propose(number, body.given(), user=person_of(request))
    return _shown(number)


@router.post(
    "/issuing/orders/{number}/answers",
    response=IssuedShown,
    **allowed(Right.ISSUING_DRAFT, problems=(400, 404, 409, 413, 422)),
)
def take_answer_file(request: HttpRequest, number: Number, file: File[UploadedFile]) -> IssuedShown:
    """An Annex II or III as mail, PDF, XML or JSON; what cannot be read is refused and changes nothing."""
    if (file.size or 0) > ANSWER_BYTES_MAX:
        raise TooLarge(f"An answer has at most {ANSWER_BYTES_MAX:,} bytes.")
    flow.take_file(number, file.read(), user=person_of(request), at=now(), settings=current())
    return _shown(number)


@router.get(
    "/issuing/orders/{number}/order.{ending}",
    **allowed(Right.ISSUING_READ, problems=(404, 422), files=("application/pdf", "application/json")),
)
def download_issued_order(
    request: HttpRequest,
    number: Number,
    ending: Literal["pdf", "json"],
    language: Annotated[Literal["en", "fr", "de", "es", "it"], Query()] = "en",
) -> HttpResponse:
    """Annex I as it stands, as PDF or JSON."""
    order = service.find_order(number)
    data = order_pdf(order, language=language) if ending == "pdf" else form_json(order.fields)
    response = HttpResponse(data, content_type="application/pdf" if ending == "pdf" else "application/json")
    response["Content-Disposition"] = f'attachment; filename="{order.number}-annex-i.{ending}"'
    return response


@router.get("/issuing/figures", response=Figures, **allowed(Right.ISSUING_READ, problems=(422,)))
def show_figures(request: HttpRequest, year: Year) -> Figures:
    """The yearly figures, computed from the ledger alone, each with the query behind it."""
    return Figures.of(yearly_figures(year))


@router.get("/issuing/providers", response=ProviderPage, **allowed(Right.ISSUING_READ, problems=(422,)))
def list_providers(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> ProviderPage:
    """The register of providers, by name."""
    rows = Provider.objects.order_by("name")
    if cursor:
        rows = rows.filter(name__gt=position_of(cursor, str)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.name,))
    return ProviderPage(items=[ProviderShown.of(one) for one in found], next=following)


@router.post(
    "/issuing/providers",
    response={201: ProviderShown},
    **allowed(Right.PROVIDERS_WRITE, problems=(400, 409, 422)),
)
def add_provider(request: HttpRequest, body: NewProvider) -> Status[ProviderShown]:
    """Enter a provider."""
    made = providers.add_provider(body.name, body.given(), actor=actor_of(request), settings=current())
    return Status(201, ProviderShown.of(made))


@router.get(
    "/issuing/providers/{name}", response=ProviderShown, **allowed(Right.ISSUING_READ, problems=(404,))
)
def show_provider(request: HttpRequest, name: Name) -> ProviderShown:
    """One provider."""
    return ProviderShown.of(providers.find_provider(name))


@router.patch(
    "/issuing/providers/{name}",
    response=ProviderShown,
    **allowed(Right.PROVIDERS_WRITE, problems=(400, 404, 422)),
)
def change_provider(request: HttpRequest, name: Name, body: ProviderFields) -> ProviderShown:
    """Change an entry."""
    return ProviderShown.of(
        providers.change_provider(name, body.given(), actor=actor_of(request), settings=current())
    )


@router.post(
    "/issuing/providers/{name}/information",
    response={201: LetterShown},
    **allowed(Right.ISSUING_DRAFT, problems=(404, 422)),
)
def inform_provider(request: HttpRequest, name: Name) -> Status[LetterShown]:
    """Send a provider the information on procedures and deadlines, by mail. Source: (EU) 2021/784 Art. 3(2)."""
    providers.find_provider(name)
    letter = sending.inform_provider(name, user=person_of(request), at=now(), settings=current())
    return Status(201, LetterShown.of(letter))


@router.post(
    "/issuing/providers/{name}/informed",
    response=ProviderShown,
    **allowed(Right.ISSUING_DRAFT, problems=(400, 404, 422)),
)
def note_provider_informed(request: HttpRequest, name: Name, body: InformedByHand) -> ProviderShown:
    """Say since when a provider has that information, and how that is known."""
    found = providers.note_informed(
        name, informed_at=body.informed_at, proof=body.proof, user=person_of(request), at=now()
    )
    return ProviderShown.of(found)


@router.get("/issuing/holds", response=HoldPage, **allowed(Right.HOLDS_READ, problems=(422,)))
def list_holds(
    request: HttpRequest,
    ended: Annotated[bool, Query(description="Also those that ended.")] = False,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> HoldPage:
    """What is held, newest first."""
    rows = Hold.objects.order_by("-id")
    if not ended:
        rows = rows.filter(released_at=None, until__gt=now())
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return HoldPage(items=[HoldShown.of(one) for one in found], next=following)


@router.post("/issuing/holds", response={201: HoldShown}, **allowed(Right.HOLDS_WRITE, problems=(400, 422)))
def enter_hold(request: HttpRequest, body: NewHold) -> Status[HoldShown]:
    """Ask that nothing be done about an address, an account or a host without asking."""
    made = holds.enter_hold(**body.model_dump(), user=person_of(request), at=now())
    return Status(201, HoldShown.of(made))


@router.post(
    "/issuing/holds/{hold}/release",
    response=HoldShown,
    **allowed(Right.HOLDS_WRITE, Right.ISSUING_APPROVE, problems=(400, 404, 409)),
)
def release_hold(
    request: HttpRequest,
    hold: Annotated[str, Path(max_length=30, description="Number of the hold.", examples=["H-000003"])],
    reason: Annotated[
        str, Query(max_length=2_000, description="Needed from anybody but who entered it.")
    ] = "",
) -> HoldShown:
    """Let go of a hold: who entered it, or with a reason a person who may approve orders."""
    return HoldShown.of(holds.release_hold(hold, user=person_of(request), at=now(), reason=reason))


def _shown(number: str) -> IssuedShown:
    return IssuedShown.of(service.find_order(number), at=now())
