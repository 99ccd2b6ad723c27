"""The period that a command about reports is asked for.

It computes nothing.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from vigie.foundation.errors import Invalid
from vigie.reports import periods
from vigie.reports.periods import Period

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_YEAR = click.IntRange(periods.YEAR_MIN, periods.YEAR_MAX)


def period_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--year`, or `--from` and `--to`."""
    for option in (
        click.option("--to", "last", type=_DAY, help="Last day of the period."),
        click.option("--from", "first", type=_DAY, help="First day of the period."),
        click.option("--year", type=_YEAR, help="A calendar year."),
    ):
        command = option(command)
    return command


def period_of(year: int | None, first: datetime | None, last: datetime | None) -> Period:
    """The period that the options name; raises Invalid unless they name one."""
    if year is not None and first is None and last is None:
        return periods.year(year)
    if year is not None or first is None or last is None:
        raise Invalid("Say which period.", hint="--year 2026, or --from and --to.")
    return Period(first.date(), last.date())
