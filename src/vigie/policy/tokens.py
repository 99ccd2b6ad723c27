"""The words of a rule's expression, each with its place, so that an error can point at one.

It refuses what CEL has and rules do not need (bytes, fractions, unsigned numbers, triple quotes) with a
sentence of its own. Source of the grammar: the CEL language definition, section "Syntax".
"""

import re
from dataclasses import dataclass
from enum import StrEnum

INT_MAX = 2**63 - 1


class Kind(StrEnum):
    """What a token is."""

    NAME = "name"
    INT = "int"
    STRING = "string"
    OPERATOR = "operator"
    END = "end"


@dataclass(frozen=True)
class Token:
    """One word of an expression; `start` and `end` are character offsets in it."""

    kind: Kind
    text: str
    start: int
    end: int
    value: int | str = ""


class ExpressionError(Exception):
    """An expression cannot be read at `start`..`end`; becomes a PolicyProblem where the file is known."""

    def __init__(
        self, start: int, end: int, message: str, *, expected: str, suggestion: str = "", code: str = "syntax"
    ) -> None:
        super().__init__(message)
        self.start = start
        self.end = end
        self.message = message
        self.expected = expected
        self.suggestion = suggestion
        self.code = code


_SPACE = re.compile(r"(?:[ \t\n\f\r]+|//[^\n]*)+")
_NAME = re.compile(r"[_a-zA-Z][_a-zA-Z0-9]*")
_NUMBER = re.compile(r"0x[0-9a-fA-F]+|\d+")
_NUMBER_TAIL = re.compile(r"[.\w]*")
_STRING_START = re.compile(r"([bBrR]{0,2})(\"\"\"|'''|\"|')")
_OPERATOR = re.compile(r"===|<>|&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}=&|]")

_WRONG_OPERATORS = {"===": "==", "=": "==", "<>": "!=", "&": "&&", "|": "||"}

_ESCAPE = re.compile(
    r"\\(?:(?P<char>[abfnrtv\\?\"'`])|[xX](?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})"
    r"|U(?P<U>[0-9a-fA-F]{8})|(?P<o>[0-3][0-7]{2}))"
)
_ESCAPED_CHARS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def tokens_of(expression: str) -> list[Token]:
    """All tokens of an expression, the last one of kind END.

    Raises ExpressionError at the first thing that is none.
    """
    tokens: list[Token] = []
    position = 0
    while True:
        space = _SPACE.match(expression, position)
        position = space.end() if space else position
        if position == len(expression):
            tokens.append(Token(Kind.END, "", position, position))
            return tokens
        token = _token_at(expression, position)
        tokens.append(token)
        position = token.end


def _token_at(expression: str, start: int) -> Token:
    if string := _STRING_START.match(expression, start):
        return _string(expression, start, prefix=string[1].lower(), quote=string[2])
    if name := _NAME.match(expression, start):
        return Token(Kind.NAME, name[0], start, name.end())
    if number := _NUMBER.match(expression, start):
        return _whole_number(expression, start, number.end())
    if operator := _OPERATOR.match(expression, start):
        return _operator(operator[0], start)
    raise ExpressionError(
        start,
        start + 1,
        f"`{expression[start]}` cannot stand in an expression",
        expected="a fact, a number, a text in quotes or an operator",
        suggestion='put texts in straight quotes, as in "heron"' if expression[start] in "“”„‘’«»" else "",
    )


def _operator(text: str, start: int) -> Token:
    if text in _WRONG_OPERATORS:
        right = _WRONG_OPERATORS[text]
        raise ExpressionError(
            start,
            start + len(text),
            f"`{text}` is no operator",
            expected="an operator such as `==`, `!=`, `&&` or `||`",
            suggestion=f"`{right}`",
        )
    return Token(Kind.OPERATOR, text, start, start + len(text))


def _whole_number(expression: str, start: int, end: int) -> Token:
    tail = _NUMBER_TAIL.match(expression, end)
    if tail and tail[0]:
        raise ExpressionError(
            start,
            tail.end(),
            f"`{expression[start : tail.end()]}` is not a whole number",
            expected="a whole number such as 12; all numbers in facts are whole",
        )
    text = expression[start:end]
    value = int(text, 16 if text.startswith("0x") else 10) if len(text) <= 20 else INT_MAX + 1
    if value > INT_MAX:
        raise ExpressionError(
            start, end, "this number is too large", expected=f"a whole number up to {INT_MAX:,}"
        )
    return Token(Kind.INT, text, start, end, value)


def _string(expression: str, start: int, *, prefix: str, quote: str) -> Token:
    body_start = start + len(prefix) + len(quote)
    if "b" in prefix or len(quote) == 3 or prefix == "rr":
        raise ExpressionError(
            start,
            body_start,
            f"texts that begin with `{expression[start:body_start]}` cannot be used in rules",
            expected='a text in plain quotes, as in "heron"',
        )
    body_end = _end_of_string(expression, body_start, quote=quote, is_raw=prefix == "r")
    if body_end is None:
        line_end = expression.find("\n", start)
        raise ExpressionError(
            start,
            line_end if line_end != -1 else len(expression),
            "this text does not end",
            expected=f"a closing {quote} on the same line",
            code="unclosed_text",
        )
    body = expression[body_start:body_end]
    value = body if prefix == "r" else _unescaped(body, body_start)
    return Token(Kind.STRING, expression[start : body_end + 1], start, body_end + 1, value)


def _end_of_string(expression: str, position: int, *, quote: str, is_raw: bool) -> int | None:
    while position < len(expression) and expression[position] != "\n":
        if expression[position] == quote:
            return position
        position += 2 if expression[position] == "\\" and not is_raw else 1
    return None


def _unescaped(body: str, body_start: int) -> str:
    parts: list[str] = []
    position = 0
    while (backslash := body.find("\\", position)) != -1:
        parts.append(body[position:backslash])
        escape = _ESCAPE.match(body, backslash)
        char = _escaped_char(escape) if escape else None
        if escape is None or char is None:
            raise ExpressionError(
                body_start + backslash,
                body_start + backslash + 2,
                "this escape is no character"
                if escape
                else f"`{body[backslash : backslash + 2]}` is no escape",
                expected="one of \\\\ \\\" \\' \\n \\t \\r \\xHH \\uHHHH",
                suggestion="write a backslash twice, or put `r` before the quote",
            )
        parts.append(char)
        position = escape.end()
    parts.append(body[position:])
    return "".join(parts)


def _escaped_char(escape: re.Match[str]) -> str | None:
    """The character that an escape stands for; None for a code that no text can hold."""
    if char := escape["char"]:
        return _ESCAPED_CHARS.get(char, char)
    code = int(escape["o"], 8) if escape["o"] else int(escape["x"] or escape["u"] or escape["U"], 16)
    return chr(code) if code < 0xD800 or 0xE000 <= code <= 0x10FFFF else None
