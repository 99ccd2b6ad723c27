"""The command line answers people in sentences and programs in JSON, whatever is missing."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from running import clean_environment


def _run(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "vigie.cli", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=clean_environment(settings),
        timeout=60,
    )


def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    done = _run("up", "--data", str(tmp_path), VIGIE_PORT="many")
    assert done.returncode == 1
    assert "VIGIE_PORT" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("not an address", "no address"),
        ("postgresql://nobody@127.0.0.1:9", "names no database"),
        ("postgresql://nobody@127.0.0.1:9/nothing", "does not answer"),
    ],
)
def test_a_database_that_cannot_be_used_is_refused_with_a_sentence(
    tmp_path: Path, url: str, words: str
) -> None:
    done = _run("up", "--data", str(tmp_path), "--port", "0", VIGIE_DATABASE_URL=url)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_whose_database_went_away_says_so(tmp_path: Path) -> None:
    done = _run(
        "migrate", "--data", str(tmp_path), VIGIE_DATABASE_URL="postgresql://nobody@127.0.0.1:9/nothing"
    )
    assert done.returncode == 1
    assert "does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_doctor_names_what_must_be_mended_before_the_first_start(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "evidence.key").write_bytes(bytes(32))
    (keys / "evidence.key").chmod(0o644)
    done = _run("doctor", "--data", str(tmp_path), "--json", VIGIE_PORT="0")
    assert done.returncode == 1
    answer = json.loads(done.stdout)
    found = {one["part"]: one for one in answer["findings"]}
    assert not answer["well"]
    assert found["keys"]["state"] == "bad"
    assert "chmod 600" in found["keys"]["mend"]
    assert found["kernel"]["state"] == "good"
    assert re.fullmatch(r"vigie_kernel \d+\.\d+\.\d+", found["kernel"]["sentence"])
    assert found["database"]["state"] == "note"


def test_every_command_can_answer_programs() -> None:
    listed = _run("--help").stdout.split("Commands:")[1]
    for name in (line.split()[0] for line in listed.splitlines() if line.startswith("  ") and line[2] != " "):
        help_text = _run(name, "--help").stdout
        assert "--json" in help_text or "Commands:" in help_text, f"{name} has no --json"
