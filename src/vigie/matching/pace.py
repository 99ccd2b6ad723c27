"""How long look-ups have taken lately, so that short ones are made on the spot and long ones in a thread.

Handing work to a thread and taking it back costs more than finding one hash among a million. It measures nothing
itself and looks nothing up.
"""

# What the loop that serves everybody may be kept busy with at once.
SPOT_S_MAX = 0.001
_WEIGHT = 0.2
_Key = tuple[str, int]


class LookupPace:
    """Seconds a look-up by kind of signal and radius, as a moving average of what was noted."""

    def __init__(self) -> None:
        self._seconds: dict[_Key, float] = {}

    def is_short(self, type_name: str, *, distance_bits_max: int, count: int) -> bool:
        """Whether `count` look-ups will probably take a millisecond at most; what was never noted is long."""
        one_s = self._seconds.get((type_name, distance_bits_max))
        return one_s is not None and one_s * count <= SPOT_S_MAX

    def note(self, type_name: str, *, distance_bits_max: int, count: int, took_s: float) -> None:
        """Take into account that `count` look-ups took `took_s` seconds."""
        key = (type_name, distance_bits_max)
        new = took_s / count
        old = self._seconds.get(key, new)
        self._seconds[key] = old + _WEIGHT * (new - old)
