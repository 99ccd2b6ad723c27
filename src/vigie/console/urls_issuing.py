"""Routes of the desk of orders that we issue. It names routes; rights are checked at each view."""

from django.urls import URLPattern, path, re_path

from vigie.console.views import issuing, issuing_registers, issuing_replies

urlpatterns: list[URLPattern] = [
    path("issuing/", issuing.show_all, name="issuing"),
    path("issuing/new", issuing.begin, name="issued-new"),
    path("issuing/figures", issuing.show_figures, name="issuing-figures"),
    path("issuing/providers", issuing_registers.show_providers, name="issuing-providers"),
    path("issuing/providers/<slug:name>", issuing_registers.show_provider, name="issuing-provider"),
    path("issuing/providers/<slug:name>/inform", issuing_registers.inform, name="issuing-inform"),
    path("issuing/providers/<slug:name>/acts/<str:kind>", issuing_registers.take_act, name="issuing-act"),
    path("issuing/holds", issuing_registers.show_holds, name="issuing-holds"),
    path("issuing/holds/<str:number>/release", issuing_registers.release, name="issuing-hold-release"),
    path("issuing/replies", issuing_replies.show_all, name="issued-replies"),
    path("issuing/replies/<str:number>", issuing_replies.show, name="issued-reply"),
    path("issuing/replies/<str:number>/place", issuing_replies.place, name="issued-reply-place"),
    path("issuing/<str:number>", issuing.show, name="issued"),
    path("issuing/<str:number>/change", issuing.change, name="issued-change"),
    path("issuing/<str:number>/answer", issuing.take_answer, name="issued-answer"),
    path("issuing/<str:number>/steps/<str:step>", issuing.take, name="issued-step"),
    re_path(
        r"^issuing/(?P<number>RO-[0-9]{1,18})/order\.(?P<ending>pdf|json)$",
        issuing.download,
        name="issued-download",
    ),
]
