"""`vigie migrate`: brings the database schema up to date.

It never takes data away: migrations are written so.
"""

from pathlib import Path

import click

from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show


@click.command()
@data_option
@json_option
def migrate(data: Path, as_json: bool) -> None:
    """Bring the database schema up to date (`vigie up` does it by itself)."""
    settings = use_database(data)
    from django.core.management import call_command

    from vigie.cli.schema import pending_migrations
    from vigie.flows.keyring import check_keys

    applied = pending_migrations()
    call_command("migrate", interactive=False, verbosity=0)
    check_keys(settings)
    show(
        {"applied": applied},
        as_json=as_json,
        people=lambda: click.echo(
            f"{len(applied)} migrations applied." if applied else "The schema is up to date."
        ),
    )
