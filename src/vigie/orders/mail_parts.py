"""A mail taken apart: who sent it, when a server took it in, its text and its files; pure, over bytes.

It follows no link and opens no file; what is nested too deep or too large is refused.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

from vigie.foundation.errors import Invalid

MAIL_BYTES_MAX = 25 * 1024 * 1024
PARTS_MAX = 100
DEPTH_MAX = 8
TEXT_CHARS_MAX = 200_000
FILES_MAX = 20
_ADDRESS = re.compile(r"[!#-'*+\-./0-9=?A-Z^-~]{1,64}@([a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9-]{1,63})+)")


class MailUnreadable(Invalid):
    """A mail cannot be taken apart. `code` says why."""

    code = "mail_unreadable"


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file in a mail."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What of a mail matters. `sender` is the one address of `From`, empty when there are none or several."""

    sender: str
    sender_domain: str
    subject: str
    taken_in_at: datetime | None
    results: tuple[str, ...]
    text: str
    files: tuple[MailFile, ...]


def looks_like_mail(data: bytes) -> bool:
    """Whether the bytes begin with header fields as a mail does."""
    head = data[:4_096].lstrip(b"\xef\xbb\xbf")
    return re.match(rb"(?:From [^\n]+\n)?[A-Za-z][A-Za-z0-9-]{0,60}:[ \t]", head) is not None and (
        re.search(rb"(?im)^(from|received|mime-version|message-id|return-path):", head) is not None
    )


def take_apart(data: bytes) -> Mail:
    """The mail; raises MailUnreadable."""
    if len(data) > MAIL_BYTES_MAX:
        raise MailUnreadable("The mail is too large.", code="mail_too_large")
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        return _mail(message)
    except RecursionError as error:
        raise MailUnreadable("The mail is nested too deep.", code="mail_too_deep") from error
    except MailUnreadable:
        raise
    except (
        Exception
    ) as error:  # the standard library raises many kinds over broken headers; none is passed over
        raise MailUnreadable("The mail is damaged.", code="mail_damaged") from error


def _mail(message: EmailMessage) -> Mail:
    texts: list[str] = []
    files: list[MailFile] = []
    for part in _leaves(message, depth=0, seen=[0]):
        media_type = part.get_content_type()
        name = _name(part)
        if media_type == "text/plain" and not name:
            texts.append(_text(part))
        elif media_type != "text/html" or name:
            files.append(MailFile(name, media_type, _bytes(part)))
            if len(files) > FILES_MAX:
                raise MailUnreadable("The mail has too many files.", code="mail_too_many_parts")
    sender = _sender(message)
    return Mail(
        sender=sender,
        sender_domain=sender.rpartition("@")[2],
        subject=_header(message, "Subject")[:500],
        taken_in_at=_taken_in_at(message),
        results=tuple(str(one)[:4_000] for one in message.get_all("Authentication-Results", [])[:20]),
        text="\n".join(texts)[:TEXT_CHARS_MAX],
        files=tuple(files),
    )


def _leaves(part: EmailMessage, *, depth: int, seen: list[int]) -> Iterator[EmailMessage]:
    seen[0] += 1
    if depth > DEPTH_MAX:
        raise MailUnreadable("The mail is nested too deep.", code="mail_too_deep")
    if seen[0] > PARTS_MAX:
        raise MailUnreadable("The mail has too many parts.", code="mail_too_many_parts")
    if part.is_multipart():
        for inner in part.get_payload():
            if isinstance(inner, EmailMessage):
                yield from _leaves(inner, depth=depth + 1, seen=seen)
    else:
        yield part


def _text(part: EmailMessage) -> str:
    data = _bytes(part)
    try:
        return data.decode(part.get_content_charset() or "utf-8", "replace").replace("\0", "")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace").replace("\0", "")


def _bytes(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _name(part: EmailMessage) -> str:
    try:
        return str(part.get_filename() or "")[:200]
    except (ValueError, LookupError, TypeError):
        return "unnamed"


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(str(message.get(name, "")).replace("\0", "").split())


def _sender(message: EmailMessage) -> str:
    """The address of `From`. Two `From` fields, or two addresses in one, are how senders are disguised."""
    given = [str(one) for one in message.get_all("From", [])]
    if len(given) != 1 or given[0].count("@") != 1:
        return ""
    address = parseaddr(given[0])[1].strip().lower()
    return address if len(address) <= 320 and _ADDRESS.fullmatch(address) else ""


def _taken_in_at(message: EmailMessage) -> datetime | None:
    """When the last server took the mail in: the topmost `Received` field; None without one that has a zone."""
    received = message.get_all("Received", [])
    if not received:
        return None
    try:
        found = parsedate_to_datetime(str(received[0]).rpartition(";")[2].strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo is not None and 1970 <= found.year <= 9998 else None
