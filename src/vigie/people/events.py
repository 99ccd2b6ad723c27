"""What happens to people and tokens, as ledger facts."""

from dataclasses import dataclass
from typing import ClassVar

from vigie.ledger.events import Event


@dataclass(frozen=True, slots=True)
class UserAdded(Event):
    """A person was given access."""

    name: ClassVar[str] = "people.user_added.v1"
    role: str


@dataclass(frozen=True, slots=True)
class UserRoleChanged(Event):
    """A person's role changed."""

    name: ClassVar[str] = "people.user_role_changed.v1"
    role: str
    role_before: str


@dataclass(frozen=True, slots=True)
class UserSwitchedOff(Event):
    """A person lost access."""

    name: ClassVar[str] = "people.user_switched_off.v1"


@dataclass(frozen=True, slots=True)
class UserSwitchedOn(Event):
    """A person who had lost access was given it back."""

    name: ClassVar[str] = "people.user_switched_on.v1"
    role: str


@dataclass(frozen=True, slots=True)
class UserPasswordSet(Event):
    """Somebody gave a person a new password; their sessions ended."""

    name: ClassVar[str] = "people.user_password_set.v1"


@dataclass(frozen=True, slots=True)
class TokenAdded(Event):
    """A service was given a token."""

    name: ClassVar[str] = "people.token_added.v1"
    scopes: tuple[str, ...]
    platform: str


@dataclass(frozen=True, slots=True)
class TokenRevoked(Event):
    """A token stopped working."""

    name: ClassVar[str] = "people.token_revoked.v1"
