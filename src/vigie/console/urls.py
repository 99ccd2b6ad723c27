"""The console's addresses: queue, cases, pictures and account here; the others in `urls_*`.

It names routes; rights are checked at each view.
"""

from django.urls import URLPattern, path
from django.views.i18n import set_language

from vigie.console.urls_evidence import urlpatterns as evidence
from vigie.console.urls_issuing import urlpatterns as issuing
from vigie.console.urls_operations import urlpatterns as others
from vigie.console.urls_orders import urlpatterns as orders
from vigie.console.urls_redress import urlpatterns as redress
from vigie.console.urls_reports import urlpatterns as reports
from vigie.console.views import account, case, home, missed, pictures, queue

urlpatterns: list[URLPattern] = [
    path("", home.home, name="queue"),
    path("queue/next", queue.take_next, name="queue-next"),
    path("cases/<str:number>", case.show, name="case"),
    path("cases/<str:number>/lock", case.keep_lock, name="case-lock"),
    path("cases/<str:number>/text", case.read_text, name="case-text"),
    path("cases/<str:number>/decide", case.decide, name="case-decide"),
    path("cases/<str:number>/undo", case.undo, name="case-undo"),
    path("cases/<str:number>/hand-back", case.hand_back, name="case-hand-back"),
    path("cases/<str:number>/bank", case.bank_medium, name="case-bank"),
    path("cases/<str:number>/missed", missed.of_case, name="case-missed"),
    path("pictures/<str:reference>/preview", pictures.preview, name="picture-preview"),
    path("pictures/<str:reference>/clear", pictures.clear, name="picture-clear"),
    path("account/", account.show, name="account"),
    path("account/preferences", account.save_preferences, name="account-preferences"),
    path("account/tokens", account.add_token, name="account-token-add"),
    path("account/tokens/<int:token_id>/revoke", account.revoke_token, name="account-token-revoke"),
    path("language", set_language, name="language"),
    *orders,
    *evidence,
    *issuing,
    *redress,
    *reports,
    *others,
]
