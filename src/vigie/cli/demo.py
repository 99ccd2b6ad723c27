"""`vigie demo`: everything with the example platform, from an upload to a decision that takes effect.

It only gathers wishes; `vigie.demo` does the work.
"""

import os
import sys
from pathlib import Path

import click

from vigie.cli.connection import use_database
from vigie.cli.options import json_option


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-data"),
    show_default=True,
    help="Data folder of the demonstration, made anew each time.",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=8080,
    show_default=True,
    help="Port of Vigie; the next free one is taken if it is not.",
)
@click.option(
    "--keep", is_flag=True, help="Go on with the data of the last time instead of showing all again."
)
@click.option(
    "--exit", "exits", is_flag=True, help="End after the table; status 0 if all that must happen did."
)
@json_option
def demo(data: Path, port: int, keep: bool, exits: bool, as_json: bool) -> None:
    """Start everything with an example platform and show an upload's life.

    Real processes, real photographs, and pictures of an organisation that does not exist. Settings in the
    environment (VIGIE_...) are left aside: the demonstration has its own database and data folder.
    """
    if keep and exits:
        raise click.UsageError("--keep shows nothing, so there is nothing after which to end.")
    for name in [one for one in os.environ if one.startswith("VIGIE_")]:
        del os.environ[name]
    from vigie.demo import story, telling  # pictures and their libraries come with requirements/demo.txt

    wishes = story.Wishes(data=data, port=port, kept=keep, stays=not exits)
    teller: telling.Teller = telling.ForPrograms() if as_json else telling.ForPeople()
    if not story.run(wishes, connect=use_database, teller=teller):
        sys.exit(1)
