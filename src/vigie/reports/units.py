"""Numbers as the templates of (EU) 2024/2835 write them: medians in hours, shares from 0 to 1. Pure and exact.

It rounds once, at the end, and half to even; no binary fraction is in between.
"""

from collections.abc import Iterable
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

PLACES = 4
_MICROSECOND = timedelta(microseconds=1)


def median_hours(durations: Iterable[timedelta]) -> str:
    """The median in hours with at most four decimals; empty for nothing, because nothing has no median."""
    found = sorted(one // _MICROSECOND for one in durations)
    if not found:
        return ""
    middle = len(found) // 2
    value = Fraction(found[middle] if len(found) % 2 else found[middle - 1] + found[middle], 1)
    return written(value / (1 if len(found) % 2 else 2) / (3_600 * 1_000_000))


def share(part: int, whole: int) -> str:
    """`part` of `whole` from 0 to 1; empty for no whole."""
    return written(Fraction(part, whole)) if whole else ""


def written(value: Fraction) -> str:
    """A number with at most four decimals and a point, no zeros at its end: `0.75`, `12`."""
    rounded = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(
        Decimal(1).scaleb(-PLACES), rounding=ROUND_HALF_EVEN
    )
    text = f"{rounded:f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
