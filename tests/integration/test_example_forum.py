"""The example forum as a real process, against a small HTTP double of Vigie's `/v1/content`.

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
from concurrent.futures import ThreadPoolExecutor
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
    Gone,
    NotDelivered,
    PlatformConfig,
    StillThere,
    WebhookConnector,
)
from vigie.platforms.messages import EnforcementMessage, Measure
from vigie.platforms.signatures import signed_headers

FORUM = Path(__file__).parents[2] / "examples" / "forum" / "forum.py"
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

    def deliver(self, message: EnforcementMessage) -> Delivered | NotDelivered:
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


def test_vigie_is_asked_for_everything_about_a_post_before_it_is_published(
    forum: Forum, vigie: VigieDouble
) -> None:
    published_when_asked: list[bool] = []

    def look(content: dict[str, Any]) -> tuple[int, Any]:
        number = content["id"].removeprefix("post-")
        published_when_asked.append(forum.http.get(f"/p/{number}").status_code == 200)
        return verdict("allow")

    vigie.answer = look
    post = forum.post(title="Mist", text="At six. See https://lake.example/map", picture=png())
    assert published_when_asked == [False]
    assert vigie.authorizations == ["Bearer a-token"]
    (asked,) = vigie.asked
    assert asked["created_at"] == post["created_at"]
    assert {key: value for key, value in asked.items() if key != "created_at"} == {
        "id": "post-1001",
        "kind": "post",
        "url": f"{forum.url}/p/1001",
        "author": {"id": "u-1", "handle": "mira"},
        "text": "Mist\n\nAt six. See https://lake.example/map",
        "links": ["https://lake.example/map"],
        "media": [{"id": "m1", "content": base64.b64encode(png()).decode()}],
    }
    assert (post["state"], post["verdict"], post["media"][0]["id"]) == ("published", "allow", "m1")
    assert forum.seen(post) == 200
    assert forum.http.get(post["media"][0]["url"]).content == png()
    assert "Mist" in forum.http.get("/").text


@pytest.mark.parametrize(
    ("which", "state", "status", "seen"),
    [
        ("allow", "published", 201, 200),
        ("review", "published", 201, 200),
        ("hold", "held", 202, 404),
        ("remove", "declined", 403, 404),
    ],
)
def test_a_verdict_is_obeyed(
    forum: Forum, vigie: VigieDouble, which: str, state: str, status: int, seen: int
) -> None:
    vigie.answer = lambda content: verdict(which)
    answered = forum.http.post("/api/posts", json={"author": "mira", "title": "Mist", "text": "At six."})
    post = answered.json()
    assert (answered.status_code, post["state"], forum.seen(post)) == (status, state, seen)
    assert ("Mist" in forum.http.get("/").text) == (seen == 200)
    assert ("title" in post) == (seen == 200)


def test_a_held_picture_is_not_served_until_a_person_restores_it(forum: Forum, vigie: VigieDouble) -> None:
    vigie.answer = lambda content: verdict("hold")
    post = forum.post(picture=png())
    assert forum.http.get("/media/1").status_code == 404
    assert isinstance(forum.deliver(forum.told(post, Measure.RESTORE_CONTENT)), Delivered)
    assert forum.seen(post) == 200
    assert forum.http.get("/media/1").content == png()


def test_a_picture_that_vigie_could_not_read_is_not_published(forum: Forum, vigie: VigieDouble) -> None:
    vigie.answer = lambda content: verdict("review", quarantined=[{"media": "m1", "code": "malformed"}])
    post = forum.post(picture=png()[:20])
    assert (post["state"], forum.seen(post)) == ("declined", 404)
    assert "could not be read" in post["problem"]


def test_a_problem_is_told_to_the_poster(forum: Forum, vigie: VigieDouble) -> None:
    vigie.answer = lambda content: (422, {"title": "The text is too long", "status": 422, "code": "invalid"})
    answered = forum.http.post("/api/posts", json={"author": "mira", "text": "x"})
    assert (answered.status_code, answered.json()["problem"]) == (422, "The text is too long")
    page = forum.http.post("/new", data={"author": "mira", "text": "my words"})
    assert "The text is too long" in page.text
    assert "my words" in page.text


@pytest.mark.parametrize(
    "broken",
    [
        (500, b""),
        (503, {"title": "busy"}),
        (429, {"title": "slower"}),
        (307, b""),
        (200, b"not json"),
        (200, {"verdict": "perhaps"}),
        (200, []),
        (204, b""),
    ],
)
def test_no_usable_answer_leaves_a_post_pending_and_it_is_asked_again(
    forum: Forum, vigie: VigieDouble, broken: tuple[int, Any]
) -> None:
    vigie.answer = lambda content: broken
    post = forum.post(title="Patience")
    assert (post["state"], forum.seen(post)) == ("pending", 404)
    vigie.answer = lambda content: verdict("allow")
    wait_until(lambda: forum.seen(post) == 200)
    assert {one["id"] for one in vigie.asked} == {post["content"]}


def test_posts_survive_vigie_being_down_and_a_kill(forum: Forum, vigie: VigieDouble) -> None:
    url = vigie.url
    vigie.close()
    posts = [forum.post(title=f"Post {number}", picture=png(number)) for number in range(5)]
    assert {post["state"] for post in posts} == {"pending"}
    forum.kill()
    forum.start()
    assert {forum.state(post) for post in posts} == {"pending"}

    back = VigieDouble()
    try:
        # The forum knows only the old address: give it the new one at its next start.
        forum.kill()
        forum._command[forum._command.index(url)] = back.url
        forum.start()
        wait_until(lambda: {forum.state(post) for post in posts} == {"published"})
        assert sorted(one["id"] for one in back.asked) == [post["content"] for post in posts]
        assert [base64.b64decode(one["media"][0]["content"]) for one in back.asked] == [
            png(n) for n in range(5)
        ]
    finally:
        back.close()


def test_a_post_is_taken_up_again_when_the_forum_was_killed_while_asking(
    forum: Forum, vigie: VigieDouble
) -> None:
    def kill(content: dict[str, Any]) -> tuple[int, Any]:
        forum.process.kill()
        return verdict("allow")

    vigie.answer = kill
    with pytest.raises(httpx.TransportError):
        forum.post()
    forum.kill()
    vigie.answer = lambda content: verdict("allow")
    forum.start()
    # Sooner than the time after which a running forum would take a lost question up (8 s here).
    wait_until(lambda: forum.http.get("/p/1001").status_code == 200, s_max=5)
    assert [one["id"] for one in vigie.asked] == ["post-1001"] * 2


@pytest.mark.parametrize(
    ("measure", "status"),
    [(Measure.HIDE_CONTENT, 404), (Measure.REMOVE_CONTENT, 410)],
)
def test_a_measure_takes_content_away_and_the_way_back_brings_it_again(
    forum: Forum, measure: Measure, status: int
) -> None:
    post = forum.post(picture=png())
    assert forum.deliver(forum.told(post, measure)) == Delivered(200)
    assert forum.seen(post) == status
    assert forum.http.get("/media/1").status_code == status
    assert "Mist" not in forum.http.get("/").text
    assert "Mist" not in forum.http.get("/u/mira").text
    assert "title" not in forum.http.get(f"/api/posts/{post['id']}").json()
    gone = WebhookConnector().recheck(post["url"], config=PlatformConfig(url="", secret=""), door=DOOR)
    assert gone == Gone(status)
    assert forum.deliver(forum.told(post, Measure.RESTORE_CONTENT)) == Delivered(200)
    assert forum.seen(post) == 200


def test_a_suspended_author_cannot_post_until_restored(forum: Forum) -> None:
    post = forum.post(author="heron 77")
    forum.deliver(forum.told(post, Measure.REMOVE_CONTENT, Measure.SUSPEND_AUTHOR))
    assert forum.seen(post) == 410
    refused = forum.http.post("/api/posts", json={"author": "Heron 77", "text": "again"})
    assert refused.status_code == 403
    assert "suspended" in forum.http.post("/new", data={"author": "heron 77", "text": "again"}).text
    assert "suspended" in forum.http.get("/u/heron 77").text
    assert forum.post(author="another")["state"] == "published"
    forum.deliver(forum.told(post, Measure.RESTORE_AUTHOR))
    assert forum.post(author="heron 77")["state"] == "published"
    assert forum.seen(post) == 410


def test_a_post_that_waits_while_its_author_is_suspended_is_not_published(
    forum: Forum, vigie: VigieDouble
) -> None:
    first = forum.post()
    vigie.answer = lambda content: (503, b"")
    waiting = forum.post(title="Waiting")
    forum.deliver(forum.told(first, Measure.SUSPEND_AUTHOR))
    vigie.answer = lambda content: verdict("allow")
    wait_until(lambda: forum.state(waiting) != "pending")
    assert (forum.state(waiting), forum.seen(waiting)) == ("declined", 404)


def test_one_message_has_one_effect_however_often_it_comes(forum: Forum) -> None:
    post = forum.post()
    hide = forum.told(post, Measure.HIDE_CONTENT)
    for _ in range(3):
        assert forum.deliver(hide) == Delivered(200)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: forum.deliver(hide), range(16))) == {Delivered(200)}
    noted = forum.keys()[hide.id]
    assert (noted["deliveries"], noted["effects"], noted["outcome"]) == (19, 1, "obeyed")


def test_a_repeated_message_does_not_undo_a_later_one(forum: Forum) -> None:
    post = forum.post()
    remove = forum.told(post, Measure.REMOVE_CONTENT)
    restore = forum.told(post, Measure.RESTORE_CONTENT)
    forum.deliver(remove)
    forum.deliver(restore)
    forum.deliver(remove)
    assert forum.seen(post) == 200


def test_a_message_that_was_overtaken_is_taken_and_has_no_effect(forum: Forum) -> None:
    post = forum.post()
    remove = forum.told(post, Measure.REMOVE_CONTENT, Measure.SUSPEND_AUTHOR)
    restore = forum.told(post, Measure.RESTORE_CONTENT, Measure.RESTORE_AUTHOR)
    assert forum.deliver(restore) == Delivered(200)
    assert forum.deliver(remove) == Delivered(200)
    assert forum.seen(post) == 200
    assert forum.post()["state"] == "published"
    noted = forum.keys()[remove.id]
    assert (noted["effects"], noted["outcome"]) == (0, "superseded")


def test_an_author_follows_the_latest_message_about_any_post(forum: Forum) -> None:
    first, second = forum.post(), forum.post()
    suspend = forum.told(first, Measure.SUSPEND_AUTHOR)
    forum.deliver(forum.told(second, Measure.RESTORE_AUTHOR))
    forum.deliver(suspend)
    assert forum.post()["state"] == "published"


def test_a_webhook_that_is_quicker_than_the_verdict_stands(forum: Forum, vigie: VigieDouble) -> None:
    def decide_first(content: dict[str, Any]) -> tuple[int, Any]:
        post = {"content": content["id"], "url": content["url"], "author": content["author"]}
        assert forum.deliver(forum.told(post, Measure.REMOVE_CONTENT)) == Delivered(200)
        return verdict("review")

    vigie.answer = decide_first
    post = forum.post()
    assert (post["state"], post["verdict"]) == ("removed", "review")
    assert forum.seen(post) == 410


def test_a_message_about_nothing_known_is_not_taken(forum: Forum) -> None:
    nothing = {"content": "post-999", "url": "http://x/", "author": {"id": "u-1"}}
    message = forum.told(nothing, Measure.HIDE_CONTENT)
    assert forum.deliver(message) == NotDelivered("http_404")
    assert forum.keys()[message.id]["effects"] == 0


def test_a_trial_message_is_taken_and_has_no_effect(forum: Forum) -> None:
    post = forum.post()
    message = forum.told(post, Measure.REMOVE_CONTENT, test=True)
    assert forum.deliver(message) == Delivered(200)
    assert (forum.seen(post), forum.keys()[message.id]["outcome"]) == (200, "test")


def test_only_who_holds_the_secret_is_obeyed(forum: Forum) -> None:
    post = forum.post()
    message = forum.told(post, Measure.REMOVE_CONTENT)
    body, now = message.to_body(), clock.now()

    def status(
        secret: str = SECRET, *, off_s: int = 0, sent: bytes = body, changes: dict[str, str] | None = None
    ) -> int:
        at = datetime.fromtimestamp(now.timestamp() + off_s, UTC)
        headers = signed_headers(secret, idempotency_key=message.id, at=at, body=body)
        return forum.http.post(
            forum.webhook, content=sent, headers={**headers, **(changes or {})}
        ).status_code

    assert status("another secret") == 401
    assert status(off_s=-400) == 401
    assert status(off_s=400) == 401
    assert status(sent=body.replace(b"remove_content", b"hide_content")) == 401
    assert status(changes={"Vigie-Signature": ""}) == 401
    assert status(changes={"Vigie-Timestamp": "soon"}) == 401
    assert status(changes={"Idempotency-Key": "another"}) == 400
    assert forum.http.post(forum.webhook, content=b"{}").status_code == 401
    assert (forum.seen(post), forum.keys()) == (200, {})
    assert status() == 200
    assert forum.seen(post) == 410


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", b'"x"', b'{"id":"k"}', b"[" * 10_000])
def test_a_signed_body_that_is_no_message_is_refused(refusing: Forum, body: bytes) -> None:
    headers = signed_headers(SECRET, idempotency_key="k", at=clock.now(), body=body)
    assert refusing.http.post(refusing.webhook, content=body, headers=headers).status_code == 400


def test_effects_happen_exactly_once_through_failures_and_kills(tmp_path: Path, vigie: VigieDouble) -> None:
    """Answers are lost before and after the effect, and the process is killed while it works."""
    faults = '{"fail_share":0.3,"fail_when":"after","seed":7}'
    forum = Forum(tmp_path / "forum", vigie.url, "--test-faults", faults)
    posts = [forum.post(title=f"Post {number}") for number in range(60)]
    messages = [forum.told(post, Measure.REMOVE_CONTENT) for post in posts]
    waiting = {message.id: message for message in messages}
    for round_number in range(30):
        if not waiting:
            break
        killer = threading.Timer(0.15, forum.process.kill) if round_number < 4 else None
        if killer:
            killer.start()
        with ThreadPoolExecutor(4) as pool:
            outcomes = list(pool.map(lambda one: (one.id, forum.deliver(one)), list(waiting.values())))
        for key, outcome in outcomes:
            if isinstance(outcome, Delivered):
                del waiting[key]
        if killer:
            killer.join()
            forum.kill()
            forum.start()
    assert not waiting
    keys = forum.keys()
    assert {keys[message.id]["effects"] for message in messages} == {1}
    assert {forum.seen(post) for post in posts} == {410}
    assert max(one["deliveries"] for one in keys.values()) > 1
    assert forum.http.get("/api/webhooks").json()["totals"]["effects"] == 60
    assert forum.stop() == 0


def test_a_forum_that_pretends_is_found_out_and_a_replay_mends_it(faulty: Forum) -> None:
    post = faulty.post()
    message = faulty.told(post, Measure.REMOVE_CONTENT)
    assert faulty.http.post("/api/faults", json={"pretend": True}).json()["pretend"] is True
    assert faulty.deliver(message) == Delivered(200)
    config = PlatformConfig(url="", secret="")
    assert WebhookConnector().recheck(post["url"], config=config, door=DOOR) == StillThere(200)
    assert faulty.keys()[message.id]["effects"] == 0
    faulty.http.post("/api/faults", json={"pretend": False})
    assert faulty.deliver(message) == Delivered(200)
    assert WebhookConnector().recheck(post["url"], config=config, door=DOOR) == Gone(410)
    noted = faulty.keys()[message.id]
    assert (noted["deliveries"], noted["effects"], noted["outcome"]) == (2, 1, "obeyed")


def test_faults_come_in_the_share_asked_for_and_alike_for_a_seed(faulty: Forum) -> None:
    post = faulty.post()

    def run() -> list[bool]:
        faulty.http.post("/api/faults", json={"fail_share": 0.3, "seed": 7, "fail_when": "before"})
        message = faulty.told(post, Measure.HIDE_CONTENT)
        return [faulty.deliver(message) == NotDelivered("http_500") for _ in range(100)]

    first = run()
    assert 15 <= sum(first) <= 45
    assert run() == first


def test_faults_must_make_sense_and_need_the_option(forum: Forum, faulty: Forum) -> None:
    for nonsense in (
        b"{",
        b"[]",
        b'{"fail_share":2}',
        b'{"fail_when":"never"}',
        b'{"x":1}',
        b'{"pretend":1}',
    ):
        assert faulty.http.post("/api/faults", content=nonsense).status_code == 422
    assert forum.http.post("/api/faults", json={"pretend": True}).status_code == 404
    post = forum.post()
    forum.deliver(forum.told(post, Measure.REMOVE_CONTENT))
    assert forum.seen(post) == 410


def test_the_form_takes_pictures_and_shows_where_they_went(forum: Forum) -> None:
    files = [("picture", ("a.png", png(1), "image/png")), ("picture", ("b.png", png(2), "image/png"))]
    answered = forum.http.post("/new", data={"author": "mira", "title": "Two", "text": "a\n\nb"}, files=files)
    assert (answered.status_code, answered.headers["Location"]) == (303, "/p/1001")
    page = forum.http.get("/p/1001").text
    assert page.count("<figure>") == 2
    assert [forum.http.get(f"/media/{number}").content for number in (1, 2)] == [png(1), png(2)]


def test_a_multipart_part_arrives_byte_for_byte(forum: Forum, vigie: VigieDouble) -> None:
    content = png() + b"\r\n--\r\n\r\n--x--\r\n\0\xff\n\r"
    forum.http.post("/api/posts", data={"author": "mira"}, files={"picture": ("a", content)})
    assert base64.b64decode(vigie.asked[0]["media"][0]["content"]) == content


def test_what_people_write_is_shown_and_never_run(forum: Forum) -> None:
    forum.post(title="<script>alert(1)</script>", text="<img src=x onerror=y>\n\u202eمرحبا", picture=png())
    forum.post(author="<b>bold</b>"[:1] + "x", text="refused name")
    for page in ("/", "/p/1001", "/u/mira"):
        answered = forum.http.get(page)
        assert "<script>" not in answered.text
        assert "onerror=y>" not in answered.text
        assert "script-src" not in answered.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answered.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"author": "", "text": "x"}, 422),
        ({"author": "<b>", "text": "x"}, 422),
        ({"author": "a" * 31, "text": "x"}, 422),
        ({"author": "mira"}, 422),
        ({"author": "mira", "text": "x" * 20_001}, 422),
        ({"author": "mira", "title": "x" * 121}, 422),
        ({"author": 5, "text": "x"}, 400),
        ({"author": "mira", "text": ["x"]}, 400),
        ({"author": "mira", "pictures": [{"content": "***"}]}, 400),
        ({"author": "mira", "pictures": [{}]}, 400),
        ({"author": "mira", "pictures": "x"}, 400),
        ({"author": "mira", "pictures": [{"content": ""}]}, 415),
        ({"author": "mira", "pictures": [{"content": "PHN2Zz4="}]}, 415),
        ({"author": "mira", "pictures": [{"content": base64.b64encode(png()).decode()}] * 5}, 422),
        ([], 400),
        ("x", 400),
        (None, 400),
    ],
)
def test_a_bad_post_is_refused_and_nothing_is_kept(refusing: Forum, body: Any, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    answered = refusing.http.post("/api/posts", content=json.dumps(body), headers=headers)
    assert answered.status_code == status
    assert answered.json()["error"]


def test_text_with_odd_characters_is_kept_without_harm(forum: Forum, vigie: VigieDouble) -> None:
    raw = b'{"author":"mira","title":"a\\u0000b","text":"half \\ud800 pair"}'
    answered = forum.http.post("/api/posts", content=raw, headers={"Content-Type": "application/json"})
    assert answered.status_code == 201
    assert vigie.asked[0]["text"] == "ab\n\nhalf ? pair"


def test_bodies_have_limits(refusing: Forum) -> None:
    big = b"x" * (17 * 1024)
    assert refusing.http.post(refusing.webhook, content=big).status_code == 413
    assert refusing.http.post("/api/posts", content=b"x" * (49 * 1024 * 1024)).status_code == 413
    picture = png() + b"\0" * (8 * 1024 * 1024)
    assert (
        refusing.http.post("/api/posts", data={"author": "m"}, files={"picture": picture}).status_code == 413
    )
    assert refusing.http.post("/api/posts", content=iter([b"{}"])).status_code == 411
    assert (
        refusing.http.post("/api/posts", content=b"<x/>", headers={"Content-Type": "text/xml"}).status_code
        == 415
    )
    assert refusing.http.get("/healthz").json() == {"ok": True}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b--\r\n",
        b"--b\r\n\r\nx\r\n--b--",
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
        b'--b\r\nContent-Disposition: form-data; name="author"\r\n\r\nmira\r\n',
        b"--b\r\n" * 100,
    ],
)
def test_a_broken_multipart_form_is_refused(refusing: Forum, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert refusing.http.post("/api/posts", content=body, headers=headers).status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/p/999", "/p/x", "/u/nobody", "/media/7", "/media/..%2fstyle.css", "/nothing", "/p/1" + "0" * 30],
)
def test_what_is_not_there_is_not_found(refusing: Forum, path: str) -> None:
    assert refusing.http.get(path).status_code == 404


def test_pages_turn_when_there_are_many_posts(forum: Forum) -> None:
    for number in range(25):
        forum.post(title=f"Post {number:02}")
    first, second = forum.http.get("/").text, forum.http.get("/?page=2").text
    assert "Post 24" in first
    assert "Post 00" not in first
    assert "Post 00" in second
    assert forum.http.get("/?page=nonsense").status_code == 200
    assert forum.http.get("/?page=99999").status_code == 200
