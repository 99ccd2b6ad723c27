"""Writing a file whole or not at all: whoever is killed in between leaves nothing behind.

It replaces nothing: a file that is there is refused.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from vigie.foundation.errors import Conflict
from vigie.foundation.identifiers import new_bytes


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A new file of mode 0600 that gets its name when the block ends well. Raises Conflict when the name is taken.

    Where the file system knows files without a name, a killed writer leaves none.
    """
    if path.exists():
        raise Conflict(
            "There is a file of this name already.", hint="Nothing is replaced: give another name."
        )
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield from _nameless(folder, path.name)
    finally:
        os.close(folder)


def _nameless(folder: int, name: str) -> Iterator[BinaryIO]:
    try:
        handle = os.open(".", os.O_TMPFILE | os.O_RDWR, 0o600, dir_fd=folder)
        temporary = ""
    except (OSError, AttributeError):
        temporary = f".{name}.{new_bytes(8).hex()}.part"
        handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600, dir_fd=folder)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            source = temporary or f"/proc/self/fd/{file.fileno()}"
            os.link(source, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=True)
        os.fsync(folder)
    finally:
        if temporary:
            os.unlink(temporary, dir_fd=folder)
