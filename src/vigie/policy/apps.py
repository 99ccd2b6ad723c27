"""Django's entry to the domain."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """The domain as a Django application."""

    name = "vigie.policy"
    label = "policy"
