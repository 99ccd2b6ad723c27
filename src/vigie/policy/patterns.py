"""Whether a pattern of `matches` is one the engine takes and can compute in bounded time.

The engine's own parser judges the pattern; only counted repetition is judged here, because it multiplies the
work.
"""

import re
from dataclasses import dataclass
from math import prod

import cel

PATTERN_CHARS_MAX = 300
REPETITIONS_MAX = 60
"""The product of all counts in a pattern; each multiplies the automaton that is built at every evaluation."""

_COUNT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_REASON = re.compile(r"^error: (.+?)(?:\. Check|$)", re.MULTILINE)
_PROBE = cel.compile("text.matches(pattern)")


@dataclass(frozen=True)
class Refusal:
    """Why a pattern cannot be used."""

    message: str
    expected: str


def refuse_pattern(pattern: str) -> Refusal | None:
    """None for a pattern that may be used."""
    if len(pattern) > PATTERN_CHARS_MAX:
        return Refusal("this pattern is too long", f"at most {PATTERN_CHARS_MAX} characters")
    if _repetitions(pattern) > REPETITIONS_MAX:
        return Refusal(
            "the counts in this pattern multiply to too many",
            f"counts such as {{1,20}} whose product is at most {REPETITIONS_MAX}",
        )
    try:
        _PROBE.execute({"text": "", "pattern": pattern})
    except RuntimeError as error:
        reason = _REASON.search(str(error))
        return Refusal(
            f"this pattern cannot be read: {reason[1]}" if reason else "this pattern cannot be read",
            "a regular expression in RE2 syntax",
        )
    return None


def _repetitions(pattern: str) -> int:
    """An upper bound: a `{3}` that is a literal counts too, and costs its author a rewording at worst."""
    counts = [max(int(low[:9]), int((high or "0")[:9])) for low, high in _COUNT.findall(pattern)]
    return prod(count for count in counts if count > 1)
