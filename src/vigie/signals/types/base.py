"""What every kind of signal offers: a name, how its value is written, and how far apart two may be to match.

Comparing many values is the index's work, in `matching`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from vigie.foundation.errors import Invalid

CODE_BYTES = 32


class SignalInvalid(Invalid):
    """A signal's value is not written as its kind asks."""

    code = "signal_invalid"


@dataclass(frozen=True, slots=True)
class SignalType:
    """One kind of signal whose value is a fixed number of bytes, written in lower-case hexadecimal.

    `distance_bits_max` is the largest radius at which two values can mean the same; 0 for exact kinds.
    `examples` feed the tests, the documentation and the demo.
    """

    name: str
    title: str
    value_bytes: int
    distance_bits_max: int
    judges: str
    examples: tuple[str, ...]

    _HEX: ClassVar[re.Pattern[str]] = re.compile(r"[0-9a-f]+")

    def parse(self, text: str) -> bytes:
        """The value as bytes; raises SignalInvalid naming what was expected."""
        value = text.strip().lower()
        if len(value) != self.value_bytes * 2 or self._HEX.fullmatch(value) is None:
            raise SignalInvalid(
                f"A {self.name} signal is {self.value_bytes * 2} hexadecimal digits.",
                hint=f"Example: {self.examples[0]}",
            )
        return bytes.fromhex(value)

    def parse_many(self, texts: Sequence[str]) -> bytes:
        """The values side by side, `value_bytes` each; raises SignalInvalid as `parse` does for the first wrong one.

        All at once where all are written plainly, which takes a tenth of the time; one by one otherwise.
        """
        if set(map(len, texts)) == {self.value_bytes * 2}:
            try:
                values = bytes.fromhex("".join(texts))
            except ValueError:
                values = b""
            # White space between digits is skipped in silence: then too few bytes come out.
            if len(values) == len(texts) * self.value_bytes:
                return values
        return b"".join(self.parse(text) for text in texts)

    def write(self, value: bytes) -> str:
        """The value in the field's form: lower-case hexadecimal digits."""
        return value.hex()

    def code(self, value: bytes) -> bytes:
        """The value as a 256-bit code for the index, padded with zeros behind."""
        return value.ljust(CODE_BYTES, b"\0")

    def codes(self, values: bytes) -> bytes:
        """As `code`, for values side by side."""
        if self.value_bytes == CODE_BYTES:
            return values
        size = self.value_bytes
        return b"".join(self.code(values[at : at + size]) for at in range(0, len(values), size))
