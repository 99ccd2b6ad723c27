"""AES-256-GCM envelope encryption as pure functions over bytes.

Each item has a key of its own, wrapped by the master key, which never enters the database.
Source: NIST SP 800-38D.
"""

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vigie.foundation.errors import VigieError

NONCE_BYTES = 12
KEY_BYTES = 32


class SealBroken(VigieError):
    """Sealed bytes are not what was sealed, or the key is another one."""

    code = "seal_broken"


@dataclass(frozen=True, slots=True)
class Sealed:
    """Encrypted bytes, the wrapped key that opens them, each with its nonce in front."""

    ciphertext: bytes
    wrapped_key: bytes


def seal(
    plaintext: bytes, *, master_key: bytes, item: str, key: bytes, nonces: tuple[bytes, bytes]
) -> Sealed:
    """Encrypt `plaintext` under the fresh `key`, and `key` under `master_key`; both are bound to `item`."""
    bound = item.encode()
    data_nonce, key_nonce = nonces
    return Sealed(
        ciphertext=data_nonce + AESGCM(key).encrypt(data_nonce, plaintext, bound),
        wrapped_key=key_nonce + AESGCM(master_key).encrypt(key_nonce, key, bound),
    )


def unseal(sealed: Sealed, *, master_key: bytes, item: str) -> bytes:
    """The plaintext; raises SealBroken when anything was changed or the master key is another."""
    key = unwrap_key(sealed.wrapped_key, master_key=master_key, item=item)
    return _decrypt(sealed.ciphertext, key=key, item=item)


def unwrap_key(wrapped_key: bytes, *, master_key: bytes, item: str) -> bytes:
    """The item's own key; raises SealBroken when it was changed or the master key is another."""
    return _decrypt(wrapped_key, key=master_key, item=item)


def _decrypt(sealed: bytes, *, key: bytes, item: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], item.encode())
    except InvalidTag as error:
        raise SealBroken(
            "Sealed evidence cannot be opened: it was changed, or the key is not the one it was sealed with.",
            hint="Compare keys/evidence.key with your backup, and run `vigie ledger verify`.",
        ) from error
