"""`vigie alarms`: content that can still be seen although its platform said that it obeyed.

It ends no alarm: the looks go on until the content is gone.
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
    from vigie.platforms.models import Recheck


@click.group()
def alarms() -> None:
    """Content that is still there after its platform obeyed."""


@alarms.command("list")
@click.option("--seen/--unseen", default=None, help="Only those somebody took note of, or nobody did.")
@click.option("--platform", default="", help="Only of this platform.")
@click.option(
    "--limit", type=click.IntRange(1, PAGE_ROWS_MAX), default=50, show_default=True, help="Rows shown."
)
@data_option
@json_option
def list_alarms(seen: bool | None, platform: str, limit: int, data: Path, as_json: bool) -> None:
    """Show alarms, newest first.

    \b
      $ vigie alarms list
      $ vigie alarms list --unseen
    """
    use_database(data)
    from vigie.platforms.models import Recheck

    found = Recheck.objects.filter(alarm_at__isnull=False).select_related("platform").order_by("-id")
    if seen is not None:
        found = found.exclude(alarm_seen_by="") if seen else found.filter(alarm_seen_by="")
    if platform:
        found = found.filter(platform__name=platform)
    rows = [_alarm(one) for one in found[:limit]]
    show(
        {"alarms": rows},
        as_json=as_json,
        people=lambda: print_table(
            ("id", "platform", "content", "case", "since", "last look", "looks", "seen by"),
            [
                (
                    one["id"],
                    one["platform"],
                    one["content"],
                    one["case"],
                    one["alarm_at"],
                    one["last_seen"],
                    one["looks"],
                    one["seen_by"],
                )
                for one in rows
            ],
            empty="There is no alarm.",
        ),
    )


@alarms.command("seen")
@click.argument("ids", nargs=-1, required=True, type=click.IntRange(min=1), metavar="ID...")
@by_option
@data_option
@json_option
def note_alarms_seen(ids: tuple[int, ...], by: str | None, data: Path, as_json: bool) -> None:
    """Take note of alarms; Vigie goes on looking.

    \b
      $ vigie alarms seen 1
    """
    use_database(data)
    from vigie.platforms import service

    actor = actor_named(by)
    rows = [_alarm(service.note_alarm_seen(one, actor=actor)) for one in ids]
    show({"alarms": rows}, as_json=as_json, people=lambda: click.echo(f"{len(rows)} noted."))


def _alarm(one: "Recheck") -> dict[str, Any]:
    return {
        "id": one.pk,
        "platform": one.platform.name,
        "content": one.content,
        "url": one.content_url,
        "case": one.case,
        "state": one.state,
        "looks": one.looks,
        "last_seen": one.last_seen,
        "alarm_at": utc_text(one.alarm_at) if one.alarm_at else None,
        "seen_by": one.alarm_seen_by,
    }
