"""`/v1/statements`: what users are told about restrictions, for platforms that pass it on and for staff.

A decision writes them; here they are read, and a platform without webhooks says that it told its user. A platform sees
its own, and none that an authority has withheld.
"""

from typing import Annotated, Literal, cast

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from ninja import Field, Path, Query, Router

from vigie.api.access import Caller, actor_of, allowed, caller_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import CaseNumber, DecisionNumber, Instant, Shape
from vigie.foundation.clock import now
from vigie.foundation.errors import NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.settings import current
from vigie.people.rights import Right
from vigie.redress import service as redress
from vigie.redress.clocks import complaint_until
from vigie.redress.models import Statement

router = Router(tags=["statements"])

Number = Annotated[str, Path(max_length=20, description="Public number.", examples=["S-000012"])]
State = Literal["withheld", "waiting", "sent", "informed", "withdrawn"]


class StatementShown(Shape):
    """A statement of reasons: Regulation (EU) 2022/2065, Article 17."""

    number: str = Field(examples=["S-000012"])
    case: CaseNumber
    decision: DecisionNumber | None = Field(
        description="Null when a rule acted alone, and for the suspension of an account."
    )
    suspension: str | None = Field(
        description="The suspension of an account for misuse that it states, as long as its record is kept.",
        examples=["MS-000012"],
    )
    ends_at: Instant | None = Field(description="When the account's suspension ends.")
    platform: str = Field(examples=["forum"])
    content: str = Field(description="The platform's own id.", examples=["post-8731"])
    author: str = Field(description="The platform's own id of the author.", examples=["u-55"])
    action: Literal["hide", "remove", "remove_and_suspend", "suspend_account"]
    legal_type: str = Field(description="Empty when the ground is the terms.", examples=["a"])
    cause: Literal["own_initiative", "notice", "referral"]
    language: str = Field(examples=["en"])
    text: str
    state: State
    made_at: Instant
    informed_at: Instant | None = Field(description="When the platform took it to tell its user.")
    complaint_until: Instant | None = Field(description="Six calendar months after the day informed.")
    link: str | None = Field(
        description="The user's private link to complain; for a platform's token only, null for everybody else."
    )


class StatementPage(Shape):
    """Statements, newest first."""

    items: list[StatementShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


@router.get(
    "/statements",
    response=StatementPage,
    **allowed(Right.CASES_READ, Right.CONTENT_WRITE, problems=(422,)),
)
def list_statements(
    request: HttpRequest,
    platform: Annotated[str, Query(max_length=60)] = "",
    state: Annotated[Literal["", "waiting"], Query(description="`waiting`: nobody told the user yet.")] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> StatementPage:
    """Statements, newest first."""
    caller = caller_of(request)
    rows = _rows(caller).order_by("-id")
    if platform:
        rows = rows.filter(case__content__platform__name=platform)
    if state == "waiting":
        rows = rows.filter(informed_at=None, requested_at=None, withdrawn_at=None)
        rows = rows.filter(Q(withheld_until=None) | Q(withheld_until__lte=now()))
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return StatementPage(items=[_shown(one, caller) for one in found], next=following)


@router.get(
    "/statements/{number}",
    response=StatementShown,
    **allowed(Right.CASES_READ, Right.CONTENT_WRITE, problems=(404,)),
)
def show_statement(request: HttpRequest, number: Number) -> StatementShown:
    """One statement."""
    return _shown(_find(request, number), caller_of(request))


@router.post(
    "/statements/{number}/informed",
    response=StatementShown,
    **allowed(Right.CONTENT_WRITE, problems=(404,)),
)
def note_user_informed(request: HttpRequest, number: Number) -> StatementShown:
    """Say that the user has it. From this day on the six months run; a second time changes nothing."""
    _find(request, number)
    redress.note_informed(number, actor=actor_of(request))
    return _shown(_find(request, number), caller_of(request))


def _rows(caller: Caller) -> QuerySet[Statement]:
    rows = redress.statements()
    if Right.CASES_READ in caller.rights and not caller.platform:
        return rows
    rows = rows.filter(Q(withheld_until=None) | Q(withheld_until__lte=now()))
    return rows.filter(case__content__platform__name=caller.platform) if caller.platform else rows


def _find(request: HttpRequest, number: str) -> Statement:
    statement = _rows(caller_of(request)).filter(pk=parse_public_number("S", number) or 0).first()
    if statement is None:
        raise NotFound("There is no such statement.")
    return statement


def _shown(one: Statement, caller: Caller) -> StatementShown:
    content = one.case.content
    passes_on = caller.user is None and Right.CONTENT_WRITE in caller.rights
    letter = redress.letter_of(one, at=now(), settings=current()) if passes_on else None
    return StatementShown(
        number=one.number,
        case=one.case.number,
        decision=one.decision.number if one.decision else None,
        suspension=one.suspension.number if one.suspension else None,
        ends_at=one.suspension.until if one.suspension else None,
        platform=content.platform.name,
        content=content.external_id,
        author=content.author_id,
        action=cast(Literal["remove"], one.action),
        legal_type=one.legal_type,
        cause=cast(Literal["notice"], one.cause),
        language=one.language,
        text=one.text,
        state=cast(State, one.state),
        made_at=one.made_at,
        informed_at=one.informed_at,
        complaint_until=complaint_until(one.informed_at) if one.informed_at else None,
        link=letter.link if letter else None,
    )
