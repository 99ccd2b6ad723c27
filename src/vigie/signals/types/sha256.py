"""SHA-256 of a medium's bytes.

It recognises identical files only: one changed byte and it is another.
"""

from vigie.signals.types.base import SignalType

SIGNAL_TYPE = SignalType(
    name="sha256",
    title="SHA-256",
    value_bytes=32,
    distance_bits_max=0,
    judges="identical files",
    examples=("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",),
)
