"""What can keep the demonstration from going on.

An expectation that does not hold is no error: it is reported with the others.
"""

from vigie.foundation.errors import VigieError


class DemoFailed(VigieError):
    """The demonstration cannot start or go on."""

    code = "demo_failed"
