"""The forum over HTTP: pages for people, an API for programs, the webhook for Vigie.

It has no sign-in: whoever reaches it may post under any name that is not suspended.
"""

import json
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from lakeside import pages
from lakeside.clock import now_s
from lakeside.faults import BadFaults, FaultPlan
from lakeside.forms import BODY_BYTES_MAX, BadForm, parse_draft
from lakeside.messages import MESSAGE_BYTES_MAX, Malformed, Unsigned, read_message
from lakeside.obeying import Outcome
from lakeside.publishing import Publisher
from lakeside.store import Post, Store, Suspended

REQUESTS_AT_ONCE_MAX = 64
IDLE_S_MAX = 15
POSTS_PER_PAGE = 24
PAGE_MAX = 10_000
_AUTHORS_SHOWN = 8
_SMALL_BODY_BYTES_MAX = 16 * 1024
_STYLE = (Path(__file__).parent / "style.css").read_text("utf-8")
_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
_GONE_WORDS = "The tide took it, or it was never here."
_SUSPENDED = "This account is suspended and cannot post."
_STATUS_AFTER: dict[Outcome, int] = {
    "obeyed": 200,
    "kept": 200,
    "repeated": 200,
    "superseded": 200,
    "test": 200,
    "pretended": 200,
    "unknown_content": 404,
}
_STATUS_OF_NEW = {
    "published": 201,
    "pending": 202,
    "held": 202,
    "hidden": 202,
    "removed": 403,
    "declined": 403,
}


@dataclass(frozen=True)
class Forum:
    """What the handler of a request works with; `faults` is None in a forum that never fails on purpose."""

    store: Store
    publisher: Publisher
    webhook_secret: str
    faults: FaultPlan | None


class ForumServer(ThreadingHTTPServer):
    """A thread for each request, in bounded number."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, Handler)
        self.forum: Forum | None = None
        self._slots = threading.BoundedSemaphore(REQUESTS_AT_ONCE_MAX)

    def process_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: Any
    ) -> None:
        """Wait for a free slot, then serve in a thread."""
        self._slots.acquire()
        super().process_request(request, client_address)

    def process_request_thread(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: Any
    ) -> None:
        """Serve one request and free its slot."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()


class _Answered(Exception):
    """A problem was answered already."""


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server_version = "Lakeside"
    sys_version = ""
    timeout = IDLE_S_MAX

    def do_GET(self) -> None:
        """Pages, pictures and what programs may read."""
        self._route(_GET)

    def do_HEAD(self) -> None:
        """GET without the body."""
        self._route(_GET)

    def do_POST(self) -> None:
        """New posts, webhooks and faults."""
        self._route(_POST)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Nothing: what people ask for is their affair."""

    @property
    def _forum(self) -> Forum:
        assert isinstance(self.server, ForumServer)
        assert self.server.forum is not None
        return self.server.forum

    def _route(self, routes: "list[tuple[str, Callable[..., None]]]") -> None:
        address = urlsplit(self.path)
        try:
            for pattern, answer in routes:
                found = re.fullmatch(pattern, address.path)
                if found is not None:
                    answer(self, **{name: unquote(text) for name, text in found.groupdict().items()})
                    return
            self._send_page(404, pages.message_page("Not found", _GONE_WORDS))
        except _Answered:
            pass
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def show_front(self) -> None:
        """The newest posts."""
        page = self._page_number()
        posts = self._forum.store.published(limit=POSTS_PER_PAGE + 1, offset=(page - 1) * POSTS_PER_PAGE)
        authors = self._forum.store.authors(limit=_AUTHORS_SHOWN)
        more = len(posts) > POSTS_PER_PAGE
        self._send_page(200, pages.front(posts[:POSTS_PER_PAGE], authors=authors, page=page, more=more))

    def show_post_page(self, number: str) -> None:
        """One post: 200, 410 when it was removed, 404 in every other state."""
        post = self._forum.store.find(int(number))
        if post is not None and post.state == "published":
            self._send_page(200, pages.post_page(post))
        elif post is not None and post.state == "removed":
            self._send_page(410, pages.message_page("Gone", "This post was removed."))
        else:
            self._send_page(404, pages.message_page("Not found", _GONE_WORDS))

    def show_author_page(self, handle: str) -> None:
        """What one author published."""
        author = self._forum.store.author(handle)
        if author is None:
            self._send_page(404, pages.message_page("Not found", "Nobody of this name has posted here."))
            return
        page = self._page_number()
        posts = self._forum.store.published(
            limit=POSTS_PER_PAGE + 1, offset=(page - 1) * POSTS_PER_PAGE, author=author.id
        )
        more = len(posts) > POSTS_PER_PAGE
        self._send_page(200, pages.author_page(author, posts[:POSTS_PER_PAGE], page=page, more=more))

    def show_new_form(self) -> None:
        """The form for a new post."""
        self._send_page(200, pages.new_form())

    def accept_form(self) -> None:
        """A new post from the form."""
        body = self._read_body(BODY_BYTES_MAX)
        try:
            draft = parse_draft(body, content_type=self.headers.get("Content-Type", ""))
        except BadForm as error:
            self._send_page(error.status, pages.new_form(problem=error.sentence))
            return
        written = {"author": draft.handle, "title": draft.title, "text": draft.text}
        try:
            post = self._forum.publisher.submit(draft)
        except Suspended:
            self._send_page(403, pages.new_form(problem=_SUSPENDED, **written))
            return
        if post.state == "published":
            self._send(303, b"", "text/plain", Location=f"/p/{post.id}")
        elif post.state == "declined":
            problem = post.problem or "This post cannot be published here."
            self._send_page(403, pages.new_form(problem=problem, **written))
        else:
            self._send_page(202, pages.waiting_page(post))

    def accept_from_api(self) -> None:
        """A new post from a program."""
        body = self._read_body(BODY_BYTES_MAX)
        try:
            post = self._forum.publisher.submit(
                parse_draft(body, content_type=self.headers.get("Content-Type", ""))
            )
        except BadForm as error:
            self._send_json(error.status, {"error": error.sentence})
        except Suspended:
            self._send_json(403, {"error": _SUSPENDED})
        else:
            status = 422 if post.problem else _STATUS_OF_NEW[post.state]
            self._send_json(status, self._post_json(post))

    def tell_post(self, number: str) -> None:
        """How a post stands, for programs."""
        post = self._forum.store.find(int(number))
        if post is None:
            self._send_json(404, {"error": "There is no such post."})
        else:
            self._send_json(200, self._post_json(post))

    def show_picture(self, number: str) -> None:
        """A picture of a published post."""
        found = self._forum.store.picture(int(number))
        if found is not None and found[0] == "published":
            self._send(200, found[2], found[1])
        else:
            status = 410 if found is not None and found[0] == "removed" else 404
            self._send_page(status, pages.message_page("Not found", _GONE_WORDS))

    def tell_webhooks(self) -> None:
        """Every idempotency key received, with its deliveries and effects."""
        self._send_json(
            200, {"keys": list(self._forum.store.deliveries()), "totals": self._forum.store.totals()}
        )

    def tell_letters(self) -> None:
        """What authors are to be told, with their private links."""
        self._send_json(200, {"letters": list(self._forum.store.letters())})

    def take_webhook(self) -> None:
        """A message from Vigie."""
        body = self._read_body(MESSAGE_BYTES_MAX)
        faults = self._forum.faults
        failure = faults.next_failure() if faults else None
        if failure == "before":
            self._send_json(500, {"error": "failing on purpose"})
            return
        at_s = now_s()
        try:
            message = read_message(
                body,
                secret=self._forum.webhook_secret,
                timestamp=self.headers.get("Vigie-Timestamp", ""),
                signature=self.headers.get("Vigie-Signature", ""),
                key=self.headers.get("Idempotency-Key", ""),
                posts_url=self._forum.publisher.posts_url,
                at_s=at_s,
            )
        except Unsigned:
            self._send_json(401, {"error": "wrong signature or time"})
            return
        except Malformed:
            self._send_json(400, {"error": "not a message that this forum knows"})
            return
        if faults and faults.pretends:
            outcome = self._forum.store.pretend(message, at_s=at_s)
        else:
            outcome = self._forum.store.obey(message, at_s=at_s)
        if failure == "after":
            self._send_json(500, {"error": "failing on purpose, after obeying"})
            return
        self._send_json(_STATUS_AFTER[outcome], {"outcome": outcome})

    def change_faults(self) -> None:
        """Other faults from now on."""
        body = self._read_body(_SMALL_BODY_BYTES_MAX)
        if self._forum.faults is None:
            self._send_json(404, {"error": "started without --test-faults"})
            return
        try:
            self._send_json(200, asdict(self._forum.faults.change(json.loads(body))))
        except (BadFaults, ValueError, RecursionError):
            self._send_json(422, {"error": "these are no faults"})

    def show_style(self) -> None:
        """The forum's look."""
        self._send(200, _STYLE.encode(), "text/css; charset=utf-8")

    def show_icon(self) -> None:
        """The tab's icon."""
        self._send(200, pages.icon().encode(), "image/svg+xml")

    def tell_health(self) -> None:
        """Whether it serves."""
        self._send_json(200, {"ok": True})

    def _post_json(self, post: Post) -> dict[str, Any]:
        """How a post stands; its words and pictures only while everybody may see them."""
        whole = {
            "id": post.id,
            "content": post.content_id,
            "url": self._forum.publisher.url_of(post.id),
            "author": {"id": f"u-{post.author_id}", "handle": post.handle, "suspended": post.suspended},
            "state": post.state,
            "verdict": post.verdict,
            "case": post.case,
            "problem": post.problem,
            "sequence": post.sequence,
            "created_at": post.created_at,
        }
        if post.state == "published":
            whole["title"], whole["text"] = post.title, post.text
            whole["media"] = [
                {
                    "id": one.name,
                    "url": f"/media/{one.id}",
                    "content_type": one.content_type,
                    "bytes": one.size_bytes,
                }
                for one in post.pictures
            ]
        return whole

    def _page_number(self) -> int:
        text = parse_qs(urlsplit(self.path).query).get("page", ["1"])[0]
        return min(max(int(text), 1), PAGE_MAX) if re.fullmatch("[0-9]{1,6}", text) else 1

    def _read_body(self, bytes_max: int) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch("[0-9]{1,12}", length):
            self._send_json(411, {"error": "A Content-Length is needed."})
            raise _Answered
        if int(length) > bytes_max:
            self._pass_over(min(int(length), 2 * BODY_BYTES_MAX))
            self._send_json(413, {"error": f"At most {bytes_max} bytes."})
            raise _Answered
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise ConnectionAbortedError
        return body

    def _pass_over(self, count: int) -> None:
        """Read what is not wanted, so that the sender gets to read the answer."""
        while count > 0:
            piece = self.rfile.read(min(count, 65_536))
            if not piece:
                return
            count -= len(piece)

    def _send_page(self, status: int, page: str) -> None:
        self._send(status, page.encode("utf-8", "replace"), "text/html; charset=utf-8")

    def _send_json(self, status: int, value: dict[str, Any]) -> None:
        self._send(status, json.dumps(value).encode() + b"\n", "application/json")

    def _send(self, status: int, body: bytes, content_type: str, **headers: str) -> None:
        self.send_response(status, HTTPStatus(status).phrase)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "same-origin")
        # What is hidden must be gone at once, from every cache on the way too.
        self.send_header("Cache-Control", "no-store")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


_NUMBER = "(?P<number>[0-9]{1,15})"
_GET: list[tuple[str, Callable[..., None]]] = [
    ("/", Handler.show_front),
    (f"/p/{_NUMBER}", Handler.show_post_page),
    ("/u/(?P<handle>[^/]{1,300})", Handler.show_author_page),
    ("/new", Handler.show_new_form),
    (f"/media/{_NUMBER}", Handler.show_picture),
    (f"/api/posts/(?:post-)?{_NUMBER}", Handler.tell_post),
    ("/api/webhooks", Handler.tell_webhooks),
    ("/api/letters", Handler.tell_letters),
    ("/style\\.css", Handler.show_style),
    ("/icon\\.svg", Handler.show_icon),
    ("/healthz", Handler.tell_health),
]
_POST: list[tuple[str, Callable[..., None]]] = [
    ("/new", Handler.accept_form),
    ("/api/posts", Handler.accept_from_api),
    ("/webhooks/vigie", Handler.take_webhook),
    ("/api/faults", Handler.change_faults),
]
