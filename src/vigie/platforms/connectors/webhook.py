"""The connector for any platform that takes signed webhooks (docs/reference/webhooks.md).

It makes one attempt and reads nothing but the status of the answer.
"""

from dataclasses import dataclass

from vigie.foundation import clock
from vigie.foundation.outbound import OutboundDoor, OutboundFailed, OutboundRefused
from vigie.platforms.connectors.base import Delivered, Gone, NotDelivered, PlatformConfig, StillThere, Unknown
from vigie.platforms.messages import PlatformMessage
from vigie.platforms.signatures import signed_headers

# Answers that tell about the platform's health and not about the content.
_TELLS_NOTHING = frozenset({408, 425, 429})


@dataclass(frozen=True)
class WebhookConnector:
    """POSTs the message, signed at each attempt with the time that `now` gives."""

    now: clock.Clock = clock.now
    name: str = "webhook"

    def deliver(
        self, message: PlatformMessage, *, config: PlatformConfig, door: OutboundDoor
    ) -> Delivered | NotDelivered:
        """Any 2xx within the time is obedience, everything else is to be tried again."""
        body = message.to_body()
        signed = signed_headers(config.secret, idempotency_key=message.id, at=self.now(), body=body)
        headers = {"Content-Type": "application/json", **signed}
        try:
            answered = door.post(config.url, body=body, headers=headers, time_s_max=config.time_s_max)
        except (OutboundFailed, OutboundRefused) as error:
            return NotDelivered(error.code)
        if 200 <= answered.status < 300:
            return Delivered(answered.status)
        return NotDelivered(f"http_{answered.status}", answered.retry_after_s)

    def recheck(
        self, content_url: str, *, config: PlatformConfig, door: OutboundDoor
    ) -> Gone | StillThere | Unknown:
        """GET the content's URL, follow no redirect; only the platform's `gone_statuses` mean gone."""
        try:
            status = door.status_of(content_url, time_s_max=config.time_s_max)
        except (OutboundFailed, OutboundRefused) as error:
            return Unknown(error.code)
        if status in config.gone_statuses:
            return Gone(status)
        if status >= 500 or status in _TELLS_NOTHING:
            return Unknown(f"http_{status}")
        return StillThere(status)
