"""Django's entry to the domain."""

from django.apps import AppConfig


class PlatformsConfig(AppConfig):
    """The domain as a Django application."""

    name = "vigie.platforms"
    label = "platforms"
