"""Reading the files that somebody names, or that lie in a folder they name.

It opens regular files alone: a named pipe can wait for ever, and a device never end.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from stat import S_ISDIR, S_ISFIFO, S_ISREG, S_ISSOCK

from vigie.foundation.errors import VigieError

TEXT_BYTES_MAX = 10_000_000


class FileNotRead(VigieError):
    """A file is not there, may not be read, or is none."""

    code = "file_not_read"


def bytes_of(path: Path, *, bytes_max: int) -> bytes:
    """What is in a regular file or in what a link leads to, and no more than one byte too much; raises FileNotRead."""
    with open_regular(path) as opened:
        return opened.read(bytes_max + 1)


def text_of(path: Path, *, bytes_max: int = TEXT_BYTES_MAX) -> str:
    """A regular file as UTF-8; raises FileNotRead, also for one that is longer."""
    read = bytes_of(path, bytes_max=bytes_max)
    if len(read) > bytes_max:
        raise FileNotRead(f"{path.name} has more than {bytes_max:,} bytes and is not read.")
    try:
        return read.decode()
    except UnicodeDecodeError as error:
        raise FileNotRead(f"{path.name} is no text in UTF-8.") from error


@contextmanager
def open_regular(path: Path) -> Iterator[BufferedReader]:
    """A regular file, or what a link leads to, open for reading; raises FileNotRead."""
    try:
        mode = path.stat().st_mode
        if not S_ISREG(mode):
            raise FileNotRead(f"It is {_kind(mode)} and is not read.")
        opened = path.open("rb")
    except OSError as error:
        raise FileNotRead(f"It cannot be read: {error.strerror}.") from error
    with opened:
        yield opened


def _kind(mode: int) -> str:
    if S_ISDIR(mode):
        return "a folder"
    if S_ISFIFO(mode):
        return "a named pipe"
    return "a socket" if S_ISSOCK(mode) else "a device"
