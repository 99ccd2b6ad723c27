"""What views answer with: messages on the next page, errors in words, pages of a list, moves for htmx.

It translates sentences and swallows none of them: an error that a person can mend keeps its form.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from vigie.foundation.errors import VigieError

PER_PAGE = 50

M = TypeVar("M", bound=Model)


def told(error: VigieError) -> str:
    """An error for a person: its sentence and the way out, in the language of the request."""
    sentence = gettext(error.sentence)
    return f"{sentence} {gettext(error.hint)}" if error.hint else sentence


def say(request: HttpRequest, sentence: str, *, undo: str = "") -> None:
    """Show that something was done on the next page; with the number of a case as `undo` it can be taken back there."""
    messages.success(request, sentence, extra_tags=f"undo {undo}" if undo else "")


def warn(request: HttpRequest, sentence: str) -> None:
    """Show on the next page that something is to be noted."""
    messages.warning(request, sentence)


def complain(request: HttpRequest, error: VigieError | str) -> None:
    """Show on the next page why something was not done."""
    messages.error(request, told(error) if isinstance(error, VigieError) else error)


def go(request: HttpRequest, where: str) -> HttpResponse:
    """Send the browser on: a redirect for a form, `HX-Redirect` for htmx. `where` is a path or the name of a route."""
    target = redirect(where)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target.url})
    return target


def refuse(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    error: VigieError,
    *,
    status: int | None = None,
) -> HttpResponse:
    """The same page again with the error in words as `problem`, and with what was typed.

    htmx swaps only successful answers, so it gets status 200.
    """
    is_fragment = bool(request.headers.get("HX-Request"))
    shown = {**context, "problem": told(error), "problem_code": error.code}
    return render(request, template, shown, status=200 if is_fragment else status or error.status)


def page_of(request: HttpRequest, rows: "QuerySet[M]", *, per_page: int = PER_PAGE) -> "Page[M]":
    """The page of `rows` that `?page=` asks for; the nearest one that exists when there is no such page."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))
