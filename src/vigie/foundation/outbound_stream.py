"""One connection of the outbound door: to a given address, within one deadline, the answer's head limited.

It resolves no name and judges no address; `outbound` does both before it connects.
"""

import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpcore

from vigie.foundation.addresses import IPAddress
from vigie.foundation.clock import monotonic_s
from vigie.foundation.errors import VigieError

HEAD_BYTES_MAX = 32 * 1024


class OutboundFailed(VigieError):
    """The other side gave no usable answer; code: unreachable, timed_out, too_many_bytes, bad_answer."""

    code = "unreachable"
    status = 502


@dataclass(frozen=True)
class Deadline:
    """The end of one whole request on the monotonic clock: connecting, sending and reading share it."""

    at_s: float

    @classmethod
    def after(cls, time_s: float) -> "Deadline":
        """The deadline `time_s` seconds from now."""
        return cls(monotonic_s() + time_s)

    def remaining_s(self) -> float:
        """Seconds left, more than 0; raises OutboundFailed(timed_out) when there are none."""
        left = self.at_s - monotonic_s()
        if left <= 0:
            raise timed_out()
        return left

    def share(self, part: float) -> "Deadline":
        """An earlier deadline that leaves the rest of the time (0 < part <= 1) for something else."""
        return Deadline(monotonic_s() + self.remaining_s() * part)


class HeadLimit:
    """Counts what arrives until the answer's head is complete; many interim (1xx) answers count together."""

    def __init__(self) -> None:
        self._left: int | None = HEAD_BYTES_MAX

    def lift(self) -> None:
        """The head is complete: from here on the reader of the body counts."""
        self._left = None

    def readable(self, wanted: int) -> int:
        """How many bytes may be asked for; raises OutboundFailed(bad_answer) when the head is too long."""
        if self._left is None:
            return wanted
        if self._left <= 0:
            raise OutboundFailed("The server's headers are too long.", code="bad_answer")
        return min(wanted, self._left)

    def count(self, arrived: int) -> None:
        """Take `arrived` bytes off."""
        if self._left is not None:
            self._left -= arrived


class DeadlineStream(httpcore.NetworkStream):
    """A socket whose every operation ends at the one deadline, whatever time limit its caller names."""

    def __init__(self, connected: socket.socket, *, deadline: Deadline, head: HeadLimit) -> None:
        self._socket = connected
        self._deadline = deadline
        self._head = head

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """At most `max_bytes`, `b""` at the end."""
        wanted = self._head.readable(max_bytes)
        try:
            self._socket.settimeout(self._deadline.remaining_s())
            arrived = self._socket.recv(wanted)
        except TimeoutError as error:
            raise timed_out() from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error
        self._head.count(len(arrived))
        return arrived

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of `buffer`; the time limit holds for the whole, as `sendall` counts it."""
        try:
            self._socket.settimeout(self._deadline.remaining_s())
            self._socket.sendall(buffer)
        except TimeoutError as error:
            raise timed_out() from error
        except OSError as error:
            # httpcore passes over this one on purpose: the server may have answered before it hung up.
            raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        """Hang up."""
        with suppress(OSError):
            self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> "DeadlineStream":
        """The same connection under TLS, the certificate verified for the host of the URL."""
        try:
            self._socket.settimeout(self._deadline.remaining_s())
            wrapped = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except TimeoutError as error:
            self.close()
            raise timed_out() from error
        except ssl.SSLError as error:
            self.close()
            raise OutboundFailed(
                "No trusted TLS connection could be made.",
                hint="Check the server's certificate.",
                code="bad_answer",
            ) from error
        except OSError as error:
            self.close()
            raise OutboundFailed("The server hung up.", code="unreachable") from error
        return DeadlineStream(wrapped, deadline=self._deadline, head=self._head)

    def get_extra_info(self, info: str) -> Any:
        """Nothing: HTTP/2 is not offered and the socket stays inside."""
        return None


def connect(
    addresses: Iterable[IPAddress], port: int, *, deadline: Deadline, head: HeadLimit
) -> DeadlineStream:
    """A connection to the first of `addresses` that takes it; each may use its share of the time left."""
    waiting = list(addresses)
    while waiting:
        limit = deadline.share(1 / len(waiting))
        address = waiting.pop(0)
        try:
            connected = socket.create_connection((str(address), port), timeout=limit.remaining_s())
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return DeadlineStream(connected, deadline=deadline, head=head)
        except TimeoutError as error:
            if not waiting:
                raise timed_out() from error
        except OSError as error:
            if not waiting:
                raise OutboundFailed("No connection to the server.", code="unreachable") from error
    raise OutboundFailed("The host has no address.", code="unreachable")


def timed_out() -> OutboundFailed:
    """The error for a request that did not end in its time."""
    return OutboundFailed("The server took too long.", code="timed_out")
