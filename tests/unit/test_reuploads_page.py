"""The page of the re-upload table says what was measured, and what was measured is clean."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "benchmarks" / "results" / "reuploads.json"


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RESULT.read_text())
    return found


def _page_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reuploads_page", ROOT / "benchmarks" / "reuploads_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_the_result(result: dict[str, Any]) -> None:
    page = (ROOT / "docs" / "reference" / "reuploads.md").read_text()
    assert page == _page_module().page(result)


def test_forty_photographs_were_posted_under_twelve_edits(result: dict[str, Any]) -> None:
    assert len(result["photographs"]) == 40
    assert len({(one["name"], one["origin"]) for one in result["photographs"]}) == 40
    assert [row["uploads"] for row in result["rows"]] == [40] * 12


def test_no_two_different_photographs_match(result: dict[str, Any]) -> None:
    assert result["false_matches"]["pairs"] == 0
    assert result["false_matches"]["uploads"] == 0
    assert result["false_matches"]["pairs_compared"] == 40 * 39 // 2
    assert result["false_matches"]["uploads_compared"] == 40 * 12 * 39


def test_nothing_is_found_less_often_than_by_the_peer(result: dict[str, Any]) -> None:
    assert [row["edit"] for row in result["rows"] if row["recall"] < row["peer_recall"]] == []
