"""Mail to notifiers who gave an address: put in the outbox in the transaction of what it tells.

It sends nothing, and no address stands in the outbox: that stays locked with the notice.
"""

import json
from typing import Literal

from vigie.foundation.clock import now
from vigie.foundation.identifiers import new_uuid
from vigie.foundation.secretbox import unlock_text
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.notices.models import Notice
from vigie.people.doors import TooManyTries, pass_door

TOPIC = "notices.mail"
RECEIVER = "notifier"
# Anybody can write any address into the form: nobody is sent more confirmations than this.
CONFIRMED_PER_HOUR_MAX = 20

Kind = Literal[
    "received",
    "decided",
    "complaint_received",
    "complaint_outcome",
    "misuse_warning",
    "misuse_suspension",
    "misuse_lifted",
]


def queue_mail(notice: Notice, kind: Kind, *, settings: Settings, about: str = "") -> bool:
    """Put a mail in the outbox, inside the caller's transaction; false when none is to be sent.

    `about` is the number of a complaint, or of a step for misuse. Source: (EU) 2022/2065 Art. 16(4) and (5).
    """
    if not (settings.smtp_url and settings.notifier_mail) or not address_of(notice, settings=settings):
        return False
    if kind == "received" and not _may_confirm(notice, settings):
        return False
    ledger.put_in_outbox(
        key=new_uuid(),
        topic=TOPIC,
        receiver=RECEIVER,
        ordering_key=f"notice:{notice.number}",
        payload={"notice": notice.number, "kind": kind, "about": about},
        ledger_seq=ledger.head_seq(),
        at=now(),
    )
    return True


def address_of(notice: Notice, *, settings: Settings) -> str:
    """Where the notifier wants to be told; empty for nobody."""
    if not notice.locked_contact:
        return ""
    return str(json.loads(unlock_text(notice.locked_contact, settings=settings)).get("email") or "")


def _may_confirm(notice: Notice, settings: Settings) -> bool:
    address = address_of(notice, settings=settings).casefold()
    try:
        pass_door("mail", address=address, tries_max=CONFIRMED_PER_HOUR_MAX, at=now(), settings=settings)
    except TooManyTries:
        return False
    return True
