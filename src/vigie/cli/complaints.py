"""`vigie complaint`: complaints, deciding them, and what is left to settle.

A person decides, named by `--by`, and not the one who took the decision.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cases.decisions import EXEMPTIONS
from vigie.cli.acting import actor_named, by_option, by_person_option, user_named
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, show
from vigie.cli.tables import print_table
from vigie.foundation.clock import utc_text
from vigie.foundation.limits import PAGE_ROWS_MAX
from vigie.redress.states import OUTCOMES, WAITING

if TYPE_CHECKING:
    from vigie.redress.models import Complaint


@click.group()
def complaint() -> None:
    """Complaints about decisions."""


@complaint.command("list")
@click.option("--all", "everything", is_flag=True, help="Decided ones too.")
@click.option(
    "--limit", type=click.IntRange(1, PAGE_ROWS_MAX), default=50, show_default=True, help="Complaints shown."
)
@data_option
@json_option
def list_complaints(everything: bool, limit: int, data: Path, as_json: bool) -> None:
    """Show complaints that wait for a person, the earliest due first.

    \b
      $ vigie complaint list --all
    """
    use_database(data)
    from vigie.redress.complaints import complaints

    found = complaints().order_by("due_at", "id")
    if not everything:
        found = found.filter(state__in=WAITING)
    rows = [_complaint(one) for one in found[:limit]]
    headers = ("complaint", "about", "case", "state", "due", "outcome")
    show(
        {"complaints": rows},
        as_json=as_json,
        people=lambda: print_table(
            headers,
            [
                (
                    one["number"],
                    one["about"],
                    one["case"],
                    one["state"],
                    one["due_at"][:16],
                    one["outcome"],
                )
                for one in rows
            ],
            empty="No complaint waits.",
        ),
    )


@complaint.command("show")
@click.argument("number", metavar="COMPLAINT")
@data_option
@json_option
def show_complaint(number: str, data: Path, as_json: bool) -> None:
    """Show a complaint: what it is about, what they wrote, what was answered and given back.

    \b
      $ vigie complaint show CP-000001
    """
    settings = use_database(data)
    from vigie.redress.complaints import complaint_text, find_complaint

    found = find_complaint(number)
    shown = {**_complaint(found), "text": complaint_text(found, settings=settings)}
    show(shown, as_json=as_json, people=lambda: _tell(shown))


@complaint.command("add")
@click.argument("statement", metavar="STATEMENT")
@click.option("--text", required=True, help="What the user objects to, in their words.")
@by_option
@data_option
@json_option
def add_complaint(statement: str, text: str, by: str | None, data: Path, as_json: bool) -> None:
    """Take a complaint that reached you otherwise, by letter or at a desk.

    \b
      $ vigie complaint add S-000002 --text "It is my own photograph." --by anna
    """
    settings = use_database(data)
    from vigie.flows.complaint import complain_about
    from vigie.redress.models import Complaint
    from vigie.redress.service import find_statement

    about = find_statement(statement)
    made = _complaint(
        complain_about(
            about,
            text,
            came_by=Complaint.CameBy.PLATFORM,
            language=about.language,
            actor=actor_named(by),
            settings=settings,
        )
    )
    show(made, as_json=as_json, people=lambda: click.echo(f"{made['number']}, due {made['due_at'][:16]}."))


@complaint.command("decide")
@click.argument("number", metavar="COMPLAINT")
@click.argument("outcome", type=click.Choice(OUTCOMES))
@click.option("--reply", required=True, help="The reasons, for the complainant, in their language.")
@click.option(
    "--exemption",
    type=click.Choice(EXEMPTIONS),
    default="none",
    show_default=True,
    help="Why the content may stay, when it is reversed: (EU) 2021/784 Article 1(3).",
)
@click.option(
    "--manifestly-unfounded",
    is_flag=True,
    help="It had manifestly no ground: counts for its complainant. Only with `upheld`, under Article 20.",
)
@by_person_option
@data_option
@json_option
def decide_complaint(
    number: str,
    outcome: str,
    reply: str,
    exemption: str,
    manifestly_unfounded: bool,
    by: str,
    data: Path,
    as_json: bool,
) -> None:
    """Take a user's complaint in hand and decide it; the answer and what it gives back are on their way.

    \b
      $ vigie complaint decide CP-000001 reversed --reply "It is a press photograph." --by ben
    """
    settings = use_database(data)
    from vigie.flows.complaint import Outcome
    from vigie.flows.complaint import decide_complaint as decide
    from vigie.redress.complaints import assign, find_complaint

    user = user_named(by)
    assign(number, user=user)
    said = Outcome(outcome, reply, exemption=exemption, unfounded=manifestly_unfounded)
    decide(number, said, user=user, settings=settings)
    shown = _complaint(find_complaint(number))
    show(shown, as_json=as_json, people=lambda: click.echo(f"{shown['number']}: {outcome}, by {by}."))


@complaint.command("take-up")
@click.argument("number", metavar="COMPLAINT")
@by_person_option
@data_option
@json_option
def take_up_complaint(number: str, by: str, data: Path, as_json: bool) -> None:
    """Look at a complaint after all that is set aside because its complainant is suspended for misuse.

    \b
      $ vigie complaint take-up CP-000001 --by ben
    """
    use_database(data)
    from vigie.ledger.actors import person
    from vigie.redress.complaints import take_up

    shown = _complaint(take_up(number, actor=person(user_named(by).pk)))
    show(shown, as_json=as_json, people=lambda: click.echo(f"{number} waits for a person."))


@complaint.command("settle")
@click.argument("number", metavar="COMPLAINT")
@click.argument("entry", metavar="ENTRY")
@click.argument("action", type=click.Choice(["remove", "keep"]))
@by_person_option
@data_option
@json_option
def settle_entry(number: str, entry: str, action: str, by: str, data: Path, as_json: bool) -> None:
    """Decide about an entry that was banked from what a complaint gave back.

    \b
      $ vigie complaint settle CP-000001 E-000003 remove --by ben
    """
    use_database(data)
    from vigie.flows.complaint import settle_entry as settle

    done = settle(number, entry, remove=action == "remove", user=user_named(by))
    shown = {"complaint": number, "entry": done.reference, "state": done.state}
    show(shown, as_json=as_json, people=lambda: click.echo(f"{done.reference}: {done.state}."))


def _complaint(one: "Complaint") -> dict[str, Any]:
    return {
        "number": one.number,
        "about": one.statement.number if one.statement else one.notice,
        "case": one.case.number,
        "decision": one.decision.number if one.decision else None,
        "complainant": one.complainant,
        "basis": one.basis,
        "state": str(one.state),
        "unfounded": one.unfounded,
        "received_at": utc_text(one.received_at),
        "due_at": utc_text(one.due_at),
        "outcome": one.outcome,
        "reply": one.reply,
        "revision": one.revision.number if one.revision else None,
        "restitutions": [
            {"kind": item.kind, "state": item.state, "reference": item.reference}
            for item in one.restitutions.order_by("id")
        ],
    }


def _tell(shown: dict[str, Any]) -> None:
    for key in ("number", "about", "case", "state", "basis", "due_at", "text", "outcome", "reply"):
        click.echo(f"{key:<12} {shown[key]}")
    for item in shown["restitutions"]:
        click.echo(f"{'gives back':<12} {item['kind']} {item['reference']}: {item['state']}")
