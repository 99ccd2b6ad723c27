"""Django's entry to the domain."""

from django.apps import AppConfig


class BanksConfig(AppConfig):
    """The domain as a Django application."""

    name = "vigie.banks"
    label = "banks"
