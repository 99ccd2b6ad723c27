"""`vigie evidence`: asked for, granted, exported, checked with no database, kept longer, purged and certified."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import done, run
from evidence_world import KEEP, EvidenceWorld, world
from vigie.foundation.clock import now
from vigie.foundation.settings import current

__all__ = ["world"]  # a fixture


@pytest.fixture
def story(world: EvidenceWorld) -> str:
    """The number of a preserved item."""
    return world.removed().number


def test_the_command_line_asks_grants_exports_and_checks_with_no_database(story: str, tmp_path: Path) -> None:
    ask = ("--purpose", "evidence for the appeal", "--legal-basis", "Article 6(1)(b)", "--by", "anna")
    access = done("evidence", "request", story, *ask)
    refused = done("evidence", "refuse", access["number"], "--reason", "no legal basis", "--by", "lea")
    assert refused["state"] == "refused"
    exported = done("evidence", "export", story, *ask)
    assert run("evidence", "grant", exported["number"], "--by", "anna").exit_code == 1
    assert done("evidence", "grant", exported["number"], "--by", "lea")["state"] == "granted"
    package, key = tmp_path / "package.vigie", tmp_path / "ledger.pub"
    written = done("evidence", "export", exported["number"], "--output", str(package), "--by", "anna")
    assert written["encrypted"] is True
    phrase = tmp_path / "phrase"
    phrase.write_text(written["passphrase"] + "\n")
    assert run("ledger", "public-key", "--output", str(key)).exit_code == 0
    # A clean environment: no data folder, no database, no settings.
    command = [sys.executable, "-m", "vigie.cli", "evidence", "verify", str(package), "--json"]
    options = ["--passphrase-file", str(phrase), "--public-key", str(key)]
    clean = {"PATH": os.environ["PATH"]}
    checked = subprocess.run([*command, *options], env=clean, cwd=tmp_path, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    shown = json.loads(checked.stdout)
    assert (shown["whole"], shown["number"], shown["key_given"]) == (True, exported["number"], True)
    data = bytearray(package.read_bytes())
    data[-1] ^= 1
    changed = tmp_path / "changed.vigie"
    changed.write_bytes(bytes(data))
    result = run("evidence", "verify", str(changed), *options)
    assert result.exit_code == 1
    assert "does not open" in result.output
    shown = done("evidence", "show", story)
    assert [one["state"] for one in shown["requests"]] == ["refused", "granted"]
    assert [one["number"] for one in done("evidence", "list")["items"]] == [story]


def test_the_command_line_opens_extends_purges_and_certifies(
    story: str, world: EvidenceWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = ("--purpose", "evidence for the appeal", "--legal-basis", "Article 6(1)(b)", "--by", "anna")
    access = done("evidence", "request", story, *ask)
    done("evidence", "grant", access["number"], "--by", "lea")
    sealed = next(one for one in done("evidence", "show", story)["sealed"] if one["kind"] == "medium")
    target = tmp_path / "medium.bin"
    done("evidence", "open", access["number"], sealed["reference"], "--output", str(target), "--by", "anna")
    assert target.stat().st_size == sealed["byte_count"]
    until = (now().replace(year=now().year + 2)).date().isoformat()
    authority = (
        "--authority",
        "Court of Heronby",
        "--reference",
        "12/26",
        "--review",
        "appeal of the author",
    )
    extended = done("evidence", "extend", story, "--until", until, *authority, "--by", "anna")
    done("evidence", "grant", extended["number"], "--by", "lea")
    assert done("evidence", "show", story)["until"][:10] == until
    assert done("evidence", "purge", "--dry-run")["due"] == []
    # What ends without a removal is over its time at once.
    monkeypatch.setenv("VIGIE_EVIDENCE_DAYS", "0")
    current.cache_clear()
    held, gone = world.removed("p2", draft=KEEP), world.removed("p3", draft=KEEP)
    world.ask(held)
    due = done("evidence", "purge", "--dry-run")["due"]
    assert {one["number"]: [hold["kind"] for hold in one["holds"]] for one in due} == {
        held.number: ["request_open"],
        gone.number: [],
    }
    assert done("evidence", "purge")["deleted"] == 1
    for ending in ("json", "pdf"):
        target = tmp_path / f"certificate.{ending}"
        assert run("evidence", "certificate", gone.number, "--output", str(target)).exit_code == 0
    assert run("evidence", "verify", str(tmp_path / "certificate.json")).exit_code == 0
    assert run("evidence", "certificate", held.number).exit_code == 1
