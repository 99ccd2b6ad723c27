"""Django's entry to the domain."""

from django.apps import AppConfig


class RedressConfig(AppConfig):
    """The domain as a Django application."""

    name = "vigie.redress"
    label = "redress"
