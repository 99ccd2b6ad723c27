"""Calling whoever is on call: one POST to the address of the settings, again until it is taken.

It says that somebody is needed and where to look, and nothing of what is there.
"""

import json
from datetime import datetime
from typing import Any

from vigie.foundation.clock import now
from vigie.foundation.identifiers import jitter, new_uuid
from vigie.foundation.limits import WEBHOOK_ANSWER_S_MAX
from vigie.foundation.outbound import OutboundDoor, OutboundFailed, OutboundRefused
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.models import OutboxMessage
from vigie.ledger.outbox import Refused, Taken
from vigie.platforms.backoff import next_attempt_at


def put_calls(topic: str, *, about: str, facts: dict[str, Any], settings: Settings, at: datetime) -> None:
    """Put a call for a person in the outbox for every way that is set up, inside the caller's transaction."""
    ways = [("webhook", settings.oncall_url)] if settings.oncall_url else []
    ways += [("mail", to) for to in settings.oncall_mails if settings.smtp_url]
    for way, to in ways:
        ledger.put_in_outbox(
            key=new_uuid(),
            topic=topic,
            receiver="on-call",
            ordering_key=f"{about}/{way}/{to}"[:300],
            payload={"way": way, "to": to, **facts},
            ledger_seq=ledger.head_seq(),
            at=at,
        )


def call(stored: OutboxMessage, *, to: str, facts: dict[str, Any], door: OutboundDoor) -> Taken | Refused:
    """Send `facts` as JSON, with the message's key as idempotency key; any 2xx is an answer."""
    try:
        answered = door.post(
            to,
            body=json.dumps(facts).encode(),
            headers={"Content-Type": "application/json", "Idempotency-Key": stored.key},
            time_s_max=WEBHOOK_ANSWER_S_MAX,
        )
    except (OutboundFailed, OutboundRefused) as error:
        return try_again(stored, error.code)
    return Taken() if 200 <= answered.status < 300 else try_again(stored, f"http_{answered.status}")


def try_again(stored: OutboxMessage, reason: str) -> Refused:
    """Later, as for any delivery, until its time is over."""
    at = now()
    retry_at = next_attempt_at(
        attempt=stored.attempts, first_attempt_at=stored.first_attempt_at or at, now=at, jitter=jitter()
    )
    return Refused(reason=reason, retry_at=retry_at)
