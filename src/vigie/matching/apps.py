"""Django's entry to the domain."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """The domain as a Django application."""

    name = "vigie.matching"
    label = "matching"
