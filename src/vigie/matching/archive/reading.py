"""Reading the files of a part: what was written, or word that the part is damaged.

Pages carry a checksum, looked at whenever a page is read; of the footer, which says where pages lie, the part's note
has a digest. A scan in place reads values without a checksum.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from vigie.foundation.errors import VigieError


class PartDamaged(VigieError):
    """A part of the archive is not as it was written. `path` is its folder."""

    code = "archive_part_damaged"
    path = Path()


def damaged(path: Path) -> PartDamaged:
    """The error about the part in this folder."""
    error = PartDamaged(
        "A part of the archive cannot be read.",
        hint="The worker sets it apart and goes on with the others.",
    )
    error.path = path
    return error


class PartFile:
    """A Parquet file of a part. Everything here raises PartDamaged when the file is not as it was written."""

    def __init__(self, path: Path, *, rows: int, footer: str) -> None:
        self._part = path.parent
        with self._reading():
            if footer and footer_digest(path) != footer:
                raise damaged(self._part)
            self._file = pq.ParquetFile(path, page_checksum_verification=True)
        self.metadata: pq.FileMetaData = self._file.metadata
        if self.metadata.num_rows != rows:
            raise damaged(self._part)

    def read_row_group(self, group: int, columns: Sequence[str] | None = None) -> pa.Table:
        """One row group, or some columns of it."""
        with self._reading():
            return self._file.read_row_group(group, columns=columns and list(columns))

    def batches(
        self, rows: int, *, groups: Iterable[int] | None = None, columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """At most so many rows at a time, one row group after the other; all of them, or some, or some columns.

        Asked for several groups at once, Arrow keeps the bytes of all of them until the last batch is read.
        """
        for group in range(self.metadata.num_row_groups) if groups is None else groups:
            batches = self._file.iter_batches(rows, row_groups=[group], columns=columns and list(columns))
            while True:
                with self._reading():
                    batch = next(batches, None)
                if batch is None:
                    break
                yield batch

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (OSError, pa.ArrowException) as error:
            raise damaged(self._part) from error


def footer_digest(path: Path) -> str:
    """SHA-256 of the end of a Parquet file, where it says what lies where; raises OSError.

    Source: Apache Parquet, file format: metadata, its length in four bytes, "PAR1".
    """
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 8, 0))
        length = int.from_bytes(file.read(4), "little")
        file.seek(max(size - 8 - length, 0))
        return hashlib.sha256(file.read()).hexdigest()
