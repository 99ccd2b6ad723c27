"""Stored state of the ledger: its rows, its head, its checkpoints and the outbox.

Rows of the ledger are refused change and removal by the database itself.
"""

import pgtrigger
from django.db import models


class LedgerEntry(models.Model):
    """One fact. `seq` has no gaps; `hash` covers every other column and the hash before it."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    event = models.CharField(max_length=100)
    actor = models.CharField(max_length=200)
    subject = models.CharField(max_length=200, db_index=True)
    facts = models.JSONField()
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "ledger_entry"
        indexes = [models.Index(fields=["event", "seq"], name="ledger_event_seq")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="no_truncate",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'the ledger is append-only';",
            ),
        ]


class LedgerHead(models.Model):
    """The last number and hash; the row that writers queue at, so that numbers follow the order of commits."""

    id = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "ledger_head"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="ledger_head_single")]


class Checkpoint(models.Model):
    """A signed statement that the ledger up to `through` had `hash`; also kept as a file beside the database."""

    through = models.BigIntegerField(unique=True)
    hash = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    public_key = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)

    class Meta:
        db_table = "ledger_checkpoint"


class OutboxMessage(models.Model):
    """An effect that was decided and has to reach somebody."""

    class State(models.TextChoices):
        """Where the message stands."""

        PENDING = "pending"
        DELIVERED = "delivered"
        DEAD = "dead"
        OVERTAKEN = "overtaken"

    key = models.CharField(max_length=100, unique=True)
    topic = models.CharField(max_length=100)
    receiver = models.CharField(max_length=100)
    ordering_key = models.CharField(max_length=300)
    payload = models.JSONField()
    ledger_seq = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    first_attempt_at = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, default="")
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outbox_message"
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state="pending"), name="outbox_pending_due"
            ),
            models.Index(
                fields=["ordering_key", "id"],
                condition=models.Q(state="pending"),
                name="outbox_pending_order",
            ),
            models.Index(fields=["state", "-id"], name="outbox_state"),
        ]
