"""Which processes make up Vigie and how each is started and ended.

It starts none of them.
"""

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from vigie.foundation.settings import Settings
from vigie.up.children import Command

_MIGRATE = (sys.executable, "-m", "vigie.cli", "migrate")
_API = (sys.executable, "-m", "vigie.up.serving")
_WORKER = (sys.executable, "-m", "vigie.worker")


@dataclass(frozen=True, slots=True)
class Plan:
    """The programs beside the database; tests put small ones in their place."""

    migrate: tuple[str, ...] = _MIGRATE
    api: tuple[str, ...] = _API
    worker: tuple[str, ...] = _WORKER


@dataclass(frozen=True, slots=True)
class Programs:
    """The plan with settings, environment and logs: ready to start."""

    migrate: Command
    api: Command
    worker: Command


def programs(plan: Plan, settings: Settings, *, inherited: Mapping[str, str], logs: Path) -> Programs:
    """Commands for `settings`, whose port and database address are the real ones by now."""
    environment = {**inherited, **_as_environment(settings)}
    environment |= {"DJANGO_SETTINGS_MODULE": "vigie.settings", "PYTHONUNBUFFERED": "1"}

    def command(role: str, arguments: tuple[str, ...], *, stop_s_max: float) -> Command:
        # Everything accepted is in the database, so a process may be killed at any time: nothing lingers when
        # the supervisor dies.
        return Command(
            role=role,
            arguments=arguments,
            environment=environment,
            log=logs / f"{role}.log",
            stop_signal=signal.SIGTERM,
            hurry_signal=signal.SIGKILL,
            death_signal=signal.SIGKILL,
            stop_s_max=stop_s_max,
        )

    return Programs(
        migrate=command("migrate", plan.migrate, stop_s_max=10.0),
        api=command("api", plan.api, stop_s_max=15.0),
        worker=command("worker", plan.worker, stop_s_max=30.0),
    )


def _as_environment(settings: Settings) -> dict[str, str]:
    """Settings as the variables they are read from."""
    return {f"VIGIE_{one.name.upper()}": _as_text(getattr(settings, one.name)) for one in fields(settings)}


def _as_text(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)
    if isinstance(value, bool):
        return "1" if value else "0"
    return os.fspath(value) if isinstance(value, Path) else str(value)
