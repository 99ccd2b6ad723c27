"""One ASGI application on one port: the fast lane first, Django behind it through a2wsgi.

It holds no state of its own but what `FastlaneState` keeps for this process.
"""

import asyncio
import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.settings")

import django

django.setup()

from a2wsgi import WSGIMiddleware  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

from vigie.api.arrival import Arrivals, Receive, ahead  # noqa: E402
from vigie.api.fastlane import PATHS, Fastlane, Send, send_problem  # noqa: E402
from vigie.api.fastlane_state import FastlaneState  # noqa: E402
from vigie.api.problems import TooSlow  # noqa: E402
from vigie.foundation.limits import IMPORT_BYTES_MAX, STRANGER_BYTES_MAX  # noqa: E402
from vigie.foundation.logs import configure  # noqa: E402
from vigie.foundation.outbound import OutboundDoor  # noqa: E402
from vigie.foundation.settings import current  # noqa: E402

DJANGO_THREADS = 16

_settings = current()
configure(_settings.log_level)
_state = FastlaneState(_settings)
_fastlane = Fastlane(_state, OutboundDoor(allowed_hosts=frozenset(_settings.allowed_fetch_hosts)))
_arrivals = Arrivals()
_django = WSGIMiddleware(cast(Any, get_wsgi_application()), workers=DJANGO_THREADS)


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Answer one request, or the beginning and end of the process."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        if scope["path"] in PATHS:
            await _fastlane(scope, _arrivals.begin(receive).receive, send)
        elif scope["path"] == "/health":
            await _health(send)
        else:
            await _in_django(scope, receive, send)


async def _in_django(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Have Django answer, once a body is there that has room in memory: each of its threads does nothing but wait."""
    arrival = _arrivals.begin(receive)
    try:
        has_body = any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])
        messages, held = await ahead(arrival.receive, STRANGER_BYTES_MAX) if has_body else ([], 0)
    except TooSlow as error:
        await send_problem(send, error)
        return
    await _django(
        cast(Any, scope), _counted(arrival.receive, messages, held, _bytes_max(scope)), cast(Any, send)
    )


def _bytes_max(scope: dict[str, Any]) -> int:
    """How much a caller may send: whoever shows no session and no token has a form to fill in, no file to give."""
    shows_something = any(
        name == b"authorization" or (name == b"cookie" and b"sessionid=" in value)
        for name, value in scope["headers"]
    )
    return IMPORT_BYTES_MAX if shows_something else STRANGER_BYTES_MAX


def _counted(receive: Receive, messages: list[dict[str, Any]], read_bytes: int, bytes_max: int) -> Any:
    """What `receive` gives after these messages, for Django, which hangs up on a body that is over the limit or late.

    It is a coroutine because granian's own gives a future, from which no body would ever reach Django.
    """

    async def take() -> Any:
        nonlocal read_bytes
        if read_bytes > bytes_max:
            return {"type": "http.disconnect"}
        if messages:
            return messages.pop(0)
        try:
            message = await receive()
        except TooSlow:
            return {"type": "http.disconnect"}
        read_bytes += len(message.get("body", b""))
        return message if read_bytes <= bytes_max else {"type": "http.disconnect"}

    return take


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            _state.start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await asyncio.to_thread(_close)
            await send({"type": "lifespan.shutdown.complete"})
            return


def _close() -> None:
    _fastlane.close()
    _state.stop()


async def _health(send: Send) -> None:
    """200 once the memory was filled; load balancers and `vigie up` wait for it. Tells nothing about content."""
    ready = _state.ready
    body = b'{"status":"ok"}' if ready else b'{"status":"starting"}'
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200 if ready else 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})
