"""Django's entry to the domain."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The domain as a Django application."""

    name = "vigie.people"
    label = "people"
