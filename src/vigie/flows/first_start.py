"""What has to be there before the first question: a policy.

It changes nothing that an operator chose.
"""

from pathlib import Path

from vigie.foundation.settings import Settings
from vigie.ledger.actors import SYSTEM
from vigie.policy import service as policies


def activate_first_policy(settings: Settings) -> None:
    """Activate the policy file of the settings; without one, the default policy where none was ever active.

    Raises PolicyFileUnreadable or PolicyInvalid, so that a start with a broken policy does not go unnoticed.
    """
    if settings.policy_file:
        policies.activate_file(Path(settings.policy_file), actor=SYSTEM)
    else:
        policies.ensure_default()
