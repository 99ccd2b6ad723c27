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

from vigie.api.fastlane import PATHS, Fastlane, Send  # noqa: E402
from vigie.api.fastlane_body import Receive  # noqa: E402
from vigie.api.fastlane_state import FastlaneState  # noqa: E402
from vigie.foundation.limits import IMPORT_BYTES_MAX, STRANGER_BYTES_MAX  # noqa: E402
from vigie.foundation.logs import configure  # noqa: E402
from vigie.foundation.outbound import OutboundDoor  # noqa: E402
from vigie.foundation.settings import current  # noqa: E402

DJANGO_THREADS = 16

_settings = current()
configure(_settings.log_level)
_state = FastlaneState(_settings)
_fastlane = Fastlane(_state, OutboundDoor(allowed_hosts=frozenset(_settings.allowed_fetch_hosts)))
_django = WSGIMiddleware(cast(Any, get_wsgi_application()), workers=DJANGO_THREADS)


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Answer one request, or the beginning and end of the process."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        if scope["path"] in PATHS:
            await _fastlane(scope, receive, send)
        elif scope["path"] == "/health":
            await _health(send)
        else:
            await _django(cast(Any, scope), _counted(receive, _bytes_max(scope)), cast(Any, send))


def _bytes_max(scope: dict[str, Any]) -> int:
    """How much a caller may send: whoever shows no session and no token has a form to fill in, no file to give."""
    shows_something = any(
        name == b"authorization" or (name == b"cookie" and b"sessionid=" in value)
        for name, value in scope["headers"]
    )
    return IMPORT_BYTES_MAX if shows_something else STRANGER_BYTES_MAX


def _counted(receive: Receive, bytes_max: int) -> Any:
    """`receive` for Django, which hangs up on a body over the limit.

    It is a coroutine because granian's own gives a future, from which no body would ever reach Django.
    """
    read_bytes = 0

    async def take() -> Any:
        nonlocal read_bytes
        message = await receive()
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
