"""One process under supervision: its present child, its deaths, and when it is due again.

It waits for nothing: the supervisor asks, again and again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import assert_never

from vigie.foundation.clock import monotonic_s
from vigie.up.children import Child, Command
from vigie.up.errors import GaveUp
from vigie.up.logs import Tail
from vigie.up.restarts import Deaths, GiveUp, RestartAfter

_NOT_DUE = float("inf")


def _nothing() -> None:
    """Nothing has to be cleared before most processes start again."""


@dataclass
class Watched:
    """`before_start` runs before every start, the first included."""

    command: Command
    before_start: Callable[[], None] = _nothing
    child: Child | None = None
    deaths: Deaths = field(default_factory=Deaths)
    due_s: float = _NOT_DUE

    def __post_init__(self) -> None:
        self.tail = Tail(self.command.log)
        self.tail.skip()

    @property
    def role(self) -> str:
        """Which part of Vigie it is."""
        return self.command.role

    @property
    def pid(self) -> int | None:
        """Its process number while it runs."""
        return None if self.child is None else self.child.pid

    def start(self) -> None:
        """Start it now."""
        self.before_start()
        self.child = Child(self.command)
        self.due_s = _NOT_DUE

    def notice_death(self) -> str | None:
        """When it has died since the last call: one line saying how, and a new start is due.

        Raises GaveUp when it has died too often.
        """
        if self.child is None:
            return None
        status = self.child.exit_status()
        if status is None:
            return None
        self.deaths = self.deaths.after(lifetime_s=monotonic_s() - self.child.started_s)
        self.child = None
        how = f"killed by signal {-status}" if status < 0 else f"ended with status {status}"
        match self.deaths.next_step():
            case RestartAfter(delay_s=delay_s):
                self.due_s = monotonic_s() + delay_s
                return f"{how}; starting it again"
            case GiveUp(quick_deaths=times):
                raise GaveUp(
                    f"The {self.role} process {how}, {times} times in a row right after its start.",
                    hint=f"The reason stands at the end of {self.command.log}.",
                )
            case never:
                assert_never(never)

    def is_due(self) -> bool:
        """Whether its waiting time after a death is over."""
        return monotonic_s() >= self.due_s
