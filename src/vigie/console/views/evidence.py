"""Preserved evidence: until when it is kept and what holds it, asking for it, the second person's word, exports.

It shows nothing of what is sealed: what is opened leaves as a file, after the ledger has it.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.console.access import needs, signed_in
from vigie.console.answers import complain, page_of, refuse, say
from vigie.console.fields import InstantField
from vigie.console.history import history_of
from vigie.console.ledger_links import address_of
from vigie.console.words import Words
from vigie.evidence import requests as service
from vigie.evidence.certificate_pdf import certificate_pdf
from vigie.evidence.certificates import certificate_json, certificate_of
from vigie.evidence.models import EvidenceRequest, PreservedItem
from vigie.evidence.preservation import find_item, preserved_items, removals_failing
from vigie.evidence.requests import RequestDraft
from vigie.evidence.states import EXTENDABLE, RUNNING, Stage
from vigie.flows.exporting import locked_package
from vigie.flows.preservation import holds_of
from vigie.foundation.clock import now
from vigie.foundation.errors import Invalid, NotFound, VigieError
from vigie.foundation.identifiers import new_secret
from vigie.foundation.settings import current
from vigie.people.models import User

LIST, ITEM, REQUEST = (
    "console/evidence/list.html",
    "console/evidence/item.html",
    "console/evidence/request.html",
)
SEALED_SHOWN_MAX = 200
_STAGES = {
    "running": (Stage.OPEN, *sorted(RUNNING)),
    "over": (Stage.EXPIRED,),
    "deleted": (Stage.DELETED,),
}

TABS: Words = {
    "running": gettext_lazy("Kept"),
    "over": gettext_lazy("Time over"),
    "deleted": gettext_lazy("Deleted"),
}


@needs("evidence:read")
@require_GET
def show_all(request: HttpRequest) -> HttpResponse:
    """Items of one tab with what holds them, and the requests that wait for a second person."""
    tab = request.GET.get("show", "running")
    tab = tab if tab in TABS else "running"
    items, at = preserved_items(), now()
    rows = items.filter(stage__in=_STAGES[tab])
    page = page_of(
        request, rows.order_by("-deleted_at") if tab == "deleted" else rows.order_by("until", "id")
    )
    context = {
        "tabs": [
            (code, title, items.filter(stage__in=_STAGES[code]).count()) for code, title in TABS.items()
        ],
        "tab": tab,
        "page": page,
        "rows": [(one, address_of(one.subject), holds_of(one, at=at)) for one in page],
        "waiting": service.evidence_requests().filter(state=EvidenceRequest.State.REQUESTED)[
            :SEALED_SHOWN_MAX
        ],
        "failing": removals_failing().order_by("id")[:SEALED_SHOWN_MAX],
    }
    return render(request, LIST, context)


@needs("evidence:read")
@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One item."""
    return render(request, ITEM, _item_context(find_item(number), {}))


@needs("evidence:read")
@require_POST
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for something about it; with an error the form comes back as it was filled."""
    form = request.POST
    try:
        draft = RequestDraft(
            kind=_kind(form.get("kind", "")),
            purpose=form.get("purpose", ""),
            legal_basis=form.get("legal_basis", ""),
            authority=form.get("authority", ""),
            reference=form.get("reference", ""),
            until=_instant(form.get("until", "")),
        )
        made = service.ask(number, draft, user=signed_in(request), at=now())
    except VigieError as error:
        if isinstance(error, NotFound):
            raise
        return refuse(request, ITEM, _item_context(find_item(number), form.dict()), error)
    say(request, _("%(request)s waits for a second person.") % {"request": made.number})
    return redirect("evidence-request", made.number)


@needs("evidence:read")
@require_GET
def certificate(request: HttpRequest, number: str, ending: str) -> HttpResponse:
    """The certificate of a deleted item, as JSON or PDF."""
    found = certificate_of(find_item(number))
    if ending == "pdf":
        content = certificate_pdf(found, language=(get_language() or "en")[:2])
        media_type = "application/pdf"
    else:
        content, media_type = certificate_json(found), "application/json"
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{found.item.number}-certificate.{ending}"'
    return response


@needs("evidence:read")
@require_GET
def show_request(request: HttpRequest, number: str) -> HttpResponse:
    """One request, and what its reader can do about it."""
    found = service.find_request(number)
    return render(request, REQUEST, _request_context(found, signed_in(request)))


@needs("evidence:decide")
@require_POST
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """The second person grants or refuses."""
    user, reason = signed_in(request), request.POST.get("reason", "")
    try:
        if request.POST.get("word") == "grant":
            service.grant(number, reason=reason, user=user, at=now(), settings=current())
            say(request, _("Granted."))
        else:
            service.refuse(number, reason=reason, user=user, at=now())
            say(request, _("Refused."))
    except VigieError as error:
        complain(request, error)
    return redirect("evidence-request", number)


@needs("evidence:read")
@require_POST
def open_sealed(request: HttpRequest, number: str) -> HttpResponse:
    """One sealed thing as a file, for whoever was granted access."""
    try:
        sealed, data = service.open_granted(
            number,
            request.POST.get("reference", ""),
            user=signed_in(request),
            at=now(),
            settings=current(),
        )
    except VigieError as error:
        complain(request, error)
        return redirect("evidence-request", number)
    # Hostile bytes: saved, never shown or run by a browser that came here.
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = f'attachment; filename="{sealed.reference}"'
    return response


@needs("evidence:read")
@require_POST
def export(request: HttpRequest, number: str) -> HttpResponseBase:
    """The package of a granted export, locked to the passphrase that stands in the form."""
    user, passphrase = signed_in(request), request.POST.get("passphrase", "")
    try:
        file = locked_package(number, passphrase=passphrase, user=user, at=now(), settings=current())
    except VigieError as error:
        complain(request, error)
        return redirect("evidence-request", number)
    response = FileResponse(file, content_type="application/octet-stream")
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = f'attachment; filename="{number.upper()}.vigie"'
    return response


def _item_context(item: PreservedItem, form: dict[str, Any]) -> dict[str, Any]:
    asked = item.requests.select_related("requested_by", "decided_by").order_by("-id")
    return {
        "item": item,
        "subject_url": address_of(item.subject),
        "holds": holds_of(item, at=now()),
        "sealed": item.items.order_by("sealed_at", "reference")[:SEALED_SHOWN_MAX],
        "requests": asked[:SEALED_SHOWN_MAX],
        "may_extend": item.was_removed and Stage(item.stage) in EXTENDABLE,
        "is_deleted": item.stage == Stage.DELETED,
        "form": form,
        "history": history_of(item.subject),
    }


def _request_context(found: EvidenceRequest, user: User) -> dict[str, Any]:
    is_mine = found.requested_by_id == user.pk
    usable = is_mine and found.usable_at(now())
    waits = found.state == EvidenceRequest.State.REQUESTED
    return {
        "asked": found,
        "item": found.item,
        "may_decide": waits and not is_mine and user.may("evidence:decide"),
        "own": waits and is_mine,
        "may_open": usable and found.kind == EvidenceRequest.Kind.ACCESS,
        "may_export": usable and found.kind == EvidenceRequest.Kind.EXPORT,
        "sealed": found.item.items.filter(destroyed_at=None).order_by("sealed_at", "reference")[
            :SEALED_SHOWN_MAX
        ],
        "passphrase": new_secret(18) if usable else "",
    }


def _kind(text: str) -> EvidenceRequest.Kind:
    try:
        return EvidenceRequest.Kind(text)
    except ValueError as error:
        raise Invalid(
            "Say what you ask for.", hint="To open it, to export it, or to keep it longer."
        ) from error


def _instant(text: str) -> datetime | None:
    """What was typed, in the zone of the account."""
    try:
        found = InstantField(required=False).clean(text)
    except forms.ValidationError as error:
        raise Invalid("This is no date with a time.") from error
    return found if isinstance(found, datetime) else None
