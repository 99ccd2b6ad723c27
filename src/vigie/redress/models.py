"""Stored state: statements of reasons, complaints and what they give back, inquiries about orders.

A private link is not stored: only its SHA-256, by which it is found. What a complainant writes is stored locked.
"""

from datetime import datetime

from django.db import models

from vigie.banks.models import Entry
from vigie.cases.models import Case, Cause, Content, Decision
from vigie.foundation.identifiers import public_number
from vigie.misuse.models import MisuseStep
from vigie.people.models import User
from vigie.redress.statements import SUSPEND_ACCOUNT
from vigie.redress.states import DECIDED, ComplaintState


class Statement(models.Model):
    """What a user is told about a restriction: by a decision, a suspension, or a rule, as people had told it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statements")
    decision = models.OneToOneField(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="statement"
    )
    # The suspension of an account for misuse, as long as its record is kept; there is no decision about a content then.
    suspension = models.OneToOneField(
        MisuseStep, null=True, blank=True, on_delete=models.SET_NULL, related_name="statement"
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
    released_at = models.DateTimeField(null=True, blank=True)
    requested_at = models.DateTimeField(null=True, blank=True)
    informed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "redress_statement"
        indexes = [
            models.Index(fields=["-made_at"], name="statement_newest"),
            models.Index(
                fields=["withheld_until"],
                condition=models.Q(withheld_until__isnull=False, released_at__isnull=True),
                name="statement_withheld",
            ),
        ]

    @property
    def number(self) -> str:
        """The public number, `S-000012`."""
        return public_number("S", self.pk)

    @property
    def by_rule(self) -> bool:
        """Whether a rule acted alone."""
        return self.decision_id is None and not self.is_about_account

    @property
    def is_about_account(self) -> bool:
        """Whether it states the reasons of an account's suspension for misuse, and of no restriction of a content."""
        return self.action == SUSPEND_ACCOUNT

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
        return "withheld" if self.withheld_until is not None and self.released_at is None else "waiting"


class Complaint(models.Model):
    """What somebody objects to, and the answer. `statement` for a restricted user, `notice` for a notifier."""

    class Complainant(models.TextChoices):
        """Who objects."""

        USER = "user"
        NOTIFIER = "notifier"

    class Basis(models.TextChoices):
        """Under which law: (EU) 2021/784 Art. 10, or (EU) 2022/2065 Art. 20."""

        TCO10 = "tco10"
        DSA20 = "dsa20"

    class CameBy(models.TextChoices):
        """Through which door."""

        LINK = "link"
        PLATFORM = "platform"

    statement = models.OneToOneField(
        Statement, null=True, blank=True, on_delete=models.PROTECT, related_name="complaint"
    )
    notice = models.CharField(max_length=20, default="", blank=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="complaints")
    decision = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints"
    )
    complainant = models.CharField(max_length=10, choices=Complainant.choices)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    came_by = models.CharField(max_length=10, choices=CameBy.choices)
    language = models.CharField(max_length=10)
    locked_text = models.TextField()
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=[(one.value, one.value) for one in ComplaintState])
    set_aside_by = models.ForeignKey(
        MisuseStep, null=True, blank=True, on_delete=models.SET_NULL, related_name="complaints"
    )
    unfounded = models.BooleanField(default=False)
    assigned_to = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, default="", blank=True)
    reply = models.TextField(default="", blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    revision = models.OneToOneField(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="revises_for"
    )
    carried_out_at = models.DateTimeField(null=True, blank=True)
    informed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "redress_complaint"
        constraints = [
            models.UniqueConstraint(
                fields=["notice"], condition=~models.Q(notice=""), name="complaint_notice_once"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="complaint_due"),
            models.Index(fields=["state", "due_at"], name="complaint_state"),
        ]

    @property
    def number(self) -> str:
        """The public number, `CP-000003`."""
        return public_number("CP", self.pk)

    @property
    def is_decided(self) -> bool:
        """Whether somebody decided it."""
        return ComplaintState(self.state) in DECIDED

    def is_late_at(self, at: datetime) -> bool:
        """Whether it should have been decided by this instant."""
        return not self.is_decided and at > self.due_at


class Restitution(models.Model):
    """One thing that a reversed removal had reached: it is given back, or a person is asked about it."""

    class Kind(models.TextChoices):
        """What it is."""

        CONTENT = "content"
        AUTHOR = "author"
        COPY = "copy"
        COPY_DECIDED = "copy_decided"
        ENTRY = "entry"

    class State(models.TextChoices):
        """Given back by Vigie (asked for), or proposed to a person and settled."""

        ASKED = "asked"
        PROPOSED = "proposed"
        REMOVED = "removed"
        KEPT = "kept"

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="restitutions")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    reference = models.CharField(max_length=300)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=100, default="", blank=True)
    settled_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "redress_restitution"


class Inquiry(models.Model):
    """What an author may ask about an order that took their content down, and the answer.

    It is there from the moment at which the author may be told of the order; `order` and `item` name what it is about.
    """

    class CameBy(models.TextChoices):
        """Through which door it was asked."""

        LINK = "link"
        PLATFORM = "platform"

    class Form(models.TextChoices):
        """What was given: the reasons, or a copy of the order without the officials' names."""

        REASONS = "reasons"
        COPY = "copy"

    order = models.CharField(max_length=20, db_index=True)
    item = models.BigIntegerField(unique=True)
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="inquiries")
    language = models.CharField(max_length=10)
    link_hash = models.BinaryField(max_length=32, unique=True)
    offered_at = models.DateTimeField()
    came_by = models.CharField(max_length=10, choices=CameBy.choices, default="", blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    form = models.CharField(max_length=10, choices=Form.choices, default="", blank=True)
    text = models.TextField(default="", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "redress_inquiry"
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=models.Q(asked_at__isnull=False, answered_at__isnull=True),
                name="inquiry_waiting",
            )
        ]

    @property
    def number(self) -> str:
        """The public number, `Q-000004`."""
        return public_number("Q", self.pk)

    @property
    def state(self) -> str:
        """Where it stands: offered, asked, answered."""
        if self.answered_at is not None:
            return "answered"
        return "offered" if self.asked_at is None else "asked"


class Submission(models.Model):
    """A statement on its way to the Transparency Database. `record` holds no personal data."""

    class State(models.TextChoices):
        """Where it stands."""

        PENDING = "pending"
        ACCEPTED = "accepted"
        DEAD = "dead"

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="submission")
    puid = models.CharField(max_length=100, unique=True)
    record = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices)
    attempts = models.IntegerField(default=0)
    queued_at = models.DateTimeField()
    first_attempt_at = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    database_uuid = models.CharField(max_length=100, default="", blank=True)
    last_error = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        db_table = "redress_submission"
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state="pending"), name="submission_due"
            ),
            models.Index(fields=["state", "-id"], name="submission_state"),
        ]
