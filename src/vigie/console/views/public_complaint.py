"""The page behind a private link: why somebody was restricted, and the form to object. It needs no account.

It shows one statement and the answer to its complaint; a link that opens nothing looks like one that never was.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from vigie.console.answers import told
from vigie.console.public import client_address, for_everybody, language_of
from vigie.flows.complaint import complain_about
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.foundation.links import TOKEN_CHARS
from vigie.foundation.settings import current
from vigie.ledger.actors import Actor
from vigie.people.doors import pass_door
from vigie.redress import replies
from vigie.redress.clocks import complaint_until, may_complain
from vigie.redress.complaints import TEXT_CHARS_MAX
from vigie.redress.models import Complaint, Statement
from vigie.redress.service import statement_of_link

PAGE = "console/public/complaint.html"
OPENED_PER_HOUR_MAX = 120
SENT_PER_HOUR_MAX = 20

# Whoever has the link is its user: nothing else is known of them.
LINK_HOLDER = Actor("system", "private-link")


@for_everybody
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The statement, and the form or the answer; POST takes the complaint."""
    settings, at = current(), now()
    address = client_address(request)
    pass_door("private-link", address=address, tries_max=OPENED_PER_HOUR_MAX, at=at, settings=settings)
    statement = statement_of_link(token, at=at) if len(token) == TOKEN_CHARS else None
    if statement is None:
        raise Http404
    with translation.override(language_of(request, otherwise=statement.language)):
        if request.method != "POST":
            return render(request, PAGE, _context(statement, {}))
        pass_door("complaint", address=address, tries_max=SENT_PER_HOUR_MAX, at=at, settings=settings)
        text = request.POST.get("text", "")[: TEXT_CHARS_MAX + 1]
        try:
            complain_about(
                statement,
                text,
                came_by=Complaint.CameBy.LINK,
                language=statement.language,
                actor=LINK_HOLDER,
                settings=settings,
            )
        except VigieError as error:
            context = {**_context(statement, {"text": text}), "problem": told(error)}
            return render(request, PAGE, context, status=error.status)
    return redirect("public-complaint", token)


def _context(statement: Statement, form: dict[str, Any]) -> dict[str, Any]:
    complaint = Complaint.objects.filter(statement=statement).first()
    answered = complaint is not None and complaint.is_decided
    return {
        "statement": statement,
        "complaint": complaint,
        "answer": replies.outcome_text(complaint) if complaint is not None and answered else "",
        "received": replies.received_sentence(complaint) if complaint is not None else "",
        "may_complain": complaint is None
        and statement.withdrawn_at is None
        and may_complain(now(), informed_at=statement.informed_at),
        "until": complaint_until(statement.informed_at or now()),
        "text_chars_max": TEXT_CHARS_MAX,
        "form": form,
    }
