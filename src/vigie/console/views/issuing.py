"""The desk of orders that we issue: lists, drafts, one order with every step, figures.

It decides nothing: steps go to `flows.issuing`, and what cannot happen now is refused there.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.console import issuing_words, order_words
from vigie.console.access import needs, signed_in
from vigie.console.answers import complain, page_of, say, told
from vigie.console.fields import ConsoleForm
from vigie.console.history import history_of
from vigie.console.issuing_page import issued_view
from vigie.console.member_states import optional_member_state_choices as optional_states
from vigie.console.views.orders import instant_typed
from vigie.console.words import LEGAL_TYPES_SHORT, word
from vigie.flows import issuing as flow
from vigie.flows.issuing_post import form_json, order_pdf
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.foundation.limits import REASON_CHARS_MAX
from vigie.foundation.settings import current
from vigie.issuing import drafting, incoming, service
from vigie.issuing.answers import ANSWER_BYTES_MAX
from vigie.issuing.desk import LISTS, orders_in
from vigie.issuing.models import IssuedOrder, Provider
from vigie.issuing.steps import step_from
from vigie.issuing.yearly import yearly_figures
from vigie.orders.form_labels import LANGUAGES
from vigie.orders.forms import AUTHORITY_KINDS, FIELDS

_label = lazy(order_words.field_label, str)
_INSTANTS = ("received_at", "measure_at", "again_at", "final_at")
# Fields of a draft in the order of the annex; the rest of it is filled in when the order is issued.
_LINES = ("reference", "authority", "representative", "file_number", "email", "telephone", "redress_deadline")
_TEXTS = (
    "locating_information",
    "additional_reasons",
    "address",
    "follow_up_contact",
    "redress_body",
    "redress_provisions",
    "addressee",
    "contact_point",
    "home_authority_contact",
)


def _providers() -> list[tuple[str, Any]]:
    rows = Provider.objects.filter(active=True).order_by("title").values_list("name", "title")
    return [("", gettext_lazy("by the host of the address")), *rows]


def _kinds() -> list[tuple[str, str]]:
    return [("", "–"), *((one, word(order_words.AUTHORITY_KINDS, one)) for one in AUTHORITY_KINDS)]


class DraftForm(ConsoleForm):
    """Annex I as an authority fills it in; what is left empty is named as lacking."""

    provider = forms.ChoiceField(label=gettext_lazy("Provider"), choices=_providers, required=False)
    urls = forms.CharField(
        label=_label("urls"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The exact address of each content, one on each line."),
    )
    legal_types = forms.MultipleChoiceField(
        label=_label("legal_types"),
        required=False,
        choices=[(code, f"({code}) {name}") for code, name in LEGAL_TYPES_SHORT.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    do_not_inform = forms.ChoiceField(
        label=_label("do_not_inform"),
        required=False,
        choices=[("", "–"), ("no", gettext_lazy("no")), ("yes", gettext_lazy("yes"))],
    )
    withheld_weeks = forms.IntegerField(
        label=gettext_lazy("Weeks of non-disclosure"), required=False, min_value=0, max_value=6
    )
    withheld_reason = forms.CharField(
        label=gettext_lazy("Why nobody may be told"),
        required=False,
        max_length=REASON_CHARS_MAX,
        help_text=gettext_lazy("Kept here, and not sent."),
    )
    appeal_days = forms.IntegerField(
        label=gettext_lazy("Days to challenge it"), required=False, min_value=1, max_value=366
    )
    issuing_state = forms.ChoiceField(label=_label("issuing_state"), choices=optional_states, required=False)
    home_state = forms.ChoiceField(label=_label("home_state"), choices=optional_states, required=False)
    authority_kind = forms.ChoiceField(label=_label("authority_kind"), choices=_kinds, required=False)

    def given(self) -> dict[str, Any]:
        """Every field as it stands in the form; empty ones take the field away."""
        return {key: "" if value is None else value for key, value in self.cleaned_data.items()}

    @classmethod
    def of(cls, order: IssuedOrder) -> "DraftForm":
        """The form with what a draft says."""
        values = {**order.fields, "urls": "\n".join(order.fields.get("urls", ()))}
        if "do_not_inform" in order.fields:
            values["do_not_inform"] = "yes" if order.fields["do_not_inform"] else "no"
        values |= {
            "provider": order.provider.name if order.provider else "",
            "withheld_weeks": order.withheld_weeks,
            "withheld_reason": order.withheld_reason,
            "appeal_days": order.appeal_days,
        }
        return cls(initial=values)


for _key in _LINES:
    DraftForm.base_fields[_key] = forms.CharField(label=_label(_key), max_length=500, required=False)
for _key in _TEXTS:
    DraftForm.base_fields[_key] = forms.CharField(
        label=_label(_key),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4 if _key == "additional_reasons" else 2}),
    )


@needs("issuing:read")
@require_GET
def show_all(request: HttpRequest) -> HttpResponse:
    """What is out first, by the end of its hour; drafts, overdue and ended in lists of their own."""
    shown = request.GET.get("show", "out")
    shown = shown if shown in LISTS else "out"
    at = now()
    page = page_of(request, orders_in(shown, at=at))
    context = {
        "shown": shown,
        "page": page,
        "rows": [(one, incoming.overdue(one, at=at)) for one in page],
        "overdue_count": orders_in("overdue", at=at)[:1_000].count(),
        "draft_count": orders_in("draft", at=at)[:1_000].count(),
    }
    return render(request, "console/issuing/list.html", context)


@needs("issuing:draft")
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """A new draft, from nothing or from a case."""
    user, at, settings = signed_in(request), now(), current()
    own = drafting.profile(settings)
    if request.method == "GET":
        form = DraftForm(initial={**own.fields, "appeal_days": own.appeal_days})
        return render(request, "console/issuing/draft.html", {"form": form})
    case = request.POST.get("case", "")[:20]
    form = DraftForm(request.POST)
    if not form.is_valid():
        return render(request, "console/issuing/draft.html", {"form": form}, status=422)
    try:
        order = drafting.begin_draft(form.given(), case=case, user=user, at=at, settings=settings)
    except VigieError as error:
        form.refuse(error, told(error))
        return render(request, "console/issuing/draft.html", {"form": form}, status=error.status)
    say(request, _("The draft is saved."))
    return redirect("issued", order.number)


@needs("issuing:draft")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, number: str) -> HttpResponse:
    """Change a draft; or say how an order that is out should read."""
    order = service.find_order(number)
    is_draft = order.standing.is_draft
    form = DraftForm(request.POST) if request.method == "POST" else DraftForm.of(order)
    if request.method == "POST" and form.is_valid():
        try:
            if is_draft:
                drafting.change_draft(number, form.given(), user=signed_in(request), at=now())
            else:
                flow.propose(number, _changed(order, form), user=signed_in(request))
        except VigieError as error:
            form.refuse(error, told(error))
        else:
            say(
                request,
                _("The draft is saved.")
                if is_draft
                else _("The change is proposed; a second person sends it."),
            )
            return redirect("issued", number)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "order": order, "is_draft": is_draft}
    return render(request, "console/issuing/draft.html", context, status=status)


@needs("issuing:read")
@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One order."""
    order = service.find_order(number)
    context = {
        "order": order,
        "view": issued_view(order, user=signed_in(request), at=now()),
        "letters": list(order.letters.all()),
        "answers": list(order.answers.all()),
        "alarms": list(order.alarms.all()),
        "replies": list(order.replies.order_by("id")),
        "items": list(order.items.order_by("id")),
        "grounds": order_words.GROUNDS,
        "history": history_of(f"issued:{order.number}"),
    }
    return render(request, "console/issuing/page.html", context)


@needs("issuing:draft", "issuing:approve")
@require_POST
def take(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Take one step."""
    values: dict[str, Any] = {}
    for name, value in request.POST.items():
        if name != "csrfmiddlewaretoken":
            text = str(value)[: REASON_CHARS_MAX + 1]
            values[name] = instant_typed(text) if name in _INSTANTS else text
    try:
        flow.take_step(number, step_from(step, values), user=signed_in(request), at=now(), settings=current())
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("Done: %(step)s.") % {"step": word(issuing_words.STEP_TITLES, step)})
    return redirect("issued", number)


@needs("issuing:draft")
@require_POST
def take_answer(request: HttpRequest, number: str) -> HttpResponse:
    """An Annex II or III as a file."""
    file = request.FILES.get("file")
    try:
        if file is None or (file.size or 0) > ANSWER_BYTES_MAX:
            complain(request, _("Give a file of at most 25 MB."))
        else:
            flow.take_file(number, file.read(), user=signed_in(request), at=now(), settings=current())
            say(request, _("The answer is taken in."))
    except VigieError as error:
        complain(request, error)
    return redirect("issued", number)


@needs("issuing:read")
@require_GET
def download(request: HttpRequest, number: str, ending: str) -> HttpResponse:
    """Annex I as it stands, in the language of the console."""
    order = service.find_order(number)
    language = request.GET.get("language", (get_language() or "en").partition("-")[0])
    language = language if language in LANGUAGES else "en"
    data = order_pdf(order, language=language) if ending == "pdf" else form_json(order.fields)
    response = HttpResponse(data, content_type="application/pdf" if ending == "pdf" else "application/json")
    response["Content-Disposition"] = f'attachment; filename="{order.number}-annex-i.{ending}"'
    return response


@needs("issuing:read")
@require_GET
def show_figures(request: HttpRequest) -> HttpResponse:
    """The yearly figures, each with the query behind it."""
    given = request.GET.get("year", "")
    year = (
        int(given) if given.isascii() and given.isdigit() and 2000 <= int(given[:4]) <= 9998 else now().year
    )
    return render(request, "console/issuing/figures.html", {"found": yearly_figures(year), "year": year})


def _changed(order: IssuedOrder, form: DraftForm) -> dict[str, Any]:
    """Of the fields of Annex I, those that the form changes."""
    before = DraftForm.of(order).initial
    return {
        key: value
        for key, value in form.given().items()
        if key in FIELDS and value != (before.get(key) or ("" if not isinstance(value, list) else []))
    }
