"""From tokens to a tree, with the place of every node, and errors a person can act on.

It builds the part of CEL that rules may use; the engine parses the same expression again before anything
runs, so a disagreement between the two is an error and never a surprise. It refuses deep nesting.
"""

from dataclasses import dataclass

from vigie.policy.tokens import ExpressionError, Kind, Token, tokens_of

DEPTH_MAX = 24
"""Deepest nesting of an expression."""

NODES_DEEP_MAX = 60
"""Longest chain of operators that group to the left, such as `a + b + c`."""

_WORDS_FOR_OPERATORS = {
    "and": "&&",
    "or": "||",
    "is": "==",
    "equals": "==",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "gt": ">",
    "AND": "&&",
    "OR": "||",
    "then": "?",
    "like": ".contains(...)",
    "matches": ".matches(...)",
}
_WORDS_FOR_NOT = ("not", "NOT", "Not")
_RELATIONS = ("==", "!=", "<", "<=", ">", ">=", "in")


@dataclass(frozen=True)
class Literal:
    """true, 12 or "heron"."""

    start: int
    end: int
    value: bool | int | str


@dataclass(frozen=True)
class ListOf:
    """[a, b]."""

    start: int
    end: int
    items: tuple["Node", ...]


@dataclass(frozen=True)
class Name:
    """A name that stands alone: a root of facts, or a variable of a macro."""

    start: int
    end: int
    name: str


@dataclass(frozen=True)
class Member:
    """operand.name."""

    start: int
    end: int
    operand: "Node"
    name: str
    name_start: int


@dataclass(frozen=True)
class Item:
    """operand[position]."""

    start: int
    end: int
    operand: "Node"
    position: "Node"


@dataclass(frozen=True)
class Call:
    """name(arguments) or receiver.name(arguments)."""

    start: int
    end: int
    receiver: "Node | None"
    name: str
    name_start: int
    arguments: tuple["Node", ...]


@dataclass(frozen=True)
class Unary:
    """!operand or -operand."""

    start: int
    end: int
    operator: str
    operand: "Node"


@dataclass(frozen=True)
class Binary:
    """left operator right, for relations and arithmetic."""

    start: int
    end: int
    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Logic:
    """Two or more operands joined by the same && or ||."""

    start: int
    end: int
    operator: str
    operands: tuple["Node", ...]


@dataclass(frozen=True)
class Conditional:
    """condition ? yes : no."""

    start: int
    end: int
    condition: "Node"
    yes: "Node"
    no: "Node"


Node = Literal | ListOf | Name | Member | Item | Call | Unary | Binary | Logic | Conditional


def parse(expression: str) -> Node:
    """The tree of an expression; raises ExpressionError at the first place where there can be none."""
    parser = _Parser(tokens_of(expression))
    tree = parser.expression()
    parser.expect_end()
    _refuse_depth(tree)
    return tree


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right under `node`, from left to right."""
    match node:
        case Literal() | Name():
            return ()
        case ListOf(items=items):
            return items
        case Member(operand=operand) | Unary(operand=operand):
            return (operand,)
        case Item(operand=operand, position=position):
            return (operand, position)
        case Call(receiver=receiver, arguments=arguments):
            return arguments if receiver is None else (receiver, *arguments)
        case Binary(left=left, right=right):
            return (left, right)
        case Logic(operands=operands):
            return operands
        case Conditional(condition=condition, yes=yes, no=no):
            return (condition, yes, no)


def _refuse_depth(tree: Node) -> None:
    """Long chains inside brackets inside long chains add up; whoever walks the tree relies on this."""
    row: tuple[Node, ...] = (tree,)
    for _ in range(NODES_DEEP_MAX * 2):
        row = tuple(child for node in row for child in children(node))
        if not row:
            return
    raise _too_deep(row[0].start, row[0].end)


class _Parser:
    """Recursive descent; one method a level of precedence, loosest first."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._position = 0
        self._depth = 0

    def expression(self) -> Node:
        self._enter()
        condition = self._logic("||")
        if self._taken("?"):
            yes = self._logic("||")
            self._require(":", "the other half of `? :`")
            no = self.expression()
            condition = Conditional(condition.start, no.end, condition, yes, no)
        self._depth -= 1
        return condition

    def expect_end(self) -> None:
        token = self._next
        if token.kind is not Kind.END:
            raise _unexpected(token, "an operator such as `&&`, or the end of the expression")

    @property
    def _next(self) -> Token:
        return self._tokens[self._position]

    def _taken(self, *operators: str) -> Token | None:
        token = self._next
        if token.text in operators and token.kind in (Kind.OPERATOR, Kind.NAME):
            self._position += 1
            return token
        return None

    def _require(self, operator: str, purpose: str) -> Token:
        token = self._taken(operator)
        if token is None:
            raise _unexpected(self._next, f"`{operator}`, {purpose}")
        return token

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise _too_deep(self._next.start, self._next.end)

    def _logic(self, operator: str) -> Node:
        operands = [self._logic("&&") if operator == "||" else self._relation()]
        while self._taken(operator):
            operands.append(self._logic("&&") if operator == "||" else self._relation())
        if len(operands) == 1:
            return operands[0]
        return Logic(operands[0].start, operands[-1].end, operator, tuple(operands))

    def _relation(self) -> Node:
        left = self._sum()
        for _ in range(NODES_DEEP_MAX):
            token = self._taken(*_RELATIONS)
            if token is None:
                return left
            right = self._sum()
            left = Binary(left.start, right.end, token.text, left, right)
        raise _too_deep(self._next.start, self._next.end)

    def _sum(self) -> Node:
        left = self._product()
        for _ in range(NODES_DEEP_MAX):
            token = self._taken("+", "-")
            if token is None:
                return left
            right = self._product()
            left = Binary(left.start, right.end, token.text, left, right)
        raise _too_deep(self._next.start, self._next.end)

    def _product(self) -> Node:
        left = self._unary()
        for _ in range(NODES_DEEP_MAX):
            token = self._taken("*", "/", "%")
            if token is None:
                return left
            right = self._unary()
            left = Binary(left.start, right.end, token.text, left, right)
        raise _too_deep(self._next.start, self._next.end)

    def _unary(self) -> Node:
        token = self._taken("!", "-")
        if token is None:
            return self._member()
        self._enter()
        operand = self._unary()
        self._depth -= 1
        return Unary(token.start, operand.end, token.text, operand)

    def _member(self) -> Node:
        node = self._primary()
        for _ in range(NODES_DEEP_MAX):
            if self._taken("."):
                node = self._after_dot(node)
            elif self._taken("["):
                position = self.expression()
                closing = self._require("]", "to close `[`")
                node = Item(node.start, closing.end, node, position)
            else:
                return node
        raise _too_deep(self._next.start, self._next.end)

    def _after_dot(self, operand: Node) -> Node:
        token = self._next
        if token.kind is not Kind.NAME:
            raise _unexpected(token, "the name of a fact or function after `.`")
        self._position += 1
        if self._taken("("):
            arguments, end = self._until(")")
            return Call(operand.start, end, operand, token.text, token.start, arguments)
        return Member(operand.start, token.end, operand, token.text, token.start)

    def _primary(self) -> Node:
        token = self._next
        self._position += 1
        if token.kind in (Kind.INT, Kind.STRING):
            return Literal(token.start, token.end, token.value)
        if token.kind is Kind.NAME and token.text in ("true", "false"):
            return Literal(token.start, token.end, token.text == "true")
        if token.kind is Kind.NAME and token.text != "in":
            return self._name_or_call(token)
        if token.text == "(" and token.kind is Kind.OPERATOR:
            inner = self.expression()
            self._require(")", "to close `(`")
            return inner
        if token.text == "[" and token.kind is Kind.OPERATOR:
            items, end = self._until("]")
            return ListOf(token.start, end, items)
        raise _unexpected(token, "a fact, a number, a text in quotes, `(`, `[` or `!`")

    def _name_or_call(self, token: Token) -> Node:
        if token.text in _WORDS_FOR_NOT:
            raise ExpressionError(
                token.start, token.end, f"unexpected `{token.text}`", expected="`!`", suggestion="`!` for not"
            )
        if self._taken("("):
            arguments, end = self._until(")")
            return Call(token.start, end, None, token.text, token.start, arguments)
        return Name(token.start, token.end, token.text)

    def _until(self, closing: str) -> tuple[tuple[Node, ...], int]:
        """The items of a list that `closing` ends, and where it ends."""
        items: list[Node] = []
        if token := self._taken(closing):
            return (), token.end
        while True:
            items.append(self.expression())
            if not self._taken(","):
                return tuple(items), self._require(closing, "or `,`").end


def _unexpected(token: Token, expected: str) -> ExpressionError:
    if token.kind is Kind.END:
        message = "the expression ends too early"
    elif token.text in "{}" and token.kind is Kind.OPERATOR:
        message = "maps and messages cannot be used in rules"
    else:
        message = f"unexpected `{token.text}`"
    suggestion = _WORDS_FOR_OPERATORS.get(token.text, "") if token.kind is Kind.NAME else ""
    return ExpressionError(
        token.start,
        max(token.end, token.start + 1),
        message,
        expected=expected,
        suggestion=f"`{suggestion}`" if suggestion else "",
    )


def _too_deep(start: int, end: int) -> ExpressionError:
    return ExpressionError(
        start,
        max(end, start + 1),
        "this expression is nested too deeply",
        expected=f"at most {DEPTH_MAX} brackets inside one another and {NODES_DEEP_MAX} operators in a row",
        suggestion="split it into several rules",
        code="too_deep",
    )
