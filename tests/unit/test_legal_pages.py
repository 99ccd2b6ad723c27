"""The maps from articles to code and tests lead somewhere, line for line."""

import ast
import pkgutil
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEGAL = ROOT / "docs" / "legal"
# Pages whose rows end with one piece of code and one test; `answers.md` names several and has a test of its own.
PAGES = {"orders.md": 20, "misuse.md": 20, "orders-out.md": 15, "preservation.md": 15, "reports.md": 25}


def rows_of(page: str) -> list[tuple[str, str, str]]:
    """Each row of a page with the code and the test that it names last."""
    lines = (LEGAL / page).read_text(encoding="utf-8").splitlines()
    named = [(line, re.findall(r"`([^`]+)`", line)) for line in lines if line.startswith("|") and "`" in line]
    return [(line, names[-2], names[-1]) for line, names in named]


ROWS = [row for page in PAGES for row in rows_of(page)]


@pytest.mark.parametrize(("page", "rows_min"), PAGES.items())
def test_the_page_has_rows(page: str, rows_min: int) -> None:
    assert len(rows_of(page)) > rows_min


@pytest.mark.parametrize(("line", "code", "test"), ROWS, ids=[row[2].rpartition("::")[2] for row in ROWS])
def test_the_named_code_and_the_named_test_exist(line: str, code: str, test: str) -> None:
    assert pkgutil.resolve_name(code) is not None
    path, _, name = test.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, line
