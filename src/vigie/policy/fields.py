"""Reading fields of a YAML mapping, with a complaint at the right place for each that is not as it should be.

It knows no rule and no policy: `parsing` says which fields there are. A value of None was reported or is
missing.
"""

import re
from enum import StrEnum
from typing import TypeVar

import yaml

from vigie.policy.problems import Place, PolicyProblem, listed, nearest
from vigie.policy.sources import PolicySource

_SLUG = re.compile(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$")
SLUG_CHARS_MAX = 63

ERRORS_MAX = 200

Choice = TypeVar("Choice", bound=StrEnum)


class EnoughErrors(Exception):
    """There are as many errors as anybody reads; the rest of the file stays unread."""


class FieldReader:
    """Reads nodes of one file and collects what is wrong in `problems`."""

    def __init__(self, source: PolicySource) -> None:
        self.source = source
        self.problems: list[PolicyProblem] = []

    def report(
        self, code: str, at: yaml.Node | Place, message: str, *, expected: str, suggestion: str = ""
    ) -> None:
        """Adds an error at a node or a place; raises EnoughErrors after the last one that is told."""
        place = at if isinstance(at, Place) else self.source.place_of(at)
        self.problems.append(
            self.source.problem(code, place, message, expected=expected, suggestion=suggestion)
        )
        if len(self.problems) == ERRORS_MAX:
            raise EnoughErrors

    def mapping(
        self, node: yaml.Node, *, what: str, required: dict[str, str], optional: tuple[str, ...]
    ) -> dict[str, yaml.Node] | None:
        """The values of a mapping by key; `required` gives an example for each key that must be there."""
        known = [*required, *optional]
        if not isinstance(node, yaml.MappingNode):
            self.report(
                "wrong_type",
                node,
                f"{what} must be a mapping",
                expected=f"the keys {', '.join(known)}, each followed by a colon",
            )
            return None
        fields: dict[str, yaml.Node] = {}
        meant: list[str] = []
        for key, value in node.value:
            if not isinstance(key.value, str) or key.value not in known:
                meant.append(self._unknown_key(key, what=what, known=known))
            elif key.value in fields:
                before = self.source.place_of(fields[key.value]).line
                self.report(
                    "duplicate_key",
                    key,
                    f"`{key.value}` stands twice",
                    expected=f"it once; see line {before}",
                )
            else:
                fields[key.value] = value
        place = self.source.place_of(node)
        for name, example in required.items():
            # A key that is only misspelt was reported already.
            if name not in fields and name not in meant:
                self.report(
                    "missing_key",
                    Place(place.line, place.column),
                    f"{what} without `{name}`",
                    expected=f"the key `{name}`",
                    suggestion=f"`{name}: {example}`",
                )
        return fields

    def text(self, node: yaml.Node | None, *, key: str, example: str, chars_max: int) -> str | None:
        """A text that is neither empty nor longer than `chars_max`."""
        if node is None:
            return None
        value = _scalar(node, "str")
        if value is None or not value.strip():
            written = _scalar(node)
            self.report(
                "wrong_type",
                node,
                f"`{key}` must be a text",
                expected="a text that is not empty",
                suggestion=f'`"{written}"`' if written and key != "name" else f"`{example}`",
            )
            return None
        if len(value) > chars_max:
            self.report(
                "too_long", node, f"`{key}` is too long", expected=f"at most {chars_max:,} characters"
            )
            return None
        return " ".join(value.split())

    def slug(self, node: yaml.Node | None, *, example: str) -> str | None:
        """A name of small letters, digits and hyphens."""
        value = self.text(node, key="name", example=example, chars_max=SLUG_CHARS_MAX)
        if value is None or node is None:
            return None
        if _SLUG.match(value):
            return value
        near = re.sub(r"[^a-z0-9]+", "-", value.lower()).lstrip("0123456789-").rstrip("-")
        self.report(
            "bad_name",
            node,
            "this cannot be a name",
            expected="small letters, digits and single hyphens, a letter first",
            suggestion=f"`{near or example}`",
        )
        return None

    def choice(
        self, node: yaml.Node | None, *, key: str, choices: tuple[Choice, ...], why: str = ""
    ) -> Choice | None:
        """One of a few words."""
        if node is None:
            return None
        value = _scalar(node)
        for one in choices:
            if value == one.value:
                return one
        words = [one.value for one in choices]
        guess = nearest(value, words) if value else ""
        self.report(
            "unknown_value",
            node,
            f"`{key}` cannot be `{value}`" if value else f"`{key}` must be one word",
            expected=listed(words) + why,
            suggestion=f"`{guess}`" if guess else "",
        )
        return None

    def flag(self, node: yaml.Node | None, *, key: str) -> bool | None:
        """true or false; false when the key is missing."""
        if node is None:
            return False
        value = _scalar(node, "bool")
        if value in ("true", "false"):
            return value == "true"
        written = (_scalar(node) or "").lower()
        guess = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
        self.report(
            "wrong_type",
            node,
            f"`{key}` must be true or false",
            expected="`true` or `false`, without quotes",
            suggestion=f"`{guess[written]}`" if written in guess else "",
        )
        return None

    def number(self, node: yaml.Node | None, *, key: str, only: int, meaning: str) -> None:
        """A whole number that has one possible value."""
        if node is not None and _scalar(node, "int") != str(only):
            self.report(
                "unknown_version",
                node,
                f"`{key}` must be {only}",
                expected=f"`{key}: {only}`, {meaning}",
                suggestion=f"`{only}`",
            )

    def _unknown_key(self, key: yaml.Node, *, what: str, known: list[str]) -> str:
        """Reports it and returns the key that was probably meant."""
        written = _scalar(key)
        guess = nearest(written, known) if written else ""
        self.report(
            "unknown_key",
            key,
            f"{what} has no key `{written}`" if written else f"{what} has no such key",
            expected=f"one of {', '.join(known)}",
            suggestion=f"`{guess}`" if guess else "",
        )
        return guess


def _scalar(node: yaml.Node, tag: str = "") -> str | None:
    """The text of a scalar, if it is one and has this tag (any tag when empty)."""
    if not isinstance(node, yaml.ScalarNode) or (tag and node.tag != f"tag:yaml.org,2002:{tag}"):
        return None
    value: str = node.value
    return value
