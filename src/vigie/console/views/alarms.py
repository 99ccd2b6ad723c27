"""Alarms: a platform said that it obeyed, and the content can still be seen.

Noting an alarm ends nothing: Vigie goes on looking until the content is gone or a day is over.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from vigie.console.access import actor_of, needs
from vigie.console.answers import complain, page_of, say
from vigie.console.delivery_words import seen_words, until_words
from vigie.console.names import names_of
from vigie.console.views.lookbacks import open_losses
from vigie.console.words import Words
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.platforms import service
from vigie.platforms.models import Recheck

SHOWN: Words = {
    "open": gettext_lazy("To be looked into"),
    "seen": gettext_lazy("Seen, still there"),
    "over": gettext_lazy("Over"),
}
_THERE = (Recheck.State.DUE, Recheck.State.STILL_THERE, Recheck.State.MISSING)
_QUERIES = {
    "open": Q(state__in=_THERE, alarm_seen_by=""),
    "seen": Q(state__in=_THERE) & ~Q(alarm_seen_by=""),
    "over": ~Q(state__in=_THERE),
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One row of the list."""

    look: Recheck
    seen: str
    next_look: str
    noted_by: str


@needs("platforms:read")
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Alarms, the newest first."""
    alarms = Recheck.objects.filter(alarm_at__isnull=False)
    shown = request.GET.get("show", "open")
    shown = shown if shown in _QUERIES else "open"
    page = page_of(request, alarms.filter(_QUERIES[shown]).select_related("platform").order_by("-alarm_at"))
    names = names_of(one.alarm_seen_by for one in page if one.alarm_seen_by)
    at = now()
    context = {
        "tabs": [(code, title, alarms.filter(_QUERIES[code]).count()) for code, title in SHOWN.items()],
        "shown": shown,
        "losses": open_losses() if shown == "open" else [],
        "page": page,
        "alarms": [
            Alarm(
                look=one,
                seen=seen_words(one.last_seen),
                next_look=until_words(one.due_at, at=at) if one.state == Recheck.State.DUE else "",
                noted_by=names.get(one.alarm_seen_by, one.alarm_seen_by),
            )
            for one in page
        ],
    }
    return render(request, "console/alarms/list.html", context)


@needs("cases:decide", "platforms:write", "deliveries:replay")
@require_POST
def note_seen(request: HttpRequest, recheck_id: int) -> HttpResponse:
    """Say that a person knows of this alarm."""
    try:
        service.note_alarm_seen(recheck_id, actor=actor_of(request))
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("Noted. Vigie goes on looking whether the content is gone."))
    return redirect("alarms")
