"""What is heavy is loaded when it is first needed, so that a process starts as fast as before."""

import subprocess
import sys


def test_opencv_is_not_loaded_before_a_picture_is_to_be_aligned() -> None:
    modules = "vigie.flows.upload, vigie.flows.missed, vigie.flows.banking, vigie.api.fastlane"
    assert _loaded(modules, {"cv2", "vigie.signals.aligning", "vigie.matching.feature_index"}) == ""


def test_no_process_loads_what_libraries_need_for_command_lines_of_their_own() -> None:
    assert _loaded("vigie.worker, vigie.asgi", {"prompt_toolkit", "pygments", "rich", "typer"}) == ""


def _loaded(modules: str, heavy: set[str]) -> str:
    """Which of `heavy` a fresh process holds after it imported `modules`."""
    script = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'vigie.settings'; django.setup();"
        f"import {modules}; print(*sorted({heavy!r} & set(sys.modules)))"
    )
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return printed.stdout.strip()
