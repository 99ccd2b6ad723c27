"""The Transparency Database: what was sent there, what waits, and what was refused and can be sent again.

It sends nothing; the worker does.
"""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from vigie.console.access import actor_of, needs
from vigie.console.answers import complain, page_of, say
from vigie.console.words import Words
from vigie.foundation.errors import VigieError
from vigie.foundation.settings import current
from vigie.redress.models import Submission
from vigie.redress.transparency import service

STATES: Words = {
    "dead": gettext_lazy("Refused or given up"),
    "pending": gettext_lazy("On the way"),
    "accepted": gettext_lazy("In the database"),
}


@needs("cases:read")
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Submissions of one state, the newest first; the dead ones when there are any."""
    counts = dict(Submission.objects.values_list("state").annotate(count=Count("id")))
    state = request.GET.get("state", "")
    if state not in STATES:
        state = "dead" if counts.get("dead") else "pending" if counts.get("pending") else "accepted"
    rows = Submission.objects.filter(state=state).select_related("statement__case").order_by("-id")
    context = {
        "tabs": [(code, title, counts.get(code, 0)) for code, title in STATES.items()],
        "state": state,
        "is_on": service.is_on(current()),
        "page": page_of(request, rows),
    }
    return render(request, "console/statements/submissions.html", context)


@needs("deliveries:replay")
@require_POST
def replay(request: HttpRequest, number: str) -> HttpResponse:
    """Send a dead one again."""
    try:
        service.replay(number, actor=actor_of(request))
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("The statement is on its way again, with 72 hours of attempts."))
    return redirect("submissions")
