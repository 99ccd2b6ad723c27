"""A real IMAP server on loopback for tests: Debian's dovecot-imapd with one mailbox."""

import getpass
import grp
import imaplib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from loopback import closed_port
from vigie.foundation.clock import monotonic_s, sleep_s

DOVECOT = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
READY_S_MAX = 60.0

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
mail_location = maildir:{folder}/mail
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
first_valid_uid = 0
first_valid_gid = 0
mail_uid = {user}
mail_gid = {user_group}
mail_access_groups =
passdb {{
  driver = static
  args = password=quiet-harbour
}}
userdb {{
  driver = static
  args = uid={user} gid={user_group} home={folder}/home
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  {chroot}
}}
service stats {{
  {chroot}
}}
"""


@contextmanager
def mail_server() -> Iterator[str]:
    """Runs while the block does; gives the address of the mailbox. Skips the test where Dovecot is missing."""
    if DOVECOT is None:
        pytest.skip("Debian's dovecot-imapd is not installed")
    # A short path, because sockets have to fit under it.
    with tempfile.TemporaryDirectory(prefix="vd", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), closed_port()
        configuration = _configure(folder, port)
        server = subprocess.Popen(
            [DOVECOT, "-F", "-c", os.fspath(configuration)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(port, server, folder)
            yield f"imap://orders:quiet-harbour@127.0.0.1:{port}/INBOX"
        finally:
            server.terminate()
            server.wait(30)


def put(url: str, raw: bytes, received_at: datetime) -> None:
    """The mail server receives a mail."""
    with signed_in(url) as server:
        told = imaplib.Time2Internaldate(received_at)
        state, _ = server.append("INBOX", "", told, raw.replace(b"\n", b"\r\n"))
        assert state == "OK"


def signed_in(url: str) -> imaplib.IMAP4:
    """The mailbox's owner at the server."""
    port = int(url.rpartition(":")[2].partition("/")[0])
    server = imaplib.IMAP4("127.0.0.1", port, timeout=30)
    server.login("orders", "quiet-harbour")
    return server


def _configure(folder: Path, port: int) -> Path:
    folder.chmod(0o755)
    for name in ("run", "state", "mail", "home"):
        (folder / name).mkdir()
    is_root = os.geteuid() == 0
    own_group = grp.getgrgid(os.getegid()).gr_name
    # Dovecot serves nobody as root; whoever is root lends the mailbox to an account without rights.
    user, group = ("nobody", "nogroup") if is_root else (getpass.getuser(), own_group)
    if is_root:
        for name in ("mail", "home"):
            shutil.chown(folder / name, user, group)
    configuration = folder / "dovecot.conf"
    configuration.write_text(
        CONFIGURATION.format(
            folder=folder,
            port=port,
            user=user,
            user_group=group,
            internal="dovecot" if is_root else user,
            login="dovenull" if is_root else user,
            group="dovecot" if is_root else group,
            chroot="" if is_root else "chroot =",
        )
    )
    return configuration


def _wait(port: int, server: "subprocess.Popen[bytes]", folder: Path) -> None:
    until_s = monotonic_s() + READY_S_MAX
    while True:
        try:
            with signed_in(f"imap://x@127.0.0.1:{port}/"):
                return
        except (OSError, imaplib.IMAP4.error):
            log = (folder / "log").read_text() if (folder / "log").exists() else ""
            assert server.poll() is None, log
            assert monotonic_s() < until_s, log
            sleep_s(0.1)
