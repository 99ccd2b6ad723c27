"""`vigie bank`: banks and their entries: making, adding, confirming, pausing, removing.

Files of whole banks are in `transfers`. Adding is not confirming: that is a person's act, with `--by`.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import INSTANT, actor_named, by_option, by_person_option
from vigie.cli.adding import add_entries
from vigie.cli.connection import use_database
from vigie.cli.options import LEVEL, LEVEL_HELP, data_option, json_option, show
from vigie.cli.tables import print_table
from vigie.cli.transfers import export_bank, import_bank
from vigie.foundation.clock import utc_text
from vigie.foundation.limits import PAGE_ROWS_MAX

if TYPE_CHECKING:
    from vigie.banks.models import Bank, Entry


@click.group()
def bank() -> None:
    """Banks and what is known in them."""


bank.add_command(add_entries)
bank.add_command(import_bank)
bank.add_command(export_bank)


@bank.command("create")
@click.argument("name")
@click.option("--title", default="", help="As people read it.")
@click.option("--description", default="", help="What belongs in it.")
@click.option("--may-remove", is_flag=True, help="Copies of confirmed entries may be removed automatically.")
@click.option("--level", type=LEVEL, default="plain", show_default=True, help=LEVEL_HELP)
@by_option
@data_option
@json_option
def create_bank(
    name: str,
    title: str,
    description: str,
    may_remove: bool,
    level: str,
    by: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Make a bank.

    \b
      $ vigie bank create grey-heron --title "Grey Heron Column" --may-remove
    """
    use_database(data)
    from vigie.banks import service
    from vigie.banks.models import Bank

    made = service.create_bank(
        name=name,
        title=title,
        description=description,
        may_remove=may_remove,
        level=Bank.Level(level),
        actor=actor_named(by),
    )
    show(_bank(made), as_json=as_json, people=lambda: click.echo(f"The bank {name} is there."))


@bank.command("level")
@click.argument("name")
@click.argument("level", type=LEVEL)
@by_option
@data_option
@json_option
def set_level(name: str, level: str, by: str | None, data: Path, as_json: bool) -> None:
    """Set how edited copies of a bank's entries are looked for.

    Variants and features of an entry are made when it is banked; an older entry gets them when its picture is banked
    again.

    \b
      $ vigie bank level grey-heron verified
    """
    use_database(data)
    from vigie.banks import service
    from vigie.banks.models import Bank

    changed = service.change_bank(name, level=Bank.Level(level), actor=actor_named(by))
    show(_bank(changed), as_json=as_json, people=lambda: click.echo(f"The bank {name} is at level {level}."))


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
    headers = ("name", "title", "entries", "confirmed", "may remove", "matching", "level")
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
                    one["level"],
                )
                for one in rows
            ],
            empty="There is no bank. Make one: vigie bank create",
        ),
    )


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
    from vigie.banks import confirmation
    from vigie.cli.acting import user_named
    from vigie.foundation.errors import Forbidden
    from vigie.ledger.actors import person
    from vigie.people.rights import Right

    user = user_named(by)
    if Right.BANKS_CONFIRM not in user.rights:
        raise Forbidden(f"{by} may not confirm entries.", hint="A senior reviewer or a legal officer may.")
    rows = [_entry(confirmation.confirm_entry(number, actor=person(user.pk))) for number in numbers]
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
    from vigie.banks import confirmation

    changed = _entry(confirmation.withdraw_confirmation(number, actor=actor_named(by)))
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


def _bank(one: "Bank") -> dict[str, Any]:
    from vigie.banks.models import Entry

    entries = Entry.objects.filter(bank=one, removed_at=None)
    return {
        "name": one.name,
        "title": one.title,
        "description": one.description,
        "may_remove": one.may_remove,
        "matching": one.matching,
        "level": one.level,
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
