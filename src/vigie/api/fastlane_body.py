"""Reading a request's body within limits, as JSON or as multipart.

It keeps no more in memory than the limits allow, and refuses the rest with a sentence.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from vigie.foundation.errors import Invalid, TooLarge, Unavailable
from vigie.foundation.limits import BODY_BYTES_MAX, CONTENT_MEDIA_MAX

Receive = Callable[[], Awaitable[dict[str, Any]]]

# All bodies that one process holds at once; beyond this a caller is asked to come back.
BODIES_BYTES_MAX = 512 * 1024 * 1024


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
    if announced.isdigit() and int(announced) > BODY_BYTES_MAX:
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
            if not message.get("more_body", False):
                return b"".join(pieces)
    except BaseException:
        budget.give_back(held)
        raise


def content_type(headers: dict[bytes, bytes]) -> tuple[str, dict[str, str]]:
    """The media type in lower case, and its parameters."""
    kind, options = parse_options_header(headers.get(b"content-type", b"").decode("latin-1"))
    return kind.lower(), dict(options)


def split_parts(body: bytes, options: dict[str, str]) -> dict[str, bytes]:
    """The parts of a multipart body by name; raises Invalid when it is none, or two parts have one name."""
    boundary = options.get("boundary", "")
    if not boundary:
        raise Invalid("The multipart body has no boundary.", code="multipart_malformed")
    parts: dict[str, bytes] = {}
    name, pieces = "", list[bytes]()
    try:
        # The body is there whole, so that every part comes in one piece.
        with PushMultipartParser(
            boundary, content_length=len(body), max_segment_count=CONTENT_MEDIA_MAX + 1, strict=True
        ) as parser:
            for event in parser.parse(body):
                if isinstance(event, MultipartSegment):
                    name, pieces = event.name, []
                elif event:
                    pieces.append(event)
                elif name in parts:
                    raise Invalid(
                        "Two parts of the multipart body have the same name.", code="multipart_malformed"
                    )
                else:
                    parts[name] = b"".join(pieces)
    except MultipartError as error:
        raise Invalid("The multipart body is malformed.", code="multipart_malformed") from error
    return parts


def _too_large() -> TooLarge:
    return TooLarge(
        f"The body has more than {BODY_BYTES_MAX} bytes.", hint="Send media one at a time, or by address."
    )
