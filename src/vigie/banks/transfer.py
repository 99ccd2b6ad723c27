"""Import and export of whole banks: a file through `formats`, batch by batch into `service`, and back.

It drops nothing unsaid: a row that becomes part of no entry goes to the caller's quarantine and is counted. The same
file again adds nothing twice, so an import that was cut off is simply started again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

from vigie.banks import service
from vigie.banks.csv_file import open_csv
from vigie.banks.formats import (
    LOCAL_FILE_TYPES,
    About,
    Quarantined,
    ReadEntry,
    ReadSignal,
    WrittenEntry,
    read_local_file,
    write_csv,
    write_local_file,
)
from vigie.banks.models import Entry
from vigie.banks.service import EntryDraft, Provenance, SignalValue
from vigie.foundation.errors import Invalid
from vigie.foundation.limits import IMPORT_BATCH_ROWS
from vigie.ledger.actors import Actor

_EXPORT_CHUNK_ENTRIES = 2_000


class Format(StrEnum):
    """How a file of entries is written."""

    CSV = "csv"
    LOCAL_FILE = "local_file"


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What to import into which bank. `about` fills in what a file does not say of an entry.

    `signal_type` is that of bare signals in a local file. PDQ hashes below `pdq_quality_min` (0-100) are quarantined.
    """

    bank: str
    format: Format
    about: About
    pdq_quality_min: int
    signal_type: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: rows read, entries made of them, entries that were new, rows quarantined."""

    rows: int = 0
    entries: int = 0
    added: int = 0
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file. `reasons` counts the quarantined rows by why."""

    progress: Progress
    reasons: Mapping[str, int]
    columns_unknown: tuple[str, ...] = ()
    columns_ignored: tuple[str, ...] = ()

    @property
    def already_there(self) -> int:
        """Entries whose signals the bank had."""
        return self.progress.entries - self.progress.added


def import_file(
    file: BinaryIO,
    order: ImportOrder,
    *,
    actor: Actor,
    quarantine: Callable[[Quarantined], None],
    progress: Callable[[Progress], None],
) -> ImportReport:
    """Add what a file tells to a bank, unconfirmed; `progress` is called after each batch of at most 5,000 entries.

    Each batch is a transaction of its own with one ledger entry. Raises FileRefused when the file cannot be read as
    its format, NotFound for the bank, Invalid for a signal type that a local file cannot have.
    """
    service.find_bank(order.bank)
    items, unknown, ignored = _open(file, order)
    tally = _Tally()
    batch: list[EntryDraft] = []
    for item in items:
        if isinstance(item, Quarantined):
            quarantine(item)
            tally.count_quarantined(item)
        else:
            batch.append(_draft(item))
            tally.rows += item.rows
        if len(batch) >= IMPORT_BATCH_ROWS:
            tally.count_batch(len(batch), service.import_entries(order.bank, batch, actor=actor))
            batch = []
            progress(tally.progress())
    if batch:
        tally.count_batch(len(batch), service.import_entries(order.bank, batch, actor=actor))
    progress(tally.progress())
    return ImportReport(tally.progress(), dict(tally.reasons), unknown, ignored)


def export_file(bank_name: str, form: Format, *, at: datetime, actor: Actor) -> Iterator[str]:
    """The lines of a file with a bank's entries; that they leave is in the ledger first. Raises NotFound.

    CSV holds every entry that is not removed. A local file holds what the bank matches at `at`, without harmless
    entries and without signals of other types than `LOCAL_FILE_TYPES`, which cannot be written in that form.
    """
    service.record_export(bank_name, format_name=form.value, actor=actor)
    if form is Format.CSV:
        return write_csv(_written(bank_name))
    return write_local_file(
        written
        for written, entry in _with_rows(bank_name)
        if entry.kind == Entry.Kind.KNOWN and entry.matches_at(at)
    )


@dataclass(slots=True)
class _Tally:
    rows: int = 0
    entries: int = 0
    added: int = 0
    reasons: "Counter[str]" = field(default_factory=Counter)

    def count_quarantined(self, item: Quarantined) -> None:
        self.rows += 1
        self.reasons[item.reason.value] += 1

    def count_batch(self, entries: int, added: int) -> None:
        self.entries += entries
        self.added += added

    def progress(self) -> Progress:
        return Progress(self.rows, self.entries, self.added, self.reasons.total())


def _open(
    file: BinaryIO, order: ImportOrder
) -> tuple[Iterator[ReadEntry | Quarantined], tuple[str, ...], tuple[str, ...]]:
    if order.format is Format.CSV:
        opened = open_csv(file, about=order.about, pdq_quality_min=order.pdq_quality_min)
        return opened.items, opened.header.unknown, opened.header.ignored
    if order.signal_type and order.signal_type not in LOCAL_FILE_TYPES:
        raise Invalid("A local file has no signals of this type.", hint="Types: pdq, md5, sha256.")
    return read_local_file(file, about=order.about, signal_type=order.signal_type), (), ()


def _draft(entry: ReadEntry) -> EntryDraft:
    about = entry.about
    return EntryDraft(
        signals=tuple(SignalValue(one.type, one.value, one.quality) for one in entry.signals),
        provenance=Provenance(about.source, about.source_reference, about.obtained_at),
        kind=Entry.Kind(about.kind),
        legal_type=about.legal_type,
        note=about.note,
        expires_at=about.expires_at,
        disabled_until=about.disabled_until,
    )


def _written(bank_name: str) -> Iterator[WrittenEntry]:
    return (written for written, _ in _with_rows(bank_name))


def _with_rows(bank_name: str) -> Iterator[tuple[WrittenEntry, Entry]]:
    bank = service.find_bank(bank_name)
    entries = (
        Entry.objects.filter(bank=bank, removed_at=None)
        .select_related("bank")
        .prefetch_related("signals")
        .order_by("id")
    )
    return ((_as_written(one), one) for one in entries.iterator(chunk_size=_EXPORT_CHUNK_ENTRIES))


def _as_written(entry: Entry) -> WrittenEntry:
    signals = sorted(entry.signals.all(), key=lambda one: one.pk)
    return WrittenEntry(
        number=entry.number,
        signals=tuple(ReadSignal(one.type, bytes(one.value), one.quality) for one in signals),
        about=About(
            source=entry.source,
            source_reference=entry.source_reference,
            kind=entry.kind,
            legal_type=entry.legal_type,
            note=entry.note,
            obtained_at=entry.obtained_at,
            expires_at=entry.expires_at,
            disabled_until=entry.disabled_until,
        ),
        confirmed=entry.confirmed,
    )
