"""What the rules stand on, and what they must not touch."""

import subprocess
import sys

from vigie.policy.facts import BY_PATH
from vigie.policy.verdicts import SIGNALS_THAT_MAY_REMOVE
from vigie.signals.alignment import FEATURES_SIGNAL
from vigie.signals.types import ALL
from vigie.signals.variants import VARIANT_SIGNAL


def test_rules_and_verdicts_load_neither_django_nor_the_network_nor_the_kernel() -> None:
    # `socket` itself is loaded by the engine's package, through its command line; nothing here calls it.
    script = (
        "import sys, vigie.policy, vigie.policy.reference;"
        "unwanted = {'django', 'httpx', 'vigie.foundation.outbound', 'vigie_kernel', 'vigie.policy.models'};"
        "print(*sorted(unwanted & set(sys.modules)))"
    )
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == ""


def test_rules_know_every_kind_of_signal() -> None:
    assert set(BY_PATH["match.signal"].values) == {*ALL, VARIANT_SIGNAL, FEATURES_SIGNAL}


def test_every_signal_that_may_remove_is_there_and_that_of_texts_is_not_among_them() -> None:
    assert set(ALL) - {"text_sha256"} == SIGNALS_THAT_MAY_REMOVE
