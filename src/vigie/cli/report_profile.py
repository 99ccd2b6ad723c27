"""`vigie report profile`: what reports ask and the ledger cannot know, shown and written.

It judges nothing that is written: `reports` says what a field may hold.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import actor_named, by_option
from vigie.cli.connection import use_database
from vigie.cli.files import text_of
from vigie.cli.options import data_option, json_option, show
from vigie.cli.report_periods import period_of, period_options
from vigie.cli.tables import print_table
from vigie.reports.profile import FIELDS, profile_for
from vigie.reports.wording import Say

if TYPE_CHECKING:
    from vigie.reports.service import Said


@click.group()
def profile() -> None:
    """What reports ask and the ledger cannot know."""


@profile.command("show")
@period_options
@click.option("--history", is_flag=True, help="Every version that was ever written, newest first.")
@data_option
@json_option
def show_profile(
    year: int | None,
    first: datetime | None,
    last: datetime | None,
    history: bool,
    data: Path,
    as_json: bool,
) -> None:
    """Every field, what it holds for a period, and what it is for.

    \b
      $ vigie report profile show --year 2026
    """
    use_database(data)
    from vigie.reports.service import said

    say = Say("en")
    if history:
        versions = [_said(one) for one in said()]
        shown = [(one["field"], one["period"] or "every", one["version"], one["value"]) for one in versions]
        show(
            {"versions": versions},
            as_json=as_json,
            people=lambda: print_table(("field", "period", "version", "value"), shown, empty="Nothing yet."),
        )
        return
    known = {(one.field, one.period): one.value for one in reversed(said())}
    wanted = period_of(year, first, last) if year or first else None
    values = profile_for(wanted, known).values
    rows = [(one.id, values.get(one.id, ""), say(f"field.{one.id}")) for one in FIELDS]
    show(
        {"period": wanted.key if wanted else "", "fields": dict(values)},
        as_json=as_json,
        people=lambda: print_table(("field", "value", "what it is"), rows, empty=""),
    )


@profile.command("set")
@click.argument("field")
@click.argument("value", required=False)
@click.option(
    "--file",
    "text_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take the value from this file.",
)
@period_options
@by_option
@data_option
@json_option
def set_field(
    field: str,
    value: str | None,
    text_file: Path | None,
    year: int | None,
    first: datetime | None,
    last: datetime | None,
    by: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Write a field, for one period or for every one; an empty value takes it back.

    \b
      $ vigie report profile set provider_name "Example Forum Ltd"
      $ vigie report profile set tco_identify --file identify.txt
      $ vigie report profile set disputes_submitted 0 --year 2026
    """
    use_database(data)
    from vigie.reports.service import write_field

    if value is None and text_file is not None:
        value = text_of(text_file)
    elif value is None or text_file is not None:
        raise click.UsageError("Give the value, or --file.")
    wanted = period_of(year, first, last) if year or first or last else None
    written = write_field(field, value, period=wanted, actor=actor_named(by))
    show(
        _said(written),
        as_json=as_json,
        people=lambda: click.echo(f"{written.field}: version {written.version}, ledger row {written.seq}."),
    )


def _said(one: "Said") -> dict[str, Any]:
    return {
        "field": one.field,
        "period": one.period,
        "value": one.value,
        "version": one.version,
        "ledger": one.seq,
        "at": one.at,
        "actor": one.actor,
    }
