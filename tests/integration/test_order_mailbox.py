"""The contact point's mailbox, read over IMAP from a real server: Debian's dovecot-imapd."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mail_server import mail_server, put, signed_in
from order_world import OrderWorld, fields, mail, make_order_world
from vigie.flows import order_mailbox
from vigie.foundation.clock import now
from vigie.foundation.settings import SettingInvalid, Settings, current
from vigie.orders.models import Order, OrderIntake

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def mailbox() -> Iterator[str]:
    """A mailbox on loopback; its address."""
    with mail_server() as url:
        yield url


@pytest.fixture
def world() -> OrderWorld:
    return make_order_world()


def settings(url: str) -> Settings:
    """Settings with this mailbox."""
    return replace(current(), orders_imap_url=url)


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
    with signed_in(mailbox) as server:
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
