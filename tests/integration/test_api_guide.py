"""The examples of docs/reference/api.md are run, and answer what the guide says that they answer."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inside import inside
from pictures import as_bytes, picture
from running import RunningVigie
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.people.models import User
from vigie.people.service import add_token
from vigie.platforms.models import Platform
from vigie.platforms.service import add_platform

GUIDE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"
BLOCK = re.compile(r"^```(sh|json)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SERVICE_SCOPES = ["content:write", "match:read"]

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


@pytest.fixture
def environment(running_vigie: RunningVigie, tmp_path: Path) -> dict[str, str]:
    """What the guide supposes: a platform with a token, two people with theirs, and a photograph."""
    with inside(running_vigie):
        if not Platform.objects.filter(name="forum").exists():
            add_platform(name="forum", title="Forum", url="", actor=COMMAND_LINE, settings=current())
        _, forum = add_token(name="forum", scopes=SERVICE_SCOPES, platform="forum", actor=COMMAND_LINE)
        anna, ben = own_token("anna", "reviewer"), own_token("ben", "senior_reviewer")
    (tmp_path / "photo.png").write_bytes(as_bytes(picture(77)))
    return {
        "PATH": os.environ["PATH"],
        "VIGIE": running_vigie.url,
        "FORUM_TOKEN": forum,
        "ANNA_TOKEN": anna,
        "BEN_TOKEN": ben,
    }


def own_token(name: str, role: str) -> str:
    """A person and a token that may all that the person may."""
    user, _ = User.objects.get_or_create(username=name, defaults={"role": role})
    rights = [right.value for right in user.rights]
    return add_token(name=name, scopes=rights, user=user, actor=COMMAND_LINE)[1]


@needs_curl
def test_the_examples_answer_what_the_guide_says(environment: dict[str, str], tmp_path: Path) -> None:
    blocks = BLOCK.findall(GUIDE.read_text(encoding="utf-8"))
    scripts = [text for kind, text in blocks if kind == "sh"]
    assert len(scripts) > 10
    # One shell for all, because later examples use variables of earlier ones; the token is known within a second.
    parts = ["set -e", "sleep 1"]
    for number, script in enumerate(scripts):
        parts.append(f"{{\n{script}}} > answer-{number}")
    done = subprocess.run(
        ["bash", "-c", "\n".join(parts)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    answers = [
        (tmp_path / f"answer-{number}").read_text()
        for number in range(len(scripts))
        if (tmp_path / f"answer-{number}").exists()
    ]
    assert done.returncode == 0, (done.stderr, answers[-1:])
    compared = 0
    for number, said in said_after(blocks):
        found = json.loads(answers[number])
        assert like(found, said), f"the guide says:\n{said}\nVigie answers:\n{found}"
        compared += 1
    assert compared > 7


def said_after(blocks: list[tuple[str, str]]) -> Iterator[tuple[int, Any]]:
    """What the guide says that a script answers, by the number of the script."""
    number = -1
    for kind, text in blocks:
        if kind == "sh":
            number += 1
        else:
            yield number, json.loads(text)


def like(found: Any, said: Any) -> bool:
    """Whether two answers have the same fields, words and truths; numbers, hashes, times and ids may differ."""
    if isinstance(said, dict):
        return (
            isinstance(found, dict)
            and set(found) == set(said)
            and all(like(found[one], said[one]) for one in said)
        )
    if isinstance(said, list):
        return isinstance(found, list) and len(found) == len(said) and all(map(like, found, said))
    if isinstance(said, str) and re.search(r"\d", said):
        return isinstance(found, str) and bool(found)
    if isinstance(said, int) and not isinstance(said, bool):
        return isinstance(found, int) and not isinstance(found, bool)
    return bool(found == said)
