"""A load generator: keeps a fixed number of connections busy for a fixed time, and notes how long each answer took.

It needs nothing but Python, runs as a process of its own beside what it drives, and reads only status and length of
an answer, so that it costs little of the machine. Every connection has one request under way and never more.
"""

import json
import select
import socket
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

_READ_BYTES = 65_536
_ANSWER_BYTES_MAX = 16 * 1024 * 1024
_SILENCE_S_MAX = 60.0


@dataclass(frozen=True)
class Order:
    """Whom to drive and how: `requests` is a file of whole HTTP requests as `pack` writes it, sent in turn."""

    host: str
    port: int
    requests: str
    connections: int
    seconds: float
    warm_up_s: float = 0.5


@dataclass(frozen=True)
class Report:
    """What came of it, after the warm-up. `refused` are answers with another status than 200."""

    answers: int
    refused: int
    seconds: float
    rate: float
    p50_ms: float
    p90_ms: float
    p99_ms: float
    most_ms: float
    answer_bytes: int


class LoadFailed(Exception):
    """What is driven hung up, fell silent, or answered something that is no HTTP."""


def request(path: str, *, host: str, headers: dict[str, str], body: bytes) -> bytes:
    """A whole HTTP/1.1 request."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def pack(requests: Iterable[bytes]) -> bytes:
    """Requests one after the other, each behind its length."""
    return b"".join(len(one).to_bytes(8, "little") + one for one in requests)


def drive(order: Order) -> Report:
    """Drive for the ordered time; raises LoadFailed."""
    requests = _unpacked(Path(order.requests).read_bytes())
    with select.epoll() as waiting:
        connections = {}
        for number in range(order.connections):
            one = _Connection(order, requests, number)
            connections[one.number] = one
            waiting.register(one.number, select.EPOLLIN)
            _watch(waiting, one, one.send_next())
        try:
            return _driven(order, waiting, connections)
        finally:
            for one in connections.values():
                one.close()


class _Connection:
    """One connection with at most one request under way."""

    def __init__(self, order: Order, requests: Sequence[bytes], number: int) -> None:
        self._socket = socket.create_connection((order.host, order.port), timeout=_SILENCE_S_MAX)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)
        self.number = self._socket.fileno()
        self._requests = requests
        self._turn = number * len(requests) // order.connections
        self._unsent = memoryview(b"")
        self._received = b""
        self._began = 0.0

    def send_next(self) -> bool:
        """Begin the next request; True while some of it is unsent."""
        self._turn = (self._turn + 1) % len(self._requests)
        self._unsent = memoryview(self._requests[self._turn])
        self._began = perf_counter()
        return self.send()

    def send(self) -> bool:
        """Send on; True while some of the request is unsent."""
        try:
            while self._unsent:
                self._unsent = self._unsent[self._socket.send(self._unsent) :]
        except BlockingIOError:
            return True
        return False

    def receive(self) -> tuple[float, bool, int] | None:
        """(seconds, whether the status was 200, bytes) of an answer that is complete; None before."""
        piece = self._socket.recv(_READ_BYTES)
        if not piece:
            raise LoadFailed("the connection was closed")
        self._received += piece
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return None
        length = end + 4 + _content_length(self._received[:end])
        if length > _ANSWER_BYTES_MAX:
            raise LoadFailed("the answer is too long")
        if len(self._received) < length:
            return None
        is_good = self._received.startswith(b"HTTP/1.1 200")
        self._received = b""
        return perf_counter() - self._began, is_good, length

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def _driven(order: Order, waiting: select.epoll, connections: dict[int, _Connection]) -> Report:
    took = array("d")
    refused = answer_bytes = 0
    measured_from = perf_counter() + order.warm_up_s
    until = measured_from + order.seconds
    moment = perf_counter()
    while moment < until:
        events = waiting.poll(_SILENCE_S_MAX)
        if not events:
            raise LoadFailed(f"no answer within {_SILENCE_S_MAX:.0f} s")
        for number, event in events:
            one = connections[number]
            if event & select.EPOLLOUT:
                _watch(waiting, one, one.send())
            if event & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR):
                answer = one.receive()
                if answer is not None:
                    seconds, is_good, length = answer
                    if perf_counter() >= measured_from:
                        took.append(seconds)
                        refused += not is_good
                        answer_bytes += length
                    if one.send_next():
                        _watch(waiting, one, True)
        moment = perf_counter()
    return _report(took, refused, answer_bytes, moment - measured_from)


def _watch(waiting: select.epoll, one: _Connection, unsent: bool) -> None:
    waiting.modify(one.number, select.EPOLLIN | (select.EPOLLOUT if unsent else 0))


def _report(took: "array[float]", refused: int, answer_bytes: int, seconds: float) -> Report:
    if not took:
        raise LoadFailed("nothing was answered in time")
    ordered = sorted(took)

    def at(percent: float) -> float:
        return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)] * 1000

    return Report(
        answers=len(ordered),
        refused=refused,
        seconds=seconds,
        rate=len(ordered) / seconds,
        p50_ms=at(50),
        p90_ms=at(90),
        p99_ms=at(99),
        most_ms=ordered[-1] * 1000,
        answer_bytes=answer_bytes,
    )


def _unpacked(packed: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(packed):
        length = int.from_bytes(packed[at : at + 8], "little")
        found.append(packed[at + 8 : at + 8 + length])
        at += 8 + length
    return found


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    raise LoadFailed("an answer without a length")


if __name__ == "__main__":
    json.dump(asdict(drive(Order(**json.load(sys.stdin)))), sys.stdout)
