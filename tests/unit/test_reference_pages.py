"""The reference pages are what the program says now."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """docs/generate.py."""
    spec = importlib.util.spec_from_file_location("generate_reference", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_reference_page_is_current(generate: ModuleType) -> None:
    for path, text in generate.pages().items():
        assert path.read_text(encoding="utf-8") == text, (
            f"{path.name} is out of date: python docs/generate.py"
        )


def test_every_setting_event_and_command_is_on_its_page(generate: ModuleType) -> None:
    pages = {path.name: text for path, text in generate.pages().items()}
    assert "`VIGIE_DATABASE_URL`" in pages["settings.md"]
    assert "`cases.decision_taken.v1`" in pages["events.md"]
    assert "## `vigie ledger verify`" in pages["cli.md"]
    assert "`POST /v1/cases/{number}/decisions`" in pages["rights.md"]
    assert "`bank_exists`" in pages["api.md"]
