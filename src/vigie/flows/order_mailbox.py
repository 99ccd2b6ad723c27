"""Reading the contact point's mailbox by IMAP: each message is taken in once, whole, and left where it is.

It deletes and moves nothing; a message counts as received when the mail server received it.
"""

import contextlib
import imaplib
import logging
import re
import ssl
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, unquote, urlsplit

from vigie.foundation.settings import SettingInvalid, Settings
from vigie.ledger.actors import SYSTEM
from vigie.orders.intake import INTAKE_BYTES_MAX, take_in
from vigie.orders.models import OrderIntake

_log = logging.getLogger(__name__)

TIME_S_MAX = 30.0
MESSAGES_AT_ONCE = 50
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_INTERNALDATE = re.compile(rb'INTERNALDATE "([^"]+)"')


def poll(*, settings: Settings, clock: Callable[[], datetime]) -> int:
    """Take in what came since the last time; returns how many messages. Nothing without a mailbox in the settings."""
    if not settings.orders_imap_url:
        return 0
    parts = urlsplit(settings.orders_imap_url)
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise SettingInvalid("VIGIE_ORDERS_IMAP_URL must be imaps://user:password@host/FOLDER.")
    try:
        with contextlib.closing(_Mailbox(parts)) as mailbox:
            mailbox.enter(unquote(parts.username), unquote(parts.password or ""), _folder(parts))
            return _take_new(mailbox, settings, clock)
    except (
        imaplib.IMAP4.error,
        OSError,
        ValueError,
    ) as error:  # imaplib's way with a server that talks nonsense
        _log.warning(
            "the orders' mailbox cannot be read", extra={"action": "poll", "kind": type(error).__name__}
        )
        return 0


class _Mailbox:
    """One folder of one server."""

    def __init__(self, parts: SplitResult) -> None:
        assert parts.hostname is not None
        self.name = f"{parts.hostname}/{_folder(parts)}"
        if parts.scheme == "imaps":
            context = ssl.create_default_context()
            self._server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                parts.hostname, parts.port or 993, ssl_context=context, timeout=TIME_S_MAX
            )
        else:
            self._server = imaplib.IMAP4(parts.hostname, parts.port or 143, timeout=TIME_S_MAX)
        self.validity = 0

    def enter(self, username: str, password: str, folder: str) -> None:
        """Sign in and open the folder for reading only."""
        self._server.login(username, password)
        state, _ = self._server.select(f'"{folder}"', readonly=True)
        if state != "OK":
            raise imaplib.IMAP4.error("no such folder")
        validity = self._server.response("UIDVALIDITY")[1]
        self.validity = int(validity[0]) if validity and validity[0] else 0

    def uids_after(self, uid: int) -> list[int]:
        """UIDs above `uid`, ascending."""
        state, found = self._server.uid("SEARCH", f"UID {uid + 1}:*")
        numbers = [int(one) for one in found[0].split()] if state == "OK" and found and found[0] else []
        return sorted(one for one in numbers if one > uid)

    def fetch(self, uid: int) -> tuple[bytes, datetime | None, int]:
        """The message (empty when it is too large), when the server took it in, and its size."""
        _, told = self._server.uid("FETCH", str(uid), "(RFC822.SIZE INTERNALDATE)")
        line = _flat(told)
        size = _SIZE.search(line)
        count = int(size.group(1)) if size else 0
        if count > INTAKE_BYTES_MAX:
            _, found = self._server.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{INTAKE_BYTES_MAX}>)")
        else:
            _, found = self._server.uid("FETCH", str(uid), "(BODY.PEEK[])")
        raw = next((one[1] for one in found or [] if isinstance(one, tuple)), b"")
        return raw, _instant(line), count

    def close(self) -> None:
        """Leave the server."""
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            self._server.logout()


def _take_new(mailbox: _Mailbox, settings: Settings, clock: Callable[[], datetime]) -> int:
    prefix = f"{mailbox.name}/{mailbox.validity}/"[:80]
    taken = OrderIntake.objects.filter(mailbox_uid__startswith=prefix).order_by("-id").first()
    last = int((taken.mailbox_uid or "/0").rpartition("/")[2]) if taken is not None else 0
    done = 0
    for uid in mailbox.uids_after(last)[:MESSAGES_AT_ONCE]:
        raw, received_at, _ = mailbox.fetch(uid)
        at = clock()
        take_in(
            raw,
            channel=OrderIntake.Channel.MAIL,
            received_at=received_at or at,
            at=at,
            actor=SYSTEM,
            settings=settings,
            mailbox_uid=f"{prefix}{uid}",
        )
        done += 1
    return done


def _folder(parts: SplitResult) -> str:
    return unquote(parts.path.strip("/")) or "INBOX"


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
