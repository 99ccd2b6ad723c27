"""`vigie issuing`: removal orders that we issue as an authority, and the yearly figures.

A step is a person's: `--by` names who takes it, and that person must have the right.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import by_person_option, user_named
from vigie.cli.connection import use_database
from vigie.cli.files import bytes_of
from vigie.cli.issuing_dossier import show_dossier, take_act
from vigie.cli.issuing_registers import hold, provider
from vigie.cli.issuing_replies import reply
from vigie.cli.options import data_option, json_option, pairs_of, show
from vigie.cli.tables import print_table
from vigie.foundation.clock import now, utc_text
from vigie.foundation.limits import PAGE_ROWS_MAX
from vigie.issuing.steps import STEPS, step_from
from vigie.orders.form_labels import LANGUAGES

if TYPE_CHECKING:
    from vigie.issuing.models import IssuedOrder


@click.group()
def issuing() -> None:
    """Removal orders that we issue."""


issuing.add_command(provider)
issuing.add_command(hold)
issuing.add_command(reply)
issuing.add_command(show_dossier)
issuing.add_command(take_act)


@issuing.command("draft")
@click.argument("pairs", nargs=-1, metavar="[FIELD=VALUE...]")
@click.option("--case", default="", help="Begin with the content of this case.")
@by_person_option
@data_option
@json_option
def begin_draft(pairs: tuple[str, ...], case: str, by: str, data: Path, as_json: bool) -> None:
    """Begin a draft with fields of Annex I, beside the authority's own ones. Several addresses are separated by spaces.

    \b
      $ vigie issuing draft provider=forum urls=https://forum.example/p/1 legal_types=a do_not_inform=no --by ana
    """
    settings = use_database(data)
    from vigie.issuing.drafting import begin_draft

    order = begin_draft(pairs_of(pairs), case=case, user=user_named(by), at=now(), settings=settings)
    _show(order, as_json=as_json)


@issuing.command("change")
@click.argument("number")
@click.argument("pairs", nargs=-1, required=True, metavar="FIELD=VALUE...")
@by_person_option
@data_option
@json_option
def change_draft(number: str, pairs: tuple[str, ...], by: str, data: Path, as_json: bool) -> None:
    """Change fields of a draft; an empty value takes one away.

    \b
      $ vigie issuing change RO-000001 "additional_reasons=It calls for violence against others." --by ana
    """
    use_database(data)
    from vigie.issuing.drafting import change_draft

    _show(change_draft(number, pairs_of(pairs), user=user_named(by), at=now()), as_json=as_json)


@issuing.command("propose")
@click.argument("number")
@click.argument("pairs", nargs=-1, required=True, metavar="FIELD=VALUE...")
@by_person_option
@data_option
@json_option
def propose_change(number: str, pairs: tuple[str, ...], by: str, data: Path, as_json: bool) -> None:
    """Say how an order that is out should read: a clarification or correction, sent by a second person (`resend`).

    \b
      $ vigie issuing propose RO-000001 "locating_information=The second post." --by ana
    """
    use_database(data)
    from vigie.flows.issuing import propose

    _show(propose(number, pairs_of(pairs), user=user_named(by)), as_json=as_json)


@issuing.command("list")
@click.option("--state", type=click.Choice(["draft", "out", "overdue", "ended", "all"]), default="all")
@click.option(
    "--limit", type=click.IntRange(1, PAGE_ROWS_MAX), default=50, show_default=True, help="Orders shown."
)
@data_option
@json_option
def list_orders(state: str, limit: int, data: Path, as_json: bool) -> None:
    """Show orders that we issue, newest first.

    \b
      $ vigie issuing list --state overdue
    """
    use_database(data)
    from vigie.issuing.desk import orders_in

    rows = [_row(one) for one in orders_in(state, at=now())[:limit]]
    keys = ("number", "stage", "provider", "reference", "due_at", "measure_at", "trouble")
    show(
        {"orders": rows},
        as_json=as_json,
        people=lambda: print_table(
            keys, [[one[key] for key in keys] for one in rows], empty="There is no such order."
        ),
    )


@issuing.command("show")
@click.argument("number")
@data_option
@json_option
def show_order(number: str, data: Path, as_json: bool) -> None:
    """Show one order: its fields, what it lacks, what stands against it, what went out and came in.

    \b
      $ vigie issuing show RO-000001
    """
    use_database(data)
    from vigie.issuing.service import find_order

    _show(find_order(number), as_json=as_json)


@issuing.command("step")
@click.argument("number")
@click.argument("step", type=click.Choice(list(STEPS)))
@click.argument("pairs", nargs=-1, metavar="[NAME=VALUE...]")
@by_person_option
@data_option
@json_option
def take_step(number: str, step: str, pairs: tuple[str, ...], by: str, data: Path, as_json: bool) -> None:
    """Do one step with an order.

    \b
      check, approve, take_back, discard, issue, handed_over, resend
      override, emergency, extend_silence, withdraw, infringement, appeal_annulled    reason=...
      received     received_at=INSTANT proof=...
      done         measure=removed|disabled measure_at=INSTANT proof=...
      cannot       ground=force_majeure|manifest_errors|insufficient_information proof=... needed=...
      restart      again_at=INSTANT
      looked       found=gone|there
      final        final_at=INSTANT
      scrutiny_asked, scrutiny_passed, appeal_lodged, appeal_upheld

    \b
      $ vigie issuing step RO-000001 check --by ana
      $ vigie issuing step RO-000001 approve --by lea
      $ vigie issuing step RO-000001 issue --by ana
      $ vigie issuing step RO-000001 handed_over --by ana
    """
    settings = use_database(data)
    from vigie.flows import issuing as flow

    made = step_from(step, pairs_of(pairs))
    order = flow.take_step(number, made, user=user_named(by), at=now(), settings=settings)
    _show(order, as_json=as_json)


@issuing.command("answer")
@click.argument("number")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@by_person_option
@data_option
@json_option
def take_answer(number: str, file: Path, by: str, data: Path, as_json: bool) -> None:
    """Take in an Annex II or III: a mail, PDF, XML or JSON file.

    \b
      $ vigie issuing answer RO-000001 annex-ii.json --by ana
    """
    settings = use_database(data)
    from vigie.flows.issuing import take_file
    from vigie.issuing.answers import ANSWER_BYTES_MAX

    read = bytes_of(file, bytes_max=ANSWER_BYTES_MAX)
    _show(
        take_file(number, read, user=user_named(by), at=now(), settings=settings),
        as_json=as_json,
    )


@issuing.command("form")
@click.argument("number")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of a PDF.")
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File ending in .pdf or .json.",
)
@data_option
@json_option
def write_form(number: str, language: str, output: Path, data: Path, as_json: bool) -> None:
    """Write Annex I of an order as it stands.

    \b
      $ vigie issuing form RO-000001 --output order.pdf
    """
    use_database(data)
    from vigie.flows.issuing_post import form_json, order_pdf
    from vigie.issuing.service import find_order

    if output.suffix not in (".pdf", ".json"):
        raise click.UsageError("The file's name ends in .pdf or .json.")
    order = find_order(number)
    is_pdf = output.suffix == ".pdf"
    written = order_pdf(order, language=language) if is_pdf else form_json(order.fields)
    output.write_bytes(written)
    show(
        {"file": str(output), "byte_count": len(written)},
        as_json=as_json,
        people=lambda: click.echo(f"{len(written)} bytes written to {output}."),
    )


@issuing.command("figures")
@click.option(
    "--year",
    required=True,
    type=click.IntRange(2000, 9998),
    help="Calendar year in which orders were issued.",
)
@click.option("--explain", default="", metavar="KEY", help="The ledger entries behind one figure.")
@data_option
@json_option
def show_figures(year: int, explain: str, data: Path, as_json: bool) -> None:
    """Compute the yearly figures from the ledger alone: (EU) 2021/784, Articles 8(1) and 21(1).

    \b
      $ vigie issuing figures --year 2026
      $ vigie issuing figures --year 2026 --explain late
    """
    use_database(data)
    from vigie.issuing.yearly import yearly_figures

    found = yearly_figures(year)
    figures = [one for one in found.figures if explain in ("", one.key)]
    if not figures:
        raise click.UsageError("Figures: " + ", ".join(one.key for one in found.figures))
    rows = [one.to_json() for one in figures]
    shown = ("rows",) if explain else ()
    keys = ("key", "value", "unit", "source", "query", *shown)
    show(
        {"year": year, "through": found.through, "figures": rows},
        as_json=as_json,
        people=lambda: print_table(keys, [[one[key] for key in keys] for one in rows], empty=""),
    )


def _show(order: "IssuedOrder", *, as_json: bool) -> None:
    from vigie.issuing.drafting import lacking

    order.refresh_from_db()
    row = {
        **_row(order),
        "fields": order.fields,
        "lacking": lacking(order) if order.standing.is_draft else {},
        "conflicts": order.conflicts,
        "letters": [
            {"kind": one.kind, "channel": one.channel, "sent_at": _instant(one.sent_at)}
            for one in order.letters.all()
        ],
        "answers": [
            {"kind": one.kind, "channel": one.channel, "came_at": _instant(one.came_at)}
            for one in order.answers.all()
        ],
        "alarms": [
            {
                "kind": one.kind,
                "raised_at": _instant(one.raised_at),
                "again_at": _instant(one.again_at),
                "settled_at": _instant(one.settled_at),
            }
            for one in order.alarms.all()
        ],
        "replies": [one.number for one in order.replies.order_by("id")],
    }
    show(row, as_json=as_json, people=lambda: _tell(row))


def _tell(row: dict[str, Any]) -> None:
    keys = ("number", "stage", "provider", "issued_at", "received_at", "due_at", "measure_at", "trouble")
    lines = [(key, row[key]) for key in keys if row[key]]
    lines += [(key, value) for key, value in row["fields"].items() if value not in ("", [], None)]
    lines += [(key, f"LACKING: {why}") for key, why in row["lacking"].items()]
    lines += [("stands against", one["ask"] or one["key"]) for one in row["conflicts"]]
    lines += [(one["kind"], one["sent_at"] or f"waits ({one['channel']})") for one in row["letters"]]
    lines += [(one["kind"], one["came_at"]) for one in row["answers"]]
    lines += [("alarm", f"{one['kind']}: {'over' if one['settled_at'] else 'OPEN'}") for one in row["alarms"]]
    lines += [("reply", one) for one in row["replies"]]
    print_table(
        ("field", "value"),
        [(key, " ".join(value) if isinstance(value, list) else value) for key, value in lines],
        empty="",
    )


def _row(one: "IssuedOrder") -> dict[str, Any]:
    return {
        "number": one.number,
        "stage": one.stage,
        "provider": one.provider.name if one.provider else "",
        "reference": one.reference,
        "home": one.home,
        "issued_at": _instant(one.issued_at),
        "received_at": _instant(one.received_at),
        "due_at": _instant(one.due_at),
        "measure": one.measure,
        "measure_at": _instant(one.measure_at),
        "trouble": one.trouble,
    }


def _instant(at: Any) -> str | None:
    return utc_text(at) if at else None
