"""Small secrets that have to be read back, such as webhook keys: encrypted under a key outside the database.

It is not for evidence, which has a key for each item, nor for passwords, which are never read back.
"""

import base64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vigie.foundation.identifiers import new_bytes
from vigie.foundation.keys import KeyUnusable, key_from_file
from vigie.foundation.settings import Settings

_NONCE_BYTES = 12


def lock_text(text: str, *, settings: Settings) -> str:
    """`text` encrypted, as base64."""
    return base64.b64encode(lock_bytes(text.encode(), settings=settings)).decode()


def lock_bytes(data: bytes, *, settings: Settings) -> bytes:
    """`data` encrypted, 28 bytes longer."""
    nonce = new_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_key(settings)).encrypt(nonce, data, None)


def unlock_text(locked: str, *, settings: Settings) -> str:
    """The inverse of `lock_text`; raises KeyUnusable when the key is another one."""
    return unlock_bytes(base64.b64decode(locked), settings=settings).decode()


def unlock_bytes(locked: bytes, *, settings: Settings) -> bytes:
    """The inverse of `lock_bytes`; raises KeyUnusable when the key is another one."""
    try:
        return AESGCM(_key(settings)).decrypt(locked[:_NONCE_BYTES], locked[_NONCE_BYTES:], None)
    except InvalidTag as error:
        raise KeyUnusable(
            "A stored secret cannot be read: keys/secrets.key is not the key it was stored with.",
            hint="Restore the key from your backup.",
        ) from error


def _key(settings: Settings) -> bytes:
    return key_from_file(settings.keys_folder / "secrets.key")
