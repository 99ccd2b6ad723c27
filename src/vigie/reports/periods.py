"""The time that a report is about: whole days of UTC, first and last included. Pure.

It knows no clock: whether a period is over is for whoever asks to say.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from vigie.foundation.errors import Invalid

DAYS_MAX = 366 * 5
YEAR_MIN, YEAR_MAX = 2000, 9998


class PeriodInvalid(Invalid):
    """No period that a report can be about."""

    code = "period_invalid"


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of `first` to the end of `last`."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not YEAR_MIN <= self.first.year <= self.last.year <= YEAR_MAX:
            raise PeriodInvalid("A report is about days that were or come.", hint="Such as 2026-01-01.")
        if self.last < self.first:
            raise PeriodInvalid("The last day of a period is not before its first.")
        if (self.last - self.first).days >= DAYS_MAX:
            raise PeriodInvalid("A report is about five years at most.")

    @property
    def key(self) -> str:
        """`2026-01-01/2026-12-31`, as the templates write it."""
        return f"{self.first.isoformat()}/{self.last.isoformat()}"

    @property
    def ends_at(self) -> datetime:
        """The first instant that is no longer in it."""
        return datetime(self.last.year, self.last.month, self.last.day, tzinfo=UTC) + timedelta(days=1)

    def contains(self, instant: datetime) -> bool:
        """Whether an aware instant is in it."""
        return self.first <= instant.astimezone(UTC).date() <= self.last


def year(number: int) -> Period:
    """A calendar year. Source: (EU) 2021/784 Art. 7(2)."""
    if not YEAR_MIN <= number <= YEAR_MAX:
        raise PeriodInvalid("There is no report about this year.", hint="Such as 2026.")
    return Period(date(number, 1, 1), date(number, 12, 31))


def parse(text: str) -> Period:
    """`2026`, or `2026-01-01/2026-06-30`; raises PeriodInvalid."""
    first, separator, last = text.strip().partition("/")
    try:
        if not separator:
            return year(int(first))
        return Period(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError as error:
        raise PeriodInvalid(
            "This is no period.", hint="A year such as 2026, or two days: 2026-01-01/2026-06-30."
        ) from error
