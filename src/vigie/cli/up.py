"""`vigie up`: the whole of Vigie in one process tree.

It only gathers settings; `vigie.up` does the work.
"""

import dataclasses
import os
from pathlib import Path

import click

from vigie.cli.options import data_option, json_option
from vigie.foundation.settings import read_settings
from vigie.up.narrator import ForPeople, ForPrograms
from vigie.up.plan import Plan
from vigie.up.supervisor import run


@click.command()
@data_option
@click.option("--host", default=None, help="Address to listen on (default 127.0.0.1).")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=None, help="Port (default 8080); 0 takes a free one."
)
@json_option
def up(data: Path, host: str | None, port: int | None, as_json: bool) -> None:
    """Start the database, the API, the console and the worker.

    Runs until Ctrl-C or SIGTERM. A process that dies is started again; what was accepted is never lost. With --json
    one line is printed when everything serves: url, data, pids by role.
    """
    settings = read_settings(os.environ)
    settings = dataclasses.replace(
        settings,
        data=data.expanduser().absolute(),
        host=settings.host if host is None else host,
        port=settings.port if port is None else port,
    )
    run(settings, plan=Plan(), inherited=os.environ, narrator=ForPrograms() if as_json else ForPeople())
