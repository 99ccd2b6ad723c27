"""The file of a backup: a tar of which the first member says what it is, and the last the digest of every other one.

`tar` and `sha256sum -c SHA256SUMS` read it without Vigie. It knows nothing of databases and folders.
"""

import hashlib
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, BinaryIO

import msgspec

from vigie.backup.errors import BackupDamaged

FORMAT = 1
HEAD = "backup.json"
SUMS = "SHA256SUMS"
HEAD_BYTES_MAX = 1_000_000
PIECE_BYTES = 1_048_576

_BLOCK_BYTES = 512


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup says about itself. `kind` is `whole`, `without_keys` or `keys`; a pair has one `id`.

    `taken_at` is the instant of the database (UTC text); `ledger_rows` and `ledger_hash` (hex) are its ledger's end.
    `migrations` are the modules of those applied.
    """

    format: int
    kind: str
    id: str
    vigie: str
    taken_at: str
    ledger_rows: int
    ledger_hash: str
    migrations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One member while it is read: take all its `pieces` before the next member."""

    name: str
    size_bytes: int
    pieces: Iterator[bytes]


class Writer:
    """Writes one backup into an open file, from beginning to end."""

    def __init__(self, file: BinaryIO, head: Head) -> None:
        self._file = file
        self._sums = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self.bytes = 0
        self.add_bytes(HEAD, msgspec.json.format(msgspec.json.encode(head)) + b"\n")

    def add_bytes(self, name: str, data: bytes) -> None:
        """Add a member."""
        self.add(name, (data,), size_bytes=len(data))

    def add(self, name: str, pieces: Iterable[bytes], *, size_bytes: int) -> None:
        """Add a member of `size_bytes` piece by piece; raises BackupDamaged when there are fewer or more."""
        digest = self._put(name, pieces, size_bytes)
        self._sums.write(_sum_line(digest, name))

    def close(self) -> None:
        """Write the digests and the end."""
        with self._sums:
            size_bytes = self._sums.tell()
            self._sums.seek(0)
            self._put(SUMS, pieces_of(self._sums), size_bytes)
        self._write(bytes(2 * _BLOCK_BYTES))

    def _put(self, name: str, pieces: Iterable[bytes], size_bytes: int) -> str:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size_bytes, 0o600
        self._write(member.tobuf(tarfile.PAX_FORMAT))
        digest, count = hashlib.sha256(), 0
        for piece in pieces:
            digest.update(piece)
            count += len(piece)
            self._write(piece)
        if count != size_bytes:
            raise BackupDamaged("A file changed while it was copied.", hint="Try again.")
        self._write(bytes(-size_bytes % _BLOCK_BYTES))
        return digest.hexdigest()

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self.bytes += len(data)


def read_head(file: BinaryIO) -> Head:
    """What the backup says it is, from its beginning; raises BackupDamaged."""
    file.seek(0)
    for member in _members(file):
        if member.name != HEAD or member.size_bytes > HEAD_BYTES_MAX:
            break
        return _parse_head(b"".join(member.pieces))
    raise BackupDamaged("This is no backup of Vigie.")


def read_whole(file: BinaryIO) -> Iterator[Member]:
    """Every member in order but the first and the last; raises BackupDamaged at the first that is not as written.

    Only who has taken all of them knows that the backup is whole.
    """
    file.seek(0)
    with tempfile.TemporaryFile() as found:
        digest = hashlib.sha256()

        def counted(pieces: Iterable[bytes]) -> Iterator[bytes]:
            nonlocal digest
            digest = hashlib.sha256()
            for piece in pieces:
                digest.update(piece)
                yield piece

        is_complete = False
        for member in _members(file):
            if member.name == SUMS:
                _compare(found, b"".join(member.pieces))
                is_complete = True
                break
            pieces = counted(member.pieces)
            if member.name != HEAD:
                yield Member(_checked_name(member.name), member.size_bytes, pieces)
            for _ in pieces:
                pass  # what nobody took is still looked at
            found.write(_sum_line(digest.hexdigest(), member.name))
        if not is_complete:
            raise BackupDamaged("The backup is cut off.", hint="Use another one; nothing was restored.")


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """What is left of an open file, at most `PIECE_BYTES` at a time."""
    while piece := file.read(PIECE_BYTES):
        yield piece


def _members(file: BinaryIO) -> Iterator[Member]:
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            while (info := tar.next()) is not None:
                tar.members = []  # type: ignore[attr-defined] # of a million blobs none is remembered
                opened = tar.extractfile(info) if info.isreg() else None
                if opened is None:
                    raise BackupDamaged("The backup holds something that no backup holds.")
                with opened:
                    yield Member(info.name, info.size, pieces_of(opened))
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise BackupDamaged(
            "The file is no backup, or a damaged one.", hint="Use another one; nothing was restored."
        ) from error


def _parse_head(data: bytes) -> Head:
    try:
        head = msgspec.json.decode(data, type=Head)
    except msgspec.MsgspecError as error:
        raise BackupDamaged("This is no backup that this Vigie can read.") from error
    if head.format != FORMAT:
        raise BackupDamaged(
            f"The backup has format {head.format}; this Vigie reads {FORMAT}.",
            hint=f"It was made by Vigie {head.vigie}.",
        )
    return head


def _compare(found: IO[bytes], sums: bytes) -> None:
    found.seek(0)
    for written, line in zip(sums.splitlines(keepends=True), found, strict=False):
        if written != line:
            name = line.decode(errors="replace").rstrip().partition("  ")[2]
            raise BackupDamaged(
                f"{name} in the backup is not as it was written.",
                hint="Use another backup; nothing was restored.",
            )
    if found.tell() != len(sums):
        raise BackupDamaged("Something is missing in the backup.", hint="Use another; nothing was restored.")


def _sum_line(digest: str, name: str) -> bytes:
    return f"{digest}  {name}\n".encode()


def _checked_name(name: str) -> str:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts:
        raise BackupDamaged("The backup names a file outside the data folder.")
    return name
