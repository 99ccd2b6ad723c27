"""The addresses that Django answers: the console at the root, sign-in, and the API under `/v1/`.

The fast lane takes its three addresses before Django sees them.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path

from vigie.api.v1 import api


def _closed(request: HttpRequest, page: str) -> HttpResponse:
    """Vigie sends no mail: an administrator gives a new password, and addresses are nobody's to change here."""
    raise Http404


urlpatterns = [
    path("v1/", api.urls),
    re_path(r"^accounts/(?P<page>password/reset|email|confirm-email|signup)/", _closed),
    path("accounts/", include("allauth.urls")),
    path("", include("vigie.console.urls")),
]

handler403 = "vigie.console.views.errors.forbidden"
handler404 = "vigie.console.views.errors.not_found"
handler500 = "vigie.console.views.errors.server_error"
