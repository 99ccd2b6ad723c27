"""Reading one folder of a mailbox by IMAP: each message is handed on once, whole, and left where it is.

It deletes and moves nothing, and marks nothing as read.
"""

import contextlib
import imaplib
import logging
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, unquote, urlsplit

from vigie.foundation.settings import SettingInvalid

_log = logging.getLogger(__name__)

TIME_S_MAX = 30.0
MESSAGES_AT_ONCE = 50
_INTERNALDATE = re.compile(rb'INTERNALDATE "([^"]+)"')
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True)
class Message:
    """A message, cut off at the limit; when the server took it in, and a name that no other message has."""

    raw: bytes = field(repr=False)
    received_at: datetime | None
    uid: str


def read_new(
    address: str,
    *,
    setting: str,
    bytes_max: int,
    last_uid: Callable[[str], str | None],
    take: Callable[[Message], object],
) -> int:
    """Hand on what came since the last time; returns how many messages. A server that is away is looked for later.

    `last_uid` says which message with this beginning of a name was taken last. Raises SettingInvalid for an address
    that is none.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise SettingInvalid(f"{setting} must be imaps://user:password@host/FOLDER.")
    try:
        with contextlib.closing(_Folder(parts)) as folder:
            folder.enter(unquote(parts.username), unquote(parts.password or ""))
            return _take_new(folder, bytes_max, last_uid, take)
    except (
        imaplib.IMAP4.error,
        OSError,
        ValueError,
    ) as error:  # imaplib's way with a server that talks nonsense
        _log.warning(
            "a mailbox cannot be read",
            extra={"action": "poll", "setting": setting, "kind": type(error).__name__},
        )
        return 0


class _Folder:
    """One folder of one server."""

    def __init__(self, parts: SplitResult) -> None:
        assert parts.hostname is not None
        self._folder = unquote(parts.path.strip("/")) or "INBOX"
        self.name = f"{parts.hostname}/{self._folder}"
        if parts.scheme == "imaps":
            context = ssl.create_default_context()
            self._server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                parts.hostname, parts.port or 993, ssl_context=context, timeout=TIME_S_MAX
            )
        else:
            self._server = imaplib.IMAP4(parts.hostname, parts.port or 143, timeout=TIME_S_MAX)
        self.validity = 0

    def enter(self, username: str, password: str) -> None:
        """Sign in and open the folder for reading only."""
        self._server.login(username, password)
        state, _ = self._server.select(f'"{self._folder}"', readonly=True)
        if state != "OK":
            raise imaplib.IMAP4.error("no such folder")
        validity = self._server.response("UIDVALIDITY")[1]
        self.validity = int(validity[0]) if validity and validity[0] else 0

    def uids_after(self, uid: int) -> list[int]:
        """UIDs above `uid`, ascending."""
        state, found = self._server.uid("SEARCH", f"UID {uid + 1}:*")
        numbers = [int(one) for one in found[0].split()] if state == "OK" and found and found[0] else []
        return sorted(one for one in numbers if one > uid)

    def fetch(self, uid: int, *, bytes_max: int) -> tuple[bytes, datetime | None]:
        """The message, its first `bytes_max` when it is larger, and when the server took it in."""
        _, told = self._server.uid("FETCH", str(uid), "(RFC822.SIZE INTERNALDATE)")
        line = _flat(told)
        size = _SIZE.search(line)
        is_large = size is not None and int(size.group(1)) > bytes_max
        what = f"(BODY.PEEK[]<0.{bytes_max}>)" if is_large else "(BODY.PEEK[])"
        _, found = self._server.uid("FETCH", str(uid), what)
        raw = next((one[1] for one in found or [] if isinstance(one, tuple)), b"")
        return raw, _instant(line)

    def close(self) -> None:
        """Leave the server."""
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            self._server.logout()


def _take_new(
    folder: _Folder,
    bytes_max: int,
    last_uid: Callable[[str], str | None],
    take: Callable[[Message], object],
) -> int:
    prefix = f"{folder.name}/{folder.validity}/"[:80]
    last = int((last_uid(prefix) or "/0").rpartition("/")[2])
    new = folder.uids_after(last)[:MESSAGES_AT_ONCE]
    for uid in new:
        raw, received_at = folder.fetch(uid, bytes_max=bytes_max)
        take(Message(raw, received_at, f"{prefix}{uid}"))
    return len(new)


def _flat(told: object) -> bytes:
    parts = told if isinstance(told, list) else []
    return b" ".join(
        one[0] if isinstance(one, tuple) else one for one in parts if isinstance(one, bytes | tuple)
    )


def _instant(line: bytes) -> datetime | None:
    found = _INTERNALDATE.search(line)
    if found is None:
        return None
    try:
        # "25-Nov-2026 03:10:00 +0100"
        return parsedate_to_datetime(found.group(1).decode("ascii").strip().replace("-", " ", 2))
    except (ValueError, TypeError, UnicodeDecodeError):
        return None
