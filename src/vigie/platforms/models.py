"""Stored state: platforms, and the looks whether a measure holds."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


def gone_by_default() -> list[int]:
    """HTTP statuses that say that content is gone: not found, gone, unavailable for legal reasons."""
    return [404, 410, 451]


class Platform(models.Model):
    """A place where content lives."""

    name = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    connector = models.CharField(max_length=20, default="webhook")
    url = models.CharField(max_length=2048, default="", blank=True)
    locked_secret = models.TextField(default="", blank=True)
    gone_statuses = ArrayField(models.IntegerField(), default=gone_by_default)
    rechecks = models.BooleanField(default=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "platform"


class Recheck(models.Model):
    """A look whether content is really gone, or back after a complaint, due at an instant."""

    class State(models.TextChoices):
        """How it stands."""

        DUE = "due"
        GONE = "gone"
        STILL_THERE = "still_there"
        BACK = "back"
        MISSING = "missing"
        OUTDATED = "outdated"

    class Expects(models.TextChoices):
        """What the look hopes to find."""

        GONE = "gone"
        BACK = "back"

    key = models.CharField(max_length=100, unique=True)
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT)
    content = models.CharField(max_length=300, db_index=True)
    content_url = models.CharField(max_length=2048)
    case = models.CharField(max_length=20)
    sequence = models.BigIntegerField()
    expects = models.CharField(max_length=4, choices=Expects.choices, default=Expects.GONE)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DUE)
    due_at = models.DateTimeField()
    looks = models.IntegerField(default=0)
    last_seen = models.CharField(max_length=200, default="", blank=True)
    alarm_at = models.DateTimeField(null=True, blank=True)
    alarm_seen_by = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "platform_recheck"
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="due"), name="recheck_due"),
            models.Index(
                fields=["-alarm_at"],
                condition=models.Q(alarm_at__isnull=False, alarm_seen_by=""),
                name="recheck_alarm_open",
            ),
        ]
