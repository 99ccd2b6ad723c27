"""Private links: unguessable, made anew from a key whenever one has to be sent, and stored only as a hash.

Whoever has the link is taken for the person to whom it was sent; it opens one thing and nothing else.
"""

import base64
import hashlib
import hmac

from vigie.foundation.keys import key_from_file
from vigie.foundation.settings import Settings

TOKEN_CHARS = 43


def link_token(reference: str, *, settings: Settings) -> str:
    """The secret part of the link of `reference`: 256 bits, URL-safe, the same each time."""
    key = key_from_file(settings.keys_folder / "secrets.key")
    digest = hmac.new(key, b"vigie private link\0" + reference.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def link_hash(token: str) -> bytes:
    """What is stored of a link."""
    return hashlib.sha256(token.encode()).digest()
