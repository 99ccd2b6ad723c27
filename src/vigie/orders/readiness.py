"""What is not set up yet for a removal order that comes at night.

It reads settings only, and stops nothing: an order is taken in, executed and answered without any of it.
"""

from typing import Literal

from vigie.foundation.settings import Settings

Lack = Literal["on_call", "mailbox", "provider"]


def lacking(settings: Settings) -> tuple[Lack, ...]:
    """What is missing: somebody to call, a mailbox to read, the name that answers bear; in this order."""
    is_called = settings.oncall_url or (settings.oncall_mails and settings.smtp_url)
    found: dict[Lack, bool] = {
        "on_call": bool(is_called),
        "mailbox": bool(settings.orders_imap_url),
        "provider": bool(settings.provider_name),
    }
    return tuple(lack for lack, is_there in found.items() if not is_there)
