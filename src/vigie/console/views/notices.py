"""Notices, trusted flaggers and threats to life, for those who work with them.

A notice is decided at its case; here it is read, found unfounded or taken up.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigie.console import public_words, redress_words
from vigie.console.access import actor_of, needs, signed_in
from vigie.console.answers import complain, page_of, refuse, say
from vigie.flows import notice as flow
from vigie.flows.misuse import record_of
from vigie.foundation.errors import Invalid, VigieError
from vigie.foundation.settings import current
from vigie.notices import service, threat_service
from vigie.notices.flaggers import add_flagger, switch_flagger
from vigie.notices.models import Notice, Threat, TrustedFlagger

SHOWN = ("queued", "set_aside", "told")


@needs("cases:read")
@require_GET
def show_all(request: HttpRequest) -> HttpResponse:
    """Notices of one state, the newest first; one row for each wave of those that wait."""
    state = request.GET.get("state", "queued")
    state = state if state in SHOWN else "queued"
    rows = service.notices().filter(state=state).order_by("-threat_to_life", "-id")
    page = page_of(request, rows)
    counts = {code: Notice.objects.filter(state=code).count() for code in SHOWN}
    context = {
        "tabs": [(code, redress_words.NOTICE_STATES[code], counts[code]) for code in SHOWN],
        "state": state,
        "page": page,
        "rows": [(one, service.wave_size(one)) for one in page],
    }
    return render(request, "console/notices/list.html", context)


@needs("cases:read")
@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One notice."""
    notice, user = service.find_notice(number), signed_in(request)
    settings = current()
    may_decide = user.may("cases:decide")
    context = {
        "notice": notice,
        "text": service.notice_text(notice, settings=settings) if may_decide else "",
        "wave": service.wave_size(notice),
        "record": record_of(service.who_sent(notice)),
        "may_decide": may_decide,
    }
    return render(request, "console/notices/show.html", context)


@needs("cases:decide")
@require_POST
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Take it up, or find it manifestly unfounded."""
    user, wanted = signed_in(request), request.POST.get("act", "")
    try:
        if wanted == "take_up":
            flow.take_up(number, actor=actor_of(request))
        elif wanted == "unfounded":
            service.find_unfounded(number, user=user)
        else:
            raise Invalid("There is nothing to do.")
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("Noted."))
    return redirect("notice", number)


@needs("people:write")
@require_http_methods(["GET", "POST"])
def show_flaggers(request: HttpRequest) -> HttpResponse:
    """Trusted flaggers, and entering one; its token is on the answer's page and nowhere else."""
    context: dict[str, Any] = {
        "categories": public_words.CATEGORIES,
        "flaggers": TrustedFlagger.objects.order_by("name"),
        "form": request.POST,
        "chosen": request.POST.getlist("expertise"),
    }
    if request.method != "POST":
        return render(request, "console/notices/flaggers.html", context)
    try:
        flagger, token = add_flagger(
            name=request.POST.get("name", "").strip(),
            title=request.POST.get("title", ""),
            designated_by=request.POST.get("designated_by", ""),
            expertise=request.POST.getlist("expertise"),
            actor=actor_of(request),
        )
    except VigieError as error:
        return refuse(request, "console/notices/flaggers.html", context, error)
    context |= {"added": flagger, "token": token, "form": {}, "chosen": []}
    return render(request, "console/notices/flaggers.html", context)


@needs("people:write")
@require_POST
def switch(request: HttpRequest, name: str) -> HttpResponse:
    """Take a flagger's standing away, or give it back."""
    try:
        switch_flagger(name, active=request.POST.get("standing") == "on", actor=actor_of(request))
    except VigieError as error:
        complain(request, error)
    return redirect("flaggers")


@needs("cases:read")
@require_GET
def show_threats(request: HttpRequest) -> HttpResponse:
    """Threats to life: those that wait for somebody first."""
    rows = Threat.objects.select_related("case__content__platform", "notice", "settled_by")
    settings, may_read = current(), signed_in(request).may("cases:decide")
    page = page_of(request, rows.order_by("settled_at", "-id"), per_page=20)
    shown = [
        (one, threat_service.threat_draft(one, settings=settings) if may_read and one.state == "open" else "")
        for one in page
    ]
    return render(request, "console/notices/threats.html", {"page": page, "threats": shown})


@needs("cases:decide")
@require_POST
def raise_threat(request: HttpRequest, number: str) -> HttpResponse:
    """Say that a case shows a threat to life."""
    try:
        flow.suspect_threat(
            number, told=request.POST.get("told", ""), actor=actor_of(request), settings=current()
        )
    except VigieError as error:
        complain(request, error)
        return redirect("case", number)
    return redirect("threats")


@needs("cases:decide")
@require_POST
def settle_threat(request: HttpRequest, number: str) -> HttpResponse:
    """Note that the authorities were informed, or why there is no threat."""
    form = request.POST
    try:
        threat_service.settle_threat(
            number,
            outcome=form.get("outcome", ""),
            to=form.get("to", ""),
            reference=form.get("reference", ""),
            reason=form.get("reason", ""),
            user=signed_in(request),
        )
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("Noted."))
    return redirect("threats")
