"""Options that commands share, and the one way to print a result.

It runs no command.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="VIGIE_DATA",
    default=Path("vigie-data"),
    show_default=True,
    help="Data folder.",
)


def pairs_of(pairs: Sequence[str]) -> dict[str, Any]:
    """`NAME=VALUE` arguments as a map; fails with a sentence for anything else."""
    values: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(f"{pair!r} is not NAME=VALUE.")
        values[key] = value
    return values


def show(result: Any, *, as_json: bool, people: Callable[[], None]) -> None:
    """Print `result` as one line of JSON, or let `people` print it for people."""
    if as_json:
        click.echo(json.dumps(result, default=str))
    else:
        people()


LEVEL = click.Choice(["plain", "robust", "verified"])
LEVEL_HELP = (
    "How edited copies are looked for: by one hash a picture, by variants too, or by variants and verified."
)
