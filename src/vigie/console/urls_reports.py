"""Routes of transparency reports, those of the public among them.

It names routes; rights are checked at each view, and the public ones say so.
"""

from django.urls import URLPattern, path

from vigie.console.views import public_reports, reports

urlpatterns: list[URLPattern] = [
    path("reports/", reports.show_all, name="reports"),
    path("reports/start", reports.start, name="report-start"),
    path("reports/profile", reports.profile, name="report-profile"),
    path("reports/drafts/<str:run_id>", reports.show_run, name="report-run"),
    path("reports/drafts/<str:run_id>/<str:name>", reports.show_file, name="report-file"),
    path("reports/<str:number>", reports.show_published, name="report-published"),
    path("reports/<str:number>/<str:name>", reports.show_published_file, name="report-published-file"),
    # For people without an account.
    path("transparency/", public_reports.show_all, name="public-reports"),
    path("transparency/<str:number>", public_reports.show, name="public-report-published"),
    path("transparency/<str:number>/<str:name>", public_reports.show_file, name="public-report-file"),
]
