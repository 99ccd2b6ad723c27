"""Reading a request's body within limits, as JSON or as multipart.

It keeps no more in memory than the limits allow, and refuses the rest with a sentence.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import vigie_kernel
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from vigie.api.arrival import Receive
from vigie.foundation.errors import Invalid, TooLarge, Unavailable
from vigie.foundation.limits import BODY_BYTES_MAX, CONTENT_MEDIA_MAX

# All bodies that one process holds at once; beyond this a caller is asked to come back.
BODIES_BYTES_MAX = 512 * 1024 * 1024

_PARTS_MAX = CONTENT_MEDIA_MAX + 1
_KEPT_BYTES_MAX = 200


class ClientGone(Exception):
    """The caller hung up before the body was complete; nobody is there to answer."""


class BodyBudget:
    """Counts the bytes of bodies that are held at once in this process."""

    def __init__(self, bytes_max: int = BODIES_BYTES_MAX) -> None:
        self._bytes_max = bytes_max
        self._held = 0

    def take(self, byte_count: int) -> None:
        """Count bytes in; raises Unavailable when there would be too many."""
        if self._held + byte_count > self._bytes_max:
            raise Unavailable(
                "Too much is being uploaded at once.", hint="Try again in a few seconds.", code="busy"
            )
        self._held += byte_count

    def give_back(self, byte_count: int) -> None:
        """Count bytes out."""
        self._held -= byte_count


async def read_body(receive: Receive, *, headers: dict[bytes, bytes], budget: BodyBudget) -> bytes:
    """The whole body, already counted in `budget`; the caller gives it back.

    Raises TooLarge before reading when the announced length is over the limit, and while reading otherwise.
    """
    announced = headers.get(b"content-length", b"")
    length = int(announced) if announced.isdigit() else None
    if length is not None and length > BODY_BYTES_MAX:
        raise _too_large()
    pieces: list[bytes] = []
    held = 0
    try:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            piece = message.get("body", b"")
            budget.take(len(piece))
            held += len(piece)
            if held > BODY_BYTES_MAX:
                raise _too_large()
            pieces.append(piece)
            # Whoever said how much there is has no more; the server says so in a message of its own, not waited for.
            if held == length or not message.get("more_body", False):
                return b"".join(pieces)
    except BaseException:
        budget.give_back(held)
        raise


def content_type(headers: Mapping[bytes, bytes]) -> tuple[str, Mapping[str, str]]:
    """The media type in lower case, and its parameters."""
    value = headers.get(b"content-type", b"")
    # A caller says the same each time; what is too long to be worth a place is read anew.
    return _content_type(value) if len(value) <= _KEPT_BYTES_MAX else _content_type.__wrapped__(value)


@lru_cache(maxsize=256)
def _content_type(value: bytes) -> tuple[str, Mapping[str, str]]:
    kind, options = parse_options_header(value.decode("latin-1"))
    return kind.lower(), MappingProxyType(dict(options))


def split_parts(body: bytes, options: Mapping[str, str]) -> dict[str, bytes]:
    """The parts of a multipart body by name; raises Invalid when it is none, or two parts have one name."""
    boundary = options.get("boundary", "")
    if not boundary:
        raise Invalid("The multipart body has no boundary.", code="multipart_malformed")
    places = vigie_kernel.split_multipart(body, boundary.encode(), parts_max=_PARTS_MAX)
    if places is None:
        return _parts_of_any(body, boundary)
    parts = {name: body[start:end] for name, start, end in places}
    if len(parts) < len(places):
        raise _same_name()
    return parts


def _parts_of_any(body: bytes, boundary: str) -> dict[str, bytes]:
    """As `split_parts`, for what is not as plain as most callers send it, or is malformed: `multipart` tells which."""
    parts: dict[str, bytes] = {}
    name, pieces = "", list[bytes]()
    try:
        # The body is there whole, so that every part comes in one piece.
        with PushMultipartParser(
            boundary, content_length=len(body), max_segment_count=_PARTS_MAX, strict=True
        ) as parser:
            for event in parser.parse(body):
                if isinstance(event, MultipartSegment):
                    name, pieces = event.name, []
                elif event:
                    pieces.append(event)
                elif name in parts:
                    raise _same_name()
                else:
                    parts[name] = b"".join(pieces)
    except MultipartError as error:
        raise Invalid("The multipart body is malformed.", code="multipart_malformed") from error
    return parts


def _same_name() -> Invalid:
    return Invalid("Two parts of the multipart body have the same name.", code="multipart_malformed")


def _too_large() -> TooLarge:
    return TooLarge(
        f"The body has more than {BODY_BYTES_MAX} bytes.", hint="Send media one at a time, or by address."
    )
