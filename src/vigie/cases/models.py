"""Stored state: content that opened a case, cases with their media and matches, decisions.

Texts and pictures are not here: they are sealed evidence, named by reference.
"""

from datetime import datetime

from django.db import models

from vigie.banks.models import Entry
from vigie.foundation.identifiers import public_number
from vigie.people.models import User
from vigie.platforms.models import Platform
from vigie.signals.alignment import FEATURES_SIGNAL, Alignment
from vigie.signals.placement import Placement
from vigie.signals.variants import VARIANT_SIGNAL, Variant, in_words


class Cause(models.TextChoices):
    """Why there is a case: what was looked for, what somebody reported (under Article 16 of Regulation (EU) 2022/2065,
    or by another way), or what an authority ordered.
    """

    OWN_INITIATIVE = "own_initiative"
    NOTICE = "notice"
    REFERRAL = "referral"
    ORDER = "order"


class Content(models.Model):
    """What a platform asked about, as far as it has to be known to act on it."""

    platform = models.ForeignKey(Platform, on_delete=models.PROTECT)
    external_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    url = models.CharField(max_length=2048, default="", blank=True)
    language = models.CharField(max_length=20, default="", blank=True)
    author_id = models.CharField(max_length=200, default="", blank=True)
    author_key = models.CharField(max_length=64, default="", blank=True, db_index=True)
    published_at = models.DateTimeField(null=True, blank=True)
    first_seen_at = models.DateTimeField()

    class Meta:
        db_table = "content"
        constraints = [models.UniqueConstraint(fields=["platform", "external_id"], name="content_once")]

    @property
    def reference(self) -> str:
        """`platform/id`, the ordering key of everything that is sent about this content."""
        return f"{self.platform.name}/{self.external_id}"


class Case(models.Model):
    """One question for a person about one version of a content."""

    class State(models.TextChoices):
        """Whether it waits for a person."""

        OPEN = "open"
        DECIDED = "decided"

    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="cases")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    cause = models.CharField(max_length=20, choices=Cause.choices, default=Cause.OWN_INITIATIVE)
    verdict = models.CharField(max_length=10)
    reasons = models.JSONField()
    shadow_reasons = models.JSONField(default=list)
    policy_digest = models.CharField(max_length=64)
    policy_label = models.CharField(max_length=100)
    priority = models.SmallIntegerField()
    text = models.CharField(max_length=36, default="", blank=True)
    record = models.CharField(max_length=36, default="", blank=True)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    locked_until = models.DateTimeField(null=True, blank=True)
    # The answer that the platform got, so that the same question gets the same answer.
    question_digest = models.CharField(max_length=64)
    idempotency_key = models.CharField(max_length=200, default="", blank=True)
    answer = models.JSONField()

    class Meta:
        db_table = "case_case"
        constraints = [
            models.UniqueConstraint(fields=["content", "question_digest"], name="case_question_once"),
        ]
        indexes = [
            models.Index(
                fields=["-priority", "opened_at"], condition=models.Q(state="open"), name="case_queue"
            ),
            models.Index(fields=["-opened_at"], name="case_newest"),
            models.Index(fields=["idempotency_key"], name="case_idempotency"),
        ]

    @property
    def number(self) -> str:
        """The public number, `C-000123`."""
        return public_number("C", self.pk)

    def locked_for(self, user_id: int, at: datetime) -> bool:
        """Whether somebody else works on it at this instant."""
        return (
            self.locked_by_id is not None
            and self.locked_by_id != user_id
            and self.locked_until is not None
            and self.locked_until > at
        )


class CaseMedium(models.Model):
    """A medium of a case: measures, and references to what is sealed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="media")
    external_id = models.CharField(max_length=200)
    format = models.CharField(max_length=10, default="", blank=True)
    width_px = models.IntegerField(default=0)
    height_px = models.IntegerField(default=0)
    pdq_quality = models.SmallIntegerField(null=True)
    quarantine_code = models.CharField(max_length=40, default="", blank=True)
    original = models.CharField(max_length=36, default="", blank=True)
    preview = models.CharField(max_length=36, default="", blank=True)

    class Meta:
        db_table = "case_medium"


class CaseMatch(models.Model):
    """Why a case was opened: an entry near one of its signals."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="matches")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    medium = models.CharField(max_length=200, default="", blank=True)
    signal = models.CharField(max_length=20)
    distance_bits = models.SmallIntegerField()
    upload_variant = models.CharField(max_length=80, default="", blank=True)
    entry_variant = models.CharField(max_length=80, default="", blank=True)
    placement = models.JSONField(null=True)
    alignment = models.JSONField(null=True)
    score = models.FloatField(null=True)

    class Meta:
        db_table = "case_match"

    @property
    def placed(self) -> Placement | None:
        """Where the entry lies in the medium, by the alignment or by the variant; None where whole matches whole."""
        return None if self.placement is None else Placement.parse(self.placement)

    @property
    def aligned(self) -> Alignment | None:
        """How the two pictures agree; None where they were not aligned."""
        placement = self.placed
        if self.alignment is None or placement is None:
            return None
        return Alignment.parse(self.alignment, placement)

    @property
    def edit(self) -> str:
        """What was done to the entry's picture, in words; empty for a match of whole with whole."""
        if self.signal == FEATURES_SIGNAL:
            aligned = self.aligned
            return "" if aligned is None else aligned.edit
        if self.signal != VARIANT_SIGNAL:
            return ""
        return in_words(Variant.parse(self.upload_variant), Variant.parse(self.entry_variant))


class Decision(models.Model):
    """What a person decided about a case, and why. An undoing is a decision of its own."""

    class Action(models.TextChoices):
        """What shall happen to the content."""

        KEEP = "keep"
        HIDE = "hide"
        REMOVE = "remove"
        REMOVE_AND_SUSPEND = "remove_and_suspend"
        UNDO = "undo"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    action = models.CharField(max_length=20, choices=Action.choices)
    legal_type = models.CharField(max_length=1, default="", blank=True)
    exemption = models.CharField(max_length=30)
    true_purpose = models.TextField(default="", blank=True)
    reason = models.TextField()
    cause = models.CharField(max_length=20, choices=Cause.choices, default=Cause.OWN_INITIATIVE)
    words_for_author = models.TextField(default="", blank=True)
    withheld_until = models.DateTimeField(null=True, blank=True)
    policy_digest = models.CharField(max_length=64)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    idempotency_key = models.CharField(max_length=200, null=True, blank=True)

    class Meta:
        db_table = "case_decision"
        constraints = [
            models.UniqueConstraint(fields=["taken_by", "idempotency_key"], name="decision_idempotency"),
        ]
        indexes = [models.Index(fields=["-taken_at"], name="decision_newest")]

    @property
    def number(self) -> str:
        """The public number, `D-000045`."""
        return public_number("D", self.pk)
