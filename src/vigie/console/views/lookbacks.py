"""Lookbacks: those of a bank, one with its progress and finds; and the archive that they look through.

It looks back nowhere itself: the worker does, and these pages say how far it is.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.banks import service as banks
from vigie.cases.models import Case
from vigie.console.access import actor_of, needs
from vigie.console.answers import complain, go, page_of, say
from vigie.console.names import names_of
from vigie.foundation.errors import VigieError
from vigie.foundation.identifiers import public_number
from vigie.foundation.settings import current
from vigie.matching import lookbacks
from vigie.matching.archive import service as archives
from vigie.matching.models import ArchiveLoss, Lookback, LookbackFind
from vigie.platforms.models import Platform
from vigie.platforms.service import find_platform

RECENT = 10


@dataclass(frozen=True, slots=True)
class FindShown:
    """An upload that was found, by its case; `case` is None for a reader who may not see cases."""

    case_number: str
    entry_number: str
    nearest: int
    outcome: str
    case: Case | None


@needs("banks:read")
@require_GET
def show_of_bank(request: HttpRequest, name: str) -> HttpResponse:
    """The lookbacks for entries of a bank, newest first."""
    bank = banks.find_bank(name)
    page = page_of(request, Lookback.objects.filter(bank=name).order_by("-id"))
    context = {"bank": bank, "tab": "lookbacks", "page": page, "lookbacks": list(page), "settings": current()}
    return render(request, "console/lookbacks/of_bank.html", context)


@needs("banks:write")
@require_POST
def begin_for_bank(request: HttpRequest, name: str) -> HttpResponse:
    """Look for every entry of a bank."""
    try:
        lookback = lookbacks.ask_for_bank(name, actor=actor_of(request), settings=current())
    except VigieError as error:
        complain(request, error)
        return redirect("bank-lookbacks", name)
    return redirect("lookback", lookback.number)


@needs("banks:write")
@require_POST
def begin_for_entry(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """Look for one entry."""
    try:
        lookback = lookbacks.ask_for_entries([number], actor=actor_of(request), settings=current())
    except VigieError as error:
        complain(request, error)
        return redirect("entry", name, number)
    return redirect("lookback", lookback.number)


@needs("banks:read")
@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """How far a lookback is, and what it found; htmx asks again while it runs."""
    lookback = lookbacks.find_lookback(number)
    page = page_of(request, lookback.finds.order_by("id"))
    context = {
        "lookback": lookback,
        "page": page,
        "finds": _finds(list(page)),
        "asked_by": names_of([lookback.asked_by]).get(lookback.asked_by, lookback.asked_by),
        "more_cases": current().lookback_cases_max,
    }
    template = "state" if request.headers.get("HX-Request") else "page"
    return render(request, f"console/lookbacks/{template}.html", context)


@needs("banks:write")
@require_POST
def go_on(request: HttpRequest, number: str) -> HttpResponse:
    """Let a stopped lookback open more cases."""
    try:
        lookbacks.go_on(number, actor=actor_of(request), settings=current())
    except VigieError as error:
        complain(request, error)
    return redirect("lookback", number)


@needs("banks:write")
@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """End a lookback as it stands."""
    try:
        lookbacks.cancel(number, actor=actor_of(request))
    except VigieError as error:
        complain(request, error)
    return redirect("lookback", number)


@needs("banks:read")
@require_GET
def show_archive(request: HttpRequest) -> HttpResponse:
    """What is kept for lookback, day by day."""
    summary = archives.summary(current())
    context = {
        "summary": summary,
        "settings": current(),
        "uploads": sum(one.uploads for one in summary.days),
        "signals": sum(one.signals for one in summary.days),
        "size_bytes": sum(one.size_bytes for one in summary.days),
        "recent": list(Lookback.objects.order_by("-id")[:RECENT]),
        "platforms": list(Platform.objects.order_by("name")),
    }
    return render(request, "console/lookbacks/archive.html", context)


@needs("content:erase")
@require_http_methods(["POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Let a content go from the archive."""
    content = request.POST.get("content", "").strip()
    try:
        platform = find_platform(request.POST.get("platform", ""))
        archives.ask_erasure(platform.name, content, actor=actor_of(request), settings=current())
    except VigieError as error:
        complain(request, error)
        return redirect("archive")
    about = Case.objects.filter(content__platform=platform, content__external_id=content).count()
    kept = ngettext(
        "%(count)d case about it stays, with its sealed evidence.",
        "%(count)d cases about it stay, with their sealed evidence.",
        about,
    ) % {"count": about}
    done = _("No lookback finds this content any more; the files follow within minutes.")
    say(request, f"{done} {kept}" if about else done)
    return redirect("archive")


@needs("cases:decide", "platforms:write", "deliveries:replay")
@require_POST
def note_loss_seen(request: HttpRequest, loss_id: int) -> HttpResponse:
    """Say that a person knows of what the archive lost."""
    try:
        archives.note_loss_seen(loss_id, actor=actor_of(request))
    except VigieError as error:
        complain(request, error)
    return go(request, "alarms")


def open_losses() -> list[ArchiveLoss]:
    """What the archive lost and nobody took note of, newest first."""
    return list(ArchiveLoss.objects.filter(seen_by="").order_by("-at")[:RECENT])


def _finds(finds: list[LookbackFind]) -> list[FindShown]:
    cases = Case.objects.select_related("content__platform").in_bulk([one.case for one in finds])
    return [
        FindShown(
            case_number=public_number("C", one.case),
            entry_number=public_number("E", one.entry),
            nearest=one.nearest,
            outcome=one.outcome,
            case=cases.get(one.case),
        )
        for one in finds
    ]
