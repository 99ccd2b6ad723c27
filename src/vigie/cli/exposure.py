"""`vigie exposure`: decisions of authorities that we are exposed, our specific measures and our reports on them.

A person records, named by `--by`.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.acting import INSTANT, by_person_option, user_named
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, pairs_of, show
from vigie.cli.tables import print_table
from vigie.foundation.clock import now, utc_text

if TYPE_CHECKING:
    from vigie.exposure.models import Decision

LIST_MAX = 1_000


@click.group()
def exposure() -> None:
    """Decisions that we are exposed: (EU) 2021/784, Article 5."""


@exposure.command("record")
@click.argument("reference")
@click.option("--authority", required=True, help="Who decided.")
@click.option("--state", required=True, help="Its Member State, two letters.")
@click.option("--received", "received_at", type=INSTANT, required=True, help="When it reached us.")
@click.option("--proof", required=True, help="How that is known, and where it is kept.")
@by_person_option
@data_option
@json_option
def record_decision(
    reference: str,
    authority: str,
    state: str,
    received_at: datetime,
    proof: str,
    by: str,
    data: Path,
    as_json: bool,
) -> None:
    """Record a decision that reached us.

    \b
      $ vigie exposure record 5 --authority Office --state FR --received 2025-01-05T09:00:00Z --proof Letter --by lea
    """
    use_database(data)
    from vigie.exposure import service

    made = service.record_decision(
        authority=authority,
        member_state=state,
        reference=reference,
        received_at=received_at,
        proof=proof,
        user=user_named(by),
        at=now(),
    )
    _show(made, as_json=as_json)


@exposure.command("step")
@click.argument("number")
@click.argument(
    "step",
    type=click.Choice(
        ["measures", "report", "required", "ask_review", "review_refused", "ended", "annulled"]
    ),
)
@click.argument("pairs", nargs=-1, metavar="[NAME=VALUE...]")
@by_person_option
@data_option
@json_option
def take_step(number: str, step: str, pairs: tuple[str, ...], by: str, data: Path, as_json: bool) -> None:
    """Note what followed from a decision.

    \b
      measures         kinds="means flagging awareness other" since=INSTANT reason=...
      report           sent_at=INSTANT proof=...
      required         received_at=INSTANT reason=...
      ask_review       asked_at=INSTANT
      review_refused   reason=...
      ended, annulled  ended_at=INSTANT reason=...

    \b
      $ vigie exposure step EX-000001 measures kinds=means since=2025-01-20T00:00:00Z "reason=Two more people." --by lea
      $ vigie exposure step EX-000001 report sent_at=2025-03-30T10:00:00Z "proof=By registered mail." --by lea
    """
    use_database(data)
    from vigie.exposure import service

    made = service.take_step(number, service.step_from(step, pairs_of(pairs)), user=user_named(by), at=now())
    _show(made, as_json=as_json)


@exposure.command("list")
@data_option
@json_option
def list_decisions(data: Path, as_json: bool) -> None:
    """Show decisions, the newest first, and when the next report on our measures is due.

    \b
      $ vigie exposure list
    """
    use_database(data)
    from vigie.exposure.models import Decision

    rows = [_decision(one) for one in Decision.objects.all()[:LIST_MAX]]
    keys = ("number", "member_state", "reference", "received_at", "next_report_due_at", "ended_at")
    show(
        {"decisions": rows},
        as_json=as_json,
        people=lambda: print_table(
            keys,
            [[one[key] for key in keys] for one in rows],
            empty="No authority decided that we are exposed.",
        ),
    )


def _show(decision: "Decision", *, as_json: bool) -> None:
    row = _decision(decision)
    show(row, as_json=as_json, people=lambda: print_table(("field", "value"), list(row.items()), empty=""))


def _decision(one: "Decision") -> dict[str, Any]:
    return {
        "number": one.number,
        "authority": one.authority,
        "member_state": one.member_state,
        "reference": one.reference,
        "received_at": utc_text(one.received_at),
        "measures": " ".join(one.measures),
        "measures_since": one.measures_since.isoformat() if one.measures_since else None,
        "next_report_due_at": _instant(one.next_report_due_at),
        "reports": len(one.reports.all()),
        "review_due_at": _instant(one.review_due_at),
        "ended_at": _instant(one.ended_at),
    }


def _instant(at: datetime | None) -> str | None:
    return utc_text(at) if at else None
