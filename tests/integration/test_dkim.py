"""DKIM signatures checked by Vigie itself: mails signed here, keys from a real DNS server on loopback."""

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from dns_server import Zone, dns_server
from loopback import closed_port
from order_world import OrderWorld, again, fields, mail, make_order_world
from vigie.foundation.clock import now
from vigie.foundation.dns import DnsDoor, DnsUnanswered
from vigie.foundation.settings import SettingInvalid, Settings, current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import LedgerEntry
from vigie.orders import dkim_check
from vigie.orders.dkim_check import Dkim, check_dkim
from vigie.orders.intake import take_in, understand
from vigie.orders.models import Order, OrderIntake
from vigie.orders.sender_again import check_again
from vigie.orders.senders import SenderCheck

KEY_NAME = "duty._domainkey.prefecture.example."
REGISTER = (
    "provenance: {source: a test, checked_on: 2026-11-25}\n"
    "authorities:\n"
    "- {key: lutece, name: Example Prefecture of Lutèce, member_state: FR, competences: [issue],"
    " domains: [prefecture.example], certificates: []}\n"
)


class Signing:
    """A key pair."""

    def __init__(self, bits: int = 1_024) -> None:
        key = rsa.generate_private_key(public_exponent=65_537, key_size=bits)
        self.pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.record = f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


KEY = Signing()


def signed(
    raw: bytes | None = None, *, domain: bytes = b"prefecture.example", whole: bool = True, key: Signing = KEY
) -> bytes:
    """A mail with a signature of this domain; `whole` or with the length of its body (`l=`)."""
    raw = (raw or mail(fields())).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return dkim.sign(raw, b"duty", domain, key.pem, length=not whole) + raw  # type: ignore[no-any-return]


def signed_until(until_s: int) -> bytes:
    """A mail whose signature says `x=` until when it holds; signed by hand, as the library sets no end."""
    raw = mail(fields()).replace(b"\n", b"\r\n")
    signer = dkim.DKIM(raw)
    gen_header = signer.gen_header

    def with_end(given: list[tuple[bytes, bytes]], *rest: object, **named: object) -> bytes:
        end = (b"x", str(until_s).encode())
        made: bytes = gen_header([one for one in given if one[0] != b"t"] + [end], *rest, **named)
        return made

    signer.gen_header = with_end
    return signer.sign(b"duty", b"prefecture.example", KEY.pem) + raw  # type: ignore[no-any-return]


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Zone]:
    """A DNS server that knows the key of the invented prefecture; a crowded machine has time to answer."""
    monkeypatch.setattr(dkim_check, "TIME_S_MAX", 60.0)
    with dns_server() as found:
        found.texts[KEY_NAME] = KEY.record
        yield found


@pytest.fixture
def settings(zone: Zone, tmp_path: Path) -> Settings:
    path = tmp_path / "authorities.yaml"
    path.write_text(REGISTER)
    return replace(current(), orders_authorities_file=str(path), dns_server=zone.server)


def found_out(raw: bytes, settings: Settings) -> SenderCheck:
    """What Vigie finds out about the sender."""
    return understand(raw, settings=settings).check


def test_a_signature_that_holds_verifies_a_sender_of_the_register(zone: Zone, settings: Settings) -> None:
    check = found_out(signed(), settings)
    assert (check.dkim, check.dkim_by, check.verdict) == ("pass", "own", "verified")
    assert (check.dkim_domain, check.dkim_selector) == ("prefecture.example", "duty")
    # The key is kept: once it is changed, nobody could look again.
    assert check.dkim_record == KEY.record
    assert zone.asked == [KEY_NAME]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (b"Removal order attached.", b"Removal order attached!", "body"),
        (b"From: Duty officer <duty@", b"From: Duty officer <other@", "signature"),
        (b"Subject: Removal order", b"Subject: Removal order 2", "signature"),
        (b"MIME-Version", b"From: Else <x@prefecture.example>\r\nMIME-Version", "signature"),
    ],
)
def test_what_was_altered_contradicts(
    zone: Zone, settings: Settings, before: bytes, after: bytes, reason: str
) -> None:
    raw = signed().replace(before, after, 1)
    assert after in raw
    found = check_dkim(
        raw,
        sender_domain="prefecture.example",
        records=lambda name, time_s_max: DnsDoor(zone.server).txt(name, time_s_max=time_s_max),
    )
    assert (found.state, found.reason) == ("fail", reason)
    # With two senders in its head a mail names none, and is not believed either way.
    assert found_out(raw, settings).verdict in ("contradicted", "doubtful")


def test_a_wrong_key_a_revoked_one_and_none_at_all_fail(zone: Zone, settings: Settings) -> None:
    raw = signed()
    for record, reason in ((Signing().record, "signature"), ("v=DKIM1; p=", "key_revoked"), (None, "no_key")):
        zone.texts.pop(KEY_NAME, None)
        if record is not None:
            zone.texts[KEY_NAME] = record
        check = found_out(raw, settings)
        assert (check.dkim, check.dkim_reason, check.verdict) == ("fail", reason, "contradicted")


def test_a_weak_key_and_one_for_tests_prove_nothing(zone: Zone, settings: Settings) -> None:
    zone.texts[KEY_NAME] = KEY.record.replace("v=DKIM1;", "v=DKIM1; t=y;")
    assert (found_out(signed(), settings).dkim, found_out(signed(), settings).verdict) == ("none", "doubtful")
    zone.texts[KEY_NAME] = KEY.record
    sha1 = re.sub(rb"a=rsa-sha256", b"a=rsa-sha1", signed(), count=1)
    assert (found_out(sha1, settings).dkim, found_out(sha1, settings).dkim_reason) == ("none", "algorithm")


def test_a_signature_that_expired_fails_and_one_that_did_not_holds(zone: Zone, settings: Settings) -> None:
    at_s = int(now().timestamp())
    fresh = found_out(signed_until(at_s + 86_400), settings)
    assert (fresh.dkim, fresh.dkim_reason) == ("pass", "")
    stale = found_out(signed_until(at_s - 10 * 86_400), settings)
    assert (stale.dkim, stale.dkim_reason) == ("fail", "expired")


def test_a_signature_of_a_part_of_the_body_proves_nothing(zone: Zone, settings: Settings) -> None:
    raw = signed(mail(None, text="Removal order."), whole=False)
    longer = raw + b"And remove this too: https://forum.example/p/2\r\n"
    # A library that keeps to the letter of `l=` takes what was added for signed.
    assert dkim.verify(longer, dnsfunc=lambda name, timeout=5: KEY.record.encode())
    for one in (raw, longer):
        check = found_out(one, settings)
        assert (check.dkim, check.dkim_reason) == ("none", "body_not_whole")
        assert "dkim_not_whole" in check.notes
        assert check.verdict == "doubtful"


def test_anothers_signature_says_nothing_and_its_dns_is_not_asked(zone: Zone, settings: Settings) -> None:
    check = found_out(signed(domain=b"elsewhere.example"), settings)
    assert (check.dkim, check.dkim_reason, check.verdict) == ("none", "of_other", "doubtful")
    assert zone.asked == []
    # One that holds counts, whichever stands beside it.
    both = found_out(signed(signed(), domain=b"elsewhere.example"), settings)
    assert (both.dkim, both.verdict) == ("pass", "verified")


def test_who_looks_is_set(zone: Zone, settings: Settings) -> None:
    told = "Authentication-Results", "mx.forum.example; dkim=fail header.d=prefecture.example"
    raw = signed(mail(fields(), headers=(told,)))
    by_server = replace(settings, orders_mail_server_id="mx.forum.example")
    auto = found_out(raw, by_server)
    assert (auto.dkim, auto.dkim_by) == ("fail", "server")
    assert zone.asked == []
    both = found_out(raw, replace(by_server, orders_dkim="always"))
    assert (both.dkim, both.dkim_by, "dkim_results_differ" in both.notes) == ("pass", "own", True)
    never = found_out(raw, replace(settings, orders_dkim="never"))
    assert (never.dkim, never.dkim_by) == ("unchecked", "")


@pytest.fixture
def world(database: str) -> OrderWorld:
    return make_order_world()


def received(raw: bytes, settings: Settings) -> Order:
    """The order that comes with this mail, so many minutes ago."""
    at = now()
    intake = take_in(
        raw,
        channel=OrderIntake.Channel.MAIL,
        received_at=at - timedelta(minutes=5),
        at=at,
        actor=COMMAND_LINE,
        settings=settings,
    )
    assert intake.order is not None
    return intake.order


def test_dns_that_is_dead_neither_refuses_an_order_nor_stops_its_hour(
    world: OrderWorld, zone: Zone, settings: Settings
) -> None:
    zone.mode = "servfail"
    order = received(signed(), settings)
    assert order.sender_check["dkim"] == "temporary"
    assert order.sender_check["verdict"] == "doubtful"
    assert order.unread == {}
    assert order.deadlines.get(kind="removal").due_at == order.received_at + timedelta(hours=1)
    assert check_again(at=now(), settings=settings) == 0
    # Once DNS answers, the sender is checked again; the clock knows nothing of it.
    zone.mode = "answers"
    assert check_again(at=now(), settings=settings) == 1
    assert check_again(at=now(), settings=settings) == 0
    checked = again(order)
    assert (checked.sender_check["dkim"], checked.sender_check["verdict"]) == ("pass", "verified")
    assert checked.clock_started_at == order.clock_started_at
    told = LedgerEntry.objects.filter(event="orders.sender_checked.v1").order_by("seq")
    assert [(one.facts["dkim"], bool(one.facts["key_sha256"])) for one in told] == [
        ("temporary", False),
        ("pass", True),
    ]


def test_a_resolver_that_is_silent_is_waited_for_once(zone: Zone) -> None:
    zone.mode = "silent"
    door = DnsDoor(zone.server)
    with pytest.raises(DnsUnanswered):
        door.txt(KEY_NAME, time_s_max=0.3)
    asked = len(zone.asked)
    with pytest.raises(DnsUnanswered):
        door.txt("other.example.", time_s_max=300)
    assert len(zone.asked) == asked
    with pytest.raises(DnsUnanswered):
        DnsDoor(f"127.0.0.1:{closed_port()}").txt(KEY_NAME, time_s_max=0.3)


@pytest.mark.parametrize("server", ["resolver.example", "127.0.0.1:0", "127.0.0.1:x", "[::1]:70000"])
def test_a_resolver_is_an_address(server: str) -> None:
    with pytest.raises(SettingInvalid):
        DnsDoor(server)


@pytest.mark.parametrize(
    "field",
    [
        b"DKIM-Signature: nonsense",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=prefecture.example; s=duty; h=from",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=prefecture.example; s=duty; h=from; bh=!; b=!",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=prefecture.example; s=../duty; h=from; bh=YQ==; b=YQ==",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=prefecture.example; s=duty; h=to; bh=YQ==; b=YQ==",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=example; s=duty; h=from; bh=YQ==; b=YQ==",
        b"DKIM-Signature: v=1;" + b" " * 500_000,
        b"DKIM-Signature: v=1; a=rsa-sha256; d=prefecture.example; s=duty; bh=YQ==; b=YQ==; h=from"
        + b":from" * 5_000,
    ],
)
def test_nonsense_for_a_signature_is_none_that_holds(field: bytes) -> None:
    raw = field + b"\r\n" + mail(fields()).replace(b"\n", b"\r\n")
    found = check_dkim(raw, sender_domain="prefecture.example", records=lambda *_: (KEY.record.encode(),))
    assert found.state in ("none", "fail")


def test_blanks_without_end_are_not_looked_at() -> None:
    raw = signed() + b" " * 1_000_000
    found = check_dkim(raw, sender_domain="prefecture.example", records=lambda *_: (KEY.record.encode(),))
    assert found == Dkim("none", reason="too_complex")
