"""Reading the ledger for the yearly figures: the rows of the domain, streamed, and up to which number they were read.

It counts nothing itself; `figures` does.
"""

from dataclasses import dataclass

from vigie.issuing.events import (
    AppealNoted,
    CannotBeExecuted,
    ConflictOverridden,
    HomeCopySent,
    HourMissed,
    OrderAnnulled,
    OrderBecameFinal,
    OrderDone,
    OrderIssued,
    OrderWithdrawn,
    ReceiptProven,
    ScrutinyNoted,
)
from vigie.issuing.figures import Entry, Figure, figures_of
from vigie.ledger import service as ledger

READ = (
    AppealNoted,
    CannotBeExecuted,
    ConflictOverridden,
    HomeCopySent,
    HourMissed,
    OrderAnnulled,
    OrderBecameFinal,
    OrderDone,
    OrderIssued,
    OrderWithdrawn,
    ReceiptProven,
    ScrutinyNoted,
)


@dataclass(frozen=True, slots=True)
class YearlyFigures:
    """The figures of a calendar year, as the ledger has them up to `through`."""

    year: int
    through: int
    figures: tuple[Figure, ...]


def yearly_figures(year: int) -> YearlyFigures:
    """The figures of a year; the same ledger gives the same ones."""
    through = ledger.head_seq()
    rows = ledger.rows_after(0, through=through, events=[one.name for one in READ])
    entries = (Entry(one.seq, one.event, one.facts) for one in rows)
    return YearlyFigures(year, through, tuple(figures_of(entries, year=year)))
