"""The text of a policy file and the places in it, down to the character inside an expression.

It knows how YAML writes a text (plain, quoted, in a block) only as far as it takes to find a character again.
"""

from bisect import bisect_right

import yaml

from vigie.policy.problems import Place, PolicyProblem

_ESCAPE_CHARS = {"x": 4, "u": 6, "U": 10}


class PolicySource:
    """One policy file: its name for people and its text."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._lines = text.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def problem(
        self, code: str, place: Place, message: str, *, expected: str, suggestion: str = ""
    ) -> PolicyProblem:
        """An error at a place of this file."""
        return PolicyProblem(
            code=code,
            source_name=self.name,
            place=place,
            source_line=self.line(place.line),
            message=message,
            expected=expected,
            suggestion=suggestion,
        )

    def line(self, number: int) -> str:
        """A line by its number, from 1; empty past the end."""
        return self._lines[number - 1] if number <= len(self._lines) else ""

    def place(self, start: int, end: int) -> Place:
        """The place of the characters `start`..`end`, cut at the end of the first line."""
        line = max(1, min(bisect_right(self._starts, start), len(self._lines)))
        column = start - self._starts[line - 1] + 1
        room = len(self._lines[line - 1]) - column + 1
        return Place(line, column, max(1, min(end - start, room)))

    def place_of(self, node: yaml.Node) -> Place:
        """Where a YAML node stands, as far as its first line goes."""
        return self.place(node.start_mark.index, node.end_mark.index)

    def line_goes_on_as_comment(self, node: yaml.ScalarNode) -> bool:
        """Whether YAML read the rest of the line after this plain text as a comment."""
        rest = self.text[node.end_mark.index :].split("\n", 1)[0]
        return node.style is None and rest.lstrip().startswith("#")

    def places_in(self, node: yaml.ScalarNode) -> "ScalarPlaces":
        """Finds characters of a text's value again in the file."""
        return ScalarPlaces(self, node)


class ScalarPlaces:
    """For every character of a scalar's value, where it stands in the file."""

    def __init__(self, source: PolicySource, node: yaml.ScalarNode) -> None:
        self._source = source
        self._offsets = _offsets(source.text, node)

    def place(self, start: int, end: int) -> Place:
        """The place of `value[start:end]`."""
        last = len(self._offsets) - 1
        first_char = self._offsets[min(start, last)]
        after = self._offsets[min(max(end - 1, start), last)] + 1
        return self._source.place(first_char, max(after, first_char + 1))


def _offsets(text: str, node: yaml.ScalarNode) -> list[int]:
    """File offset of each character of the value, and one more for its end.

    Folding and indentation change only white space, so the other characters are met in order.
    """
    position = _body_start(text, node)
    end = node.end_mark.index
    offsets: list[int] = []
    end_of_words = position
    for char in node.value:
        if node.style == '"':
            position = _after_line_continuation(text, position)
        is_escape = node.style == '"' and text[position : position + 1] == "\\"
        if not char.isspace() and not is_escape:
            while position < end and text[position] != char:
                position += 1
        offsets.append(min(position, end))
        position = min(position + _written_chars(text, position, node.style, char), end)
        if not char.isspace():
            end_of_words = position
    return [*offsets, end_of_words]


def _body_start(text: str, node: yaml.ScalarNode) -> int:
    start: int = node.start_mark.index
    if node.style in ("|", ">"):
        return text.find("\n", start) + 1
    return start + 1 if node.style in ("'", '"') else start


def _after_line_continuation(text: str, position: int) -> int:
    while text.startswith("\\\n", position):
        position += 2
        while text[position : position + 1] in (" ", "\t"):
            position += 1
    return position


def _written_chars(text: str, position: int, style: str | None, char: str) -> int:
    """How many characters of the file stand for this one character of the value."""
    if style == '"' and text[position : position + 1] == "\\":
        return _ESCAPE_CHARS.get(text[position + 1 : position + 2], 2)
    if style == "'" and char == "'":
        return 2
    if char.isspace() and not text[position : position + 1].isspace():
        return 0
    return 1
