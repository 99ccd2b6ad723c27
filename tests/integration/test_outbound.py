"""The door against real servers on loopback, well-behaved and not."""

import gzip
import ipaddress
import itertools
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loopback import LoopbackServer, Script, answer, closed_port, drip, reset, self_signed, send
from vigie.foundation.addresses import IPAddress
from vigie.foundation.clock import monotonic_s
from vigie.foundation.outbound import OutboundDoor, OutboundFailed, OutboundRefused

LOOPBACK = ipaddress.ip_address("127.0.0.1")
Serve = Callable[[Script], LoopbackServer]


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


def fetch_code(door: OutboundDoor, url: str, *, bytes_max: int = 100_000, time_s_max: float = 5) -> str:
    with pytest.raises((OutboundFailed, OutboundRefused)) as caught:
        door.fetch(url, bytes_max=bytes_max, time_s_max=time_s_max)
    assert isinstance(caught.value, OutboundFailed | OutboundRefused)
    return caught.value.code


def test_a_medium_arrives_whole_with_its_type(serve: Serve, door: OutboundDoor) -> None:
    server = serve(answer(200, b"\x89PNG" * 1_000, "Content-Type: Image/PNG; charset=x"))
    fetched = door.fetch(server.url + "/a?b=c", bytes_max=4_000, time_s_max=5)
    assert (fetched.status, fetched.body, fetched.content_type) == (200, b"\x89PNG" * 1_000, "image/png")
    assert fetched.url_final == server.url + "/a?b=c"
    assert server.requests[0].startswith(b"GET /a?b=c HTTP/1.1\r\n")


def test_an_error_status_is_an_answer_and_not_an_error(serve: Serve, door: OutboundDoor) -> None:
    server = serve(answer(404, b"gone"))
    assert door.fetch(server.url, bytes_max=10, time_s_max=5).status == 404
    assert door.status_of(server.url, time_s_max=5) == 404


def test_a_server_on_loopback_is_not_reached_unless_allowed(serve: Serve) -> None:
    server = serve(answer(200))
    shut = OutboundDoor(allowed_hosts=frozenset())
    named = OutboundDoor(allowed_hosts=frozenset(), resolver=lambda host: [LOOPBACK])
    assert fetch_code(shut, server.url) == "address_refused"
    assert fetch_code(shut, f"http://localhost:{server.port}/") == "address_refused"
    assert fetch_code(named, f"http://media.example:{server.port}/") == "address_refused"
    other_port = OutboundDoor(allowed_hosts=frozenset({f"127.0.0.1:{server.port + 1}"}))
    assert fetch_code(other_port, server.url) == "address_refused"
    assert server.requests == []


@pytest.mark.parametrize("entry", ["127.0.0.1", "127.0.0.1:{port}", "127.0.0.0/8"])
def test_an_allowed_address_is_reached(serve: Serve, entry: str) -> None:
    server = serve(answer(200, b"ok"))
    door = OutboundDoor(allowed_hosts=frozenset({entry.format(port=server.port)}))
    assert door.fetch(server.url, bytes_max=10, time_s_max=5).body == b"ok"


def test_an_allowed_name_is_reached_wherever_it_leads(serve: Serve) -> None:
    server = serve(answer(200, b"ok"))
    door = OutboundDoor(allowed_hosts=frozenset({"forum.internal"}), resolver=lambda host: [LOOPBACK])
    assert door.fetch(f"http://forum.internal:{server.port}/", bytes_max=10, time_s_max=5).body == b"ok"
    assert fetch_code(door, f"http://other.internal:{server.port}/") == "address_refused"


def test_a_name_that_rebinds_after_the_check_is_not_followed(serve: Serve) -> None:
    """The resolver says a public address first and loopback ever after; only the first answer counts."""
    server = serve(answer(200, b"secret"))
    answers: list[IPAddress] = [ipaddress.ip_address("192.0.2.1")]
    lookups: list[str] = []

    def rebinding(host: str) -> list[IPAddress]:
        lookups.append(host)
        return answers if len(lookups) == 1 else [LOOPBACK]

    # 192.0.2.1 (a documentation address that leads nowhere) stands for the public one and is let through.
    door = OutboundDoor(allowed_hosts=frozenset({"192.0.2.0/24"}), resolver=rebinding)
    url = f"http://rebind.example:{server.port}/"
    assert fetch_code(door, url, time_s_max=2.0) in ("unreachable", "timed_out")
    assert lookups == ["rebind.example"]
    assert fetch_code(door, url) == "address_refused"
    assert server.requests == []


def test_a_redirect_to_a_name_that_rebinds_is_checked_again(serve: Serve) -> None:
    """The first hop is allowed by its address; the second look-up of the same name leads elsewhere."""
    target = serve(answer(200, b"secret"))
    first = serve(answer(302, b"", f"Location: http://rebind.example:{target.port}/"))
    answers = iter([[LOOPBACK], [ipaddress.ip_address("127.0.0.2")]])
    door = OutboundDoor(allowed_hosts=frozenset({"127.0.0.1"}), resolver=lambda host: next(answers))
    assert fetch_code(door, f"http://rebind.example:{first.port}/") == "redirect_refused"
    assert target.requests == []


def test_five_redirects_are_followed_and_six_are_not(serve: Serve, door: OutboundDoor) -> None:
    def hops(connection: socket.socket, request: bytes) -> None:
        left = int(request.split(b" ")[1].strip(b"/"))
        script = answer(200, b"there") if left == 0 else answer(302, b"", f"Location: /{left - 1}")
        script(connection, request)

    server = serve(hops)
    assert door.fetch(f"{server.url}/5", bytes_max=10, time_s_max=5).url_final == f"{server.url}/0"
    assert fetch_code(door, f"{server.url}/6") == "too_many_redirects"


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "//[::1]/",
        "file:///etc/passwd",
        "http://user:pass@127.0.0.1/",
        "http://2130706433/",
        "http://[::ffff:10.0.0.1]/",
        "http://127.0.0.1:99999/",
        "http://a b/",
        "http://" + "x" * 4_000,
    ],
)
def test_a_redirect_to_where_vigie_does_not_go_is_refused(
    serve: Serve, door: OutboundDoor, location: str
) -> None:
    server = serve(answer(302, b"", f"Location: {location}"))
    assert fetch_code(door, server.url) == "redirect_refused"


def test_post_and_status_follow_no_redirect(serve: Serve, door: OutboundDoor) -> None:
    target = serve(answer(200))
    server = serve(answer(307, b"", f"Location: {target.url}/"))
    assert door.post(server.url, body=b"{}", headers={}, time_s_max=5).status == 307
    assert door.status_of(server.url, time_s_max=5) == 307
    assert target.requests == []


def test_a_post_carries_its_body_and_headers(serve: Serve, door: OutboundDoor) -> None:
    server = serve(answer(503, b"x" * 10_000, "Retry-After: 120"))
    headers = {"Idempotency-Key": "k1"}
    answered = door.post(server.url + "/hook", body=b'{"a":1}', headers=headers, time_s_max=5)
    assert (answered.status, answered.body_excerpt, answered.retry_after_s) == (503, b"x" * 4_096, 120)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert body == b'{"a":1}'
    assert b"\r\nidempotency-key: k1" in head.lower()


@pytest.mark.parametrize("retry_after", ["soon", "-1", "1e9", "Wed, 21 Oct 2026 07:28:00 GMT", "9" * 50, "²"])
def test_a_pause_that_is_no_number_of_seconds_is_passed_over(
    serve: Serve, door: OutboundDoor, retry_after: str
) -> None:
    server = serve(answer(429, b"", f"Retry-After: {retry_after}"))
    assert door.post(server.url, body=b"", headers={}, time_s_max=5).retry_after_s is None


def test_a_body_over_the_limit_stops_there(serve: Serve, door: OutboundDoor) -> None:
    assert fetch_code(door, serve(answer(200, b"x" * 1_001)).url, bytes_max=1_000) == "too_many_bytes"


def test_a_body_without_end_stops_at_the_limit(serve: Serve, door: OutboundDoor) -> None:
    sent: list[int] = []

    def flood(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(10_000):
            connection.sendall(b"x" * 65_536)
            sent.append(65_536)

    assert fetch_code(door, serve(flood).url, bytes_max=1_000_000) == "too_many_bytes"
    assert sum(sent) < 50_000_000


def test_a_length_that_lies_is_found_out(serve: Serve, door: OutboundDoor) -> None:
    promised_much = serve(send(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999999\r\n\r\nx"))
    broke_off = serve(send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"))
    promised_little = serve(send(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdefgh"))
    assert fetch_code(door, promised_much.url) == "too_many_bytes"
    assert fetch_code(door, broke_off.url) == "bad_answer"
    assert door.fetch(promised_little.url, bytes_max=3, time_s_max=5).body == b"abc"


def test_chunks_count_together(serve: Serve, door: OutboundDoor) -> None:
    chunks = b"".join(b"64\r\n" + b"x" * 100 + b"\r\n" for _ in range(100)) + b"0\r\n\r\n"
    server = serve(send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks))
    assert len(door.fetch(server.url, bytes_max=10_000, time_s_max=5).body) == 10_000
    assert fetch_code(door, server.url, bytes_max=9_999) == "too_many_bytes"


def test_a_packed_answer_is_counted_unpacked(serve: Serve, door: OutboundDoor) -> None:
    plain = b"heron " * 50_000
    for name, packed in [("gzip", gzip.compress(plain)), ("deflate", zlib.compress(plain))]:
        server = serve(answer(200, packed, f"Content-Encoding: {name}"))
        assert door.fetch(server.url, bytes_max=len(plain), time_s_max=5).body == plain
        assert fetch_code(door, server.url, bytes_max=len(plain) - 1) == "too_many_bytes"


def test_a_bomb_is_not_unpacked_beyond_the_limit(serve: Serve, door: OutboundDoor) -> None:
    bomb = gzip.compress(b"\0" * 300_000_000, 9)
    server = serve(answer(200, bomb, "Content-Encoding: gzip"))
    tracemalloc.start()
    try:
        assert fetch_code(door, server.url, bytes_max=1_000_000) == "too_many_bytes"
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("br", b"x"),
        ("gzip, gzip", b"x"),
        ("gzip", b"not packed"),
        ("gzip", gzip.compress(b"a" * 999, mtime=0)[:-9]),
    ],
)
def test_what_cannot_be_unpacked_is_a_bad_answer(
    serve: Serve, door: OutboundDoor, encoding: str, body: bytes
) -> None:
    assert fetch_code(door, serve(answer(200, body, f"Content-Encoding: {encoding}")).url) == "bad_answer"


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(b"", id="silence"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Slow: ", id="head"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", id="body"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", id="chunks"),
    ],
)
def test_a_server_that_drips_ends_at_the_total_time(serve: Serve, door: OutboundDoor, start: bytes) -> None:
    stop = threading.Event()
    piece = b"1\r\nx\r\n" if b"chunked" in start else b"x"
    pieces = itertools.chain([start], itertools.repeat(piece if start else b""))
    server = serve(drip(pieces, every_s=0.05, stopping=stop))
    before_s = monotonic_s()
    assert fetch_code(door, server.url, time_s_max=0.6) == "timed_out"
    assert monotonic_s() - before_s < 4
    stop.set()


def test_a_server_that_does_not_read_ends_at_the_total_time(serve: Serve, door: OutboundDoor) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    with listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        before_s = monotonic_s()
        with pytest.raises(OutboundFailed) as caught:
            door.post(url, body=b"x" * 50_000_000, headers={}, time_s_max=0.5)
    assert caught.value.code == "timed_out"
    assert monotonic_s() - before_s < 4


def test_headers_without_end_are_a_bad_answer(serve: Serve, door: OutboundDoor) -> None:
    long_header = b"HTTP/1.1 200 OK\r\nX: " + b"y" * 40_000 + b"\r\nContent-Length: 0\r\n\r\n"
    assert fetch_code(door, serve(send(long_header)).url) == "bad_answer"
    many = b"".join(b"X-%d: y\r\n" % n for n in range(5_000))
    assert fetch_code(door, serve(send(b"HTTP/1.1 200 OK\r\n" + many + b"\r\n")).url) == "bad_answer"
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" * 10_000
    assert fetch_code(door, serve(send(interim)).url) == "bad_answer"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x15\x03\x01\x00\x02\x02\x28",
        b"\0" * 1_000,
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_garbage_is_a_bad_answer(serve: Serve, door: OutboundDoor, raw: bytes) -> None:
    assert fetch_code(door, serve(send(raw)).url) == "bad_answer"


def test_no_server_and_a_broken_connection_are_unreachable(serve: Serve, door: OutboundDoor) -> None:
    assert fetch_code(door, f"http://127.0.0.1:{closed_port()}/") == "unreachable"
    assert fetch_code(door, serve(reset).url) in ("unreachable", "bad_answer")


def test_the_next_address_is_tried_when_one_does_not_answer(serve: Serve) -> None:
    server = serve(answer(200, b"ok"))
    addresses = [ipaddress.ip_address("127.0.0.3"), LOOPBACK]
    door = OutboundDoor(allowed_hosts=frozenset({"127.0.0.0/8"}), resolver=lambda host: addresses)
    assert door.fetch(f"http://a.example:{server.port}/", bytes_max=10, time_s_max=5).body == b"ok"


def test_an_early_refusal_is_read_although_the_body_was_not_taken(serve: Serve, door: OutboundDoor) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def refuse() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1_000)
            connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65_536):
                pass

    threading.Thread(target=refuse, daemon=True).start()
    with listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        assert door.post(url, body=b"x" * 1_000_000, headers={}, time_s_max=5).status == 413


def test_status_is_told_without_waiting_for_the_body(serve: Serve, door: OutboundDoor) -> None:
    stop = threading.Event()
    start = b"HTTP/1.1 410 Gone\r\nContent-Length: 1000\r\n\r\n"

    def slowly(connection: socket.socket, request: bytes) -> None:
        drip(itertools.chain([start], itertools.repeat(b"x")), every_s=0.5, stopping=stop)(
            connection, request
        )

    server = serve(slowly)
    assert door.status_of(server.url, time_s_max=0.4) == 410
    assert door.post(server.url, body=b"", headers={}, time_s_max=0.4).status == 410
    stop.set()


def test_a_proxy_named_in_the_environment_is_not_used(
    serve: Serve, door: OutboundDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(answer(200, b"proxied"))
    server = serve(answer(200, b"direct"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    monkeypatch.delenv("no_proxy", raising=False)
    assert door.fetch(server.url, bytes_max=10, time_s_max=5).body == b"direct"
    assert proxy.requests == []


def test_tls_is_verified_for_the_name_in_the_url(tmp_path: Path) -> None:
    server_side, client_side = self_signed(tmp_path, host="forum.example")
    server = LoopbackServer(answer(200, b"ok"), tls=server_side)

    def opened(tls: object, host: str) -> str:
        kwargs = {} if tls is None else {"tls": client_side}
        door = OutboundDoor(allowed_hosts=frozenset({host}), resolver=lambda name: [LOOPBACK], **kwargs)
        try:
            return door.fetch(f"https://{host}:{server.port}/", bytes_max=10, time_s_max=5).body.decode()
        except OutboundFailed as error:
            return error.code

    assert opened(client_side, "forum.example") == "ok"
    assert opened(client_side, "other.example") == "bad_answer"
    assert opened(None, "forum.example") == "bad_answer"
    server.close()


def test_a_redirect_from_https_to_http_is_refused(tmp_path: Path, serve: Serve) -> None:
    server_side, client_side = self_signed(tmp_path, host="127.0.0.1")
    target = serve(answer(200, b"plain"))
    server = LoopbackServer(answer(302, b"", f"Location: {target.url}/"), tls=server_side)
    door = OutboundDoor(allowed_hosts=frozenset({"127.0.0.1"}), tls=client_side)
    assert fetch_code(door, server.url) == "redirect_refused"
    assert target.requests == []
    server.close()


def test_tls_spoken_to_a_plain_server_is_a_bad_answer(door: OutboundDoor) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def answer_plainly() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    threading.Thread(target=answer_plainly, daemon=True).start()
    with listener:
        assert fetch_code(door, f"https://127.0.0.1:{listener.getsockname()[1]}/") == "bad_answer"
