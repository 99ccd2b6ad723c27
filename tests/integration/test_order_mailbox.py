"""The contact point's mailbox, read over IMAP from a real server: Debian's dovecot-imapd."""

import getpass
import grp
import imaplib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from loopback import closed_port
from order_world import OrderWorld, fields, mail, make_order_world
from vigie.flows import order_mailbox
from vigie.foundation.clock import monotonic_s, now
from vigie.foundation.settings import SettingInvalid, Settings, current
from vigie.orders.models import Order, OrderIntake

DOVECOT = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
READY_S_MAX = 60.0

pytestmark = pytest.mark.usefixtures("database")

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


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[str]:
    """A mailbox on loopback; its address."""
    if DOVECOT is None:
        pytest.skip("Debian's dovecot-imapd is not installed")
    # Short, because the sockets are under it.
    folder = Path(os.path.realpath(f"/tmp/vd{os.getpid()}"))
    folder.mkdir()
    for name in ("run", "state", "mail", "home"):
        (folder / name).mkdir()
    is_root = os.geteuid() == 0
    # Dovecot serves nobody as root; whoever is root lends the mailbox to an account without rights.
    user, group = (
        ("nobody", "nogroup") if is_root else (getpass.getuser(), grp.getgrgid(os.getegid()).gr_name)
    )
    if is_root:
        for name in ("mail", "home"):
            shutil.chown(folder / name, user, group)
    port = closed_port()
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
    folder.chmod(0o755)
    server = subprocess.Popen(
        [DOVECOT, "-F", "-c", os.fspath(configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port, server, folder)
        yield f"imap://orders:quiet-harbour@127.0.0.1:{port}/INBOX"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def world() -> OrderWorld:
    return make_order_world()


def settings(url: str) -> Settings:
    """Settings with this mailbox."""
    return replace(current(), orders_imap_url=url)


def put(url: str, raw: bytes, received_at: datetime) -> None:
    """The mail server receives a mail."""
    with _signed_in(url) as server:
        state, _ = server.append(
            "INBOX", "", imaplib.Time2Internaldate(received_at), raw.replace(b"\n", b"\r\n")
        )
        assert state == "OK"


def poll(url: str) -> int:
    """Vigie looks into the mailbox."""
    return order_mailbox.poll(settings=settings(url), clock=now)


def test_orders_come_by_mail_and_count_from_when_the_server_received_them(
    mailbox: str, world: OrderWorld
) -> None:
    received_at = (now() - timedelta(minutes=25)).replace(microsecond=0)
    put(mailbox, mail(fields()), received_at)
    assert poll(mailbox) == 1
    order = Order.objects.get()
    assert order.received_at == received_at
    assert order.unread == {}
    assert order.deadlines.get(kind="removal").due_at == received_at + timedelta(hours=1)
    # Nothing new: nothing is taken twice, and the message lies where it was, unread.
    assert poll(mailbox) == 0
    with _signed_in(mailbox) as server:
        server.select("INBOX", readonly=True)
        assert server.search(None, "UNSEEN")[1] == [b"1"]


def test_what_cannot_be_read_is_taken_in_too_and_does_not_stop_what_comes_after(
    mailbox: str, world: OrderWorld
) -> None:
    put(mailbox, b"\x00\xff\xfe no mail at all", datetime(2026, 11, 25, 2, 0, tzinfo=UTC))
    put(mailbox, mail(fields()), datetime(2026, 11, 25, 2, 1, tzinfo=UTC))
    assert poll(mailbox) == 2
    assert sorted(OrderIntake.objects.values_list("state", flat=True)) == ["quarantined", "taken"]
    put(mailbox, mail(fields()), datetime(2026, 11, 25, 2, 2, tzinfo=UTC))
    assert poll(mailbox) == 1
    assert OrderIntake.objects.filter(state="repeat").count() == 1


def test_a_wrong_password_or_a_server_that_is_away_is_no_crash(mailbox: str, world: OrderWorld) -> None:
    assert poll(mailbox.replace("quiet-harbour", "wrong")) == 0
    assert poll("imap://orders:x@127.0.0.1:1/INBOX") == 0
    assert poll(mailbox.replace("/INBOX", "/no-such")) == 0
    with pytest.raises(SettingInvalid):
        poll("https://mail.example/")


def _signed_in(url: str) -> imaplib.IMAP4:
    port = int(url.rpartition(":")[2].partition("/")[0])
    server = imaplib.IMAP4("127.0.0.1", port, timeout=30)
    server.login("orders", "quiet-harbour")
    return server


def _wait(port: int, server: "subprocess.Popen[bytes]", folder: Path) -> None:
    until_s = monotonic_s() + READY_S_MAX
    while True:
        try:
            _signed_in(f"imap://x@127.0.0.1:{port}/").logout()
        except (OSError, imaplib.IMAP4.error):
            log = (folder / "log").read_text() if (folder / "log").exists() else ""
            assert server.poll() is None, log
            assert monotonic_s() < until_s, log
            time.sleep(0.1)
        else:
            return
