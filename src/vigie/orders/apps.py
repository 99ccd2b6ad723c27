"""Django's entry to the domain."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """The domain as a Django application."""

    name = "vigie.orders"
    label = "orders"
