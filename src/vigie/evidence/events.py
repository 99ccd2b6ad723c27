"""What happens to evidence, as ledger facts.

No content, no name, no digest but those of `evidence.sealed.v1`. `item` is a preserved item's public number; its rows
stand under the subject that was sealed.
"""

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


@dataclass(frozen=True, slots=True)
class EvidencePreserved(Event):
    """Content was removed: what is sealed of it is kept for six months. `ground`: order, decision or rule.

    Once more for the same item when it is removed again; the last one holds.
    """

    name: ClassVar[str] = "evidence.preserved.v1"
    item: str
    ground: str
    removed_at: str
    until: str


@dataclass(frozen=True, slots=True)
class EvidenceKept(Event):
    """Something ended without a removal: what is sealed of it is kept for the days of the setting."""

    name: ClassVar[str] = "evidence.kept.v1"
    item: str
    ended_at: str
    until: str


@dataclass(frozen=True, slots=True)
class AccessRequested(Event):
    """Somebody asks to open a preserved item. `authority` and `reference` are empty for the service's own purpose."""

    name: ClassVar[str] = "evidence.access_requested.v1"
    item: str
    request: str
    purpose: str
    legal_basis: str
    authority: str
    reference: str


@dataclass(frozen=True, slots=True)
class AccessGranted(Event):
    """A second person granted access, for a time."""

    name: ClassVar[str] = "evidence.access_granted.v1"
    item: str
    request: str
    authority: str
    until: str


@dataclass(frozen=True, slots=True)
class AccessRefused(Event):
    """A second person refused access. The reason in words stays with the request."""

    name: ClassVar[str] = "evidence.access_refused.v1"
    item: str
    request: str
    authority: str


@dataclass(frozen=True, slots=True)
class EvidenceOpened(Event):
    """Somebody opened one sealed thing of a preserved item under a granted access: one row an opening."""

    name: ClassVar[str] = "evidence.opened.v1"
    item: str
    request: str
    reference: str
    purpose: str
    legal_basis: str
    authority: str


@dataclass(frozen=True, slots=True)
class ExtensionRequested(Event):
    """An authority or court asks to keep a preserved item longer; the first of two persons entered it."""

    name: ClassVar[str] = "evidence.extension_requested.v1"
    item: str
    request: str
    authority: str
    reference: str
    until: str


@dataclass(frozen=True, slots=True)
class EvidenceExtended(Event):
    """A second person approved: the item is kept until then, because a review is ongoing."""

    name: ClassVar[str] = "evidence.extended.v1"
    item: str
    request: str
    authority: str
    reference: str
    until: str


@dataclass(frozen=True, slots=True)
class ExtensionRefused(Event):
    """A second person did not approve. The reason in words stays with the request."""

    name: ClassVar[str] = "evidence.extension_refused.v1"
    item: str
    request: str
    authority: str


@dataclass(frozen=True, slots=True)
class ExportRequested(Event):
    """Somebody asks to take a preserved item away as a sealed package."""

    name: ClassVar[str] = "evidence.export_requested.v1"
    item: str
    request: str
    purpose: str
    legal_basis: str
    authority: str
    reference: str


@dataclass(frozen=True, slots=True)
class ExportGranted(Event):
    """A second person granted the export, for a time."""

    name: ClassVar[str] = "evidence.export_granted.v1"
    item: str
    request: str
    authority: str
    until: str


@dataclass(frozen=True, slots=True)
class ExportRefused(Event):
    """A second person refused the export. The reason in words stays with the request."""

    name: ClassVar[str] = "evidence.export_refused.v1"
    item: str
    request: str
    authority: str


@dataclass(frozen=True, slots=True)
class EvidenceExported(Event):
    """A package was begun to be written: from here on it counts as taken away, whether or not it arrived whole."""

    name: ClassVar[str] = "evidence.exported.v1"
    item: str
    request: str
    files: int
    encrypted: bool
    purpose: str
    legal_basis: str
    authority: str


@dataclass(frozen=True, slots=True)
class EvidenceDeleted(Event):
    """The time is over and nothing holds it: the keys of the items were destroyed, and a certificate signed."""

    name: ClassVar[str] = "evidence.deleted.v1"
    item: str
    ground: str
    until: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlobsRemoved(Event):
    """The unreadable bytes of a deleted item left the blob store too."""

    name: ClassVar[str] = "evidence.blobs_removed.v1"
    item: str
    count: int


@dataclass(frozen=True, slots=True)
class BlobRemovalFailed(Event):
    """The blob store would not let go of unreadable bytes; it is tried again, and somebody should look."""

    name: ClassVar[str] = "evidence.blob_removal_failed.v1"
    item: str
    attempts: int
