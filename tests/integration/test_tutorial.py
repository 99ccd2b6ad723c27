"""The commands of the tutorial run, and lead where it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from running import RunningVigie, StartVigie

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"


def commands() -> str:
    """All commands of the page that are marked as shell, in order."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    return "set -euo pipefail\n" + "\n".join(blocks)


@pytest.mark.timeout(300)
def test_the_tutorial_does_what_it_says(vigie_starter: StartVigie, tmp_path: Path) -> None:
    vigie: RunningVigie = vigie_starter()
    folder = Path(sys.executable).parent
    environment = {
        **vigie.environment,
        "PATH": f"{folder}:{os.environ['PATH']}",
        "VIGIE_DATA": str(vigie.data),
        "VIGIE_URL": vigie.url,
    }
    done = subprocess.run(
        ["bash", "-c", commands()],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"verdict":"remove"' in done.stdout
    assert '"verdict":"hold"' in done.stdout
    assert "whole" in done.stdout
