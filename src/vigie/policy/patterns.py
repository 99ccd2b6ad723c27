"""Whether a pattern of `matches` is one the engine takes, and takes quickly.

The engine builds a pattern anew at every evaluation, so its size is its cost. It refuses no pattern for what it
looks for.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import cel

PATTERN_CHARS_MAX = 300

COPIES_IN_ENGINE_LIMIT = 50
"""A pattern must be so small that this many copies fit the engine's own limit of 10 MiB: a few milliseconds."""

_REASON = re.compile(r"^error: (.+?)(?:\. Check|$)", re.MULTILINE)
_PROBE = cel.compile("text.matches(pattern)")


@dataclass(frozen=True)
class Refusal:
    """Why a pattern cannot be used."""

    message: str
    expected: str
    suggestion: str = ""


@lru_cache(maxsize=1_000)
def refuse_pattern(pattern: str) -> Refusal | None:
    """None for a pattern that may be used."""
    if len(pattern) > PATTERN_CHARS_MAX:
        return Refusal("this pattern is too long", f"at most {PATTERN_CHARS_MAX} characters")
    told = _told_by_engine(pattern)
    # The line end closes a comment that the pattern may end with.
    if "size limit" in told or (not told and _told_by_engine(f"(?:{pattern}\n){{{COPIES_IN_ENGINE_LIMIT}}}")):
        return Refusal(
            "this pattern is too costly",
            r"fewer counts such as `{1,60}`, above all of classes such as `\w`",
            r"`\w+` for `\w{1,60}`, or the letters written out as in `[a-z]{1,60}`",
        )
    if told:
        reason = _REASON.search(told)
        return Refusal(
            f"this pattern cannot be read: {reason[1]}" if reason else "this pattern cannot be read",
            "a regular expression in RE2 syntax",
        )
    return None


def _told_by_engine(pattern: str) -> str:
    """What the engine has against a pattern; empty when nothing."""
    try:
        _PROBE.execute({"text": "", "pattern": pattern})
    except RuntimeError as error:
        return str(error)
    return ""
