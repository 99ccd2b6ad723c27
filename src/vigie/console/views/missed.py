"""How was this missed? A picture from this machine, or one of a case, compared with one entry; and the bank's level.

It keeps nothing of what is compared. A case's picture is read with a purpose, like any other evidence.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from vigie.banks import service
from vigie.banks.models import Bank, Entry
from vigie.cases import service as cases
from vigie.cases.models import Case
from vigie.console.access import actor_of, needs
from vigie.console.answers import complain, go, say, told
from vigie.console.fields import ConsoleForm
from vigie.console.missed_words import LEVELS, missed_shown
from vigie.console.words import word
from vigie.evidence.service import read_item
from vigie.flows.missed import how_missed
from vigie.foundation.errors import NotFound, TooLarge, VigieError
from vigie.foundation.settings import current

PAGE = "console/entries/missed.html"


class MissedForm(ConsoleForm):
    """The picture that was not found."""

    picture = forms.FileField(
        label=gettext_lazy("Picture that was not found"),
        help_text=gettext_lazy("JPEG, PNG, WebP or GIF. It is compared with this entry alone and not kept."),
        allow_empty_file=True,
    )


@needs("banks:read")
@require_http_methods(["GET", "POST"])
def of_entry(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """The form, and what came of a picture."""
    entry = _entry(name, number)
    if request.method == "GET":
        return _page(request, entry, MissedForm())
    form = MissedForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, entry, form, status=422)
    try:
        data = _bytes_of(form.cleaned_data["picture"])
        return _page(request, entry, MissedForm(), data=data)
    except VigieError as error:
        form.refuse(error, told(error))
        return _page(request, entry, form, status=error.status)


@needs("evidence:read")
@require_POST
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """A picture of a case compared with an entry."""
    case = cases.find_case(number)
    try:
        entry = service.find_entry(request.POST.get("entry", "").strip().upper())
        data = _medium_of(request, case)
        return _page(request, entry, MissedForm(), data=data, case=case)
    except VigieError as error:
        complain(request, error)
        return go(request, f"/cases/{case.number}")


@needs("banks:write")
@require_POST
def set_level(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """Set the level of the entry's bank, as advised."""
    entry = _entry(name, number)
    level = request.POST.get("level", "")
    if level not in Bank.Level.values:
        complain(request, _("There is no such level."))
        return redirect("entry-missed", name, entry.number)
    try:
        bank = service.change_bank(name, level=Bank.Level(level), actor=actor_of(request))
    except VigieError as error:
        complain(request, error)
    else:
        done = _(
            "%(bank)s is at level %(level)s now. Bank pictures again that were banked before, so that cuts are found"
            " too."
        )
        say(request, done % {"bank": bank.title, "level": word(LEVELS, bank.level)})
    return redirect("entry-missed", name, entry.number)


def _entry(name: str, number: str) -> Entry:
    entry = service.find_entry(number)
    if entry.bank.name != name:
        raise NotFound("There is no such entry.")
    return entry


def _bytes_of(file: Any) -> bytes:
    if file.size > current().medium_bytes_max:
        raise TooLarge(gettext_noop("The file has more bytes than this server takes."))
    data: bytes = file.read()
    return data


def _medium_of(request: HttpRequest, case: Case) -> bytes:
    wanted = request.POST.get("medium", "")
    medium = case.media.filter(external_id=wanted, quarantine_code="").exclude(original="").first()
    if medium is None:
        raise NotFound("This case has no such picture.")
    _item, data = read_item(
        medium.original,
        purpose=request.POST.get("purpose", ""),
        actor=actor_of(request),
        settings=current(),
    )
    return data


def _page(
    request: HttpRequest,
    entry: Entry,
    form: MissedForm,
    *,
    data: bytes | None = None,
    case: Case | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; with what came of the comparison where there is a picture. Raises MediumRefused, Invalid."""
    found = None
    if data is not None:
        found = missed_shown(how_missed(data, entry, settings=current()))
    context = {"entry": entry, "bank": entry.bank, "form": form, "found": found, "case": case}
    return render(request, PAGE, context, status=status)
