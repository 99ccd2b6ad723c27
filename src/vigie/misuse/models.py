"""Stored state: a record for each who misuses, on one platform; what counts in it; and the steps that were taken.

A record is found by a keyed hash, never by name. Only an account has its platform's id here: it has to be acted on.
"""

from datetime import datetime

from django.db import models

from vigie.cases.models import Case
from vigie.foundation.identifiers import public_number
from vigie.misuse.steps import Stage
from vigie.people.models import User
from vigie.platforms.models import Platform


class MisuseRecord(models.Model):
    """Who: one notifier, complainant or account of one platform."""

    class Kind(models.TextChoices):
        """For what."""

        NOTIFIER = "notifier"
        COMPLAINANT = "complainant"
        UPLOADER = "uploader"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    account = models.CharField(max_length=200, default="", blank=True)
    stage = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in Stage], default=Stage.WATCHED
    )
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "misuse_record"
        constraints = [models.UniqueConstraint(fields=["kind", "platform", "key"], name="misuse_record_once")]
        indexes = [models.Index(fields=["stage", "-changed_at"], name="misuse_stage")]

    @property
    def number(self) -> str:
        """The public number, `M-000007`."""
        return public_number("M", self.pk)


class MisuseFinding(models.Model):
    """One thing that counts: a notice, a complaint or a content (`about`), because of a decision (`rests_on`)."""

    class Withdrawn(models.TextChoices):
        """Why it does not count any more."""

        REVERSED = "reversed"
        WITHDRAWN = "withdrawn"

    record = models.ForeignKey(MisuseRecord, on_delete=models.PROTECT, related_name="findings")
    about = models.CharField(max_length=300)
    rests_on = models.CharField(max_length=20, db_index=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    provided_at = models.DateTimeField()
    found_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=10, choices=Withdrawn.choices, default="", blank=True)

    class Meta:
        db_table = "misuse_finding"
        constraints = [
            models.UniqueConstraint(
                fields=["record", "about"], condition=models.Q(withdrawn_at=None), name="misuse_finding_once"
            )
        ]
        indexes = [models.Index(fields=["record", "provided_at"], name="misuse_finding_frame")]


class MisuseStep(models.Model):
    """A warning or a suspension: who took it, on which numbers, and how grave and intended it looked to them."""

    class Kind(models.TextChoices):
        """What was done."""

        WARNING = "warning"
        SUSPENSION = "suspension"

    class End(models.TextChoices):
        """Why it holds no more."""

        OVER = "over"
        LIFTED = "lifted"
        REVERSED = "reversed"
        COMPLAINT = "complaint"
        TAKEN_BACK = "taken_back"

    record = models.ForeignKey(MisuseRecord, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    taken_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    counted = models.IntegerField()
    total = models.IntegerField()
    count_min = models.IntegerField()
    percent_min = models.IntegerField()
    window_days = models.IntegerField()
    gravity = models.TextField(default="", blank=True)
    intention = models.TextField(default="", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=10, choices=End.choices, default="", blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "misuse_step"
        indexes = [
            models.Index(
                fields=["until"],
                condition=models.Q(kind="suspension", ended_at=None),
                name="misuse_suspension_due",
            )
        ]

    @property
    def number(self) -> str:
        """The public number, `MS-000012`."""
        return public_number("MS", self.pk)

    def holds_at(self, at: datetime) -> bool:
        """Whether it suspends at this instant."""
        return self.ended_at is None and self.until is not None and self.until > at
