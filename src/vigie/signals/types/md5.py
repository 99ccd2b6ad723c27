"""MD5 of a medium's bytes: kept because partners still exchange it.

It recognises identical files only, and is no proof against somebody who makes collisions.
"""

from vigie.signals.types.base import SignalType

SIGNAL_TYPE = SignalType(
    name="md5",
    title="MD5",
    value_bytes=16,
    distance_bits_max=0,
    judges="identical files",
    examples=("d41d8cd98f00b204e9800998ecf8427e",),
)
