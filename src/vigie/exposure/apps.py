"""Django's entry to the domain."""

from django.apps import AppConfig


class ExposureConfig(AppConfig):
    """The domain as a Django application."""

    name = "vigie.exposure"
    label = "exposure"
