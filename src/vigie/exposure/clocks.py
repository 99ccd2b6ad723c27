"""When an exposed provider reports to the authority, and when a request for review is decided; pure.

They count calendar months from the day of receipt in UTC, and know no holidays.
"""

from datetime import UTC, datetime

from vigie.foundation.clock import months_after
from vigie.foundation.errors import Invalid

FIRST_REPORT_MONTHS = 3
REPORT_EVERY_MONTHS = 12
REVIEW_MONTHS = 3
YEARS = (1970, 9_000)


def report_due_at(received_at: datetime, *, reported: int) -> datetime:
    """Until when the next report is due, after so many: three months from the decision, then each year after that.

    Source: (EU) 2021/784 Art. 5(5). Raises Invalid for an instant without a zone, or a count below zero.
    """
    if reported < 0:
        raise Invalid("Nobody reports less than never.")
    return _months_later(received_at, FIRST_REPORT_MONTHS + REPORT_EVERY_MONTHS * reported)


def review_due_at(asked_at: datetime) -> datetime:
    """Until when the authority decides on a request for review: three months from its receipt.

    Source: (EU) 2021/784 Art. 5(7).
    """
    return _months_later(asked_at, REVIEW_MONTHS)


def _months_later(instant: datetime, months: int) -> datetime:
    """The same day and time so many calendar months later, or the last day of a shorter month."""
    if instant.tzinfo is None or not YEARS[0] <= instant.year <= YEARS[1]:
        raise Invalid("An instant needs a time zone, and a year that can be counted from.")
    start = instant.astimezone(UTC)
    return datetime.combine(months_after(start.date(), months), start.timetz())
