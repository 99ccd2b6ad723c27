"""Callers that hold connections and send little or nothing, and those who are answered beside them."""

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from running import RunningVigie
from vigie.api.arrival import START_S
from vigie.foundation.clock import monotonic_s

ANSWERED_S_MAX = 10.0  # a fraction of a second where nothing else runs
SILENT = 1_200  # more than the files that many systems allow a process at first
HELD = 40  # more than the console has threads


@pytest.fixture(autouse=True)
def _files() -> Iterator[None]:
    """As many files as this process may have."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@contextmanager
def _held(vigie: RunningVigie, count: int, sent: bytes) -> Iterator[list[socket.socket]]:
    """So many connections on which this was sent, and nothing more is."""
    address = urlsplit(vigie.url)
    assert address.hostname is not None
    with ExitStack() as opened:
        held = []
        for _ in range(count):
            one = opened.enter_context(
                socket.create_connection((address.hostname, address.port or 80), timeout=60)
            )
            one.sendall(sent)
            held.append(one)
        yield held


def _post(path: str, body: bytes, *, length: int, token: str = "") -> bytes:
    """The beginning of a call that announces more than is sent."""
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    return (
        f"POST {path} HTTP/1.1\r\nHost: a\r\n{authorization}Content-Length: {length}\r\n"
        f"Cookie: csrftoken={'a' * 32}\r\n"  # or a form is refused before it is read
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    ).encode() + body


def _answered_s(vigie: RunningVigie, path: str) -> float:
    """Seconds until a page is there, on a connection of its own."""
    began_s = monotonic_s()
    assert httpx.get(vigie.url + path, timeout=60, trust_env=False).status_code == 200
    return monotonic_s() - began_s


def test_silent_connections_keep_nobody_waiting(running_vigie: RunningVigie) -> None:
    with _held(running_vigie, SILENT, b""):
        assert _answered_s(running_vigie, "/health") < ANSWERED_S_MAX


@pytest.mark.parametrize("token", ["", "vgt_faked"])
def test_forms_that_never_end_hold_no_thread_of_the_console(token: str, running_vigie: RunningVigie) -> None:
    form = _post("/accounts/login/", b"a=1", length=9_999, token=token)
    with _held(running_vigie, HELD, form):
        assert _answered_s(running_vigie, "/accounts/login/") < ANSWERED_S_MAX


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/v1/content", "/v1/banks"])
def test_a_body_that_stops_coming_is_answered_and_its_connection_closed(
    path: str, running_vigie: RunningVigie
) -> None:
    token = running_vigie.token("content:write", platform="forum")
    with _held(running_vigie, 1, _post(path, b"{", length=1_000, token=token)) as (one,):
        one.settimeout(START_S + 30)
        answer = b""
        while piece := one.recv(65_536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 408 "), answer[:100]
    assert b'"code":"too_slow"' in answer.replace(b" ", b"")
