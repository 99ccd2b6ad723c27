"""The only door to the network: fetches a medium, delivers a webhook, looks whether a URL still answers.

It refuses to reach any address that is not public unless an operator allowed it, follows no redirect without
the same check, and gives no server more bytes or seconds than the caller said.
"""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from queue import Empty, Queue

import httpcore
import httpx

from vigie.foundation.addresses import (
    IPAddress,
    is_public,
    parse_allowed_hosts,
    parse_host,
)
from vigie.foundation.outbound_body import read_start, read_whole
from vigie.foundation.outbound_stream import (
    Deadline,
    DeadlineStream,
    HeadLimit,
    OutboundFailed,
    connect,
    timed_out,
)
from vigie.foundation.outbound_urls import (
    OutboundRefused,
    bad_url,
    parse_url,
    redirect_refused,
    redirect_target,
)

__all__ = [
    "Answered",
    "Fetched",
    "OutboundDoor",
    "OutboundFailed",
    "OutboundRefused",
    "Resolver",
    "system_resolver",
]
REDIRECTS_MAX = 5
ANSWER_EXCERPT_BYTES_MAX = 4_096
LOOKUPS_AT_ONCE_MAX = 64
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CONTENT_TYPE_CHARS_MAX = 200
_RETRY_AFTER = re.compile(r"[0-9]{1,9}")
Resolver = Callable[[str], Sequence[IPAddress]]
"""Host name -> every address it has. Raises OSError when there is none."""


@dataclass(frozen=True)
class Fetched:
    """A whole answer; `content_type` lower case, without parameters, empty when the server named none."""

    status: int
    body: bytes
    content_type: str
    url_final: str


@dataclass(frozen=True)
class Answered:
    """What a server said to a delivery; `retry_after_s` when it asked for a pause in seconds."""

    status: int
    body_excerpt: bytes
    retry_after_s: int | None = None


def system_resolver(host: str) -> Sequence[IPAddress]:
    """Ask the system's resolver for every address of `host`; raises OSError when it knows none."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    parsed = (parse_host(str(row[4][0]).partition("%")[0]) for row in found)
    return [address for address in parsed if address is not None and not isinstance(address, str)]


class OutboundDoor:
    """Opens one fresh, checked connection per request; safe to share between threads."""

    def __init__(
        self,
        *,
        allowed_hosts: frozenset[str],
        resolver: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Raises SettingInvalid for an entry of `allowed_hosts` that is no host, host:port or network."""
        self._allowed = parse_allowed_hosts(allowed_hosts)
        self._resolver = resolver
        self._given_tls = tls
        self._lookups = threading.BoundedSemaphore(LOOKUPS_AT_ONCE_MAX)

    def fetch(self, url: str, *, bytes_max: int, time_s_max: float) -> Fetched:
        """GET `url`, following at most five checked redirects, within `time_s_max` for everything together.

        Raises OutboundRefused, or OutboundFailed (too_many_bytes when the body, as sent or unpacked, passes
        `bytes_max`).
        """
        deadline = Deadline.after(time_s_max)
        step = self._fetch_or_redirect(parse_url(url), bytes_max=bytes_max, deadline=deadline)
        for _hop in range(REDIRECTS_MAX):
            if isinstance(step, Fetched):
                return step
            try:
                step = self._fetch_or_redirect(step, bytes_max=bytes_max, deadline=deadline)
            except OutboundRefused as error:
                raise redirect_refused(error) from error
        if isinstance(step, Fetched):
            return step
        raise OutboundRefused(
            f"The server redirected more than {REDIRECTS_MAX} times.", code="too_many_redirects"
        )

    def post(
        self,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str],
        time_s_max: float,
        excerpt_bytes_max: int = ANSWER_EXCERPT_BYTES_MAX,
    ) -> Answered:
        """POST `body` once and follow no redirect; of the answer's body at most `excerpt_bytes_max` are read.

        An answer counts from its status line on, whatever its body does. Raises OutboundRefused or
        OutboundFailed.
        """
        deadline = Deadline.after(time_s_max)
        with self._request("POST", parse_url(url), deadline=deadline, body=body, headers=headers) as response:
            return Answered(
                status=response.status_code,
                body_excerpt=read_start(response.iter_raw(), bytes_max=excerpt_bytes_max),
                retry_after_s=_retry_after_s(response),
            )

    def read(self, url: str, *, headers: Mapping[str, str], bytes_max: int, time_s_max: float) -> Fetched:
        """GET `url` with headers, which may hold a secret: no redirect is followed. Raises like `fetch`."""
        parsed, deadline = parse_url(url), Deadline.after(time_s_max)
        with self._request("GET", parsed, deadline=deadline, headers=headers) as response:
            return _whole(response, parsed, bytes_max=bytes_max)

    def status_of(self, url: str, *, time_s_max: float, headers: Mapping[str, str] | None = None) -> int:
        """The status that GET `url` is answered with; reads no body, follows no redirect.

        Raises OutboundRefused or OutboundFailed.
        """
        with self._request(
            "GET", parse_url(url), deadline=Deadline.after(time_s_max), headers=headers
        ) as response:
            return response.status_code

    def _fetch_or_redirect(
        self, url: httpx.URL, *, bytes_max: int, deadline: Deadline
    ) -> Fetched | httpx.URL:
        with self._request("GET", url, deadline=deadline) as response:
            if response.status_code == 101:
                raise OutboundFailed("The server wants another protocol.", code="bad_answer")
            if response.status_code in _REDIRECTS and "location" in response.headers:
                return redirect_target(url, response.headers["location"])
            return _whole(response, url, bytes_max=bytes_max)

    @contextmanager
    def _request(
        self,
        method: str,
        url: httpx.URL,
        *,
        deadline: Deadline,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Iterator[httpx.Response]:
        # identity, so that an honest server sends the bytes it means.
        own = {"Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close", "User-Agent": "Vigie"}
        transport = _CheckedTransport(self._connect, tls=self._tls, deadline=deadline)
        with (
            _translated_errors(),
            # No time limit of httpx's own: the stream ends every operation at the deadline.
            httpx.Client(transport=transport, trust_env=False, timeout=None, headers=own) as client,  # noqa: S113
            client.stream(method, url, content=body, headers=dict(headers or {})) as response,
        ):
            yield response

    @property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or _usual_tls()

    def _connect(self, host: str, port: int, deadline: Deadline, head: HeadLimit) -> DeadlineStream:
        """Look the host up once and connect to exactly what was checked: there is no second look-up."""
        return connect(self._checked_addresses(host, port, deadline), port, deadline=deadline, head=head)

    def _checked_addresses(self, host: str, port: int, deadline: Deadline) -> Sequence[IPAddress]:
        known = parse_host(host)
        if known is None:
            raise bad_url("The host of the URL cannot be understood.")
        addresses = self._resolve(known, deadline) if isinstance(known, str) else [known]
        if self._allowed.allows_name(host, port):
            return addresses
        for address in addresses:
            if not is_public(address) and not self._allowed.allows_address(address, port):
                raise OutboundRefused(
                    "The host leads to an address that is not public.",
                    hint="An operator can allow it in VIGIE_ALLOWED_FETCH_HOSTS.",
                    code="address_refused",
                )
        return addresses

    def _resolve(self, host: str, deadline: Deadline) -> Sequence[IPAddress]:
        # A system's resolver takes no time limit, hence a thread that may be left behind, in bounded number.
        if not self._lookups.acquire(timeout=deadline.remaining_s()):
            raise timed_out()
        answers: Queue[Sequence[IPAddress] | Exception] = Queue(maxsize=1)

        def look_up() -> None:
            try:
                answers.put(self._resolver(host))
            except (OSError, UnicodeError) as error:
                answers.put(error)
            finally:
                self._lookups.release()

        threading.Thread(target=look_up, name="vigie-resolve", daemon=True).start()
        try:
            answer = answers.get(timeout=deadline.remaining_s())
        except Empty as error:
            raise timed_out() from error
        if isinstance(answer, Exception):
            raise OutboundFailed("The host name is not known.", code="unreachable") from answer
        return answer


@cache
def _usual_tls() -> ssl.SSLContext:
    """certifi's roots, read once in a process; an operator with an own authority passes a context."""
    return httpx.create_ssl_context(trust_env=False)


class _CheckedTransport(httpx.BaseTransport):
    """httpx over an httpcore pool whose connections all come through the door's check; for one request."""

    def __init__(
        self,
        connect_checked: Callable[[str, int, Deadline, HeadLimit], DeadlineStream],
        *,
        tls: ssl.SSLContext,
        deadline: Deadline,
    ) -> None:
        self._head = HeadLimit()
        backend = _CheckedBackend(lambda host, port: connect_checked(host, port, deadline, self._head))
        self._pool = httpcore.ConnectionPool(ssl_context=tls, http2=False, retries=0, network_backend=backend)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
            )
        )
        self._head.lift()
        assert isinstance(answer.stream, Iterable)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        self._pool.close()


class _CheckedBackend(httpcore.NetworkBackend):
    def __init__(self, connect_checked: Callable[[str, int], DeadlineStream]) -> None:
        self._connect_checked = connect_checked

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> DeadlineStream:
        return self._connect_checked(host, port)


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except (httpcore.LocalProtocolError, httpx.LocalProtocolError) as error:
        raise bad_url("The URL or a header holds what HTTP cannot say.") from error
    except httpcore.RemoteProtocolError as error:
        raise OutboundFailed("The server did not speak HTTP.", code="bad_answer") from error
    except (httpcore.NetworkError, httpcore.TimeoutException) as error:
        raise OutboundFailed("The connection broke.", code="unreachable") from error


def _whole(response: httpx.Response, url: httpx.URL, *, bytes_max: int) -> Fetched:
    return Fetched(
        status=response.status_code,
        body=read_whole(
            response.iter_raw(),
            encoding=response.headers.get("content-encoding", ""),
            length_said=response.headers.get("content-length", ""),
            bytes_max=bytes_max,
        ),
        content_type=_content_type(response),
        url_final=str(url),
    )


def _retry_after_s(response: httpx.Response) -> int | None:
    text = response.headers.get("retry-after", "").strip()
    return int(text) if _RETRY_AFTER.fullmatch(text) else None


def _content_type(response: httpx.Response) -> str:
    named: str = response.headers.get("content-type", "")
    return named.partition(";")[0].strip().lower()[:_CONTENT_TYPE_CHARS_MAX]
