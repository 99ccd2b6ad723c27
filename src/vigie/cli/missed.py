"""`vigie missed`: how near a picture comes to an entry, and at which level it is found.

It keeps nothing and opens nothing.
"""

from pathlib import Path

import click

from vigie.cli.connection import use_database
from vigie.cli.files import bytes_of
from vigie.cli.options import data_option, json_option, show


@click.command("missed")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("entry")
@data_option
@json_option
def missed(file: Path, entry: str, data: Path, as_json: bool) -> None:
    """Say why a picture was not found as an edited copy of an entry, and what would find it.

    \b
      $ vigie missed photo.png E-000001
    """
    settings = use_database(data)
    from vigie.banks.service import find_entry
    from vigie.flows.missed import how_missed

    found = how_missed(
        bytes_of(file, bytes_max=settings.medium_bytes_max), find_entry(entry), settings=settings
    )
    shown = {
        "entry": found.entry,
        "bank_level": found.bank_level,
        "found_by": found.found_by,
        "whole_distance_bits": found.whole.distance_bits,
        "variant_distance_bits": found.variant.distance_bits,
        "edit": found.variant.edit,
        "score": None if found.score is None else round(found.score, 4),
        "inliers": None if found.alignment is None else found.alignment.inliers,
        "share_of_entry": None if found.alignment is None else round(found.alignment.share_of_entry, 4),
        "share_of_upload": None if found.alignment is None else round(found.alignment.share_of_upload, 4),
        "alignment": None if found.alignment is None else found.alignment.edit,
        "advice": str(found.advice),
    }

    def tell() -> None:
        for name, value in shown.items():
            click.echo(f"{name:<22} {'' if value is None else value}")

    show(shown, as_json=as_json, people=tell)
