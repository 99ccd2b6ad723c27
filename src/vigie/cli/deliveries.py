"""`vigie deliveries`: decisions on their way to platforms, and sending dead letters again.

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
from vigie.foundation.errors import NotFound
from vigie.foundation.limits import PAGE_ROWS_MAX

if TYPE_CHECKING:
    from vigie.ledger.models import OutboxMessage


@click.group()
def deliveries() -> None:
    """Decisions on their way to platforms."""


@deliveries.command("list")
@click.option("--state", type=click.Choice(["pending", "delivered", "dead", "overtaken"]), help="Only these.")
@click.option("--platform", default="", help="Only to this platform.")
@click.option(
    "--limit", type=click.IntRange(1, PAGE_ROWS_MAX), default=50, show_default=True, help="Rows shown."
)
@data_option
@json_option
def list_deliveries(state: str | None, platform: str, limit: int, data: Path, as_json: bool) -> None:
    """Show deliveries, newest first; dead ones were given up after 72 hours, overtaken ones done by hand.

    \b
      $ vigie deliveries list
      $ vigie deliveries list --state dead
    """
    use_database(data)
    from vigie.ledger.models import OutboxMessage

    messages = OutboxMessage.objects.order_by("-id")
    if state:
        messages = messages.filter(state=state)
    if platform:
        messages = messages.filter(receiver=platform)
    rows = [_delivery(one) for one in messages[:limit]]
    headers = ("id", "platform", "content", "measures", "state", "attempts", "last error")
    show(
        {"deliveries": rows},
        as_json=as_json,
        people=lambda: print_table(
            headers,
            [
                (
                    one["id"],
                    one["platform"],
                    one["content"],
                    " ".join(one["measures"]),
                    one["state"],
                    one["attempts"],
                    one["last_error"],
                )
                for one in rows
            ],
            empty="There is no such delivery.",
        ),
    )


@deliveries.command("replay")
@click.argument("ids", nargs=-1, type=click.IntRange(min=1), metavar="ID...")
@click.option("--all-dead", is_flag=True, help="Every dead letter.")
@by_option
@data_option
@json_option
def replay_deliveries(
    ids: tuple[int, ...], all_dead: bool, by: str | None, data: Path, as_json: bool
) -> None:
    """Put dead letters back on their way, with a fresh 72 hours.

    \b
      $ vigie deliveries replay --all-dead
    """
    if bool(ids) == all_dead:
        raise click.UsageError("Give numbers, or --all-dead.")
    use_database(data)
    from vigie.ledger import service
    from vigie.ledger.models import OutboxMessage

    if all_dead:
        dead = OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD)
        ids = tuple(dead.order_by("id").values_list("id", flat=True))
    for one in ids:
        if not OutboxMessage.objects.filter(pk=one).exists():
            raise NotFound(f"There is no delivery {one}.")
    actor = actor_named(by)
    rows = [_delivery(service.replay(one, actor=actor)) for one in ids]
    show({"replayed": rows}, as_json=as_json, people=lambda: click.echo(f"{len(rows)} on their way again."))


def _delivery(one: "OutboxMessage") -> dict[str, Any]:
    return {
        "id": one.pk,
        "key": one.key,
        "platform": one.receiver,
        "content": one.payload.get("content", {}).get("id", ""),
        "case": one.payload.get("case", ""),
        "measures": one.payload.get("measures", []),
        "state": one.state,
        "attempts": one.attempts,
        "created_at": utc_text(one.created_at),
        "delivered_at": utc_text(one.delivered_at) if one.delivered_at else None,
        "last_error": one.last_error,
    }
