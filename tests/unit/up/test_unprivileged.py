"""The database's account reaches its own folder and nothing else."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from vigie.up.unprivileged import Account, account_for, give, let_pass

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the database as another account")

SOMEBODY = Account(name="somebody", uid=54_321, gid=54_321)
SOMEBODY_ELSE = Account(name="else", uid=54_322, gid=54_322)


def _as(account: Account, *command: str) -> bool:
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
    )
    return done.returncode == 0


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A private folder in a private folder."""
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    inner.parent.chmod(0o700)
    inner.chmod(0o700)
    (inner / "file").write_text("secret")
    return inner


def test_the_account_gets_through_to_its_own_folder(closed: Path) -> None:
    own = closed / "own"
    own.mkdir()
    give(own, SOMEBODY)
    assert not _as(SOMEBODY, "touch", f"{own}/made")
    let_pass(closed, SOMEBODY)
    assert _as(SOMEBODY, "touch", f"{own}/made")
    assert stat.S_IMODE(own.stat().st_mode) == 0o700


def test_passing_through_a_folder_is_not_listing_it(closed: Path) -> None:
    let_pass(closed, SOMEBODY)
    assert not _as(SOMEBODY, "ls", str(closed))


def test_nobody_else_gets_through(closed: Path) -> None:
    own = closed / "own"
    own.mkdir()
    own.chmod(0o777)
    let_pass(closed, SOMEBODY)
    assert _as(SOMEBODY, "ls", str(own))
    assert not _as(SOMEBODY_ELSE, "ls", str(own))


def test_letting_pass_twice_and_for_two_accounts_keeps_both(closed: Path) -> None:
    own = closed / "own"
    own.mkdir()
    own.chmod(0o777)
    for account in (SOMEBODY, SOMEBODY_ELSE, SOMEBODY):
        let_pass(closed, account)
    assert _as(SOMEBODY, "ls", str(own))
    assert _as(SOMEBODY_ELSE, "ls", str(own))


def test_an_existing_database_is_run_by_its_owner(tmp_path: Path) -> None:
    nobody = Path("/etc/passwd").read_text().split("nobody:x:")[1].split(":")[0]
    os.chown(tmp_path, int(nobody), -1)
    account = account_for(tmp_path)
    assert account is not None
    assert account.uid == int(nobody)


def test_a_folder_closed_again_by_chmod_is_opened_again(closed: Path) -> None:
    own = closed / "own"
    own.mkdir()
    own.chmod(0o777)
    let_pass(closed, SOMEBODY)
    closed.chmod(0o700)
    assert not _as(SOMEBODY, "ls", str(own))
    let_pass(closed, SOMEBODY)
    assert _as(SOMEBODY, "ls", str(own))
