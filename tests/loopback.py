"""Real servers on loopback for tests of what speaks to the network: each connection runs a given script."""

import contextlib
import datetime
import ipaddress
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Script = Callable[[socket.socket, bytes], None]
"""What a server does with one connection after it read the request (given whole: head and body)."""


class LoopbackServer:
    """Listens on 127.0.0.1; keeps every request it read."""

    def __init__(self, script: Script, *, tls: ssl.SSLContext | None = None) -> None:
        self.script = script
        self.requests: list[bytes] = []
        self.stopping = threading.Event()
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens, with no path."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stop listening and let waiting scripts end."""
        self.stopping.set()
        # On Linux closing alone leaves whoever waits in accept() waiting; elsewhere a listener cannot be shut down.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(20)
            wrapped = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
            with wrapped:
                request = read_request(wrapped)
                self.requests.append(request)
                self.script(wrapped, request)


def read_request(connection: socket.socket) -> bytes:
    """One HTTP/1.1 request with a Content-Length, or none."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65_536)
        if not piece:
            return received
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(body) < length:
        piece = connection.recv(65_536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body


def answer(status: int, body: bytes = b"", *headers: str) -> Script:
    """A script that answers in full and hangs up."""

    def script(connection: socket.socket, request: bytes) -> None:
        lines = [f"HTTP/1.1 {status} Spoken", f"Content-Length: {len(body)}", *headers]
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    return script


def send(raw: bytes) -> Script:
    """A script that sends these bytes, whatever they are, and hangs up."""

    def script(connection: socket.socket, request: bytes) -> None:
        connection.sendall(raw)

    return script


def reset(connection: socket.socket, request: bytes) -> None:
    """A script that breaks the connection off without an answer."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def closed_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def drip(pieces: Iterator[bytes], *, every_s: float, stopping: threading.Event) -> Script:
    """A script that sends one piece, waits, sends the next, without end if `pieces` has none."""

    def script(connection: socket.socket, request: bytes) -> None:
        for piece in pieces:
            connection.sendall(piece)
            if stopping.wait(every_s):
                return

    return script


def self_signed(folder: Path, *, host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS context for `host` (a name or an address), and a client's that trusts it alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    try:
        named: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        named = x509.DNSName(host)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([named]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{host}.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))
