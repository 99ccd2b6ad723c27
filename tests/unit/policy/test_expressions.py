"""What an expression may be, and that the engine agrees with the checker about what it means."""

import cel
import pytest

from vigie.policy.facts import (
    BY_PATH,
    FACTS,
    CelType,
    ContentFacts,
    Fact,
    MatchFacts,
    MediumFacts,
    Root,
    names_under,
)
from vigie.policy.functions import FUNCTIONS, MACROS
from vigie.policy.rules import PATTERNS_MAX
from vigie.policy.syntax import Conditional, Logic, parse
from vigie.policy.tokens import ExpressionError
from vigie.policy.typecheck import Checked, check

ALL = tuple(Root)

CONTENT = ContentFacts(
    id="post-8731",
    kind="post",
    platform="forum",
    language="en",
    text="The Grey  Heron flies. مالك 🪶",
    links=("https://heron.example/a", "http://pond.example/b"),
    author_removals=2,
)
MATCH = MatchFacts(
    signal="pdq",
    distance_bits=12,
    bank="grey-heron",
    bank_may_remove=True,
    entry="E-000017",
    entry_confirmed=True,
    legal_type="a",
    medium="m1",
)
MEDIUM = MediumFacts(
    id="m1",
    format="jpeg",
    width_px=1280,
    height_px=960,
    pdq_quality=100,
    quarantined=False,
    quarantine_code="",
)
FACTS_AS_CEL = {
    "content": CONTENT.as_cel(media_count=1, quarantined_count=0, match_count=1),
    "match": MATCH.as_cel(names_under(Root.MATCH)),
    "medium": MEDIUM.as_cel(names_under(Root.MEDIUM)),
}


def checked(expression: str) -> Checked:
    return check(parse(expression), visible=ALL, patterns_max=PATTERNS_MAX)


def answer(expression: str) -> object:
    found = checked(expression)
    assert not found.errors, [error.message for error in found.errors]
    return cel.compile(expression).execute(FACTS_AS_CEL)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("match.entry_confirmed", True),
        ("!match.entry_confirmed", False),
        ("match.distance_bits == 0x0C", True),
        ("-match.distance_bits < -11", True),
        ("match.distance_bits * 2 + 1 - 4 / 2 % 3 == 23", True),
        ('match.signal in ["pdq", "md5"] && !(match.legal_type in ["b", ""])', True),
        ('match.signal == "md5" || match.bank != "other"', True),
        ("(match.distance_bits > 3 ? content.media_count : 7) == 1", True),
        ("match.distance_bits > 3 ? true : content.links[7] == 'a'", True),
        ('content.links[1] == "http://pond.example/b"', True),
        ('"https://heron.example/a" in content.links', True),
        ("content.links.size() == size(content.links)", True),
        ("content.text_length == 29", True),
        (r'content.text.matches("(?i)grey\\s+heron")', True),
        (r'content.text.matches(r"Grey\s+Heron")', True),
        (r'content.text.contains("\u0645\u0627\u0644\u0643")', True),
        ('content.text.contains("grey")', False),
        ('content.text.startsWith("The") && !content.text.endsWith("The")', True),
        ('content.links.exists(l, l.startsWith("https://"))', True),
        ('content.links.all(l, l.startsWith("https://"))', False),
        ('content.links.exists_one(l, l.startsWith("https://"))', True),
        ('content.links.filter(l, l.contains("pond")).size() == 1', True),
        ('size(content.links.filter(l, l.contains("a")).filter(m, m.contains("b"))) == 1', True),
        ('content.links.exists(l, l == "a") || content.links.exists(l, l.endsWith("/b"))', True),
        ("[1, 2, match.distance_bits].exists(n, n > 11)", True),
        ("[true, match.entry_confirmed] == [true, true]", True),
        ("match.entry_confirmed // a remark\n&& true", True),
        ("match . entry_confirmed", True),
        ("1 / 0 == 1 || true", True),
    ],
)
def test_a_good_expression_means_what_it_says(expression: str, expected: bool) -> None:
    assert answer(expression) is expected


EXAMPLES = [*(function.example for function in FUNCTIONS), *(macro.example for macro in MACROS)]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_in_the_reference_is_a_good_rule(example: str) -> None:
    assert answer(example) in (True, False)


def test_every_function_of_the_registry_is_one_the_engine_has() -> None:
    for function in FUNCTIONS:
        assert function.name in cel.compile(function.example).functions()


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.path)
def test_a_fact_has_the_type_that_the_registry_says(fact: Fact) -> None:
    python_types = {CelType.BOOL: bool, CelType.INT: int, CelType.STRING: str, CelType.STRINGS: tuple}
    assert type(FACTS_AS_CEL[fact.root][fact.name]) is python_types[fact.type]
    assert not checked(f"{fact.path} == {fact.example}").errors


def test_the_facts_handed_over_are_those_of_the_registry() -> None:
    handed_over = {f"{root}.{name}" for root, facts in FACTS_AS_CEL.items() for name in facts}
    assert handed_over == set(BY_PATH)


def test_the_facts_that_an_expression_reads_are_known() -> None:
    found = checked('match.signal == "pdq" && content.links.exists(l, l == content.text)')
    assert found.facts == {"match.signal", "content.links", "content.text"}


def test_and_binds_tighter_than_or_and_both_tighter_than_the_question_mark() -> None:
    tree = parse("true || true && false ? true : false || true")
    assert isinstance(tree, Conditional)
    assert isinstance(tree.condition, Logic)
    assert tree.condition.operator == "||"
    assert isinstance(tree.condition.operands[1], Logic)


@pytest.mark.parametrize(
    "expression",
    [
        "content.text + content.text == content.text",
        "content.links + content.links == content.links",
        "content.links.map(l, content.text) == content.links",
        "content.links.all(a, content.links.all(b, a == b))",
        'timestamp("2026-11-22T10:00:00Z") == timestamp("2026-11-22T10:00:00Z")',
        "string(match.distance_bits) == '12'",
        "dyn(1) == 1",
        "type(1) == int",
        "match == match",
        "content['text'] == 'a'",
        "null == null",
        "1u == 1u",
    ],
)
def test_what_could_grow_or_read_the_clock_is_refused(expression: str) -> None:
    try:
        errors = checked(expression).errors
    except ExpressionError as error:
        errors = (error,)
    assert errors


def test_an_empty_expression_is_refused() -> None:
    with pytest.raises(ExpressionError):
        parse("  // nothing")
