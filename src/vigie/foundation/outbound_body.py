"""Reads the body of an answer piece by piece, so that no server makes Vigie keep more than was allowed.

It believes neither Content-Length nor the size before unpacking, and opens no connection.
"""

import zlib
from collections.abc import Iterable, Iterator

import httpcore

from vigie.foundation.outbound_stream import OutboundFailed

UNPACKED_PIECE_BYTES_MAX = 64 * 1024
_ZLIB_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


def read_whole(pieces: Iterable[bytes], *, encoding: str, length_said: str, bytes_max: int) -> bytes:
    """All of a body, at most `bytes_max` as sent and as unpacked.

    `encoding` and `length_said` are the headers Content-Encoding and Content-Length, or empty.
    Raises OutboundFailed: too_many_bytes as soon as the limit is passed, bad_answer when it cannot be
    unpacked.
    """
    if length_said.isascii() and length_said.isdigit() and int(length_said[:20]) > bytes_max:
        raise _too_many_bytes(bytes_max)
    plain = _limited(pieces, bytes_max=bytes_max)
    named = encoding.strip().lower()
    if named in ("", "identity"):
        return b"".join(plain)
    if named not in _ZLIB_WINDOWS:
        raise OutboundFailed("The server packed its answer in an unknown way.", code="bad_answer")
    return b"".join(_limited(_unpacked(plain, window=_ZLIB_WINDOWS[named]), bytes_max=bytes_max))


def read_start(pieces: Iterable[bytes], *, bytes_max: int) -> bytes:
    """The first `bytes_max` bytes of a body as sent, or what came before it broke off or took too long."""
    start = bytearray()
    try:
        for piece in pieces:
            start += piece
            if len(start) >= bytes_max:
                break
    except (OutboundFailed, httpcore.ProtocolError, httpcore.NetworkError):
        # The caller has the status already; the start of the body only helps a person to see why.
        pass
    return bytes(start[:bytes_max])


def _limited(pieces: Iterable[bytes], *, bytes_max: int) -> Iterator[bytes]:
    count = 0
    for piece in pieces:
        count += len(piece)
        if count > bytes_max:
            raise _too_many_bytes(bytes_max)
        yield piece


def _unpacked(pieces: Iterable[bytes], *, window: int) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=window)
    try:
        for piece in pieces:
            packed = piece
            while not unpacker.eof:
                plain = unpacker.decompress(packed, UNPACKED_PIECE_BYTES_MAX)
                yield plain
                packed = unpacker.unconsumed_tail
                # A full piece may have more behind it even when all input was taken.
                if not packed and len(plain) < UNPACKED_PIECE_BYTES_MAX:
                    break
    except zlib.error as error:
        raise OutboundFailed("The server's answer cannot be unpacked.", code="bad_answer") from error
    if not unpacker.eof:
        raise OutboundFailed("The server's answer ends too early.", code="bad_answer")


def _too_many_bytes(bytes_max: int) -> OutboundFailed:
    return OutboundFailed(f"The answer is larger than {bytes_max} bytes.", code="too_many_bytes")
