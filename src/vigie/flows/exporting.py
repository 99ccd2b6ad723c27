"""A package on its way to a browser or a client: written to a file that has no name, locked before it touches the disk.

It writes nothing in the clear; the command line alone can, when it is told to.
"""

import tempfile
from datetime import datetime
from typing import IO

from vigie.evidence.packages import write_package
from vigie.evidence.requests import find_request
from vigie.flows.holds import related_subjects
from vigie.foundation.settings import Settings
from vigie.people.models import User


def locked_package(
    number: str, *, passphrase: str, user: User, at: datetime, settings: Settings
) -> IO[bytes]:
    """The package of a granted export, ready to be read from its beginning; whoever closes it deletes it.

    A process that is killed leaves nothing: the file has no name. Raises what `write_package` raises.
    """
    related = related_subjects(find_request(number).item.subject)
    file = tempfile.TemporaryFile(dir=settings.data)  # noqa: SIM115 - the caller closes it
    try:
        write_package(
            number, file, passphrase=passphrase, related=related, user=user, at=at, settings=settings
        )
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file
