"""`vigie ledger`: verifying, signing and writing out the record of everything.

It writes nothing to the ledger but checkpoints.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vigie.cli.acting import actor_named, by_option
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import progress
from vigie.foundation.clock import utc_text

if TYPE_CHECKING:
    from vigie.ledger.chain import Row


@click.group()
def ledger() -> None:
    """The record of everything that happened."""


@ledger.command("verify")
@data_option
@json_option
@click.pass_context
def verify_ledger(context: click.Context, data: Path, as_json: bool) -> None:
    """Read the whole ledger and say whether it is as it was written.

    A row that was changed, removed, added or moved, even with the triggers off, is found and the first one named.
    Exit status 1 when the ledger is damaged.

    \b
      $ vigie ledger verify
    """
    settings = use_database(data)
    from vigie.ledger.checkpoints import Verified, verify

    found = verify(settings)
    if isinstance(found, Verified):
        show(
            {
                "whole": True,
                "rows": found.rows,
                "checkpoints": found.checkpoints,
                "signed_through": found.signed_through,
            },
            as_json=as_json,
            people=lambda: click.echo(
                f"The ledger is whole: {found.rows} rows, {found.checkpoints} checkpoints,"
                f" signed through row {found.signed_through}."
            ),
        )
        return
    show(
        {"whole": False, "first_broken": found.seq, "damage": found.kind, "sentence": found.sentence},
        as_json=as_json,
        people=lambda: click.secho(
            f"The ledger is damaged. {found.sentence}\n"
            "Nothing from this row on can be relied on. Keep the data folder and the database as they are,"
            " and compare with your backup and your copies of the checkpoints.",
            fg="red",
        ),
    )
    context.exit(1)


@ledger.command("checkpoint")
@by_option
@data_option
@json_option
def sign_ledger(by: str | None, data: Path, as_json: bool) -> None:
    """Sign the ledger as it stands.

    \b
      $ vigie ledger checkpoint
    """
    settings = use_database(data)
    from vigie.ledger.checkpoints import checkpoints_folder, sign_checkpoint

    made = sign_checkpoint(settings, actor=actor_named(by))
    if made is None:
        show(
            {"through": None},
            as_json=as_json,
            people=lambda: click.echo("Nothing came since the last checkpoint."),
        )
        return
    result = {"through": made.through, "hash": bytes(made.hash).hex(), "at": utc_text(made.at)}
    folder = checkpoints_folder(settings)
    show(
        result,
        as_json=as_json,
        people=lambda: click.echo(
            f"Signed through row {made.through}. Copy the files in {folder} to a machine that is not this one."
        ),
    )


@ledger.command("public-key")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File; else standard output.",
)
@data_option
@json_option
def show_public_key(output: Path | None, data: Path, as_json: bool) -> None:
    """Show the public key with which checkpoints, packages and certificates are checked. It is no secret.

    \b
      $ vigie ledger public-key --output ledger.pub
    """
    settings = use_database(data)
    from vigie.evidence.proofs import fingerprint
    from vigie.ledger.checkpoints import signing_key

    public = signing_key(settings).public_key().public_bytes_raw()
    if output is not None:
        output.write_text(public.hex() + "\n", encoding="ascii")
    show(
        {"public_key": public.hex(), "fingerprint": fingerprint(public)},
        as_json=as_json,
        people=lambda: click.echo(f"{public.hex()}\nFingerprint: {fingerprint(public)}"),
    )


@ledger.command("export")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File; else standard output.",
)
@click.option(
    "--after", type=click.IntRange(min=0), default=0, show_default=True, help="Only rows above this number."
)
@data_option
@json_option
def export_ledger(output: Path | None, after: int, data: Path, as_json: bool) -> None:
    """Write rows out as JSON, one a line, with their hashes, so that others can verify the chain.

    With --json and --output the number of rows is printed.

    \b
      $ vigie ledger export --output ledger.jsonl
      $ vigie ledger export --after 4
    """
    use_database(data)
    from vigie.ledger import service

    head = service.head_seq()
    rows = service.rows_after(after, through=head)
    if output is None:
        for row in rows:
            click.echo(_line(row), nl=False)
        return
    count = 0
    with output.open("w", encoding="utf-8") as file, progress("Writing", total=max(0, head - after)) as done:
        for row in rows:
            file.write(_line(row))
            count += 1
            if count % 1_000 == 0:
                done(count)
    show(
        {"file": str(output), "rows": count},
        as_json=as_json,
        people=lambda: click.echo(f"{count} rows written to {output}."),
    )


def _line(row: "Row") -> str:
    shown = {
        "seq": row.seq,
        "at": utc_text(row.at),
        "event": row.event,
        "actor": row.actor,
        "subject": row.subject,
        "facts": row.facts,
        "previous_hash": row.previous_hash.hex(),
        "hash": row.hash.hex(),
    }
    return json.dumps(shown, ensure_ascii=False, sort_keys=True) + "\n"
