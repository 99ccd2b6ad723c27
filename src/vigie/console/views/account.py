"""A person's own account: language, time zone, how work goes on, and personal tokens.

Passwords, passkeys and codes are django-allauth's; rights are an administrator's.
"""

from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vigie.console.access import actor_of, needs, signed_in
from vigie.console.answers import complain, go, refuse, say
from vigie.console.preferences import goes_on, keep_goes_on
from vigie.foundation.clock import now
from vigie.foundation.errors import Invalid, NotFound, VigieError
from vigie.people import service as people
from vigie.people.models import Token

PAGE = "console/account.html"
TOKEN_NAME_CHARS_MAX = 100
LIFETIMES_DAYS = (30, 90, 365)


@needs()
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The account page."""
    return render(request, PAGE, _context(request))


@needs()
@require_POST
def save_preferences(request: HttpRequest) -> HttpResponse:
    """Keep language, time zone and whether the next case follows a decision."""
    user = signed_in(request)
    language, zone = request.POST.get("language", ""), request.POST.get("time_zone", "").strip()
    if language not in django_settings.CONSOLE_LANGUAGES:
        return refuse(request, PAGE, _context(request), Invalid("Vigie does not speak this language."))
    if zone and zone not in available_timezones():
        problem = Invalid("There is no such time zone.", hint="Write it like Europe/Paris.")
        return refuse(request, PAGE, _context(request) | {"zone": zone}, problem)
    user.language, user.time_zone = language, zone
    user.save(update_fields=["language", "time_zone"])
    with translation.override(language):
        say(request, _("Saved."))
    answer = go(request, "account")
    keep_goes_on(answer, "yes" if "go_on" in request.POST else "no")
    answer.set_cookie(django_settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
    return answer


@needs()
@require_POST
def add_token(request: HttpRequest) -> HttpResponse:
    """Make a personal token; its text is on the answer's page and nowhere else."""
    user, form = signed_in(request), request.POST
    try:
        name = form.get("name", "").strip()
        if not 1 <= len(name) <= TOKEN_NAME_CHARS_MAX:
            raise Invalid("Give the token a name.", hint="Say what uses it.")
        _token, text = people.add_token(
            name=name,
            scopes=form.getlist("scopes"),
            actor=actor_of(request),
            user=user,
            expires_at=_expiry(form.get("days", "")),
        )
    except VigieError as error:
        filled = {"token_form": {"name": form.get("name", ""), "scopes": form.getlist("scopes")}}
        return refuse(request, PAGE, _context(request) | filled, error)
    return render(request, PAGE, _context(request) | {"new_token": text})


@needs()
@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Stop one of the person's own tokens."""
    try:
        if not Token.objects.filter(pk=token_id, user=signed_in(request)).exists():
            raise NotFound("There is no such token.")
        people.revoke_token(token_id, actor=actor_of(request))
    except VigieError as error:
        complain(request, error)
    else:
        say(request, _("The token no longer works."))
    return go(request, "account")


def _expiry(days: str) -> Any:
    return now() + timedelta(days=int(days)) if days in {str(one) for one in LIFETIMES_DAYS} else None


def _context(request: HttpRequest) -> dict[str, Any]:
    user = signed_in(request)
    return {
        "languages": django_settings.CONSOLE_LANGUAGES.items(),
        "zone": user.time_zone,
        "zones": sorted(available_timezones()),
        "go_on": goes_on(request),
        "tokens": Token.objects.filter(user=user).order_by("-id")[:100],
        "scopes": sorted(right.value for right in user.rights),
        "lifetimes": LIFETIMES_DAYS,
        "token_form": {"name": "", "scopes": []},
        "at": now(),
    }
