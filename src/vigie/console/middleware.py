"""What holds for every page: language, time zone, security headers, no copies of signed-in pages, errors in words.

It decides no right; `access` does.
"""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from vigie.console.answers import told
from vigie.console.public import is_for_everybody, language_of
from vigie.foundation.errors import VigieError
from vigie.people.models import User

# No script, style or picture from elsewhere, no inline script, no frame. `blob:` shows pictures that were asked for
# by POST, `data:` the QR code of the authenticator app.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
API_PREFIX = "/v1/"
# The browser's own zone, as console.js tells it: what is shown and what is typed are in one zone.
ZONE_COOKIE = "vigie_zone"


class ConsoleMiddleware:
    """Last in the list, so that the person is known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(API_PREFIX):
            return self._get_response(request)
        user = request.user
        if isinstance(user, User) and user.language in settings.CONSOLE_LANGUAGES:
            _speak(request, user.language)
        own = user.time_zone if isinstance(user, User) else ""
        with timezone.override(_zone(own or request.COOKIES.get(ZONE_COOKIE, ""))):
            response = self._get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if isinstance(user, User):
            response.headers["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["HX-Request"])
        return response

    def process_view(self, request: HttpRequest, view: object, *_arguments: object) -> None:
        """Pages for everybody are there in every language, the console in its own ones."""
        if request.path.startswith(API_PREFIX):
            return
        if is_for_everybody(view):
            _speak(request, language_of(request))
        elif translation.get_language() not in settings.CONSOLE_LANGUAGES:
            _speak(request, settings.LANGUAGE_CODE)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page with the sentence of an error that Vigie raised on purpose; everything else stays an error 500."""
        if not isinstance(error, VigieError) or request.path.startswith(API_PREFIX):
            return None
        shown = {"sentence": told(error), "code": error.code, "status": error.status}
        return render(request, "console/problem.html", shown, status=error.status)


def _speak(request: HttpRequest, language: str) -> None:
    translation.activate(language)
    request.LANGUAGE_CODE = language


def _zone(name: str) -> ZoneInfo:
    """The zone of that name; UTC when there is none, or when a cookie names a folder or nonsense (OSError)."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
