"""What type an expression has, which facts it reads, and everything in it that cannot be right.

It goes on after an error to find the others, and refuses whatever could only fail, or only be false, at run
time.
"""

from dataclasses import dataclass, field

from vigie.policy.facts import BY_PATH, CelType, Root
from vigie.policy.functions import ELEMENT_OF, FUNCTIONS, LIST_OF, LISTS, MACROS, Macro
from vigie.policy.patterns import refuse_pattern
from vigie.policy.problems import nearest
from vigie.policy.rules import PATTERNS_MAX
from vigie.policy.suggestions import OTHER_WAYS, fact_named_by, question_from, repaired_side, told
from vigie.policy.syntax import (
    Binary,
    Call,
    Conditional,
    Item,
    ListOf,
    Literal,
    Logic,
    Member,
    Name,
    Node,
    Unary,
)
from vigie.policy.tokens import ExpressionError
from vigie.policy.unknowns import CALLABLE, root_alone, unknown_fact, unknown_function, unknown_name

_MACROS = {macro.name: macro for macro in MACROS}
_FUNCTIONS = {function.name: function for function in FUNCTIONS}

# fmt: off
_RESERVED = frozenset((
    "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let",
    "loop", "package", "namespace", "null", "return", "true", "var", "void", "while",
))
# fmt: on


@dataclass(frozen=True)
class Checked:
    """What is known of an expression: the paths it reads, its patterns, errors in the order of the text."""

    type: CelType | None
    facts: frozenset[str]
    patterns: int
    errors: tuple[ExpressionError, ...]


def check(tree: Node, *, visible: tuple[Root, ...], patterns_max: int) -> Checked:
    """Type and errors of an expression that must be a question (true or false) about the `visible` facts.

    Patterns are tried out, which takes up to a quarter of a second each, so only `patterns_max` of them are.
    """
    checker = _Checker(visible, patterns_max)
    found = checker.type_of(tree)
    if found is not None and found is not CelType.BOOL:
        checker.report(
            tree,
            f"the rule gives {told(found)}, not true or false",
            expected="a comparison or another question",
            code="not_boolean",
            suggestion=question_from(tree, found),
        )
    errors = sorted(checker.errors, key=lambda error: (error.start, error.end))
    return Checked(found, frozenset(checker.facts), checker.patterns, tuple(errors))


@dataclass
class _Checker:
    """Walks the tree; a type of None means that an error below was already reported."""

    visible: tuple[Root, ...]
    patterns_max: int
    patterns: int = 0
    errors: list[ExpressionError] = field(default_factory=list)
    facts: set[str] = field(default_factory=set)
    variables: dict[str, CelType | None] = field(default_factory=dict)

    def report(
        self, node: Node, message: str, *, expected: str, code: str = "wrong_type", suggestion: str = ""
    ) -> None:
        self.errors.append(
            ExpressionError(
                node.start, node.end, message, expected=expected, suggestion=suggestion, code=code
            )
        )

    def type_of(self, node: Node) -> CelType | None:
        match node:
            case Literal(value=value):
                return _type_of_value(value)
            case Name():
                return self._name(node)
            case Member():
                return self._fact(node)
            case ListOf():
                return self._list(node)
            case Item():
                return self._item(node)
            case Call():
                return self._call(node)
            case Unary(operator=operator, operand=operand):
                return self._all_are(CelType.BOOL if operator == "!" else CelType.INT, (operand,), operator)
            case Logic(operator=operator, operands=operands):
                return self._all_are(CelType.BOOL, operands, operator)
            case Binary():
                return self._binary(node)
            case Conditional():
                return self._conditional(node)

    # Names and facts

    def _name(self, node: Name) -> CelType | None:
        if node.name in self.variables:
            return self.variables[node.name]
        if node.name in tuple(Root):
            self.errors.append(root_alone(node))
        else:
            self.errors.append(unknown_name(node, visible=self.visible, variables=list(self.variables)))
        return None

    def _fact(self, node: Member) -> CelType | None:
        operand = node.operand
        if not isinstance(operand, Name) or operand.name in self.variables:
            if self.type_of(operand) is not None:
                self.report(
                    node,
                    f"`.{node.name}` is asked of something that has no parts",
                    expected="a fact such as `content.text`, or a function call",
                    code="unknown_fact",
                    suggestion=f"`.{node.name}(...)`" if node.name in CALLABLE else "",
                )
            return None
        fact = BY_PATH.get(f"{operand.name}.{node.name}")
        if fact is None or fact.root not in self.visible:
            self.errors.append(unknown_fact(node, operand.name, visible=self.visible))
            return None
        self.facts.add(fact.path)
        return fact.type

    # Lists

    def _list(self, node: ListOf) -> CelType | None:
        if not node.items:
            self.report(
                node,
                "an empty list says nothing",
                expected="a list with items",
                suggestion="ask `size(list) == 0` to find an empty one",
            )
            return None
        types = [self.type_of(item) for item in node.items]
        first = types[0]
        for item, found in zip(node.items, types, strict=True):
            if found is None or first is None:
                return None
            if found is not first:
                self.report(
                    item, f"{told(found)} in a list of {first}", expected="items of one type in a list"
                )
                return None
        if first not in LIST_OF:
            self.report(node, "a list of lists cannot be used in rules", expected="a list of simple values")
            return None
        return LIST_OF[first]

    def _item(self, node: Item) -> CelType | None:
        whole = self.type_of(node.operand)
        position = self.type_of(node.position)
        if position is not None and position is not CelType.INT:
            self.report(node.position, f"{told(position)} as a position", expected="a whole number, from 0")
        if whole is None:
            return None
        if whole not in ELEMENT_OF:
            self.report(node.operand, f"{told(whole)} has no items", expected="a list", code="wrong_type")
            return None
        return ELEMENT_OF[whole]

    # Operators

    def _all_are(self, wanted: CelType, operands: tuple[Node, ...], operator: str) -> CelType | None:
        are_right = True
        for operand in operands:
            found = self.type_of(operand)
            are_right = are_right and found is wanted
            if found is not None and found is not wanted:
                self.report(
                    operand,
                    f"`{operator}` cannot take {told(found)}",
                    expected=told(wanted),
                    suggestion=question_from(operand, found) if wanted is CelType.BOOL else "",
                )
        return wanted if are_right else None

    def _binary(self, node: Binary) -> CelType | None:
        if node.operator in ("==", "!="):
            return self._equality(node)
        if node.operator == "in":
            return self._membership(node)
        if node.operator in ("<", "<=", ">", ">="):
            if isinstance(node.left, Binary) and node.left.operator in ("<", "<=", ">", ">="):
                self.type_of(node.left)
                self.report(
                    node,
                    "comparisons cannot be chained",
                    expected="one comparison, or two joined by `&&`",
                    suggestion="`a < b && b < c`",
                )
                return CelType.BOOL
            self._all_are(CelType.INT, (node.left, node.right), node.operator)
            return CelType.BOOL
        return self._all_are(CelType.INT, (node.left, node.right), node.operator)

    def _equality(self, node: Binary) -> CelType:
        left, right = self.type_of(node.left), self.type_of(node.right)
        if left is not None and right is not None and left is not right:
            self.report(
                node,
                f"{told(left)} can never equal {told(right)}",
                expected=f"{told(left)} on both sides",
                suggestion=repaired_side(left, node.right) or repaired_side(right, node.left),
            )
        for fact, literal in ((node.left, node.right), (node.right, node.left)):
            self._known_value(fact, literal)
        return CelType.BOOL

    def _membership(self, node: Binary) -> CelType:
        item, whole = self.type_of(node.left), self.type_of(node.right)
        if isinstance(node.right, ListOf):
            for literal in node.right.items:
                self._known_value(node.left, literal)
        if whole is None or item is None:
            return CelType.BOOL
        if whole not in LISTS:
            self.report(
                node.right,
                f"`in` cannot look into {told(whole)}",
                expected="a list",
                suggestion="`text.contains(part)`" if whole is CelType.STRING else "",
            )
        elif ELEMENT_OF[whole] is not item:
            self.report(
                node, f"{told(item)} is never in {told(whole)}", expected=f"{told(ELEMENT_OF[whole])}"
            )
        return CelType.BOOL

    def _known_value(self, node: Node, literal: Node) -> None:
        """A fact with a closed set of values cannot be compared with anything else."""
        fact = fact_named_by(node)
        if fact is None or not fact.values or not isinstance(literal, Literal):
            return
        if isinstance(literal.value, str) and literal.value not in fact.values:
            guess = nearest(literal.value, list(fact.values))
            self.report(
                literal,
                f'`{fact.path}` is never "{literal.value}"',
                expected="one of " + ", ".join(f'"{value}"' for value in fact.values),
                code="unknown_value",
                suggestion=f'"{guess}"' if guess else "",
            )

    def _conditional(self, node: Conditional) -> CelType | None:
        self._all_are(CelType.BOOL, (node.condition,), "?")
        yes, no = self.type_of(node.yes), self.type_of(node.no)
        if yes is not None and no is not None and yes is not no:
            self.report(
                node, f"this is {told(yes)} or {told(no)}", expected="the same type on both sides of `:`"
            )
            return None
        return yes if no is not None else None

    # Calls

    def _call(self, node: Call) -> CelType | None:
        if node.name in _MACROS and node.receiver is not None:
            return self._macro(node, _MACROS[node.name], node.receiver)
        function = _FUNCTIONS.get(node.name)
        if function is None or (node.receiver is None and node.name != "size"):
            self.errors.append(unknown_function(node))
            self._walk(() if node.receiver is None else (node.receiver,))
            return None
        subjects = node.arguments if node.receiver is None else (node.receiver, *node.arguments)
        if len(subjects) != 1 + len(function.arguments):
            self._walk(subjects)
            count = len(node.arguments)
            self.report(
                node, f"`{node.name}` is called with {count} arguments", expected=f"`{function.form}`"
            )
            return function.returns
        receiver = self.type_of(subjects[0])
        if receiver is not None and receiver not in function.receivers:
            self.report(
                subjects[0],
                f"`{node.name}` cannot be asked of {told(receiver)}",
                expected="a list" if function.receivers == LISTS else "a string",
                suggestion=OTHER_WAYS.get((node.name, receiver), ""),
            )
        for argument, wanted in zip(subjects[1:], function.arguments, strict=True):
            found = self.type_of(argument)
            if found is not None and found is not wanted:
                self.report(argument, f"`{node.name}` is called with {told(found)}", expected=told(wanted))
        if node.name == "matches":
            self._pattern(node.arguments[0])
        return function.returns

    def _pattern(self, node: Node) -> None:
        self.patterns += 1
        if self.patterns > self.patterns_max:
            self.report(
                node,
                "one pattern too many",
                expected=f"at most {PATTERNS_MAX} patterns in a policy",
                code="pattern",
                suggestion='join several by `|`, as in `"(heron|egret)"`',
            )
        elif not isinstance(node, Literal):
            self.report(
                node, "a pattern must be written out in the rule", expected="a text in quotes", code="pattern"
            )
        elif isinstance(node.value, str) and (refusal := refuse_pattern(node.value)):
            self.report(
                node,
                refusal.message,
                expected=refusal.expected,
                code="pattern",
                suggestion=refusal.suggestion,
            )

    def _macro(self, node: Call, macro: Macro, receiver: Node) -> CelType | None:
        whole = self.type_of(receiver)
        if whole is not None and whole not in LISTS:
            self.report(receiver, f"`{node.name}` cannot be asked of {told(whole)}", expected="a list")
            whole = None
        if len(node.arguments) != 2 or not isinstance(node.arguments[0], Name):
            self.report(node, f"`{node.name}` needs a name and a question", expected=f"`{macro.form}`")
            return macro.returns
        variable, question = node.arguments[0], node.arguments[1]
        if variable.name in _RESERVED or variable.name in tuple(Root):
            self.report(variable, f"`{variable.name}` is taken", expected="a name of its own, as in `x`")
            return macro.returns
        if self.variables:
            self.report(
                node,
                f"`{node.name}` inside another question to a list",
                expected="one list asked at a time, so that a rule ends soon",
                code="too_deep",
            )
            return macro.returns
        self.variables[variable.name] = ELEMENT_OF[whole] if whole else None
        self._all_are(CelType.BOOL, (question,), node.name)
        del self.variables[variable.name]
        return macro.returns or whole

    def _walk(self, nodes: tuple[Node, ...]) -> None:
        """Looks for errors below something that is already wrong."""
        for node in nodes:
            self.type_of(node)


def _type_of_value(value: bool | int | str) -> CelType:
    if isinstance(value, bool):
        return CelType.BOOL
    return CelType.INT if isinstance(value, int) else CelType.STRING
