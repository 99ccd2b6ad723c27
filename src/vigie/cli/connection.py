"""How a command finds the settings and the database: those of the Vigie that runs on the data folder.

It starts no database; `vigie up` does.
"""

import os
from pathlib import Path

import django

from vigie.foundation.settings import Settings, current
from vigie.up.folder import running_database_url


def use_database(data: Path) -> Settings:
    """Set Django up on the database of VIGIE_DATABASE_URL, or of the `vigie up` that runs on `data`.

    Raises NotRunning when there is neither.
    """
    os.umask(0o077)  # what a command adds to the data folder is for its own account, as `vigie up` does it
    os.environ["VIGIE_DATA"] = os.fspath(data.expanduser().absolute())
    if not os.environ.get("VIGIE_DATABASE_URL"):
        os.environ["VIGIE_DATABASE_URL"] = running_database_url(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.settings")
    current.cache_clear()
    django.setup()
    return current()
