"""The registers behind orders of ours: providers and what they were told, and holds.

A hold is shown whole only to whoever may see holds.
"""

from dataclasses import fields
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from vigie.console import exposure_words
from vigie.console.access import actor_of, needs, signed_in
from vigie.console.answers import complain, page_of, say, told
from vigie.console.fields import ConsoleForm, InstantField
from vigie.console.history import history_of
from vigie.console.issuing_words import CHANNELS, HOLD_KINDS
from vigie.console.member_states import member_state_choices
from vigie.console.views.orders import instant_typed
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.foundation.limits import REASON_CHARS_MAX
from vigie.foundation.settings import current
from vigie.issuing import acts, dossier, holds, providers, sending
from vigie.issuing.dossier import dossier_of
from vigie.issuing.models import Provider
from vigie.people.models import User

# What the form of each act asks for, in this order.
_FIELDS = (
    "at",
    "outcome",
    "infringed",
    "penalty",
    "amount_eur",
    "items",
    "seconds",
    "complaints",
    "reinstated",
)
_LAST = ("order", "reason", "proof")


class ProviderForm(ConsoleForm):
    """An entry of the register of providers."""

    title = forms.CharField(label=gettext_lazy("Name shown"), max_length=200)
    home_state = forms.ChoiceField(label=gettext_lazy("Home Member State"), choices=member_state_choices)
    channel = forms.ChoiceField(label=gettext_lazy("Orders go"), choices=list(CHANNELS.items()))
    contact_email = forms.CharField(
        label=gettext_lazy("Mail of the contact point"), max_length=320, required=False
    )
    api_url = forms.CharField(
        label=gettext_lazy("Address of its Vigie"),
        max_length=2_048,
        required=False,
        help_text=gettext_lazy("https://host, for orders by API."),
    )
    token = forms.CharField(
        label=gettext_lazy("Token that it gave us"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Kept encrypted and never shown. Empty: the one that is there stays."),
    )
    hosts = forms.CharField(
        label=gettext_lazy("Hosts"),
        max_length=2_000,
        required=False,
        help_text=gettext_lazy("By them it is known whose an address is; separated by blanks."),
    )
    languages = forms.CharField(
        label=gettext_lazy("Languages"), max_length=200, required=False, help_text="en, fr"
    )
    legal_representative = forms.CharField(
        label=gettext_lazy("Legal representative"), max_length=500, required=False
    )
    home_authority = forms.CharField(label=gettext_lazy("Home authority"), max_length=500, required=False)
    home_authority_email = forms.CharField(
        label=gettext_lazy("Mail of the home authority"), max_length=320, required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class NewProviderForm(ProviderForm):
    """A provider that is not in the register yet."""

    name = forms.SlugField(
        label=gettext_lazy("Short name"),
        max_length=60,
        help_text=gettext_lazy("Lower-case letters, digits and hyphens."),
    )


class HoldForm(ConsoleForm):
    """Something that nothing may be done about without asking."""

    kind = forms.ChoiceField(label=gettext_lazy("Covers"), choices=list(HOLD_KINDS.items()))
    pattern = forms.CharField(label=gettext_lazy("Address or host"), max_length=2_048)
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=200)
    contact = forms.CharField(
        label=gettext_lazy("Whom to ask"),
        max_length=500,
        help_text=gettext_lazy("All that others are shown: unit, whom to ask, and until when."),
    )
    until = InstantField(label=gettext_lazy("Until"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2_000,
        required=False,
        help_text=gettext_lazy("Seen only by those who may see holds."),
    )


@needs("issuing:read")
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("token")
def show_providers(request: HttpRequest) -> HttpResponse:
    """The register; the form for another entry."""
    may_write = signed_in(request).may("providers:write")
    form = NewProviderForm(request.POST or None)
    status = 200
    if request.method == "POST" and may_write:
        if form.is_valid():
            values = {key: value for key, value in form.cleaned_data.items() if key != "name"}
            try:
                made = providers.add_provider(
                    form.cleaned_data["name"], values, actor=actor_of(request), settings=current()
                )
            except VigieError as error:
                form.refuse(error, told(error))
            else:
                return redirect("issuing-provider", made.name)
        status = 422
    page = page_of(request, Provider.objects.order_by("title", "name"))
    context = {"page": page, "form": form, "may_write": may_write}
    return render(request, "console/issuing/providers.html", context, status=status)


@needs("issuing:read")
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("token")
def show_provider(request: HttpRequest, name: str) -> HttpResponse:
    """One provider; changing its entry."""
    provider, at = providers.find_provider(name), now()
    may_write, status = signed_in(request).may("providers:write"), 200
    if request.method == "POST" and may_write:
        form = ProviderForm(request.POST)
        if form.is_valid():
            try:
                providers.change_provider(
                    name, form.cleaned_data, actor=actor_of(request), settings=current()
                )
            except VigieError as error:
                form.refuse(error, told(error))
            else:
                say(request, _("The entry is saved."))
                return redirect("issuing-provider", name)
        status = 422
    else:
        initial: dict[str, Any] = {key: getattr(provider, key, "") for key in ProviderForm.base_fields}
        form = ProviderForm(initial=initial)
    context = {
        "provider": provider,
        "form": form,
        "may_write": may_write,
        "may_inform": signed_in(request).may("issuing:draft"),
        "letters": list(provider.letters.filter(order=None).order_by("-id")[:10]),
        "dossier": dossier_of(provider, at=at),
        "acts": _acts(dossier_of(provider, at=at).can, signed_in(request)),
        "penalties": exposure_words.PENALTIES,
        "infringed": acts.INFRINGED,
        "at": at,
        "history": history_of(f"provider:{name}"),
    }
    return render(request, "console/issuing/provider.html", context, status=status)


@needs("issuing:draft")
@require_POST
def inform(request: HttpRequest, name: str) -> HttpResponse:
    """Send the information on procedures and deadlines, or note since when the provider has it."""
    user, at = signed_in(request), now()
    try:
        if request.POST.get("informed_at"):
            informed_at = instant_typed(request.POST["informed_at"][:40])
            proof = request.POST.get("proof", "")[:5_000]
            providers.note_informed(name, informed_at=informed_at, proof=proof, user=user, at=at)
            say(request, _("It is noted."))
        else:
            providers.find_provider(name)
            sending.inform_provider(name, user=user, at=at, settings=current())
            say(request, _("The letter is on its way; twelve hours run when the provider's server took it."))
    except VigieError as error:
        complain(request, error)
    except (TypeError, AttributeError):
        complain(request, _("This is no date with a time."))
    return redirect("issuing-provider", name)


@needs("issuing:draft", "issuing:approve")
@require_POST
def take_act(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """Note an act about a provider."""
    values: dict[str, Any] = {}
    for key, value in request.POST.items():
        if key != "csrfmiddlewaretoken":
            text = str(value)[: REASON_CHARS_MAX + 1]
            values[key] = instant_typed(text) if key == "at" else text
    try:
        dossier.take(name, acts.act_from(kind, values), user=signed_in(request), at=now())
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("It is noted."))
    return redirect("issuing-provider", name)


@needs("holds:read")
@require_http_methods(["GET", "POST"])
def show_holds(request: HttpRequest) -> HttpResponse:
    """What is held now; the form for another one."""
    user, status = signed_in(request), 200
    form = HoldForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            try:
                made = holds.enter_hold(**form.cleaned_data, user=user, at=now())
            except VigieError as error:
                form.refuse(error, told(error))
            else:
                say(request, _("%(number)s is entered.") % {"number": made.number})
                return redirect("issuing-holds")
        status = 422
    seen = holds.holds_seen_by(user, at=now())[:500]
    context = {
        "holds": [(one, holds.may_release(one, user)) for one in seen],
        "form": form,
        "may_write": user.may("holds:write"),
    }
    return render(request, "console/issuing/holds.html", context, status=status)


@needs("holds:write", "issuing:approve")
@require_POST
def release(request: HttpRequest, number: str) -> HttpResponse:
    """Let go of a hold; from the page of an order that it stops, back to there."""
    try:
        reason = request.POST.get("reason", "")[:2_000]
        holds.release_hold(number, user=signed_in(request), at=now(), reason=reason)
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("%(number)s is released.") % {"number": number})
    order = request.POST.get("order", "")[:30]
    return redirect("issued", order) if order else redirect("issuing-holds")


def _acts(kinds: tuple[str, ...], user: User) -> list[tuple[str, Any, Any, list[tuple[str, Any]], str]]:
    """Which acts this person can take now: kind, title, sentence, fields with their labels, how the button looks."""
    found = []
    for kind in kinds:
        is_deciding = kind in acts.DECIDING
        if not user.may("issuing:approve" if is_deciding else "issuing:draft"):
            continue
        names = {one.name for one in fields(acts.ACTS[kind])}
        asked = [
            (one, _("At") if one == "at" else exposure_words.ACT_FIELDS[one])
            for one in (*_FIELDS, *_LAST)
            if one in names
        ]
        look = "btn-danger" if kind in ("exposed", "penalty") else ""
        found.append((kind, exposure_words.ACT_TITLES[kind], exposure_words.ACT_SENTENCES[kind], asked, look))
    return found
