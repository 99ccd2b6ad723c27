"""Complaints: what waits for a second person, deciding it, and what is left to settle afterwards.

It decides nothing by itself, and offers nothing to whoever took the first decision.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from vigie.cases.decisions import EXEMPTIONS, DecisionDraft
from vigie.console import redress_words, words
from vigie.console.access import actor_of, needs, signed_in
from vigie.console.answers import complain, page_of, refuse, say
from vigie.console.words import Words
from vigie.flows import complaint as flow
from vigie.flows.misuse import record_of
from vigie.flows.misuse_who import complainant_of
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.foundation.limits import REASON_CHARS_MAX
from vigie.foundation.settings import current
from vigie.people.models import User
from vigie.platforms.models import Recheck
from vigie.redress import complaints as service
from vigie.redress.complaints import REPLY_CHARS_MAX
from vigie.redress.models import Complaint, Restitution
from vigie.redress.states import UNDECIDED, WAITING

PAGE = "console/complaints/show.html"

STATES: Words = {
    "open": gettext_lazy("To decide"),
    "set_aside": gettext_lazy("Set aside"),
    "decided": gettext_lazy("Decided"),
}


@needs("cases:read")
@require_GET
def show_all(request: HttpRequest) -> HttpResponse:
    """Complaints: those to decide by when they are due, decided ones newest first."""
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    rows, at = service.complaints(), now()
    by_state = {
        "open": rows.filter(state__in=WAITING).order_by("due_at"),
        "set_aside": rows.filter(state="set_aside").order_by("due_at"),
        "decided": rows.exclude(state__in=UNDECIDED).order_by("-decided_at"),
    }
    page = page_of(request, by_state[state])
    counts = {code: found.count() for code, found in by_state.items()}
    context = {
        "tabs": [(code, title, counts[code]) for code, title in STATES.items()],
        "state": state,
        "page": page,
        "rows": [(one, one.is_late_at(at)) for one in page],
    }
    return render(request, "console/complaints/list.html", context)


@needs("cases:read")
@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One complaint."""
    return render(request, PAGE, _context(service.find_complaint(number), signed_in(request), {}))


@needs("cases:decide")
@require_POST
def take(request: HttpRequest, number: str) -> HttpResponse:
    """Take it to look at it."""
    try:
        service.assign(number, user=signed_in(request))
    except VigieError as error:
        complain(request, error)
    return redirect("complaint", number)


@needs("cases:decide")
@require_POST
def take_up(request: HttpRequest, number: str) -> HttpResponse:
    """Look at one after all that is set aside."""
    try:
        service.take_up(number, actor=actor_of(request))
    except VigieError as error:
        complain(request, error)
    return redirect("complaint", number)


@needs("cases:decide")
@require_POST
def hand_back(request: HttpRequest, number: str) -> HttpResponse:
    """Leave it to somebody else."""
    try:
        service.hand_back(number, user=signed_in(request))
    except VigieError as error:
        complain(request, error)
    return redirect("complaint", number)


@needs("cases:decide")
@require_POST
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Decide it; with an error the form comes back as it was filled."""
    form, user = request.POST, signed_in(request)
    new = None
    if form.get("action"):
        new = DecisionDraft(
            action=form.get("action", ""),  # type: ignore[arg-type]  # checked by cases.decisions
            reason=form.get("reply", "")[:REASON_CHARS_MAX],
            legal_type=form.get("legal_type", ""),
            exemption="none",
        )
    outcome = flow.Outcome(
        form.get("outcome", ""),
        form.get("reply", "")[: REPLY_CHARS_MAX + 1],
        exemption=form.get("exemption", "none"),
        new=new,
        unfounded=form.get("unfounded") == "yes",
    )
    try:
        decided = flow.decide_complaint(number, outcome, user=user, settings=current())
    except VigieError as error:
        return refuse(request, PAGE, _context(service.find_complaint(number), user, form.dict()), error)
    say(request, _("%(complaint)s is decided, and the answer is on its way.") % {"complaint": decided.number})
    return redirect("complaint", number)


@needs("banks:write")
@require_POST
def settle(request: HttpRequest, number: str, entry: str) -> HttpResponse:
    """Remove or keep an entry that was banked from what was given back."""
    try:
        done = flow.settle_entry(
            number, entry, remove=request.POST.get("action") == "remove", user=signed_in(request)
        )
    except VigieError as error:
        complain(request, error)
    else:
        said = _("%(entry)s is out of its bank.") if done.state == "removed" else _("%(entry)s stays.")
        say(request, said % {"entry": done.reference})
    return redirect("complaint", number)


def _context(complaint: Complaint, user: User, form: dict[str, Any]) -> dict[str, Any]:
    by_user = complaint.complainant == Complaint.Complainant.USER
    mine = complaint.assigned_to_id == user.pk and not complaint.is_decided
    first_decider = service.first_decider_id(complaint) == user.pk
    suspension = flow.suspension_about(complaint)
    may_read = user.may("cases:decide")
    return {
        "complaint": complaint,
        "text": service.complaint_text(complaint, settings=current()) if may_read else "",
        "is_late": complaint.is_late_at(now()),
        "mine": mine,
        "first_decider": first_decider,
        "may_take_up": may_read and complaint.state == "set_aside",
        "may_take": may_read and not first_decider and complaint.state == "received",
        "form": form,
        "outcomes": _outcomes(complaint),
        "exemptions": [(code, words.EXEMPTIONS[code]) for code in EXEMPTIONS],
        "legal_types": words.LEGAL_TYPES,
        "reach": flow.reach_of(complaint) if mine and by_user and suspension is None else None,
        "suspension": suspension,
        "may_be_unfounded": complaint.basis == Complaint.Basis.DSA20,
        "record": record_of(complainant_of(complaint)) if may_read else None,
        "restitutions": _restitutions(complaint),
    }


def _outcomes(complaint: Complaint) -> list[tuple[str, Any, Any]]:
    """Code, name and sentence of each outcome that can be."""
    codes = ["upheld", "partial", "reversed"]
    decision = complaint.decision
    if (
        complaint.complainant == Complaint.Complainant.NOTIFIER
        or (decision is not None and decision.action not in flow.MILDER)
        or flow.suspension_about(complaint) is not None
    ):
        codes.remove("partial")
    sentences = (
        redress_words.NOTIFIER_OUTCOME_SENTENCES
        if complaint.complainant == Complaint.Complainant.NOTIFIER
        else redress_words.ACCOUNT_OUTCOME_SENTENCES
        if flow.suspension_about(complaint) is not None
        else redress_words.OUTCOME_SENTENCES
    )
    return [(code, redress_words.OUTCOMES[code], sentences[code]) for code in codes]


def _restitutions(complaint: Complaint) -> list[tuple[Restitution, Recheck | None]]:
    """What was given back or is proposed, with the look whether it is really back."""
    items = list(
        complaint.restitutions.select_related("case__content", "entry__bank", "settled_by").order_by("id")
    )
    looks = {one.key: one for one in Recheck.objects.filter(key__in=[one.key for one in items if one.key])}
    return [(one, looks.get(one.key) if one.kind in ("content", "copy") else None) for one in items]
