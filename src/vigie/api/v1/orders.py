"""`/v1/orders`: removal orders of authorities, what came in, and what people do with them.

A token of one platform sees none of it: an order may have to stay unknown there.
"""

import json
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Path, Query, Router, UploadedFile
from ninja.responses import Status

from vigie.api.access import actor_of, allowed, caller_of, person_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.v1.order_shapes import (
    AnnexI,
    AnyStep,
    Exposure,
    IntakePage,
    IntakeShown,
    OrderPage,
    OrderRow,
    OrderShown,
    OrderToTake,
    SetAside,
    Taken,
    row_of,
)
from vigie.flows.order import correct, take_step
from vigie.foundation.clock import now
from vigie.foundation.errors import Forbidden, TooLarge
from vigie.foundation.settings import current
from vigie.orders import answers, service
from vigie.orders.form_pdf import answer_json, answer_pdf, order_json, order_pdf
from vigie.orders.intake import INTAKE_BYTES_MAX, take_in
from vigie.orders.models import Order, OrderIntake
from vigie.orders.steps import step_from
from vigie.people.rights import Right

router = Router(tags=["orders"])

Number = Annotated[str, Path(max_length=30, description="Number of the order.", examples=["O-000012"])]
Language = Annotated[Literal["en", "fr", "de", "es", "it", "ar"], Query()]


@router.post("/orders", response={201: Taken}, **allowed(Right.ORDERS_WRITE, problems=(400, 413, 422)))
def take_order(request: HttpRequest, body: OrderToTake) -> Status[Taken]:
    """Take in an order; its hour begins now. The same authority and reference again is a repeat, no second order."""
    _refuse_platform(request)
    raw = json.dumps(body.given(), ensure_ascii=False).encode()
    return Status(201, _taken(_take(request, raw)))


@router.post("/orders/file", response={201: Taken}, **allowed(Right.ORDERS_WRITE, problems=(400, 413, 422)))
def take_order_file(request: HttpRequest, file: File[UploadedFile]) -> Status[Taken]:
    """Take in a mail, PDF, XML or JSON as it is. What cannot be read is kept too, and waits for a person."""
    _refuse_platform(request)
    if (file.size or 0) > INTAKE_BYTES_MAX:
        raise TooLarge(f"An order has at most {INTAKE_BYTES_MAX:,} bytes.")
    return Status(201, _taken(_take(request, file.read())))


@router.get("/orders", response=OrderPage, **allowed(Right.ORDERS_READ, problems=(422,)))
def list_orders(
    request: HttpRequest,
    state: Annotated[
        Literal["all", "open", "ended"], Query(description="`open`: something is owed.")
    ] = "all",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> OrderPage:
    """Removal orders, newest first."""
    _refuse_platform(request)
    rows = Order.objects.order_by("-id")
    ended = ("not_genuine", "final", "annulled")
    if state == "open":
        rows = rows.exclude(stage__in=ended)
    elif state == "ended":
        rows = rows.filter(stage__in=ended)
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return OrderPage(items=[OrderRow(**row_of(one)) for one in found], next=following)


@router.get("/orders/exposure", response=Exposure, **allowed(Right.ORDERS_READ))
def show_exposure(request: HttpRequest) -> Exposure:
    """How many orders became final in the last twelve months, which may lead to exposure under Article 5."""
    _refuse_platform(request)
    return Exposure(**service.exposure(at=now()))


@router.get("/orders/intakes", response=IntakePage, **allowed(Right.ORDERS_READ, problems=(422,)))
def list_intakes(
    request: HttpRequest,
    state: Annotated[Literal["", "taken", "repeat", "quarantined", "set_aside"], Query()] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> IntakePage:
    """Everything that came in, newest first; `quarantined` waits for a person."""
    _refuse_platform(request)
    rows = OrderIntake.objects.select_related("order").order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return IntakePage(items=[IntakeShown.of(one) for one in found], next=following)


@router.post(
    "/orders/intakes/{number}/order",
    response=Taken,
    **allowed(Right.ORDERS_DECIDE, problems=(400, 404, 409, 422)),
)
def make_order_of_intake(request: HttpRequest, number: Number, body: AnnexI) -> Taken:
    """Make an order of what nobody could read, with what a person read in it; its hour began at receipt."""
    user = person_of(request)
    fields = {key: value for key, value in body.given().items() if key != "form"}
    return _taken(service.order_of_intake(number, fields, user=user, settings=current()))


@router.post(
    "/orders/intakes/{number}/set-aside",
    response=IntakeShown,
    **allowed(Right.ORDERS_DECIDE, problems=(400, 404, 409, 422)),
)
def set_intake_aside(request: HttpRequest, number: Number, body: SetAside) -> IntakeShown:
    """Say that what came in is no order; it stays kept."""
    return IntakeShown.of(service.set_aside(number, reason=body.reason, user=person_of(request)))


@router.get("/orders/{number}", response=OrderShown, **allowed(Right.ORDERS_READ, problems=(404,)))
def show_order(request: HttpRequest, number: Number) -> OrderShown:
    """One order."""
    _refuse_platform(request)
    return OrderShown.of(service.find_order(number))


@router.patch(
    "/orders/{number}",
    response=OrderShown,
    **allowed(Right.ORDERS_DECIDE, problems=(400, 404, 409, 422)),
)
def correct_order(request: HttpRequest, number: Number, body: AnnexI) -> OrderShown:
    """Fill in or mend fields that could not be read."""
    fields = {key: value for key, value in body.given().items() if key != "form"}
    return OrderShown.of(correct(number, fields, user=person_of(request), at=now(), settings=current()))


@router.post(
    "/orders/{number}/steps",
    response=OrderShown,
    **allowed(Right.ORDERS_DECIDE, problems=(400, 404, 409, 422)),
)
def take_order_step(request: HttpRequest, number: Number, body: AnyStep) -> OrderShown:
    """Do one step with an order: execute, refuse, answer by Annex III, scrutiny, finality, non-disclosure."""
    user = person_of(request)
    values = body.model_dump(exclude={"step"})
    return OrderShown.of(
        take_step(number, step_from(body.step, values), user=user, at=now(), settings=current())
    )


@router.get(
    "/orders/{number}/answer.{ending}",
    **allowed(Right.ORDERS_READ, problems=(404, 422), files=("application/pdf", "application/json")),
)
def download_answer(
    request: HttpRequest, number: Number, ending: Literal["pdf", "json"], language: Language = "en"
) -> HttpResponse:
    """The form that was made last: Annex II or III, as PDF or JSON."""
    _refuse_platform(request)
    answer = answers.last_answer(service.find_order(number))
    data = answer_pdf(answer, language=language) if ending == "pdf" else answer_json(answer)
    return _file(data, f"{answers.title_of(answer)}.{ending}", ending)


@router.get(
    "/orders/{number}/order.{ending}",
    **allowed(Right.ORDERS_READ, problems=(404, 422), files=("application/pdf", "application/json")),
)
def download_order(
    request: HttpRequest, number: Number, ending: Literal["pdf", "json"], language: Language = "en"
) -> HttpResponse:
    """Annex I as Vigie read it, as PDF or JSON. The bytes that came in are evidence."""
    _refuse_platform(request)
    order = service.find_order(number)
    data = order_pdf(order, language=language) if ending == "pdf" else order_json(order)
    return _file(data, f"{order.number}-annex-i.{ending}", ending)


def _take(request: HttpRequest, raw: bytes) -> OrderIntake:
    at = now()
    return take_in(
        raw,
        channel=OrderIntake.Channel.API,
        received_at=at,
        at=at,
        actor=actor_of(request),
        settings=current(),
    )


def _taken(intake: OrderIntake) -> Taken:
    order = None if intake.order_id is None else Order.objects.get(pk=intake.order_id)
    return Taken(intake=IntakeShown.of(intake), order=None if order is None else OrderShown.of(order))


def _file(data: bytes, name: str, ending: str) -> HttpResponse:
    media_type = "application/pdf" if ending == "pdf" else "application/json"
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _refuse_platform(request: HttpRequest) -> None:
    if caller_of(request).platform:
        raise Forbidden("A platform's token knows of no orders.", hint="Use a token without a platform.")
