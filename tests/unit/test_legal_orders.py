"""The map from articles to code and tests leads somewhere, line for line."""

import ast
import pkgutil
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = {"orders.md": 20, "orders-out.md": 15}
ROWS = [
    (line, *re.findall(r"`([^`]+)`", line)[-2:])
    for name in PAGES
    for line in (ROOT / "docs" / "legal" / name).read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and "`" in line
]


def test_the_pages_have_rows() -> None:
    assert len(ROWS) > sum(PAGES.values())


@pytest.mark.parametrize(("line", "code", "test"), ROWS, ids=[row[2].rpartition("::")[2] for row in ROWS])
def test_the_named_code_and_the_named_test_exist(line: str, code: str, test: str) -> None:
    assert pkgutil.resolve_name(code) is not None
    path, _, name = test.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, line
