"""Django's entry to the domain."""

from django.apps import AppConfig


class IssuingConfig(AppConfig):
    """The domain as a Django application."""

    name = "vigie.issuing"
    label = "issuing"
