"""Taking messages from the outbox: claim, hand to the deliverer of the topic, record how it went.

It knows no receiver: the deliverer does. A message is gone only when its receiver took it or a person can see it dead.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from vigie.ledger.actors import SYSTEM
from vigie.ledger.events import Delivered, DeliveryGivenUp
from vigie.ledger.models import OutboxMessage
from vigie.ledger.service import append

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Taken:
    """The receiver took the message. `then` runs in the transaction that records it."""

    then: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The receiver did not take it. `retry_at` is None when trying again is over."""

    reason: str
    retry_at: datetime | None


Deliverer = Callable[[OutboxMessage], Taken | Refused]

# The oldest pending message of each ordering key, if it is due and nobody works on it. Messages behind it wait:
# "restore" must not overtake "remove". SKIP LOCKED lets any number of workers claim at once.
_CLAIM = """
UPDATE outbox_message SET leased_until = %(lease)s, attempts = attempts + 1,
       first_attempt_at = COALESCE(first_attempt_at, %(now)s)
WHERE id IN (
    SELECT id FROM outbox_message m
    WHERE m.state = 'pending' AND m.next_attempt_at <= %(now)s
      AND (m.leased_until IS NULL OR m.leased_until < %(now)s)
      AND NOT EXISTS (SELECT 1 FROM outbox_message e
                      WHERE e.ordering_key = m.ordering_key AND e.state = 'pending' AND e.id < m.id)
    ORDER BY m.next_attempt_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def claim_due(*, at: datetime, limit: int) -> list[OutboxMessage]:
    """Lease up to `limit` due messages to the caller for a minute; a killed caller's lease runs out."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": at, "lease": at + LEASE, "limit": limit})
        ids = [row[0] for row in cursor.fetchall()]
    return list(OutboxMessage.objects.filter(pk__in=ids).order_by("id"))


def deliver(
    message: OutboxMessage, *, deliverer: Deliverer, clock: Callable[[], datetime]
) -> Taken | Refused:
    """Hand one leased message to `deliverer` and record the outcome."""
    outcome = deliverer(message)
    with transaction.atomic():
        stored = OutboxMessage.objects.select_for_update().get(pk=message.pk)
        is_late = stored.state == OutboxMessage.State.OVERTAKEN and isinstance(outcome, Taken)
        if stored.state != OutboxMessage.State.PENDING and not is_late:
            return outcome
        stored.leased_until = None
        if isinstance(outcome, Taken):
            stored.state = OutboxMessage.State.DELIVERED
            stored.delivered_at = clock()
            stored.last_error = ""
            stored.save()
            if outcome.then is not None:
                outcome.then()
            append(
                Delivered(key=stored.key, attempts=stored.attempts), actor=SYSTEM, subject=stored.ordering_key
            )
        elif outcome.retry_at is not None:
            stored.last_error = outcome.reason[:200]
            stored.next_attempt_at = outcome.retry_at
            stored.save()
        else:
            stored.state = OutboxMessage.State.DEAD
            stored.last_error = outcome.reason[:200]
            stored.save()
            append(
                DeliveryGivenUp(key=stored.key, attempts=stored.attempts, last_error=outcome.reason[:200]),
                actor=SYSTEM,
                subject=stored.ordering_key,
            )
    return outcome
