"""Deliveries: what was sent to platforms, what waits, and what was given up and can be sent again.

It delivers nothing; replaying puts a message back in the outbox.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from vigie.console.access import actor_of, needs
from vigie.console.answers import complain, page_of, say
from vigie.console.delivery_words import failure_words, until_words
from vigie.console.words import Words
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.ledger import service as ledger
from vigie.ledger.models import OutboxMessage
from vigie.platforms.models import Platform

REPLAYED_AT_ONCE_MAX = 500

STATES: Words = {
    "dead": gettext_lazy("Given up"),
    "pending": gettext_lazy("On the way"),
    "delivered": gettext_lazy("Delivered"),
    "overtaken": gettext_lazy("Overtaken"),
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the list."""

    message: OutboxMessage
    content: str
    measures: list[str]
    case: str
    failure: str
    next_attempt: str
    is_test: bool
    letter: dict[str, str] | None


@needs("platforms:read")
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Messages of one state, the newest first; the dead ones when there are any."""
    counts = dict(OutboxMessage.objects.values_list("state").annotate(count=Count("id")))
    state = request.GET.get("state", "")
    if state not in STATES:
        state = "dead" if counts.get("dead") else "pending" if counts.get("pending") else "delivered"
    receiver = request.GET.get("platform", "")
    rows = OutboxMessage.objects.filter(state=state).order_by("-id")
    if receiver:
        rows = rows.filter(receiver=receiver)
    page = page_of(request, rows)
    context = {
        "tabs": [(code, title, counts.get(code, 0)) for code, title in STATES.items()],
        "state": state,
        "platform": receiver,
        "platforms": Platform.objects.order_by("title").values_list("name", "title"),
        "page": page,
        "deliveries": [_delivery(one) for one in page],
    }
    return render(request, "console/deliveries/list.html", context)


@needs("deliveries:replay")
@require_POST
def replay(request: HttpRequest, message_id: int) -> HttpResponse:
    """Send a dead letter again."""
    try:
        ledger.replay(message_id, actor=actor_of(request))
    except OutboxMessage.DoesNotExist:
        complain(request, _("There is no such message."))
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("The message is on its way again, with 72 hours of attempts."))
    return redirect("deliveries")


@needs("deliveries:replay")
@require_POST
def replay_all(request: HttpRequest) -> HttpResponse:
    """Send every dead letter again, or every one of a platform, in the order they were written."""
    dead = OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD).order_by("id")
    receiver = request.POST.get("platform", "")
    if receiver:
        dead = dead.filter(receiver=receiver)
    actor, done = actor_of(request), 0
    for pk in list(dead.values_list("pk", flat=True)[:REPLAYED_AT_ONCE_MAX]):
        try:
            ledger.replay(pk, actor=actor)
            done += 1
        except VigieError:
            # Somebody else replayed it in the meantime: it is on its way, which was wanted.
            continue
    say(
        request,
        ngettext("%(count)d message is on its way again.", "%(count)d messages are on their way again.", done)
        % {"count": done},
    )
    return redirect("deliveries")


def _delivery(message: OutboxMessage) -> Delivery:
    payload: dict[str, Any] = message.payload if isinstance(message.payload, dict) else {}
    pending = message.state == OutboxMessage.State.PENDING
    return Delivery(
        message=message,
        content=str((payload.get("content") or {}).get("id", message.ordering_key)),
        measures=[str(one) for one in payload.get("measures", [])],
        case=str(payload.get("case") or ""),
        failure=failure_words(message.last_error),
        next_attempt=until_words(message.next_attempt_at, at=now()) if pending else "",
        is_test=payload.get("test") is True,
        letter=payload.get("letter"),
    )
