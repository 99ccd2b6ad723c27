"""Misuse: who it is, what counts and why, and the steps that are open to a person.

It takes no step by itself, and shows nobody's name: an account by the platform's id, anybody else by a number.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.console import misuse_words
from vigie.console.access import needs, signed_in
from vigie.console.answers import complain, page_of, refuse, say
from vigie.flows import misuse as flow
from vigie.foundation.errors import Invalid, VigieError
from vigie.foundation.settings import current
from vigie.misuse import records
from vigie.misuse.models import MisuseFinding, MisuseRecord
from vigie.misuse.service import ASSESSMENT_CHARS_MAX, Assessment
from vigie.misuse.steps import SUSPENSION_DAYS_MAX
from vigie.people.models import User

PAGE = "console/misuse/show.html"
FINDINGS_SHOWN_MAX = 200


@needs("cases:read")
@require_GET
def show_all(request: HttpRequest) -> HttpResponse:
    """Records of one stage, those that changed last first."""
    stage = request.GET.get("stage", "watched")
    stage = stage if stage in misuse_words.STAGES else "watched"
    rows = records.records()
    counts = {code: rows.filter(stage=code).count() for code in misuse_words.STAGES}
    context = {
        "tabs": [(code, title, counts[code]) for code, title in misuse_words.STAGES.items()],
        "stage": stage,
        "page": page_of(request, rows.filter(stage=stage).order_by("-changed_at", "-id")),
    }
    return render(request, "console/misuse/list.html", context)


@needs("cases:read")
@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One record."""
    return render(request, PAGE, _context(records.find_record(number), signed_in(request), {}))


@needs("cases:decide")
@require_POST
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Warn, suspend, lift, take a warning back, or let something count no more."""
    form, user, settings = request.POST, signed_in(request), current()
    record = records.find_record(number)
    said = Assessment(
        gravity=form.get("gravity", "")[: ASSESSMENT_CHARS_MAX + 1],
        intention=form.get("intention", "")[: ASSESSMENT_CHARS_MAX + 1],
    )
    try:
        match form.get("act", ""):
            case "warn":
                flow.warn(number, said, user=user, settings=settings)
                done = _("The warning is on its way.")
            case "suspend":
                flow.suspend(number, said, days=_days(form.get("days", "")), user=user, settings=settings)
                done = _("Suspended.")
            case "lift":
                flow.lift(number, user=user, settings=settings)
                done = _("The suspension is lifted.")
            case "take_warning_back":
                flow.take_warning_back(number, user=user)
                done = _("The warning is taken back.")
            case "withdraw":
                flow.withdraw_finding(number, form.get("about", ""), user=user, settings=settings)
                done = _("It counts no more.")
            case _:
                raise Invalid("There is nothing to do.")
    except VigieError as error:
        return refuse(request, PAGE, _context(record, user, form.dict()), error)
    say(request, done)
    return redirect("misuse-record", record.number)


@needs("cases:decide")
@require_POST
def find_illegal(request: HttpRequest, number: str) -> HttpResponse:
    """Find that what a case removed was manifestly illegal."""
    try:
        finding = flow.find_manifestly_illegal(number, user=signed_in(request))
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("It counts for its account: %(record)s.") % {"record": finding.record.number})
    return redirect("case", number)


def _days(text: str) -> int | None:
    if not text.strip():
        return None
    return int(text) if text.strip().isascii() and text.strip().isdecimal() and len(text) < 9 else 0


def _context(record: MisuseRecord, user: User, form: dict[str, Any]) -> dict[str, Any]:
    position = flow.position_of(record, settings=current())
    findings = record.findings.select_related("case", "found_by").order_by("-id")[:FINDINGS_SHOWN_MAX]
    return {
        "record": record,
        "position": position,
        "findings": [(one, _address_of(record, one)) for one in findings],
        "steps": record.steps.select_related("taken_by", "ended_by", "statement").order_by("-id")[
            :FINDINGS_SHOWN_MAX
        ],
        "may_decide": user.may("cases:decide"),
        "days_max": SUSPENSION_DAYS_MAX,
        "words_max": ASSESSMENT_CHARS_MAX,
        "form": form,
    }


def _address_of(record: MisuseRecord, finding: MisuseFinding) -> str:
    """Where what counts can be looked at."""
    if record.kind == MisuseRecord.Kind.NOTIFIER:
        return reverse("notice", args=[finding.about])
    if record.kind == MisuseRecord.Kind.COMPLAINANT:
        return reverse("complaint", args=[finding.about])
    return reverse("case", args=[finding.case.number])
