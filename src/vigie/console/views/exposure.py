"""Decisions of authorities that we are exposed: recording one, our measures, our reports, and how it ends.

It decides nothing: what cannot be noted now is refused by `exposure.service`.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from vigie.console.access import needs, signed_in
from vigie.console.answers import complain, page_of, say, told
from vigie.console.exposure_words import MEASURES, STEP_SENTENCES, STEP_TITLES
from vigie.console.fields import ConsoleForm, InstantField
from vigie.console.member_states import member_state_choices
from vigie.console.views.orders import instant_typed
from vigie.console.words import word
from vigie.exposure import service
from vigie.exposure.models import Decision
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.foundation.limits import REASON_CHARS_MAX

_INSTANTS = ("since", "sent_at", "received_at", "asked_at", "ended_at")
# What each step asks for, in the order of its form.
_STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("measures", ("kinds", "reason", "since")),
    ("report", ("sent_at", "proof")),
    ("required", ("received_at", "reason")),
    ("ask_review", ("asked_at",)),
    ("review_refused", ("reason",)),
    ("ended", ("ended_at", "reason")),
    ("annulled", ("ended_at", "reason")),
)


class DecisionForm(ConsoleForm):
    """A decision that reached us."""

    authority = forms.CharField(label=gettext_lazy("Authority"), max_length=500)
    member_state = forms.ChoiceField(label=gettext_lazy("Member State"), choices=member_state_choices)
    reference = forms.CharField(label=gettext_lazy("Reference"), max_length=500)
    received_at = InstantField(
        label=gettext_lazy("Received at"),
        help_text=gettext_lazy("The first report on your measures is due three months later."),
    )
    proof = forms.CharField(
        label=gettext_lazy("How this is known"),
        max_length=REASON_CHARS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@needs("orders:read")
@require_http_methods(["GET", "POST"])
def show_all(request: HttpRequest) -> HttpResponse:
    """Every decision with what follows from it; the form for another one."""
    user, at = signed_in(request), now()
    may_write, status = user.may("reports:write"), 200
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and may_write:
        if form.is_valid():
            try:
                made = service.record_decision(**form.cleaned_data, user=user, at=at)
            except VigieError as error:
                form.refuse(error, told(error))
            else:
                say(request, _("%(number)s is recorded.") % {"number": made.number})
                return redirect("exposure")
        status = 422
    page = page_of(request, Decision.objects.all())
    steps = [(name, STEP_TITLES[name], STEP_SENTENCES[name], fields) for name, fields in _STEPS]
    context = {
        "page": page,
        "form": form,
        "may_write": may_write,
        "steps": steps,
        "measures": MEASURES,
        "at": at,
    }
    return render(request, "console/orders/exposure.html", context, status=status)


@needs("reports:write")
@require_POST
def take(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Note what followed from a decision."""
    values: dict[str, Any] = {}
    for name in request.POST:
        if name != "csrfmiddlewaretoken":
            text = " ".join(str(one) for one in request.POST.getlist(name))[: REASON_CHARS_MAX + 1]
            values[name] = instant_typed(text) if name in _INSTANTS else text
    try:
        service.take_step(number, service.step_from(step, values), user=signed_in(request), at=now())
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("Done: %(step)s.") % {"step": word(STEP_TITLES, step)})
    return redirect("exposure")
