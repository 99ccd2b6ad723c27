"""`vigie bank`: banks and their entries: making, adding, confirming, pausing, removing.

Files of whole banks are in `transfers`. Adding is not confirming: that is a person's act, with `--by`.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import INSTANT, actor_named, by_option, by_person_option
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show
from vigie.cli.signals import signals_of_hash
from vigie.cli.tables import print_table, progress
from vigie.cli.transfers import export_bank, import_bank
from vigie.foundation.clock import utc_text
from vigie.foundation.errors import VigieError
from vigie.foundation.limits import PAGE_ROWS_MAX

if TYPE_CHECKING:
    from vigie.banks.models import Bank, Entry
    from vigie.flows.banking import Banking
    from vigie.foundation.settings import Settings
    from vigie.ledger.actors import Actor

LEGAL_TYPE = click.Choice(["a", "b", "c", "d", "e"])


@click.group()
def bank() -> None:
    """Banks and what is known in them."""


bank.add_command(import_bank)
bank.add_command(export_bank)


@bank.command("create")
@click.argument("name")
@click.option("--title", default="", help="As people read it.")
@click.option("--description", default="", help="What belongs in it.")
@click.option("--may-remove", is_flag=True, help="Copies of confirmed entries may be removed automatically.")
@by_option
@data_option
@json_option
def create_bank(
    name: str, title: str, description: str, may_remove: bool, by: str | None, data: Path, as_json: bool
) -> None:
    """Make a bank.

    \b
      $ vigie bank create grey-heron --title "Grey Heron Column" --may-remove
    """
    use_database(data)
    from vigie.banks import service

    made = service.create_bank(
        name=name, title=title, description=description, may_remove=may_remove, actor=actor_named(by)
    )
    show(_bank(made), as_json=as_json, people=lambda: click.echo(f"The bank {name} is there."))


@bank.command("list")
@data_option
@json_option
def list_banks(data: Path, as_json: bool) -> None:
    """Show every bank.

    \b
      $ vigie bank list
    """
    use_database(data)
    from vigie.banks.models import Bank

    rows = [_bank(one) for one in Bank.objects.order_by("name")]
    headers = ("name", "title", "entries", "confirmed", "may remove", "matching")
    show(
        {"banks": rows},
        as_json=as_json,
        people=lambda: print_table(
            headers,
            [
                (
                    one["name"],
                    one["title"],
                    one["entries"],
                    one["confirmed"],
                    "yes" if one["may_remove"] else "no",
                    "yes" if one["matching"] else "no",
                )
                for one in rows
            ],
            empty="There is no bank. Make one: vigie bank create",
        ),
    )


@bank.command("add")
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
      $ vigie bank add grey-heron sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 --source "unit A"
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


@bank.command("show")
@click.argument("what", metavar="BANK|ENTRY")
@click.option(
    "--limit", type=click.IntRange(1, PAGE_ROWS_MAX), default=20, show_default=True, help="Entries shown."
)
@data_option
@json_option
def show_bank(what: str, limit: int, data: Path, as_json: bool) -> None:
    """Show a bank with its newest entries, or one entry.

    \b
      $ vigie bank show grey-heron
      $ vigie bank show E-000001
    """
    use_database(data)
    from vigie.banks import service
    from vigie.banks.models import Entry

    if what.upper().startswith("E-"):
        shown = _entry(service.find_entry(what))
        show(shown, as_json=as_json, people=lambda: _tell_map(shown))
        return
    found = service.find_bank(what)
    entries = (
        Entry.objects.filter(bank=found).select_related("bank").prefetch_related("signals").order_by("-id")
    )
    rows = [_entry(one) for one in entries[:limit]]
    show({**_bank(found), "newest": rows}, as_json=as_json, people=lambda: _tell_bank(_bank(found), rows))


@bank.command("confirm")
@click.argument("numbers", nargs=-1, required=True, metavar="ENTRY...")
@by_person_option
@data_option
@json_option
def confirm_entries(numbers: tuple[str, ...], by: str, data: Path, as_json: bool) -> None:
    """Say that entries are what they are said to be; a second person's act in a bank that may remove.

    \b
      $ vigie bank confirm E-000001 --by ben
    """
    use_database(data)
    from vigie.banks import service
    from vigie.cli.acting import user_named
    from vigie.foundation.errors import Forbidden
    from vigie.ledger.actors import person
    from vigie.people.rights import Right

    user = user_named(by)
    if Right.BANKS_CONFIRM not in user.rights:
        raise Forbidden(f"{by} may not confirm entries.", hint="A senior reviewer or a legal officer may.")
    rows = [_entry(service.confirm_entry(number, actor=person(user.pk))) for number in numbers]
    show({"entries": rows}, as_json=as_json, people=lambda: click.echo(f"{len(rows)} confirmed by {by}."))


@bank.command("withdraw")
@click.argument("number", metavar="ENTRY")
@by_option
@data_option
@json_option
def withdraw_confirmation(number: str, by: str | None, data: Path, as_json: bool) -> None:
    """Take a confirmation back: the entry removes nothing alone any more.

    \b
      $ vigie bank withdraw E-000001
    """
    use_database(data)
    from vigie.banks import service

    changed = _entry(service.withdraw_confirmation(number, actor=actor_named(by)))
    show(changed, as_json=as_json, people=lambda: click.echo(f"{changed['number']} is unconfirmed."))


@bank.command("disable")
@click.argument("number", metavar="ENTRY")
@click.option("--until", type=INSTANT, help="It does not match before this instant.")
@click.option("--end", is_flag=True, help="End the pause now.")
@by_option
@data_option
@json_option
def disable_entry(
    number: str, until: datetime | None, end: bool, by: str | None, data: Path, as_json: bool
) -> None:
    """Let an entry rest until an instant, or end its rest.

    \b
      $ vigie bank disable E-000001 --until 2099-01-01
      $ vigie bank disable E-000001 --end
    """
    if (until is None) == (not end):
        raise click.UsageError("Give either --until or --end.")
    use_database(data)
    from vigie.banks import service

    change = service.EntryChange(fields=frozenset({"disabled_until"}), disabled_until=until)
    changed = _entry(service.change_entry(number, change, actor=actor_named(by)))
    sentence = f"{changed['number']} matches again." if end else f"{changed['number']} rests until {until}."
    show(changed, as_json=as_json, people=lambda: click.echo(sentence))


@bank.command("remove")
@click.argument("number", metavar="ENTRY")
@click.option("--reason", required=True, help="Why.")
@by_option
@data_option
@json_option
def remove_entry(number: str, reason: str, by: str | None, data: Path, as_json: bool) -> None:
    """Take an entry out of its bank.

    \b
      $ vigie bank remove E-000002 --reason "banked by mistake"
    """
    use_database(data)
    from vigie.banks import service

    changed = _entry(service.remove_entry(number, reason=reason, actor=actor_named(by)))
    show(changed, as_json=as_json, people=lambda: click.echo(f"{changed['number']} is removed."))


@bank.command("restore")
@click.argument("number", metavar="ENTRY")
@by_option
@data_option
@json_option
def restore_entry(number: str, by: str | None, data: Path, as_json: bool) -> None:
    """Put a removed entry back, unconfirmed.

    \b
      $ vigie bank restore E-000002
    """
    use_database(data)
    from vigie.banks import service

    changed = _entry(service.restore_entry(number, actor=actor_named(by)))
    show(changed, as_json=as_json, people=lambda: click.echo(f"{changed['number']} is back."))


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
        banked = bank_file(Path(item).read_bytes(), banking, actor=actor, settings=settings)
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


def _bank(one: "Bank") -> dict[str, Any]:
    from vigie.banks.models import Entry

    entries = Entry.objects.filter(bank=one, removed_at=None)
    return {
        "name": one.name,
        "title": one.title,
        "description": one.description,
        "may_remove": one.may_remove,
        "matching": one.matching,
        "entries": entries.count(),
        "confirmed": entries.exclude(confirmed_at=None).count(),
        "created_at": utc_text(one.created_at),
    }


def _entry(one: "Entry") -> dict[str, Any]:
    return {
        "number": one.number,
        "bank": one.bank.name,
        "kind": one.kind,
        "legal_type": one.legal_type,
        "source": one.source,
        "source_reference": one.source_reference,
        "note": one.note,
        "added_at": utc_text(one.added_at),
        "added_by": one.added_by,
        "confirmed": one.confirmed,
        "confirmed_by": one.confirmed_by,
        "disabled_until": utc_text(one.disabled_until) if one.disabled_until else None,
        "expires_at": utc_text(one.expires_at) if one.expires_at else None,
        "removed_at": utc_text(one.removed_at) if one.removed_at else None,
        "signals": [{"type": row.type, "value": bytes(row.value).hex()} for row in one.signals.all()],
    }


def _tell_added(results: list[dict[str, Any]]) -> None:
    for one in results:
        if "error" in one:
            click.secho(
                f"{one['item']}: {one['error']['sentence']} {one['error']['hint']}".rstrip(), fg="red"
            )
        else:
            note = "" if one["pdq_banked"] else "  (without a PDQ hash: identical files only)"
            click.echo(f"{one['entry']}  {one['item']}{note}")


def _tell_bank(shown: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    _tell_map(shown)
    click.echo()
    headers = ("entry", "kind", "type", "signals", "source", "confirmed", "state")
    print_table(
        headers,
        [
            (
                one["number"],
                one["kind"],
                one["legal_type"],
                " ".join(sorted({signal["type"] for signal in one["signals"]})),
                one["source"],
                "yes" if one["confirmed"] else "no",
                "removed" if one["removed_at"] else "",
            )
            for one in rows
        ],
        empty="It has no entries. Add some: vigie bank add",
    )


def _tell_map(shown: dict[str, Any]) -> None:
    for key, value in shown.items():
        if isinstance(value, list):
            for part in value:
                click.echo(f"{key:<18} {part['type']}:{part['value']}")
        else:
            click.echo(f"{key:<18} {'' if value is None else value}")
