"""The file formats of banks: what is read from them and how they are written; `csv_file` reads the CSV one.

Pure. It drops no line unsaid: whatever cannot become part of an entry comes back as `Quarantined`, with its
line. The formats are CSV and the field's local file, one `<type> <signal>` a line.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from io import StringIO
from typing import BinaryIO, Final

from vigie.foundation.clock import utc_text
from vigie.foundation.errors import Invalid
from vigie.foundation.limits import IMPORT_ROWS_MAX
from vigie.signals.types import ALL

COLUMNS: Final = (
    "entry",
    "signal_type",
    "signal_value",
    "quality",
    "kind",
    "legal_type",
    "note",
    "source",
    "source_reference",
    "obtained_at",
    "expires_at",
    "disabled_until",
    "confirmed",
)
COLUMNS_NEEDED: Final = frozenset({"signal_type", "signal_value"})
COLUMNS_IGNORED: Final = frozenset({"confirmed"})
KINDS: Final = ("known", "harmless")
LEGAL_TYPES: Final = ("a", "b", "c", "d", "e")
LOCAL_FILE_TYPES: Final = ("pdq", "md5", "sha256")
"""The signal types that both sides of the local file know by the same name and meaning."""

LINE_BYTES_MAX: Final = 16_384
SOURCE_CHARS_MAX: Final = 200
REFERENCE_CHARS_MAX: Final = 500


class FileRefused(Invalid):
    """The file as a whole cannot be read; nothing of it was taken."""

    code = "import_file_refused"


class Reason(StrEnum):
    """Why a line was quarantined."""

    NOT_UTF8 = "not_utf8"
    LINE_TOO_LONG = "line_too_long"
    QUOTE_NOT_CLOSED = "quote_not_closed"
    MALFORMED_ROW = "malformed_row"
    TYPE_MISSING = "type_missing"
    TYPE_UNSUPPORTED = "type_unsupported"
    SIGNAL_MALFORMED = "signal_malformed"
    QUALITY_MALFORMED = "quality_malformed"
    QUALITY_TOO_LOW = "quality_too_low"
    KIND_UNKNOWN = "kind_unknown"
    LEGAL_TYPE_UNKNOWN = "legal_type_unknown"
    INSTANT_MALFORMED = "instant_malformed"
    TEXT_TOO_LONG = "text_too_long"
    SOURCE_MISSING = "source_missing"
    ENTRY_CONTRADICTORY = "entry_contradictory"
    ENTRY_NOT_TOGETHER = "entry_not_together"
    ENTRY_TOO_LARGE = "entry_too_large"
    TOO_MANY_ROWS = "too_many_rows"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A line, counted from 1, that became part of no entry. `raw` is the line as it stood, or its start."""

    line: int
    reason: Reason
    raw: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadSignal:
    """One signal of a file. `quality` from 0 to 100, for PDQ where it is told."""

    type: str
    value: bytes
    quality: int | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What is said of an entry beside its signals; also what an import fills in where a file says nothing."""

    source: str
    source_reference: str = ""
    kind: str = "known"
    legal_type: str = ""
    note: str = ""
    obtained_at: datetime | None = None
    expires_at: datetime | None = None
    disabled_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """An entry as a file tells it, from its first line on. `rows` is how many rows of the file it took."""

    line: int
    signals: tuple[ReadSignal, ...]
    about: About
    rows: int = 1


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    """An entry to be written. `number` is its public number."""

    number: str
    signals: tuple[ReadSignal, ...]
    about: About
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, counted from 1, without its end; a problem when it cannot be used."""

    number: int
    text: str
    end: str = ""
    problem: Reason | None = None


def read_local_file(
    file: BinaryIO, *, about: About, signal_type: str = ""
) -> Iterator[ReadEntry | Quarantined]:
    """Read the field's local file: each line `<type> <signal>`, or `<signal>` alone of `signal_type`.

    Empty lines are nothing. Source: python-threatexchange, the `local_file` exchange.
    """
    rows = 0
    for line in lines_of(file):
        if not line.text.strip() and line.problem is None:
            continue
        rows += 1
        if rows > IMPORT_ROWS_MAX:
            yield Quarantined(line.number, Reason.TOO_MANY_ROWS, line.text)
        else:
            yield _local_entry(line, about=about, signal_type=signal_type)


def write_csv(entries: Iterable[WrittenEntry]) -> Iterator[str]:
    """CSV lines with their header; what `open_csv` reads, `confirmed` aside."""
    yield _csv_line(COLUMNS)
    for entry in entries:
        for signal in entry.signals:
            yield _csv_line(_cells(entry, signal))


def write_local_file(entries: Iterable[WrittenEntry]) -> Iterator[str]:
    """Lines `<type> <signal>` for every signal whose type is one of `LOCAL_FILE_TYPES`.

    The form cannot say "harmless": the caller leaves such entries out; raises ValueError for one.
    """
    for entry in entries:
        if entry.about.kind != "known":
            raise ValueError("a local file lists what is to be found, nothing else")
        for signal in entry.signals:
            if signal.type in LOCAL_FILE_TYPES:
                yield f"{signal.type} {ALL[signal.type].write(signal.value)}\n"


def _local_entry(line: Line, *, about: About, signal_type: str) -> ReadEntry | Quarantined:
    def quarantined(reason: Reason) -> Quarantined:
        return Quarantined(line.number, reason, line.text)

    if line.problem is not None:
        return quarantined(line.problem)
    words = line.text.split()
    if len(words) > 2:
        return quarantined(Reason.MALFORMED_ROW)
    if len(words) == 1 and not signal_type:
        return quarantined(Reason.TYPE_MISSING)
    type_ = words[0] if len(words) == 2 else signal_type
    if type_ not in LOCAL_FILE_TYPES:
        return quarantined(Reason.TYPE_UNSUPPORTED)
    if not about.source.strip():
        return quarantined(Reason.SOURCE_MISSING)
    try:
        value = ALL[type_].parse(words[-1])
    except Invalid:
        return quarantined(Reason.SIGNAL_MALFORMED)
    return ReadEntry(line.number, (ReadSignal(type_, value),), about)


def lines_of(file: BinaryIO) -> Iterator[Line]:
    """Lines without their ends; an overlong one is read to its end and handed on cut, with its problem."""
    number = 0
    while piece := file.readline(LINE_BYTES_MAX + 1):
        number += 1
        if number == 1:
            piece = piece.removeprefix(b"\xef\xbb\xbf")
        too_long = len(piece) > LINE_BYTES_MAX
        rest = piece
        while too_long and rest and not rest.endswith(b"\n"):
            rest = file.readline(LINE_BYTES_MAX + 1)
        if too_long:
            yield Line(number, piece[:200].decode("utf-8", "replace"), problem=Reason.LINE_TOO_LONG)
        else:
            yield _line(number, piece)


def _line(number: int, piece: bytes) -> Line:
    end = "\r\n" if piece.endswith(b"\r\n") else "\n" if piece.endswith(b"\n") else ""
    piece = piece[: len(piece) - len(end)]
    try:
        text = piece.decode("utf-8")
    except UnicodeDecodeError:
        return Line(number, piece.decode("utf-8", "replace"), problem=Reason.NOT_UTF8)
    # PostgreSQL stores no NUL, and no honest file has one.
    return Line(number, text, end, Reason.NOT_UTF8 if "\0" in text else None)


# --- cells

# A spreadsheet takes a cell that begins like this for a formula; an apostrophe in front keeps it a text.
_FORMULA = re.compile(r"^'*[=+\-@\t\r]")
SHIELDED = re.compile(r"^'+[=+\-@\t\r]")


def _shielded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _cells(entry: WrittenEntry, signal: ReadSignal) -> Sequence[str]:
    about = entry.about
    return (
        entry.number,
        signal.type,
        ALL[signal.type].write(signal.value),
        "" if signal.quality is None else str(signal.quality),
        about.kind,
        about.legal_type,
        _shielded(about.note),
        _shielded(about.source),
        _shielded(about.source_reference),
        utc_text(about.obtained_at) if about.obtained_at else "",
        utc_text(about.expires_at) if about.expires_at else "",
        utc_text(about.disabled_until) if about.disabled_until else "",
        "yes" if entry.confirmed else "no",
    )


def _csv_line(cells: Sequence[str]) -> str:
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
