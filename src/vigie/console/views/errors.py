"""Pages for what cannot be shown: no right, no such page, an error of ours.

They tell nothing about what is behind an address that a person may not open.
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def forbidden(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """403, with the sentence of whoever refused."""
    return _page(request, 403, str(exception) or _("You may not open this page."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; the path is not repeated, it may be anything."""
    return _page(request, 404, _("There is no page at this address."))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose proof of origin is missing or old."""
    return _page(
        request, 403, _("The form was open for too long or came from another site. Load the page again.")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without a query: the database may be what is away."""
    return HttpResponse(render_to_string("500.html"), status=500)


def _page(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    return render(request, "console/problem.html", {"status": status, "sentence": sentence}, status=status)
