"""Stored state: decisions that we are exposed, what followed from each, and the reports that we owe.

A decision that ended stays.
"""

from datetime import datetime

from django.db import models

from vigie.exposure.clocks import report_due_at, review_due_at
from vigie.foundation.identifiers import public_number
from vigie.people.models import User


class Decision(models.Model):
    """An authority's decision that we are exposed. Source: (EU) 2021/784 Art. 5(4)."""

    authority = models.CharField(max_length=500)
    member_state = models.CharField(max_length=2)
    reference = models.CharField(max_length=500)
    received_at = models.DateTimeField()
    proof = models.TextField()
    # Kinds of specific measures, in words too, and the first day on which they are taken.
    measures = models.JSONField(default=list)
    measures_text = models.TextField(default="", blank=True)
    measures_since = models.DateField(null=True, blank=True)
    required_text = models.TextField(default="", blank=True)
    review_text = models.TextField(default="", blank=True)
    review_asked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.TextField(default="", blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "exposure_decision"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["member_state", "reference"], name="exposure_decision_once")
        ]

    @property
    def number(self) -> str:
        """The public number, `EX-000001`."""
        return public_number("EX", self.pk)

    @property
    def next_report_due_at(self) -> datetime | None:
        """Until when the next report is due; None once we are exposed no more."""
        return None if self.ended_at else report_due_at(self.received_at, reported=self.reports.count())

    @property
    def review_due_at(self) -> datetime | None:
        """Until when the authority decides on our request for review; None without one."""
        return None if self.review_asked_at is None else review_due_at(self.review_asked_at)


class MeasuresReport(models.Model):
    """A report on specific measures that we gave to the authority. Source: (EU) 2021/784 Art. 5(5)."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="reports")
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    proof = models.TextField()

    class Meta:
        db_table = "exposure_report"
        ordering = ["id"]
