"""The clocks of Regulation (EU) 2021/784, as pure functions from instants to instants.

They read no time and know no office hours, weekends or holidays: hours run through all of them.
"""

from datetime import UTC, datetime, timedelta, tzinfo

from vigie.foundation.clock import months_after
from vigie.foundation.errors import Invalid

HOUR = timedelta(hours=1)
# Minutes of the hour at which somebody is called; the first is receipt itself.
ESCALATE_AT_MINUTES = (0, 30, 45, 50, 55)
DISABLE_AT_MINUTE = 50
SCRUTINY_REQUEST = timedelta(hours=48)
SCRUTINY_DECISION = timedelta(hours=72)
PRIOR_INFORMATION = timedelta(hours=12)
NON_DISCLOSURE = timedelta(weeks=6)
EXPOSURE_MONTHS = 12
EXPOSURE_ORDERS_MIN = 2
YEARS = (1970, 9998)


class InstantUnusable(Invalid):
    """An instant has no zone, or lies in no year that can be counted from."""

    code = "instant_unusable"


def removal_due_at(clock_started_at: datetime) -> datetime:
    """The end of the hour that began at receipt, or anew at `restarted_at`. Source: (EU) 2021/784 Art. 3(3)."""
    return utc(clock_started_at) + HOUR


def restarted_at(*, received_at: datetime, again_at: datetime) -> datetime:
    """Where the hour begins anew: when the ground ceased, or when the clarification was received.

    Never before the order was received. Source: (EU) 2021/784 Art. 3(7) and 3(8).
    """
    return max(utc(received_at), utc(again_at))


def escalations(clock_started_at: datetime) -> tuple[tuple[int, datetime], ...]:
    """Minute and instant of each call for a person, in order, all within the hour."""
    start = utc(clock_started_at)
    return tuple((minute, start + timedelta(minutes=minute)) for minute in ESCALATE_AT_MINUTES)


def scrutiny_request_due_at(informed_at: datetime) -> datetime:
    """Until when scrutiny can be asked for: 48 hours from the order, or from being informed of it.

    Source: (EU) 2021/784 Art. 4(4).
    """
    return utc(informed_at) + SCRUTINY_REQUEST


def scrutiny_decision_due_at(started_at: datetime) -> datetime:
    """Until when the home authority decides: 72 hours from its copy of the order, or from the request.

    Source: (EU) 2021/784 Art. 4(3) and 4(4).
    """
    return utc(started_at) + SCRUTINY_DECISION


def withheld_until(decided_at: datetime, *, periods: int) -> datetime:
    """The end of non-disclosure: six weeks from the issuer's decision, twelve when it was extended.

    Source: (EU) 2021/784 Art. 11(3). Raises InstantUnusable for more than two periods.
    """
    if periods not in (1, 2):
        raise InstantUnusable("Non-disclosure lasts six weeks and can be extended once.")
    return utc(decided_at) + periods * NON_DISCLOSURE


def is_first_order_in_time(*, informed_at: datetime, sent_at: datetime) -> bool:
    """Whether a first order came at least 12 hours after the information on procedures.

    It never extends the hour, and its absence is no ground to refuse. Source: (EU) 2021/784 Art. 3(2).
    """
    return utc(sent_at) - utc(informed_at) >= PRIOR_INFORMATION


def months_later(instant: datetime, months: int) -> datetime:
    """The same day `months` calendar months later, or the last day of a shorter month."""
    start = utc(instant)
    return datetime.combine(months_after(start.date(), months), start.timetz())


def counts_towards_exposure(final_at: datetime, *, at: datetime) -> bool:
    """Whether an order that became final then counts at this instant: within the last twelve calendar months.

    Source: (EU) 2021/784 Art. 5(4). Exposure itself begins only with a notified decision.
    """
    return utc(final_at) <= utc(at) <= months_later(final_at, EXPOSURE_MONTHS)


def instant_of_local(local: datetime, zone: tzinfo) -> datetime:
    """A time of day in a zone as an instant; where the clocks show it twice or never, the earlier one.

    The earlier one, because the hour may have begun then already.
    """
    if local.tzinfo is not None:
        raise InstantUnusable("A local time has no zone of its own.")
    _check_year(local)
    return min(local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def offset_minutes(instant: datetime) -> int:
    """The offset from UTC that an instant was written with, in minutes; kept beside it."""
    offset = instant.utcoffset()
    if offset is None:
        raise InstantUnusable("An instant needs a time zone.")
    return int(offset.total_seconds() // 60)


def utc(instant: datetime) -> datetime:
    """In UTC, so that adding hours adds hours whatever the clocks on the wall do."""
    if instant.tzinfo is None:
        raise InstantUnusable("An instant needs a time zone.")
    _check_year(instant)
    return instant.astimezone(UTC)


def _check_year(instant: datetime) -> None:
    if not YEARS[0] <= instant.year <= YEARS[1]:
        raise InstantUnusable(f"An instant lies between the years {YEARS[0]} and {YEARS[1]}.")
