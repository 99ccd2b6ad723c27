"""Stored state: notices, who sends them, and threats to life.

What a notifier writes, and who they are, is stored locked; a notifier is known again by a keyed hash.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

from vigie.cases.models import Case, Content, Decision
from vigie.foundation.identifiers import public_number
from vigie.misuse.models import MisuseStep
from vigie.notices.channels import is_referral
from vigie.notices.states import NoticeState
from vigie.people.models import Token, User


class TrustedFlagger(models.Model):
    """An organisation that a Digital Services Coordinator designated, within its expertise."""

    name = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    designated_by = models.CharField(max_length=200)
    expertise = ArrayField(models.CharField(max_length=40))
    token = models.OneToOneField(Token, on_delete=models.PROTECT, related_name="flagger")
    active = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "notices_flagger"


class Notifier(models.Model):
    """Somebody who reports, known again by a keyed hash. No name, no address; what they misuse is in `misuse`."""

    key = models.CharField(max_length=64, unique=True)

    class Meta:
        db_table = "notices_notifier"


@dataclass(frozen=True, slots=True)
class Told:
    """A decision as a notifier knows it, and since when: `no_action`, `acted_law` or `acted_terms`."""

    outcome: str
    at: datetime


class Notice(models.Model):
    """Somebody reports content: Article 16 of Regulation (EU) 2022/2065, or by another way: a referral."""

    class CameBy(models.TextChoices):
        """Through which door, or by which way outside the mechanism of Article 16 (`channels.REFERRED`)."""

        FORM = "form"
        API = "api"
        FLAGGER = "flagger"
        POST = "post"
        TELEPHONE = "telephone"
        EMAIL = "email"
        OTHER = "other"

    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="notices")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="notices")
    decision = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="notices"
    )
    wave = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="waved")
    notifier = models.ForeignKey(
        Notifier, null=True, blank=True, on_delete=models.PROTECT, related_name="notices"
    )
    flagger = models.ForeignKey(
        TrustedFlagger, null=True, blank=True, on_delete=models.PROTECT, related_name="notices"
    )
    came_by = models.CharField(max_length=10, choices=CameBy.choices)
    category = models.CharField(max_length=40)
    url = models.CharField(max_length=2048)
    language = models.CharField(max_length=10)
    locked_text = models.TextField()
    locked_contact = models.TextField(default="", blank=True)
    words_key = models.CharField(max_length=64, default="", blank=True, db_index=True)
    threat_to_life = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=[(one.value, one.value) for one in NoticeState])
    unfounded = models.BooleanField(default=False)
    set_aside_by = models.ForeignKey(
        MisuseStep, null=True, blank=True, on_delete=models.SET_NULL, related_name="notices"
    )
    link_hash = models.BinaryField(max_length=32, unique=True)
    received_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "notices_notice"
        indexes = [
            models.Index(fields=["state", "-id"], name="notice_state"),
            models.Index(fields=["-received_at"], name="notice_newest"),
        ]

    @property
    def number(self) -> str:
        """The public number, `N-000021`."""
        return public_number("N", self.pk)

    @property
    def is_referral(self) -> bool:
        """Whether it came outside the mechanism of Article 16."""
        return is_referral(self.came_by)

    @property
    def outcome(self) -> str:
        """What the decision was: empty, no_action, acted_law or acted_terms."""
        return "" if self.decision is None else _outcome_of(self.decision)

    @property
    def told(self) -> Told | None:
        """What its notifier knows of: the decision that they were told, or the one before while silence holds.

        Source: (EU) 2021/784 Art. 11(3).
        """
        if self.decision is None:
            return None
        if self.told_at is not None:
            return Told(self.outcome, self.told_at)
        before = self.decision.undoes
        if before is None or before.withheld_until is not None:
            return None
        return Told(_outcome_of(before), before.taken_at)


class Threat(models.Model):
    """A suspicion of a threat to somebody's life or safety, and what was told to the authorities."""

    class State(models.TextChoices):
        """Whether a person still has to act."""

        OPEN = "open"
        REPORTED = "reported"
        DISMISSED = "dismissed"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="threats")
    notice = models.OneToOneField(
        Notice, null=True, blank=True, on_delete=models.PROTECT, related_name="threat"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    locked_draft = models.TextField()
    aware_at = models.DateTimeField()
    reported_to = models.CharField(max_length=300, default="", blank=True)
    reference = models.CharField(max_length=200, default="", blank=True)
    settled_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(default="", blank=True)

    class Meta:
        db_table = "notices_threat"
        indexes = [models.Index(fields=["state", "aware_at"], name="threat_state")]

    @property
    def number(self) -> str:
        """The public number, `T-000002`."""
        return public_number("T", self.pk)


def _outcome_of(decision: Decision) -> str:
    if decision.action in (Decision.Action.KEEP, Decision.Action.UNDO):
        return "no_action"
    return "acted_law" if decision.legal_type else "acted_terms"
