"""The addresses that Django answers: the console at the root, sign-in, and the API under `/v1/`.

The fast lane takes its three addresses before Django sees them.
"""

from django.urls import include, path

from vigie.api.v1 import api

urlpatterns = [
    path("v1/", api.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("vigie.console.urls")),
]

handler403 = "vigie.console.views.errors.forbidden"
handler404 = "vigie.console.views.errors.not_found"
handler500 = "vigie.console.views.errors.server_error"
