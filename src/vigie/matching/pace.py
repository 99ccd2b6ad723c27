"""How long look-ups have taken lately, so that short ones are made on the spot and long ones in a thread.

Handing work to a thread and taking it back costs more than finding one hash among a million. It measures nothing
itself and looks nothing up.
"""

from collections.abc import Iterable

# What the loop that serves everybody may be kept busy with at once.
SPOT_S_MAX = 0.001
_WEIGHT = 0.2
_Key = tuple[str, int]


class LookupPace:
    """Seconds a look-up by kind of signal and radius, as a moving average of what was noted."""

    def __init__(self) -> None:
        self._seconds: dict[_Key, float] = {}

    def are_short(self, lookups: Iterable[tuple[str, int, int]]) -> bool:
        """Whether look-ups will probably take a millisecond at most in all; what was never noted is long.

        Each is the kind of signal, the radius in bits and how many there are.
        """
        expected_s = 0.0
        for type_name, distance_bits_max, count in lookups:
            one_s = self._seconds.get((type_name, distance_bits_max))
            if one_s is None:
                return False
            expected_s += one_s * count
        return expected_s <= SPOT_S_MAX

    def note(self, type_name: str, *, distance_bits_max: int, count: int, took_s: float) -> None:
        """Take into account that `count` look-ups took `took_s` seconds."""
        key = (type_name, distance_bits_max)
        new = took_s / count
        old = self._seconds.get(key, new)
        self._seconds[key] = old + _WEIGHT * (new - old)
