"""`vigie lookback`: looking for entries among earlier uploads, with progress.

It works beside the worker: whichever has the archive's lock looks, the other waits.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import actor_named, by_option
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import print_table, progress
from vigie.foundation.clock import sleep_s, utc_text
from vigie.foundation.identifiers import public_number

if TYPE_CHECKING:
    from vigie.foundation.settings import Settings
    from vigie.matching.models import Lookback

POLL_S = 0.2
SHOWN = 50


@click.command()
@click.argument("entries", nargs=-1, metavar="ENTRY...")
@click.option("--bank", default="", help="Look for every entry of this bank.")
@click.option("--go-on", metavar="LOOKBACK", help="Let a stopped lookback open as many cases again.")
@click.option("--cancel", metavar="LOOKBACK", help="End a lookback; cases that it opened stay.")
@click.option("--show", "shown", metavar="LOOKBACK", help="Show one lookback and the cases of what it found.")
@click.option("--no-wait", is_flag=True, help="Leave it to the worker.")
@by_option
@data_option
@json_option
def lookback(
    entries: tuple[str, ...],
    bank: str,
    go_on: str | None,
    cancel: str | None,
    shown: str | None,
    no_wait: bool,
    by: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Look for entries among earlier uploads and open cases for what is near; without arguments show lookbacks.

    New entries are looked for without asking. What was begun goes on in the worker when this command is ended.

    \b
      $ vigie lookback E-000001
      $ vigie lookback --bank grey-heron
      $ vigie lookback
    """
    if sum(map(bool, (entries, bank, go_on, cancel, shown))) > 1:
        raise click.UsageError("Give entries, --bank, --go-on, --cancel or --show.")
    settings = use_database(data)
    from vigie.matching import lookbacks

    if shown:
        _show_one(lookbacks.find_lookback(shown), as_json=as_json)
        return
    actor = actor_named(by)
    if entries:
        wanted = lookbacks.ask_for_entries(entries, actor=actor, settings=settings)
    elif bank:
        wanted = lookbacks.ask_for_bank(bank, actor=actor, settings=settings)
    elif cancel:
        wanted = lookbacks.cancel(cancel, actor=actor)
    elif go_on:
        wanted = lookbacks.go_on(go_on, actor=actor, settings=settings)
    else:
        _show_all(as_json=as_json)
        return
    if not no_wait:
        _work_until_ended(wanted, settings)
    _show_one(wanted, as_json=as_json)


def _work_until_ended(wanted: "Lookback", settings: "Settings") -> None:
    from vigie.flows.lookback import Workshop, tend_archive
    from vigie.matching.models import Lookback

    workshop = Workshop(settings, _index_of(settings), lambda: False)
    with progress(f"Looking for {wanted.entry_count} entries", total=100) as done:
        while wanted.state == Lookback.State.RUNNING:
            if not tend_archive(workshop):
                sleep_s(POLL_S)
            wanted.refresh_from_db()
            done(wanted.percent)
            if wanted.state == Lookback.State.RUNNING:
                sleep_s(POLL_S)


def _index_of(settings: "Settings") -> "Callable[[], Any]":
    """The index, read when the first upload is found."""
    from vigie.matching.index import MatchIndex

    index = MatchIndex()

    def fresh() -> MatchIndex:
        if index.state.cursor:
            index.catch_up()
        else:
            index.start(settings.data / "index")
        return index

    return fresh


def _show_all(*, as_json: bool) -> None:
    from vigie.matching.models import Lookback

    rows = [_lookback(one) for one in Lookback.objects.order_by("-id")[:SHOWN]]
    headers = ("number", "state", "looked at", "bank", "entries", "opened", "joined", "decided", "asked")
    show(
        {"lookbacks": rows},
        as_json=as_json,
        people=lambda: print_table(
            headers,
            [
                (
                    one["number"],
                    one["state"],
                    f"{one['percent']} %",
                    one["bank"],
                    one["entries"],
                    one["cases_opened"],
                    one["cases_joined"],
                    one["cases_decided"],
                    one["asked_at"],
                )
                for one in rows
            ],
            empty="There was no lookback yet.",
        ),
    )


def _show_one(one: "Lookback", *, as_json: bool) -> None:
    finds = [
        {
            "case": public_number("C", find.case),
            "entry": public_number("E", find.entry),
            "distance_bits": find.nearest,
            "outcome": find.outcome,
        }
        for find in one.finds.order_by("id")[:1_000]
    ]
    facts = {**_lookback(one), "finds": finds}
    show(facts, as_json=as_json, people=lambda: _tell(facts))


def _tell(facts: dict[str, Any]) -> None:
    click.echo(
        f"{facts['number']}: {facts['state']}, {facts['percent']} % looked at, {facts['signals']:,} signals,"
        f" cases: {facts['cases_opened']} opened, {facts['cases_joined']} joined,"
        f" {facts['cases_decided']} decided already."
    )
    if facts["state"] == "stopped":
        click.echo(
            f"It opened as many cases as it may. Go on: vigie lookback --go-on {facts['number']}; or end it:"
            f" vigie lookback --cancel {facts['number']}"
        )
    if facts["finds"]:
        headers = ("case", "entry", "bits", "outcome")
        print_table(headers, [tuple(find.values()) for find in facts["finds"]], empty="")


def _lookback(one: "Lookback") -> dict[str, Any]:
    return {
        "number": one.number,
        "state": one.state,
        "percent": one.percent,
        "bank": one.bank,
        "entries": one.entry_count,
        "signals": one.signals_looked_at,
        "cases_opened": one.cases_opened,
        "cases_joined": one.cases_joined,
        "cases_decided": one.cases_decided,
        "asked_by": one.asked_by,
        "asked_at": utc_text(one.asked_at),
        "ended_at": utc_text(one.ended_at) if one.ended_at else None,
    }
