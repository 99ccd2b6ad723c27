"""`vigie archive`: what is kept of uploads for lookback, and letting a content go from it.

It shows no content and no signal.
"""

from pathlib import Path
from typing import Any

import click

from vigie.cli.acting import actor_named, by_option
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import print_table
from vigie.foundation.clock import utc_text

_LOST = {
    "uploads": "Uploads that could not be kept: {count}. Is the disk full?",
    "torn": "Damaged pieces of a journal: {count}; they are in archive/quarantine",
    "damaged": "A damaged part is in archive/quarantine; uploads in it that no lookback finds: {count}",
}


@click.group()
def archive() -> None:
    """Signals of earlier uploads, kept for lookback."""


@archive.command("status")
@data_option
@json_option
def show_status(data: Path, as_json: bool) -> None:
    """Show what is kept, by day, and what was lost.

    \b
      $ vigie archive status
    """
    settings = use_database(data)
    from vigie.matching.archive import service
    from vigie.matching.models import ArchiveLoss

    summary = service.summary(settings)
    facts: dict[str, Any] = {
        "days_max": settings.archive_days,
        "days": [
            {"day": one.day, "uploads": one.uploads, "signals": one.signals, "size_bytes": one.size_bytes}
            for one in summary.days
        ],
        "journals": summary.journals,
        "erasures_waiting": summary.erasures_waiting,
        "losses": [
            {
                "id": one.pk,
                "kind": one.kind,
                "count": one.count,
                "at": utc_text(one.at),
                "seen_by": one.seen_by,
            }
            for one in ArchiveLoss.objects.order_by("-at")[:100]
        ],
    }
    show(facts, as_json=as_json, people=lambda: _tell(facts))


@archive.command("erase")
@click.argument("platform")
@click.argument("contents", nargs=-1, required=True, metavar="CONTENT...")
@by_option
@data_option
@json_option
def erase(platform: str, contents: tuple[str, ...], by: str | None, data: Path, as_json: bool) -> None:
    """Let contents of a platform go from the archive, at their author's wish. Sealed evidence of cases stays.

    \b
      $ vigie archive erase forum post-8731
    """
    settings = use_database(data)
    from vigie.matching.archive import service
    from vigie.platforms.service import find_platform

    name, actor = find_platform(platform).name, actor_named(by)
    numbers = [
        service.ask_erasure(name, one, actor=actor, settings=settings).number
        for one in dict.fromkeys(contents)
    ]
    show(
        {"erasures": numbers},
        as_json=as_json,
        people=lambda: click.echo(
            f"{len(numbers)} contents are found by no lookback any more; the files follow within minutes."
        ),
    )


@archive.command("seen")
@click.argument("losses", nargs=-1, required=True, type=click.IntRange(min=1), metavar="ID...")
@by_option
@data_option
@json_option
def note_seen(losses: tuple[int, ...], by: str | None, data: Path, as_json: bool) -> None:
    """Take note of losses.

    \b
      $ vigie archive seen 1
    """
    use_database(data)
    from vigie.matching.archive import service

    actor = actor_named(by)
    for one in losses:
        service.note_loss_seen(one, actor=actor)
    show({"seen": list(losses)}, as_json=as_json, people=lambda: click.echo("Noted."))


def _tell(facts: dict[str, Any]) -> None:
    print_table(
        ("day", "uploads", "signals", "MB"),
        [
            (one["day"], f"{one['uploads']:,}", f"{one['signals']:,}", f"{one['size_bytes'] / 1e6:,.1f}")
            for one in facts["days"]
        ],
        empty="Nothing is kept yet.",
    )
    click.echo(
        f"Kept for {facts['days_max']} days. {facts['journals']} journals are not in the files yet,"
        f" {facts['erasures_waiting']} erasures wait."
    )
    for one in facts["losses"]:
        what = _LOST[one["kind"]].format(count=one["count"])
        seen = ", noted" if one["seen_by"] else f"; take note of it: vigie archive seen {one['id']}"
        click.secho(f"{one['at']}  {what}{seen}", fg=None if one["seen_by"] else "red")
