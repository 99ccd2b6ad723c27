"""Django's entry to the domain."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The domain as a Django application."""

    name = "vigie.cases"
    label = "cases"
