"""What authors of rules read when something is wrong, kept as text so that a change of wording is seen.

`python tests/unit/policy/rewrite_snapshots.py` writes the texts anew; read the difference before keeping it.
"""

from pathlib import Path

import pytest

from vigie.policy import PolicyInvalid, parse_policy

SNAPSHOTS = Path(__file__).parent / "snapshots"
FILES = sorted(SNAPSHOTS.glob("*.yaml"))

# Every code that a policy file can be refused with, but `too_large`, whose file would be as large.
CODES = {
    "bad_name",
    "cannot_remove",
    "duplicate_key",
    "duplicate_name",
    "empty",
    "fact_out_of_sight",
    "missing_key",
    "not_boolean",
    "pattern",
    "refused_yaml",
    "rule_count",
    "syntax",
    "too_deep",
    "too_long",
    "unclosed_text",
    "unknown_fact",
    "unknown_function",
    "unknown_key",
    "unknown_value",
    "unknown_version",
    "unprintable",
    "wrong_type",
    "yaml_syntax",
    "yaml_tag",
}


def refusal_of(path: Path) -> PolicyInvalid:
    with pytest.raises(PolicyInvalid) as refused:
        parse_policy(path.read_text(encoding="utf-8"), source_name="policy.yaml")
    return refused.value


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_messages_are_those_of_the_snapshot(path: Path) -> None:
    assert refusal_of(path).render() == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_every_code_has_a_snapshot() -> None:
    assert {error.code for path in FILES for error in refusal_of(path).errors} == CODES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_error_says_where_and_what_was_expected(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    for error in refusal_of(path).errors:
        assert 1 <= error.line <= len(lines)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1
        assert error.message
        assert error.expected


def test_errors_stand_in_the_order_of_the_file() -> None:
    for path in FILES:
        places = [(error.line, error.column) for error in refusal_of(path).errors]
        assert places == sorted(places)


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(PolicyInvalid) as refused:
        parse_policy("a: [" * 200_000, source_name="policy.yaml")
    assert [error.code for error in refused.value.errors] == ["too_large"]


@pytest.mark.parametrize(
    ("rule_name", "line", "column", "length_chars"),
    [
        ("single-quoted", 6, 37, 12),
        ("double-quoted", 11, 40, 12),
        ("double-quoted-continued", 17, 8, 12),
        ("plain-folded", 23, 7, 12),
        ("literal", 30, 10, 12),
        ("folded", 37, 10, 12),
        ("folded-indented", 44, 12, 12),
    ],
)
def test_the_caret_finds_the_character_however_yaml_writes_the_text(
    rule_name: str, line: int, column: int, length_chars: int
) -> None:
    path = SNAPSHOTS / "places.yaml"
    places = [error.place for error in refusal_of(path).errors]
    text = path.read_text(encoding="utf-8").split("\n")
    found = next(place for place in places if place.line == line)
    assert (found.column, found.length_chars) == (column, length_chars), rule_name
    assert text[line - 1][column - 1 :].startswith("match.colour")


def test_windows_line_ends_and_a_byte_order_mark_move_no_place() -> None:
    text = (SNAPSHOTS / "unknown_facts.yaml").read_text(encoding="utf-8")
    with pytest.raises(PolicyInvalid) as refused:
        parse_policy("\ufeff" + text.replace("\n", "\r\n"), source_name="policy.yaml")
    assert refused.value.errors == refusal_of(SNAPSHOTS / "unknown_facts.yaml").errors
