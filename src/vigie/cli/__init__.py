"""The command line: one file a command group, every command with `--json`.

It holds no rules: each command calls what the API and the console call.
"""

import sys

import click
import psycopg

from vigie import __version__
from vigie.cli.demo import demo
from vigie.cli.doctor import doctor
from vigie.cli.migrate import migrate
from vigie.cli.up import up
from vigie.foundation.errors import Unavailable, VigieError

# Every command, in the order in which help shows them.
COMMANDS: tuple[click.Command, ...] = (up, demo, migrate, doctor)


class _Sentences(click.Group):
    """Shows errors that Vigie raises on purpose as a sentence and a way out, without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except VigieError as error:
            _say(error)
        except Exception as error:
            if not _is_database_away(error):
                raise
            _say(Unavailable("The database does not answer.", hint="See `vigie doctor`."))
        sys.exit(1)


def _say(error: VigieError) -> None:
    click.secho(error.sentence, fg="red", err=True)
    if error.hint:
        click.echo(error.hint, err=True)


def _is_database_away(error: Exception) -> bool:
    from django.db.utils import InterfaceError, OperationalError

    return isinstance(error, OperationalError | InterfaceError | psycopg.OperationalError)


@click.group(cls=_Sentences)
@click.version_option(__version__, prog_name="vigie")
def main() -> None:
    """Find, remove and keep down terrorist content, and answer for every decision."""


for _command in COMMANDS:
    main.add_command(_command)
