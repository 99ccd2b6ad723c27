"""One entry: what it looks like, where it came from, who stands behind it, which cases it opened.

The picture is veiled until somebody asks for it with a purpose; that goes to the ledger.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from vigie.banks import confirmation, service
from vigie.banks.models import Entry
from vigie.banks.service import EntryChange
from vigie.cases.models import Case
from vigie.console.access import actor_of, needs, signed_in
from vigie.console.answers import complain, say
from vigie.console.fields import ConsoleForm, InstantField, legal_type_choices
from vigie.console.history import history_of
from vigie.console.names import names_of
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.ledger.actors import Actor
from vigie.matching.lookbacks import lookbacks_of_entry
from vigie.signals.types import ALL

CASES_SHOWN = 20
LOOKBACKS_SHOWN = 5
PAUSES = {"day": timedelta(days=1), "week": timedelta(days=7)}


class EntryForm(ConsoleForm):
    """What can be changed of an entry."""

    legal_type = forms.ChoiceField(
        label=gettext_lazy("Legal type"), choices=legal_type_choices, required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    expires_at = InstantField(
        label=gettext_lazy("Expires at"),
        required=False,
        help_text=gettext_lazy("From then on it matches no more. Empty: never."),
    )


class PauseForm(ConsoleForm):
    """Until when an entry is not to match."""

    until = InstantField(label=gettext_lazy("Paused until"), required=False)


@needs("banks:read")
@require_GET
def show(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """The entry."""
    entry = _entry(name, number)
    return _page(request, entry, _form_of(entry))


@needs("banks:read")
@require_GET
def find(request: HttpRequest, number: str) -> HttpResponse:
    """An entry by its number alone, wherever it is."""
    entry = service.find_entry(number)
    return redirect("entry", entry.bank.name, entry.number)


@needs("banks:write")
@require_POST
def change(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """Save note, legal type and expiry."""
    entry = _entry(name, number)
    form = EntryForm(request.POST)
    if not form.is_valid():
        return _page(request, entry, form, status=422)
    given = form.cleaned_data
    wanted = EntryChange(
        fields=frozenset(form.cleaned_data),
        note=given["note"],
        legal_type=given["legal_type"],
        expires_at=given["expires_at"],
    )
    return _do(
        request,
        entry,
        lambda actor: service.change_entry(entry.number, wanted, actor=actor),
        _("The entry was saved."),
    )


@needs("banks:write")
@require_POST
def pause(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """Let the entry not match until an instant, or at once again."""
    entry = _entry(name, number)
    until = _pause_until(request, at=now())
    if isinstance(until, str):
        complain(request, until)
        return redirect("entry", name, entry.number)
    wanted = EntryChange(fields=frozenset({"disabled_until"}), disabled_until=until)
    return _do(
        request,
        entry,
        lambda actor: service.change_entry(entry.number, wanted, actor=actor),
        _("The entry matches again.") if until is None else _("The entry is paused."),
    )


@needs("banks:confirm")
@require_POST
def confirm(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """Say that the entry is what it is said to be."""
    entry = _entry(name, number)
    return _do(
        request,
        entry,
        lambda actor: confirmation.confirm_entry(entry.number, actor=actor),
        _("You confirmed this entry."),
    )


@needs("banks:confirm")
@require_POST
def withdraw(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """Take the confirmation back."""
    entry = _entry(name, number)
    return _do(
        request,
        entry,
        lambda actor: confirmation.withdraw_confirmation(entry.number, actor=actor),
        _("The confirmation was withdrawn: a person has to look again."),
    )


@needs("banks:write")
@require_POST
def remove(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """Take the entry out of its bank, with a reason."""
    entry = _entry(name, number)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        complain(request, _("Say why the entry is removed."))
        return redirect("entry", name, entry.number)
    return _do(
        request,
        entry,
        lambda actor: service.remove_entry(entry.number, reason=reason, actor=actor),
        _("The entry was removed from its bank. It can be put back on this page."),
    )


@needs("banks:write")
@require_POST
def restore(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """Put a removed entry back, unconfirmed."""
    entry = _entry(name, number)
    return _do(
        request,
        entry,
        lambda actor: service.restore_entry(entry.number, actor=actor),
        _("The entry is back in its bank, not confirmed."),
    )


def _do(request: HttpRequest, entry: Entry, act: Callable[[Actor], Entry], done: str) -> HttpResponse:
    try:
        act(actor_of(request))
    except VigieError as error:
        complain(request, error)
    else:
        say(request, done)
    return redirect("entry", entry.bank.name, entry.number)


def _entry(name: str, number: str) -> Entry:
    entry = service.find_entry(number)
    if entry.bank.name != name:
        raise Http404
    return entry


def _form_of(entry: Entry) -> EntryForm:
    return EntryForm(
        initial={"legal_type": entry.legal_type, "note": entry.note, "expires_at": entry.expires_at}
    )


def _page(request: HttpRequest, entry: Entry, form: EntryForm, *, status: int = 200) -> HttpResponse:
    user, at = signed_in(request), now()
    actor = str(actor_of(request))
    names = names_of([entry.added_by, entry.confirmed_by])
    signals = list(entry.signals.all())
    context = {
        "entry": entry,
        "bank": entry.bank,
        "form": form,
        "pause_form": PauseForm(initial={"until": entry.disabled_until if _paused(entry, at) else None}),
        "signals": [(ALL.get(row.type), row.type, bytes(row.value).hex(), row.quality) for row in signals],
        "lacks_pdq": bool(entry.preview) and all(row.type != "pdq" for row in signals),
        "added_by": names.get(entry.added_by, entry.added_by),
        "confirmed_by": names.get(entry.confirmed_by, entry.confirmed_by),
        "matches_now": entry.matches_at(at),
        "paused": _paused(entry, at),
        "expired": entry.expires_at is not None and entry.expires_at <= at,
        # The rule of two persons, explained before it forbids.
        "needs_second_person": entry.bank.may_remove and entry.added_by == actor,
        "confirmed_alone": entry.confirmed_at is not None and not entry.confirmed,
        "may_confirm": user.may("banks:confirm"),
        "cases": _cases(entry) if user.may("cases:read") else [],
        "lookbacks": lookbacks_of_entry(entry.pk, limit=LOOKBACKS_SHOWN),
        "history": history_of(f"entry:{entry.number}"),
    }
    return render(request, "console/entries/page.html", context, status=status)


def _paused(entry: Entry, at: datetime) -> bool:
    return entry.disabled_until is not None and entry.disabled_until > at


def _cases(entry: Entry) -> list[Case]:
    found = Case.objects.filter(matches__entry=entry).select_related("content__platform")
    return list(found.distinct().order_by("-id")[:CASES_SHOWN])


def _pause_until(request: HttpRequest, *, at: datetime) -> datetime | str | None:
    """An instant, None for "match again", or what is wrong with what was typed."""
    choice = request.POST.get("choice", "")
    if choice == "end":
        return None
    if choice in PAUSES:
        return at + PAUSES[choice]
    form = PauseForm(request.POST)
    if not form.is_valid() or form.cleaned_data["until"] is None:
        return _("Say until when the entry is to be paused.")
    until: datetime = form.cleaned_data["until"]
    return until if until > at else _("This instant is over.")
