"""The mailbox to which providers answer our orders: each message is kept as a reply, then placed.

What no machine can place waits for a person.
"""

from collections.abc import Callable
from datetime import datetime

from vigie.flows.mailbox import Message, read_new
from vigie.foundation.settings import Settings
from vigie.issuing import replies
from vigie.issuing.models import Reply


def poll(*, settings: Settings, clock: Callable[[], datetime]) -> int:
    """Take in what came since the last time; returns how many messages. Nothing without a mailbox in the settings."""
    if not settings.issuing_imap_url:
        return 0

    def take(message: Message) -> None:
        at = clock()
        replies.take_in(
            message.raw,
            received_at=message.received_at or at,
            at=at,
            settings=settings,
            mailbox_uid=message.uid,
        )

    return read_new(
        settings.issuing_imap_url,
        setting="VIGIE_ISSUING_IMAP_URL",
        bytes_max=replies.REPLY_BYTES_MAX,
        last_uid=_last_uid,
        take=take,
    )


def _last_uid(prefix: str) -> str | None:
    taken = Reply.objects.filter(mailbox_uid__startswith=prefix).order_by("-id").first()
    return None if taken is None else taken.mailbox_uid
