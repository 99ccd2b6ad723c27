"""Orders by mail: read, checked against the register, never lost; answers and calls go out by a real server."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pypdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7

from order_world import NIGHT, URL, OrderWorld, again, fields, mail, make_order_world
from smtp_server import Mailbox
from vigie.flows import order_clock, order_post
from vigie.foundation.clock import now
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import Settings, current
from vigie.ledger.models import LedgerEntry
from vigie.ledger.outbox import Refused, Taken, claim_due, deliver
from vigie.orders.form_pdf import order_pdf
from vigie.orders.intake import understand
from vigie.orders.models import OrderIntake

pytestmark = pytest.mark.usefixtures("database")

PASSED = ("Authentication-Results", "mx.forum.example; dkim=pass header.d=prefecture.example; spf=pass")


@pytest.fixture
def world() -> OrderWorld:
    return make_order_world()


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A register whose authority is no example."""
    path = tmp_path / "authorities.yaml"
    path.write_text(
        "provenance: {source: a test, checked_on: 2026-11-25}\n"
        "authorities:\n"
        "- {key: lutece, name: Example Prefecture of Lutèce, member_state: FR, competences: [issue],"
        " domains: [prefecture.example], certificates: []}\n"
        "- {key: other, name: Other Office, member_state: DE, competences: [penalties],"
        " domains: [office.example], certificates: []}\n"
    )
    return path


def settings(register: Path, **changes: Any) -> Settings:
    """Settings with that register and one's own mail server."""
    return replace(
        current(),
        orders_authorities_file=str(register),
        orders_mail_server_id="mx.forum.example",
        **changes,
    )


def verdict(raw: bytes, register: Path) -> tuple[str, set[str]]:
    """What is found out about the sender."""
    check = understand(raw, settings=settings(register)).check
    return check.verdict, set(check.notes)


def test_a_mail_with_an_attached_form_is_an_order(world: OrderWorld) -> None:
    intake = world.receive(mail(fields()))
    assert (intake.state, intake.sender) == ("taken", "duty@prefecture.example")
    order = intake.order
    assert order is not None
    assert (order.unread, order.reference) == ({}, "REF-1")


def test_a_pdf_of_annex_one_is_read_from_its_attached_form(world: OrderWorld) -> None:
    order = world.order()
    pdf = order_pdf(order, language="fr")
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert json.loads(reader.attachments["annex-i.json"][0])["reference"] == "REF-1"
    read = understand(mail(attachments=(("order.pdf", "application/pdf", pdf),)), settings=current()).read
    assert read.unread == {}
    assert read.order.to_json() == order.fields


def test_a_pdf_without_an_attached_form_is_read_from_its_text(world: OrderWorld) -> None:
    order = world.order()
    writer = pypdf.PdfWriter()
    for page in pypdf.PdfReader(io.BytesIO(order_pdf(order, language="en"))).pages:
        writer.add_page(page)
    out = io.BytesIO()
    writer.write(out)
    assert not pypdf.PdfReader(io.BytesIO(out.getvalue())).attachments
    found = understand(out.getvalue(), settings=current())
    assert found.kind == "pdf"
    assert found.read.order.reference == "REF-1"
    assert found.read.order.urls == (URL,)
    assert found.read.order.legal_types == ("a",)
    assert found.read.unread == {}
    # What stands empty on the sheet stays empty; the number of the page is no field.
    assert found.read.order.to_json() == order.fields


def test_little_of_a_known_authority_is_still_an_order(world: OrderWorld) -> None:
    intake = world.receive(mail(text="Please see the letter that we faxed."))
    assert intake.order is not None
    assert set(intake.order.unread) >= {"reference", "urls", "do_not_inform"}
    assert intake.order.disclosure == "withheld"


def test_an_unknown_sender_with_nothing_readable_waits_for_a_person(world: OrderWorld) -> None:
    intake = world.receive(mail(sender="a@elsewhere.example", text="Hello."))
    assert (intake.order, intake.state, intake.problem) == (None, "quarantined", "nothing_readable")


def test_a_signed_mail_from_the_authoritys_domain_is_verified(register: Path) -> None:
    assert verdict(mail(fields(), headers=(PASSED,)), register) == ("verified", set())


def test_without_proof_it_is_doubtful(register: Path) -> None:
    assert verdict(mail(fields()), register) == ("doubtful", set())


def test_results_of_another_server_are_not_believed(register: Path) -> None:
    forged = ("Authentication-Results", "mx.evil.example; dkim=pass header.d=prefecture.example")
    assert verdict(mail(fields(), headers=(forged,)), register)[0] == "doubtful"


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        (mail(fields(), sender="duty@prefecture-example.example"), "domain_of_other"),
        (mail(fields(), sender="duty@office.example"), "other_authority"),
        (
            mail(fields(authority="Other Office", issuing_state="DE"), sender="a@office.example"),
            "may_not_issue",
        ),
        (
            mail(
                fields(),
                headers=(
                    ("Authentication-Results", "mx.forum.example; dkim=fail header.d=prefecture.example"),
                ),
            ),
            "dkim_failed",
        ),
    ],
)
def test_a_contradiction_is_named(raw: bytes, note: str, register: Path) -> None:
    found, notes = verdict(raw, register)
    assert found == "contradicted"
    assert note in notes


def test_an_answer_wanted_elsewhere_is_never_verified(register: Path) -> None:
    raw = mail(fields(email="answers@prefecture-mail.example"), headers=(PASSED,))
    assert verdict(raw, register) == ("doubtful", {"reply_elsewhere"})


def test_two_senders_are_none(register: Path) -> None:
    raw = mail(fields(), headers=(PASSED,)).replace(
        b"From: Duty officer <duty@prefecture.example>",
        b"From: Duty officer <duty@prefecture.example>, x <x@evil.example>",
    )
    found, notes = verdict(raw, register)
    assert found != "verified"
    assert "sender_unclear" in notes


def test_an_example_authority_is_never_verified() -> None:
    check = understand(
        mail(fields(), headers=(PASSED,)),
        settings=replace(current(), orders_mail_server_id="mx.forum.example"),
    ).check
    assert check.verdict == "doubtful"
    assert check.is_example


def signed(content: bytes, *, changed: bool = False) -> tuple[bytes, str]:
    """A mail signed with S/MIME, and the fingerprint of its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Example Prefecture of Lutèce")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    inner = EmailMessage()
    inner.set_content("Removal order attached.")
    inner.add_attachment(content, maintype="application", subtype="json", filename="order.json")
    made = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(inner.as_bytes().replace(b"\n", b"\r\n"))
        .add_signer(certificate, key, hashes.SHA256())
        .sign(serialization.Encoding.SMIME, [pkcs7.PKCS7Options.DetachedSignature])
    )
    head = b"From: duty@prefecture.example\nTo: orders@forum.example\nSubject: Order\n"
    raw = head + made.replace(b"\r\n", b"\n")
    if changed:
        raw = raw.replace(b"Removal order attached.", b"Removal order attached!")
    return raw, certificate.fingerprint(hashes.SHA256()).hex()


def test_an_smime_signature_of_the_register_verifies(register: Path) -> None:
    raw, fingerprint = signed(json.dumps(fields()).encode())
    check = understand(raw, settings=settings(register)).check
    assert (check.signature, check.signer_listed, check.verdict) == ("valid", False, "doubtful")
    register.write_text(
        register.read_text().replace("certificates: []", f"certificates: ['{fingerprint}']", 1)
    )
    check = understand(raw, settings=settings(register)).check
    assert (check.signature, check.signer_listed, check.verdict) == ("valid", True, "verified")


def test_a_changed_signed_mail_is_contradicted(register: Path) -> None:
    raw, _ = signed(json.dumps(fields()).encode(), changed=True)
    found, notes = verdict(raw, register)
    assert found == "contradicted"
    assert "signature_invalid" in notes


def sending(url: str) -> Settings:
    """Settings that send mail."""
    return replace(
        current(), smtp_url=url, provider_name="Example forum", provider_contact_email="orders@forum.example"
    )


def send_all(topic: str, configured: Settings) -> list[Taken | Refused]:
    """Deliver what is on its way."""
    door = OutboundDoor(allowed_hosts=frozenset())
    return [
        deliver(
            one,
            deliverer=lambda stored: order_post.deliver(stored, door=door, settings=configured),
            clock=now,
        )
        for one in claim_due(at=now() + timedelta(days=1), limit=50)
        if one.topic == topic
    ]


def test_annex_two_is_sent_by_mail_and_counts_as_sent_when_the_server_took_it(
    world: OrderWorld, smtp: tuple[Mailbox, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox, url = smtp
    monkeypatch.setenv("VIGIE_SMTP_URL", url)
    monkeypatch.setenv("VIGIE_PROVIDER_CONTACT_EMAIL", "orders@forum.example")
    current.cache_clear()
    order = world.order()
    world.step(order, "execute")
    order = world.platform_obeys(order)
    mailbox.answer = "451 later"
    (refused,) = send_all("orders.answer", current())
    assert isinstance(refused, Refused)
    assert refused.reason == "smtp_451"
    assert again(order).answer == "annex_ii_due"
    mailbox.answer = "250 OK"
    assert isinstance(send_all("orders.answer", current())[0], Taken)
    order = again(order)
    assert order.answer == "annex_ii_sent"
    assert order.answers.get().sent_by == "mail"
    text = mailbox.taken[0].decode()
    assert "To: duty@prefecture.example" in text
    assert "annex-ii" in text
    assert LedgerEntry.objects.filter(event="orders.answer_sent.v1", subject=f"order:{order.number}").exists()


def test_somebody_is_called_by_mail(world: OrderWorld, smtp: tuple[Mailbox, str]) -> None:
    mailbox, url = smtp
    configured = replace(sending(url), oncall_mails=("night@forum.example",))
    order = world.order()
    order_clock.sweep(at=NIGHT + timedelta(minutes=30), settings=configured)
    send_all("orders.alert", configured)
    (taken,) = mailbox.taken
    assert f"Removal order {order.number}: minute 30".encode() in taken
    assert URL.encode() not in taken


def test_a_message_of_the_mailbox_is_taken_once(world: OrderWorld) -> None:
    from vigie.ledger.actors import SYSTEM
    from vigie.orders.intake import take_in

    made = [
        take_in(
            mail(fields()),
            channel=OrderIntake.Channel.MAIL,
            received_at=NIGHT,
            at=NIGHT,
            actor=SYSTEM,
            settings=current(),
            mailbox_uid="mail.example/INBOX/1/7",
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert OrderIntake.objects.count() == 1
