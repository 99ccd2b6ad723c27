"""Asking Vigie about a post before it is published.

One call, no retries: `publishing` decides what an answer, or none, means for the post.
"""

import base64
import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from typing import IO, Any

from lakeside.store import Post

ANSWER_BYTES_MAX = 1024 * 1024
_VERDICTS = frozenset({"allow", "review", "hold", "remove"})
# Refusals that say "not now" and nothing about the post.
_LATER = frozenset({408, 425, 429})
_LINK = re.compile(r"https?://[^\s<>\"']{1,2000}")
_LINKS_MAX = 50


@dataclass(frozen=True)
class Judged:
    """Vigie's verdict; `unchecked` names pictures that it could not look at."""

    verdict: str
    case: str | None
    unchecked: tuple[str, ...]


@dataclass(frozen=True)
class Problem:
    """Vigie does not take this post; `title` is for the poster."""

    title: str


@dataclass(frozen=True)
class NoAnswer:
    """Vigie cannot be asked now."""


@dataclass(frozen=True)
class Vigie:
    """Where Vigie is, and the token (scope content:write) to ask it with."""

    url: str
    token: str
    time_s_max: float

    def ask(self, post: Post, *, pictures: list[tuple[str, bytes]], url: str) -> Judged | Problem | NoAnswer:
        """`POST /v1/content`, pictures in the JSON as base64; `url` is where the post will be seen."""
        request = urllib.request.Request(
            f"{self.url.rstrip('/')}/v1/content",
            data=json.dumps(_content(post, pictures=pictures, url=url)).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        try:
            with _OPENER.open(request, timeout=self.time_s_max) as answer:
                return _judged(answer.read(ANSWER_BYTES_MAX))
        except urllib.error.HTTPError as error:
            with error:
                if 400 <= error.code < 500 and error.code not in _LATER:
                    return Problem(_title(error))
            return NoAnswer()
        except (OSError, HTTPException):
            return NoAnswer()


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """The token goes to Vigie and nowhere else."""


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)


def _content(post: Post, *, pictures: list[tuple[str, bytes]], url: str) -> dict[str, Any]:
    text = "\n\n".join(part for part in (post.title, post.text) if part)
    return {
        "id": post.content_id,
        "kind": "post",
        "url": url,
        "author": {"id": f"u-{post.author_id}", "handle": post.handle},
        "created_at": post.created_at,
        "text": text,
        "links": _LINK.findall(text)[:_LINKS_MAX],
        "media": [{"id": name, "content": base64.b64encode(content).decode()} for name, content in pictures],
    }


def _judged(body: bytes) -> Judged | NoAnswer:
    try:
        answer = json.loads(body)
        if answer["verdict"] not in _VERDICTS:
            return NoAnswer()
        return Judged(
            verdict=answer["verdict"],
            case=answer.get("case"),
            unchecked=tuple(str(one["media"]) for one in answer.get("quarantined") or ()),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # An answer that is not understood is no permission to publish.
        return NoAnswer()


def _title(error: urllib.error.HTTPError) -> str:
    try:
        title = json.loads(error.read(ANSWER_BYTES_MAX))["title"]
        return str(title)[:200] or f"HTTP {error.code}"
    except (ValueError, KeyError, TypeError, OSError, HTTPException):
        return f"HTTP {error.code}"
