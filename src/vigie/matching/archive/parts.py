"""Parts of the archive: two Parquet files and a note, written whole under their name or not at all.

`signals.parquet` holds the values in place (32 raw bytes a row, uncompressed, one page a row group), so that they are
scanned where they lie; `uploads.parquet` what a case needs. Nothing here knows entries, cases or the database.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vigie.matching.archive.folder import ArchiveFolder, sync_folder
from vigie.matching.archive.reading import PartFile, damaged, footer_digest
from vigie.matching.archive.records import SeenSignal, SeenUpload

GROUP_ROWS = 1_000_000
UPLOAD_GROUP_ROWS = 50_000
# Hashes below are laid apart, so that a scan can leave them out whole. What is matched is the setting's to say.
LOW_QUALITY = 50
CODE_BYTES = 32
KEY_BYTES = 32

SIGNALS = pa.schema(
    [
        pa.field("code", pa.binary(CODE_BYTES), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("quality", pa.int8(), nullable=False),
        pa.field("upload", pa.int64(), nullable=False),
        pa.field("medium", pa.string(), nullable=False),
    ]
)
UPLOADS = pa.schema(
    [
        pa.field("at_us", pa.int64(), nullable=False),
        pa.field("platform", pa.string(), nullable=False),
        pa.field("content", pa.string(), nullable=False),
        pa.field("content_key", pa.binary(KEY_BYTES), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("url", pa.string(), nullable=False),
        pa.field("language", pa.string(), nullable=False),
        pa.field("author_key", pa.string(), nullable=False),
        pa.field("question", pa.binary(32), nullable=False),
        pa.field("entries_seq", pa.int64(), nullable=False),
    ]
)
_SIGNALS_FILE = "signals.parquet"
_UPLOADS_FILE = "uploads.parquet"
_NOTE_FILE = "part.json"


class PartNote(msgspec.Struct, frozen=True):
    """What a part says about itself. `journals` it was made of; `replaces` are the numbers merged into it.

    The digests of its files' footers are empty in parts that were written before there were any.
    """

    number: int
    generation: int
    day: str
    signals: int
    uploads: int
    entries_seq_min: int
    journals: tuple[str, ...]
    replaces: tuple[int, ...] = ()
    signals_footer: str = ""
    uploads_footer: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part as it lies on the disk."""

    path: Path
    note: PartNote

    @property
    def signals_file(self) -> Path:
        """The values."""
        return self.path / _SIGNALS_FILE

    @property
    def uploads_file(self) -> Path:
        """What the values belong to, by position."""
        return self.path / _UPLOADS_FILE

    def open_signals(self) -> PartFile:
        """To read values by column; raises PartDamaged."""
        return PartFile(self.signals_file, rows=self.note.signals, footer=self.note.signals_footer)

    def open_uploads(self) -> PartFile:
        """To read what they belong to; raises PartDamaged."""
        return PartFile(self.uploads_file, rows=self.note.uploads, footer=self.note.uploads_footer)

    @property
    def size_bytes(self) -> int:
        """Bytes on the disk."""
        return sum(one.stat().st_size for one in (self.signals_file, self.uploads_file))


def list_parts(archive: ArchiveFolder) -> list[Part]:
    """Every part that counts, by number: of each the newest generation, without those merged into another.

    Raises PartDamaged for a part without its note.
    """
    newest: dict[int, Part] = {}
    for path in _part_folders(archive):
        part = Part(path, note_of(path))
        known = newest.get(part.note.number)
        if known is None or known.note.generation < part.note.generation:
            newest[part.note.number] = part
    merged = {number for part in newest.values() for number in part.note.replaces}
    return [newest[number] for number in sorted(newest) if number not in merged]


def drop_leftovers(archive: ArchiveFolder) -> None:
    """Remove drafts, older generations and merged parts that a killed process left; needs the archive's lock."""
    kept = {part.path for part in list_parts(archive)}
    for path in _part_folders(archive):
        if path not in kept:
            shutil.rmtree(path)
    for draft in archive.days.glob("*/draft-*"):
        shutil.rmtree(draft)
    for day in archive.days.glob("*"):
        if not any(day.iterdir()):
            day.rmdir()


@dataclass(slots=True)
class Gathered:
    """Uploads of one day on their way into a part: as tables, which take an eighth of what the records do."""

    signals: list[pa.Table] = field(default_factory=list)
    uploads: list[pa.Table] = field(default_factory=list)
    journals: list[str] = field(default_factory=list)
    count: int = 0
    entries_seq_min: int = 0

    def add(self, uploads: Sequence[SeenUpload], *, content_keys: Sequence[bytes], journal: str) -> None:
        """Take in some of one journal, at least one."""
        self.signals.append(_signals_table(uploads, first=self.count))
        self.uploads.append(_uploads_table(uploads, content_keys))
        if journal not in self.journals:
            self.journals.append(journal)
        lowest = min(one.entries_seq for one in uploads)
        self.entries_seq_min = min(self.entries_seq_min, lowest) if self.count else lowest
        self.count += len(uploads)


def write_part(archive: ArchiveFolder, gathered: Gathered, *, number: int, day: date) -> Part:
    """Write one part of a day; needs the archive's lock. Raises OSError when the disk does, and leaves nothing."""
    note = PartNote(
        number=number,
        generation=0,
        day=day.isoformat(),
        signals=0,
        uploads=0,
        entries_seq_min=gathered.entries_seq_min,
        journals=tuple(gathered.journals),
    )
    runs = sorted((one for table in gathered.signals for one in _runs(table)), key=lambda one: one[0])
    return write_tables(
        archive, note, signals=[run for _, run in runs], uploads=[pa.concat_tables(gathered.uploads)]
    )


def write_tables(
    archive: ArchiveFolder, note: PartNote, *, signals: Iterable[pa.Table], uploads: Iterable[pa.Table]
) -> Part:
    """Write a part from tables; those of signals come in runs of one type and one class of quality.

    The note gets the numbers of signals and uploads from them.
    """
    folder = archive.days / note.day
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f"draft-{note.number}-{note.generation}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    try:
        written_signals = _write_signals(draft / _SIGNALS_FILE, signals)
        written_uploads = _write(
            draft / _UPLOADS_FILE, UPLOADS, uploads, group_rows=UPLOAD_GROUP_ROWS, raw=()
        )
        note = msgspec.structs.replace(
            note,
            signals=written_signals,
            uploads=written_uploads,
            signals_footer=footer_digest(draft / _SIGNALS_FILE),
            uploads_footer=footer_digest(draft / _UPLOADS_FILE),
        )
        (draft / _NOTE_FILE).write_bytes(msgspec.json.encode(note))
        for name in (_SIGNALS_FILE, _UPLOADS_FILE, _NOTE_FILE):
            _sync_file(draft / name)
        sync_folder(draft)
        path = folder / f"{note.number:012d}.{note.generation}"
        draft.rename(path)
        sync_folder(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return Part(path, note)


def runs_of(file: PartFile) -> Iterator[tuple[int, str, int]]:
    """(row group, type, highest quality) of each row group."""
    for group in range(file.metadata.num_row_groups):
        columns = file.metadata.row_group(group)
        type_name = columns.column(SIGNALS.get_field_index("type")).statistics.max
        quality = columns.column(SIGNALS.get_field_index("quality")).statistics.max
        yield group, type_name, quality


def _part_folders(archive: ArchiveFolder) -> list[Path]:
    if not archive.days.is_dir():
        return []
    return [
        one
        for day in sorted(archive.days.iterdir())
        if day.is_dir()
        for one in sorted(day.iterdir())
        if one.name[:1].isdigit()
    ]


@lru_cache(maxsize=20_000)
def note_of(path: Path) -> PartNote:
    """The note in the folder of a part; raises PartDamaged."""
    try:
        return msgspec.json.decode((path / _NOTE_FILE).read_bytes(), type=PartNote)
    except (OSError, msgspec.MsgspecError) as error:
        raise damaged(path) from error


def _signals_table(uploads: Sequence[SeenUpload], *, first: int) -> pa.Table:
    """Signals by type and class of quality. `first` is the position of the first upload in its part."""
    rows: list[tuple[SeenSignal, int]] = [
        (signal, position) for position, upload in enumerate(uploads, first) for signal in upload.signals
    ]
    rows.sort(key=lambda row: (row[0].type, 0 <= row[0].quality < LOW_QUALITY))
    columns = [
        [signal.value.ljust(CODE_BYTES, b"\0") for signal, _ in rows],
        [signal.type for signal, _ in rows],
        [signal.quality for signal, _ in rows],
        [position for _, position in rows],
        [signal.medium for signal, _ in rows],
    ]
    return pa.table(
        [pa.array(values, field.type) for values, field in zip(columns, SIGNALS, strict=True)], schema=SIGNALS
    )


def _uploads_table(uploads: Sequence[SeenUpload], content_keys: Sequence[bytes]) -> pa.Table:
    columns: list[list[object]] = [
        [one.at_us for one in uploads],
        [one.platform for one in uploads],
        [one.content for one in uploads],
        list(content_keys),
        [one.kind for one in uploads],
        [one.url for one in uploads],
        [one.language for one in uploads],
        [one.author_key for one in uploads],
        [one.question for one in uploads],
        [one.entries_seq for one in uploads],
    ]
    return pa.table(
        [pa.array(values, field.type) for values, field in zip(columns, UPLOADS, strict=True)], schema=UPLOADS
    )


def _write_signals(path: Path, tables: Iterable[pa.Table]) -> int:
    return _write(path, SIGNALS, _full_runs(tables), group_rows=GROUP_ROWS, raw=("code",))


def _full_runs(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Tables of one run each, as large as a row group where there is enough."""
    waiting: list[pa.Table] = []
    rows, waiting_key = 0, ""
    for table in tables:
        for key, run in _runs(table):
            if waiting and (waiting_key != key or rows + run.num_rows > GROUP_ROWS):
                yield pa.concat_tables(waiting)
                waiting, rows = [], 0
            waiting.append(run)
            waiting_key = key
            rows += run.num_rows
    if waiting:
        yield pa.concat_tables(waiting)


def _runs(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The table in pieces of one type and one class of quality, none larger than a row group."""
    low = pc.and_(pc.greater_equal(table["quality"], 0), pc.less(table["quality"], LOW_QUALITY))
    keys = pc.binary_join_element_wise(table["type"], pc.if_else(low, "low", ""), "/")
    at = 0
    while at < table.num_rows:
        key = keys[at].as_py()
        other = pc.index(pc.not_equal(keys.slice(at, GROUP_ROWS), key), value=True).as_py()
        length = min(GROUP_ROWS, table.num_rows - at) if other < 0 else other
        yield key, table.slice(at, length)
        at += length


def _write(
    path: Path, schema: pa.Schema, tables: Iterable[pa.Table], *, group_rows: int, raw: tuple[str, ...]
) -> int:
    names = [field.name for field in schema]
    written = 0
    with pq.ParquetWriter(
        path,
        schema,
        compression={name: "none" if name in raw else "zstd" for name in names},
        use_dictionary=[field.name for field in schema if field.type == pa.string()],
        column_encoding=dict.fromkeys(raw, "PLAIN") or None,
        data_page_size=1 << 30,
        max_rows_per_page=1 << 30,
        write_statistics=["type", "quality", "at_us"],
        write_page_checksum=True,
    ) as writer:
        for table in tables:
            writer.write_table(table.cast(schema), row_group_size=group_rows)
            written += table.num_rows
    return written


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
