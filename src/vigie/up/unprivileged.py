"""The system account that the embedded database runs under when Vigie is started by root.

PostgreSQL refuses to run as root. The account gets the right to pass through folders on the way to its own, and
no other.
"""

import errno
import os
import pwd
import shutil
import stat
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from vigie.up.errors import CannotStart

ACCOUNT_NAME = "vigie"

_ACL = "system.posix_acl_access"
_ACL_VERSION = 2
_OWNER, _USER, _GROUP_OF_FILE, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
_PASS = 0o1


@dataclass(frozen=True, slots=True)
class Account:
    """A system account by numbers."""

    name: str
    uid: int
    gid: int


def account_for(folder: Path) -> Account | None:
    """Who runs the database in `folder`: its owner if it exists, else the account `vigie`, made at need.

    None when this process is not root: then it runs the database itself.
    """
    if os.geteuid() != 0:
        return None
    if folder.exists() and folder.stat().st_uid != 0:
        return _account(pwd.getpwuid(folder.stat().st_uid))
    try:
        return _account(pwd.getpwnam(ACCOUNT_NAME))
    except KeyError:
        return _make_account()


class RunAs(TypedDict):
    """What `subprocess` takes to change account."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


def run_as(account: Account | None) -> RunAs:
    """Arguments that start a process under `account` and in no other group; None leaves it as it is."""
    if account is None:
        return {"user": None, "group": None, "extra_groups": None}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def give(folder: Path, account: Account | None) -> None:
    """Make `account` the owner of a folder that only the owner may enter."""
    folder.chmod(0o700)
    if account is not None:
        os.chown(folder, account.uid, account.gid)


def let_pass(folder: Path, account: Account | None) -> None:
    """Let `account` pass through `folder` and every folder above it, and neither list nor read them."""
    if account is None:
        return
    for one in (folder, *folder.parents):
        if not _passes(one, account):
            _grant_passage(one, account)


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _make_account() -> Account:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    hint = "Start Vigie as an ordinary user, or set VIGIE_DATABASE_URL to a PostgreSQL 15 or later."
    if useradd is None:
        raise CannotStart(
            f"The embedded database cannot run as root, and the account {ACCOUNT_NAME} cannot be made.",
            hint=hint,
        )
    made = subprocess.run(
        [
            useradd,
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            ACCOUNT_NAME,
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    try:
        return _account(pwd.getpwnam(ACCOUNT_NAME))
    except KeyError as error:
        raise CannotStart(
            f"The account {ACCOUNT_NAME} for the embedded database could not be made: {made.stderr.strip()}.",
            hint=hint,
        ) from error


def _passes(folder: Path, account: Account) -> bool:
    state = folder.stat()
    if state.st_uid == account.uid:
        return bool(state.st_mode & stat.S_IXUSR)
    if state.st_mode & stat.S_IXOTH:
        return True
    entries = _read_acl(folder)
    # The mask bounds every named entry; a later chmod of the folder narrows it.
    named = any(tag == _USER and owner == account.uid and allowed & _PASS for tag, allowed, owner in entries)
    return named and all(allowed & _PASS for tag, allowed, _ in entries if tag == _MASK)


def _grant_passage(folder: Path, account: Account) -> None:
    """By an access control list for this one account; where the file system has none, for everybody."""
    try:
        _write_acl(folder, account)
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.EPERM, errno.ENOSYS, errno.EINVAL):
            raise
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IXOTH)


def _read_acl(folder: Path) -> list[tuple[int, int, int]]:
    """Entries (tag, permissions, id); empty when there is no list. Source: acl(5), linux/posix_acl_xattr.h."""
    try:
        raw = os.getxattr(folder, _ACL)
    except OSError:
        return []
    return list(struct.iter_unpack("<HHI", raw[4:]))


def _write_acl(folder: Path, account: Account) -> None:
    mode = stat.S_IMODE(folder.stat().st_mode)
    nobody = 0xFFFFFFFF
    entries = _read_acl(folder) or [
        (_OWNER, mode >> 6 & 7, nobody),
        (_GROUP_OF_FILE, mode >> 3 & 7, nobody),
        (_OTHER, mode & 7, nobody),
    ]
    mask = next((permissions for tag, permissions, _ in entries if tag == _MASK), mode >> 3 & 7)
    kept = [one for one in entries if one[0] != _MASK and (one[0], one[2]) != (_USER, account.uid)]
    kept += [(_USER, _PASS, account.uid), (_MASK, mask | _PASS, nobody)]
    packed = b"".join(struct.pack("<HHI", *one) for one in sorted(kept, key=lambda one: (one[0], one[2])))
    os.setxattr(folder, _ACL, struct.pack("<I", _ACL_VERSION) + packed)
