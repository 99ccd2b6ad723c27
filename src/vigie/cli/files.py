"""Reading the files that somebody names, or that lie in a folder they name.

It opens regular files alone: a named pipe can wait for ever, and a device never end.
"""

from pathlib import Path
from stat import S_ISDIR, S_ISFIFO, S_ISREG, S_ISSOCK

from vigie.foundation.errors import VigieError


class FileNotRead(VigieError):
    """A file is not there, may not be read, or is none."""

    code = "file_not_read"


def bytes_of(path: Path, *, bytes_max: int) -> bytes:
    """What is in a regular file or in what a link leads to, and no more than one byte too much; raises FileNotRead."""
    try:
        mode = path.stat().st_mode
        if not S_ISREG(mode):
            raise FileNotRead(f"It is {_kind(mode)} and is not read.")
        with path.open("rb") as opened:
            return opened.read(bytes_max + 1)
    except OSError as error:
        raise FileNotRead(f"It cannot be read: {error.strerror}.") from error


def _kind(mode: int) -> str:
    if S_ISDIR(mode):
        return "a folder"
    if S_ISFIFO(mode):
        return "a named pipe"
    return "a socket" if S_ISSOCK(mode) else "a device"
