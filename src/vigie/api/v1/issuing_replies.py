"""`/v1/issuing/replies`: what providers answer by mail, and what a person makes of what no machine could place.

Placing is a person's: a service reads at most.
"""

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Field, Path, Query, Router

from vigie.api.access import allowed, person_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import Instant, Sent, Shape
from vigie.foundation.clock import now
from vigie.foundation.limits import REASON_CHARS_MAX
from vigie.foundation.settings import current
from vigie.issuing import replies
from vigie.issuing.models import Reply
from vigie.people.rights import Right

router = Router(tags=["issuing"])

ReplyNumber = Annotated[str, Path(max_length=30, description="Number of the reply.", examples=["RE-000004"])]


class ReplyShown(Shape):
    """A mail that came to the mailbox for answers."""

    number: str = Field(examples=["RE-000004"])
    state: Literal["waiting", "taken", "repeat", "closed"]
    problem: str = Field(description="Why it waits for a person.", examples=["no_form"])
    order: str = Field(description="The order that it belongs to; empty while nobody knows.")
    sender: str
    dkim: str = Field(description="Whether its domain's DKIM signature holds.", examples=["pass"])
    subject: str
    text: str
    received_at: Instant = Field(description="When the mail server received it.")
    evidence: str = Field(description="Reference of the sealed mail.")
    closed_reason: str

    @classmethod
    def of(cls, one: Reply) -> "ReplyShown":
        """The reply as it is shown."""
        return cls(
            number=one.number,
            state=one.state,  # type: ignore[arg-type]
            problem=one.problem,
            order=one.order.number if one.order else "",
            sender=one.sender,
            dkim=one.dkim,
            subject=one.subject,
            text=one.text,
            received_at=one.received_at,
            evidence=one.evidence,
            closed_reason=one.closed_reason,
        )


class ReplyPage(Shape):
    """Replies: those that wait, the oldest first; all of them, the newest first."""

    items: list[ReplyShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class ReplyPlacing(Sent):
    """What a reply is: the answer to an order, proof that it was received, or noted with a reason."""

    meaning: Literal["answer", "receipt", "noted"]
    order: str = Field(default="", max_length=30, examples=["RO-000012"])
    reason: str = Field(default="", max_length=REASON_CHARS_MAX)


@router.get("/issuing/replies", response=ReplyPage, **allowed(Right.ISSUING_READ, problems=(422,)))
def list_replies(
    request: HttpRequest,
    state: Annotated[Literal["waiting", "all"], Query()] = "waiting",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> ReplyPage:
    """Replies to orders of ours by mail."""
    rows = replies.replies_in(state)
    if cursor:
        pk = position_of(cursor, int)[0]
        rows = rows.filter(pk__gt=pk) if state == "waiting" else rows.filter(pk__lt=pk)
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return ReplyPage(items=[ReplyShown.of(one) for one in found], next=following)


@router.get("/issuing/replies/{reply}", response=ReplyShown, **allowed(Right.ISSUING_READ, problems=(404,)))
def show_reply(request: HttpRequest, reply: ReplyNumber) -> ReplyShown:
    """One reply."""
    return ReplyShown.of(replies.find_reply(reply))


@router.post(
    "/issuing/replies/{reply}/place",
    response=ReplyShown,
    **allowed(Right.ISSUING_DRAFT, problems=(400, 404, 409, 422)),
)
def place_reply(request: HttpRequest, reply: ReplyNumber, body: ReplyPlacing) -> ReplyShown:
    """Say what a reply is that waits: the form in it is taken in, or it proves receipt, or it is noted."""
    placed = replies.place(
        reply,
        meaning=body.meaning,
        order=body.order,
        reason=body.reason,
        user=person_of(request),
        at=now(),
        settings=current(),
    )
    return ReplyShown.of(placed)
