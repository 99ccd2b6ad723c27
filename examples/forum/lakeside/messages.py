"""The webhook that Vigie sends: checking who sent it, and reading it.

It changes nothing; `store.Store.obey` does.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MESSAGE_BYTES_MAX = 16 * 1024
SECONDS_OFF_MAX = 300
_MEASURES = frozenset(
    {"hide_content", "remove_content", "restore_content", "suspend_author", "restore_author"}
)


class Unsigned(Exception):
    """Nobody who holds the secret sent this just now."""


class Malformed(Exception):
    """Signed, but not understood."""


@dataclass(frozen=True)
class Message:
    """What Vigie asks for; with no measures there is only something to tell the author.

    `author_until_s`: when a suspension ends, Unix seconds; None for one without end. `letter`: what to tell.
    """

    key: str
    sequence: int
    test: bool
    content_id: str
    author_id: str | None
    measures: tuple[str, ...]
    author_until_s: float | None = None
    letter: dict[str, Any] | None = None


def read_message(
    body: bytes, *, secret: str, timestamp: str, signature: str, key: str, posts_url: str, at_s: float
) -> Message:
    """The message in `body`; `timestamp`, `signature` and `key` are its headers, `posts_url` is where posts are seen.

    Raises Unsigned (answer 401) or Malformed (answer 400).
    """
    if not re.fullmatch(r"[0-9]{1,12}", timestamp) or abs(at_s - int(timestamp)) > SECONDS_OFF_MAX:
        raise Unsigned
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(f"v1={digest}".encode(), signature.encode("utf-8", "surrogateescape")):
        raise Unsigned
    try:
        whole = json.loads(body)
        author, until = whole["author"], whole.get("author_until")
        message = Message(
            key=str(whole["id"]),
            sequence=int(whole["sequence"]),
            test=bool(whole["test"]),
            content_id=_content_id(whole["content"], posts_url),
            author_id=None if author is None else str(author["id"]),
            measures=tuple(str(measure) for measure in whole.get("measures", ())),
            letter=dict(whole["letter"]) if whole.get("letter") else None,
            author_until_s=None if until is None else datetime.fromisoformat(until).timestamp(),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Malformed from error
    # The key in the header is not signed, the one in the body is.
    if (
        message.key != key
        or not (message.measures or message.letter)
        or not _MEASURES.issuperset(message.measures)
    ):
        raise Malformed
    return message


def _content_id(content: dict[str, Any], posts_url: str) -> str:
    """An order or a notice names an address: where the id begins `url-`, which is Vigie's, the address tells."""
    number, url = str(content["id"]), str(content["url"])
    return (
        f"post-{url.removeprefix(posts_url)}"
        if number.startswith("url-") and url.startswith(posts_url)
        else number
    )
