"""Where the running Vigie of a data folder is to be found.

It starts nothing; `vigie up` writes what is read here.
"""

from pathlib import Path

from vigie.foundation.settings import Settings


def database_url_file(settings: Settings) -> Path:
    """The file in which `vigie up` leaves the address of its embedded database, readable by its owner only."""
    return settings.data / "run" / "database-url"


def database_url(settings: Settings) -> str:
    """The address of the database: the setting, else that of a running `vigie up`, else empty."""
    if settings.database_url:
        return settings.database_url
    path = database_url_file(settings)
    return path.read_text().strip() if path.is_file() else ""
