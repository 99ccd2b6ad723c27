"""`vigie misuse`: what counts for those who misuse, and the steps against that: warn, suspend, lift.

A person decides, named by `--by`; nothing of it happens by itself.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import by_person_option, user_named
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import print_table
from vigie.foundation.clock import utc_text
from vigie.foundation.limits import PAGE_ROWS_MAX
from vigie.misuse.steps import KINDS, SUSPENSION_DAYS_MAX, Stage

if TYPE_CHECKING:
    from vigie.misuse.models import MisuseRecord

gravity_option = click.option("--gravity", default="", help="How grave it is, in words for the person.")
intention_option = click.option("--intention", default="", help="What can be told of the intention.")


@click.group()
def misuse() -> None:
    """Frequent misuse: accounts, notifiers, complainants."""


@misuse.command("list")
@click.option("--kind", type=click.Choice(KINDS), help="Only these.")
@click.option("--stage", type=click.Choice([one.value for one in Stage]), help="Only these.")
@click.option(
    "--limit", type=click.IntRange(1, PAGE_ROWS_MAX), default=50, show_default=True, help="Records shown."
)
@data_option
@json_option
def list_misuse(kind: str | None, stage: str | None, limit: int, data: Path, as_json: bool) -> None:
    """Show records, newest first.

    \b
      $ vigie misuse list --stage suspended
    """
    use_database(data)
    from vigie.misuse.records import records

    found = records().order_by("-id")
    if kind:
        found = found.filter(kind=kind)
    if stage:
        found = found.filter(stage=stage)
    rows = [_row(one) for one in found[:limit]]
    show(
        {"records": rows},
        as_json=as_json,
        people=lambda: print_table(
            ("record", "kind", "platform", "account", "stage"),
            [(one["number"], one["kind"], one["platform"], one["account"], one["stage"]) for one in rows],
            empty="Nothing counts for anybody.",
        ),
    )


@misuse.command("show")
@click.argument("number", metavar="RECORD")
@data_option
@json_option
def show_misuse(number: str, data: Path, as_json: bool) -> None:
    """Show a record: what counts and why, what was done, and what is open.

    \b
      $ vigie misuse show M-000001
    """
    use_database(data)
    _answer(number, as_json)


@misuse.command("find")
@click.argument("about", metavar="CASE|NOTICE")
@by_person_option
@data_option
@json_option
def find(about: str, by: str, data: Path, as_json: bool) -> None:
    """Find what a case removed manifestly illegal, or a notice that led to nothing manifestly unfounded.

    A complaint is found so when it is decided: `vigie complaint decide --manifestly-unfounded`.

    \b
      $ vigie misuse find C-000001 --by anna
    """
    use_database(data)
    user = user_named(by)
    if about.upper().startswith("N-"):
        from vigie.flows.misuse import record_of
        from vigie.notices.service import find_unfounded, who_sent

        record = record_of(who_sent(find_unfounded(about, user=user)))
        if record is None:
            shown = {"record": None, "about": about}
            show(shown, as_json=as_json, people=lambda: click.echo("Noted. Nobody knows who sent it."))
            return
        _answer(record.number, as_json)
        return
    from vigie.flows.misuse import find_manifestly_illegal

    _answer(find_manifestly_illegal(about, user=user).record.number, as_json)


@misuse.command("withdraw")
@click.argument("number", metavar="RECORD")
@click.argument("about", metavar="ABOUT")
@by_person_option
@data_option
@json_option
def withdraw(number: str, about: str, by: str, data: Path, as_json: bool) -> None:
    """Let something count no more; a suspension that loses its ground by that ends.

    \b
      $ vigie misuse withdraw M-000001 forum/p1 --by anna
    """
    settings = use_database(data)
    from vigie.flows.misuse import withdraw_finding

    withdraw_finding(number, about, user=user_named(by), settings=settings)
    _answer(number, as_json)


@misuse.command("warn")
@click.argument("number", metavar="RECORD")
@gravity_option
@intention_option
@by_person_option
@data_option
@json_option
def warn(number: str, gravity: str, intention: str, by: str, data: Path, as_json: bool) -> None:
    """Warn; they are told through the platform or by mail.

    \b
      $ vigie misuse warn M-000001 --by anna
    """
    settings = use_database(data)
    from vigie.flows.misuse import warn as do_warn
    from vigie.misuse.service import Assessment

    do_warn(number, Assessment(gravity, intention), user=user_named(by), settings=settings)
    _answer(number, as_json)


@misuse.command("suspend")
@click.argument("number", metavar="RECORD")
@gravity_option
@intention_option
@click.option(
    "--days", type=click.IntRange(1, SUSPENSION_DAYS_MAX), help="How long; else as the setting says."
)
@by_person_option
@data_option
@json_option
def suspend(
    number: str, gravity: str, intention: str, days: int | None, by: str, data: Path, as_json: bool
) -> None:
    """Suspend for a time after a warning: an account, or the processing of notices or complaints.

    \b
      $ vigie misuse suspend M-000001 --gravity "Calls to violence." --intention "Went on when warned." --by anna
    """
    settings = use_database(data)
    from vigie.flows.misuse import suspend as do_suspend
    from vigie.misuse.service import Assessment

    do_suspend(number, Assessment(gravity, intention), days=days, user=user_named(by), settings=settings)
    _answer(number, as_json)


@misuse.command("lift")
@click.argument("number", metavar="RECORD")
@by_person_option
@data_option
@json_option
def lift(number: str, by: str, data: Path, as_json: bool) -> None:
    """End a suspension before its time; what was set aside comes back.

    \b
      $ vigie misuse lift M-000001 --by anna
    """
    settings = use_database(data)
    from vigie.flows.misuse import lift as do_lift

    do_lift(number, user=user_named(by), settings=settings)
    _answer(number, as_json)


@misuse.command("take-warning-back")
@click.argument("number", metavar="RECORD")
@by_person_option
@data_option
@json_option
def take_warning_back(number: str, by: str, data: Path, as_json: bool) -> None:
    """Take the last warning back, as if it had not been.

    \b
      $ vigie misuse take-warning-back M-000001 --by anna
    """
    use_database(data)
    from vigie.flows.misuse import take_warning_back as take_back

    take_back(number, user=user_named(by))
    _answer(number, as_json)


def _answer(number: str, as_json: bool) -> None:
    shown = _record(number)
    show(shown, as_json=as_json, people=lambda: _tell(shown))


def _row(one: "MisuseRecord") -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": str(one.kind),
        "platform": one.platform.name,
        "account": one.account,
        "stage": str(one.stage),
    }


def _record(number: str) -> dict[str, Any]:
    from vigie.flows.misuse import position_of
    from vigie.foundation.settings import current
    from vigie.misuse.records import find_record

    record = find_record(number)
    position = position_of(record, settings=current())
    until = position.standing.suspended_until
    return {
        **_row(record),
        "counted": position.tally.counted,
        "total": position.tally.total,
        "since_step": position.tally.since_step,
        "step": position.step,
        "suspended_until": None if until is None else utc_text(until),
        "findings": [
            {
                "about": one.about,
                "rests_on": one.rests_on,
                "provided_at": utc_text(one.provided_at),
                "withdrawn": str(one.withdrawn_why),
            }
            for one in record.findings.order_by("-id")[:PAGE_ROWS_MAX]
        ],
        "steps": [
            {
                "number": one.number,
                "kind": str(one.kind),
                "taken_at": utc_text(one.taken_at),
                "until": None if one.until is None else utc_text(one.until),
                "end": str(one.end),
            }
            for one in record.steps.order_by("-id")[:PAGE_ROWS_MAX]
        ],
    }


def _tell(shown: dict[str, Any]) -> None:
    for key in ("number", "kind", "platform", "account", "stage", "suspended_until"):
        click.echo(f"{key:<16} {shown[key] or ''}")
    click.echo(
        f"{'counts':<16} {shown['counted']} of {shown['total']}, {shown['since_step']} since the last step"
    )
    click.echo(f"{'open':<16} {shown['step']}")
    for one in shown["steps"]:
        click.echo(f"{one['kind']:<16} {one['number']} {one['taken_at'][:16]} {one['end']}")
    for one in shown["findings"]:
        click.echo(f"{'finding':<16} {one['about']} ({one['rests_on']}) {one['withdrawn']}")
