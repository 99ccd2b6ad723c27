"""Stored state: providers, holds, the orders that we issue, what went out about them, what came in, who was called.

The bytes that came in are sealed evidence, named by reference; tokens for providers' APIs are stored locked.
"""

from datetime import datetime

import pgtrigger
from django.db import models

from vigie.foundation.identifiers import public_number
from vigie.issuing.clocks import removal_due_at, withheld_longer_until, withheld_until
from vigie.issuing.states import Appeal, Home, Scrutiny, Stage, Standing
from vigie.people.models import User


class Provider(models.Model):
    """A hosting service that orders can be sent to."""

    class Channel(models.TextChoices):
        """How orders reach it: the API of its own Vigie, mail, or a person who hands them over."""

        API = "api"
        MAIL = "mail"
        HAND = "hand"

    name = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    home_state = models.CharField(max_length=2)
    channel = models.CharField(max_length=4, choices=Channel.choices, default=Channel.MAIL)
    contact_email = models.CharField(max_length=320, default="", blank=True)
    api_url = models.CharField(max_length=2048, default="", blank=True)
    locked_token = models.TextField(default="", blank=True)
    legal_representative = models.CharField(max_length=500, default="", blank=True)
    languages = models.CharField(max_length=200, default="", blank=True)
    home_authority = models.CharField(max_length=500, default="", blank=True)
    home_authority_email = models.CharField(max_length=320, default="", blank=True)
    hosts = models.TextField(default="", blank=True)
    note = models.TextField(default="", blank=True)
    informed_at = models.DateTimeField(null=True, blank=True)
    informed_proof = models.TextField(default="", blank=True)
    active = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "issuing_provider"


class Hold(models.Model):
    """A unit asks that nothing be done about an address, account or host without asking it first."""

    class Kind(models.TextChoices):
        """What it covers: one address, everything under an address, or a whole host."""

        URL = "url"
        ACCOUNT = "account"
        HOST = "host"

    kind = models.CharField(max_length=7, choices=Kind.choices)
    pattern = models.CharField(max_length=2048)
    pattern_key = models.CharField(max_length=2200)
    host = models.CharField(max_length=253, db_index=True)
    unit = models.CharField(max_length=200)
    contact = models.CharField(max_length=500)
    reason = models.TextField(default="", blank=True)
    until = models.DateTimeField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    released_reason = models.TextField(default="", blank=True)

    class Meta:
        db_table = "issuing_hold"

    @property
    def number(self) -> str:
        """The public number, `H-000003`."""
        return public_number("H", self.pk)


class IssuedOrder(models.Model):
    """A removal order of ours, from the first draft on. `fields` are those of Annex I that were given."""

    provider = models.ForeignKey(
        Provider, null=True, blank=True, on_delete=models.PROTECT, related_name="orders"
    )
    reference = models.CharField(max_length=500, default="", blank=True)
    fields = models.JSONField(default=dict)
    case = models.CharField(max_length=20, default="", blank=True)
    stage = models.CharField(max_length=20, choices=[(one, one) for one in Stage], default=Stage.DRAFT)
    home = models.CharField(max_length=20, choices=[(one, one) for one in Home], default=Home.NONE)
    scrutiny = models.CharField(
        max_length=20, choices=[(one, one) for one in Scrutiny], default=Scrutiny.NONE
    )
    appeal = models.CharField(max_length=20, choices=[(one, one) for one in Appeal], default=Appeal.NONE)
    withheld_weeks = models.SmallIntegerField(default=0)
    withheld_reason = models.TextField(default="", blank=True)
    # Once, for as long again as the longest first period.
    withheld_extended = models.BooleanField(default=False)
    appeal_days = models.SmallIntegerField(default=30)
    # A change of an order that is out, until a second person sends it.
    proposed = models.JSONField(default=dict)
    proposed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Everybody who wrote a part of the draft: none of them approves it.
    drafters = models.JSONField(default=list)
    drafted_at = models.DateTimeField()
    conflicts = models.JSONField(default=list)
    checked_at = models.DateTimeField(null=True, blank=True)
    overridden = models.JSONField(default=list)
    override_reason = models.TextField(default="", blank=True)
    overridden_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    emergency = models.TextField(default="", blank=True)
    approved_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.CharField(max_length=4, default="", blank=True)
    received_proof = models.TextField(default="", blank=True)
    clock_started_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)
    remote_number = models.CharField(max_length=30, default="", blank=True)
    next_poll_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=100, default="", blank=True)
    measure = models.CharField(max_length=10, default="", blank=True)
    measure_at = models.DateTimeField(null=True, blank=True)
    ground = models.CharField(max_length=30, default="", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(default="", blank=True)

    class Meta:
        db_table = "issuing_order"
        constraints = [
            models.UniqueConstraint(
                fields=["reference"], condition=~models.Q(reference=""), name="issued_reference_once"
            )
        ]
        indexes = [
            models.Index(fields=["stage", "clock_started_at"], name="issued_stage"),
            models.Index(
                fields=["next_poll_at"], condition=models.Q(next_poll_at__isnull=False), name="issued_poll"
            ),
        ]

    @property
    def number(self) -> str:
        """The public number, `RO-000012`."""
        return public_number("RO", self.pk)

    @property
    def due_at(self) -> datetime | None:
        """The end of the hour; None while receipt is not proven."""
        return None if self.clock_started_at is None else removal_due_at(self.clock_started_at)

    @property
    def withheld_until(self) -> datetime | None:
        """Until when the provider may not tell its user; None when it may. Source: (EU) 2021/784 Art. 11(3)."""
        if self.issued_at is None or not self.fields.get("do_not_inform"):
            return None
        until = withheld_longer_until if self.withheld_extended else withheld_until
        return until(self.issued_at, weeks=self.withheld_weeks)

    @property
    def is_cross_border(self) -> bool:
        """Whether the provider's home Member State is another one than ours. Source: (EU) 2021/784 Art. 4(1)."""
        home = "" if self.provider is None else self.provider.home_state
        return bool(home) and home != self.fields.get("issuing_state", "")

    @property
    def standing(self) -> Standing:
        """Where it stands."""
        return Standing(
            stage=Stage(self.stage),
            home=Home(self.home),
            scrutiny=Scrutiny(self.scrutiny),
            appeal=Appeal(self.appeal),
        )

    @standing.setter
    def standing(self, now_standing: Standing) -> None:
        self.stage, self.home = now_standing.stage, now_standing.home
        self.scrutiny, self.appeal = now_standing.scrutiny, now_standing.appeal


class IssuedItem(models.Model):
    """One address that an order of ours names; `url_key` is the same however the address is written."""

    order = models.ForeignKey(IssuedOrder, on_delete=models.CASCADE, related_name="items")
    url = models.CharField(max_length=2048)
    url_key = models.CharField(max_length=2200)
    seen = models.CharField(max_length=40, default="", blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "issuing_item"
        constraints = [models.UniqueConstraint(fields=["order", "url"], name="issued_item_once")]
        indexes = [models.Index(models.F("url_key"), name="issued_item_key")]


class Letter(models.Model):
    """Something that goes out: an order, a copy, information. What was sent is kept as it was."""

    class Kind(models.TextChoices):
        """What it is."""

        PRIOR_INFORMATION = "prior_information"
        ORDER = "order"
        CLARIFICATION = "clarification"
        CORRECTION = "correction"
        WITHDRAWAL = "withdrawal"
        HOME_COPY = "home_copy"
        HOME_WITHDRAWAL = "home_withdrawal"
        HOME_FINALITY = "home_finality"
        SILENCE_EXTENDED = "silence_extended"

    order = models.ForeignKey(
        IssuedOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="letters"
    )
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    channel = models.CharField(max_length=4, choices=Provider.Channel.choices)
    to = models.CharField(max_length=2048, default="", blank=True)
    form = models.JSONField(default=dict)
    text = models.TextField(default="", blank=True)
    key = models.CharField(max_length=100, unique=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.CharField(max_length=4, default="", blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "issuing_letter"
        ordering = ["id"]


class CameIn(models.Model):
    """An Annex II or III that came in about an order of ours, whole."""

    order = models.ForeignKey(IssuedOrder, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=10)
    channel = models.CharField(max_length=4, choices=Provider.Channel.choices)
    form = models.JSONField()
    sha256 = models.BinaryField(max_length=32)
    evidence = models.CharField(max_length=36)
    came_at = models.DateTimeField()

    class Meta:
        db_table = "issuing_came_in"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["order", "sha256"], name="came_in_once")]


class Reply(models.Model):
    """A mail that came to the mailbox for answers. Its bytes are sealed; what is shown of it stands here."""

    class State(models.TextChoices):
        """What became of it. `waiting`: a person looks, `problem` says why; `repeat`: known already."""

        WAITING = "waiting"
        TAKEN = "taken"
        REPEAT = "repeat"
        CLOSED = "closed"

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    problem = models.CharField(max_length=40, default="", blank=True)
    order = models.ForeignKey(
        IssuedOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    letter = models.ForeignKey(Letter, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sender = models.CharField(max_length=320, default="", blank=True)
    dkim = models.CharField(max_length=10, default="", blank=True)
    subject = models.CharField(max_length=500, default="", blank=True)
    text = models.TextField(default="", blank=True)
    sha256 = models.BinaryField(max_length=32)
    evidence = models.CharField(max_length=36)
    mailbox_uid = models.CharField(max_length=100, null=True, blank=True, unique=True)
    received_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_reason = models.TextField(default="", blank=True)

    class Meta:
        db_table = "issuing_reply"
        indexes = [models.Index(fields=["state", "id"], name="issuing_reply_state")]
        triggers = [
            pgtrigger.ReadOnly(
                name="reply_never_changes", fields=["sha256", "evidence", "received_at", "stored_at"]
            )
        ]

    @property
    def number(self) -> str:
        """The public number, `RE-000004`."""
        return public_number("RE", self.pk)


class Alarm(models.Model):
    """Somebody is needed about an order of ours: called at once, and again while nothing changes."""

    class Kind(models.TextChoices):
        """Why."""

        HOUR_MISSED = "hour_missed"
        UNDELIVERED = "undelivered"
        RECEIPT_UNPROVEN = "receipt_unproven"

    order = models.ForeignKey(IssuedOrder, on_delete=models.CASCADE, related_name="alarms")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    raised_at = models.DateTimeField()
    again_at = models.DateTimeField(null=True, blank=True)
    next_call_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "issuing_alarm"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"], condition=models.Q(settled_at=None), name="issuing_alarm_once"
            )
        ]


class ProviderAct(models.Model):
    """Something that we decided about a provider beside orders, or that it told us. `facts` are those of its kind."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=20)
    happened_at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    text = models.TextField(default="", blank=True)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "issuing_act"
        ordering = ["id"]

    @property
    def number(self) -> str:
        """The public number, `PA-000001`."""
        return public_number("PA", self.pk)
