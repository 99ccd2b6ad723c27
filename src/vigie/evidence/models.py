"""Stored state: what is sealed, where, and with which wrapped key. The bytes themselves are in the blob store."""

from django.db import models


class EvidenceItem(models.Model):
    """One sealed byte string."""

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

    class Meta:
        db_table = "evidence_item"
