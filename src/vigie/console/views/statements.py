"""Statements of reasons: what users were told, and whether it arrived.

It writes none: a decision does.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vigie.cases.models import Cause
from vigie.console import redress_words
from vigie.console.access import needs
from vigie.console.answers import page_of
from vigie.redress import service as redress
from vigie.redress.models import Submission


@needs("cases:read")
@require_GET
def show_all(request: HttpRequest) -> HttpResponse:
    """Statements, the newest first."""
    rows = redress.statements().order_by("-id")
    cause = request.GET.get("cause", "")
    if cause in Cause.values:
        rows = rows.filter(cause=cause)
    dead = Submission.objects.filter(state=Submission.State.DEAD).count()
    context = {
        "page": page_of(request, rows),
        "cause": cause,
        "causes": redress_words.CAUSES,
        "dead_submissions": dead,
    }
    return render(request, "console/statements/list.html", context)


@needs("cases:read")
@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One statement, as the user reads it."""
    return render(request, "console/statements/show.html", {"statement": redress.find_statement(number)})
