"""`/v1/flaggers`: trusted flaggers; `/v1/threats`: threats to life, and what the authorities were told.

Nothing here is sent to an authority: a person does that and notes it.
"""

from typing import Annotated, Literal, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Path, Query, Router
from ninja.responses import Status

from vigie.api.access import Caller, actor_of, allowed, caller_of, person_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import CaseNumber, Instant, Sent, Shape
from vigie.api.v1.notices import Category
from vigie.flows.notice import suspect_threat
from vigie.foundation.settings import current
from vigie.notices import threat_service
from vigie.notices.flaggers import add_flagger as add
from vigie.notices.flaggers import switch_flagger
from vigie.notices.models import Threat, TrustedFlagger
from vigie.people.rights import Right

router = Router()

ThreatNumber = Annotated[str, Path(max_length=20, description="Public number.", examples=["T-000002"])]
FlaggerName = Annotated[str, Path(max_length=60, examples=["flag-watch"])]


class FlaggerToAdd(Sent):
    """A trusted flagger."""

    name: str = Field(min_length=1, max_length=60, examples=["flag-watch"])
    title: str = Field(max_length=200, examples=["Flag Watch"])
    designated_by: str = Field(
        max_length=200, description="The Digital Services Coordinator.", examples=["Arcom"]
    )
    expertise: list[Category] = Field(min_length=1, max_length=4)


class FlaggerShown(Shape):
    """A trusted flagger. Its token is shown once, when it is entered."""

    name: str
    title: str
    designated_by: str
    expertise: list[Category]
    active: bool
    token: str | None


class FlaggerList(Shape):
    """All trusted flaggers, by name."""

    items: list[FlaggerShown]


class ThreatSent(Sent):
    """A suspicion of a threat to somebody's life or safety."""

    case: str = Field(max_length=20, examples=["C-000123"])
    told: str = Field(min_length=10, max_length=10_000, description="What gives rise to it.")


class ThreatSettling(Sent):
    """What a person did about it."""

    outcome: Literal["reported", "dismissed"]
    to: str = Field(
        default="", max_length=300, description="Which authority was informed.", examples=["Europol"]
    )
    reference: str = Field(default="", max_length=200)
    reason: str = Field(default="", max_length=5_000, description="Why there is no threat.")


class ThreatShown(Shape):
    """A threat to life, with the report as it was drafted."""

    number: str = Field(examples=["T-000002"])
    case: CaseNumber
    notice: str | None
    state: Literal["open", "reported", "dismissed"]
    aware_at: Instant
    reported_to: str
    reference: str
    settled_at: Instant | None
    draft: str | None = Field(description="For people who may decide; null for all others.")


class ThreatPage(Shape):
    """Threats, newest first."""

    items: list[ThreatShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


@router.get("/flaggers", response=FlaggerList, tags=["notices"], **allowed(Right.CASES_READ))
def list_flaggers(request: HttpRequest) -> FlaggerList:
    """Trusted flaggers."""
    return FlaggerList(items=[_flagger(one) for one in TrustedFlagger.objects.order_by("name")])


@router.post(
    "/flaggers",
    response={201: FlaggerShown},
    tags=["notices"],
    **allowed(Right.PEOPLE_WRITE, problems=(409, 422)),
)
def add_flagger(request: HttpRequest, body: FlaggerToAdd) -> Status[FlaggerShown]:
    """Enter a trusted flagger; its token is in this answer and nowhere else."""
    flagger, token = add(
        name=body.name,
        title=body.title,
        designated_by=body.designated_by,
        expertise=body.expertise,
        actor=actor_of(request),
    )
    return Status(201, _flagger(flagger).model_copy(update={"token": token}))


@router.post(
    "/flaggers/{name}/{standing}",
    response=FlaggerShown,
    tags=["notices"],
    **allowed(Right.PEOPLE_WRITE, problems=(404, 422)),
)
def switch_flagger_standing(
    request: HttpRequest, name: FlaggerName, standing: Literal["on", "off"]
) -> FlaggerShown:
    """Take a flagger's standing away, or give it back."""
    return _flagger(switch_flagger(name, active=standing == "on", actor=actor_of(request)))


@router.get("/threats", response=ThreatPage, tags=["threats"], **allowed(Right.CASES_READ, problems=(422,)))
def list_threats(
    request: HttpRequest,
    state: Annotated[Literal["", "open", "reported", "dismissed"], Query()] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> ThreatPage:
    """Threats to life, newest first."""
    caller = caller_of(request)
    rows = _threats(caller).order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return ThreatPage(items=[_threat(one, caller) for one in found], next=following)


@router.post(
    "/threats",
    response={201: ThreatShown},
    tags=["threats"],
    **allowed(Right.CASES_DECIDE, problems=(404, 422)),
)
def raise_threat(request: HttpRequest, body: ThreatSent) -> Status[ThreatShown]:
    """Say that a case shows a threat to life: whoever is on call is called, and a report is drafted."""
    caller = caller_of(request)
    threat = suspect_threat(body.case, told=body.told, actor=caller.actor, settings=current())
    return Status(201, _threat(threat, caller))


@router.post(
    "/threats/{number}/settle",
    response=ThreatShown,
    tags=["threats"],
    **allowed(Right.CASES_DECIDE, problems=(404, 409, 422)),
)
def settle_threat(request: HttpRequest, number: ThreatNumber, body: ThreatSettling) -> ThreatShown:
    """Note that the authorities were informed, or why there is no threat."""
    threat_service.settle_threat(
        number,
        outcome=body.outcome,
        to=body.to,
        reference=body.reference,
        reason=body.reason,
        user=person_of(request),
    )
    return _threat(threat_service.find_threat(number), caller_of(request))


def _flagger(one: TrustedFlagger) -> FlaggerShown:
    return FlaggerShown(
        name=one.name,
        title=one.title,
        designated_by=one.designated_by,
        expertise=cast(list[Category], one.expertise),
        active=one.active,
        token=None,
    )


def _threats(caller: Caller) -> QuerySet[Threat]:
    rows = Threat.objects.select_related("case__content__platform", "notice")
    return rows.filter(case__content__platform__name=caller.platform) if caller.platform else rows


def _threat(one: Threat, caller: Caller) -> ThreatShown:
    may_read = caller.user is not None and Right.CASES_DECIDE in caller.rights
    return ThreatShown(
        number=one.number,
        case=one.case.number,
        notice=one.notice.number if one.notice else None,
        state=cast(Literal["open"], one.state),
        aware_at=one.aware_at,
        reported_to=one.reported_to,
        reference=one.reference,
        settled_at=one.settled_at,
        draft=threat_service.threat_draft(one, settings=current()) if may_read else None,
    )
