"""The port, looked at before anything starts and kept for as long as Vigie runs.

It serves nothing.
"""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from vigie.up.errors import CannotStart, PortTaken


@contextmanager
def reserved(host: str, port: int) -> Iterator[int]:
    """The number of a port that no other program can take meanwhile; 0 takes a free one.

    The socket is bound and never listens: the API's own sockets join it by SO_REUSEPORT, and while the API is being
    restarted the port stays ours. Raises PortTaken, or CannotStart for an address that is not this machine's.
    """
    family, address = _resolve(host, port)
    _refuse_taken(family, address, host)
    with socket.socket(family, socket.SOCK_STREAM) as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        _hold(holder, address)
        yield int(holder.getsockname()[1])


def _resolve(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise CannotStart(f"The host {host} is not known.", hint="Use an address of this machine.") from error
    family, _, _, _, address = found[0]
    return family, (str(address[0]), int(address[1]))


def _refuse_taken(family: socket.AddressFamily, address: tuple[str, int], host: str) -> None:
    # Without SO_REUSEPORT: otherwise a second Vigie of the same user would share the first one's port.
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise _explain(error, host, address[1]) from error


def _hold(holder: socket.socket, address: tuple[str, int]) -> None:
    """Bind so that another Vigie's look finds the port taken, even while nobody listens on it."""
    try:
        holder.bind(address)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        # Only connections that another program closed a moment ago stand in the way.
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(address)


def _explain(error: OSError, host: str, port: int) -> CannotStart:
    if error.errno == errno.EADDRINUSE:
        return PortTaken(
            f"Port {port} on {host} is taken by another program.",
            hint=f"Choose another with --port {port + 1 if port < 65_535 else 8080}, or --port 0 for any free one.",
        )
    if error.errno == errno.EACCES:
        return CannotStart(
            f"This user may not listen on port {port}.", hint="Choose a port of 1024 or above with --port."
        )
    return CannotStart(
        f"Vigie cannot listen on {host}: {error.strerror}.", hint="Use an address of this machine."
    )
