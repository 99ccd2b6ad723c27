"""What happens to banks and entries, as ledger facts.

The index in every process follows those in `ENTRY_EVENTS`, `BANK_EVENTS` and `STANDING_EVENTS`.
"""

from dataclasses import dataclass
from typing import ClassVar

from vigie.ledger.events import Event


@dataclass(frozen=True, slots=True)
class BankCreated(Event):
    """A bank was made."""

    name: ClassVar[str] = "banks.bank_created.v1"
    bank: str
    may_remove: bool
    level: str


@dataclass(frozen=True, slots=True)
class BankChanged(Event):
    """A bank's settings changed."""

    name: ClassVar[str] = "banks.bank_changed.v1"
    bank: str
    may_remove: bool
    matching: bool
    level: str


@dataclass(frozen=True, slots=True)
class EntryAdded(Event):
    """An entry came into a bank. `entry` is its id."""

    name: ClassVar[str] = "banks.entry_added.v1"
    entry: int
    bank: str
    kind: str
    source: str
    signal_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntriesImported(Event):
    """Entries `first` to `last` came into a bank at once; ids between them may belong to others."""

    name: ClassVar[str] = "banks.entries_imported.v1"
    bank: str
    source: str
    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class BankExported(Event):
    """Somebody took a copy of a bank's entries away."""

    name: ClassVar[str] = "banks.bank_exported.v1"
    bank: str
    format: str


@dataclass(frozen=True, slots=True)
class EntryConfirmed(Event):
    """A person confirmed an entry."""

    name: ClassVar[str] = "banks.entry_confirmed.v1"
    entry: int
    bank: str


@dataclass(frozen=True, slots=True)
class EntryConfirmationWithdrawn(Event):
    """A person took a confirmation back."""

    name: ClassVar[str] = "banks.entry_confirmation_withdrawn.v1"
    entry: int
    bank: str


@dataclass(frozen=True, slots=True)
class EntryRemoved(Event):
    """An entry was taken out of its bank."""

    name: ClassVar[str] = "banks.entry_removed.v1"
    entry: int
    bank: str
    reason: str


@dataclass(frozen=True, slots=True)
class EntryRestored(Event):
    """A removed entry was put back, unconfirmed."""

    name: ClassVar[str] = "banks.entry_restored.v1"
    entry: int
    bank: str


@dataclass(frozen=True, slots=True)
class EntryChanged(Event):
    """An entry's note, pause, expiry or legal type changed; `fields` names which."""

    name: ClassVar[str] = "banks.entry_changed.v1"
    entry: int
    bank: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryVariantsAdded(Event):
    """An entry got the variants, or the features, by which edited copies of its picture are found."""

    name: ClassVar[str] = "banks.entry_variants_added.v1"
    entry: int
    bank: str
    count: int
    features: bool = False


BANK_EVENTS: tuple[str, ...] = (BankCreated.name, BankChanged.name)
"""The events that change how deeply banks are looked through."""

ENTRY_EVENTS: tuple[str, ...] = tuple(
    one.name for one in (EntryAdded, EntriesImported, EntryRemoved, EntryRestored, EntryVariantsAdded)
)
"""The events that change which signals the index holds."""

STANDING_EVENTS: tuple[str, ...] = tuple(
    one.name for one in (EntryConfirmed, EntryConfirmationWithdrawn, EntryChanged)
)
"""The events that change what an entry is told to be, and none of its signals."""
