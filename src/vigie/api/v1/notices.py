"""`/v1/notices`: reporting content, what became of it, and what a notifier's record allows.

A notice decides nothing: a person decides its case. What notifiers write is shown only to those who may decide.
"""

from typing import Annotated, Literal, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Path, Query, Router
from ninja.responses import Status

from vigie.api.access import Caller, allowed, caller_of, person_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import CaseNumber, DecisionNumber, Instant, Sent, Shape
from vigie.flows import misuse as misuse_flow
from vigie.flows import notice as flow
from vigie.foundation.errors import Conflict, Invalid, NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.limits import CONTENT_ID_CHARS_MAX, URL_CHARS_MAX
from vigie.foundation.settings import current
from vigie.ledger.actors import person
from vigie.misuse.service import Assessment
from vigie.misuse.steps import Step
from vigie.notices import service
from vigie.notices.channels import Referred
from vigie.notices.flaggers import flagger_of_token
from vigie.notices.models import Notice, TrustedFlagger
from vigie.notices.service import (
    EMAIL_CHARS_MAX,
    NAME_CHARS_MAX,
    TEXT_CHARS_MAX,
    TEXT_CHARS_MIN,
    NoticeDraft,
)
from vigie.people.rights import Right
from vigie.platforms.service import find_platform
from vigie.redress.statements import language_for

router = Router()

Number = Annotated[str, Path(max_length=20, description="Public number.", examples=["N-000021"])]
Category = Literal["terrorism", "violence", "hate", "other"]
NoticeStateName = Literal["queued", "set_aside", "no_action", "acted_law", "acted_terms", "told"]


class NoticeSent(Sent):
    """A notice of content: Regulation (EU) 2022/2065, Article 16(2)."""

    platform: str = Field(
        default="", max_length=60, description="Where it is; a platform's own token needs none."
    )
    url: str = Field(max_length=URL_CHARS_MAX, examples=["https://forum.example/p/8731"])
    content: str = Field(
        default="", max_length=CONTENT_ID_CHARS_MAX, description="The platform's own id, where it is known."
    )
    text: str = Field(
        min_length=TEXT_CHARS_MIN,
        max_length=TEXT_CHARS_MAX,
        description="Why it is illegal.",
        examples=["The poster calls on readers to join the column."],
    )
    category: Category = "terrorism"
    good_faith: bool = Field(description="Reported in good faith, as accurate and complete.")
    name: str = Field(default="", max_length=NAME_CHARS_MAX, description="Never needed.")
    email: str = Field(default="", max_length=EMAIL_CHARS_MAX, description="Never needed.")
    threat_to_life: bool = Field(
        default=False, description="Somebody's life is in danger: a person looks at once."
    )
    language: str = Field(default="", max_length=20, description="Of the answer.")
    referred_by: Literal["", Referred] = Field(
        default="",
        description="How it reached you outside the mechanism of Article 16: then it is a referral, and no notice"
        " under that Article. Empty for a notice.",
    )


class NoticeShown(Shape):
    """A notice and what became of it."""

    number: str = Field(examples=["N-000021"])
    platform: str = Field(examples=["forum"])
    url: str
    category: Category
    flagger: str = Field(description="Name of the trusted flagger; empty for everybody else.")
    came_by: Literal["form", "api", "flagger", Referred] = Field(
        description="How it came. By post, telephone, e-mail or another way it is a referral."
    )
    threat_to_life: bool
    state: NoticeStateName
    outcome: Literal["", "no_action", "acted_law", "acted_terms"]
    received_at: Instant = Field(description="Also when it was confirmed.")
    told_at: Instant | None
    case: CaseNumber | None = Field(description="For staff; null for notifiers.")
    decision: DecisionNumber | None = Field(description="For staff; null for notifiers.")
    wave: int | None = Field(description="How many notices belong together, for staff. Never evidence.")
    text: str | None = Field(description="For people who may decide; null for all others.")
    unfounded: bool = Field(description="Whether a person found it manifestly unfounded.")
    link: str | None = Field(description="The notifier's private address; only in the answer to sending it.")


class NoticePage(Shape):
    """Notices, newest first."""

    items: list[NoticeShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class NotifierShown(Shape):
    """What is known of a notifier: numbers, no name."""

    id: int
    record: str = Field(description="Their record.", examples=["M-000007"])
    decided: int = Field(description="In the time frame.")
    unfounded: int = Field(description="In the time frame.")
    warned_at: Instant | None
    suspended_until: Instant | None
    step: Step = Field(description="What a person may do now.")


@router.post(
    "/notices",
    response={201: NoticeShown},
    tags=["notices"],
    **allowed(Right.NOTICES_WRITE, problems=(404, 422)),
)
def add_notice(request: HttpRequest, body: NoticeSent) -> Status[NoticeShown]:
    """Report content. A trusted flagger within its expertise comes first; nobody is believed for that."""
    caller = caller_of(request)
    flagger = flagger_of_token(caller.token_id)
    name = caller.platform or body.platform
    if not name:
        raise Invalid("Say on which platform it is.")
    settings = current()
    notice = flow.notify(
        NoticeDraft(
            text=body.text,
            url=body.url,
            category=body.category,
            language=language_for(body.language, otherwise=settings.letter_language),
            good_faith=body.good_faith,
            came_by=_came_by(body, flagger),
            name=body.name,
            email=body.email,
            threat_to_life=body.threat_to_life,
            flagger=flagger,
        ),
        platform=find_platform(name),
        content_id=body.content,
        # A service that passes on what others report is no notifier itself: only an e-mail address tells them apart.
        from_address=f"flagger {flagger.name}" if flagger else "",
        actor=caller.actor,
        settings=settings,
    )
    shown = _notice(service.find_notice(notice.number), caller)
    return Status(201, shown.model_copy(update={"link": service.notice_address(notice, settings=settings)}))


@router.get(
    "/notices",
    response=NoticePage,
    tags=["notices"],
    **allowed(Right.CASES_READ, Right.NOTICES_WRITE, problems=(422,)),
)
def list_notices(
    request: HttpRequest,
    state: Annotated[Literal["", "queued", "set_aside", "told"], Query()] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> NoticePage:
    """Notices, newest first; a flagger's token sees its own."""
    caller = caller_of(request)
    rows = _rows(caller).order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return NoticePage(items=[_notice(one, caller) for one in found], next=following)


@router.get(
    "/notices/{number}",
    response=NoticeShown,
    tags=["notices"],
    **allowed(Right.CASES_READ, Right.NOTICES_WRITE, problems=(404,)),
)
def show_notice(request: HttpRequest, number: Number) -> NoticeShown:
    """One notice."""
    return _notice(_find(request, number), caller_of(request))


@router.post(
    "/notices/{number}/take-up",
    response=NoticeShown,
    tags=["notices"],
    **allowed(Right.CASES_DECIDE, problems=(404, 409)),
)
def take_up_notice(request: HttpRequest, number: Number) -> NoticeShown:
    """Look at a notice after all that was set aside because its notifier is suspended."""
    _find(request, number)
    flow.take_up(number, actor=person(person_of(request).pk))
    return _notice(_find(request, number), caller_of(request))


@router.post(
    "/notices/{number}/unfounded",
    response=NoticeShown,
    tags=["notices"],
    **allowed(Right.CASES_DECIDE, problems=(404, 409)),
)
def find_notice_unfounded(request: HttpRequest, number: Number) -> NoticeShown:
    """Find that a notice which led to nothing had manifestly no ground."""
    _find(request, number)
    service.find_unfounded(number, user=person_of(request))
    return _notice(_find(request, number), caller_of(request))


@router.post(
    "/notices/{number}/notifier/{step}",
    response=NotifierShown,
    tags=["notices"],
    **allowed(Right.CASES_DECIDE, problems=(404, 409)),
)
def restrain_notifier(
    request: HttpRequest, number: Number, step: Literal["warn", "suspend"]
) -> NotifierShown:
    """Warn who sent it, or suspend them after a warning; 409 when that is not open now. `/v1/misuse` says more."""
    notice, user, settings = _find(request, number), person_of(request), current()
    if notice.notifier is None:
        raise NotFound("It is not known who sent this notice.")
    record = misuse_flow.record_of(service.who_sent(notice))
    if record is None:
        raise Conflict("Nothing was found about who sent this notice.", code="misuse_step")
    take = misuse_flow.warn if step == "warn" else misuse_flow.suspend
    take(record.number, Assessment(), user=user, settings=settings)
    position = misuse_flow.position_of(record, settings=settings)
    return NotifierShown(
        id=notice.notifier.pk,
        record=record.number,
        decided=position.tally.total,
        unfounded=position.tally.counted,
        warned_at=position.standing.warned_at,
        suspended_until=position.standing.suspended_until,
        step=position.step,
    )


def _came_by(body: NoticeSent, flagger: TrustedFlagger | None) -> Notice.CameBy:
    if not body.referred_by:
        return Notice.CameBy.FLAGGER if flagger else Notice.CameBy.API
    if flagger:
        raise Invalid("What a trusted flagger sends itself is a notice.", hint="Leave `referred_by` out.")
    return Notice.CameBy(body.referred_by)


def _rows(caller: Caller) -> QuerySet[Notice]:
    rows = service.notices()
    if Right.CASES_READ not in caller.rights and not caller.platform:
        rows = rows.filter(flagger__token_id=caller.token_id or 0)
    return rows.filter(content__platform__name=caller.platform) if caller.platform else rows


def _find(request: HttpRequest, number: str) -> Notice:
    notice = _rows(caller_of(request)).filter(pk=parse_public_number("N", number) or 0).first()
    if notice is None:
        raise NotFound("There is no such notice.")
    return notice


def _notice(one: Notice, caller: Caller) -> NoticeShown:
    is_staff = Right.CASES_READ in caller.rights
    # Before the notifier is told, nobody outside is: not even that another decision took the place of one.
    told, waits = one.told, one.decision is None
    state = one.state if is_staff or waits else "told" if told else "queued"
    outcome = one.outcome if is_staff else told.outcome if told else ""
    may_read = caller.user is not None and Right.CASES_DECIDE in caller.rights
    return NoticeShown(
        number=one.number,
        platform=one.content.platform.name,
        url=one.url,
        category=cast(Category, one.category),
        flagger=one.flagger.name if one.flagger else "",
        came_by=cast(Literal["form"], one.came_by),
        threat_to_life=one.threat_to_life,
        state=cast(NoticeStateName, state),
        outcome=cast(Literal["no_action"], outcome),
        received_at=one.received_at,
        told_at=one.told_at if is_staff or told is None else told.at,
        case=one.case.number if one.case and is_staff else None,
        decision=one.decision.number if one.decision and is_staff else None,
        wave=service.wave_size(one) if is_staff else None,
        text=service.notice_text(one, settings=current()) if may_read else None,
        unfounded=one.unfounded,
        link=None,
    )
