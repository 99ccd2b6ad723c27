"""Django's entry to the domain."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The domain as a Django application."""

    name = "vigie.ledger"
    label = "ledger"
