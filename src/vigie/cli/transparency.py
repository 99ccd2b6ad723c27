"""`vigie submission`: statements on their way to the Commission's Transparency Database.

It sends nothing itself: the worker does.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import actor_named, by_option
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import print_table
from vigie.foundation.clock import utc_text
from vigie.foundation.limits import PAGE_ROWS_MAX

if TYPE_CHECKING:
    from vigie.redress.models import Submission


@click.group()
def submission() -> None:
    """Submissions to the Transparency Database."""


@submission.command("list")
@click.option("--state", type=click.Choice(["pending", "accepted", "dead"]), help="Only in this state.")
@click.option(
    "--limit", type=click.IntRange(1, PAGE_ROWS_MAX), default=50, show_default=True, help="Submissions shown."
)
@data_option
@json_option
def list_submissions(state: str | None, limit: int, data: Path, as_json: bool) -> None:
    """Show submissions, newest first, and whether they are switched on.

    \b
      $ vigie submission list
    """
    settings = use_database(data)
    from vigie.redress.models import Submission
    from vigie.redress.transparency.service import is_on

    found = Submission.objects.select_related("statement").order_by("-id")
    if state:
        found = found.filter(state=state)
    rows = [_submission(one) for one in found[:limit]]
    shown = {"on": is_on(settings), "submissions": rows}
    empty = "Nothing was queued yet." if shown["on"] else "Off: set VIGIE_TRANSPARENCY_URL and its token."
    headers = ("statement", "state", "attempts", "queued", "last error")
    show(
        shown,
        as_json=as_json,
        people=lambda: print_table(
            headers,
            [
                (
                    one["statement"],
                    one["state"],
                    str(one["attempts"]),
                    one["queued_at"][:16],
                    one["last_error"],
                )
                for one in rows
            ],
            empty=empty,
        ),
    )


@submission.command("replay")
@click.argument("statements", metavar="STATEMENT...", nargs=-1, required=True)
@by_option
@data_option
@json_option
def replay_submissions(statements: tuple[str, ...], by: str | None, data: Path, as_json: bool) -> None:
    """Send dead submissions again, with a fresh 72 hours.

    \b
      $ vigie submission replay S-000001 --by ben
    """
    use_database(data)
    from vigie.redress.transparency.service import replay

    actor = actor_named(by)
    done = [_submission(replay(number, actor=actor)) for number in statements]
    show(
        {"submissions": done},
        as_json=as_json,
        people=lambda: click.echo("\n".join(f"{one['statement']} is on its way again." for one in done)),
    )


def _submission(one: "Submission") -> dict[str, Any]:
    return {
        "statement": one.statement.number,
        "puid": one.puid,
        "state": one.state,
        "attempts": one.attempts,
        "last_error": one.last_error,
        "queued_at": utc_text(one.queued_at),
        "accepted_at": utc_text(one.accepted_at) if one.accepted_at else None,
        "record": one.record,
    }
