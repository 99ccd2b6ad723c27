"""`vigie report`: transparency reports from the ledger: computed, filled in, published, fetched.

It computes nothing itself: `reports` does, as for the API and the console.
"""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import actor_named, by_option
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show
from vigie.cli.report_periods import period_of, period_options
from vigie.cli.report_profile import profile
from vigie.cli.tables import print_table, progress
from vigie.foundation.clock import now
from vigie.foundation.errors import NotFound
from vigie.reports.periods import Period
from vigie.reports.wording import LANGUAGES, Say

if TYPE_CHECKING:
    from vigie.reports.report import Kind, Report
    from vigie.reports.service import Published

_FILES = click.Path(file_okay=False, path_type=Path)


@click.group()
def report() -> None:
    """Transparency reports, computed from the ledger alone."""


report.add_command(profile)


@report.command("tco")
@period_options
@click.option("--through", type=click.IntRange(0), help="Only up to this row of the ledger.")
@click.option("--explain", metavar="FIGURE", help="Show one figure with the ledger rows that it counts.")
@click.option("--output", type=_FILES, help="Write all files of the draft into this folder.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@data_option
@json_option
def tco(
    year: int | None,
    first: datetime | None,
    last: datetime | None,
    through: int | None,
    explain: str | None,
    output: Path | None,
    language: str,
    data: Path,
    as_json: bool,
) -> None:
    """The figures of Article 7 of Regulation (EU) 2021/784, and how each is found.

    \b
      $ vigie report tco --year 2026
      $ vigie report tco --year 2026 --explain c1
    """
    use_database(data)
    from vigie.reports.report import figure_json

    made = _compute("tco", period_of(year, first, last), through)
    say = Say(language)
    if output is not None:
        _write(made, output)
    if explain is not None:
        figure = next((one for one in made.figures if one.line.id == explain), None)
        if figure is None:
            names = ", ".join(one.line.id for one in made.figures)
            raise NotFound(f"There is no figure {explain[:40]!r}.", hint=f"Figures: {names}.")
        explained = figure_json(figure) | {"rows": list(figure.rows)}
        rows = ", ".join(str(one) for one in figure.rows) or "-"
        query = figure.line.query
        lines = (
            f"{say(f'line.{explain}')}: {figure.value}",
            say(f"how.{explain}"),
            say(
                "word.counts",
                events=", ".join(query.events),
                where="; ".join(query.where),
                count=say(f"word.count_{query.count}"),
            ),
            f"rows: {rows}",
        )
        show(explained, as_json=as_json, people=lambda: click.echo("\n".join(lines)))
        return
    shown = [(one.line.letter, one.line.id, say(f"line.{one.line.id}"), one.value) for one in made.figures]
    headers = ("", "id", say("word.figure"), say("word.value"))
    show(
        made.as_json(),
        as_json=as_json,
        people=lambda: _print(made, say, lambda: print_table(headers, shown, empty="")),
    )


@report.command("dsa")
@period_options
@click.option("--through", type=click.IntRange(0), help="Only up to this row of the ledger.")
@click.option("--output", type=_FILES, help="Write all files of the draft into this folder.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@data_option
@json_option
def dsa(
    year: int | None,
    first: datetime | None,
    last: datetime | None,
    through: int | None,
    output: Path | None,
    language: str,
    data: Path,
    as_json: bool,
) -> None:
    """The eleven tables of Implementing Regulation (EU) 2024/2835 as CSV, with a page and a PDF.

    \b
      $ vigie report dsa --from 2026-01-01 --to 2026-12-31 --output dsa-2026
    """
    use_database(data)
    made = _compute("dsa", period_of(year, first, last), through)
    say = Say(language)
    if output is not None:
        _write(made, output)
    rows = [(say(one.name), f"{one.name}.csv", len(one.rows)) for one in made.tables]
    show(
        made.as_json(),
        as_json=as_json,
        people=lambda: _print(made, say, lambda: print_table(("part", "file", "rows"), rows, empty="")),
    )


@report.command("publish")
@click.argument("kind", type=click.Choice(["tco", "dsa"]))
@period_options
@by_option
@data_option
@json_option
def publish_report(
    kind: "Kind",
    year: int | None,
    first: datetime | None,
    last: datetime | None,
    by: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Freeze a report: its files are kept, their hashes stand in the ledger, everybody can read it.

    \b
      $ vigie report publish tco --year 2025
    """
    settings = use_database(data)
    from vigie.ledger.service import head_seq
    from vigie.reports.service import publish

    with progress("reading the ledger", total=head_seq()) as tell:
        done = publish(
            kind,
            period_of(year, first, last),
            published_on=now().date(),
            actor=actor_named(by),
            settings=settings,
            tell=tell,
        )
    address = f"{settings.base_url}/transparency/{done.number}"
    show(
        _published(done) | {"url": address},
        as_json=as_json,
        people=lambda: click.echo(f"{done.number} is published: {address}"),
    )


@report.command("list")
@data_option
@json_option
def list_published(data: Path, as_json: bool) -> None:
    """Published reports, newest first.

    \b
      $ vigie report list
    """
    use_database(data)
    from vigie.reports.service import published

    found = [_published(one) for one in published()]
    headers = ("report", "kind", "period", "published", "computed through", "files")
    rows = [
        (one["report"], one["kind"], one["period"], one["published_on"], one["through"], len(one["files"]))
        for one in found
    ]
    show(
        {"reports": found},
        as_json=as_json,
        people=lambda: print_table(headers, rows, empty="Nothing was published yet."),
    )


@report.command("download")
@click.argument("number")
@click.option("--output", type=_FILES, required=True, help="Folder for its files.")
@data_option
@json_option
def download(number: str, output: Path, data: Path, as_json: bool) -> None:
    """Write the files of a published report, as they were published.

    \b
      $ vigie report download R-000001 --output R-000001
    """
    settings = use_database(data)
    from vigie.reports.service import find_published, published_file

    found = find_published(number)
    output.mkdir(parents=True, exist_ok=True)
    for name in found.sha256:
        (output / name).write_bytes(published_file(number, name, settings=settings))
    show(
        _published(found) | {"folder": str(output)},
        as_json=as_json,
        people=lambda: click.echo(f"{len(found.sha256)} files written to {output}."),
    )


@report.command("check")
@click.argument("number")
@data_option
@json_option
def check(number: str, data: Path, as_json: bool) -> None:
    """Compute a published report again from the ledger, and say whether it is the same.

    \b
      $ vigie report check R-000001
    """
    use_database(data)
    from vigie.reports.service import changed_files

    changed = changed_files(number)
    sentence = f"Not the same: {', '.join(changed)}." if changed else "The same, byte for byte."
    show({"changed": changed}, as_json=as_json, people=lambda: click.echo(sentence))
    if changed:
        raise click.exceptions.Exit(1)


def _compute(kind: "Kind", period: Period, through: int | None) -> "Report":
    from vigie.ledger.service import head_seq
    from vigie.reports.service import compute

    with progress("reading the ledger", total=through if through is not None else head_seq()) as tell:
        return compute(kind, period, through=through, tell=tell)


def _write(made: "Report", folder: Path) -> None:
    from vigie.reports.report import all_files

    folder.mkdir(parents=True, exist_ok=True)
    for name, content in all_files(made):
        (folder / name).write_bytes(content)


def _print(made: "Report", say: Say, table: Callable[[], None]) -> None:
    table()
    click.echo(f"\n{say('fact.ledger')} {made.point.through} ({made.point.hash[:16]})")
    if made.missing:
        click.echo(f"{say('word.missing')}:")
        for one in made.missing:
            click.echo(f"  {one.id}: {say(f'field.{one.id}')}")
        click.echo("  $ vigie report profile set FIELD VALUE")


def _published(one: "Published") -> dict[str, Any]:
    return {
        "report": one.number,
        "kind": one.kind,
        "period": one.period,
        "published_on": _iso(one.published_on),
        "kept_until": _iso(one.kept_until),
        "through": one.through,
        "ledger": one.seq,
        "files": one.sha256,
    }


def _iso(day: date) -> str:
    return day.isoformat()
