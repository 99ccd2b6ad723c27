"""The example forum as a real process, and a small HTTP double of Vigie's `/v1/content`, for its tests.

The double stands in for Vigie only here; the forum with the real Vigie has its own end-to-end test.
"""

import base64
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from vigie.foundation import clock
from vigie.foundation.identifiers import new_uuid
from vigie.foundation.outbound import OutboundDoor
from vigie.platforms.connectors import (
    Delivered,
    NotDelivered,
    PlatformConfig,
    WebhookConnector,
)
from vigie.platforms.messages import EnforcementMessage, Measure, PlatformMessage

FORUM = Path(__file__).parents[1] / "examples" / "forum" / "forum.py"
SECRET = "a secret for the tests"
DOOR = OutboundDoor(allowed_hosts=frozenset({"127.0.0.1"}))


def png(shade: int = 120) -> bytes:
    """A grey picture of 4 x 4 pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    rows = b"".join(b"\0" + bytes([shade] * 4) for _ in range(4))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class VigieDouble:
    """Answers `POST /v1/content` as `answer` says, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.authorizations: list[str] = []
        self.answer: Callable[[dict[str, Any]], tuple[int, Any]] = lambda content: verdict("allow")
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                double.asked.append(content)
                double.authorizations.append(self.headers["Authorization"])
                status, value = double.answer(content)
                body = value if isinstance(value, bytes) else json.dumps(value).encode()
                self.send_response(status)
                if status == 307:
                    self.send_header("Location", self.path)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def verdict(which: str, **more: Any) -> tuple[int, Any]:
    case = None if which == "allow" else "C-000123"
    return 200, {
        "content": "x",
        "verdict": which,
        "case": case,
        "ledger": 1,
        "reasons": [],
        "quarantined": [],
        **more,
    }


class Forum:
    """The forum as a process of its own."""

    def __init__(self, data: Path, vigie_url: str, *options: str) -> None:
        self._command = [
            *(sys.executable, str(FORUM), "--port", "0", "--data", str(data), "--vigie-url", vigie_url),
            *("--vigie-token", "a-token", "--webhook-secret", SECRET, *options),
        ]
        self.sequence = 100
        self.start()

    def start(self) -> None:
        environment = {**os.environ, "http_proxy": "http://127.0.0.1:9", "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout is not None
        said = json.loads(self.process.stdout.readline())
        self.url, self.webhook = said["url"], said["webhook"]
        assert self.url == f"http://127.0.0.1:{said['port']}"
        self.http = httpx.Client(base_url=self.url, trust_env=False, timeout=30)

    def kill(self) -> None:
        """kill -9, in the middle of whatever it does."""
        self.http.close()
        self.process.kill()
        self._wait()

    def stop(self) -> int:
        self.http.close()
        self.process.send_signal(signal.SIGTERM)
        return self._wait()

    def _wait(self) -> int:
        code = self.process.wait(timeout=20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def post(
        self, *, author: str = "mira", title: str = "Mist", text: str = "At six.", picture: bytes = b""
    ) -> Any:
        pictures = [{"content": base64.b64encode(picture).decode()}] if picture else []
        body = {"author": author, "title": title, "text": text, "pictures": pictures}
        return self.http.post("/api/posts", json=body).json()

    def told(self, post: dict[str, Any], *measures: Measure, **changes: Any) -> EnforcementMessage:
        """The next message about a post."""
        self.sequence += 1
        members: dict[str, Any] = {
            "id": new_uuid(),
            "sequence": self.sequence,
            "at": datetime(2026, 11, 22, 10, tzinfo=UTC),
            "test": False,
            "content_id": post["content"],
            "content_kind": "post",
            "content_url": post["url"],
            "author_id": post["author"]["id"],
            "case": "C-000123",
            "decision": "D-000045",
            "rule": None,
            "measures": measures,
        }
        return EnforcementMessage(**{**members, **changes})

    def deliver(self, message: PlatformMessage) -> Delivered | NotDelivered:
        """Through Vigie's own connector, as the worker does."""
        config = PlatformConfig(url=self.webhook, secret=SECRET)
        return WebhookConnector().deliver(message, config=config, door=DOOR)

    def keys(self) -> dict[str, dict[str, Any]]:
        return {one["key"]: one for one in self.http.get("/api/webhooks").json()["keys"]}

    def state(self, post: dict[str, Any]) -> str:
        return str(self.http.get(f"/api/posts/{post['content']}").json()["state"])

    def seen(self, post: dict[str, Any]) -> int:
        return self.http.get(f"/p/{post['id']}").status_code


@pytest.fixture
def vigie() -> Iterator[VigieDouble]:
    double = VigieDouble()
    yield double
    double.close()


@pytest.fixture
def forum(tmp_path: Path, vigie: VigieDouble) -> Iterator[Forum]:
    forum = Forum(tmp_path / "forum", vigie.url, "--ask-time-s", "3")
    yield forum
    if forum.process.poll() is None:
        assert forum.stop() == 0


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forum]:
    """One forum for all tests in which nothing is ever posted; it has no Vigie to ask."""
    forum = Forum(tmp_path_factory.mktemp("forum"), "http://127.0.0.1:9")
    yield forum
    assert forum.http.get("/api/webhooks").json()["totals"] == {
        "authors": 0,
        "keys": 0,
        "deliveries": 0,
        "effects": 0,
    }
    assert forum.stop() == 0


@pytest.fixture
def faulty(tmp_path: Path, vigie: VigieDouble) -> Iterator[Forum]:
    forum = Forum(tmp_path / "forum", vigie.url, "--test-faults")
    yield forum
    assert forum.stop() == 0


def wait_until(condition: Callable[[], bool], *, s_max: float = 15) -> None:
    end_s = clock.monotonic_s() + s_max
    while not condition():
        assert clock.monotonic_s() < end_s, "it never came"
        clock.sleep_s(0.05)
