"""The clocks of an authority that issues removal orders, as pure functions from instants to instants.

They read no time and know no office hours, weekends or holidays.
"""

from datetime import date, datetime, timedelta

from vigie.orders import clocks

HOUR = clocks.HOUR
APPEAL_DAYS_MAX = 366
# Without proof of receipt by then, somebody should ask the provider.
RECEIPT_EXPECTED = timedelta(minutes=15)
# Somebody is called again when nothing changed for so long.
CALL_AGAIN_AFTER = timedelta(days=1)


def may_be_issued_from(informed_at: datetime) -> datetime:
    """From when a first order to a provider may be issued: twelve hours after the information on procedures.

    Source: (EU) 2021/784 Art. 3(2).
    """
    return clocks.utc(informed_at) + clocks.PRIOR_INFORMATION


def removal_due_at(clock_started_at: datetime) -> datetime:
    """The end of the hour, from proven receipt or anew. Source: (EU) 2021/784 Art. 3(3)."""
    return clocks.removal_due_at(clock_started_at)


def seconds_taken(clock_started_at: datetime, measure_at: datetime) -> int:
    """Whole seconds from the beginning of the hour to the measure; 0 for what was down before.

    A part of a second counts as one, so that nothing late is told as in time.
    """
    taken = clocks.utc(measure_at) - clocks.utc(clock_started_at)
    return max(0, -(-taken // timedelta(seconds=1)))


def is_in_time(clock_started_at: datetime, measure_at: datetime) -> bool:
    """Whether the measure was taken within the hour. Source: (EU) 2021/784 Art. 3(3), 21(1)."""
    return clocks.utc(measure_at) <= removal_due_at(clock_started_at)


def appeal_ends_at(received_at: datetime, *, days: int) -> datetime:
    """When the period to challenge the order has lapsed: the end, in UTC, of the last of so many days after receipt.

    The day of receipt is not counted. How many days, national law says. Source: (EU) 2021/784 Art. 3(9), 9.
    """
    last: date = clocks.utc(received_at).date() + timedelta(days=days)
    return datetime.combine(
        last + timedelta(days=1), datetime.min.time(), tzinfo=clocks.utc(received_at).tzinfo
    )


def withheld_until(issued_at: datetime, *, weeks: int) -> datetime:
    """Until when the provider may not tell its user: at most six weeks from our decision.

    Source: (EU) 2021/784 Art. 11(3). Raises InstantUnusable for another number of weeks.
    """
    if not 1 <= weeks <= clocks.NON_DISCLOSURE.days // 7:
        raise clocks.InstantUnusable("Non-disclosure lasts one to six weeks.")
    return clocks.utc(issued_at) + timedelta(weeks=weeks)


def withheld_longer_until(issued_at: datetime, *, weeks: int) -> datetime:
    """Until when, once we extended it: six weeks more than at first. Source: (EU) 2021/784 Art. 11(3)."""
    return withheld_until(issued_at, weeks=weeks) + clocks.NON_DISCLOSURE
