"""`vigie hash` and `vigie match`: what a picture looks like, and whether it is known.

`hash` needs no database. Neither keeps or opens anything.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from vigie.cli.connection import use_database
from vigie.cli.files import bytes_of
from vigie.cli.options import LEVEL, LEVEL_HELP, data_option, json_option, show
from vigie.cli.tables import print_table, progress
from vigie.foundation.errors import Invalid, VigieError
from vigie.foundation.settings import Settings, read_settings
from vigie.signals.media import Fidelity, MediumLimits, MediumSignals, hash_medium, refused
from vigie.signals.types import ALL as SIGNAL_TYPES

if TYPE_CHECKING:
    from vigie.flows.examination import Examined, Upload
    from vigie.matching.index import MatchIndex
    from vigie.matching.matches import Query
    from vigie.matching.service import Radii

Signals = list[tuple[str, bytes]]
Level = Literal["plain", "robust", "verified"]


@click.command("hash")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE...",
)
@click.option(
    "--fidelity",
    type=click.Choice(["full", "fast"]),
    help="full: the hash that exchanges compute. fast: half the work on JPEGs, a few bits away at times."
    " Else as VIGIE_HASH_FIDELITY says.",
)
@json_option
@click.pass_context
def hash_files(
    context: click.Context, files: tuple[Path, ...], fidelity: Fidelity | None, as_json: bool
) -> None:
    """Print the signals of pictures. Exit status 1 when one cannot be processed.

    \b
      $ vigie hash photo.png
      $ vigie hash photo.png --fidelity fast
    """
    limits = MediumLimits.from_settings(read_settings(os.environ))
    if fidelity is not None:
        limits = replace(limits, fidelity=fidelity)
    results = []
    with progress("Hashing", total=len(files)) as done:
        for number, file in enumerate(files, start=1):
            results.append(_hashed(file, limits))
            done(number)
    show({"files": results}, as_json=as_json, people=lambda: _tell_hashes(results))
    if any("error" in one for one in results):
        context.exit(1)


@click.command("match")
@click.argument("items", nargs=-1, required=True, metavar="FILE|HASH...")
@click.option("--bank", "banks", multiple=True, help="Only in this bank; may be repeated.")
@click.option("--distance", type=click.IntRange(0, 64), help="PDQ radius in bits; else that of the settings.")
@click.option("--level", type=LEVEL, help=f"{LEVEL_HELP} Else as each bank is set.")
@data_option
@json_option
def match(
    items: tuple[str, ...],
    banks: tuple[str, ...],
    distance: int | None,
    level: Level | None,
    data: Path,
    as_json: bool,
) -> None:
    """Look pictures or signals up in the banks.

    A hash is hexadecimal digits, or TYPE:DIGITS (pdq, sha256, md5, text_sha256). Without a type, 32 digits are an MD5,
    and 64 are looked up as PDQ and as SHA-256.

    \b
      $ vigie match photo.png
      $ vigie match pdq:f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22 --bank grey-heron
    """
    settings = use_database(data)
    from vigie.banks.service import find_bank
    from vigie.matching.index import MatchIndex
    from vigie.matching.service import Radii

    for name in banks:
        find_bank(name)
    index = MatchIndex()
    index.start(settings.data / "index")
    asked = [_asked(one, level, index, settings) for one in items]
    radii = Radii.from_settings(settings).asked(distance)
    results = []
    with progress("Looking up", total=len(items)) as done:
        for number, (item, one) in enumerate(zip(items, asked, strict=True), start=1):
            results.append({"item": item, **_looked_up(index, one, radii, banks, settings)})
            done(number)
    show({"items": results}, as_json=as_json, people=lambda: _tell_matches(results))


@dataclass(frozen=True, slots=True)
class _Asked:
    """One item of the command line, as an upload would be asked about."""

    upload: "Upload"
    examined: "Examined"
    queries: "list[Query]"


def _asked(item: str, level: Level | None, index: "MatchIndex", settings: Settings) -> _Asked:
    """What to look up for a file, or for what a hash can be; raises Invalid, MediumRefused."""
    from vigie.flows.examination import Upload, UploadedMedium, examine, queries_of
    from vigie.flows.verifying import level_of

    path = Path(item)
    if path.is_file():
        medium = UploadedMedium("", data=bytes_of(path, bytes_max=settings.medium_bytes_max))
    else:
        medium = UploadedMedium("", signals=dict(signals_of_hash(item)))
    upload = Upload(platform="", external_id="", media=(medium,), level=level)
    used = level or level_of(index)
    examined = examine(medium, settings, level=used)
    if examined.refused_code:
        raise refused(examined.refused_code)
    return _Asked(upload, examined, queries_of(upload, (examined,), settings, level=used))


def signals_of_hash(text: str) -> Signals:
    """What hexadecimal digits, with or without their type, can be; raises Invalid."""
    name, separator, value = text.partition(":")
    if separator and name in SIGNAL_TYPES:
        return [(name, SIGNAL_TYPES[name].parse(value))]
    by_length = {64: ("pdq", "sha256"), 32: ("md5",)}
    names = by_length.get(len(text.strip()), ())
    if not names or separator:
        raise Invalid(
            f"{text[:80]!r} is neither a file nor a hash.",
            hint="A hash is 32 or 64 hexadecimal digits, or TYPE:DIGITS with one of "
            + ", ".join(SIGNAL_TYPES)
            + ".",
        )
    return [(name, SIGNAL_TYPES[name].parse(text)) for name in names]


def _hashed(file: Path, limits: MediumLimits) -> dict[str, Any]:
    try:
        found = hash_medium(bytes_of(file, bytes_max=limits.bytes_max), limits=limits)
    except VigieError as error:
        return {"file": str(file), "error": {"code": error.code, "sentence": error.sentence}}
    return {"file": str(file), **_written(found)}


def _written(found: MediumSignals) -> dict[str, Any]:
    return {
        "format": found.format,
        "width_px": found.width_px,
        "height_px": found.height_px,
        "pdq": found.pdq.hex(),
        "pdq_quality": found.pdq_quality,
        "sha256": found.sha256.hex(),
        "md5": found.md5.hex(),
    }


def _looked_up(
    index: "MatchIndex", asked: _Asked, radii: "Radii", banks: Sequence[str], settings: Settings
) -> dict[str, Any]:
    from vigie.flows.examination import pdq_of
    from vigie.flows.verifying import features_in_common, verified
    from vigie.foundation.clock import now
    from vigie.matching.service import explain, near

    chosen = frozenset(banks) if banks else None
    hits = near(index, asked.queries, radii=radii, banks=chosen)
    hits += features_in_common(index, asked.upload, (asked.examined,), hits)
    looked_up = explain(hits, at=now(), banks=chosen)
    looked_up = verified(looked_up, asked.upload, (asked.examined,), settings)
    quality = pdq_of(asked.examined)[1]
    return {
        "matches": [_match(one) for one in looked_up.found],
        "outweighed": [_match(one) for one in looked_up.suppressed],
        "pdq_quality_low": quality is not None and quality < settings.pdq_quality_min,
    }


def _match(one: Any) -> dict[str, Any]:
    return {
        "bank": one.bank,
        "entry": one.entry,
        "signal": one.query.type,
        "distance_bits": one.distance_bits,
        "confirmed": one.confirmed,
        "legal_type": one.legal_type,
        "edit": one.edit,
        "score_percent": None if one.score is None else one.score_percent,
        "inliers": None if one.alignment is None else one.alignment.inliers,
        "placement": None if one.alignment is None else one.alignment.placement.write(),
    }


def _tell_hashes(results: list[dict[str, Any]]) -> None:
    for one in results:
        click.secho(one["file"], bold=True)
        if "error" in one:
            click.secho(f"  {one['error']['sentence']}", fg="red")
            continue
        click.echo(f"  {one['format']}, {one['width_px']} x {one['height_px']} pixels")
        click.echo(f"  pdq     {one['pdq']}  (quality {one['pdq_quality']})")
        click.echo(f"  sha256  {one['sha256']}")
        click.echo(f"  md5     {one['md5']}")


def _tell_matches(results: list[dict[str, Any]]) -> None:
    rows = [
        (
            one["item"],
            match["bank"],
            match["entry"],
            match["signal"],
            match["distance_bits"],
            "yes" if match["confirmed"] else "no",
            why or match["edit"],
        )
        for one in results
        for kind, why in (("matches", ""), ("outweighed", "outweighed by a harmless entry"))
        for match in one[kind]
    ]
    headers = ("item", "bank", "entry", "signal", "bits apart", "confirmed", "note")
    print_table(headers, rows, empty="Nothing matches.")
    for one in results:
        if one["pdq_quality_low"]:
            click.echo(f"{one['item']}: too little structure for PDQ; only exact copies were looked for.")
