"""Stored state: what is sealed, where, and with which wrapped key; preserved items, requests about them, certificates.

The bytes themselves are in the blob store. A destroyed key leaves no way back to them.
"""

from datetime import datetime

from django.db import models

from vigie.evidence.retention import REMOVALS, Clock, Ground
from vigie.evidence.states import Stage
from vigie.foundation.identifiers import public_number
from vigie.people.models import User


class PreservedItem(models.Model):
    """Everything sealed of one subject (a case, an order, an entry), and until when it is kept."""

    subject = models.CharField(max_length=200, db_index=True)
    stage = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Stage], default="open")
    ground = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in Ground if one], default="", blank=True
    )
    began_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    extended_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    look_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)
    removal_attempts = models.IntegerField(default=0)
    blobs_gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "evidence_preserved"
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=~models.Q(stage="deleted"), name="preserved_subject_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["look_at"], condition=models.Q(blobs_gone_at__isnull=True), name="preserved_look"
            ),
            models.Index(fields=["stage", "until"], name="preserved_stage"),
        ]

    @property
    def number(self) -> str:
        """The public number, `P-000012`."""
        return public_number("P", self.pk)

    @property
    def clock(self) -> Clock:
        """The period that runs."""
        return Clock(Ground(self.ground), self.began_at, self.until)

    @property
    def was_removed(self) -> bool:
        """Whether it is kept because content was removed: (EU) 2021/784 Art. 6."""
        return Ground(self.ground) in REMOVALS


class EvidenceItem(models.Model):
    """One sealed byte string. Without its wrapped key it can be read by nobody."""

    class Kind(models.TextChoices):
        """What was sealed. Only a preview may be shown without a purpose."""

        MEDIUM = "medium"
        TEXT = "text"
        RECORD = "record"
        PICTURE = "picture"
        PREVIEW = "preview"
        QUARANTINE = "quarantine"

    reference = models.CharField(max_length=36, primary_key=True)
    subject = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    media_type = models.CharField(max_length=100)
    byte_count = models.BigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    wrapped_key = models.BinaryField(max_length=100)
    sealed_at = models.DateTimeField()
    preserved = models.ForeignKey(
        PreservedItem, null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    destroyed_at = models.DateTimeField(null=True, blank=True)
    blob_gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "evidence_item"
        indexes = [
            models.Index(
                fields=["sealed_at"],
                condition=models.Q(preserved__isnull=True, destroyed_at__isnull=True),
                name="evidence_not_kept_yet",
            )
        ]


class EvidenceRequest(models.Model):
    """Somebody asks for something that needs a second person: to open, to export, or to keep longer."""

    class Kind(models.TextChoices):
        """What is asked for."""

        ACCESS = "access"
        EXPORT = "export"
        EXTENSION = "extension"

    class State(models.TextChoices):
        """Whether the second person decided."""

        REQUESTED = "requested"
        GRANTED = "granted"
        REFUSED = "refused"

    item = models.ForeignKey(PreservedItem, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    purpose = models.TextField()
    legal_basis = models.CharField(max_length=300, default="", blank=True)
    authority = models.CharField(max_length=200, default="", blank=True)
    reference = models.CharField(max_length=200, default="", blank=True)
    until = models.DateTimeField(null=True, blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(default="", blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "evidence_request"
        indexes = [models.Index(fields=["state", "-id"], name="evidence_request_state")]

    @property
    def number(self) -> str:
        """The public number, `ER-000003`."""
        return public_number("ER", self.pk)

    def usable_at(self, at: datetime) -> bool:
        """Whether it lets its requester open or export at this instant."""
        return (
            self.kind != self.Kind.EXTENSION
            and self.state == self.State.GRANTED
            and self.expires_at is not None
            and at < self.expires_at
        )


class DeletionCertificate(models.Model):
    """That an item was deleted: what, when, why; signed, and kept for good."""

    item = models.OneToOneField(PreservedItem, on_delete=models.PROTECT, related_name="certificate")
    body = models.TextField()
    public_key = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "evidence_certificate"
