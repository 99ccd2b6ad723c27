"""What is heavy is loaded when it is first needed, so that a process starts as fast as before."""

import subprocess
import sys


def test_opencv_is_not_loaded_before_a_picture_is_to_be_aligned() -> None:
    script = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'vigie.settings'; django.setup();"
        "import vigie.flows.upload, vigie.flows.missed, vigie.flows.banking, vigie.api.fastlane;"
        "print(*sorted({'cv2', 'vigie.signals.aligning', 'vigie.matching.feature_index'} & set(sys.modules)))"
    )
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == ""
