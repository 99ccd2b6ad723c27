"""When a process that died is started again, and when to give up: pure arithmetic on its lifetimes.

It starts nothing and reads no clock.
"""

from dataclasses import dataclass

QUICK_LIFETIME_S = 5.0
QUICK_DEATHS_MAX = 6
DELAY_FIRST_S = 0.25
DELAY_MAX_S = 5.0


@dataclass(frozen=True, slots=True)
class RestartAfter:
    """Start it again after `delay_s`."""

    delay_s: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It died `quick_deaths` times in a row within seconds of its start."""

    quick_deaths: int


@dataclass(frozen=True, slots=True)
class Deaths:
    """How often in a row a process died soon after its start."""

    quick: int = 0

    def after(self, *, lifetime_s: float) -> "Deaths":
        """Count a death; one that came late begins the count anew, because the process had worked."""
        return Deaths(quick=self.quick + 1 if lifetime_s < QUICK_LIFETIME_S else 0)

    def next_step(self) -> RestartAfter | GiveUp:
        """At once after a process that had worked; then ever slower; then not at all."""
        if self.quick >= QUICK_DEATHS_MAX:
            return GiveUp(quick_deaths=self.quick)
        if self.quick == 0:
            return RestartAfter(delay_s=0.0)
        return RestartAfter(delay_s=min(DELAY_MAX_S, DELAY_FIRST_S * 2 ** (self.quick - 1)))
