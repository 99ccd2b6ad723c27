"""Adding people and tokens, each with its ledger entry, and reading a token that comes with a call.

Signing in is django-allauth's work.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Invalid, NotFound
from vigie.foundation.identifiers import new_secret
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor, person
from vigie.ledger.actors import token as token_actor
from vigie.people.events import (
    TokenAdded,
    TokenRevoked,
    UserAdded,
    UserPasswordSet,
    UserRoleChanged,
    UserSwitchedOff,
    UserSwitchedOn,
)
from vigie.people.models import Token, User
from vigie.people.rights import SCOPES, Right, Role

TOKEN_MARK = "vgt"  # noqa: S105 - how a token begins, no secret


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """What the fast lane keeps of a token in memory."""

    id: int
    secret_hash: bytes
    rights: frozenset[Right]
    platform: str
    expires_at: datetime | None
    user_id: int | None

    @property
    def actor(self) -> Actor:
        """The person whose token it is, else the token itself."""
        return token_actor(self.id) if self.user_id is None else person(self.user_id)


def add_user(
    *, username: str, password: str, role: str, actor: Actor, email: str = "", full_name: str = ""
) -> User:
    """Give a person access.

    Raises Invalid for an unknown role or a weak password, Conflict for a name that is taken.
    """
    if role not in set(Role):
        raise Invalid(f"There is no role {role!r}.", hint="Roles: " + ", ".join(Role) + ".")
    first, _, last = full_name.partition(" ")
    user = User(username=username, email=email, role=role, first_name=first, last_name=last)
    _take_password(user, password)
    try:
        with transaction.atomic():
            user.save()
            ledger.append(UserAdded(role=role), actor=actor, subject=f"user:{user.pk}")
    except IntegrityError as error:
        raise Conflict(
            "This user name is taken.", hint="Choose another, or change the existing person."
        ) from error
    return user


def change_role(user_id: int, *, role: str, actor: Actor) -> User:
    """Give a person another role."""
    if role not in set(Role):
        raise Invalid(f"There is no role {role!r}.", hint="Roles: " + ", ".join(Role) + ".")
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None:
            raise NotFound("There is no such person.")
        before, user.role = user.role, role
        user.save(update_fields=["role"])
        ledger.append(UserRoleChanged(role=role, role_before=before), actor=actor, subject=f"user:{user.pk}")
    return user


def switch_off_user(user_id: int, *, actor: Actor) -> User:
    """Take a person's access away; what they did stays."""
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None:
            raise NotFound("There is no such person.")
        user.is_active = False
        user.save(update_fields=["is_active"])
        ledger.append(UserSwitchedOff(), actor=actor, subject=f"user:{user.pk}")
    return user


def switch_on_user(user_id: int, *, actor: Actor) -> User:
    """Give a person's access back, with the role they had; their tokens work again."""
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None:
            raise NotFound("There is no such person.")
        if not user.is_active:
            user.is_active = True
            user.save(update_fields=["is_active"])
            ledger.append(UserSwitchedOn(role=user.role), actor=actor, subject=f"user:{user.pk}")
    return user


def set_password(user_id: int, *, password: str, actor: Actor) -> User:
    """Give a person a new password; sessions opened with the old one end. Raises Invalid for a weak one."""
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None:
            raise NotFound("There is no such person.")
        _take_password(user, password)
        user.save(update_fields=["password"])
        ledger.append(UserPasswordSet(), actor=actor, subject=f"user:{user.pk}")
    return user


def add_token(
    *,
    name: str,
    scopes: list[str],
    actor: Actor,
    platform: str = "",
    expires_at: datetime | None = None,
    user: User | None = None,
    authority: str = "",
) -> tuple[Token, str]:
    """Make a token and return it with its text, which is shown this once and not stored.

    With `user` it is a personal token: it acts as that person and can have any right of that person's role.
    Raises Invalid for an unknown scope, or for one that a service cannot have.
    """
    known = {right.value for right in (SCOPES if user is None else user.rights)}
    unknown = sorted(set(scopes) - known)
    if unknown or not scopes:
        raise Invalid(
            f"A token cannot have the scope {unknown[0]!r}." if unknown else "A token needs a scope.",
            hint="Scopes: " + ", ".join(sorted(known)) + ".",
        )
    files_orders = Right.ORDERS_FILE.value in scopes
    if files_orders != bool(authority) or (files_orders and (len(set(scopes)) > 1 or platform or user)):
        raise Invalid(
            "A token that files orders is one authority's, and has no other scope.",
            hint="Give the scope orders:file alone, with the key of the authority.",
        )
    prefix = hashlib.sha256(new_secret().encode()).hexdigest()[:8]
    text = f"{TOKEN_MARK}_{prefix}_{new_secret()}"
    with transaction.atomic():
        token = Token.objects.create(
            name=name,
            prefix=prefix,
            secret_hash=_digest(text),
            scopes=sorted(set(scopes)),
            platform=platform,
            authority=authority,
            user=user,
            created_at=now(),
            created_by=str(actor),
            expires_at=expires_at,
        )
        ledger.append(
            TokenAdded(scopes=tuple(token.scopes), platform=platform),
            actor=actor,
            subject=f"token:{token.pk}",
        )
    return token, text


def revoke_token(token_id: int, *, actor: Actor) -> Token:
    """Stop a token at once, in every process."""
    with transaction.atomic():
        token = Token.objects.select_for_update().filter(pk=token_id).first()
        if token is None:
            raise NotFound("There is no such token.")
        if token.revoked_at is None:
            token.revoked_at = now()
            token.save(update_fields=["revoked_at"])
            ledger.append(TokenRevoked(), actor=actor, subject=f"token:{token.pk}")
    return token


def working_tokens() -> dict[str, TokenRecord]:
    """All tokens that are not revoked, by prefix."""
    return {
        one.prefix: TokenRecord(
            id=one.pk,
            secret_hash=bytes(one.secret_hash),
            rights=one.rights,
            platform=one.platform,
            expires_at=one.expires_at,
            user_id=one.user_id,
        )
        for one in Token.objects.filter(revoked_at=None).select_related("user")
    }


def recognise(text: str, *, tokens: dict[str, TokenRecord], at: datetime) -> TokenRecord | None:
    """The token that `text` is, or None; takes the same time for any wrong secret."""
    parts = text.split("_", 2)
    if len(parts) != 3 or parts[0] != TOKEN_MARK:
        return None
    record = tokens.get(parts[1])
    if record is None or not hmac.compare_digest(record.secret_hash, _digest(text)):
        return None
    if record.expires_at is not None and record.expires_at <= at:
        return None
    return record


def _take_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), code="password_weak") from error
    user.set_password(password)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
