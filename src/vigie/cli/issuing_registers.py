"""`vigie issuing provider` and `vigie issuing hold`: the registers that orders of ours are sent and stopped by.

It shows no token of a provider.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import INSTANT, actor_named, by_option, by_person_option, user_named
from vigie.cli.connection import use_database
from vigie.cli.files import text_of
from vigie.cli.options import data_option, json_option, pairs_of, show
from vigie.cli.tables import print_table
from vigie.foundation.clock import now, utc_text

if TYPE_CHECKING:
    from vigie.issuing.models import Hold, Provider


@click.group()
def provider() -> None:
    """Hosting services that orders are sent to."""


@click.group()
def hold() -> None:
    """What nothing may be done about without asking somebody."""


@provider.command("add")
@click.argument("name")
@click.argument("pairs", nargs=-1, required=True, metavar="FIELD=VALUE...")
@by_option
@data_option
@json_option
def add_provider(name: str, pairs: tuple[str, ...], by: str | None, data: Path, as_json: bool) -> None:
    """Enter a provider: title, home_state, channel (api, mail, hand), contact_email, api_url, token, hosts, languages,
    legal_representative, home_authority, home_authority_email, note.

    \b
      $ vigie issuing provider add forum title=Forum home_state=DE channel=mail contact_email=orders@forum.example
    """
    settings = use_database(data)
    from vigie.issuing.providers import add_provider

    made = add_provider(name, pairs_of(pairs), actor=actor_named(by), settings=settings)
    show(_provider(made), as_json=as_json, people=lambda: click.echo(f"{name} is entered."))


@provider.command("change")
@click.argument("name")
@click.argument("pairs", nargs=-1, required=True, metavar="FIELD=VALUE...")
@by_option
@data_option
@json_option
def change_provider(name: str, pairs: tuple[str, ...], by: str | None, data: Path, as_json: bool) -> None:
    """Change an entry.

    \b
      $ vigie issuing provider change forum languages=en,fr
    """
    settings = use_database(data)
    from vigie.issuing.providers import change_provider

    made = change_provider(name, pairs_of(pairs), actor=actor_named(by), settings=settings)
    show(_provider(made), as_json=as_json, people=lambda: click.echo(f"{name} is changed."))


@provider.command("list")
@data_option
@json_option
def list_providers(data: Path, as_json: bool) -> None:
    """Show the register of providers.

    \b
      $ vigie issuing provider list
    """
    use_database(data)
    from vigie.issuing.models import Provider

    rows = [_provider(one) for one in Provider.objects.order_by("name")[:10_000]]
    keys = ("name", "title", "home_state", "channel", "contact_email", "api_url", "informed_at")
    show(
        {"providers": rows},
        as_json=as_json,
        people=lambda: print_table(
            keys, [[one[key] for key in keys] for one in rows], empty="There is no provider."
        ),
    )


@provider.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@by_option
@data_option
@json_option
def import_providers(file: Path, by: str | None, data: Path, as_json: bool) -> None:
    """Enter or change the providers of a YAML file, all of them or none.

    \b
      $ vigie issuing provider import providers.yaml
    """
    settings = use_database(data)
    from vigie.issuing.providers import import_providers

    done = import_providers(text_of(file), actor=actor_named(by), settings=settings)
    show(
        {"added": done.added, "changed": done.changed},
        as_json=as_json,
        people=lambda: click.echo(f"{len(done.added)} added, {len(done.changed)} known before."),
    )


@provider.command("inform")
@click.argument("name")
@click.option("--by-hand", "informed_at", type=INSTANT, help="Nothing is sent: it has the information since.")
@click.option("--proof", default="", help="How that is known.")
@by_person_option
@data_option
@json_option
def inform_provider(
    name: str, informed_at: datetime | None, proof: str, by: str, data: Path, as_json: bool
) -> None:
    """Send a provider the information on procedures and deadlines, twelve hours before its first order.

    \b
      $ vigie issuing provider inform forum --by-hand 2026-01-05T20:00:00Z --proof "Registered letter." --by ana
    """
    settings = use_database(data)
    from vigie.issuing.providers import find_provider, note_informed
    from vigie.issuing.sending import inform_provider

    user = user_named(by)
    if informed_at is not None:
        note_informed(name, informed_at=informed_at, proof=proof, user=user, at=now())
    else:
        inform_provider(name, user=user, at=now(), settings=settings)
    row = _provider(find_provider(name))
    show(row, as_json=as_json, people=lambda: click.echo(row["informed_at"] or "The letter is on its way."))


@hold.command("add")
@click.argument("kind", type=click.Choice(["url", "account", "host"]))
@click.argument("pattern")
@click.option("--unit", required=True, help="The unit that holds it.")
@click.option("--contact", required=True, help="Whom others ask.")
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True, help="For how long.")
@click.option("--reason", default="", help="Seen only by those who may see holds.")
@by_person_option
@data_option
@json_option
def add_hold(
    kind: str,
    pattern: str,
    unit: str,
    contact: str,
    days: int,
    reason: str,
    by: str,
    data: Path,
    as_json: bool,
) -> None:
    """Ask that nothing be done about an address, an account (all under an address) or a host without asking.

    \b
      $ vigie issuing hold add account https://forum.example/u/heron --unit "Unit 4" --contact 4@unit.example --by ana
    """
    use_database(data)
    from vigie.issuing.holds import enter_hold

    at = now()
    made = enter_hold(
        kind=kind,
        pattern=pattern,
        unit=unit,
        contact=contact,
        until=at + timedelta(days=days),
        reason=reason,
        user=user_named(by),
        at=at,
    )
    show(_hold(made), as_json=as_json, people=lambda: click.echo(f"{made.number} is entered."))


@hold.command("list")
@by_person_option
@data_option
@json_option
def list_holds(by: str, data: Path, as_json: bool) -> None:
    """Show what is held now.

    \b
      $ vigie issuing hold list --by ana
    """
    use_database(data)
    from vigie.issuing.holds import holds_seen_by

    rows = [_hold(one) for one in holds_seen_by(user_named(by), at=now())]
    keys = ("number", "kind", "pattern", "unit", "contact", "until")
    show(
        {"holds": rows},
        as_json=as_json,
        people=lambda: print_table(
            keys, [[one[key] for key in keys] for one in rows], empty="Nothing is held."
        ),
    )


@hold.command("release")
@click.argument("number")
@click.option("--reason", default="", help="Needed from anybody but who entered it.")
@by_person_option
@data_option
@json_option
def release_hold(number: str, reason: str, by: str, data: Path, as_json: bool) -> None:
    """Let go of a hold: who entered it, or with a reason a person who may approve orders.

    \b
      $ vigie issuing hold release H-000001 --by ana
    """
    use_database(data)
    from vigie.issuing.holds import release_hold

    made = release_hold(number, user=user_named(by), at=now(), reason=reason)
    show(_hold(made), as_json=as_json, people=lambda: click.echo(f"{made.number} is released."))


def _provider(one: "Provider") -> dict[str, Any]:
    keys = (
        *("name", "title", "home_state", "channel", "contact_email", "api_url", "legal_representative"),
        *("languages", "home_authority", "home_authority_email", "hosts", "note", "active"),
    )
    informed_at = utc_text(one.informed_at) if one.informed_at else None
    return {key: getattr(one, key) for key in keys} | {
        "has_token": bool(one.locked_token),
        "informed_at": informed_at,
    }


def _hold(one: "Hold") -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind,
        "pattern": one.pattern,
        "unit": one.unit,
        "contact": one.contact,
        "until": utc_text(one.until),
        "released_at": utc_text(one.released_at) if one.released_at else None,
    }
