"""Stored state: lookbacks and how far they are, erasures, and what the archive lost.

No signal and no content is here: they are in the archive's files.
"""

from django.db import models

from vigie.foundation.identifiers import public_number


class ArchiveState(models.Model):
    """One row: the last number given to a part, the last part that lookbacks were told of, and how far the ledger
    was read for new entries.
    """

    id = models.SmallIntegerField(primary_key=True)
    last_part = models.BigIntegerField(default=0)
    told_part = models.BigIntegerField(default=0)
    followed_seq = models.BigIntegerField(default=0)

    class Meta:
        db_table = "archive_state"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="archive_state_one_row")]


class Lookback(models.Model):
    """A look for entries among earlier uploads.

    `spans` are the first and last ids of its entries. `seq`: uploads that were compared with the entries as of this
    ledger number need no look; a lookback that a person asked for looks at all of them.
    """

    class State(models.TextChoices):
        """How it stands. `stopped`: it found more than it may open cases for, and a person has to say go on.

        `cancelled`: a person ended it; its cases stay.
        """

        RUNNING = "running"
        STOPPED = "stopped"
        DONE = "done"
        CANCELLED = "cancelled"

    spans = models.JSONField()
    entry_count = models.BigIntegerField()
    bank = models.CharField(max_length=60, default="", blank=True)
    seq = models.BigIntegerField()
    looks_at_all = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    looked_through = models.BigIntegerField(default=0)
    signals_looked_at = models.BigIntegerField(default=0)
    signals_left = models.BigIntegerField(default=0)
    cases_max = models.IntegerField()
    cases_opened = models.IntegerField(default=0)
    cases_joined = models.IntegerField(default=0)
    cases_decided = models.IntegerField(default=0)

    class Meta:
        db_table = "lookback"
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state="running"), name="lookback_running"),
            models.Index(fields=["seq"], name="lookback_seq"),
            models.Index(fields=["bank", "-id"], name="lookback_of_bank"),
        ]

    @property
    def number(self) -> str:
        """The public number, `L-000012`."""
        return public_number("L", self.pk)

    @property
    def percent(self) -> int:
        """How much of what it looks at is done, 0 to 100."""
        if self.state == self.State.DONE:
            return 100
        whole = self.signals_looked_at + self.signals_left
        return 0 if whole == 0 else min(99, self.signals_looked_at * 100 // whole)


class LookbackFind(models.Model):
    """An earlier upload that a lookback found, by its case. `nearest` in bits; 0 for exact kinds."""

    class Outcome(models.TextChoices):
        """What became of it."""

        OPENED = "opened"
        JOINED = "joined"
        DECIDED = "decided"

    lookback = models.ForeignKey(Lookback, on_delete=models.CASCADE, related_name="finds")
    entry = models.BigIntegerField(db_index=True)
    case = models.BigIntegerField()
    nearest = models.SmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)

    class Meta:
        db_table = "lookback_find"
        constraints = [
            models.UniqueConstraint(fields=["lookback", "entry", "case"], name="lookback_find_once")
        ]


class ContentErasure(models.Model):
    """A content that is to go from the archive. It is found by a keyed hash, which goes too once that is done."""

    platform = models.CharField(max_length=60)
    content_key = models.BinaryField(max_length=32, null=True)
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    uploads = models.IntegerField(default=0)

    class Meta:
        db_table = "archive_erasure"
        constraints = [
            models.UniqueConstraint(
                fields=["content_key"],
                condition=models.Q(done_at__isnull=True),
                name="archive_erasure_once",
            )
        ]

    @property
    def number(self) -> str:
        """The public number, `X-000003`."""
        return public_number("X", self.pk)


class ArchiveLoss(models.Model):
    """An alarm: uploads that a full disk kept out of the archive, bytes of a journal that are no record, or a damaged
    part, by its name in place of a journal's and with the uploads in it.
    """

    class Kind(models.TextChoices):
        """What was lost."""

        UPLOADS = "uploads"
        TORN = "torn"
        DAMAGED = "damaged"

    journal = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    count = models.BigIntegerField()
    at = models.DateTimeField()
    seen_by = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        db_table = "archive_loss"
        constraints = [models.UniqueConstraint(fields=["journal", "kind"], name="archive_loss_once")]
        indexes = [models.Index(fields=["-at"], condition=models.Q(seen_by=""), name="archive_loss_open")]
