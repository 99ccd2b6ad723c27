"""Published transparency reports, for everybody and without an account.

It shows what was published and nothing else: no draft, no row of the ledger.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vigie.console.views.reports import file_response
from vigie.foundation.errors import NotFound
from vigie.foundation.settings import current
from vigie.reports import service

SHOWN_MAX = 500


@require_safe
def show_all(request: HttpRequest) -> HttpResponse:
    """Every published report, the newest first. Source: (EU) 2024/2835: all versions stay public."""
    return render(
        request, "console/public/published_reports.html", {"reports": service.published()[:SHOWN_MAX]}
    )


@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One report: its files, and the hashes by which anybody can check them."""
    try:
        return render(
            request, "console/public/published_report.html", {"report": service.find_published(number)}
        )
    except NotFound as error:
        raise Http404 from error


@require_safe
def show_file(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """A file as it was published; pages are shown, everything else is saved."""
    try:
        data = service.published_file(number, name, settings=current())
    except NotFound as error:
        raise Http404 from error
    return file_response(name, data, disposition="inline" if name.endswith(".html") else "attachment")
