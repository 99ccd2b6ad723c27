"""Routes of statements, complaints, misuse and notices, those of the public among them.

It names routes; rights are checked at each view, and the public ones say so.
"""

from django.urls import URLPattern, path

from vigie.console.views import (
    complaints,
    inquiries,
    misuse,
    notices,
    public_complaint,
    public_inquiry,
    public_notice,
    referrals,
    statements,
    transparency,
)

urlpatterns: list[URLPattern] = [
    path("statements/", statements.show_all, name="statements"),
    path("statements/database", transparency.show, name="submissions"),
    path("statements/database/<str:number>/replay", transparency.replay, name="submission-replay"),
    path("statements/<str:number>", statements.show, name="statement"),
    path("complaints/", complaints.show_all, name="complaints"),
    path("complaints/<str:number>", complaints.show, name="complaint"),
    path("complaints/<str:number>/take", complaints.take, name="complaint-take"),
    path("complaints/<str:number>/hand-back", complaints.hand_back, name="complaint-hand-back"),
    path("complaints/<str:number>/decide", complaints.decide, name="complaint-decide"),
    path("complaints/<str:number>/entries/<str:entry>", complaints.settle, name="complaint-settle"),
    path("complaints/<str:number>/take-up", complaints.take_up, name="complaint-take-up"),
    path("misuse/", misuse.show_all, name="misuse"),
    path("misuse/<str:number>", misuse.show, name="misuse-record"),
    path("misuse/<str:number>/act", misuse.act, name="misuse-act"),
    path("cases/<str:number>/manifestly-illegal", misuse.find_illegal, name="case-manifestly-illegal"),
    path("notices/", notices.show_all, name="notices"),
    path("notices/new", referrals.enter, name="referral-new"),
    path("notices/flaggers", notices.show_flaggers, name="flaggers"),
    path("notices/flaggers/<slug:name>/switch", notices.switch, name="flagger-switch"),
    path("notices/<str:number>", notices.show, name="notice"),
    path("notices/<str:number>/act", notices.act, name="notice-act"),
    path("threats/", notices.show_threats, name="threats"),
    path("threats/<str:number>/settle", notices.settle_threat, name="threat-settle"),
    path("cases/<str:number>/threat", notices.raise_threat, name="case-threat"),
    # For people without an account: the private link.
    path("complaint/<str:token>", public_complaint.show, name="public-complaint"),
    path("ordered/<str:token>", public_inquiry.show, name="public-inquiry"),
    path("ordered/<str:token>/copy.pdf", public_inquiry.download, name="public-inquiry-copy"),
    path("inquiries/<str:number>/answer", inquiries.answer, name="inquiry-answer"),
    path("report", public_notice.report, name="public-report"),
    path("notice/<str:token>", public_notice.show, name="public-notice"),
]
