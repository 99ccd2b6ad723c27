"""`vigie issuing reply`: what providers answer by mail.

A person places what no machine could, named by `--by`.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import by_person_option, user_named
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import print_table
from vigie.foundation.clock import now, utc_text
from vigie.foundation.limits import PAGE_ROWS_MAX

if TYPE_CHECKING:
    from vigie.issuing.models import Reply


@click.group()
def reply() -> None:
    """What providers answer by mail."""


@reply.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what waits for nobody.")
@click.option(
    "--limit", type=click.IntRange(1, PAGE_ROWS_MAX), default=50, show_default=True, help="Replies shown."
)
@data_option
@json_option
def list_replies(everything: bool, limit: int, data: Path, as_json: bool) -> None:
    """Show replies that wait for a person, the oldest first.

    \b
      $ vigie issuing reply list
    """
    use_database(data)
    from vigie.issuing.replies import replies_in

    rows = [_reply(one) for one in replies_in("all" if everything else "waiting")[:limit]]
    keys = ("number", "state", "problem", "order", "sender", "subject", "received_at")
    show(
        {"replies": rows},
        as_json=as_json,
        people=lambda: print_table(
            keys, [[one[key] for key in keys] for one in rows], empty="No reply waits for a person."
        ),
    )


@reply.command("show")
@click.argument("number")
@data_option
@json_option
def show_reply(number: str, data: Path, as_json: bool) -> None:
    """Show one reply with its text.

    \b
      $ vigie issuing reply show RE-000001
    """
    use_database(data)
    from vigie.issuing.replies import find_reply

    row = _reply(find_reply(number))
    show(row, as_json=as_json, people=lambda: print_table(("field", "value"), list(row.items()), empty=""))


@reply.command("place")
@click.argument("number")
@click.argument("meaning", type=click.Choice(["answer", "receipt", "noted"]))
@click.option("--order", default="", help="The order that it belongs to.")
@click.option("--reason", default="", help="Why there is nothing to do about it, when it is noted.")
@by_person_option
@data_option
@json_option
def place_reply(
    number: str, meaning: str, order: str, reason: str, by: str, data: Path, as_json: bool
) -> None:
    """Say what a reply is: the answer to an order, proof of its receipt, or noted.

    \b
      $ vigie issuing reply place RE-000001 noted --reason "An advertisement." --by ana
    """
    settings = use_database(data)
    from vigie.issuing.replies import place

    made = place(
        number,
        meaning=meaning,
        order=order,
        reason=reason,
        user=user_named(by),
        at=now(),
        settings=settings,
    )
    show(_reply(made), as_json=as_json, people=lambda: click.echo(f"{made.number}: {made.state}."))


def _reply(one: "Reply") -> dict[str, Any]:
    return {
        "number": one.number,
        "state": one.state,
        "problem": one.problem,
        "order": one.order.number if one.order else "",
        "sender": one.sender,
        "dkim": one.dkim,
        "subject": one.subject,
        "text": one.text,
        "received_at": utc_text(one.received_at),
    }
