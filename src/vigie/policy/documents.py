"""From YAML text to nodes with their places; limits and the refusals of YAML's darker corners stand here.

It builds no Python objects from YAML: nodes only, so nothing in a file can name a type.
"""

import re
from collections.abc import Callable

import yaml

from vigie.policy.problems import Place, PolicyProblem
from vigie.policy.rules import POLICY_CHARS_MAX
from vigie.policy.sources import PolicySource

_DEPTH_MAX = 10

# What YAML refuses, and besides what makes a file read otherwise than it looks: line ends that editors do not
# show (a rule hidden behind a comment) and marks that turn the direction of writing.
_UNPRINTABLE = re.compile(
    r"[^\x09\x0a\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
    r"|[\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)


class _RefusedError(Exception):
    """Good YAML that a policy cannot use, at a character offset."""

    def __init__(self, message: str, event: yaml.Event) -> None:
        super().__init__(message)
        self.message = message
        self.offset = event.start_mark.index if event.start_mark else 0


class _Loader(yaml.SafeLoader):
    """Composes nodes; refuses aliases and deep nesting before they cost anything."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _RefusedError("aliases and anchors cannot be used", event)
        self._depth += 1
        if self._depth > _DEPTH_MAX:
            raise _RefusedError("this is nested too deeply", event)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def compose(source: PolicySource, report: Callable[[PolicyProblem], None]) -> yaml.Node | None:
    """The one document of a file, or None after reporting why there is none."""
    refusal = _refusal_before_reading(source)
    if refusal is not None:
        report(refusal)
        return None
    loader = _Loader(source.text)
    try:
        node: yaml.Node | None = loader.get_single_node()
    except _RefusedError as error:
        place = source.place(error.offset, error.offset + 1)
        report(source.problem("refused_yaml", place, error.message, expected="plain mappings and lists"))
        return None
    except yaml.MarkedYAMLError as error:
        report(_yaml_problem(source, error))
        return None
    finally:
        loader.dispose()
    if node is None:
        report(
            source.problem(
                "empty", Place(1, 1), "the file is empty", expected="a policy: version, name and rules"
            )
        )
    return node


def _refusal_before_reading(source: PolicySource) -> PolicyProblem | None:
    if len(source.text) > POLICY_CHARS_MAX:
        return source.problem(
            "too_large",
            Place(1, 1),
            "the file is too large",
            expected=f"at most {POLICY_CHARS_MAX:,} characters",
        )
    unprintable = _UNPRINTABLE.search(source.text)
    if unprintable is not None:
        return source.problem(
            "unprintable",
            source.place(unprintable.start(), unprintable.end()),
            f"the character U+{ord(unprintable[0]):04X} cannot stand in a policy",
            expected="text that reads as it looks, in UTF-8",
        )
    return None


def _yaml_problem(source: PolicySource, error: yaml.MarkedYAMLError) -> PolicyProblem:
    mark = error.problem_mark or error.context_mark
    place = source.place(mark.index, mark.index + 1) if mark else Place(1, 1)
    message = error.problem or "this is not YAML"
    if message.startswith("but "):
        message = f"{error.context}, {message}"
    expected, suggestion = _advice(source, place, message)
    return source.problem("yaml_syntax", place, message, expected=expected, suggestion=suggestion)


def _advice(source: PolicySource, place: Place, message: str) -> tuple[str, str]:
    line = source.line(place.line)
    if "cannot start any token" in message and "\t" in line:
        return "spaces for indentation", "replace the tab by spaces"
    if re.match(r"\s*(- )?(when|because)\s*:", line):
        # YAML stumbles over `: `, and over an expression that begins with a quote.
        return "a text in one piece", "write `|-` after the colon and the text indented on the next line"
    if "single document" in message:
        return "one policy in a file, without another `---`", ""
    return "YAML: keys followed by a colon and a space, list items by `- `, all indented alike", ""
