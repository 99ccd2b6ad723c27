"""The pages for people who report content, without an account: the form, and the private page of a notice.

They show nothing of the content, of other notices, or of whoever works on them.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from vigie.console import public_words
from vigie.console.answers import told
from vigie.console.public import client_address, for_everybody, language_of
from vigie.flows.misuse_post import letters_under
from vigie.flows.notice import notify, object_to_no_action
from vigie.foundation.clock import now
from vigie.foundation.errors import Invalid, VigieError
from vigie.foundation.limits import URL_CHARS_MAX
from vigie.foundation.links import TOKEN_CHARS, link_token
from vigie.foundation.settings import current
from vigie.ledger.actors import Actor
from vigie.notices.models import Notice
from vigie.notices.service import (
    EMAIL_CHARS_MAX,
    NAME_CHARS_MAX,
    TEXT_CHARS_MAX,
    NoticeDraft,
    notice_of_link,
)
from vigie.people.doors import pass_door
from vigie.platforms.models import Platform
from vigie.redress import complaints, replies
from vigie.redress.clocks import complaint_until, may_complain
from vigie.redress.models import Complaint
from vigie.redress.statements import WORDINGS

FORM = "console/public/report.html"
PAGE = "console/public/notice.html"
SENT_PER_HOUR_MAX = 20
OPENED_PER_HOUR_MAX = 120
PLATFORMS_SHOWN_MAX = 200

NOTIFIER = Actor("system", "public-form")


@for_everybody
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form; POST takes the notice and leads to its private page."""
    platforms = list(Platform.objects.filter(active=True).order_by("title")[:PLATFORMS_SHOWN_MAX])
    if not platforms:
        raise Http404
    form: Any = request.POST if request.method == "POST" else request.GET
    context = {
        "platforms": platforms,
        "categories": public_words.CATEGORIES,
        "form": form,
        "text_chars_max": TEXT_CHARS_MAX,
        "url_chars_max": URL_CHARS_MAX,
    }
    if request.method != "POST":
        return render(request, FORM, context)
    settings, address = current(), client_address(request)
    pass_door("notice", address=address, tries_max=SENT_PER_HOUR_MAX, at=now(), settings=settings)
    try:
        if form.get("website"):
            # No person sees this field: whatever fills it in fills in everything.
            raise Invalid("The form was filled in by a program.")
        named = [one for one in platforms if one.name == form.get("platform")]
        chosen = named or (platforms if len(platforms) == 1 else [])
        if not chosen:
            raise Invalid("Say on which platform it is.")
        notice = notify(
            _draft(form),
            platform=chosen[0],
            content_id="",
            from_address=address,
            actor=NOTIFIER,
            settings=settings,
        )
    except VigieError as error:
        return render(request, FORM, {**context, "problem": told(error)}, status=error.status)
    return redirect("public-notice", link_token(notice.number, settings=settings))


@for_everybody
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a notice, how to object, and the answer to that; POST takes the complaint."""
    settings, at, address = current(), now(), client_address(request)
    pass_door("private-link", address=address, tries_max=OPENED_PER_HOUR_MAX, at=at, settings=settings)
    notice = notice_of_link(token) if len(token) == TOKEN_CHARS else None
    if notice is None:
        raise Http404
    with translation.override(language_of(request, otherwise=notice.language)):
        if request.method != "POST":
            return render(request, PAGE, _context(notice, ""))
        pass_door("complaint", address=address, tries_max=SENT_PER_HOUR_MAX, at=at, settings=settings)
        text = request.POST.get("text", "")[: complaints.TEXT_CHARS_MAX + 1]
        try:
            object_to_no_action(notice, text, language=notice.language, actor=NOTIFIER, settings=settings)
        except VigieError as error:
            context = {**_context(notice, text), "problem": told(error)}
            return render(request, PAGE, context, status=error.status)
    return redirect("public-notice", token)


def _draft(form: Any) -> NoticeDraft:
    language = translation.get_language() or "en"
    return NoticeDraft(
        text=form.get("text", "")[: TEXT_CHARS_MAX + 1],
        url=form.get("url", "").strip()[: URL_CHARS_MAX + 1],
        category=form.get("category", ""),
        language=language if language in WORDINGS else "en",
        good_faith=form.get("good_faith") == "yes",
        came_by=Notice.CameBy.FORM,
        name=form.get("name", "")[: NAME_CHARS_MAX + 1],
        email=form.get("email", "").strip()[: EMAIL_CHARS_MAX + 1],
        threat_to_life=form.get("threat_to_life") == "yes",
    )


def _context(notice: Notice, text: str) -> dict[str, Any]:
    complaint = Complaint.objects.filter(notice=notice.number).first()
    answered = complaint is not None and complaint.informed_at is not None
    known = notice.told
    may_object = known is not None and known.outcome == "no_action" and complaint is None
    return {
        "notice": notice,
        "told": known,
        "complaint": complaint,
        "answer": replies.outcome_text(complaint) if complaint is not None and answered else "",
        "received": replies.received_sentence(complaint) if complaint is not None else "",
        "misuse_letters": letters_under(notice),
        "may_object": may_object and may_complain(now(), informed_at=known.at if known else None),
        "until": complaint_until(known.at) if known else None,
        "text_chars_max": complaints.TEXT_CHARS_MAX,
        "text": text,
    }
