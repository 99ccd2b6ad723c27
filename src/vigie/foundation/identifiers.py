"""Identifiers and randomness: every random value in Vigie is made here.

Public numbers such as `C-000123` are formatted here too; counting them is the database's work.
"""

import random
import re
import secrets
import uuid

_PUBLIC_NUMBER = re.compile(r"^([A-Z]{1,2})-(\d{1,18})$")


def new_uuid() -> str:
    """A random UUID (RFC 9562 version 4), lower-case with hyphens."""
    return str(uuid.uuid4())


def new_secret(byte_count: int = 32) -> str:
    """A URL-safe random secret from `byte_count` bytes of the system's generator.

    None begins with a dash: on a command line it would be taken for an option.
    """
    while (secret := secrets.token_urlsafe(byte_count)).startswith("-"):
        pass
    return secret


def new_bytes(byte_count: int) -> bytes:
    """Random bytes fit for keys and nonces."""
    return secrets.token_bytes(byte_count)


def jitter() -> float:
    """A number in [0, 1) that spreads retries; not for secrets."""
    return random.random()


def public_number(prefix: str, number: int) -> str:
    """`C`, 123 -> `C-000123`."""
    return f"{prefix}-{number:06d}"


def parse_public_number(prefix: str, text: str) -> int | None:
    """`C-000123` -> 123; None when `text` is not a number with this prefix."""
    found = _PUBLIC_NUMBER.match(text.strip().upper())
    if found is None or found.group(1) != prefix:
        return None
    return int(found.group(2))
