"""Django's entry to the domain."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The domain as a Django application."""

    name = "vigie.console"
    label = "console"
