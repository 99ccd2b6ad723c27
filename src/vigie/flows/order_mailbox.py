"""The contact point's mailbox: each message is taken in as what may be an order.

A message counts as received when the mail server received it, whenever it is read.
"""

from collections.abc import Callable
from datetime import datetime

from vigie.flows.mailbox import Message, read_new
from vigie.foundation.settings import Settings
from vigie.ledger.actors import SYSTEM
from vigie.orders.intake import INTAKE_BYTES_MAX, take_in
from vigie.orders.models import OrderIntake


def poll(*, settings: Settings, clock: Callable[[], datetime]) -> int:
    """Take in what came since the last time; returns how many messages. Nothing without a mailbox in the settings."""
    if not settings.orders_imap_url:
        return 0

    def take(message: Message) -> None:
        at = clock()
        take_in(
            message.raw,
            channel=OrderIntake.Channel.MAIL,
            received_at=message.received_at or at,
            at=at,
            actor=SYSTEM,
            settings=settings,
            mailbox_uid=message.uid,
        )

    return read_new(
        settings.orders_imap_url,
        setting="VIGIE_ORDERS_IMAP_URL",
        bytes_max=INTAKE_BYTES_MAX,
        last_uid=_last_uid,
        take=take,
    )


def _last_uid(prefix: str) -> str | None:
    taken = OrderIntake.objects.filter(mailbox_uid__startswith=prefix).order_by("-id").first()
    return None if taken is None else taken.mailbox_uid
