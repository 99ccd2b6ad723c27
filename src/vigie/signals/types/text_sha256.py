"""SHA-256 of a text in a normal form, so that case, spacing and typographic variants do not hide an exact copy.

It recognises whole texts only and cannot tell who says them or why: it may open a case and never removes.
"""

import hashlib
import unicodedata

from vigie.signals.types.base import SignalType

TEXT_CHARS_MIN = 20

SIGNAL_TYPE = SignalType(
    name="text_sha256",
    title="Text",
    value_bytes=32,
    distance_bits_max=0,
    judges="the same text, whatever its case and spacing",
    examples=("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",),
)


def text_signal(text: str) -> bytes | None:
    """32 bytes; None for a text under 20 characters in normal form, which too many people write by chance."""
    normal = normalise(text)
    if len(normal) < TEXT_CHARS_MIN:
        return None
    return hashlib.sha256(normal.encode()).digest()


def normalise(text: str) -> str:
    """NFKC, case folded, format characters dropped, white space collapsed."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(one for one in folded if unicodedata.category(one) != "Cf")
    return " ".join(kept.split())
