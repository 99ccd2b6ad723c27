"""`vigie platform`: connecting platforms and changing how decisions reach them.

A webhook secret is printed once, when it is made.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import actor_named, by_option
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import print_table

if TYPE_CHECKING:
    from vigie.platforms.models import Platform

STATUS = click.IntRange(100, 599)


@click.group()
def platform() -> None:
    """Places where content lives."""


@platform.command("add")
@click.argument("name")
@click.option("--url", default="", help="Where decisions are sent; without one it only takes verdicts.")
@click.option("--title", default="", help="As people read it.")
@click.option(
    "--gone", "gone_statuses", multiple=True, type=STATUS, help="HTTP status that says gone; may be repeated."
)
@click.option("--no-rechecks", is_flag=True, help="Do not look whether content is really gone.")
@click.option("--secret-stdin", is_flag=True, help="Read the webhook secret from standard input.")
@by_option
@data_option
@json_option
def add_platform(
    name: str,
    url: str,
    title: str,
    gone_statuses: tuple[int, ...],
    no_rechecks: bool,
    secret_stdin: bool,
    by: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Connect a platform; its webhook secret is printed this once.

    \b
      $ vigie platform add forum --title "Example forum" --url https://forum.example/vigie
    """
    settings = use_database(data)
    from vigie.platforms import service

    secret = sys.stdin.readline().strip() if secret_stdin else None
    made, secret = service.add_platform(
        name=name,
        title=title,
        url=url,
        gone_statuses=gone_statuses or None,
        rechecks=not no_rechecks,
        secret=secret or None,
        actor=actor_named(by),
        settings=settings,
    )
    show({**_platform(made), "secret": secret}, as_json=as_json, people=lambda: _tell_secret(name, secret))


@platform.command("list")
@data_option
@json_option
def list_platforms(data: Path, as_json: bool) -> None:
    """Show every platform.

    \b
      $ vigie platform list
    """
    use_database(data)
    from vigie.platforms.models import Platform

    rows = [_platform(one) for one in Platform.objects.order_by("name")]
    headers = ("name", "title", "connector", "url", "active", "looks", "gone is")
    show(
        {"platforms": rows},
        as_json=as_json,
        people=lambda: print_table(
            headers,
            [
                (
                    one["name"],
                    one["title"],
                    one["connector"],
                    one["url"],
                    "yes" if one["active"] else "no",
                    "yes" if one["rechecks"] else "no",
                    " ".join(str(status) for status in one["gone_statuses"]),
                )
                for one in rows
            ],
            empty="There is no platform. Connect one: vigie platform add",
        ),
    )


@platform.command("change")
@click.argument("name")
@click.option("--url", help="Where decisions are sent.")
@click.option("--title", help="As people read it.")
@click.option(
    "--gone", "gone_statuses", multiple=True, type=STATUS, help="HTTP status that says gone; may be repeated."
)
@click.option("--rechecks/--no-rechecks", default=None, help="Whether to look if content is really gone.")
@click.option("--active/--inactive", default=None, help="Whether decisions are sent.")
@by_option
@data_option
@json_option
def change_platform(
    name: str,
    url: str | None,
    title: str | None,
    gone_statuses: tuple[int, ...],
    rechecks: bool | None,
    active: bool | None,
    by: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Change what is given; the rest stays.

    \b
      $ vigie platform change forum --title "The forum" --gone 404 --gone 410
    """
    use_database(data)
    from vigie.platforms import service

    if url is None and title is None and not gone_statuses and rechecks is None and active is None:
        raise click.UsageError("Say what to change.")
    changed = service.change_platform(
        name,
        actor=actor_named(by),
        title=title,
        url=url,
        gone_statuses=gone_statuses or None,
        rechecks=rechecks,
        active=active,
    )
    show(_platform(changed), as_json=as_json, people=lambda: click.echo(f"{name} is changed."))


@platform.command("secret")
@click.argument("name")
@by_option
@data_option
@json_option
def renew_secret(name: str, by: str | None, data: Path, as_json: bool) -> None:
    """Make a new webhook secret; the old one stops at once.

    \b
      $ vigie platform secret forum
    """
    settings = use_database(data)
    from vigie.platforms import service

    secret = service.renew_secret(name, actor=actor_named(by), settings=settings)
    show({"name": name, "secret": secret}, as_json=as_json, people=lambda: _tell_secret(name, secret))


def _tell_secret(name: str, secret: str) -> None:
    click.echo(f"Webhook secret of {name}: {secret}\nKeep it now: it is not shown again.")


def _platform(one: "Platform") -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "connector": one.connector,
        "url": one.url,
        "gone_statuses": list(one.gone_statuses),
        "rechecks": one.rechecks,
        "active": one.active,
    }
