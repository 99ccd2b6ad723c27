"""What happens with platforms, as ledger facts."""

from dataclasses import dataclass
from typing import ClassVar

from vigie.ledger.events import Event


@dataclass(frozen=True, slots=True)
class PlatformAdded(Event):
    """A platform was connected."""

    name: ClassVar[str] = "platforms.platform_added.v1"
    platform: str
    connector: str


@dataclass(frozen=True, slots=True)
class PlatformChanged(Event):
    """A platform's settings changed; `fields` names which. A secret is never written here."""

    name: ClassVar[str] = "platforms.platform_changed.v1"
    platform: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnforcementRequested(Event):
    """Measures were put in the outbox for a platform."""

    name: ClassVar[str] = "platforms.enforcement_requested.v1"
    key: str
    platform: str
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterRequested(Event):
    """A letter to a user was put in the outbox for a platform to pass on. Its text is not here."""

    name: ClassVar[str] = "platforms.letter_requested.v1"
    key: str
    platform: str
    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class ContentGone(Event):
    """A look at the content's address found it gone. `seen` is what was answered."""

    name: ClassVar[str] = "platforms.content_gone.v1"
    key: str
    seen: str
    looks: int


@dataclass(frozen=True, slots=True)
class ContentStillThere(Event):
    """The platform said it obeyed, but the content is still there: an alarm."""

    name: ClassVar[str] = "platforms.content_still_there.v1"
    key: str
    seen: str
    looks: int


@dataclass(frozen=True, slots=True)
class ContentBack(Event):
    """A look at the address of content that a complaint gave back found it there."""

    name: ClassVar[str] = "platforms.content_back.v1"
    key: str
    seen: str
    looks: int


@dataclass(frozen=True, slots=True)
class ContentNotBack(Event):
    """The platform said that it gave content back, but it cannot be seen: an alarm."""

    name: ClassVar[str] = "platforms.content_not_back.v1"
    key: str
    seen: str
    looks: int


@dataclass(frozen=True, slots=True)
class AlarmSeen(Event):
    """A person took note of an alarm."""

    name: ClassVar[str] = "platforms.alarm_seen.v1"
    key: str
