"""The banks: the list of them, one with its entries, its settings.

Entries are shown on pages of their own; see `entries`, `bank_add` and `bank_transfer`.
"""

from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.banks import service
from vigie.banks.models import Bank
from vigie.console.access import actor_of, needs, signed_in
from vigie.console.answers import complain, page_of, say, told
from vigie.console.entry_list import KINDS, STATES, EntryFilter, confirmed_in, entries_of
from vigie.console.fields import ConsoleForm
from vigie.console.history import history_of
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError

ENTRIES_PER_PAGE = 48


class BankForm(ConsoleForm):
    """A new bank."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        required=False,
        help_text=gettext_lazy(
            "Lower-case letters, digits and hyphens; used by rules and the API. Empty: from the title."
        ),
    )
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2_000,
    )


class BankSettingsForm(ConsoleForm):
    """The settings of a bank."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
    )
    matching = forms.BooleanField(
        label=gettext_lazy("Matching is on"),
        required=False,
        help_text=gettext_lazy(
            "Off: no entry of this bank is found in uploads, in every process within a second."
        ),
    )
    level = forms.ChoiceField(
        label=gettext_lazy("Edited copies"),
        choices=[
            ("plain", gettext_lazy("Plain: whole pictures, also recompressed or resized")),
            (
                "robust",
                gettext_lazy("Robust: also mirrored, turned, cut, framed, or with bars and captions"),
            ),
            (
                "verified",
                gettext_lazy(
                    "Verified: also cut unevenly or covered in part, and laid on the entry’s picture"
                ),
            ),
        ],
        help_text=gettext_lazy(
            "What is found by a part or a turn is held for a person, never removed alone. Entries banked before this"
            " was set are found mirrored, turned by 90 degrees, framed and captioned; once their picture is banked"
            " again, also cut and turned a little."
        ),
    )
    may_remove = forms.BooleanField(
        label=gettext_lazy("May remove automatically"),
        required=False,
        help_text=gettext_lazy(
            "A rule may then remove exact copies of an entry without asking anybody, once two persons stand behind it:"
            " one who added the entry and another who confirmed it. Nobody can confirm an entry they added themselves;"
            " a confirmation by the same person does not count. Everything else is still held or reviewed."
        ),
    )


@needs("banks:read")
@require_http_methods(["GET", "POST"])
def show_all(request: HttpRequest) -> HttpResponse:
    """All banks, and the form for a new one."""
    form = BankForm(request.POST or None)
    status = 200
    if request.method == "POST":
        made = _create(request, form)
        if made is not None:
            say(request, _("The bank “%(title)s” was made.") % {"title": made.title})
            return redirect("bank", made.name)
        status = 422
    banks = Bank.objects.annotate(
        entry_count=Count("entries", filter=Q(entries__removed_at=None)),
        confirmed_count=Count("entries", filter=Q(entries__removed_at=None) & confirmed_in("entries__")),
    ).order_by("title")
    return render(request, "console/banks/list.html", {"banks": banks, "form": form}, status=status)


@needs("banks:read")
@require_GET
def show(request: HttpRequest, name: str) -> HttpResponse:
    """One bank and its entries as a grid."""
    bank, at = service.find_bank(name), now()
    wanted = EntryFilter.from_query(request.GET)
    page = page_of(
        request,
        entries_of(bank, wanted, at=at).select_related("bank").prefetch_related("signals"),
        per_page=ENTRIES_PER_PAGE,
    )
    context = {
        "bank": bank,
        "tab": "entries",
        "page": page,
        "cards": [(entry, entry.matches_at(at)) for entry in page],
        "wanted": wanted,
        "states": STATES,
        "kinds": KINDS,
    }
    return render(request, "console/banks/entries.html", context)


@needs("banks:read")
@require_http_methods(["GET", "POST"])
def show_settings(request: HttpRequest, name: str) -> HttpResponse:
    """The settings of a bank, and what happened to them."""
    bank = service.find_bank(name)
    if request.method == "POST":
        return _save_settings(request, bank)
    form = BankSettingsForm(
        initial={
            "title": bank.title,
            "description": bank.description,
            "matching": bank.matching,
            "may_remove": bank.may_remove,
            "level": bank.level,
        }
    )
    return _settings_page(request, bank, form)


@needs("banks:write")
@require_POST
def switch_matching(request: HttpRequest, name: str) -> HttpResponse:
    """Switch matching of a bank on or off; the same button takes it back."""
    bank = service.find_bank(name)
    try:
        bank = service.change_bank(name, matching=not bank.matching, actor=actor_of(request))
    except VigieError as error:
        complain(request, error)
    else:
        say(
            request,
            _("Matching is on.") if bank.matching else _("Matching is off: nothing of this bank is found."),
        )
    return redirect("bank", name)


def _create(request: HttpRequest, form: BankForm) -> Bank | None:
    if not signed_in(request).may("banks:write"):
        form.add_error(None, _("You may not change banks."))
        return None
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        return service.create_bank(
            name=given["name"] or slugify(given["title"])[:60],
            title=given["title"],
            description=given["description"],
            actor=actor_of(request),
        )
    except VigieError as error:
        form.refuse(error, told(error))
        return None


def _save_settings(request: HttpRequest, bank: Bank) -> HttpResponse:
    form = BankSettingsForm(request.POST)
    if not signed_in(request).may("banks:write"):
        form.is_valid()
        form.add_error(None, _("You may not change banks."))
        return _settings_page(request, bank, form, status=403)
    if not form.is_valid():
        return _settings_page(request, bank, form, status=422)
    try:
        service.change_bank(bank.name, actor=actor_of(request), **form.cleaned_data)
    except VigieError as error:
        form.refuse(error, told(error))
        return _settings_page(request, bank, form, status=error.status)
    say(request, _("The settings were saved."))
    return redirect(reverse("bank-settings", args=[bank.name]))


def _settings_page(
    request: HttpRequest, bank: Bank, form: BankSettingsForm, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "bank": bank,
        "tab": "settings",
        "form": form,
        "history": history_of(f"bank:{bank.name}"),
    }
    return render(request, "console/banks/settings.html", context, status=status)
