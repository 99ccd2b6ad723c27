"""Writing to the ledger, inside the transaction of the change that it records.

It opens no transaction of its own: outside one it refuses.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from vigie.foundation.canonical import canonical_json
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, VigieError
from vigie.ledger.actors import Actor
from vigie.ledger.chain import GENESIS, Row, row_hash
from vigie.ledger.events import DeadLetterReplayed, DeliveryOvertaken, Event
from vigie.ledger.models import LedgerEntry, OutboxMessage

CHANNEL = "vigie_ledger"


class OutsideTransaction(VigieError):
    """Something was recorded outside the transaction that it belongs to."""

    code = "outside_transaction"


def append(event: Event, *, actor: Actor, subject: str) -> int:
    """Record `event` and return its number.

    Writers queue at the head row until they commit, so numbers have no gaps and follow the order of commits:
    whoever has read up to n has read everything up to n. Append last in a transaction to keep the queue short.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction("A ledger entry needs the transaction of the change that it records.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM ledger_head WHERE id = 1 FOR UPDATE")
        head = cursor.fetchone()
        previous_seq, previous_hash = (head[0], bytes(head[1])) if head else (0, GENESIS)
        seq, at, facts = previous_seq + 1, now(), event.facts()
        digest = row_hash(
            previous_hash=previous_hash,
            seq=seq,
            at=at,
            event=event.name,
            actor=str(actor),
            subject=subject,
            facts=facts,
        )
        cursor.execute(
            "INSERT INTO ledger_entry (seq, at, event, actor, subject, facts, previous_hash, hash)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [seq, at, event.name, str(actor), subject, canonical_json(facts).decode(), previous_hash, digest],
        )
        cursor.execute("UPDATE ledger_head SET seq = %s, hash = %s WHERE id = 1", [seq, digest])
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(seq)])
    return seq


def take_turn() -> None:
    """Queue at the head row now, inside the caller's transaction, before other rows are locked.

    For whoever locks rows that others lock after they have written to the ledger: so that none waits for the other.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction("A turn at the ledger needs a transaction.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM ledger_head WHERE id = 1 FOR UPDATE")


def head_seq() -> int:
    """The number of the last entry; 0 for an empty ledger."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM ledger_head WHERE id = 1")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def rows_after(seq: int, *, through: int | None = None, events: Collection[str] = ()) -> Iterator[Row]:
    """Rows with a number above `seq`, ascending, read in pieces; only those of `events` when any are named."""
    entries = LedgerEntry.objects.filter(seq__gt=seq).order_by("seq")
    if through is not None:
        entries = entries.filter(seq__lte=through)
    if events:
        entries = entries.filter(event__in=events)
    for one in entries.iterator(chunk_size=2_000):
        yield row_of(one)


def domains_between(after: int, through: int) -> set[str]:
    """The domains (the first word of event names) that wrote between two numbers, the first excluded."""
    names = (
        LedgerEntry.objects.filter(seq__gt=after, seq__lte=through).values_list("event", flat=True).distinct()
    )
    return {name.partition(".")[0] for name in names}


def row_of(entry: LedgerEntry) -> Row:
    """The stored row as a value."""
    return Row(
        seq=entry.seq,
        at=entry.at,
        event=entry.event,
        actor=entry.actor,
        subject=entry.subject,
        facts=entry.facts,
        previous_hash=bytes(entry.previous_hash),
        hash=bytes(entry.hash),
    )


def put_in_outbox(
    *,
    key: str,
    topic: str,
    receiver: str,
    ordering_key: str,
    payload: dict[str, Any],
    ledger_seq: int,
    at: datetime,
) -> OutboxMessage:
    """Queue an effect in the transaction of its cause; delivered at least once, in order per `ordering_key`."""
    if not connection.in_atomic_block:
        raise OutsideTransaction("An outbox message needs the transaction of its cause.")
    return OutboxMessage.objects.create(
        key=key,
        topic=topic,
        receiver=receiver,
        ordering_key=ordering_key,
        payload=payload,
        ledger_seq=ledger_seq,
        created_at=at,
        next_attempt_at=at,
    )


def overtake(keys: Collection[str], *, actor: Actor) -> None:
    """Set messages down that did not arrive, as overtaken: what they ask for was done in another way.

    They are not sent again, and what waits behind them goes out. One that its receiver takes at this very moment still
    counts as delivered.
    """
    undelivered = (OutboxMessage.State.PENDING, OutboxMessage.State.DEAD)
    waiting = OutboxMessage.objects.select_for_update().filter(key__in=keys, state__in=undelivered)
    for message in waiting.order_by("id"):
        message.state = OutboxMessage.State.OVERTAKEN
        message.save(update_fields=["state"])
        append(
            DeliveryOvertaken(key=message.key, attempts=message.attempts),
            actor=actor,
            subject=message.ordering_key,
        )


def replay(message_id: int, *, actor: Actor) -> OutboxMessage:
    """Put a dead letter back in the outbox with a fresh 72 hours; raises Conflict when it is not dead."""
    with transaction.atomic():
        message = OutboxMessage.objects.select_for_update().get(pk=message_id)
        if message.state != OutboxMessage.State.DEAD:
            raise Conflict(
                "Only a dead letter can be replayed.", hint=f"This message is {message.get_state_display()}."
            )
        message.state = OutboxMessage.State.PENDING
        message.attempts = 0
        message.first_attempt_at = None
        message.leased_until = None
        message.next_attempt_at = now()
        message.save()
        append(DeadLetterReplayed(key=message.key), actor=actor, subject=message.ordering_key)
    return message
