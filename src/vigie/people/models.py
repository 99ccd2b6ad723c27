"""Stored state: people who sign in, and service tokens.

A token's secret is not stored, only its SHA-256.
"""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models

from vigie.people.rights import Right, Role, rights_of_role, rights_of_scopes


class User(AbstractUser):
    """A person who signs in."""

    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    language = models.CharField(max_length=10, default="", blank=True)
    time_zone = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        db_table = "people_user"

    @property
    def rights(self) -> frozenset[Right]:
        """What this person may do; nothing when switched off."""
        return rights_of_role(self.role) if self.is_active else frozenset()

    def may(self, right: str) -> bool:
        """Whether this person has `right` (its value, so that templates can ask)."""
        return right in self.rights

    @property
    def shown_name(self) -> str:
        """How the person is named on screen."""
        return self.get_full_name() or self.username


class PublicTry(models.Model):
    """How often somebody without an account used a public page within an hour. `who` is a keyed hash."""

    door = models.CharField(max_length=20)
    who = models.CharField(max_length=64)
    hour = models.BigIntegerField()
    count = models.IntegerField()

    class Meta:
        db_table = "people_public_try"
        constraints = [models.UniqueConstraint(fields=["door", "who", "hour"], name="public_try_once")]
        indexes = [models.Index(fields=["hour"], name="public_try_hour")]


class Token(models.Model):
    """A key to the API: `vgt_<prefix>_<secret>`. With a `user` it is that person's own and acts as that person."""

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=40))
    platform = models.CharField(max_length=60, default="", blank=True)
    # Key of the authority whose own orders it files; empty for every other token.
    authority = models.CharField(max_length=200, default="", blank=True)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="tokens")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "people_token"

    @property
    def rights(self) -> frozenset[Right]:
        """What the token may do: never more than its person may."""
        if self.user is None:
            return rights_of_scopes(self.scopes)
        return frozenset(right for right in self.user.rights if right.value in self.scopes)
