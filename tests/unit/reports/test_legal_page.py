"""The map from articles to code and tests leads somewhere, line for line."""

import ast
import pkgutil
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "legal" / "reports.md"
ROWS = [
    re.findall(r"`([^`]+)`", line)[-2:]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and "`" in line
]


def test_the_page_has_rows() -> None:
    assert len(ROWS) > 25


@pytest.mark.parametrize(("code", "test"), ROWS)
def test_the_named_code_and_the_named_test_exist(code: str, test: str) -> None:
    assert pkgutil.resolve_name(code) is not None
    path, _, name = test.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, test
