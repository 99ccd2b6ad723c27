"""Routes of preserved evidence. It names routes; rights are checked at each view."""

from django.urls import URLPattern, path, re_path

from vigie.console.views import evidence

urlpatterns: list[URLPattern] = [
    path("evidence/", evidence.show_all, name="evidence"),
    path("evidence/requests/<str:number>", evidence.show_request, name="evidence-request"),
    path("evidence/requests/<str:number>/decide", evidence.decide, name="evidence-decide"),
    path("evidence/requests/<str:number>/open", evidence.open_sealed, name="evidence-open"),
    path("evidence/requests/<str:number>/export", evidence.export, name="evidence-export"),
    path("evidence/<str:number>", evidence.show, name="evidence-item"),
    path("evidence/<str:number>/ask", evidence.ask, name="evidence-ask"),
    re_path(
        r"^evidence/(?P<number>P-[0-9]{1,18})/certificate\.(?P<ending>pdf|json)$",
        evidence.certificate,
        name="evidence-certificate",
    ),
]
