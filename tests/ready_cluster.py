"""A PostgreSQL cluster that holds Vigie's migrated database: made once, and copied for whoever needs one.

It stays in `.state` under the digest of all that it is made of, and is made anew when that changes: it is never old.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.core.management import call_command
from django.db import connections

from databases import embedded_server, migrated, point_django_at

_PROJECT = Path(__file__).parents[1]
_PACKAGE = _PROJECT / "src" / "vigie"
_KEPT = _PROJECT / ".state" / "clusters"
_IMPORT = re.compile(r"^(?:import|from) (vigie(?:\.\w+)+)", re.MULTILINE)


def copy_cluster(data: Path) -> None:
    """Put a migrated cluster into the data folder `data`, which has none yet."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    _KEPT.mkdir(parents=True, exist_ok=True)
    # Processes that share the tests start together: one makes it, the others wait.
    with (_KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = _KEPT / cluster_digest(made_of())
        if not kept.exists():
            _make(kept)
        _copy(kept, data / "postgres")


def made_of() -> list[Path]:
    """Every file that decides what a migrated cluster holds: migrations and what they import, models, versions."""
    migrations = sorted(_PACKAGE.glob("*/migrations/*.py"))
    imported = {name for path in migrations for name in _IMPORT.findall(path.read_text("utf-8"))}
    return [
        *migrations,
        *sorted(_PACKAGE.joinpath(*name.split(".")[1:]).with_suffix(".py") for name in imported),
        *sorted(_PACKAGE.glob("*/models.py")),
        *sorted(_PACKAGE.glob("*/apps.py")),
        _PACKAGE / "settings.py",
        _PACKAGE / "up" / "embedded.py",
        _PROJECT / "requirements" / "base.txt",
        Path(__file__).with_name("databases.py"),
        Path(__file__),
    ]


def cluster_digest(files: Iterable[Path]) -> str:
    """One value for all names and bytes."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:32]


def _make(kept: Path) -> None:
    for earlier in _KEPT.iterdir():
        if earlier.is_dir():
            shutil.rmtree(earlier)
    unfinished = kept.with_name("unfinished")
    with tempfile.TemporaryDirectory(prefix="vigie-pg-") as folder:
        with embedded_server(Path(folder)) as server:
            point_django_at(migrated(server))
            call_command("migrate", interactive=False, verbosity=0)
            connections.close_all()
        point_django_at(os.environ["VIGIE_DATABASE_URL"])
        _copy(Path(folder) / "postgres", unfinished)
    # The server did not wait for the disk, and this outlives the machine.
    os.sync()
    unfinished.rename(kept)


def _copy(folder: Path, to: Path) -> None:
    """With owners and modes: the server runs under an account of its own."""
    subprocess.run(["cp", "-a", folder, to], check=True)
