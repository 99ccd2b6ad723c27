"""When a delivery that was not obeyed is tried again, and when it is given up.

Pure: the instants and the jitter are passed in, and it delivers nothing.
"""

from datetime import datetime, timedelta

DELAY_FIRST_S = 5.0
DELAY_S_MAX = 3_600.0
GIVE_UP_AFTER = timedelta(hours=72)
JITTER_SHARE = 0.2
_DOUBLINGS_MAX = 20


def delay_s(attempt: int, *, jitter: float) -> float:
    """Seconds to wait after the failed `attempt` (1, 2, ...): 5, 10, 20 ... at most an hour.

    `jitter` in [0, 1) takes up to a fifth off, so that many platforms do not come back at the same instant.
    """
    if attempt < 1 or not 0 <= jitter < 1:
        raise ValueError("attempts count from 1 and jitter lies in [0, 1)")
    whole_s = min(DELAY_FIRST_S * 2.0 ** min(attempt - 1, _DOUBLINGS_MAX), DELAY_S_MAX)
    return whole_s * (1 - JITTER_SHARE * jitter)


def next_attempt_at(
    *,
    attempt: int,
    first_attempt_at: datetime,
    now: datetime,
    jitter: float,
    retry_after_s: float | None = None,
) -> datetime | None:
    """The instant of the next attempt after one that failed `now`; None when 72 hours are over by then.

    A platform's own `retry_after_s` is honoured when it asks for more time than that, up to an hour.
    """
    wait_s = max(delay_s(attempt, jitter=jitter), min(retry_after_s or 0.0, DELAY_S_MAX))
    at = now + timedelta(seconds=wait_s)
    return at if at <= first_attempt_at + GIVE_UP_AFTER else None
