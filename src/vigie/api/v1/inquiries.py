"""`/v1/inquiries`: what authors ask about removal orders, and what a person gives them.

A platform asks for its user; where nothing may be told, it reads that there is nothing.
"""

from typing import Annotated, Literal, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Path, Query, Router
from ninja.responses import Status

from vigie.api.access import Caller, allowed, caller_of, person_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import Instant, Sent, Shape
from vigie.flows import order_inquiry
from vigie.foundation.errors import NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.settings import current
from vigie.people.rights import Right
from vigie.redress import inquiries as service
from vigie.redress.models import Inquiry

router = Router(tags=["orders"])

Number = Annotated[str, Path(max_length=20, description="Public number.", examples=["Q-000004"])]


class InquirySent(Sent):
    """A platform asks for the author of a content why an authority had it taken down."""

    content: str = Field(
        min_length=1, max_length=200, description="The platform's own id.", examples=["post-1"]
    )
    language: str = Field(default="", max_length=20, description="Of the answer; empty: as the content.")


class InquiryAnswerSent(Sent):
    """What a person gives the author."""

    form: Literal["reasons", "copy"] = Field(
        default="reasons", description="`copy`: the order as PDF as well, without its officials."
    )
    text: str = Field(
        default="",
        max_length=service.TEXT_BYTES_MAX,
        description="As the author reads it; empty: the draft that Vigie makes of the order.",
    )


class InquiryShown(Shape):
    """An inquiry and its answer."""

    number: str = Field(examples=["Q-000004"])
    order: str | None = Field(description="For people; null for platforms.", examples=["O-000012"])
    platform: str = Field(examples=["forum"])
    content: str = Field(examples=["post-1"])
    language: str
    state: Literal["asked", "answered"]
    asked_at: Instant | None
    answered_at: Instant | None
    form: Literal["", "reasons", "copy"]
    text: str = Field(description="The answer.")
    draft: str | None = Field(description="For people, before the answer: what Vigie would give; null else.")


class InquiryPage(Shape):
    """Inquiries, newest first."""

    items: list[InquiryShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


@router.post("/inquiries", response={201: InquiryPage}, **allowed(Right.CONTENT_WRITE, problems=(404, 422)))
def ask(request: HttpRequest, body: InquirySent) -> Status[InquiryPage]:
    """Ask for the author of a content; one inquiry for each order, however often it is asked."""
    caller = caller_of(request)
    asked = order_inquiry.ask_for_platform(
        platform=caller.platform,
        content=body.content,
        language=body.language,
        actor=caller.actor,
        settings=current(),
    )
    return Status(201, InquiryPage(items=[_shown(one, caller) for one in asked], next=None))


@router.get(
    "/inquiries", response=InquiryPage, **allowed(Right.ORDERS_READ, Right.CONTENT_WRITE, problems=(422,))
)
def list_inquiries(
    request: HttpRequest,
    state: Annotated[Literal["waiting", "all"], Query()] = "waiting",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> InquiryPage:
    """What was asked; a platform sees what it may be told now."""
    caller = caller_of(request)
    rows = _rows(caller).order_by("-id")
    if state == "waiting":
        rows = rows.filter(answered_at=None)
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    shown = [one for one in found if not caller.platform or order_inquiry.is_open(one)]
    return InquiryPage(items=[_shown(one, caller) for one in shown], next=following)


@router.get(
    "/inquiries/{number}",
    response=InquiryShown,
    **allowed(Right.ORDERS_READ, Right.CONTENT_WRITE, problems=(404,)),
)
def show_inquiry(request: HttpRequest, number: Number) -> InquiryShown:
    """One inquiry."""
    caller = caller_of(request)
    found = _rows(caller).filter(pk=parse_public_number("Q", number) or 0).first()
    if found is None or (caller.platform and not order_inquiry.is_open(found)):
        raise NotFound("There is no such inquiry.")
    return _shown(found, caller)


@router.post(
    "/inquiries/{number}/answer",
    response=InquiryShown,
    **allowed(Right.ORDERS_DECIDE, problems=(404, 409, 422)),
)
def answer_inquiry(request: HttpRequest, number: Number, body: InquiryAnswerSent) -> InquiryShown:
    """Give the author the reasons of the order, or a copy as well."""
    user = person_of(request)
    order_inquiry.answer(number, form=body.form, text=body.text, user=user, settings=current())
    return _shown(service.find_inquiry(number), caller_of(request))


def _rows(caller: Caller) -> QuerySet[Inquiry]:
    rows = service.inquiries()
    if caller.platform:
        return rows.filter(content__platform__name=caller.platform)
    return rows if Right.ORDERS_READ in caller.rights else rows.none()


def _shown(one: Inquiry, caller: Caller) -> InquiryShown:
    is_staff = not caller.platform
    may_draft = is_staff and one.answered_at is None and order_inquiry.is_open(one)
    return InquiryShown(
        number=one.number,
        order=one.order if is_staff else None,
        platform=one.content.platform.name,
        content=one.content.external_id,
        language=one.language,
        state=cast(Literal["asked"], one.state),
        asked_at=one.asked_at,
        answered_at=one.answered_at,
        form=cast(Literal["reasons"], one.form),
        text=one.text,
        draft=order_inquiry.draft_reasons(one) if may_draft else None,
    )
