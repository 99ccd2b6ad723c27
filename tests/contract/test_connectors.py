"""What every connector to a platform must do, against a real server on loopback.

A new connector joins by standing in `CONNECTORS`; what it sends has its own tests elsewhere.
"""

import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from loopback import LoopbackServer, Script, answer, closed_port, drip, reset, self_signed, send
from vigie.foundation.clock import monotonic_s
from vigie.foundation.outbound import OutboundDoor
from vigie.platforms.connectors import (
    CONNECTORS,
    Connector,
    Delivered,
    Gone,
    NotDelivered,
    PlatformConfig,
    StillThere,
    Unknown,
)
from vigie.platforms.messages import EnforcementMessage, Measure

MESSAGE = EnforcementMessage(
    id="key-1",
    sequence=4711,
    at=datetime(2026, 11, 22, 10, tzinfo=UTC),
    test=False,
    content_id="post-8731",
    content_kind="post",
    content_url="https://forum.example/p/8731",
    author_id="u-55",
    case="C-000123",
    decision="D-000045",
    rule=None,
    measures=(Measure.REMOVE_CONTENT,),
)
Serve = Callable[[Script], LoopbackServer]

pytestmark = pytest.mark.parametrize("connector", CONNECTORS.values(), ids=list(CONNECTORS))


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[LoopbackServer] = []

    def start(script: Script) -> LoopbackServer:
        servers.append(LoopbackServer(script))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def door() -> OutboundDoor:
    return OutboundDoor(allowed_hosts=frozenset({"127.0.0.1"}))


def config(url: str, *, time_s_max: float = 5, gone: frozenset[int] | None = None) -> PlatformConfig:
    if gone is None:
        return PlatformConfig(url=url, secret="a secret", time_s_max=time_s_max)
    return PlatformConfig(url=url, secret="a secret", time_s_max=time_s_max, gone_statuses=gone)


def test_it_stands_in_the_list_under_its_own_name(connector: Connector) -> None:
    assert CONNECTORS[connector.name] is connector


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_success_is_obedience(connector: Connector, serve: Serve, door: OutboundDoor, status: int) -> None:
    server = serve(answer(status))
    assert connector.deliver(MESSAGE, config=config(server.url), door=door) == Delivered(status)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [300, 301, 302, 307, 308, 400, 401, 404, 410, 429, 500, 503])
def test_any_other_status_is_to_be_tried_again(
    connector: Connector, serve: Serve, door: OutboundDoor, status: int
) -> None:
    server = serve(answer(status, b"", "Location: /elsewhere", "Retry-After: 7"))
    outcome = connector.deliver(MESSAGE, config=config(server.url), door=door)
    assert outcome == NotDelivered(f"http_{status}", 7)
    assert len(server.requests) == 1


def test_every_failure_of_the_other_side_is_an_answer(
    connector: Connector, serve: Serve, door: OutboundDoor, tmp_path: Path
) -> None:
    tls, _ = self_signed(tmp_path, host="127.0.0.1")
    untrusted = LoopbackServer(answer(200), tls=tls)
    failing = {
        f"http://127.0.0.1:{closed_port()}/": {"unreachable"},
        serve(reset).url: {"unreachable", "bad_answer"},
        serve(send(b"")).url: {"bad_answer"},
        serve(send(b"\0\1garbage\r\n\r\n")).url: {"bad_answer"},
        serve(send(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000)).url: {"bad_answer"},
        untrusted.url: {"bad_answer"},
        "http://10.0.0.1/": {"address_refused"},
        "http://2130706433/": {"bad_url"},
        "ftp://127.0.0.1/": {"scheme_refused"},
        "": {"scheme_refused"},
    }
    for url, reasons in failing.items():
        outcome = connector.deliver(MESSAGE, config=config(url), door=door)
        assert isinstance(outcome, NotDelivered), url
        assert outcome.reason in reasons
        seen = connector.recheck(url, config=config(url), door=door)
        assert isinstance(seen, Unknown), url
        assert seen.reason in reasons
    untrusted.close()


def test_silence_ends_in_the_time_it_is_given(connector: Connector, serve: Serve, door: OutboundDoor) -> None:
    stop = threading.Event()
    silent = serve(drip(itertools.repeat(b""), every_s=0.1, stopping=stop))
    endless_head = itertools.chain([b"HTTP/1.1 200 OK\r\nX: "], itertools.repeat(b"y"))
    slow = serve(drip(endless_head, every_s=0.05, stopping=stop))
    before_s = monotonic_s()
    for server in (silent, slow):
        given = config(server.url, time_s_max=0.3)
        assert connector.deliver(MESSAGE, config=given, door=door) == NotDelivered("timed_out")
    assert connector.recheck(silent.url, config=config("", time_s_max=0.3), door=door) == Unknown("timed_out")
    assert monotonic_s() - before_s < 5
    stop.set()


def test_a_huge_answer_is_not_read(connector: Connector, serve: Serve, door: OutboundDoor) -> None:
    sent: list[int] = []

    def flood(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(10_000):
            connection.sendall(b"x" * 65_536)
            sent.append(65_536)

    server = serve(flood)
    assert connector.deliver(MESSAGE, config=config(server.url), door=door) == Delivered(200)
    assert connector.recheck(server.url, config=config(""), door=door) == StillThere(200)
    assert sum(sent) < 50_000_000


def test_the_secret_itself_is_never_sent(connector: Connector, serve: Serve, door: OutboundDoor) -> None:
    server = serve(answer(200))
    connector.deliver(MESSAGE, config=config(server.url), door=door)
    assert b"a secret" not in server.requests[0]


@pytest.mark.parametrize("status", [404, 410, 451])
def test_content_that_is_not_found_is_gone(
    connector: Connector, serve: Serve, door: OutboundDoor, status: int
) -> None:
    assert connector.recheck(serve(answer(status)).url, config=config(""), door=door) == Gone(status)


@pytest.mark.parametrize("status", [200, 204, 301, 302, 401, 403])
def test_any_other_answer_about_content_is_still_there(
    connector: Connector, serve: Serve, door: OutboundDoor, status: int
) -> None:
    server = serve(answer(status, b"", "Location: /elsewhere"))
    assert connector.recheck(server.url, config=config(""), door=door) == StillThere(status)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
def test_a_platform_in_trouble_says_nothing_about_content(
    connector: Connector, serve: Serve, door: OutboundDoor, status: int
) -> None:
    server = serve(answer(status))
    assert connector.recheck(server.url, config=config(""), door=door) == Unknown(f"http_{status}")


def test_what_counts_as_gone_is_the_platforms_setting(
    connector: Connector, serve: Serve, door: OutboundDoor
) -> None:
    own = config("", gone=frozenset({403, 302}))
    assert connector.recheck(serve(answer(403)).url, config=own, door=door) == Gone(403)
    assert connector.recheck(serve(answer(404)).url, config=own, door=door) == StillThere(404)


def test_a_secret_does_not_reach_logs(connector: Connector) -> None:
    assert "a secret" not in repr(config("http://x/"))
