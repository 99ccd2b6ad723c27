"""What can go wrong with a backup, each with a sentence and a way out.

Nothing here is raised about a Vigie that runs: a backup disturbs none.
"""

from vigie.foundation.errors import Conflict, VigieError


class BackupFailed(VigieError):
    """The backup was not made; no file of its name is there."""

    code = "backup_failed"


class BackupDamaged(VigieError):
    """The file is no backup, not a whole one, or not as it was written."""

    code = "backup_damaged"


class RestoreRefused(Conflict):
    """There is something where the backup should go, or this Vigie cannot use it. Nothing was touched."""

    code = "restore_refused"


class RestoreFailed(VigieError):
    """The restore was not finished; what it had written is removed again."""

    code = "restore_failed"
