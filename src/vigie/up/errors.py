"""What can keep Vigie from starting, each with a sentence and a way out.

Nothing here is raised once Vigie serves: from then on the supervisor restarts what fails.
"""

from vigie.foundation.errors import VigieError


class CannotStart(VigieError):
    """Base of everything that keeps `vigie up` from starting."""

    code = "cannot_start"


class AlreadyRunning(CannotStart):
    """Another Vigie works on this data folder."""

    code = "already_running"


class PortTaken(CannotStart):
    """Another program listens where Vigie should."""

    code = "port_taken"


class FolderUnusable(CannotStart):
    """The data folder cannot be used by this user."""

    code = "folder_unusable"


class DatabaseUnusable(CannotStart):
    """The database does not start, does not answer, or has a version that cannot be used."""

    code = "database_unusable"


class NotRunning(VigieError):
    """A command needs a running Vigie and there is none on this data folder."""

    code = "not_running"
    status = 503


class GaveUp(VigieError):
    """A process died so often and so quickly that starting it again makes no sense."""

    code = "gave_up"
