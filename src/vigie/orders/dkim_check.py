"""Whether the DKIM signature of a mail's own domain holds (RFC 6376), by the key that its DNS has now.

It asks DNS about the sender's domain alone, takes no signature that leaves out a part of the body for one, and calls
what could not be asked temporary, never a failure.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

import dkim
from dkim.util import InvalidTagValueList, parse_tag_value

from vigie.foundation.dns import DnsUnanswered

SIGNATURES_MAX = 3
HEAD_BYTES_MAX = 128 * 1024
FIELDS_MAX = 500
SIGNATURE_BYTES_MAX = 8_192
NAMES_MAX = 200
KEY_BYTES_MAX = 2_048
KEY_BITS_MIN = 1_024
TIME_S_MAX = 5.0
# The library's patterns need the square of the length of a run of blanks.
BLANKS_WORK_MAX = 20_000_000
_BLANKS = re.compile(rb"[\t ]{2,}")
_LONG_GAP = re.compile(rb"\s{16,}")
_SELECTOR = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,250}[a-z0-9])?", re.IGNORECASE)
_ALGORITHM = b"rsa-sha256"

Records = Callable[[str, float], tuple[bytes, ...]]
"""Name and seconds at most -> its TXT records. Raises DnsUnanswered."""


@dataclass(frozen=True, slots=True)
class Dkim:
    """`state`: pass, fail, none, or temporary when DNS did not answer. `reason` is a stable code when it is no pass.

    `record` is the key as DNS had it: keys change, and without it nobody could look again.
    """

    state: str
    domain: str = ""
    selector: str = ""
    reason: str = ""
    record: str = ""


def check_dkim(raw: bytes, *, sender_domain: str, records: Records) -> Dkim:
    """What the signatures of the sender's own domain say: the best of them counts, and those of others do not."""
    fields = _signature_fields(raw)
    if fields is None:
        return Dkim("none", reason="too_complex")
    found = [
        _one(raw, index, tags, records)
        for index, tags in enumerate(fields)
        if tags is not None and is_aligned(_text(tags, b"d"), sender_domain)
    ][:SIGNATURES_MAX]
    order = ("pass", "temporary", "fail", "none")
    best = min(found, key=lambda one: order.index(one.state), default=None)
    return best or Dkim("none", reason="of_other" if fields else "unsigned")


def is_aligned(signing: str, sending: str) -> bool:
    """Whether the domain that signed is that of the sender, or one above it."""
    return "." in signing and (sending == signing or sending.endswith("." + signing))


def _signature_fields(raw: bytes) -> list[dict[bytes, bytes] | None] | None:
    """Each DKIM-Signature in order, None for one that cannot be read; None when the head is not to be looked at."""
    head = re.split(rb"\r?\n\r?\n", raw[: HEAD_BYTES_MAX + 4], maxsplit=1)
    lines = re.split(rb"\r?\n(?![ \t])", head[0])
    work = sum((one.end() - one.start()) ** 2 for one in _BLANKS.finditer(raw))
    if len(head) < 2 or len(lines) > FIELDS_MAX or work > BLANKS_WORK_MAX:
        return None
    values = [line.partition(b":")[2] for line in lines if line[:15].lower() == b"dkim-signature:"]
    if any(len(one) > SIGNATURE_BYTES_MAX or _LONG_GAP.search(one) for one in values):
        return None
    return [_tags(one) for one in values]


def _tags(value: bytes) -> dict[bytes, bytes] | None:
    try:
        return dict(parse_tag_value(value))
    except InvalidTagValueList:
        return None


def _one(raw: bytes, index: int, tags: dict[bytes, bytes], records: Records) -> Dkim:
    domain, selector = _text(tags, b"d"), _text(tags, b"s")
    names = [one.strip().lower() for one in tags.get(b"h", b"").split(b":")]
    if tags.get(b"a") != _ALGORITHM or not _SELECTOR.fullmatch(selector):
        return Dkim("none", domain, selector, "algorithm")
    if b"from" not in names or len(names) > NAMES_MAX:
        return Dkim("none", domain, selector, "from_not_signed")
    if b"l" in tags:
        # What is said after so many bytes is signed by nobody: RFC 6376, section 8.2.
        return Dkim("none", domain, selector, "body_not_whole")
    try:
        keys = records(f"{selector}._domainkey.{domain}.", TIME_S_MAX)
    except DnsUnanswered:
        return Dkim("temporary", domain, selector, "dns_unanswered")
    key = next((one for one in keys if b"p=" in one and len(one) <= KEY_BYTES_MAX), b"")
    told = _tags(key) or {}
    record = key.decode("ascii", "replace")
    if not told.get(b"p"):
        return Dkim("fail", domain, selector, "key_revoked" if b"p" in told else "no_key", record)
    if b"y" in told.get(b"t", b"").split(b":"):
        return Dkim("none", domain, selector, "key_for_tests", record)
    reason = _reason(raw, index, key)
    return Dkim("fail" if reason else "pass", domain, selector, reason, record)


def _reason(raw: bytes, index: int, key: bytes) -> str:
    """Why the signature does not hold with this key; empty when it does."""
    try:
        message = dkim.DKIM(raw, logger=_SILENT, minkey=KEY_BITS_MIN)
        return "" if message.verify(idx=index, dnsfunc=lambda name, timeout=0: key) else "signature"
    except dkim.KeyFormatError:
        return "weak_key"
    except dkim.ValidationError as error:
        said = str(error)
        return "expired" if said.startswith("x=") else "body" if said.startswith("body") else "signature"
    except (dkim.DKIMException, ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
        return "unreadable"  # the library's many ways with a signature that is none


def _text(tags: dict[bytes, bytes], name: bytes) -> str:
    return tags.get(name, b"").decode("ascii", "replace").lower().rstrip(".")[:253]


def _silent() -> logging.Logger:
    logger = logging.getLogger("vigie.orders.dkim")
    logger.disabled = True  # what the library says holds header fields
    return logger


_SILENT = _silent()
