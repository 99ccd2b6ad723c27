"""The page behind the private link of a removal order: the author asks for the reasons, and reads the answer.

It needs no account; a link that may open nothing now looks like one that never was.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from vigie.console.public import client_address, for_everybody, language_of
from vigie.flows import order_inquiry
from vigie.foundation.clock import now
from vigie.foundation.links import TOKEN_CHARS
from vigie.foundation.settings import current
from vigie.ledger.actors import Actor
from vigie.people.doors import pass_door
from vigie.redress.models import Inquiry

PAGE = "console/public/inquiry.html"
OPENED_PER_HOUR_MAX = 120

AUTHOR = Actor("system", "private-link")


@for_everybody
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def show(request: HttpRequest, token: str) -> HttpResponse:
    """What was ordered, and the answer; POST asks for it."""
    inquiry = _opened(request, token)
    if request.method == "POST":
        order_inquiry.ask_by_link(inquiry, actor=AUTHOR)
        return redirect("public-inquiry", token)
    with translation.override(language_of(request, otherwise=inquiry.language)):
        return render(request, PAGE, {"inquiry": inquiry, "token": token})


@for_everybody
@never_cache
@require_GET
@sensitive_variables("token")
def download(request: HttpRequest, token: str) -> HttpResponse:
    """The copy of the order, where a person gave one."""
    inquiry = _opened(request, token)
    copy = order_inquiry.copy_of_order(inquiry)
    if copy is None:
        raise Http404
    response = HttpResponse(copy, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{inquiry.number}.pdf"'
    return response


def _opened(request: HttpRequest, token: str) -> Inquiry:
    address = client_address(request)
    pass_door("private-link", address=address, tries_max=OPENED_PER_HOUR_MAX, at=now(), settings=current())
    inquiry = order_inquiry.open_inquiry(token) if len(token) == TOKEN_CHARS else None
    if inquiry is None:
        raise Http404
    return inquiry
