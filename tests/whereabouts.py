"""Where a run of the tests is, for whoever must end one that hangs: `.ci/run` shows the folder that is kept here.

Each process notes the test it is in, and on SIGTERM, before it dies, the stack of each of its threads.
"""

import faulthandler
import os
import signal
from pathlib import Path

FOLDER = os.environ.get("TESTS_WHEREABOUTS", "")
_PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "main")


def note_stacks_when_ended() -> None:
    """From now on SIGTERM writes stacks first. The file stays open as long as the process lives."""
    if FOLDER:
        file = (Path(FOLDER) / f"{_PROCESS}.stacks").open("w")
        faulthandler.register(signal.SIGTERM, file=file, all_threads=True, chain=True)


def note_test(nodeid: str) -> None:
    """This test begins; an empty `nodeid`: none runs."""
    if FOLDER:
        (Path(FOLDER) / f"{_PROCESS}.test").write_text(nodeid and f"{nodeid}\n")
