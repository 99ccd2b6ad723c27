"""Routes of statements, complaints and notices, those of the public among them.

It names routes; rights are checked at each view, and the public ones say so.
"""

from django.urls import URLPattern, path

from vigie.console.views import statements

urlpatterns: list[URLPattern] = [
    path("statements/", statements.show_all, name="statements"),
    path("statements/<str:number>", statements.show, name="statement"),
]
