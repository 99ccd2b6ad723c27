"""Stored state: what came in, the orders read from it, their items, deadlines and answers.

The bytes that came are sealed evidence, named by reference; the instant of receipt is refused change by the database.
"""

import pgtrigger
from django.db import models

from vigie.cases.models import Content
from vigie.foundation.identifiers import public_number
from vigie.orders.states import Access, Answer, Disclosure, Scrutiny, Stage, Standing
from vigie.people.models import User


class Order(models.Model):
    """A removal order. Its fields are those of Annex I, as far as they could be read."""

    authority_key = models.CharField(max_length=200, default="", blank=True)
    reference = models.CharField(max_length=500, default="", blank=True)
    # Whether a later one of the same authority and reference is a repeat of this one: no forger takes a reference away.
    holds_reference = models.BooleanField(default=True)
    received_at = models.DateTimeField()
    received_offset_minutes = models.SmallIntegerField(default=0)
    clock_started_at = models.DateTimeField()
    fields = models.JSONField()
    unread = models.JSONField(default=dict)
    sender_check = models.JSONField(default=dict)
    stage = models.CharField(max_length=20, choices=[(one, one) for one in Stage], default=Stage.RECEIVED)
    access = models.CharField(max_length=20, choices=[(one, one) for one in Access], default=Access.UP)
    answer = models.CharField(max_length=20, choices=[(one, one) for one in Answer], default=Answer.NONE)
    scrutiny = models.CharField(
        max_length=20, choices=[(one, one) for one in Scrutiny], default=Scrutiny.NONE
    )
    disclosure = models.CharField(
        max_length=20, choices=[(one, one) for one in Disclosure], default=Disclosure.OPEN
    )
    measure = models.CharField(max_length=10, default="", blank=True)
    measure_at = models.DateTimeField(null=True, blank=True)
    # The end of a stage that has one: refused, annulled or final since.
    ended_at = models.DateTimeField(null=True, blank=True)
    withheld_from = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(default="", blank=True)

    class Meta:
        db_table = "order_order"
        constraints = [
            models.UniqueConstraint(
                fields=["authority_key", "reference"],
                condition=models.Q(holds_reference=True)
                & ~models.Q(reference="")
                & ~models.Q(authority_key=""),
                name="order_once",
            )
        ]
        indexes = [models.Index(fields=["stage", "clock_started_at"], name="order_stage")]
        triggers = [
            pgtrigger.ReadOnly(
                name="receipt_never_changes", fields=["received_at", "received_offset_minutes"]
            )
        ]

    @property
    def number(self) -> str:
        """The public number, `O-000012`."""
        return public_number("O", self.pk)

    @property
    def standing(self) -> Standing:
        """Where it stands."""
        return Standing(
            stage=Stage(self.stage),
            access=Access(self.access),
            answer=Answer(self.answer),
            scrutiny=Scrutiny(self.scrutiny),
            disclosure=Disclosure(self.disclosure),
        )

    @standing.setter
    def standing(self, now_standing: Standing) -> None:
        self.stage, self.access, self.answer = now_standing.stage, now_standing.access, now_standing.answer
        self.scrutiny, self.disclosure = now_standing.scrutiny, now_standing.disclosure


class OrderIntake(models.Model):
    """One thing that came in, whole: a mail, a file, a call of the API, a form. Repeats of an order have each one."""

    class State(models.TextChoices):
        """What became of it. `quarantined`: nothing could be read, a person looks."""

        TAKEN = "taken"
        REPEAT = "repeat"
        QUARANTINED = "quarantined"
        SET_ASIDE = "set_aside"

    class Channel(models.TextChoices):
        """How it came."""

        API = "api"
        FILE = "file"
        FORM = "form"
        MAIL = "mail"

    order = models.ForeignKey(Order, null=True, blank=True, on_delete=models.PROTECT, related_name="intakes")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUARANTINED)
    problem = models.CharField(max_length=40, default="", blank=True)
    sha256 = models.BinaryField(max_length=32, db_index=True)
    evidence = models.CharField(max_length=36)
    mailbox_uid = models.CharField(max_length=100, null=True, blank=True, unique=True)
    sender = models.CharField(max_length=320, default="", blank=True)
    differs = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    received_offset_minutes = models.SmallIntegerField(default=0)
    stored_at = models.DateTimeField()
    set_aside_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    set_aside_reason = models.TextField(default="", blank=True)

    class Meta:
        db_table = "order_intake"
        indexes = [models.Index(fields=["state", "-id"], name="order_intake_state")]
        triggers = [
            pgtrigger.ReadOnly(
                name="intake_never_changes",
                fields=["sha256", "evidence", "received_at", "received_offset_minutes", "stored_at"],
            )
        ]

    @property
    def number(self) -> str:
        """The public number, `I-000034`."""
        return public_number("I", self.pk)


class OrderItem(models.Model):
    """One address that an order names."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="items")
    url = models.CharField(max_length=2048)
    content = models.ForeignKey(Content, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    seen = models.CharField(max_length=200, default="", blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    evidence = models.CharField(max_length=36, default="", blank=True)
    # The message that carries the measure of a person, and the one that disabled for the time being.
    delivery_key = models.CharField(max_length=100, default="", blank=True, db_index=True)
    disabling_key = models.CharField(max_length=100, default="", blank=True)
    measure_at = models.DateTimeField(null=True, blank=True)
    # Taken down before this order asked: not counted as removed because of it.
    was_gone = models.BooleanField(default=False)
    restored = models.BooleanField(default=False)

    class Meta:
        db_table = "order_item"
        constraints = [models.UniqueConstraint(fields=["order", "url"], name="order_item_once")]


class OrderDeadline(models.Model):
    """Something that is due at an instant. The table owns the clocks; the sweeper reads it."""

    class Kind(models.TextChoices):
        """What is due."""

        ESCALATION = "escalation"
        REMOVAL = "removal"
        SCRUTINY_REQUEST = "scrutiny_request"
        SCRUTINY_DECISION = "scrutiny_decision"
        NON_DISCLOSURE = "non_disclosure"

    class State(models.TextChoices):
        """How it went. `past`: it came due and was acted on, or was missed."""

        OPEN = "open"
        MET = "met"
        PAST = "past"
        CANCELLED = "cancelled"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="deadlines")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    minute = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "order_deadline"
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="open"), name="order_deadline_due")
        ]


class OrderAnswer(models.Model):
    """An Annex II or III: its fields as they were sent."""

    class Kind(models.TextChoices):
        """Which form."""

        ANNEX_II = "annex_ii"
        ANNEX_III = "annex_iii"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    form = models.JSONField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.CharField(max_length=10, default="", blank=True)
    delivery_key = models.CharField(max_length=100, default="", blank=True, db_index=True)

    class Meta:
        db_table = "order_answer"
        ordering = ["id"]
