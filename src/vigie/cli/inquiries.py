"""`vigie inquiry`: what authors ask about removal orders, and giving them the reasons.

A person answers, named by `--by`.
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

if TYPE_CHECKING:
    from vigie.redress.models import Inquiry


@click.group()
def inquiry() -> None:
    """What authors ask about removal orders."""


@inquiry.command("list")
@click.option("--all", "everything", is_flag=True, help="Answered ones too.")
@click.option(
    "--limit", type=click.IntRange(1, PAGE_ROWS_MAX), default=50, show_default=True, help="Inquiries shown."
)
@data_option
@json_option
def list_inquiries(everything: bool, limit: int, data: Path, as_json: bool) -> None:
    """Show what waits for an answer, the oldest first.

    \b
      $ vigie inquiry list --all
    """
    use_database(data)
    from vigie.redress.inquiries import inquiries

    found = inquiries().order_by("id")
    if not everything:
        found = found.filter(answered_at=None)
    rows = [_inquiry(one) for one in found[:limit]]
    headers = ("inquiry", "order", "platform", "content", "state", "asked")
    show(
        {"inquiries": rows},
        as_json=as_json,
        people=lambda: print_table(
            headers,
            [
                (
                    one["number"],
                    one["order"],
                    one["platform"],
                    one["content"],
                    one["state"],
                    one["asked_at"][:16],
                )
                for one in rows
            ],
            empty="Nobody asks.",
        ),
    )


@inquiry.command("answer")
@click.argument("number")
@click.option(
    "--form",
    type=click.Choice(["reasons", "copy"]),
    default="reasons",
    show_default=True,
    help="copy: the order as well, without its officials.",
)
@click.option("--text", default="", help="As the author reads it; else what Vigie drafts.")
@by_person_option
@data_option
@json_option
def answer_inquiry(number: str, form: str, text: str, by: str, data: Path, as_json: bool) -> None:
    """Give an author the reasons of the order, in your own words or as Vigie drafts them.

    \b
      $ vigie inquiry answer Q-000001 --by anna
    """
    settings = use_database(data)
    from vigie.flows import order_inquiry

    row = _inquiry(order_inquiry.answer(number, form=form, text=text, user=user_named(by), settings=settings))
    show(row, as_json=as_json, people=lambda: click.echo(row["text"]))


def _inquiry(one: "Inquiry") -> dict[str, Any]:
    return {
        "number": one.number,
        "order": one.order,
        "platform": one.content.platform.name,
        "content": one.content.external_id,
        "state": one.state,
        "asked_at": utc_text(one.asked_at) if one.asked_at else "",
        "answered_at": utc_text(one.answered_at) if one.answered_at else None,
        "form": one.form,
        "text": one.text,
    }
