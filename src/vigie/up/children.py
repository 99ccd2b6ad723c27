"""Child processes that never outlive the supervisor, each leading a session of its own.

It does not decide when a child is started again: `restarts` does.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from vigie.foundation.clock import monotonic_s
from vigie.up.unprivileged import Account, run_as

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(signal_number: int = signal.SIGKILL) -> None:
    """Have the kernel send this process `signal_number` when the thread that started it ends.

    Source: prctl(2), PR_SET_PDEATHSIG. Without effect outside Linux.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)


def adopt_orphans() -> None:
    """Make this process the parent of grandchildren whose parent dies, so that it can end and reap them.

    Source: prctl(2), PR_SET_CHILD_SUBREAPER. Without effect outside Linux.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Command:
    """What to start and how it ends. `death_signal` is what it gets when the supervisor is killed."""

    role: str
    arguments: Sequence[str | Path]
    environment: Mapping[str, str]
    log: Path
    stop_signal: signal.Signals
    hurry_signal: signal.Signals
    death_signal: signal.Signals
    stop_s_max: float
    account: Account | None = None
    folder: Path | None = None


class Child:
    """A started command."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self.started_s = monotonic_s()
        with command.log.open("ab") as log:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                [os.fspath(one) for one in command.arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=command.folder,
                env=dict(command.environment),
                start_new_session=True,
                preexec_fn=_before_exec(command.death_signal),
                **run_as(command.account),
            )

    @property
    def pid(self) -> int:
        """The process number."""
        return self._process.pid

    @property
    def role(self) -> str:
        """`database`, `api`, `worker` or `migrate`."""
        return self.command.role

    def exit_status(self) -> int | None:
        """None while it runs; else its exit status, negative for a signal. Ends what it left behind in its group.

        The group is killed before the process is reaped: until then its number cannot be given to another.
        """
        if self._process.returncode is not None:
            return self._process.returncode
        if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return None
        self._signal_group(signal.SIGKILL)
        return self._process.wait()

    def stop(self) -> None:
        """Ask it to end in good order."""
        self.send(self.command.stop_signal)

    def hurry(self) -> None:
        """End it now, with everything in its group."""
        if self.command.hurry_signal == signal.SIGKILL:
            self._signal_group(signal.SIGKILL)
        else:
            self.send(self.command.hurry_signal)

    def kill(self) -> None:
        """The last resort."""
        self._signal_group(signal.SIGKILL)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process itself; without effect when it is gone."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def _signal_group(self, number: signal.Signals) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)


def processes_in(folder: Path) -> list[psutil.Process]:
    """Processes whose working folder is `folder`: a PostgreSQL server and all its children, however orphaned."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.cwd() == os.fspath(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def reap_orphans(*, known: set[int]) -> None:
    """Take the exit status of adopted grandchildren that ended; `known` are children somebody waits for."""
    for process in psutil.Process().children():
        with contextlib.suppress(psutil.Error, ChildProcessError):
            if process.pid not in known and process.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(process.pid, os.WNOHANG)


def _before_exec(death_signal: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, set())
        die_with_parent(death_signal)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return prepare
