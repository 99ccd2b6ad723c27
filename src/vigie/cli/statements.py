"""`vigie statement`: what users were told about restrictions.

It writes none: a decision does. Private links are not shown.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import print_table
from vigie.foundation.clock import utc_text
from vigie.foundation.limits import PAGE_ROWS_MAX

if TYPE_CHECKING:
    from vigie.redress.models import Statement


@click.group()
def statement() -> None:
    """Statements of reasons."""


@statement.command("list")
@click.option(
    "--limit", type=click.IntRange(1, PAGE_ROWS_MAX), default=50, show_default=True, help="Statements shown."
)
@data_option
@json_option
def list_statements(limit: int, data: Path, as_json: bool) -> None:
    """Show statements of reasons, newest first.

    \b
      $ vigie statement list
    """
    use_database(data)
    from vigie.redress.service import statements

    rows = [_statement(one) for one in statements().order_by("-id")[:limit]]
    headers = ("statement", "case", "decision", "action", "cause", "state", "made")
    show(
        {"statements": rows},
        as_json=as_json,
        people=lambda: print_table(
            headers,
            [
                (
                    one["number"],
                    one["case"],
                    one["decision"] or "",
                    one["action"],
                    one["cause"],
                    one["state"],
                    one["made_at"][:16],
                )
                for one in rows
            ],
            empty="Nobody was restricted yet.",
        ),
    )


@statement.command("show")
@click.argument("number", metavar="STATEMENT")
@data_option
@json_option
def show_statement(number: str, data: Path, as_json: bool) -> None:
    """Show a statement as the user reads it.

    \b
      $ vigie statement show S-000001
    """
    use_database(data)
    from vigie.redress.service import find_statement

    shown = _statement(find_statement(number))
    show(shown, as_json=as_json, people=lambda: click.echo(shown["text"]))


def _statement(one: "Statement") -> dict[str, Any]:
    return {
        "number": one.number,
        "case": one.case.number,
        "decision": one.decision.number if one.decision else None,
        "action": one.action,
        "legal_type": one.legal_type,
        "cause": one.cause,
        "language": one.language,
        "state": one.state,
        "made_at": utc_text(one.made_at),
        "informed_at": utc_text(one.informed_at) if one.informed_at else None,
        "text": one.text,
    }
