"""Key files in the data folder, made once with mode 0600 and never overwritten.

Keys from a key service come through the settings; this module never sends a key anywhere.
"""

import os
from pathlib import Path

from vigie.foundation.errors import VigieError
from vigie.foundation.identifiers import new_bytes


class KeyUnusable(VigieError):
    """A key file is there but cannot be a key."""

    code = "key_unusable"


def key_from_file(path: Path, *, byte_count: int = 32) -> bytes:
    """The key in `path`, made at first use.

    Threads and processes that make it at once end with the same key: it is linked into place, first one wins.
    Raises KeyUnusable when the file has another length.
    """
    if not path.exists():
        _make(path, byte_count)
    key = path.read_bytes()
    if len(key) != byte_count:
        raise KeyUnusable(
            f"The key file keys/{path.name} has {len(key)} bytes; {byte_count} were expected.",
            hint="Restore it from your backup.",
        )
    return key


def _make(path: Path, byte_count: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f"{path.name}.{new_bytes(8).hex()}.new")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, new_bytes(byte_count))
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
