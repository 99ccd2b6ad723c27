"""What goes out by mail is what our own reader takes in, signed; what comes back by mail is read; failures are seen."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from issuing_world import MORNING, URL, IssuingWorld, again, make_issuing_world
from loopback import LoopbackServer, answer
from order_world import OrderWorld, make_order_world
from smtp_server import Mailbox
from vigie.flows import issuing as flow
from vigie.flows import issuing_watch
from vigie.foundation.clock import now
from vigie.foundation.mail import Attachment, OutgoingMail, send_mail
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import SettingInvalid
from vigie.issuing import providers, sending
from vigie.issuing.answers import AnswerUnreadable, read_answer
from vigie.issuing.models import Letter, Provider
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import OutboxMessage
from vigie.ledger.outbox import Refused, Taken
from vigie.orders.form_pdf import answer_json, answer_pdf
from vigie.orders.intake import understand
from vigie.orders.mail_parts import take_apart

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world(tmp_path: Path, smtp: tuple[Mailbox, str]) -> IssuingWorld:
    return make_issuing_world(tmp_path, smtp_url=smtp[1])


def signing(folder: Path) -> dict[str, str]:
    """Settings with a key and a certificate made for the test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "duty@prefecture.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    return {
        "mail_signing_key_file": str(folder / "key.pem"),
        "mail_signing_certificate_file": str(folder / "certificate.pem"),
        "fingerprint": certificate.fingerprint(hashes.SHA256()).hex(),
    }


def test_an_order_and_its_copy_go_out_and_our_own_reader_takes_the_order(
    world: IssuingWorld, smtp: tuple[Mailbox, str]
) -> None:
    order = world.issued(do_not_inform=True, withheld_weeks=2, withheld_reason="Arrests are planned.")
    assert all(isinstance(one, Taken) for one in world.post())
    to_forum, to_home = sorted(smtp[0].taken, key=lambda one: b"Copy of a removal order" in one)
    read = understand(to_forum, settings=world.settings)
    assert (read.read.unread, read.kind) == ({}, "json")
    assert read.read.order.to_json() == again(order).fields
    assert take_apart(to_home).subject == f"Copy of a removal order, Article 4(1): {order.reference}"
    assert "You must not inform the content provider until 2026-12-09 09:00 UTC" in take_apart(to_forum).text
    names = {one.name for one in take_apart(to_forum).files}
    assert names == {"removal-order.pdf", "removal-order.json"}
    order = again(order)
    # Taken by a mail server is sent, and not received.
    assert (order.stage, order.home, order.due_at) == ("sent", "copy_sent", None)


def test_a_signed_order_is_verified_by_the_platform(
    world: IssuingWorld, smtp: tuple[Mailbox, str], tmp_path: Path
) -> None:
    made = signing(tmp_path)
    fingerprint = made.pop("fingerprint")
    world.settings = replace(world.settings, **made)  # type: ignore[arg-type]
    world.issued()
    world.post()
    register = tmp_path / "register.yaml"
    register.write_text(
        "provenance: {source: a test, checked_on: 2026-11-25}\n"
        "authorities:\n"
        "- {key: lutece, name: Example Prefecture of Lutèce, member_state: FR, competences: [issue],"
        f" domains: [prefecture.example], certificates: ['{fingerprint}']}}\n"
    )
    settings = replace(world.settings, orders_authorities_file=str(register))
    raw = next(one for one in smtp[0].taken if b"Subject: Removal order" in one)
    check = understand(raw, settings=settings).check
    assert (check.signature, check.signer_listed, check.verdict) == ("valid", True, "verified")
    changed = raw.replace(b"within one hour", b"within two days").replace(
        b"Within one hour", b"Within two days"
    )
    assert changed != raw
    assert understand(changed, settings=settings).check.signature == "invalid"


def test_every_kind_of_mail_can_be_signed(
    world: IssuingWorld, smtp: tuple[Mailbox, str], tmp_path: Path
) -> None:
    made = signing(tmp_path)
    made.pop("fingerprint")
    settings = replace(world.settings, **made)  # type: ignore[arg-type]
    for text, files in (("Réponse à l’été\n", ()), ("x\n" * 3, (Attachment("a.bin", "a/b", b"\0\r\n\xff"),))):
        send_mail(OutgoingMail("k", "a@b.example", "Été", text, files), settings=settings)
        taken = take_apart(smtp[0].taken[-1])
        assert taken.text.replace("\r\n", "\n").rstrip() == text.rstrip()
        assert understand(smtp[0].taken[-1], settings=settings).check.signature == "valid"
    with pytest.raises(SettingInvalid):
        send_mail(
            OutgoingMail("k", "a@b.example", "x", "x"),
            settings=replace(settings, mail_signing_key_file=str(tmp_path / "none.pem")),
        )


def test_a_mail_server_that_is_away_is_tried_again_within_the_minute(
    world: IssuingWorld, smtp: tuple[Mailbox, str]
) -> None:
    smtp[0].answer = "451 later"
    order = world.issued()
    assert all(isinstance(one, Refused) and one.retry_at is not None for one in world.post())
    due = OutboxMessage.objects.filter(topic="issuing.letter").values_list("next_attempt_at", flat=True)
    assert all(one <= now() + timedelta(seconds=61) for one in due)
    assert again(order).stage == "issued"


def test_information_counts_from_when_the_providers_server_took_it(
    world: IssuingWorld, smtp: tuple[Mailbox, str]
) -> None:
    sending.inform_provider("forum", user=world.ana, at=MORNING, settings=world.settings)
    assert Provider.objects.get().informed_at is None
    world.post()
    assert Provider.objects.get().informed_at is not None
    assert "at least twelve hours" in " ".join(take_apart(smtp[0].taken[0]).text.split())


def test_annex_two_of_a_vigie_is_read_as_mail_as_pdf_and_as_text(
    world: IssuingWorld, smtp: tuple[Mailbox, str]
) -> None:
    platform = make_order_world()
    form = annex_two(platform, world)
    for raw in (form["json"], form["pdf"], form["mail"], form["bare"]):
        read = read_answer(raw)
        assert (read.kind, read.measure, read.reference) == (
            "annex_ii",
            "removed",
            form["reference"].decode(),
        )
    order = world.received()
    at = MORNING + timedelta(hours=12)
    with pytest.raises(AnswerUnreadable):
        flow.take_file(order.number, b"Thank you.", user=world.ana, at=at, settings=world.settings)
    done = flow.take_file(order.number, form["mail"], user=world.ana, at=at, settings=world.settings)
    assert (done.stage, done.answers.get().kind) == ("done", "annex_ii")
    flow.take_file(order.number, form["mail"], user=world.ana, at=at, settings=world.settings)
    assert again(order).answers.count() == 1


def annex_two(platform: OrderWorld, world: IssuingWorld) -> dict[str, bytes]:
    """An Annex II as a platform's Vigie makes it about our first order, in every way that it can come."""
    reference = "2026/RO-000001"
    received = platform.order(reference, received_at=MORNING + timedelta(minutes=2), urls=[URL])
    platform.step(received, "executed_by_hand", done_at=MORNING + timedelta(minutes=20), minutes=20)
    made = received.answers.get()
    pdf = answer_pdf(made, language="fr")
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        writer.add_page(page)
    writer.write(out)
    mail = (
        b"From: orders@forum.example\nTo: duty@prefecture.example\nSubject: Annex II\nMIME-Version: 1.0\n"
        b"Content-Type: application/json; name=annex-ii.json\n\n" + answer_json(made)
    )
    return {
        "reference": reference.encode(),
        "json": answer_json(made),
        "pdf": pdf,
        "mail": mail,
        "bare": out.getvalue(),
    }


def test_an_annex_in_xml_is_read_and_one_that_says_two_things_is_not() -> None:
    xml = (
        "<?xml version='1.0'?><annex-ii><authority-reference>2026/RO-000001</authority-reference>"
        "<measure>removed</measure><measure-at>2026-11-25T10:20:00+01:00</measure-at></annex-ii>"
    )
    read = read_answer(xml.encode())
    assert (read.kind, read.reference, read.measure) == ("annex_ii", "2026/RO-000001", "removed")
    assert read.measure_at == MORNING + timedelta(minutes=20)
    other = "<f:form xmlns:f='urn:x'><f:ground>force_majeure</f:ground></f:form>"
    assert (read_answer(other.encode()).kind, read_answer(other.encode()).ground) == (
        "annex_iii",
        "force_majeure",
    )
    for bad in (
        xml.replace("<measure>", "<measure>disabled</measure><measure>"),
        xml.replace("<measure>", "<ground>force_majeure</ground><measure>"),
        xml.replace("<annex-ii>", "<!DOCTYPE a [<!ENTITY b 'removed'>]><annex-ii>"),
        xml.replace("</annex-ii>", ""),
    ):
        with pytest.raises(AnswerUnreadable):
            read_answer(bad.encode())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"measure": "moved"}, "measure"),
        ({"measure_at": "yesterday"}, "measure_at"),
        ({"measure_at": "2026-11-25T10:00:00"}, "measure_at"),
        ({"authority_reference": "x" * 501}, "authority_reference"),
    ],
)
def test_an_answer_that_cannot_be_taken_says_why(changes: dict[str, str], field: str) -> None:
    form = {"form": "annex_ii", "measure": "removed", "measure_at": "2026-11-25T10:00:00Z", **changes}
    with pytest.raises(AnswerUnreadable, match=field):
        read_answer(json.dumps(form).encode())


def by_api(world: IssuingWorld, server: LoopbackServer) -> None:
    """Orders to the forum go to the API of this server."""
    providers.change_provider(
        "forum",
        {"channel": "api", "api_url": server.url, "token": "vgt_secret"},
        actor=COMMAND_LINE,
        settings=world.settings,
    )


@pytest.mark.parametrize(
    ("status", "body", "dead"),
    [
        (422, b"{}", True),
        (403, b"{}", True),
        (503, b"{}", False),
        (201, b"[]", False),
        (201, b"<html>", False),
    ],
)
def test_a_provider_that_does_not_take_the_order_is_seen(
    world: IssuingWorld, status: int, body: bytes, dead: bool
) -> None:
    server = LoopbackServer(answer(status, body))
    by_api(world, server)
    order = world.issued()
    world.post(allowed=frozenset({"127.0.0.1"}))
    server.close()
    message = OutboxMessage.objects.get(receiver="provider:forum")
    assert message.state == ("dead" if dead else "pending")
    assert again(order).stage == "issued"
    assert b"Authorization: Bearer vgt_secret" in server.requests[0]
    assert Letter.objects.filter(sent_at=None, kind="order").exists()


def test_an_api_at_a_private_address_is_not_reached_unless_it_is_allowed(world: IssuingWorld) -> None:
    server = LoopbackServer(answer(201, b"{}"))
    by_api(world, server)
    world.issued()
    world.post()
    server.close()
    assert server.requests == []


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b'{"answer": 7}',
        b'{"answer": {"form": {"form": "annex_ix"}}}',
        b"\xff",
        b'{"answer": null}',
    ],
)
def test_nonsense_from_a_providers_api_changes_nothing(world: IssuingWorld, body: bytes) -> None:
    server = LoopbackServer(answer(200, body))
    by_api(world, server)
    order = world.received()
    before = now() - timedelta(hours=1)
    order.remote_number, order.next_poll_at = "O-000001", before
    order.save()
    door = OutboundDoor(allowed_hosts=frozenset({"127.0.0.1"}))
    assert issuing_watch.poll_answers(door=door, settings=world.settings) == 1
    server.close()
    found = again(order)
    assert (found.stage, found.answers.count()) == ("received", 0)
    assert found.next_poll_at is not None
    assert found.next_poll_at > before
