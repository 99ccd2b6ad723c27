"""Django's entry to the domain."""

from django.apps import AppConfig


class MisuseConfig(AppConfig):
    """The domain as a Django application."""

    name = "vigie.misuse"
    label = "misuse"
