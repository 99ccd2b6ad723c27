"""Adding to a bank: files, an address, or a signal alone; each with where it came from.

A file that is refused costs no other: every one gets its own answer on the page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods

from vigie.banks import service
from vigie.banks.models import Bank, Entry
from vigie.banks.service import EntryChange, EntryDraft, Provenance, SignalValue
from vigie.console.access import actor_of, needs
from vigie.console.answers import say, told
from vigie.console.fields import FilesField, ProvenanceFields
from vigie.console.words import SIGNALS
from vigie.flows.banking import Banked, Banking, bank_address, bank_file
from vigie.foundation.clock import now
from vigie.foundation.errors import Invalid, TooLarge, VigieError
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import current
from vigie.ledger.actors import Actor
from vigie.signals.types import ALL


class FilesForm(ProvenanceFields):
    """Still pictures from this machine."""

    pictures = FilesField(
        label=gettext_lazy("Pictures"),
        help_text=gettext_lazy("JPEG, PNG, WebP or GIF; several at once make several entries."),
    )
    field_order = ("pictures",)


class AddressForm(ProvenanceFields):
    """A picture that Vigie fetches."""

    url = forms.CharField(
        label=gettext_lazy("Address of the picture"),
        max_length=2_048,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=gettext_lazy("Vigie fetches it from its own machine, and only from public addresses."),
    )
    field_order = ("url",)


class SignalForm(ProvenanceFields):
    """A signal somebody gave, without the picture."""

    type = forms.ChoiceField(
        label=gettext_lazy("Signal type"), choices=[(name, SIGNALS.get(name, name)) for name in ALL]
    )
    value = forms.CharField(
        label=gettext_lazy("Value"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "mono", "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("Hexadecimal digits: 64 for PDQ and SHA-256, 32 for MD5."),
    )
    quality = forms.IntegerField(
        label=gettext_lazy("Quality of the PDQ hash"), min_value=0, max_value=100, required=False
    )
    field_order = ("type", "value", "quality")


Form = FilesForm | AddressForm | SignalForm
FORMS: dict[str, type[Form]] = {"file": FilesForm, "url": AddressForm, "signal": SignalForm}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one thing that was to be added."""

    what: str
    entry: Entry | None = None
    was_there: bool = False
    sentence: str = ""


@needs("banks:write")
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, name: str) -> HttpResponse:
    """The form of one of the three ways, and what came of it."""
    bank = service.find_bank(name)
    way = request.GET.get("by", "file")
    form_class = FORMS.get(way, FilesForm)
    if request.method == "GET":
        return _page(request, bank, form_class(), [])
    form = form_class(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, bank, form, [], status=422)
    outcomes = _add(bank, form, actor=actor_of(request))
    if len(outcomes) == 1 and outcomes[0].entry is not None:
        only = outcomes[0]
        say(request, only.sentence or _("The entry was added."))
        return redirect("entry", bank.name, outcomes[0].entry.number)
    failed = any(one.entry is None for one in outcomes)
    return _page(request, bank, form if failed else form_class(), outcomes, status=422 if failed else 200)


def _add(bank: Bank, form: Form, *, actor: Actor) -> list[Outcome]:
    given = form.cleaned_data
    if isinstance(form, SignalForm):
        return [_outcome(given["type"], lambda: _add_signal(bank, given, actor=actor))]
    banking = Banking(
        bank=bank.name,
        provenance=_provenance(given),
        kind=Entry.Kind(given["kind"]),
        legal_type=given["legal_type"],
        note=given["note"],
    )
    settings = current()
    if isinstance(form, AddressForm):
        door = OutboundDoor(allowed_hosts=frozenset(settings.allowed_fetch_hosts))
        fetch = lambda: bank_address(given["url"], banking, door=door, actor=actor, settings=settings)  # noqa: E731
        return [_outcome(given["url"], lambda: _add_picture(fetch, given, actor=actor))]
    return [
        _outcome(
            file.name,
            lambda file=file: _add_picture(  # type: ignore[misc]
                lambda: bank_file(_bytes_of(file), banking, actor=actor, settings=settings),
                given,
                actor=actor,
            ),
        )
        for file in given["pictures"]
    ]


def _add_signal(bank: Bank, given: dict[str, Any], *, actor: Actor) -> tuple[Entry, str]:
    quality = given["quality"] if given["type"] == "pdq" else None
    if quality is not None and quality < current().pdq_quality_min:
        raise Invalid(
            gettext_noop("A PDQ hash of this quality would match anything."),
            hint=gettext_noop("It was not added."),
        )
    draft = EntryDraft(
        signals=(SignalValue(given["type"], ALL[given["type"]].parse(given["value"]), quality),),
        provenance=_provenance(given),
        kind=Entry.Kind(given["kind"]),
        legal_type=given["legal_type"],
        note=given["note"],
        expires_at=given["expires_at"],
    )
    return service.add_entry(bank.name, draft, actor=actor), ""


def _add_picture(bank: Callable[[], Banked], given: dict[str, Any], *, actor: Actor) -> tuple[Entry, str]:
    started = now()
    # A picture and its expiry come together or not at all; an entry that was there keeps its own expiry.
    with transaction.atomic():
        banked = bank()
        entry = banked.entry
        if given["expires_at"] and entry.added_at >= started:
            change = EntryChange(fields=frozenset({"expires_at"}), expires_at=given["expires_at"])
            entry = service.change_entry(entry.number, change, actor=actor)
    if banked.pdq_banked:
        return entry, ""
    sentence = _(
        "Its PDQ hash is too poor to be matched (quality %(quality)d of 100): only identical files will be found."
    )
    return entry, sentence % {"quality": banked.pdq_quality}


def _outcome(what: str, add: Callable[[], tuple[Entry, str]]) -> Outcome:
    started = now()
    try:
        entry, sentence = add()
    except VigieError as error:
        return Outcome(what, sentence=told(error))
    was_there = entry.added_at < started
    return Outcome(what, entry, was_there, _("It was in the bank already.") if was_there else sentence)


def _provenance(given: dict[str, Any]) -> Provenance:
    return Provenance(given["source"], given["source_reference"], given["obtained_at"])


def _bytes_of(file: Any) -> bytes:
    if file.size > current().medium_bytes_max:
        raise TooLarge(gettext_noop("The file has more bytes than this server takes."))
    data: bytes = file.read()
    return data


def _page(
    request: HttpRequest, bank: Bank, form: Form, outcomes: list[Outcome], *, status: int = 200
) -> HttpResponse:
    way = next(way for way, form_class in FORMS.items() if isinstance(form, form_class))
    context = {"bank": bank, "tab": "add", "form": form, "way": way, "outcomes": outcomes}
    return render(request, "console/banks/add.html", context, status=status)
