"""The bytes that the ledger's key signs: checkpoints, tree heads, and what other domains prove with the same key.

It holds no key: each kind of statement has a heading of its own, so that none can be passed off as another.
"""

from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from vigie.foundation.canonical import canonical_json

CHECKPOINT = b"vigie-checkpoint-v1\n"
TREE_HEAD = b"vigie-tree-head-v1\n"


def checkpoint_bytes(through: int, digest: bytes, at: str) -> bytes:
    """What a checkpoint signs: the ledger up to row `through` had this hash."""
    return CHECKPOINT + canonical_json({"through": through, "hash": digest.hex(), "at": at})


def tree_head_bytes(through: int, digest: bytes, root: bytes, at: str) -> bytes:
    """What a tree head signs: rows 1 to `through`, the last of this hash, have this root."""
    facts: dict[str, Any] = {"through": through, "hash": digest.hex(), "root": root.hex(), "at": at}
    return TREE_HEAD + canonical_json(facts)


def is_signed(message: bytes, *, signature: bytes, public_key: bytes) -> bool:
    """Whether the owner of `public_key` signed the message; false for a key that is none."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
