"""Django's entry to the domain."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The domain as a Django application."""

    name = "vigie.notices"
    label = "notices"
