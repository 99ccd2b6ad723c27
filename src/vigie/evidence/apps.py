"""Django's entry to the domain."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The domain as a Django application."""

    name = "vigie.evidence"
    label = "evidence"
