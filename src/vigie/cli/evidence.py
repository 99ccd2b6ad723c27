"""`vigie evidence`: what is sealed and until when, and reading it with a purpose; the rest is in `evidence_release`.

Each reading is in the ledger before a byte is written; nothing is printed on a terminal unasked.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import by_person_option, user_named
from vigie.cli.connection import use_database
from vigie.cli.evidence_release import COMMANDS
from vigie.cli.evidence_words import held_by, item_row, request_row, tell_item
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import print_table
from vigie.evidence.states import Stage
from vigie.foundation.clock import now, utc_text
from vigie.foundation.errors import Forbidden
from vigie.foundation.limits import PAGE_ROWS_MAX
from vigie.people.rights import Right

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from vigie.evidence.models import EvidenceItem


@click.group()
def evidence() -> None:
    """Sealed content."""


@evidence.command("list")
@click.argument("number", metavar="[CASE|ENTRY]", required=False)
@click.option(
    "--stage",
    type=click.Choice([one.value for one in Stage]),
    help="Without a number: only items that stand so.",
)
@click.option(
    "--limit", type=click.IntRange(1, PAGE_ROWS_MAX), default=50, show_default=True, help="Items shown."
)
@data_option
@json_option
def list_evidence(number: str | None, stage: str | None, limit: int, data: Path, as_json: bool) -> None:
    """Show preserved items with what holds them; or what is sealed for a case or an entry, unread.

    \b
      $ vigie evidence list
      $ vigie evidence list C-000001
    """
    use_database(data)
    if number is None:
        _list_items(stage, limit, as_json)
        return
    from vigie.evidence.models import EvidenceItem

    kind = "entry" if number.upper().startswith("E-") else "case"
    rows = _sealed(EvidenceItem.objects.filter(subject=f"{kind}:{number.upper()}"))
    headers = ("reference", "kind", "media type", "bytes", "sealed", "deleted")
    show(
        {"items": rows},
        as_json=as_json,
        people=lambda: print_table(
            headers, [list(one.values()) for one in rows], empty="Nothing is sealed for it."
        ),
    )


@evidence.command("show")
@click.argument("number", metavar="ITEM")
@data_option
@json_option
def show_item(number: str, data: Path, as_json: bool) -> None:
    """Show a preserved item: until when it is kept, what holds it, what is sealed, who asked for it.

    \b
      $ vigie evidence show P-000001
    """
    use_database(data)
    from vigie.evidence.preservation import find_item
    from vigie.flows.preservation import holds_of

    item = find_item(number)
    asked = item.requests.select_related("item", "requested_by", "decided_by").order_by("id")
    row = {
        **item_row(item, holds_of(item, at=now())),
        "sealed": _sealed(item.items.all()),
        "requests": [request_row(one) for one in asked],
    }
    show(row, as_json=as_json, people=lambda: tell_item(row))


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


for _command in COMMANDS:
    evidence.add_command(_command)


def _list_items(stage: str | None, limit: int, as_json: bool) -> None:
    from vigie.evidence.preservation import preserved_items
    from vigie.flows.preservation import holds_of

    found, at = preserved_items(), now()
    if stage:
        found = found.filter(stage=stage)
    rows = [item_row(one, holds_of(one, at=at)) for one in found[:limit]]
    headers = ("item", "subject", "stage", "ground", "until", "held by")
    lines = [
        (one["number"], one["subject"], one["stage"], one["ground"], one["until"][:16], held_by(one))
        for one in rows
    ]
    show(
        {"items": rows},
        as_json=as_json,
        people=lambda: print_table(headers, lines, empty="Nothing is preserved."),
    )


def _sealed(found: "QuerySet[EvidenceItem]") -> list[dict[str, Any]]:
    return [
        {
            "reference": one.reference,
            "kind": one.kind,
            "media_type": one.media_type,
            "byte_count": one.byte_count,
            "sealed_at": utc_text(one.sealed_at),
            "destroyed_at": utc_text(one.destroyed_at) if one.destroyed_at else "",
        }
        for one in found.order_by("sealed_at", "reference")
    ]
