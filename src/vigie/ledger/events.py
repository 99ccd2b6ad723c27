"""The base of every event, and the events of the ledger itself.

Facts are numbers, texts, booleans, lists and maps: never content, never a person's name. The only hashes of content are
the digests of what was sealed, in `evidence.sealed.v1`: they prove that evidence is what it was.
"""

from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True)
class Event:
    """Something that happened. A subclass gives `name` (explicit, with a version) and its facts as fields."""

    name: ClassVar[str] = ""
    known: ClassVar[dict[str, type["Event"]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # `dataclass(slots=True)` makes the class anew, so the same name registers twice: the last one stays.
        super().__init_subclass__(**kwargs)
        if cls.name:
            Event.known[cls.name] = cls

    def facts(self) -> dict[str, Any]:
        """The fields as a JSON-ready map; tuples become lists."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value


@dataclass(frozen=True, slots=True)
class BackupBegun(Event):
    """Everything begins to be copied into a backup; with the keys in it, whoever has it can open evidence."""

    name: ClassVar[str] = "ledger.backup_begun.v1"
    backup: str
    keys: str


@dataclass(frozen=True, slots=True)
class BackupRestored(Event):
    """This Vigie goes on from a backup: what came after row `through` elsewhere is not here."""

    name: ClassVar[str] = "ledger.backup_restored.v1"
    backup: str
    through: int


@dataclass(frozen=True, slots=True)
class CheckpointSigned(Event):
    """The ledger up to `through` was signed."""

    name: ClassVar[str] = "ledger.checkpoint_signed.v1"
    through: int


@dataclass(frozen=True, slots=True)
class DeadLetterReplayed(Event):
    """A delivery that had been given up was put back in the outbox."""

    name: ClassVar[str] = "ledger.dead_letter_replayed.v1"
    key: str


@dataclass(frozen=True, slots=True)
class DeliveryGivenUp(Event):
    """A delivery failed for so long that it became a dead letter."""

    name: ClassVar[str] = "ledger.delivery_given_up.v1"
    key: str
    attempts: int
    last_error: str


@dataclass(frozen=True, slots=True)
class DeliveryOvertaken(Event):
    """What a message asks for was done in another way: it is not sent any more."""

    name: ClassVar[str] = "ledger.delivery_overtaken.v1"
    key: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Delivered(Event):
    """The receiver took a message from the outbox."""

    name: ClassVar[str] = "ledger.delivered.v1"
    key: str
    attempts: int
