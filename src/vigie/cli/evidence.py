"""`vigie evidence`: what is sealed, and reading it with a purpose.

Each reading is in the ledger before a byte is written; nothing is printed on a terminal unasked.
"""

import sys
from pathlib import Path

import click

from vigie.cli.acting import by_person_option, user_named
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import print_table
from vigie.foundation.clock import utc_text
from vigie.foundation.errors import Forbidden
from vigie.people.rights import Right


@click.group()
def evidence() -> None:
    """Sealed content."""


@evidence.command("list")
@click.argument("number", metavar="CASE|ENTRY")
@data_option
@json_option
def list_evidence(number: str, data: Path, as_json: bool) -> None:
    """Show what is sealed for a case or an entry, unread.

    \b
      $ vigie evidence list C-000001
    """
    use_database(data)
    from vigie.evidence.models import EvidenceItem

    kind = "entry" if number.upper().startswith("E-") else "case"
    rows = [
        {
            "reference": one.reference,
            "kind": one.kind,
            "media_type": one.media_type,
            "byte_count": one.byte_count,
            "sealed_at": utc_text(one.sealed_at),
        }
        for one in EvidenceItem.objects.filter(subject=f"{kind}:{number.upper()}").order_by(
            "sealed_at", "reference"
        )
    ]
    headers = ("reference", "kind", "media type", "bytes", "sealed")
    show(
        {"items": rows},
        as_json=as_json,
        people=lambda: print_table(
            headers, [list(one.values()) for one in rows], empty="Nothing is sealed for it."
        ),
    )


@evidence.command("read")
@click.argument("reference")
@click.option("--purpose", required=True, help="For what; it stands in the ledger with your name.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File; else standard output.",
)
@by_person_option
@data_option
@json_option
def read_evidence(
    reference: str, purpose: str, output: Path | None, by: str, data: Path, as_json: bool
) -> None:
    """Write the bytes that were sealed; who read them and for what is in the ledger.

    \b
      $ vigie evidence read REFERENCE --purpose "complaint of 2026-11-20" --by anna --output evidence.bin
    """
    settings = use_database(data)
    from vigie.evidence.service import read_item
    from vigie.ledger.actors import person

    if output is None and sys.stdout.isatty():
        raise click.UsageError("Sealed content is not written to a terminal. Give --output FILE.")
    user = user_named(by)
    if Right.EVIDENCE_READ not in user.rights:
        raise Forbidden(f"{by} may not read evidence.")
    item, content = read_item(reference, purpose=purpose, actor=person(user.pk), settings=settings)
    if output is None:
        sys.stdout.buffer.write(content)
        return
    output.write_bytes(content)
    show(
        {
            "file": str(output),
            "kind": item.kind,
            "media_type": item.media_type,
            "byte_count": item.byte_count,
        },
        as_json=as_json,
        people=lambda: click.echo(f"{item.byte_count} bytes ({item.media_type}) written to {output}."),
    )
