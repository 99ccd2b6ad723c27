"""Django of this process on the database of a running Vigie, for what a test has to prepare or look up there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from databases import point_django_at
from running import RunningVigie
from vigie.up.folder import running_database_url


@contextmanager
def inside(vigie: RunningVigie) -> Iterator[None]:
    """While the block runs, models and services of this process work in the database of `vigie`."""
    point_django_at(vigie.environment.get("VIGIE_DATABASE_URL") or running_database_url(vigie.data))
    try:
        yield
    finally:
        point_django_at(os.environ["VIGIE_DATABASE_URL"])
