"""`vigie bank import` and `vigie bank export`: whole banks as files.

An import drops nothing unsaid: lines that become part of no entry are counted, and written out when asked.
"""

import csv
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from vigie.cli.acting import actor_named, by_option
from vigie.cli.connection import use_database
from vigie.cli.files import open_regular
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import progress

FORMATS = click.Choice(["csv", "local_file"])


@click.command("import")
@click.argument("name", metavar="BANK")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="Who gave the file, for entries that do not say.")
@click.option("--reference", default="", help="The source's own number or address.")
@click.option(
    "--format", "kind", type=FORMATS, help="Else by the file's ending: .csv, anything else local_file."
)
@click.option("--signal-type", default="", help="Type of bare signals in a local file.")
@click.option(
    "--quarantine",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the lines that became part of no entry here, as CSV: line, reason, text.",
)
@by_option
@data_option
@json_option
def import_bank(
    name: str,
    file: Path,
    source: str,
    reference: str,
    kind: str | None,
    signal_type: str,
    quarantine: Path | None,
    by: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Take a file of entries in, unconfirmed: CSV, or the local file of threatexchange (`<type> <signal>` a line).

    The same file again adds nothing twice.

    \b
      $ vigie bank export grey-heron --output bank.csv
      $ vigie bank import grey-heron bank.csv --source "partner list" --quarantine left-out.csv
    """
    settings = use_database(data)
    from vigie.banks.formats import About
    from vigie.banks.transfer import Format, ImportOrder, import_file

    order = ImportOrder(
        bank=name,
        format=Format(kind or ("csv" if file.suffix.lower() == ".csv" else "local_file")),
        about=About(source=source, source_reference=reference),
        pdq_quality_min=settings.pdq_quality_min,
        signal_type=signal_type,
    )
    with ExitStack() as stack:
        opened = stack.enter_context(open_regular(file))
        note = _quarantine_to(quarantine, stack)
        done = stack.enter_context(progress(f"Importing {file.name}", total=None))
        report = import_file(
            opened, order, actor=actor_named(by), quarantine=note, progress=lambda so_far: done(so_far.rows)
        )
    result = {
        "rows": report.progress.rows,
        "entries": report.progress.entries,
        "added": report.progress.added,
        "already_there": report.already_there,
        "quarantined": report.progress.quarantined,
        "reasons": dict(report.reasons),
        "columns_unknown": list(report.columns_unknown),
        "columns_ignored": list(report.columns_ignored),
    }
    show(result, as_json=as_json, people=lambda: _tell_report(result))


@click.command("export")
@click.argument("name", metavar="BANK")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File; else standard output.",
)
@click.option("--format", "kind", type=FORMATS, default="csv", show_default=True)
@by_option
@data_option
@json_option
def export_bank(name: str, output: Path | None, kind: str, by: str | None, data: Path, as_json: bool) -> None:
    """Write a bank out: CSV with everything but removed entries, or a local file with what matches now.

    With --json and --output the number of lines is printed.

    \b
      $ vigie bank export grey-heron --output bank.csv
      $ vigie bank export grey-heron --format local_file
    """
    use_database(data)
    from vigie.banks.transfer import Format, export_file
    from vigie.foundation.clock import now

    lines = export_file(name, Format(kind), at=now(), actor=actor_named(by))
    if output is None:
        for line in lines:
            click.echo(line, nl=False)
        return
    count = 0
    with output.open("w", encoding="utf-8", newline="") as file:
        for count, line in enumerate(lines, start=1):  # noqa: B007 - counted for the report
            file.write(line)
    show(
        {"file": str(output), "lines": count},
        as_json=as_json,
        people=lambda: click.echo(f"{count} lines written to {output}."),
    )


def _quarantine_to(path: Path | None, stack: ExitStack) -> Callable[[Any], None]:
    if path is None:
        return lambda item: None
    writer = csv.writer(stack.enter_context(path.open("w", encoding="utf-8", newline="")))
    writer.writerow(("line", "reason", "text"))
    return lambda item: writer.writerow((item.line, item.reason.value, item.raw))


def _tell_report(result: dict[str, Any]) -> None:
    click.echo(
        f"{result['rows']} rows: {result['added']} entries added, {result['already_there']} were there already,"
        f" {result['quarantined']} rows became part of no entry."
    )
    for reason, count in sorted(result["reasons"].items()):
        click.secho(f"  {reason}: {count}", fg="yellow")
    if result["columns_unknown"]:
        click.secho(f"  columns nobody knows: {', '.join(result['columns_unknown'])}", fg="yellow")
