"""What a mail says about the letters of ours that it answers or gives back; pure, over bytes.

Only a Message-ID of ours counts as naming a letter: nobody knows it but who got that letter.
"""

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage, Message

PARTS_MAX = 60
KEYS_MAX = 50
_OUR_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")
_FAILED = re.compile(r"^\s*action\s*:\s*failed", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Named:
    """Keys of letters: those that it answers, the nearest first, and those that a mail server gives back."""

    answered: tuple[str, ...] = ()
    given_back: tuple[str, ...] = ()


def letters_named(raw: bytes) -> Named:
    """The letters that a mail names; none in what cannot be read."""
    try:
        message = email.message_from_bytes(raw, policy=email.policy.compat32)
        given_back = _given_back(message) if _is_report(message) else ()
        fields = [str(message.get(name, ""))[:20_000] for name in ("In-Reply-To", "References")]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Named()
    threads = [_OUR_ID.findall(fields[0]), _OUR_ID.findall(fields[1])[::-1]]
    answered = dict.fromkeys(key for thread in threads for key in thread[:KEYS_MAX])
    return Named(tuple(answered), given_back)


def _is_report(message: "Message[str, str] | EmailMessage") -> bool:
    is_one = message.get_content_type() == "multipart/report"
    return is_one and str(message.get_param("report-type", "")).lower() == "delivery-status"


def _given_back(message: "Message[str, str] | EmailMessage") -> tuple[str, ...]:
    """Of a report that delivery failed (RFC 3464): the letters that it gives back; a report of delay names none."""
    keys: list[str] = []
    failed = False
    for count, part in enumerate(message.walk()):
        if count > PARTS_MAX:
            break
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            failed = failed or _FAILED.search(part.as_string()[:50_000]) is not None
        elif kind == "text/rfc822-headers":
            keys += _own_ids(_text(part))
        elif part is not message and part.get("Message-ID"):
            keys += _own_ids(f"Message-ID: {part['Message-ID']}")
    return tuple(dict.fromkeys(keys[:KEYS_MAX])) if failed else ()


def _own_ids(head: str) -> list[str]:
    lines = re.split(r"\r?\n(?![ \t])", head[:50_000])
    return [
        key for line in lines if line[:11].lower() == "message-id:" for key in _OUR_ID.findall(line[:1_000])
    ]


def _text(part: "Message[str, str] | EmailMessage") -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
