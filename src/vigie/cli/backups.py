"""`vigie backup` and `vigie restore`: everything into one file while Vigie runs, and back.

It holds no rules: `vigie.backup` does.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from vigie.cli.acting import actor_named, by_option
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import progress
from vigie.foundation.settings import read_settings

_MEGABYTE = 1_000_000

file_argument = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@file_argument
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Put the keys and the settings into this file instead.",
)
@by_option
@data_option
@json_option
def backup(file: Path, keys_file: Path | None, by: str | None, data: Path, as_json: bool) -> None:
    """Write everything that Vigie keeps into one new file, while it runs.

    The database, the archive, sealed evidence, reports, checkpoints, keys and settings. The file is there whole or
    not at all, is read back once, and its owner alone can read it. With the keys in it, whoever has the file can open
    the evidence: --keys keeps them apart.

    \b
      $ vigie backup vigie-2026-11-30.backup
      $ vigie backup vigie.backup --keys vigie.keys
    """
    settings = use_database(data)
    from vigie.backup.making import make_backup

    with _megabytes("Backing up, MB") as done:
        made = make_backup(file, keys_path=keys_file, settings=settings, actor=actor_named(by), progress=done)
    result = {
        "file": str(file),
        "id": made.head.id,
        "taken_at": made.head.taken_at,
        "bytes": made.bytes,
        "ledger_rows": made.head.ledger_rows,
        "blobs": made.blobs,
        "blobs_gone": made.blobs_gone,
        "keys": str(keys_file) if keys_file else "inside",
        "not_in_it": list(made.outside),
    }

    def tell() -> None:
        click.echo(
            f"{made.bytes / _MEGABYTE:,.1f} MB in {file}: the ledger through row {made.head.ledger_rows},"
            f" {made.blobs} blobs, as of {made.head.taken_at}."
        )
        if keys_file:
            click.secho(
                f"The keys and settings are in {keys_file}: without it no evidence opens.", fg="yellow"
            )
        else:
            click.secho(
                "It holds the keys: whoever can read this file can open all evidence. --keys FILE keeps them apart.",
                fg="yellow",
            )
        for one in made.outside:
            click.echo(f"Not in it, as it is outside the data folder: {one}")

    show(result, as_json=as_json, people=tell)


@click.command()
@file_argument
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file with the keys, where they were kept apart.",
)
@click.option("--check", "only_check", is_flag=True, help="Read it through and change nothing.")
@data_option
@json_option
@click.pass_context
def restore(
    context: click.Context, file: Path, keys_file: Path | None, only_check: bool, data: Path, as_json: bool
) -> None:
    """Put a backup into an empty data folder, and into an empty database where VIGIE_DATABASE_URL names one.

    Every byte is checked before anything is touched, and the ledger verified afterwards: exit status 1 when it is
    damaged. Then `vigie up` starts on the folder; Vigie must not run on it meanwhile.

    \b
      $ vigie restore vigie-2026-11-30.backup --check
      $ vigie restore vigie-2026-11-30.backup --data /srv/vigie-restored
      $ vigie restore vigie.backup --keys vigie.keys --data /srv/vigie-restored
    """
    from vigie.backup.restoring import check_backup
    from vigie.backup.restoring import restore as put_back

    if only_check:
        with _megabytes("Checking, MB") as done:
            checked = check_backup(file, keys_path=keys_file, progress=done)
        head = checked.head
        show(
            {
                "whole": True,
                "id": head.id,
                "vigie": head.vigie,
                "taken_at": head.taken_at,
                "bytes": checked.bytes,
            },
            as_json=as_json,
            people=lambda: click.echo(
                f"The backup is whole: Vigie {head.vigie}, {head.taken_at}, the ledger through row {head.ledger_rows}."
            ),
        )
        return
    os.umask(0o077)
    settings = replace(read_settings(os.environ), data=data.expanduser().absolute())
    with _megabytes("Restoring, MB") as done:
        restored = put_back(file, keys_path=keys_file, settings=settings, progress=done)
    from vigie.ledger.checkpoints import Damaged

    head, damage = restored.head, restored.ledger if isinstance(restored.ledger, Damaged) else None
    result = {
        "data": str(settings.data),
        "id": head.id,
        "vigie": head.vigie,
        "taken_at": head.taken_at,
        "migrations": restored.migrations,
        "ledger_rows": head.ledger_rows,
        "ledger_whole": damage is None,
    }

    def tell() -> None:
        click.echo(
            f"Restored to {settings.data}: Vigie {head.vigie} as of {head.taken_at}, the ledger through row"
            f" {head.ledger_rows}; {restored.migrations} migrations applied since."
        )
        click.echo(f"The settings of then are in {settings.data / 'settings.env'}; they are not applied.")
        if damage:
            click.secho(
                f"The ledger is damaged, as it was when the backup was made. {damage.sentence}", fg="red"
            )
        else:
            click.echo(f"The ledger is whole. Start it: vigie up --data {settings.data}")

    show(result, as_json=as_json, people=tell)
    if damage:
        context.exit(1)


@contextmanager
def _megabytes(title: str) -> Iterator[Callable[[int], None]]:
    with progress(title, total=None) as done:
        yield lambda size_bytes: done(size_bytes // _MEGABYTE)
