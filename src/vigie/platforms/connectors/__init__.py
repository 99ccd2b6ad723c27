"""The connectors to platforms, by name; each passes tests/contract/test_connectors.py.

None keeps state or decides anything.
"""

from types import MappingProxyType

from vigie.platforms.connectors.base import (
    GONE_STATUSES,
    Connector,
    Delivered,
    Gone,
    NotDelivered,
    PlatformConfig,
    StillThere,
    Unknown,
)
from vigie.platforms.connectors.webhook import WebhookConnector

__all__ = [
    "CONNECTORS",
    "GONE_STATUSES",
    "Connector",
    "Delivered",
    "Gone",
    "NotDelivered",
    "PlatformConfig",
    "StillThere",
    "Unknown",
    "WebhookConnector",
]

_BUILT_IN: tuple[Connector, ...] = (WebhookConnector(),)

CONNECTORS = MappingProxyType({connector.name: connector for connector in _BUILT_IN})
