"""What happens to evidence, as ledger facts."""

from dataclasses import dataclass
from typing import ClassVar

from vigie.ledger.events import Event


@dataclass(frozen=True, slots=True)
class EvidenceSealed(Event):
    """Items were sealed. `items` are references, `sha256` their digests in the same order."""

    name: ClassVar[str] = "evidence.sealed.v1"
    items: tuple[str, ...]
    sha256: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceRead(Event):
    """Somebody read sealed items, and said for what."""

    name: ClassVar[str] = "evidence.read.v1"
    items: tuple[str, ...]
    purpose: str
