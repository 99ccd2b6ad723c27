"""The desk of removal orders: the list with its clocks, one order, and every step a person takes with it.

It decides nothing: steps go to `flows.order`, and what cannot happen now is refused there.
"""

from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.console import order_words as words
from vigie.console.access import needs, signed_in
from vigie.console.answers import complain, page_of, say
from vigie.console.history import history_of
from vigie.console.order_page import order_view
from vigie.console.words import word
from vigie.exposure.service import next_report_due_at
from vigie.flows import order_inquiry
from vigie.flows.order import correct as correct_order
from vigie.flows.order import take_step
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.foundation.limits import REASON_CHARS_MAX
from vigie.foundation.settings import current
from vigie.orders import answers, clocks, service
from vigie.orders.form_labels import LANGUAGES
from vigie.orders.form_pdf import answer_json, answer_pdf, order_json, order_pdf
from vigie.orders.forms import FIELDS
from vigie.orders.models import Order, OrderIntake
from vigie.orders.readiness import lacking
from vigie.orders.states import ENDS, Answer, Stage
from vigie.orders.steps import step_from

# An instant typed in a form is in the zone of the account; where clocks show it twice, the earlier one.
_INSTANTS = ("done_at", "again_at", "final_at", "decided_at")
_RUNS = (Stage.RECEIVED, Stage.VALID, Stage.EXECUTING)
_DUE = (Answer.ANNEX_II_DUE, Answer.ANNEX_III_DUE)


@needs("orders:read")
@require_GET
def show_all(request: HttpRequest) -> HttpResponse:
    """The desk: what is open first, by the end of its hour; then what has ended."""
    shown = request.GET.get("show", "open")
    orders = Order.objects.all()
    if shown == "ended":
        orders = orders.filter(stage__in=ENDS).order_by("-id")
    else:
        shown = "open"
        runs = Case(When(stage__in=_RUNS, then=Value(0)), default=Value(1), output_field=IntegerField())
        orders = orders.exclude(stage__in=ENDS).annotate(runs=runs).order_by("runs", "clock_started_at", "id")
    page = page_of(request, orders)
    at = now()
    context = {
        "shown": shown,
        "page": page,
        "rows": [(one, clocks.removal_due_at(one.clock_started_at), one.standing.hour_runs) for one in page],
        "at": at,
        "quarantined": OrderIntake.objects.filter(state=OrderIntake.State.QUARANTINED).order_by("-id")[:50],
        "exposure": service.exposure(at=at),
        "report_due_at": next_report_due_at(),
        "lacks": [word(words.LACKS, one) for one in lacking(current())],
    }
    return render(request, "console/orders/list.html", context)


@needs("orders:read")
@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One order."""
    return _page(request, service.find_order(number))


@needs("orders:decide")
@require_POST
def take(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Take one step."""
    values: dict[str, Any] = {}
    for name, value in request.POST.items():
        if name == "csrfmiddlewaretoken":
            continue
        text = str(value)[: REASON_CHARS_MAX + 1]
        values[name] = instant_typed(text) if name in _INSTANTS else text
    try:
        order = take_step(
            number, step_from(step, values), user=signed_in(request), at=now(), settings=current()
        )
    except VigieError as error:
        complain(request, error)
        return redirect("order", number)
    say(request, word(words.STEPS_DONE, step))
    return redirect("order", order.number)


@needs("orders:decide")
@require_POST
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Fill in what could not be read."""
    values = {key: request.POST[key] for key in FIELDS if request.POST.get(key, "").strip()}
    try:
        correct_order(number, values, user=signed_in(request), at=now(), settings=current())
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("The fields were saved."))
    return redirect("order", number)


@needs("orders:read")
@require_GET
def download(request: HttpRequest, number: str, which: str, ending: str) -> HttpResponse:
    """Annex I as it was read, or the last Annex II or III, in the language of the console."""
    order = service.find_order(number)
    language = (get_language() or "en").partition("-")[0]
    language = request.GET.get("language", language)
    language = language if language in LANGUAGES else "en"
    is_pdf = ending == "pdf"
    if which == "answer":
        answer = answers.last_answer(order)
        data = answer_pdf(answer, language=language) if is_pdf else answer_json(answer)
        name = answers.title_of(answer)
    else:
        data = order_pdf(order, language=language) if is_pdf else order_json(order)
        name = f"{order.number}-annex-i"
    response = HttpResponse(data, content_type="application/pdf" if is_pdf else "application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def instant_typed(text: str) -> Any:
    """An instant typed without a zone, in the zone of the account; other texts stay, for the step to refuse."""
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        return text
    if typed.tzinfo is not None:
        return typed
    return clocks.instant_of_local(typed, timezone.get_current_timezone())


def _page(request: HttpRequest, order: Order, *, status: int = 200) -> HttpResponse:
    at = now()
    user = signed_in(request)
    context = {
        "order": order,
        "view": order_view(order, at=at),
        "may_decide": user.may("orders:decide"),
        "answers": list(order.answers.all()),
        "intakes": list(order.intakes.order_by("id")),
        "grounds": words.GROUNDS,
        "asked_by": words.ASKED_BY,
        "languages": LANGUAGES,
        "inquiries": [
            (one, order_inquiry.draft_reasons(one) if order_inquiry.is_open(one) else "")
            for one in order_inquiry.waiting(order)
        ],
        "history": history_of(f"order:{order.number}"),
    }
    return render(request, "console/orders/page.html", context, status=status)
