"""`vigie issuing dossier` and `vigie issuing act`: exposure, reviews, reports, penalties and access requests.

A person acts, named by `--by`; decisions take the right to approve.
"""

from pathlib import Path
from typing import Any

import click

from vigie.cli.acting import by_person_option, user_named
from vigie.cli.connection import use_database
from vigie.cli.options import data_option, json_option, pairs_of, show
from vigie.cli.tables import print_table
from vigie.foundation.clock import now, utc_text
from vigie.issuing.acts import ACTS, act_from


@click.command("dossier")
@click.argument("name")
@data_option
@json_option
def show_dossier(name: str, data: Path, as_json: bool) -> None:
    """Show where a provider stands: its exposure, what is due, and every act about it.

    \b
      $ vigie issuing dossier gallery
    """
    use_database(data)
    from vigie.issuing.dossier import dossier_of
    from vigie.issuing.providers import find_provider

    found = dossier_of(find_provider(name), at=now())
    rows: list[dict[str, Any]] = [
        {
            "number": one.number,
            "kind": one.kind,
            "happened_at": utc_text(one.happened_at),
            "facts": one.facts,
            "text": one.text,
        }
        for one in found.acts
    ]
    row = {
        "provider": name,
        "exposure": found.situation.exposure.value,
        "final_orders": list(found.final_orders),
        "report_due_at": utc_text(found.report_due_at) if found.report_due_at else None,
        "review_due_at": utc_text(found.review_due_at) if found.review_due_at else None,
        "can": list(found.can),
        "acts": rows,
    }
    lines = [(key, row[key]) for key in ("exposure", "report_due_at", "review_due_at") if row[key]]
    lines += [(one["happened_at"], f"{one['kind']}: {one['text']}") for one in rows]
    show(row, as_json=as_json, people=lambda: print_table(("field", "value"), lines, empty=""))


@click.command("act")
@click.argument("name")
@click.argument("kind", type=click.Choice(list(ACTS)))
@click.argument("pairs", nargs=-1, metavar="[NAME=VALUE...]")
@by_person_option
@data_option
@json_option
def take_act(name: str, kind: str, pairs: tuple[str, ...], by: str, data: Path, as_json: bool) -> None:
    """Note an act about a provider.

    \b
      exposed           reason=...            (two final orders within twelve months)
      notified          at=INSTANT proof=...
      required          reason=...
      reported          at=INSTANT reason=... items=N seconds=N complaints=N reinstated=N
      review_asked      at=INSTANT
      review_decided    outcome=kept|amended|revoked reason=...
      challenged        at=INSTANT reason=...
      court_decided     outcome=upheld|annulled reason=...
      penalty           at=INSTANT infringed=3(3) penalty=warning|order|periodic|fine|other amount_eur=N reason=...
      access_requested  at=INSTANT reason=... order=NUMBER

    \b
      $ vigie issuing act gallery access_requested at=2025-01-05T10:00:00Z "reason=Article 6(1)(b), our code." --by ana
      $ vigie issuing act gallery penalty at=2025-01-05T10:00:00Z infringed=3(6) penalty=warning reason=None --by lea
    """
    use_database(data)
    from vigie.issuing.dossier import take

    made = take(name, act_from(kind, pairs_of(pairs)), user=user_named(by), at=now())
    show(
        {"number": made.number, "kind": made.kind, "facts": made.facts},
        as_json=as_json,
        people=lambda: click.echo(f"{made.number} is noted."),
    )
