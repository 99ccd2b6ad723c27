"""Taking an order in by hand, and what came in and nobody could read.

What is typed or uploaded is kept whole like a mail; its hour begins when the person says it was received.
"""

import json
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.console import order_words as words
from vigie.console.access import actor_of, needs, signed_in
from vigie.console.answers import complain, say, told
from vigie.console.fields import ConsoleForm
from vigie.console.member_states import optional_member_state_choices
from vigie.console.words import LEGAL_TYPES_SHORT
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.foundation.settings import current
from vigie.orders import clocks, service
from vigie.orders.intake import INTAKE_BYTES_MAX, take_in
from vigie.orders.models import OrderIntake

_label = lazy(words.field_label, str)
_TICK = (("", gettext_lazy("cannot be read")), ("no", gettext_lazy("no")), ("yes", gettext_lazy("yes")))


class IntakeForm(ConsoleForm):
    """Annex I as far as it is needed to act; whatever is left empty is marked for later."""

    # No field of Django's: it refuses an hour that clocks show twice, and an order may come in it.
    received_at = forms.CharField(
        label=gettext_lazy("Received at"),
        required=False,
        max_length=40,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=gettext_lazy("When it reached the contact point; the hour runs since. Empty: now."),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("A mail, PDF, XML or JSON. With a file the fields below stay empty."),
    )
    authority = forms.CharField(label=_label("authority"), max_length=500, required=False)
    issuing_state = forms.ChoiceField(
        label=_label("issuing_state"),
        choices=optional_member_state_choices,
        required=False,
    )
    reference = forms.CharField(label=_label("reference"), max_length=500, required=False)
    email = forms.CharField(label=_label("email"), max_length=320, required=False)
    urls = forms.CharField(
        label=_label("urls"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One on each line."),
    )
    legal_types = forms.MultipleChoiceField(
        label=_label("legal_types"),
        required=False,
        choices=[(code, f"({code}) {name}") for code, name in LEGAL_TYPES_SHORT.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    do_not_inform = forms.ChoiceField(label=_label("do_not_inform"), choices=_TICK, required=False)
    additional_reasons = forms.CharField(
        label=_label("additional_reasons"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_received_at(self) -> datetime | None:
        """The instant typed in the zone of the account, with its offset; of two, the earlier one."""
        text = self.cleaned_data["received_at"]
        if not text:
            return None
        zone = timezone.get_current_timezone()
        try:
            typed = datetime.fromisoformat(text)
            return clocks.instant_of_local(typed.replace(tzinfo=None), zone).astimezone(zone)
        except (ValueError, OverflowError, VigieError) as error:
            raise forms.ValidationError(_("This is no date with a time.")) from error

    def fields_given(self) -> dict[str, Any]:
        """The fields of Annex I that were filled in."""
        given = {
            key: self.cleaned_data[key] for key in self.cleaned_data if key not in ("received_at", "file")
        }
        return {key: value for key, value in given.items() if value}


@needs("orders:write")
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Take an order in that came another way: on paper, by fax, as a file."""
    if request.method == "GET":
        return render(request, "console/orders/new.html", {"form": IntakeForm()})
    form = IntakeForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "console/orders/new.html", {"form": form}, status=422)
    at = now()
    file, fields = form.cleaned_data["file"], form.fields_given()
    if (file is None) == (not fields):
        form.add_error(None, _("Give a file, or fill in the fields."))
        return render(request, "console/orders/new.html", {"form": form}, status=422)
    if file is not None and file.size > INTAKE_BYTES_MAX:
        form.add_error("file", _("This file is too large."))
        return render(request, "console/orders/new.html", {"form": form}, status=422)
    raw = file.read() if file is not None else json.dumps(fields, ensure_ascii=False).encode()
    try:
        intake = take_in(
            raw,
            channel=OrderIntake.Channel.FORM,
            received_at=form.cleaned_data["received_at"] or timezone.localtime(at),
            at=at,
            actor=actor_of(request),
            settings=current(),
        )
    except VigieError as error:
        form.refuse(error, told(error))
        return render(request, "console/orders/new.html", {"form": form}, status=error.status)
    if intake.order is None:
        return redirect("order-intake", intake.number)
    if intake.state == OrderIntake.State.REPEAT:
        say(request, _("This order is known already; what came in is kept with it."))
    return redirect("order", intake.order.number)


@needs("orders:read")
@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """What came in and could not be read."""
    return _page(request, service.find_intake(number), IntakeForm())


@needs("orders:decide")
@require_POST
def make_order(request: HttpRequest, number: str) -> HttpResponse:
    """Make an order of it, with what a person read."""
    intake = service.find_intake(number)
    form = IntakeForm(request.POST)
    if not form.is_valid():
        return _page(request, intake, form, status=422)
    try:
        made = service.order_of_intake(
            number, form.fields_given(), user=signed_in(request), settings=current()
        )
    except VigieError as error:
        form.refuse(error, told(error))
        return _page(request, intake, form, status=error.status)
    assert made.order is not None
    return redirect("order", made.order.number)


@needs("orders:decide")
@require_POST
def set_aside(request: HttpRequest, number: str) -> HttpResponse:
    """Say that it is no order."""
    try:
        service.set_aside(number, reason=request.POST.get("reason", ""), user=signed_in(request))
    except VigieError as error:
        complain(request, error)
        return redirect("order-intake", number)
    say(request, _("%(number)s is set aside; it stays kept.") % {"number": number})
    return redirect("orders")


def _page(request: HttpRequest, intake: OrderIntake, form: IntakeForm, *, status: int = 200) -> HttpResponse:
    context = {
        "intake": intake,
        "problem": words.PROBLEMS.get(intake.problem, intake.problem),
        "waits": intake.state == OrderIntake.State.QUARANTINED,
        "due_at": clocks.removal_due_at(intake.received_at),
        "may_decide": signed_in(request).may("orders:decide"),
        "form": form,
    }
    return render(request, "console/orders/intake.html", context, status=status)
