"""The files that `vigie order import` takes in: which they are, and when a mail among them came.

It passes over no file and reads none as an order.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

import click

FILES_AT_ONCE_MAX = 10_000


def files_of(paths: tuple[Path, ...]) -> list[Path]:
    """Every file that is named or lies in a named folder, each once, by name within a folder."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = _files_in(path) if path.is_dir() else iter([path])
        files = list(islice(inside, FILES_AT_ONCE_MAX + 1))
        if not files:
            raise click.UsageError(f"There is no file in {path}.")
        found.update(dict.fromkeys(sorted(files)))
    if len(found) > FILES_AT_ONCE_MAX:
        raise click.UsageError(
            f"At most {FILES_AT_ONCE_MAX:,} files are taken in at once, and there are more; none was."
        )
    return list(found)


def _files_in(folder: Path) -> Iterator[Path]:
    """The files of a folder and of its folders; one that cannot be looked into is an error and not passed over.

    A link to a folder is not followed, but named: it has an answer like a file that cannot be read.
    """

    def refuse(error: OSError) -> None:
        raise click.UsageError(
            f"{error.filename} cannot be looked into: {error.strerror}. Nothing was taken in."
        )

    for inside, folders, names in os.walk(folder, onerror=refuse):
        links = [name for name in folders if Path(inside, name).is_symlink()]
        yield from (Path(inside, name) for name in (*links, *names))


def received_by_mail(raw: bytes) -> datetime | None:
    """When the last server says that it took a mail in."""
    from vigie.orders.mail_parts import MailUnreadable, looks_like_mail, take_apart

    if not looks_like_mail(raw):
        return None
    try:
        return take_apart(raw).taken_in_at
    except MailUnreadable:
        return None
