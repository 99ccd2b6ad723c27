"""Replies to orders of ours by mail: what waits for a person, one reply, and saying what it is.

It decides nothing: `issuing.replies` takes a form in or refuses it.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.console.access import needs, signed_in
from vigie.console.answers import complain, page_of, say
from vigie.console.history import history_of
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.foundation.limits import REASON_CHARS_MAX
from vigie.foundation.settings import current
from vigie.issuing import replies


@needs("issuing:read")
@require_GET
def show_all(request: HttpRequest) -> HttpResponse:
    """What waits first; everything that came in a list of its own."""
    shown = "all" if request.GET.get("show") == "all" else "waiting"
    context = {"shown": shown, "page": page_of(request, replies.replies_in(shown))}
    return render(request, "console/issuing/replies.html", context)


@needs("issuing:read")
@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One reply."""
    reply = replies.find_reply(number)
    context = {
        "reply": reply,
        "waits": reply.state == reply.State.WAITING,
        "may_place": signed_in(request).may("issuing:draft"),
        "history": history_of(f"reply:{number}"),
    }
    return render(request, "console/issuing/reply.html", context)


@needs("issuing:draft")
@require_POST
def place(request: HttpRequest, number: str) -> HttpResponse:
    """Say what it is."""
    try:
        made = replies.place(
            number,
            meaning=request.POST.get("meaning", ""),
            order=request.POST.get("order", "").strip()[:30],
            reason=request.POST.get("reason", "")[: REASON_CHARS_MAX + 1],
            user=signed_in(request),
            at=now(),
            settings=current(),
        )
    except VigieError as error:
        complain(request, error)
        return redirect("issued-reply", number)
    say(request, _("%(number)s is placed.") % {"number": number})
    return redirect("issued", made.order.number) if made.order else redirect("issued-replies")
