"""Errors as problem documents: what is in them, and that every code has its meaning."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import vigie
from vigie.api.problems import TITLES, FieldError, FieldsInvalid, problem
from vigie.foundation.errors import Conflict, NotFound, VigieError
from vigie.policy import PolicyInvalid, parse_policy
from vigie.signals.media import SENTENCES

PACKAGE = Path(vigie.__file__).parent
# What only stops a program from starting, or never leaves it, is no answer of the API.
NEVER_ANSWERED = {"vigie.up", "vigie.cli", "vigie.demo", "vigie.backup", "vigie.platforms.messages"}


def test_a_problem_says_what_happened_and_how_to_go_on() -> None:
    status, document = problem(Conflict("It is taken.", hint="Take another.", code="bank_exists"))
    assert status == 409
    assert document == {
        "type": "/v1/problems#bank_exists",
        "title": "There is a bank of this name",
        "status": 409,
        "detail": "It is taken.",
        "code": "bank_exists",
        "hint": "Take another.",
    }


def test_a_problem_without_a_way_out_has_no_hint() -> None:
    assert "hint" not in problem(NotFound("There is no such case."))[1]


def test_fields_come_with_their_place() -> None:
    _, document = problem(FieldsInvalid([FieldError(("body", "signals", 0), "wrong")]))
    assert document["errors"] == [{"place": ["body", "signals", 0], "message": "wrong"}]
    assert document["detail"].startswith("One field is")


def test_errors_of_a_policy_come_with_line_and_column() -> None:
    with pytest.raises(PolicyInvalid) as caught:
        parse_policy("version: 1\nname: x\nrulez: []\n", source_name="p.yaml")
    _, document = problem(caught.value)
    places = [one["place"] for one in document["errors"]]
    assert ["policy", 3, 1] in places
    assert all(one["message"] and one["expected"] for one in document["errors"])


def test_a_code_nobody_described_still_gets_a_title() -> None:
    class New(VigieError):
        code = "new"
        status = 409

    assert problem(New("Something new."))[1]["title"] == "Conflict"


def test_every_code_that_can_be_answered_has_a_meaning() -> None:
    codes = all_codes()
    assert len(codes) > 40
    assert codes <= set(TITLES), f"without a meaning in problems.TITLES: {sorted(codes - set(TITLES))}"


def test_no_meaning_is_left_over() -> None:
    codes = all_codes()
    assert set(TITLES) <= codes, f"no longer used: {sorted(set(TITLES) - codes)}"


def all_codes() -> set[str]:
    """Every code that somebody may be answered."""
    return {VigieError.code, *codes_in_the_source(), *(f"medium_{code}" for code in SENTENCES)}


def codes_in_the_source() -> Iterator[str]:
    """Codes of error classes, and codes given where an error is raised."""
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(("vigie", *path.relative_to(PACKAGE).with_suffix("").parts))
        if any(module.startswith(one) for one in NEVER_ANSWERED):
            continue
        for node in nodes(path):
            if isinstance(node, ast.ClassDef):
                yield from _class_code(node)
            else:
                yield from _raised_code(node)


def _class_code(node: ast.ClassDef) -> Iterator[str]:
    is_error = any(isinstance(one, ast.Name) and one.id in _error_names() for one in node.bases)
    for one in node.body if is_error else []:
        target, value = None, None
        if isinstance(one, ast.Assign):
            target, value = one.targets[0], one.value
        elif isinstance(one, ast.AnnAssign):
            target, value = one.target, one.value
        if isinstance(target, ast.Name) and target.id == "code" and isinstance(value, ast.Constant):
            yield str(value.value)


def _raised_code(node: ast.Call) -> Iterator[str]:
    if not isinstance(node.func, ast.Name) or node.func.id not in _error_names():
        return
    for one in node.keywords:
        if one.arg == "code" and isinstance(one.value, ast.Constant):
            yield str(one.value.value)


@cache
def nodes(path: Path) -> list[ast.ClassDef | ast.Call]:
    """Classes and calls in a file."""
    walked = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [node for node in walked if isinstance(node, ast.ClassDef | ast.Call)]


@cache
def _error_names() -> frozenset[str]:
    """Names of all error classes, however far from the base."""
    bases: dict[str, list[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        for node in nodes(path):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = [one.id for one in node.bases if isinstance(one, ast.Name)]
    found = {"VigieError"}
    while True:
        more = {name for name, above in bases.items() if found & set(above)} - found
        if not more:
            return frozenset(found)
        found |= more
