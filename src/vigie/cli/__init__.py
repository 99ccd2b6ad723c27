"""The command line: one file a command group, every command with `--json`.

It holds no rules: each command calls what the API and the console call.
"""

import sys
from importlib import import_module

import click
import psycopg

from vigie import __version__
from vigie.foundation.errors import Unavailable, VigieError

# Every command in the order in which help shows them. Each is imported when it is used: `vigie up` need not wait
# for what the others stand on.
COMMANDS = {
    "up": "vigie.cli.up:up",
    "demo": "vigie.cli.demo:demo",
    "migrate": "vigie.cli.migrate:migrate",
    "doctor": "vigie.cli.doctor:doctor",
    "backup": "vigie.cli.backups:backup",
    "restore": "vigie.cli.backups:restore",
    "user": "vigie.cli.people:user",
    "token": "vigie.cli.people:token",
    "platform": "vigie.cli.platforms:platform",
    "bank": "vigie.cli.banks:bank",
    "lookback": "vigie.cli.lookback:lookback",
    "archive": "vigie.cli.archive:archive",
    "hash": "vigie.cli.signals:hash_files",
    "match": "vigie.cli.signals:match",
    "missed": "vigie.cli.missed:missed",
    "case": "vigie.cli.cases:case",
    "order": "vigie.cli.orders:order",
    "exposure": "vigie.cli.exposure:exposure",
    "issuing": "vigie.cli.issuing:issuing",
    "inquiry": "vigie.cli.inquiries:inquiry",
    "statement": "vigie.cli.statements:statement",
    "complaint": "vigie.cli.complaints:complaint",
    "submission": "vigie.cli.transparency:submission",
    "notice": "vigie.cli.notices:notice",
    "flagger": "vigie.cli.notices:flagger",
    "threat": "vigie.cli.notices:threat",
    "misuse": "vigie.cli.misuse:misuse",
    "report": "vigie.cli.reports:report",
    "evidence": "vigie.cli.evidence:evidence",
    "policy": "vigie.cli.policy:policy",
    "deliveries": "vigie.cli.deliveries:deliveries",
    "alarms": "vigie.cli.alarms:alarms",
    "ledger": "vigie.cli.ledger:ledger",
}


class _Commands(click.Group):
    """Shows errors that Vigie raises on purpose as a sentence and a way out, without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

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


@click.group(cls=_Commands)
@click.version_option(__version__, prog_name="vigie")
def main() -> None:
    """Find, remove and keep down terrorist content, and answer for every decision."""


def _say(error: VigieError) -> None:
    click.secho(error.sentence, fg="red", err=True)
    if error.hint:
        click.echo(error.hint, err=True)


def _is_database_away(error: Exception) -> bool:
    from django.db.utils import InterfaceError, OperationalError

    return isinstance(error, OperationalError | InterfaceError | psycopg.OperationalError)
