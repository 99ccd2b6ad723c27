"""The database as text, out of a PostgreSQL and into one, with the programs that come with Vigie.

What PostgreSQL says about a failure may quote rows: only its codes are passed on.
"""

import contextlib
import os
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from typing import IO

import psycopg

from vigie.backup.errors import BackupFailed, RestoreFailed
from vigie.up import embedded

PART_BYTES = 16 * 1024 * 1024
SERVER_VERSION_MAX = embedded.VERSION

_GZIP = 31  # zlib: the largest window, with the frame of gzip
_LEVEL = 3
_TIMEOUT_LINE = b"SET transaction_timeout = 0;\n"  # PostgreSQL 17 and later know it
_READ_BYTES = 1_048_576


def dump(url: str, *, snapshot: str) -> Iterator[bytes]:
    """The database as of an exported snapshot: SQL in one gzip stream, in parts of about `PART_BYTES`.

    Raises BackupFailed.
    """
    arguments = ["--format=plain", "--encoding=UTF8", "--no-owner", "--no-privileges"]
    arguments += ["--exclude-extension=*", f"--snapshot={snapshot}"]
    squeeze = zlib.compressobj(_LEVEL, wbits=_GZIP)
    part = bytearray()
    with _program("pg_dump", arguments, url, stdout=subprocess.PIPE) as (process, said):
        assert process.stdout is not None
        while text := process.stdout.read(_READ_BYTES):
            part += squeeze.compress(text)
            if len(part) >= PART_BYTES:
                yield bytes(part)
                part.clear()
        if process.wait() != 0:
            raise BackupFailed(
                "The database could not be copied.",
                hint=_version_hint(url) or f"pg_dump: {_first_line(said)}",
            )
    yield bytes(part) + squeeze.flush()


class Loading:
    """A database that is being filled, in one transaction: until `commit` nothing of it is there."""

    def __init__(self, process: "subprocess.Popen[bytes]", said: IO[bytes], *, server_version: int) -> None:
        self._process = process
        self._said = said
        self._unpack = zlib.decompressobj(wbits=_GZIP)
        self._left_out = _TIMEOUT_LINE if server_version < 17 else b""
        self._send(b"BEGIN;\n")

    def feed(self, piece: bytes) -> None:
        """Take the next bytes of what `dump` gave. Raises RestoreFailed."""
        text = self._unpack.decompress(piece)
        if text and self._left_out:
            text, self._left_out = text.replace(self._left_out, b"", 1), b""
        self._send(text)

    def commit(self) -> None:
        """Make it stay. Raises RestoreFailed."""
        if not self._unpack.eof:
            raise RestoreFailed("The database in the backup ends too early.")
        self._send(b"COMMIT;\n")
        assert self._process.stdin is not None
        self._process.stdin.close()
        if self._process.wait() != 0:
            self._fail()

    def _send(self, text: bytes) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(text)
            self._process.stdin.flush()
        except BrokenPipeError:
            self._process.wait()
            self._fail()

    def _fail(self) -> None:
        raise RestoreFailed(
            "The database did not take what is in the backup.",
            hint=f"Is the disk full? psql: {_first_line(self._said)}",
        )


@contextlib.contextmanager
def loading(url: str) -> Iterator[Loading]:
    """Fill an empty database; what is not committed when the block ends, or this process dies, is not there."""
    # Of an error the code alone: its text may quote a row.
    arguments = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=sqlstate", "--file=-"]
    with _program("psql", arguments, url, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as (
        process,
        said,
    ):
        yield Loading(process, said, server_version=_server_version(url))


@contextlib.contextmanager
def _program(
    name: str, arguments: list[str], url: str, *, stdout: int, stdin: int = subprocess.DEVNULL
) -> Iterator[tuple["subprocess.Popen[bytes]", IO[bytes]]]:
    """Run it while the block runs; what it says of errors goes to the second of the pair."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [os.fspath(embedded.program(name)), *arguments],
            stdin=stdin,
            stdout=stdout,
            stderr=said,
            env=_environment(url),
        )
        try:
            yield process, said
        finally:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()
            process.wait()


def _environment(url: str) -> dict[str, str]:
    """The address as variables: in the list of processes anybody could read the password."""
    found = {
        option.envvar.decode(): option.val.decode()
        for option in psycopg.pq.Conninfo.parse(url.encode())
        if option.envvar and option.val
    }
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", **found}


def _version_hint(url: str) -> str:
    version = _server_version(url)
    if version <= SERVER_VERSION_MAX:
        return ""
    return f"The server is PostgreSQL {version}; copy it with its own pg_dump."


def _server_version(url: str) -> int:
    with psycopg.connect(url, connect_timeout=5) as connection:
        return connection.info.server_version // 10_000


def _first_line(said: IO[bytes]) -> str:
    said.seek(0)
    return said.readline(300).decode(errors="replace").strip() or "no reason given"
