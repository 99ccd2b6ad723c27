"""The documentation's verification examples, in each language, against the same vectors as our own code."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from vigie.platforms import backoff
from vigie.platforms.connectors import GONE_STATUSES
from vigie.platforms.messages import EnforcementMessage, Measure
from vigie.platforms.signatures import TIMESTAMP_OFF_S_MAX, SignatureRefused, verify

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
CASES: list[dict[str, Any]] = json.loads((REFERENCE / "webhook" / "vectors.json").read_text("utf-8"))["cases"]
PAGE = (REFERENCE / "webhooks.md").read_text("utf-8")

Command = Callable[[], list[str]]


@pytest.fixture(scope="module")
def python_example() -> list[str]:
    return [sys.executable, str(REFERENCE / "webhook" / "verify.py")]


@pytest.fixture(scope="module")
def node_example() -> list[str]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    return [node, str(REFERENCE / "webhook" / "verify.mjs")]


@pytest.fixture(scope="module")
def go_example(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    go = shutil.which("go")
    if go is None:
        pytest.skip("go is not installed")
    program = tmp_path_factory.mktemp("go") / "verify"
    subprocess.run(
        [go, "build", "-o", str(program), str(REFERENCE / "webhook" / "verify.go")],
        check=True,
        env={**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-buildvcs=false"},
        timeout=240,
    )
    return [str(program)]


def outcome(command: list[str], case: dict[str, Any]) -> tuple[str, int]:
    ran = subprocess.run(
        [*command, case["timestamp"], case["signature"], str(case["now"])],
        input=case["body"].encode(),
        capture_output=True,
        env={**os.environ, "WEBHOOK_SECRET": case["secret"], "PYTHONUTF8": "1"},
        timeout=60,
        check=False,
    )
    assert not ran.stderr, ran.stderr
    return ran.stdout.decode().strip(), ran.returncode


@pytest.mark.parametrize("language", ["python", "node", "go"])
def test_every_example_judges_every_vector_alike(language: str, request: pytest.FixtureRequest) -> None:
    command = request.getfixturevalue(f"{language}_example")
    for case in CASES:
        expected = (case["outcome"], 0 if case["outcome"] == "accepted" else 1)
        assert outcome(command, case) == expected, case["name"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_our_own_verification_judges_alike(case: dict[str, Any]) -> None:
    judged = verify(
        case["secret"],
        timestamp_header=case["timestamp"],
        signature_header=case["signature"],
        body=case["body"].encode(),
        at=datetime.fromtimestamp(case["now"], UTC),
    )
    assert (judged.reason if isinstance(judged, SignatureRefused) else "accepted") == case["outcome"]


def test_the_page_shows_the_first_vector() -> None:
    first = CASES[0]
    for shown in (first["timestamp"], first["signature"], first["secret"]):
        assert shown in PAGE
    block = re.search(r"```json\n(\{.*?\})\n```", PAGE, re.DOTALL)
    assert block is not None
    assert json.loads(block.group(1)) == json.loads(first["body"])
    EnforcementMessage.from_body(first["body"].encode())


def test_the_page_says_what_the_code_does() -> None:
    for measure in Measure:
        assert f"`{measure}`" in PAGE
    assert f"{TIMESTAMP_OFF_S_MAX // 60} minutes" in PAGE
    assert f"{int(backoff.GIVE_UP_AFTER.total_seconds()) // 3600} hours" in PAGE
    for status in GONE_STATUSES:
        assert str(status) in PAGE
    for name in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (REFERENCE / name).exists(), name
