"""Reading the ledger for the yearly figures: the rows of the domain, streamed, and up to which number they were read.

It counts nothing itself; `figures` does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vigie.issuing import act_events
from vigie.issuing.act_figures import act_figures_of
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
from vigie.ledger.events import Event

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
ACTS = (
    act_events.AccessRequested,
    act_events.ExposureChallenged,
    act_events.ExposureCourtDecided,
    act_events.ExposureDecided,
    act_events.ExposureReviewAsked,
    act_events.ExposureReviewDecided,
    act_events.MeasuresReported,
    act_events.MeasuresRequired,
    act_events.PenaltyImposed,
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
    figures = figures_of(_entries(READ, through), year=year)
    return YearlyFigures(year, through, (*figures, *act_figures_of(_entries(ACTS, through), year=year)))


def _entries(events: Sequence[type[Event]], through: int) -> Iterator[Entry]:
    rows = ledger.rows_after(0, through=through, events=[one.name for one in events])
    return (Entry(one.seq, one.event, one.facts) for one in rows)
