"""The one place that reads the time, so that everything else takes instants as arguments.

It does not format times for people: templates and the command line do, in the reader's zone.
"""

import calendar
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from datetime import time as time_of_day

Clock = Callable[[], datetime]

# The calendars that are first and last to change the day.
_FIRST_DAY = timezone(timedelta(hours=14))
_LAST_DAY = timezone(timedelta(hours=-12))


def now() -> datetime:
    """The present instant, aware, in UTC, with microseconds."""
    return datetime.now(UTC)


def monotonic_s() -> float:
    """Seconds on a clock that never goes back; only differences mean anything."""
    return time.monotonic()


def sleep_s(duration_s: float) -> None:
    """Block this thread for `duration_s` seconds."""
    time.sleep(duration_s)


def utc_text(instant: datetime) -> str:
    """RFC 3339 in UTC with microseconds and `Z`: the only form written to the ledger and the API.

    Raises ValueError for an instant without a zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def months_after(day: date, months: int) -> date:
    """The day of the same number `months` later; the last of that month when it has no such day.

    Source: (EEC, Euratom) 1182/71 Art. 3(2)(c).
    """
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def months_over_at(instant: datetime, months: int) -> datetime:
    """When `months` calendar months after the day of `instant` are over, wherever on Earth the days are counted.

    The day itself does not count, and the last day is whole. Source: (EEC, Euratom) 1182/71 Art. 3(1) and 3(2)(c).
    """
    last = months_after(instant.astimezone(_FIRST_DAY).date(), months)
    return datetime.combine(last + timedelta(days=1), time_of_day(), tzinfo=_LAST_DAY)
