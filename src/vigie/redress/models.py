"""Stored state: statements of reasons, complaints about decisions, and what a complaint gives back.

A private link is not stored: only its SHA-256, by which it is found. What a complainant writes is stored locked.
"""

from datetime import datetime

from django.db import models

from vigie.cases.models import Case, Cause, Decision
from vigie.foundation.identifiers import public_number


class Statement(models.Model):
    """What a user is told about a restriction. Without a decision a rule acted, as people had told it to."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statements")
    decision = models.OneToOneField(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="statement"
    )
    cause = models.CharField(max_length=20, choices=Cause.choices)
    action = models.CharField(max_length=20)
    legal_type = models.CharField(max_length=1, default="", blank=True)
    by_trusted_flagger = models.BooleanField(default=False)
    language = models.CharField(max_length=10)
    text = models.TextField()
    link_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    withheld_until = models.DateTimeField(null=True, blank=True)
    requested_at = models.DateTimeField(null=True, blank=True)
    informed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "redress_statement"
        indexes = [
            models.Index(fields=["-made_at"], name="statement_newest"),
            models.Index(
                fields=["withheld_until"],
                condition=models.Q(withheld_until__isnull=False, requested_at__isnull=True),
                name="statement_withheld",
            ),
        ]

    @property
    def number(self) -> str:
        """The public number, `S-000012`."""
        return public_number("S", self.pk)

    def withheld_at(self, at: datetime) -> bool:
        """Whether nobody outside may learn of it at this instant."""
        return self.withheld_until is not None and self.withheld_until > at

    @property
    def state(self) -> str:
        """Where it stands: withheld, waiting (the platform takes no webhooks), sent, informed, withdrawn."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.informed_at is not None:
            return "informed"
        if self.requested_at is not None:
            return "sent"
        return "withheld" if self.withheld_until is not None else "waiting"
