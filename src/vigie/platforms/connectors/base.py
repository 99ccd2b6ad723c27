"""What every connector to a platform can do: deliver an enforcement message, look whether content is gone.

A connector keeps no state and decides nothing; retries, alarms and the ledger are the domain's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from vigie.foundation.limits import WEBHOOK_ANSWER_S_MAX
from vigie.foundation.outbound import OutboundDoor
from vigie.platforms.messages import PlatformMessage

GONE_STATUSES = frozenset({404, 410, 451})


@dataclass(frozen=True, kw_only=True)
class PlatformConfig:
    """How one platform is reached: `url` takes the deliveries.

    `gone_statuses` are the HTTP statuses that mean that its content is gone; `options` is what only one kind
    of connector needs.
    """

    url: str
    secret: str = field(repr=False)
    gone_statuses: frozenset[int] = GONE_STATUSES
    time_s_max: float = WEBHOOK_ANSWER_S_MAX
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivered:
    """The platform obeyed, now or at an earlier attempt."""

    status: int


@dataclass(frozen=True)
class NotDelivered:
    """The platform did not obey; to be tried again. `reason` is a stable code: http_500, timed_out, ..."""

    reason: str
    retry_after_s: float | None = None


@dataclass(frozen=True)
class Gone:
    """The content can no longer be seen by the public."""

    status: int


@dataclass(frozen=True)
class StillThere:
    """The platform answered as if the content were still to be seen."""

    status: int


@dataclass(frozen=True)
class Unknown:
    """The platform could not say; `reason` is a stable code. Look again, and do not take it for gone."""

    reason: str


class Connector(Protocol):
    """An adapter to one kind of platform. Every one passes tests/contract/test_connectors.py."""

    @property
    def name(self) -> str:
        """The stable name by which a platform's settings choose it."""
        ...

    def deliver(
        self, message: PlatformMessage, *, config: PlatformConfig, door: OutboundDoor
    ) -> Delivered | NotDelivered:
        """Make one attempt; every failure of the other side is an answer, not an exception."""
        ...

    def recheck(
        self, content_url: str, *, config: PlatformConfig, door: OutboundDoor
    ) -> Gone | StillThere | Unknown:
        """Look at the content as the public does."""
        ...
