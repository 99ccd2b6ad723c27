"""Whatever is written in a rule: the checker and the engine agree, and errors have a place."""

from collections.abc import Mapping
from typing import Any

import cel
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vigie.policy import PolicyInvalid, default_policy_text, parse_policy
from vigie.policy.facts import FACTS, CelType, CelValue, Root
from vigie.policy.parsing import canonical
from vigie.policy.rules import PATTERNS_MAX
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
    parse,
)
from vigie.policy.tokens import ExpressionError
from vigie.policy.typecheck import check

Facts = Mapping[str, Mapping[str, CelValue]]

# What a good rule may still run into, all of it answered by `rule_failed`.
FAILURES = (ArithmeticError, IndexError)

WORDS = st.sampled_from(["", "a", "heron", "Grey heron", "مالك", "🪶", "a\nb", 'say "a"', "back\\slash"])
NUMBERS = st.one_of(st.integers(0, 40), st.sampled_from([2**31, 2**63 - 1]))


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def paths_of(wanted: CelType) -> st.SearchStrategy[str]:
    return st.sampled_from([fact.path for fact in FACTS if fact.type is wanted and not fact.values])


def joined(pattern: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda found: pattern.format(*found))


def _deepen(level: int) -> tuple[st.SearchStrategy[str], st.SearchStrategy[str]]:
    """Expressions of type bool and of type int, `level` deep, bracketed only where types need it."""
    texts = st.one_of(paths_of(CelType.STRING), WORDS.map(quoted), st.just("content.links[0]"))
    lists = st.one_of(
        st.just("content.links"),
        joined("[{}, {}]", texts, texts),
        joined("content.links.filter(l, l.contains({}))", texts),
    )
    simple = st.one_of(st.sampled_from(["true", "false"]), paths_of(CelType.BOOL))
    if level == 0:
        return simple, st.one_of(NUMBERS.map(str), paths_of(CelType.INT))
    bools, ints = _deepen(level - 1)
    relation = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    sign = st.sampled_from(["+", "-", "*", "/", "%"])
    deeper_bools = st.one_of(
        bools,
        joined("!{}", bools.map(bracketed)),
        joined("{} && {}", bools, bools),
        joined("{} || {}", bools, bools),
        joined("{} || {} && {}", bools, bools, bools),
        joined("({} ? {} : {})", bools, bools, bools),
        joined("{} {} {}", ints, relation, ints),
        joined("(({}) == ({}))", bools, bools),
        joined("{} == {}", texts, texts).map(bracketed),
        joined("{} in {}", texts, lists).map(bracketed),
        joined("{}.contains({})", texts, texts),
        joined("{}.startsWith({})", texts, texts),
        joined("content.links.exists(l, {})", joined("l.endsWith({})", texts)),
        joined("content.links.all(l, l != {} && {})", texts, simple),
        joined("[{}, {}].exists_one(n, n > {})", ints, ints, NUMBERS.map(str)),
    )
    deeper_ints = st.one_of(
        ints,
        joined("{} {} {}", ints, sign, ints),
        joined("{} {} {} {} {}", ints, sign, ints, sign, ints),
        joined("{} {} {}", ints, sign, ints).map(bracketed),
        joined("-{}", ints.map(bracketed)),
        joined("size({})", lists),
        joined("({} ? {} : {})", bools, ints, ints),
    )
    return deeper_bools, deeper_ints


def bracketed(text: str) -> str:
    return f"({text})"


def facts() -> st.SearchStrategy[Facts]:
    values: dict[CelType, st.SearchStrategy[Any]] = {
        CelType.BOOL: st.booleans(),
        CelType.INT: st.one_of(st.integers(0, 40), st.just(2**40)),
        CelType.STRING: WORDS,
        CelType.STRINGS: st.lists(WORDS, max_size=3),
    }
    return st.fixed_dictionaries(
        {
            root.value: st.fixed_dictionaries(
                {
                    fact.name: st.sampled_from(fact.values) if fact.values else values[fact.type]
                    for fact in FACTS
                    if fact.root is root
                }
            )
            for root in Root
        }
    )


RULES = _deepen(3)[0]


@settings(max_examples=400, deadline=None)
@given(RULES, facts())
def test_a_rule_that_the_checker_takes_is_true_or_false_or_fails_as_announced(
    expression: str, given_facts: Facts
) -> None:
    found = check(parse(expression), visible=tuple(Root), patterns_max=PATTERNS_MAX)
    assert not found.errors, [error.message for error in found.errors]
    program = cel.compile(expression)
    try:
        assert program.execute(dict(given_facts)) in (True, False)
    except FAILURES:
        return


@settings(max_examples=400, deadline=None)
@given(RULES, facts())
def test_the_engine_groups_an_expression_as_the_tree_says(expression: str, given_facts: Facts) -> None:
    try:
        expected = meaning(parse(expression), given_facts)
    except FAILURES:
        assume(False)
    assert cel.compile(expression).execute(dict(given_facts)) is expected


SIGNS = st.sampled_from(["+", "-", "*", "/", "%", "+ -", "* -"])
CHAINS = st.lists(st.tuples(SIGNS, st.integers(1, 9)), min_size=2, max_size=6).map(
    lambda pairs: "7 " + " ".join(f"{sign}{number}" for sign, number in pairs)
)


@settings(max_examples=300, deadline=None)
@given(CHAINS)
def test_the_engine_groups_arithmetic_as_the_tree_says(chain: str) -> None:
    assert cel.compile(chain).execute({}) == meaning(parse(chain), {})


LOGIC = st.lists(
    st.sampled_from(["true &&", "true ||", "false &&", "false ||", "!false &&", "1 < 2 == true ||"])
)


@settings(max_examples=300, deadline=None)
@given(LOGIC)
def test_the_engine_groups_logic_as_the_tree_says(parts: list[str]) -> None:
    chain = " ".join([*parts, "false"])
    assert cel.compile(chain).execute({}) is meaning(parse(chain), {})


@settings(max_examples=300, deadline=None)
@given(RULES, facts())
def test_only_the_facts_that_the_checker_names_are_needed(expression: str, given_facts: Facts) -> None:
    found = check(parse(expression), visible=tuple(Root), patterns_max=PATTERNS_MAX)
    needed = {
        root: {name: value for name, value in values.items() if f"{root}.{name}" in found.facts}
        for root, values in given_facts.items()
    }
    program = cel.compile(expression)
    try:
        expected = program.execute(dict(given_facts))
    except FAILURES:
        with pytest.raises(FAILURES):
            program.execute(needed)
    else:
        assert program.execute(needed) is expected


# fmt: off
PIECES = st.sampled_from([
    *"()[]{}.,!-+*/%<>=&|?:\"'\\#@ \n", "&&", "||", "==", " in ", "match", ".signal", "content.links",
    ".exists(l, ", "true", "12", '"a"', "size(", "match.distance_bits", ".matches(", "r'", "0x", "9" * 25,
    "\u202e", "é", "- ",
])
# fmt: on
SOUP = st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=60))


@settings(max_examples=600, deadline=None)
@given(SOUP)
def test_what_the_checker_takes_the_engine_takes_whatever_is_written(expression: str) -> None:
    try:
        found = check(parse(expression), visible=tuple(Root), patterns_max=PATTERNS_MAX)
        errors = found.errors
    except ExpressionError as error:
        errors = (error,)
    for one in errors:
        # An error at the end of the text points just behind it.
        assert 0 <= one.start < one.end <= len(expression) + 1
    if not errors:
        cel.compile(expression)


@settings(max_examples=600, deadline=None)
@given(SOUP, st.sampled_from(["{}", "'{}'", '"{}"', "|-\n      {}", ">\n      {}"]))
def test_an_expression_in_a_file_is_a_rule_or_an_error_with_a_place(expression: str, style: str) -> None:
    text = (
        "version: 1\nname: soup\nrules:\n  - name: soup\n    each: match\n"
        f"    when: {style.format(expression)}\n    then: hold\n    because: As the test says.\n"
    )
    assert_policy_or_places(text)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_damaged_policy_is_a_policy_or_an_error_with_a_place(data: st.DataObject) -> None:
    text = default_policy_text()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 20)))
        text = text[:start] + data.draw(SOUP) + text[end:]
    assert_policy_or_places(text)


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_any_text_is_a_policy_or_an_error_with_a_place(text: str) -> None:
    assert_policy_or_places(text)


def assert_policy_or_places(text: str) -> None:
    lines = canonical(text).split("\n")
    try:
        policy = parse_policy(text, source_name="policy.yaml")
    except PolicyInvalid as refused:
        for error in refused.errors:
            assert 1 <= error.line <= len(lines)
            assert 1 <= error.column <= len(lines[error.line - 1]) + 1
            assert len(error.render().split("\n")) in (4, 5)
    else:
        assert parse_policy(policy.text, source_name="again").digest == policy.digest


def meaning(node: Node, known: Mapping[str, Any]) -> Any:
    """What a tree means, written down once more in Python."""
    match node:
        case Literal(value=value):
            return value
        case Name(name=name):
            return known[name]
        case Member(operand=operand, name=name):
            return meaning(operand, known)[name]
        case ListOf(items=items):
            return [meaning(item, known) for item in items]
        case Item(operand=operand, position=position):
            return list(meaning(operand, known))[meaning(position, known)]
        case Conditional(condition=condition, yes=yes, no=no):
            return meaning(yes if meaning(condition, known) else no, known)
        case Unary(operator="!", operand=operand):
            return not meaning(operand, known)
        case Unary(operand=operand):
            return in_range(-meaning(operand, known))
        case Logic(operator=operator, operands=operands):
            results = [meaning(operand, known) for operand in operands]
            return all(results) if operator == "&&" else any(results)
        case Binary():
            return binary(node.operator, meaning(node.left, known), meaning(node.right, known))
        case Call():
            return call(node, known)


def binary(operator: str, left: Any, right: Any) -> Any:
    match operator:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "in":
            return left in right
        case "+":
            return in_range(left + right)
        case "-":
            return in_range(left - right)
        case "*":
            return in_range(left * right)
    # Division goes towards zero, and a remainder has the sign of what is divided.
    quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    return in_range(quotient if operator == "/" else left - quotient * right)


def call(node: Call, known: Mapping[str, Any]) -> Any:
    if node.receiver is None:
        return len(meaning(node.arguments[0], known))
    receiver = meaning(node.receiver, known)
    if node.name in ("contains", "startsWith", "endsWith"):
        part = meaning(node.arguments[0], known)
        found: bool = {
            "contains": part in receiver,
            "startsWith": receiver.startswith(part),
            "endsWith": receiver.endswith(part),
        }[node.name]
        return found
    variable = node.arguments[0]
    assert isinstance(variable, Name)
    answers = [meaning(node.arguments[1], {**known, variable.name: item}) for item in receiver]
    if node.name == "filter":
        return [item for item, answer in zip(receiver, answers, strict=True) if answer]
    return {"exists": any(answers), "all": all(answers), "exists_one": answers.count(True) == 1}[node.name]


def in_range(number: int) -> int:
    if not -(2**63) <= number < 2**63:
        raise OverflowError
    return number
