"""Until when somebody may complain, by when they must be answered, and how long an authority can have silence kept.

Pure functions of instants: nothing here reads the time. A period given in days, weeks or months ends with the last hour
of its last day; where the person lives is not known, so the day ends when it is over everywhere on Earth.
"""

from datetime import UTC, datetime, timedelta

from vigie.foundation.clock import months_over_at

COMPLAINT_MONTHS = 6
# No six calendar months and the end of their last day everywhere are longer.
COMPLAINT_DAYS_MAX = 187
OUTCOME_DAYS = 14
WITHHOLDING_WEEKS = 6
WITHHOLDING_EXTENSIONS_MAX = 1


def complaint_until(informed_at: datetime) -> datetime:
    """The instant from which a complaint can come too late: six calendar months after the day informed are over.

    Source: (EU) 2022/2065 Art. 20(1) and (2); (EEC, Euratom) 1182/71 Art. 3(2)(c).
    """
    return months_over_at(informed_at, COMPLAINT_MONTHS)


def may_complain(at: datetime, *, informed_at: datetime | None) -> bool:
    """Whether a complaint is in time; for somebody who was not informed the period has not begun."""
    return informed_at is None or at < complaint_until(informed_at)


def outcome_due_at(received_at: datetime) -> datetime:
    """By when the complainant must know the outcome: two weeks after receipt, to the hour and never later.

    Source: (EU) 2021/784 Art. 10(2). For complaints under (EU) 2022/2065 Art. 20(4), which must be handled "in a
    timely manner", the same period is the target.
    """
    return received_at.astimezone(UTC) + timedelta(days=OUTCOME_DAYS)


def withholding_ends_at(decided_at: datetime, *, extensions: int) -> datetime:
    """Until when an authority's decision of `decided_at` forbids to tell: six weeks, and once six more.

    Source: (EU) 2021/784 Art. 11(3). Raises ValueError for more than one extension.
    """
    if not 0 <= extensions <= WITHHOLDING_EXTENSIONS_MAX:
        raise ValueError("the period can be extended once")
    return decided_at.astimezone(UTC) + timedelta(weeks=WITHHOLDING_WEEKS * (1 + extensions))
