"""A file locked to a passphrase, in pieces: written as it comes, read from any place, each piece proved. Pure.

It keeps no clear bytes on disk. A piece that was changed, moved, left out or cut off does not open. Sources: RFC 7914
(scrypt), NIST SP 800-38D (AES-GCM), and the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár (2015).
"""

import io
import json
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from vigie.foundation.canonical import canonical_json
from vigie.foundation.errors import Invalid

MAGIC = b"vigie-sealed-package-1\n"
PIECE_BYTES = 256 * 1024
SALT_BYTES, PREFIX_BYTES, TAG_BYTES, KEY_BYTES = 16, 7, 16, 32
PASSPHRASE_CHARS_MIN, PASSPHRASE_CHARS_MAX = 12, 1_000
HEADER_BYTES_MAX = 1_000
LOG2_N, R, P = 17, 8, 1
_LOG2_N_RANGE = range(14, 19)


class PackageLocked(Invalid):
    """A package does not open: another passphrase, or it was changed or cut off."""

    code = "package_locked"


class ByteSink(Protocol):
    """Where bytes are written to, one after the other."""

    def write(self, data: bytes, /) -> int:
        """Take all of them."""


def check_passphrase(passphrase: str) -> str:
    """The passphrase; raises Invalid for one that is too short to keep anybody out."""
    if not PASSPHRASE_CHARS_MIN <= len(passphrase) <= PASSPHRASE_CHARS_MAX:
        raise Invalid(
            "A passphrase has at least twelve characters.",
            hint="Leave it to Vigie to make one.",
            code="passphrase",
        )
    return passphrase


class LockingWriter:
    """Locks what is written into it, and passes it on; `close` writes the last piece."""

    def __init__(self, out: ByteSink, *, passphrase: str, salt: bytes, prefix: bytes) -> None:
        header = canonical_json(
            {
                "log2_n": LOG2_N,
                "r": R,
                "p": P,
                "salt": salt.hex(),
                "prefix": prefix.hex(),
                "piece": PIECE_BYTES,
            }
        )
        self._out, self._prefix, self._bound = out, prefix, MAGIC + header + b"\n"
        self._cipher = AESGCM(_key(check_passphrase(passphrase), salt, LOG2_N))
        self._waiting, self._count = bytearray(), 0
        out.write(self._bound)

    def write(self, data: bytes) -> int:
        """Take bytes; whole pieces leave at once, and one is always kept back for `close`."""
        self._waiting += data
        while len(self._waiting) > PIECE_BYTES:
            piece = bytes(self._waiting[:PIECE_BYTES])
            del self._waiting[:PIECE_BYTES]
            self._pass_on(piece, last=0)
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back but the last piece."""

    def close(self) -> None:
        """Write the last piece; without it the file is no package."""
        self._pass_on(bytes(self._waiting), last=1)
        self._waiting.clear()

    def _pass_on(self, piece: bytes, *, last: int) -> None:
        nonce = _nonce(self._prefix, self._count, last)
        self._out.write(self._cipher.encrypt(nonce, piece, self._bound))
        self._count += 1


class LockedReader(io.RawIOBase):
    """A locked file in clear, readable from any place; one piece is in memory at a time."""

    def __init__(self, file: io.BufferedIOBase, *, passphrase: str) -> None:
        """Raises PackageLocked for another passphrase and for a file that is none or was cut off."""
        super().__init__()
        self._file = file
        header, self._bound = _header(file)
        self._start = len(self._bound)
        body = file.seek(0, io.SEEK_END) - self._start
        full = PIECE_BYTES + TAG_BYTES
        self._count = max(1, -(-body // full))
        self._size = body - self._count * TAG_BYTES
        if self._size < 0 or body - (self._count - 1) * full < TAG_BYTES:
            raise PackageLocked("The package was cut off.", code="package_cut")
        self._prefix = bytes.fromhex(header["prefix"])
        self._cipher = AESGCM(_key(passphrase, bytes.fromhex(header["salt"]), header["log2_n"]))
        self._at, self._number, self._piece = 0, -1, b""
        self._load(0)

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """The place."""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Read what the piece at this place has."""
        if self._at >= self._size:
            return 0
        number, within = divmod(self._at, PIECE_BYTES)
        self._load(number)
        found = self._piece[within : within + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def _load(self, number: int) -> None:
        if number == self._number:
            return
        full = PIECE_BYTES + TAG_BYTES
        self._file.seek(self._start + number * full)
        locked = self._file.read(full)
        last = 1 if number == self._count - 1 else 0
        try:
            self._piece = self._cipher.decrypt(_nonce(self._prefix, number, last), locked, self._bound)
        except InvalidTag as error:
            raise _not_opened(number, last) from error
        self._number = number


def is_locked(head: bytes) -> bool:
    """Whether a file that begins so is locked to a passphrase."""
    return head.startswith(MAGIC)


def _not_opened(number: int, last: int) -> PackageLocked:
    if number == 0:
        return PackageLocked(
            "The package does not open: the passphrase is another one, or its beginning was changed.",
            code="passphrase_or_changed",
        )
    if last:
        return PackageLocked("The end of the package was changed or cut off.", code="package_cut")
    return PackageLocked(
        "The package was changed.", hint=f"Piece {number + 1} does not open.", code="package_changed"
    )


def _header(file: io.BufferedIOBase) -> tuple[dict[str, Any], bytes]:
    file.seek(0)
    head = file.read(len(MAGIC) + HEADER_BYTES_MAX)
    line, end, _ = head[len(MAGIC) :].partition(b"\n")
    header: object = None
    try:
        header = json.loads(line) if end and is_locked(head) else None
        usable = (
            isinstance(header, dict)
            and header["log2_n"] in _LOG2_N_RANGE
            and (header["r"], header["p"], header["piece"]) == (R, P, PIECE_BYTES)
            and len(bytes.fromhex(header["salt"])) == SALT_BYTES
            and len(bytes.fromhex(header["prefix"])) == PREFIX_BYTES
        )
    except (ValueError, KeyError, TypeError):
        usable = False
    if not usable or not isinstance(header, dict):
        raise PackageLocked("The head of the package was changed.", code="package_head")
    return header, MAGIC + line + b"\n"


def _key(passphrase: str, salt: bytes, log2_n: int) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=1 << log2_n, r=R, p=P).derive(passphrase.encode())


def _nonce(prefix: bytes, count: int, last: int) -> bytes:
    return prefix + count.to_bytes(4, "big") + bytes([last])
