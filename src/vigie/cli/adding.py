"""`vigie bank add`: pictures by file or address, and signals, into a bank.

It confirms nothing, and leaves out nothing unsaid: each thing that cannot be added is told.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import INSTANT, actor_named, by_option
from vigie.cli.connection import use_database
from vigie.cli.files import bytes_of
from vigie.cli.options import data_option, json_option, show
from vigie.cli.signals import signals_of_hash
from vigie.cli.tables import progress
from vigie.foundation.errors import VigieError

if TYPE_CHECKING:
    from vigie.banks.models import Entry
    from vigie.flows.banking import Banking
    from vigie.foundation.settings import Settings
    from vigie.ledger.actors import Actor

LEGAL_TYPE = click.Choice(["a", "b", "c", "d", "e"])


@click.command("add")
@click.argument("name", metavar="BANK")
@click.argument("items", nargs=-1, required=True, metavar="FILE|URL|HASH...")
@click.option("--source", required=True, help="Who gave it, or where it was found.")
@click.option("--reference", default="", help="The source's own number or address.")
@click.option("--obtained", type=INSTANT, help="When the source had it.")
@click.option("--type", "legal_type", type=LEGAL_TYPE, default=None, help="(EU) 2021/784 Article 2(7).")
@click.option("--note", default="", help="For whoever looks at it later.")
@click.option("--harmless", is_flag=True, help="Known to be harmless: what is near it does not match.")
@click.option("--expires", type=INSTANT, help="When it stops matching.")
@by_option
@data_option
@json_option
@click.pass_context
def add_entries(
    context: click.Context,
    name: str,
    items: tuple[str, ...],
    source: str,
    reference: str,
    obtained: datetime | None,
    legal_type: str | None,
    note: str,
    harmless: bool,
    expires: datetime | None,
    by: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Add pictures by file or address, or signals (hexadecimal, or TYPE:DIGITS; 64 digits alone are a PDQ hash).

    The same again gives the same entry. What cannot be added is told, the rest is added, and the exit status is 1.

    \b
      $ vigie bank add grey-heron photo.png --source "own moderators" --type a
      $ vigie bank add grey-heron md5:d41d8cd98f00b204e9800998ecf8427e --source "unit A"
    """
    settings = use_database(data)
    from vigie.banks import service
    from vigie.banks.models import Entry
    from vigie.flows.banking import Banking

    service.find_bank(name)
    actor = actor_named(by)
    banking = Banking(
        bank=name,
        provenance=service.Provenance(source, reference, obtained),
        kind=Entry.Kind.HARMLESS if harmless else Entry.Kind.KNOWN,
        legal_type=legal_type or "",
        note=note,
    )
    results: list[dict[str, Any]] = []
    with progress(f"Adding to {name}", total=len(items)) as done:
        for number, item in enumerate(items, start=1):
            results.append(_added(item, banking, expires=expires, actor=actor, settings=settings))
            done(number)
    show({"items": results}, as_json=as_json, people=lambda: _tell_added(results))
    if any("error" in one for one in results):
        context.exit(1)


def _added(
    item: str, banking: "Banking", *, expires: datetime | None, actor: "Actor", settings: "Settings"
) -> dict[str, Any]:
    from vigie.banks import service

    try:
        entry, pdq_banked = _bank_item(item, banking, actor=actor, settings=settings)
        if expires is not None:
            change = service.EntryChange(fields=frozenset({"expires_at"}), expires_at=expires)
            entry = service.change_entry(entry.number, change, actor=actor)
    except VigieError as error:
        return {"item": item, "error": {"code": error.code, "sentence": error.sentence, "hint": error.hint}}
    return {"item": item, "entry": entry.number, "pdq_banked": pdq_banked}


def _bank_item(
    item: str, banking: "Banking", *, actor: "Actor", settings: "Settings"
) -> tuple["Entry", bool]:
    from vigie.banks import service
    from vigie.flows.banking import bank_address, bank_file
    from vigie.foundation.outbound import OutboundDoor

    if item.startswith(("http://", "https://")):
        door = OutboundDoor(allowed_hosts=frozenset(settings.allowed_fetch_hosts))
        banked = bank_address(item, banking, door=door, actor=actor, settings=settings)
        return banked.entry, banked.pdq_banked
    if Path(item).is_file():
        read = bytes_of(Path(item), bytes_max=settings.medium_bytes_max)
        banked = bank_file(read, banking, actor=actor, settings=settings)
        return banked.entry, banked.pdq_banked
    # Digits without a type: of what they can be, the kind that exchanges mean first.
    name, value = signals_of_hash(item)[0]
    draft = service.EntryDraft(
        signals=(service.SignalValue(name, value),),
        provenance=banking.provenance,
        kind=banking.kind,
        legal_type=banking.legal_type,
        note=banking.note,
    )
    return service.add_entry(banking.bank, draft, actor=actor), name == "pdq"


def _tell_added(results: list[dict[str, Any]]) -> None:
    for one in results:
        if "error" in one:
            click.secho(
                f"{one['item']}: {one['error']['sentence']} {one['error']['hint']}".rstrip(), fg="red"
            )
        else:
            note = "" if one["pdq_banked"] else "  (without a PDQ hash: identical files only)"
            click.echo(f"{one['entry']}  {one['item']}{note}")
