"""Commands that take files read regular files alone: none waits at a named pipe, none reads a device without end."""

import os
from pathlib import Path

import pytest

from command_line import done, run
from domain import make_domain
from pictures import as_bytes, picture
from vigie.banks.models import Entry
from vigie.foundation.settings import current

PIPE = "It is a named pipe and is not read."
pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A picture, a named pipe that nobody writes to, a link to a device that never ends."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "heron.png").write_bytes(as_bytes(picture(1)))
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    return tmp_path


@pytest.mark.usefixtures("files")
def test_hash_answers_for_each_and_waits_for_none() -> None:
    result = run("hash", "pipe", "zero", "heron.png", "--json")
    assert result.exit_code == 1
    assert PIPE in result.stdout
    assert "It is a device and is not read." in result.stdout
    assert "pdq_quality" in result.stdout


@pytest.mark.usefixtures("database", "files")
def test_bank_add_match_and_missed_wait_for_none() -> None:
    make_domain()
    added = run("bank", "add", "grey-heron", "pipe", "zero", "heron.png", "--source", "unit A", "--json")
    assert added.exit_code == 1
    assert added.stdout.count("'pipe' is neither a file nor a hash") == 1
    entry = Entry.objects.get()
    assert done("match", "heron.png")["items"][0]["matches"]
    assert "'zero' is neither a file nor a hash" in run("match", "zero").output
    assert PIPE in run("missed", "pipe", entry.number).output


@pytest.mark.usefixtures("files")
def test_a_file_over_the_limit_is_refused_and_not_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_MEDIUM_BYTES_MAX", "1000")
    current.cache_clear()
    with Path("long.png").open("wb") as file:
        file.write(as_bytes(picture(1)))
        file.truncate(20_000_000_000)
    result = run("hash", "long.png", "--json")
    assert (result.exit_code, "too_many_bytes" in result.stdout) == (1, True)


@pytest.mark.usefixtures("database", "files")
@pytest.mark.parametrize(
    "command",
    [
        ("bank", "import", "grey-heron", "{}", "--source", "unit A"),
        ("policy", "check", "{}"),
        ("policy", "activate", "{}"),
        ("issuing", "provider", "import", "{}"),
        ("evidence", "verify", "{}"),
        ("evidence", "verify", "heron.png", "--public-key", "{}"),
        ("evidence", "verify", "heron.png", "--passphrase-file", "{}"),
        ("restore", "{}", "--check"),
        ("report", "profile", "set", "tco_identify", "--file", "{}"),
    ],
    ids=" ".join,
)
def test_no_command_waits_at_a_named_pipe_or_reads_a_device(command: tuple[str, ...]) -> None:
    make_domain()
    for name in ("pipe", "zero"):
        result = run(*(one.format(name) for one in command))
        assert result.exit_code == 1, result.output
        assert "is not read" in result.output
