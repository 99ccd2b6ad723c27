"""Signing what goes to a platform, and checking it as the platform does (docs/reference/webhooks.md).

It keeps no secret and reads no clock.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

TIMESTAMP_HEADER = "Vigie-Timestamp"
SIGNATURE_HEADER = "Vigie-Signature"
IDEMPOTENCY_HEADER = "Idempotency-Key"
TIMESTAMP_OFF_S_MAX = 300

_TIMESTAMP = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True)
class SignatureAccepted:
    """The body comes from who holds the secret, and was signed just now."""


@dataclass(frozen=True)
class SignatureRefused:
    """The message is to be answered with 401."""

    reason: Literal["bad_timestamp", "timestamp_off", "bad_signature"]


def signature(secret: str, *, timestamp_s: int, body: bytes) -> str:
    """`v1=` and the lower-case hex HMAC-SHA256 over `timestamp_s`, a full stop and `body`.

    `secret` is keyed as its UTF-8 bytes. Source: RFC 2104.
    """
    signed = str(timestamp_s).encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def signed_headers(secret: str, *, idempotency_key: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of one attempt made at the instant `at`; every attempt is signed anew."""
    timestamp_s = int(at.timestamp())
    return {
        TIMESTAMP_HEADER: str(timestamp_s),
        SIGNATURE_HEADER: signature(secret, timestamp_s=timestamp_s, body=body),
        IDEMPOTENCY_HEADER: idempotency_key,
    }


def verify(
    secret: str, *, timestamp_header: str, signature_header: str, body: bytes, at: datetime
) -> SignatureAccepted | SignatureRefused:
    """What a receiver does at the instant `at`, before it reads the body as JSON."""
    if not _TIMESTAMP.fullmatch(timestamp_header):
        return SignatureRefused("bad_timestamp")
    timestamp_s = int(timestamp_header)
    if abs(at.timestamp() - timestamp_s) > TIMESTAMP_OFF_S_MAX:
        return SignatureRefused("timestamp_off")
    # The header's own characters are signed: "007" and "7" are different messages.
    signed = timestamp_header.encode() + b"." + body
    expected = "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature_header.encode("utf-8", "surrogatepass")):
        return SignatureRefused("bad_signature")
    return SignatureAccepted()
