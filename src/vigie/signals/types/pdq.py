"""PDQ, the perceptual hash of still pictures that hash exchanges use: 256 bits, near when few of them differ.

It recognises copies of the same picture, not similar motifs. Source: facebook/ThreatExchange, `pdq/README.md`.
"""

from vigie.signals.types.base import SignalType

SIGNAL_TYPE = SignalType(
    name="pdq",
    title="PDQ",
    value_bytes=32,
    distance_bits_max=64,
    judges="copies of a picture, also recompressed or resized",
    examples=("f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22",),
)
