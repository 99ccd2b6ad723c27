"""`/v1/decisions`: what was decided, by whom and why.

Decisions are taken at their case, in `cases`; here they are only read.
"""

from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Path, Query, Router

from vigie.api.access import Caller, allowed, caller_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import GivenInstant
from vigie.api.v1.case_shapes import DecisionPage, DecisionShown
from vigie.cases.models import Decision
from vigie.foundation.errors import NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.people.rights import Right

router = Router(tags=["decisions"])


@router.get("/decisions", response=DecisionPage, **allowed(Right.CASES_READ, problems=(422,)))
def list_decisions(
    request: HttpRequest,
    action: Annotated[Literal["", "keep", "hide", "remove", "remove_and_suspend", "undo"], Query()] = "",
    platform: Annotated[str, Query(max_length=60)] = "",
    taken_by: Annotated[str, Query(max_length=150, description="User name.")] = "",
    since: Annotated[GivenInstant | None, Query(description="Taken at or after.")] = None,
    until: Annotated[GivenInstant | None, Query(description="Taken before.")] = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> DecisionPage:
    """Decisions, newest first."""
    rows = _rows(caller_of(request)).order_by("-id")
    if action:
        rows = rows.filter(action=action)
    if platform:
        rows = rows.filter(case__content__platform__name=platform)
    if taken_by:
        rows = rows.filter(taken_by__username=taken_by)
    if since is not None:
        rows = rows.filter(taken_at__gte=since)
    if until is not None:
        rows = rows.filter(taken_at__lt=until)
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return DecisionPage(items=[DecisionShown.of(one) for one in found], next=following)


@router.get("/decisions/{number}", response=DecisionShown, **allowed(Right.CASES_READ, problems=(404,)))
def show_decision(
    request: HttpRequest, number: Annotated[str, Path(max_length=20, examples=["D-000045"])]
) -> DecisionShown:
    """One decision."""
    pk = parse_public_number("D", number)
    decision = None if pk is None else _rows(caller_of(request)).filter(pk=pk).first()
    if decision is None:
        raise NotFound("There is no such decision.")
    return DecisionShown.of(decision)


def _rows(caller: Caller) -> QuerySet[Decision]:
    rows = Decision.objects.select_related("case", "taken_by", "undoes", "statement")
    return rows.filter(case__content__platform__name=caller.platform) if caller.platform else rows
