"""Stored state: banks, entries and the signals of entries."""

from datetime import datetime

from django.db import models

from vigie.foundation.identifiers import public_number


class Bank(models.Model):
    """A named list of known entries."""

    class Level(models.TextChoices):
        """How edited copies are looked for: `plain`, by one hash; `robust`, by variants; `verified`, aligned too."""

        PLAIN = "plain"
        ROBUST = "robust"
        VERIFIED = "verified"

    name = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    description = models.TextField(default="", blank=True)
    may_remove = models.BooleanField(default=False)
    matching = models.BooleanField(default=True)
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.PLAIN)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)

    class Meta:
        db_table = "bank"


class Entry(models.Model):
    """Something known. It matches while it is not removed, disabled, expired, nor its bank switched off."""

    class Kind(models.TextChoices):
        """`known`: to be found. `harmless`: known to be harmless, so that what is near it does not match."""

        KNOWN = "known"
        HARMLESS = "harmless"

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.KNOWN)
    legal_type = models.CharField(max_length=1, default="", blank=True)
    note = models.TextField(default="", blank=True)
    source = models.CharField(max_length=200)
    source_reference = models.CharField(max_length=500, default="", blank=True)
    obtained_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=200, default="", blank=True)
    disabled_until = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    picture = models.CharField(max_length=36, default="", blank=True)
    preview = models.CharField(max_length=36, default="", blank=True)
    text = models.CharField(max_length=36, default="", blank=True)

    class Meta:
        db_table = "bank_entry"
        indexes = [models.Index(fields=["bank", "-id"], name="bank_entry_newest")]

    @property
    def number(self) -> str:
        """The public number, `E-000017`."""
        return public_number("E", self.pk)

    @property
    def confirmed(self) -> bool:
        """Whether a person confirmed it; in a bank that may remove, one who is not the person who added it."""
        if self.confirmed_at is None:
            return False
        return not self.bank.may_remove or self.confirmed_by != self.added_by

    def matches_at(self, at: datetime) -> bool:
        """Whether it may match at this instant."""
        return (
            self.removed_at is None
            and self.bank.matching
            and (self.disabled_until is None or self.disabled_until <= at)
            and (self.expires_at is None or self.expires_at > at)
        )


class EntrySignal(models.Model):
    """One signal of an entry. Its id is its number in the index."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="signals")
    type = models.CharField(max_length=20)
    value = models.BinaryField(max_length=32)
    quality = models.SmallIntegerField(null=True)

    class Meta:
        db_table = "bank_entry_signal"
        constraints = [
            models.UniqueConstraint(fields=["entry", "type", "value"], name="bank_entry_signal_once")
        ]
        indexes = [models.Index(fields=["type", "value"], name="bank_entry_signal_value")]


class EntryVariant(models.Model):
    """The hash of an entry's picture as an edited copy would have it. Its id is its number in the index of variants."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="variants")
    variant = models.CharField(max_length=80)
    value = models.BinaryField(max_length=32)
    quality = models.SmallIntegerField()

    class Meta:
        db_table = "bank_entry_variant"


class EntryFeatures(models.Model):
    """The local features of an entry's picture, locked, and the words by which an upload with the same is found."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, primary_key=True, related_name="features")
    locked = models.BinaryField()
    words = models.BinaryField()

    class Meta:
        db_table = "bank_entry_features"
