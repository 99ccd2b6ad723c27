"""What the ledger says of one subject, with names instead of numbers, for the foot of its page.

It reads the ledger and nothing else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vigie.console.names import names_of
from vigie.ledger.models import LedgerEntry

ROWS_MAX = 50


@dataclass(frozen=True, slots=True)
class Happened:
    """One row: its number, when, who by name, what, and its facts."""

    seq: int
    at: datetime
    who: str
    event: str
    facts: dict[str, Any]


def history_of(subject: str) -> list[Happened]:
    """The newest rows about `subject` (`entry:E-000017`), the newest first."""
    rows = list(LedgerEntry.objects.filter(subject=subject).order_by("-seq")[:ROWS_MAX])
    names = names_of(row.actor for row in rows)
    return [Happened(row.seq, row.at, names.get(row.actor, row.actor), row.event, row.facts) for row in rows]
