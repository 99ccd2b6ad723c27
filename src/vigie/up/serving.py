"""The API and console processes: granian with Vigie's ASGI application, on the port the settings name.

It holds no routes: `vigie.asgi` does. A process that dies is started again by granian, granian by the supervisor.
"""

import logging
import resource
from collections.abc import Callable
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from vigie.foundation.memory import keep_some
from vigie.foundation.settings import Settings, current
from vigie.up.children import die_with_parent

APPLICATION = "vigie.asgi:application"
DRAIN_S_MAX = 10
# Open connections of one process; whoever sends nothing holds one for `HEADER_S_MAX` seconds.
CONNECTIONS_MAX = 4_096
HEADER_S_MAX = 15
# What a connection holds before Vigie reads on: a common picture comes in one piece, and all together take 1 GiB.
BUFFER_BYTES_MAX = 256 * 1024
# Files that a process needs beside its connections: database, journal, snapshot, addresses that it fetches.
FILES_KEPT = 256

_LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "vigie.foundation.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {"_granian": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then finish what was begun, for at most `DRAIN_S_MAX` seconds."""
    server = Server(
        APPLICATION,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.api_processes,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_S_MAX * 1_000, max_buffer_size=BUFFER_BYTES_MAX
        ),
        websockets=False,
        backlog=1_024,
        backpressure=connections_max(),
        log_level=LogLevels.info,
        log_dictconfig=_LOGGING,
        respawn_failed_workers=True,
        workers_kill_timeout=DRAIN_S_MAX,
    )
    server.serve(target_loader=_load)


def connections_max() -> int:
    """Connections that a process may have open, so that files are left for its work.

    It first allows itself as many files as the system lets it: many systems begin with 1,024.
    """
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS_MAX + FILES_KEPT
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        allowed = wanted if most == resource.RLIM_INFINITY else min(most, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, most))
    return CONNECTIONS_MAX if allowed == resource.RLIM_INFINITY else max(min(allowed, wanted) - FILES_KEPT, 1)


def _load(target: str) -> Callable[..., Any]:
    """In a fresh process: end with its parent, keep freed memory for the next picture, then import the application."""
    from granian._internal import load_target

    die_with_parent()
    keep_some()
    loaded: Callable[..., Any] = load_target(target)
    return loaded


if __name__ == "__main__":
    logging.captureWarnings(capture=True)
    serve(current())
