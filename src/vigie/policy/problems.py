"""What is wrong with a policy file, told so that its author can mend it: place, caret, expectation, guess.

It never shortens the list to the first error, and never prints anything but the policy's own text.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar

from vigie.foundation.errors import Invalid

_EXCERPT_CHARS_MAX = 110
_CHARS_BEFORE_CARET_MAX = 70


@dataclass(frozen=True)
class Place:
    """Where something stands in a file: line and column from 1, and how many characters to underline."""

    line: int
    column: int
    length_chars: int = 1


@dataclass(frozen=True)
class PolicyProblem:
    """One error in a policy file; `code` is stable, the rest is for people."""

    code: str
    source_name: str
    place: Place
    source_line: str
    message: str
    expected: str
    suggestion: str = ""

    @property
    def line(self) -> int:
        """Line in the file, from 1."""
        return self.place.line

    @property
    def column(self) -> int:
        """Column in that line, in characters, from 1."""
        return self.place.column

    def render(self) -> str:
        """The error as text of several lines, with the offending line and a caret under it."""
        excerpt, caret = _excerpt(self.source_line, self.place)
        gutter = " " * len(str(self.line))
        lines = [
            f"{self.source_name}:{self.line}:{self.column}: {self.message}",
            f" {self.line} | {excerpt}".rstrip(),
            f" {gutter} | {caret}",
            f" {gutter} = expected: {self.expected}",
        ]
        if self.suggestion:
            lines.append(f" {gutter} = try: {self.suggestion}")
        return "\n".join(lines)


class PolicyInvalid(Invalid):
    """A policy file cannot be used; `errors` says why, in the order of the file."""

    code = "policy_invalid"
    status: ClassVar[int] = 422

    def __init__(self, errors: tuple[PolicyProblem, ...]) -> None:
        first = errors[0]
        count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        super().__init__(
            f"The policy has {count}; the first is in line {first.line}, column {first.column}:"
            f" {first.message}.",
            hint="The facts and functions that a rule may use are listed in docs/reference/policy.md.",
        )
        self.errors = errors

    def render(self) -> str:
        """All errors as text, in the order of the file, an empty line between them."""
        return "\n\n".join(error.render() for error in self.errors) + "\n"


def nearest(word: str, known: list[str]) -> str:
    """The known word most like `word`, or an empty string when none is near."""
    by_lower_case = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), list(by_lower_case), n=1, cutoff=0.6)
    return by_lower_case[found[0]] if found else ""


def listed(words: list[str]) -> str:
    """`a`, `b` or `c`."""
    quoted = [f"`{word}`" for word in words]
    if len(quoted) == 1:
        return quoted[0]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _excerpt(source_line: str, place: Place) -> tuple[str, str]:
    """The part of a line around its caret, and the caret line; tabs stay tabs so that both align."""
    start = max(0, place.column - 1 - _CHARS_BEFORE_CARET_MAX)
    shown = source_line[start : start + _EXCERPT_CHARS_MAX]
    lead = "..." if start else ""
    tail = "..." if start + _EXCERPT_CHARS_MAX < len(source_line) else ""
    before = shown[: place.column - 1 - start]
    padding = " " * len(lead) + "".join("\t" if char == "\t" else " " for char in before)
    # A caret may stand one past the end of the line, where something is missing.
    width = max(1, min(place.length_chars, len(shown) - len(before)))
    return f"{lead}{shown}{tail}", padding + "^" * width
