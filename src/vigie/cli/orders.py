"""`vigie order`: taking removal orders in, showing them, and every step that a person takes with one.

A step is a person's: `--by` names who takes it, and that person must have the right.
"""

import sys
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import INSTANT, actor_named, by_option, by_person_option, user_named
from vigie.cli.connection import use_database
from vigie.cli.files import bytes_of
from vigie.cli.options import data_option, json_option, pairs_of, show
from vigie.cli.order_files import files_of, received_by_mail
from vigie.cli.tables import print_table
from vigie.foundation.clock import now, utc_text
from vigie.foundation.errors import VigieError
from vigie.foundation.limits import PAGE_ROWS_MAX
from vigie.orders.form_labels import LANGUAGES
from vigie.orders.steps import STEPS, step_from

if TYPE_CHECKING:
    from vigie.orders.models import Order, OrderIntake


NOT_TAKEN_IN = "not_taken_in"


@click.group()
def order() -> None:
    """Removal orders of authorities."""


@order.command("import")
@click.argument(
    "paths",
    metavar="FILE|FOLDER...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)
@click.option("--received-at", type=INSTANT, help="When it was received; else when its mail says, or now.")
@by_option
@data_option
@json_option
def import_orders(
    paths: tuple[Path, ...], received_at: datetime | None, by: str | None, data: Path, as_json: bool
) -> None:
    """Take in mails, PDF, XML or JSON files, each kept whole. The same order again is a repeat.

    Of a folder every file is taken in, those of its folders too. Each file has its own answer: one that cannot be
    taken in stops none of the others. A named pipe, a socket or a device is not read.

    \b
      $ vigie order import order.json
      $ vigie order import order.eml --received-at 2026-11-25T03:10:00+01:00
      $ vigie order import orders/
    """
    settings = use_database(data)
    from vigie.orders.intake import INTAKE_BYTES_MAX, take_in
    from vigie.orders.models import OrderIntake

    actor = actor_named(by)

    def answer_to(path: Path) -> dict[str, Any]:
        try:
            raw, at = bytes_of(path, bytes_max=INTAKE_BYTES_MAX), now()
            intake = take_in(
                raw,
                channel=OrderIntake.Channel.FILE,
                received_at=received_at or received_by_mail(raw) or at,
                at=at,
                actor=actor,
                settings=settings,
            )
        except VigieError as error:
            return {"file": str(path), **_not_taken_in(error)}
        return {"file": str(path), **_intake(intake)}

    rows = [answer_to(path) for path in files_of(paths)]
    counts = Counter(one["state"] for one in rows)
    show({"intakes": rows, "counts": counts}, as_json=as_json, people=lambda: _tell_imported(rows, counts))
    if any(one["state"] in ("quarantined", NOT_TAKEN_IN) for one in rows):
        sys.exit(1)


@order.command("list")
@click.option("--all", "show_all", is_flag=True, help="Those that have ended, too.")
@click.option(
    "--limit", type=click.IntRange(1, PAGE_ROWS_MAX), default=50, show_default=True, help="Orders shown."
)
@data_option
@json_option
def list_orders(show_all: bool, limit: int, data: Path, as_json: bool) -> None:
    """Show orders, the most urgent first, with what is left of their hour.

    \b
      $ vigie order list
    """
    use_database(data)
    from vigie.orders.models import Order

    orders = Order.objects.order_by("-id" if show_all else "clock_started_at")
    if not show_all:
        orders = orders.exclude(stage__in=("not_genuine", "final", "annulled"))
    rows = [_order(one) for one in orders[:limit]]
    headers = ("number", "stage", "due", "authority", "reference", "answer", "sender")
    show(
        {"orders": rows},
        as_json=as_json,
        people=lambda: print_table(
            headers,
            [
                [
                    one[key]
                    for key in ("number", "stage", "due_at", "authority", "reference", "answer", "sender")
                ]
                for one in rows
            ],
            empty="There is no open removal order.",
        ),
    )


@order.command("show")
@click.argument("number")
@data_option
@json_option
def show_order(number: str, data: Path, as_json: bool) -> None:
    """Show one order with its fields, what could not be read, and its addresses.

    \b
      $ vigie order show O-000001
    """
    use_database(data)
    from vigie.orders.service import find_order

    found = find_order(number)
    row = {
        **_order(found),
        "fields": found.fields,
        "unread": found.unread,
        "sender_check": found.sender_check,
        "items": [
            {
                "url": one.url,
                "seen": one.seen,
                "measure_at": _instant(one.measure_at),
                "was_gone": one.was_gone,
            }
            for one in found.items.order_by("id")
        ],
    }
    show(row, as_json=as_json, people=lambda: _tell_order(row))


@order.command("correct")
@click.argument("number")
@click.argument("pairs", nargs=-1, required=True, metavar="FIELD=VALUE...")
@by_person_option
@data_option
@json_option
def correct_order(number: str, pairs: tuple[str, ...], by: str, data: Path, as_json: bool) -> None:
    """Fill in fields that could not be read. Several addresses are separated by spaces.

    \b
      $ vigie order correct O-000001 urls=http://forum.example/p1 do_not_inform=no --by anna
    """
    settings = use_database(data)
    from vigie.flows.order import correct

    found = correct(number, pairs_of(pairs), user=user_named(by), at=now(), settings=settings)
    show(_order(found), as_json=as_json, people=lambda: click.echo(f"{found.number} is corrected."))


@order.command("step")
@click.argument("number")
@click.argument("step", type=click.Choice(list(STEPS)))
@click.argument("pairs", nargs=-1, metavar="[NAME=VALUE...]")
@by_person_option
@data_option
@json_option
def take_order_step(
    number: str, step: str, pairs: tuple[str, ...], by: str, data: Path, as_json: bool
) -> None:
    """Do one step with an order.

    \b
      execute             measure=removed|disabled
      executed_by_hand    done_at=INSTANT measure=removed|disabled
      cannot_execute      ground=force_majeure|manifest_errors|insufficient_information reason=... needed=...
      restart             again_at=INSTANT: the ground ceased, or the clarification was received
      refuse, annul, infringement, lift_withholding    reason=...
      became_final        final_at=INSTANT
      withhold            decided_at=INSTANT
      ask_scrutiny        asked_by=provider|content_provider|authority
      accept, answer_sent, scrutiny_passed, extend_withholding, inform_author

    \b
      $ vigie order step O-000001 execute measure=removed --by anna
    """
    settings = use_database(data)
    from vigie.flows.order import take_step

    found = take_step(
        number, step_from(step, pairs_of(pairs)), user=user_named(by), at=now(), settings=settings
    )
    show(_order(found), as_json=as_json, people=lambda: click.echo(f"{found.number} is {found.stage}."))


@order.command("form")
@click.argument("number")
@click.option("--answer", "wants_answer", is_flag=True, help="The last Annex II or III instead of Annex I.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of a PDF.")
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File ending in .pdf or .json.",
)
@data_option
@json_option
def write_form(
    number: str, wants_answer: bool, language: str, output: Path, data: Path, as_json: bool
) -> None:
    """Write a form of an order as PDF or JSON.

    \b
      $ vigie order form O-000001 --output order.pdf
    """
    use_database(data)
    from vigie.orders import answers, form_pdf
    from vigie.orders.service import find_order

    if output.suffix not in (".pdf", ".json"):
        raise click.UsageError("The file's name ends in .pdf or .json.")
    found, is_pdf = find_order(number), output.suffix == ".pdf"
    if wants_answer:
        answer = answers.last_answer(found)
        written = form_pdf.answer_pdf(answer, language=language) if is_pdf else form_pdf.answer_json(answer)
    else:
        written = form_pdf.order_pdf(found, language=language) if is_pdf else form_pdf.order_json(found)
    output.write_bytes(written)
    show(
        {"file": str(output), "byte_count": len(written)},
        as_json=as_json,
        people=lambda: click.echo(f"{len(written)} bytes written to {output}."),
    )


@order.command("intakes")
@click.option("--all", "show_all", is_flag=True, help="Not only what waits for a person.")
@click.option(
    "--limit", type=click.IntRange(1, PAGE_ROWS_MAX), default=50, show_default=True, help="Rows shown."
)
@data_option
@json_option
def list_intakes(show_all: bool, limit: int, data: Path, as_json: bool) -> None:
    """Show what came in and could not be read as an order.

    \b
      $ vigie order intakes
    """
    use_database(data)
    from vigie.orders.models import OrderIntake

    intakes = OrderIntake.objects.select_related("order").order_by("-id")
    if not show_all:
        intakes = intakes.filter(state=OrderIntake.State.QUARANTINED)
    rows = [_intake(one) for one in intakes[:limit]]
    show({"intakes": rows}, as_json=as_json, people=lambda: _tell_intakes(rows))


@order.command("set-aside")
@click.argument("number", metavar="INTAKE")
@click.option("--reason", required=True, help="Why it is no order.")
@by_person_option
@data_option
@json_option
def set_intake_aside(number: str, reason: str, by: str, data: Path, as_json: bool) -> None:
    """Say that what came in is no order; it stays kept.

    \b
      $ vigie order set-aside I-000004 --reason "A newsletter." --by anna
    """
    use_database(data)
    from vigie.orders.service import set_aside

    found = set_aside(number, reason=reason, user=user_named(by))
    show(_intake(found), as_json=as_json, people=lambda: click.echo(f"{found.number} is set aside."))


def _tell_intakes(rows: list[dict[str, Any]]) -> None:
    headers = ("number", "state", "order", "received", "sender", "problem")
    keys = ("number", "state", "order", "received_at", "sender", "problem")
    print_table(headers, [[one[key] for key in keys] for one in rows], empty="Nothing waits for a person.")


def _tell_imported(rows: list[dict[str, Any]], counts: Mapping[str, int]) -> None:
    keys = ("file", "number", "state", "order", "received_at", "sender", "problem")
    headers = ("file", "number", "state", "order", "received", "sender", "problem")
    print_table(headers, [[one[key] for key in keys] for one in rows], empty="")
    click.echo(", ".join(f"{count} {state.replace('_', ' ')}" for state, count in counts.items()) + ".")


def _not_taken_in(error: VigieError) -> dict[str, Any]:
    """The answer to a file of which nothing was kept."""
    row = dict.fromkeys(("number", "order", "channel", "received_at", "sender"), "")
    return {**row, "state": NOT_TAKEN_IN, "problem": error.sentence}


def _tell_order(row: dict[str, Any]) -> None:
    lines = [(key, row[key]) for key in ("number", "stage", "received_at", "due_at", "sender", "answer")]
    lines += [(key, value) for key, value in row["fields"].items() if value not in ("", [], None)]
    lines += [(key, f"NOT READ: {why}") for key, why in row["unread"].items()]
    lines += [("address", f"{one['url']} ({one['seen'] or 'not looked at'})") for one in row["items"]]
    print_table(
        ("field", "value"),
        [(key, " ".join(value) if isinstance(value, list) else value) for key, value in lines],
        empty="",
    )


def _order(one: "Order") -> dict[str, Any]:
    from vigie.orders.clocks import removal_due_at

    return {
        "number": one.number,
        "stage": one.stage,
        "access": one.access,
        "answer": one.answer,
        "disclosure": one.disclosure,
        "authority": str(one.fields.get("authority") or ""),
        "reference": one.reference,
        "received_at": utc_text(one.received_at),
        "due_at": utc_text(removal_due_at(one.clock_started_at)),
        "measure": one.measure,
        "measure_at": _instant(one.measure_at),
        "sender": str(one.sender_check.get("verdict", "unknown")),
    }


def _intake(one: "OrderIntake") -> dict[str, Any]:
    return {
        "number": one.number,
        "state": one.state,
        "order": one.order.number if one.order else "",
        "channel": one.channel,
        "received_at": utc_text(one.received_at),
        "sender": one.sender,
        "problem": one.problem,
    }


def _instant(at: datetime | None) -> str | None:
    return utc_text(at) if at else None
