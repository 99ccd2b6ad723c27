"""Transparency reports: a draft from the ledger with how each figure is found, its files, and publication.

A draft is computed behind the page, which shows how far it is; nothing of it is stored but in memory.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.console.access import SENTENCES, actor_of, needs, signed_in
from vigie.console.answers import complain, say
from vigie.console.background import Run, Runs, Tell
from vigie.foundation.clock import now
from vigie.foundation.errors import NotFound, VigieError
from vigie.foundation.settings import Settings, current
from vigie.ledger.actors import Actor
from vigie.ledger.service import head_seq
from vigie.reports import periods, service
from vigie.reports.charts import svg
from vigie.reports.periods import Period
from vigie.reports.profile import FIELDS, OPTIONAL, SERVICE_KINDS, profile_for
from vigie.reports.report import Report, csv_zip, file_bytes, file_names
from vigie.reports.wording import Say

YEARS_OFFERED = 5


@needs("ledger:read")
@require_GET
def show_all(request: HttpRequest) -> HttpResponse:
    """What was published, and the form for a draft."""
    context = {
        "published": service.published(),
        "years": _years(),
        "kind": request.GET.get("kind", "tco"),
        "runs": [(run, run.state_at(now())) for run in _runs().newest()[:5]],
    }
    return render(request, "console/reports/list.html", context)


@needs("ledger:read")
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin to compute a draft, or to publish it."""
    publishing = request.POST.get("act") == "publish"
    if publishing and not signed_in(request).may("reports:write"):
        raise PermissionDenied(str(SENTENCES["reports:write"]))
    try:
        kind = service.kind_of(request.POST.get("kind", ""))
        period = _period_of(request)
        if publishing:
            service.check_may_publish(period, published_on=now().date())
    except VigieError as error:
        complain(request, error)
        return redirect("reports")
    runs = _runs()
    order = {
        "kind": kind,
        "period": period.key,
        "through": head_seq(),
        "act": "publish" if publishing else "draft",
    }
    actor = actor_of(request)
    run = runs.prepare(order, started_by=str(actor))
    runs.start(run, lambda tell: _work(run, tell, actor=actor, settings=current()))
    return redirect("report-run", run.id)


@needs("ledger:read")
@require_GET
def show_run(request: HttpRequest, run_id: str) -> HttpResponse:
    """How far it is; then the draft with every figure, or where the published report is."""
    run = _runs().find(run_id)
    state = run.state_at(now())
    context: dict[str, Any] = {"run": run, "state": state, "through": run.order["through"]}
    if state == "running" or state != "done":
        template = (
            "console/reports/run_state.html"
            if request.headers.get("HX-Request")
            else "console/reports/run.html"
        )
        return render(request, template, context)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": request.path})
    if run.facts.get("report"):
        say(request, _("The report %(number)s is published.") % {"number": run.facts["report"]})
        return redirect("report-published", run.facts["report"])
    return render(request, "console/reports/draft.html", context | _draft(_report_of(run), request))


@needs("ledger:read")
@require_GET
def show_file(request: HttpRequest, run_id: str, name: str) -> HttpResponse:
    """A file of a draft; `parts.zip` for all tables."""
    made = _report_of(_runs().find(run_id))
    if name == "parts.zip" and made.kind == "dsa":
        return file_response(name, csv_zip(made))
    if name not in file_names(made.kind):
        raise NotFound("This report has no such file.")
    return file_response(name, file_bytes(made, name))


@needs("ledger:read")
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """What reports ask and the ledger cannot know; POST writes the fields that were changed."""
    try:
        period = _period_of(request) if _given(request).get("period") else None
    except VigieError as error:
        complain(request, error)
        return redirect("report-profile")
    known = {(one.field, one.period): one.value for one in reversed(service.said())}
    values = profile_for(period, known).values
    problems: dict[str, str] = {}
    typed: dict[str, str] = {}
    if request.method == "POST":
        if not signed_in(request).may("reports:write"):
            raise PermissionDenied(str(SENTENCES["reports:write"]))
        problems, typed = _write(request, values, period)
        if not problems:
            say(request, _("What was changed is written; earlier versions stay in the ledger."))
            return redirect(request.get_full_path())
    words = Say(get_language() or "en")
    fields = [
        {
            "id": one.id,
            "label": words(f"field.{one.id}"),
            "value": typed.get(one.id, values.get(one.id, "")),
            "is_long": one.kind == "text",
            "choices": SERVICE_KINDS if one.kind == "choice" else (),
            "is_optional": one.id in OPTIONAL,
            "reports": " ".join(one.reports),
            "problem": problems.get(one.id, ""),
        }
        for one in FIELDS
    ]
    context = {"fields": fields, "period": period, "years": _years(), "history": service.said()[:20]}
    return render(request, "console/reports/profile.html", context, status=422 if problems else 200)


@needs("ledger:read")
@require_GET
def show_published(request: HttpRequest, number: str) -> HttpResponse:
    """A published report: its files with their hashes."""
    return render(request, "console/reports/published.html", {"report": service.find_published(number)})


@needs("ledger:read")
@require_GET
def show_published_file(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """A file as it was published."""
    return file_response(name, service.published_file(number, name, settings=current()))


def file_response(name: str, data: bytes, *, disposition: str = "attachment") -> HttpResponse:
    """A file of a report for a browser; its page may carry its own style and nothing else."""
    response = HttpResponse(data, content_type=service.media_type(name))
    response["Content-Disposition"] = f'{disposition}; filename="{name}"'
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    return response


def _work(run: Run, tell: Tell, *, actor: Actor, settings: Settings) -> Mapping[str, Any]:
    period, kind = periods.parse(run.order["period"]), service.kind_of(run.order["kind"])

    def told(seq: int) -> None:
        tell({"seq": seq})

    if run.order["act"] == "publish":
        done = service.publish(
            kind, period, published_on=now().date(), actor=actor, settings=settings, tell=told
        )
        return {"report": done.number}
    service.computed(kind, period, through=run.order["through"], tell=told)
    return {}


def _report_of(run: Run) -> Report:
    kind = service.kind_of(run.order["kind"])
    return service.computed(kind, periods.parse(run.order["period"]), through=run.order["through"])


def _draft(made: Report, request: HttpRequest) -> dict[str, Any]:
    words = Say(get_language() or "en")
    explained = request.GET.get("explain", "")
    return {
        "report": made,
        "document": made.document(words.language),
        "charts": [
            (chart, svg(chart, id_=f"chart-{place}"))
            for place, chart in enumerate(
                one for section in made.document(words.language).sections for one in section.charts
            )
        ],
        "figures": [
            {
                "figure": one,
                "label": words(f"line.{one.line.id}"),
                "how": words(f"how.{one.line.id}"),
                "is_explained": one.line.id == explained,
            }
            for one in made.figures
        ],
        "tables": [(words(one.name), one) for one in made.tables],
        "missing": [(one.id, words(f"field.{one.id}")) for one in made.missing],
        "files": file_names(made.kind),
        "may_publish": made.period.last < now().date(),
    }


def _write(
    request: HttpRequest, values: Mapping[str, str], period: Period | None
) -> tuple[dict[str, str], dict[str, str]]:
    """Write every field that is not as it was; what cannot be taken, by field, with everything that was typed."""
    problems: dict[str, str] = {}
    typed = {one.id: request.POST[one.id] for one in FIELDS if one.id in request.POST}
    for field, value in typed.items():
        if value.strip().replace("\r\n", "\n") == values.get(field, ""):
            continue
        try:
            service.write_field(field, value, period=period, actor=actor_of(request))
        except VigieError as error:
            problems[field] = f"{_(error.sentence)} {_(error.hint)}" if error.hint else _(error.sentence)
    return problems, typed


def _given(request: HttpRequest) -> Mapping[str, str]:
    return request.POST.dict() if request.method == "POST" else request.GET.dict()


def _period_of(request: HttpRequest) -> Period:
    given = _given(request)
    if given.get("first") or given.get("last"):
        return periods.parse(f"{given.get('first', '')}/{given.get('last', '')}")
    return periods.parse(given.get("period", ""))


def _years() -> list[int]:
    this: date = now().date()
    return [this.year - back for back in range(YEARS_OFFERED)]


def _runs() -> Runs:
    return Runs(current(), "reports")
