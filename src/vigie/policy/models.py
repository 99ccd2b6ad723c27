"""Stored state: every version of the policy that ever ruled, and when each was made the active one.

Neither is ever changed or removed, because decisions cite them; the database itself refuses it.
"""

import pgtrigger
from django.db import models


class PolicyVersion(models.Model):
    """One text of the policy. `digest` is the SHA-256 of `text`, in lower-case hex; `number` has no gaps."""

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=63)
    digest = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200)

    class Meta:
        db_table = "policy_version"
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What decisions and reports cite; the same as `Policy.version_label`."""
        return f"{self.name}@{self.digest[:12]}"


class PolicyActivation(models.Model):
    """A version was made the active one; the newest activation holds."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="activations")
    activated_at = models.DateTimeField()
    activated_by = models.CharField(max_length=200)

    class Meta:
        db_table = "policy_activation"
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"version {self.version_id} from {self.activated_at:%Y-%m-%d %H:%M}"
