"""The page that leads from an article to code and test names what exists."""

import ast
import re
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "legal" / "answers.md").read_text(encoding="utf-8")
NAMES = sorted(set(re.findall(r"`(vigie\.[\w.]+)`", PAGE)))
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
ROWS = [line for line in PAGE.splitlines() if re.match(r"\| (DSA|TCO) ", line)]


def test_every_row_names_code_and_a_test() -> None:
    assert len(ROWS) >= 8
    for row in ROWS:
        assert re.search(r"`vigie\.", row), row
        assert re.search(r"`tests/", row), row


def test_every_piece_of_code_is_there() -> None:
    for name in NAMES:
        module, _, attribute = name.rpartition(".")
        assert hasattr(import_module(module), attribute), name


def test_every_test_is_there() -> None:
    for path, name in TESTS:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert name in {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}, (path, name)
