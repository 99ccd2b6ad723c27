"""What the archive keeps of one upload, and how it is written in a journal: frames that show when they are torn.

Nothing here opens a file or reads the time.
"""

import struct
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

_MAGIC = b"VIGIEJ01"
# Magic, number of the newest change of entries that the process knew, uploads lost so far, opened at (µs).
_HEADER = struct.Struct("<8sQQQ")
_FRAME = struct.Struct("<II")
HEADER_BYTES = 64
LOST_OFFSET = 16
ENTRIES_OFFSET = 8
FRAME_BYTES_MAX = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SeenSignal(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One signal of an upload. `medium` is empty for its text; `quality` is -1 where there is none."""

    type: str
    value: bytes
    medium: str = ""
    quality: int = -1


class SeenUpload(msgspec.Struct, frozen=True, array_like=True):
    """One upload as it is kept. `entries_seq`: the newest change of entries that it was compared with.

    `question` is the digest of what was asked, so that the same version of a content is one, however often it came.
    """

    at_us: int
    platform: str
    content: str
    kind: str
    url: str
    language: str
    author_key: str
    question: bytes
    entries_seq: int
    signals: tuple[SeenSignal, ...]


@dataclass(frozen=True, slots=True)
class JournalHeader:
    """What a journal says about its process: what it knew when the journal began, and what it could not write."""

    entries_seq: int
    lost: int
    opened_at_us: int


@dataclass(frozen=True, slots=True)
class Torn:
    """Bytes of a journal that are no whole record."""

    piece: bytes


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(SeenUpload)


def micros(instant: datetime) -> int:
    """Microseconds since 1970."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def instant_of(at_us: int) -> datetime:
    """The instant of `micros`."""
    return _EPOCH + timedelta(microseconds=at_us)


def write_header(header: JournalHeader) -> bytes:
    """The first `HEADER_BYTES` of a journal."""
    packed = _HEADER.pack(_MAGIC, header.entries_seq, header.lost, header.opened_at_us)
    return packed.ljust(HEADER_BYTES, b"\0")


def read_header(data: bytes) -> JournalHeader | None:
    """The header, or None for bytes that are none."""
    if len(data) < HEADER_BYTES or not data.startswith(_MAGIC):
        return None
    _, entries_seq, lost, opened_at_us = _HEADER.unpack_from(data)
    return JournalHeader(entries_seq, lost, opened_at_us)


def frame(upload: SeenUpload) -> bytes:
    """One record: length, checksum, body."""
    body = _encoder.encode(upload)
    return _FRAME.pack(len(body), zlib.crc32(body)) + body


def read_journal(data: bytes) -> Iterator[SeenUpload | Torn]:
    """The records of a journal in order, read as they are asked for: as objects they take ten times their bytes.

    What is torn or was changed is given apart, never guessed at.
    """
    if read_header(data) is None:
        if data:
            yield Torn(data)
        return
    at = HEADER_BYTES
    while at < len(data):
        if at + _FRAME.size > len(data):
            yield Torn(data[at:])
            return
        length, checksum = _FRAME.unpack_from(data, at)
        end = at + _FRAME.size + length
        if length > FRAME_BYTES_MAX or end > len(data):
            yield Torn(data[at:])
            return
        upload = _whole(data[at + _FRAME.size : end], checksum)
        yield Torn(data[at:end]) if upload is None else upload
        at = end


def without_torn_end(data: bytes) -> bytes:
    """A journal that is copied while it is written, without a record at its end of which only a part is there."""
    for last in deque(read_journal(data), maxlen=1):
        if isinstance(last, Torn):
            return data.removesuffix(last.piece)
    return data


def _whole(body: bytes, checksum: int) -> SeenUpload | None:
    if zlib.crc32(body) != checksum:
        return None
    try:
        return _decoder.decode(body)
    except msgspec.MsgspecError:
        return None
