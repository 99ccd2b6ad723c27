# ruff: noqa: E501 - hostile bytes are shown as they are
"""Damaged and hostile mails and PDFs: none crashes anything, none is lost."""

import base64
import json
import random
import zlib
from collections.abc import Iterator

import pytest

from order_world import NIGHT, OrderWorld, fields, mail, make_order_world
from vigie.evidence.service import read_item
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import LedgerEntry
from vigie.orders.form_pdf import fields_pdf
from vigie.orders.forms import read_order
from vigie.orders.models import Order, OrderIntake

pytestmark = pytest.mark.usefixtures("database")

PLAIN = mail(fields(), text="See attachment.")
HEAD = b"From: a@prefecture.example\nTo: b@forum.example\nSubject: Order\nMIME-Version: 1.0\n"


def nested(depth: int) -> bytes:
    """A mail in a mail in a mail."""
    inner = b"From: a@b.example\nMIME-Version: 1.0\n"
    body = b"text"
    for level in range(depth):
        boundary = b"b%d" % level
        body = b'Content-Type: multipart/mixed; boundary="%s"\n\n--%s\n%s\n--%s--\n' % (
            boundary,
            boundary,
            body if level else b"Content-Type: text/plain\n\nx",
            boundary,
        )
    return inner + body


def pdf_of(stream: bytes, *, extra: bytes = b"") -> bytes:
    """A small PDF with one compressed stream as its page."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R" + extra + b">>endobj\n"
        b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n"
        % len(stream)
        + stream
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def with_pdf(data: bytes) -> bytes:
    """A mail of an unknown sender with this PDF."""
    return mail(sender="a@elsewhere.example", attachments=(("order.pdf", "application/pdf", data),))


def mails() -> Iterator[tuple[str, bytes]]:
    """Mails that are damaged or want to do harm."""
    yield "empty", b""
    yield "one byte", b"\x00"
    yield "only zeros", b"\x00" * 10_000
    yield "only line ends", b"\r\n" * 10_000
    yield "nested 9", nested(9)
    yield "nested 200", nested(200)
    yield "nested 3000", nested(3_000)
    yield (
        "500 parts",
        HEAD + b'Content-Type: multipart/mixed; boundary="x"\n\n' + b"--x\n\nhello\n" * 500 + b"--x--\n",
    )
    yield (
        "no end of parts",
        HEAD + b'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: application/json\n\n{',
    )
    yield "no boundary", HEAD + b"Content-Type: multipart/mixed\n\n--x\n\nhello\n--x--\n"
    yield "wrong charset", HEAD + b"Content-Type: text/plain; charset=no-such\n\nR\xe9f\xe9rence: \xff\xfe\n"
    yield "charset that runs", HEAD + b"Content-Type: text/plain; charset=rot13\n\nhello\n"
    yield "charset of zip", HEAD + b"Content-Type: text/plain; charset=zip\n\nhello\n"
    yield "utf-7", HEAD + b"Content-Type: text/plain; charset=utf-7\n\n+ADw-script+AD4-\n"
    yield "charset of idna", HEAD + b"Content-Type: text/plain; charset=idna\n\n" + b"a." * 5_000
    yield (
        "base64 that is none",
        HEAD + b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!!!\xff===\n",
    )
    yield (
        "unknown encoding",
        HEAD + b"Content-Type: text/plain\nContent-Transfer-Encoding: uuencode\n\nbegin 644 x\n\xff\nend\n",
    )
    yield "long header", b"From: " + b"a" * 200_000 + b"@b.example\nSubject: x\n\nhello"
    yield "many headers", b"From: a@b.example\n" + b"X-A: b\n" * 20_000 + b"\nhello"
    yield "folded header", b"From: a@b.example\nSubject: x\n" + b" y\n" * 20_000 + b"\nhello"
    yield "header bytes", b"From: \xff\xfe\x00@b.example\nSubject: =?utf-8?q?=ff=fe?=\n\nhello"
    yield "encoded word", b"From: =?no-such?b?AAAA?= <a@b.example>\nSubject: =?utf-8?b?!!!?=\n\nhello"
    yield "two senders", b"From: a@b.example\nFrom: c@d.example\nSubject: x\n\nhello"
    yield (
        "bad date",
        b"From: a@b.example\nReceived: from x; Thu, 99 Foo 99999 99:99:99 +9999\nDate: \xff\n\nhello",
    )
    yield (
        "file name",
        HEAD
        + b"Content-Type: application/json; name*=no-such''%ff%00\nContent-Disposition: attachment; filename*0*=utf-8''%; filename*9=x\n\n{}",
    )
    yield "path as name", mail(fields("R-path"), attachments=(("../../etc/passwd", "text/plain", b"x"),))
    yield (
        "json of depth",
        mail(attachments=(("a.json", "application/json", b"[" * 100_000),), sender="a@e.example"),
    )
    yield (
        "json of numbers",
        mail(
            attachments=(("a.json", "application/json", b'{"reference": ' + b"9" * 100_000 + b"}"),),
            sender="a@e.example",
        ),
    )
    yield (
        "json of surrogates",
        mail(
            attachments=(
                (
                    "a.json",
                    "application/json",
                    b'{"reference": "\\ud800", "authority": "a", "urls": ["http://a.example/\\udfff"]}',
                ),
            ),
            sender="a@e.example",
        ),
    )
    yield (
        "json with zeros",
        mail(
            attachments=(("a.json", "application/json", b'{"reference": "a\\u0000b"}'),), sender="a@e.example"
        ),
    )
    yield (
        "json NaN",
        mail(attachments=(("a.json", "application/json", b'{"reference": NaN}'),), sender="a@e.example"),
    )
    yield (
        "xml bomb",
        mail(
            attachments=(
                (
                    "a.xml",
                    "application/xml",
                    b'<!DOCTYPE a [<!ENTITY x "xx">]><a>' + b"&x;" * 1_000 + b"</a>",
                ),
            ),
            sender="a@e.example",
        ),
    )
    yield (
        "xml depth",
        mail(attachments=(("a.xml", "application/xml", b"<a>" * 100_000),), sender="a@e.example"),
    )
    yield (
        "xml in utf-16",
        mail(
            attachments=(("a.xml", "application/xml", "<a><reference>R</reference></a>".encode("utf-16")),),
            sender="a@e.example",
        ),
    )
    yield (
        "html only",
        HEAD + b"Content-Type: text/html\n\n<script>alert(1)</script><img src=http://evil.example/>",
    )
    yield (
        "bad signature",
        HEAD
        + b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary="x"\n\n--x\n\nhello\n--x\nContent-Type: application/pkcs7-signature\n\n'
        + base64.b64encode(b"\x30\x82\xff\xff" * 100)
        + b"\n--x--\n",
    )
    yield (
        "signature of nothing",
        HEAD
        + b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary="("\n\n--(\n\n--(--\n',
    )
    yield "results", mail(fields("R-results"), headers=(("Authentication-Results", ";" * 500),))
    yield "attached mail", HEAD + b"Content-Type: message/rfc822\n\n" + PLAIN
    yield "truncated", PLAIN[: len(PLAIN) // 2]
    yield "zip", with_pdf(b"PK\x03\x04" + b"\x00" * 1_000)


def pdfs() -> Iterator[tuple[str, bytes]]:
    """PDFs that are damaged or want to do harm."""
    good = fields_pdf(
        read_order(fields("R-pdf")).order.to_json(),
        b"{}",
        made_at=NIGHT,
        language="en",
    )
    yield "pdf: only its name", b"%PDF-1.7"
    yield "pdf: truncated", good[: len(good) // 2]
    yield "pdf: bomb", pdf_of(zlib.compress(b"\x00" * 300_000_000, 9))
    twice = zlib.compress(zlib.compress(b"(a) Tj " * 20_000_000, 9), 9)
    yield "pdf: bomb in a bomb", pdf_of(twice).replace(b"/FlateDecode", b"[/FlateDecode/FlateDecode]")
    yield (
        "pdf: pages in a ring",
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9>>endobj\ntrailer<</Root 1 0 R>>",
    )
    yield "pdf: script", pdf_of(zlib.compress(b"BT ET"), extra=b"/AA<</O<</S/JavaScript/JS(app.alert(1))>>>>")
    yield "pdf: endless arrays", b"%PDF-1.7\n1 0 obj" + b"[" * 200_000
    yield (
        "pdf: xref to itself",
        b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f\ntrailer<</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF",
    )
    generator = random.Random(7)
    for place in range(4):
        damaged = bytearray(good)
        for _ in range(60):
            damaged[generator.randrange(len(damaged))] = generator.randrange(256)
        yield f"pdf: damaged {place}", bytes(damaged)


def scrambled() -> Iterator[tuple[str, bytes]]:
    """A good mail with bytes changed, lost and doubled, the same every time."""
    generator = random.Random(11)
    for place in range(20):
        damaged = bytearray(PLAIN)
        for _ in range(40):
            at = generator.randrange(len(damaged))
            match generator.randrange(3):
                case 0:
                    damaged[at] = generator.randrange(256)
                case 1:
                    del damaged[at : at + generator.randrange(20)]
                case _:
                    damaged[at:at] = damaged[at : at + 30]
        yield f"scrambled {place}", bytes(damaged)


@pytest.fixture
def world() -> OrderWorld:
    return make_order_world()


def test_none_crashes_and_none_is_lost(world: OrderWorld) -> None:
    hostile = [*mails(), *((name, with_pdf(data)) for name, data in pdfs()), *scrambled()]
    assert len(hostile) >= 60
    for name, raw in hostile:
        intake = world.receive(raw)
        # Kept whole, and either an order or in quarantine with a reason that a person can see.
        assert intake.evidence, name
        if intake.order_id is None:
            assert (intake.state, bool(intake.problem)) == ("quarantined", True), name
            assert intake.problem != "reader_failed", name
    assert OrderIntake.objects.count() == len(hostile)
    _, kept = read_item(
        OrderIntake.objects.earliest("id").evidence, purpose="a test", actor=COMMAND_LINE, settings=current()
    )
    assert kept == hostile[0][1]
    assert LedgerEntry.objects.filter(event="orders.intake_stored.v1").count() == len(hostile)


def test_what_comes_after_hostile_mails_is_read_as_before(world: OrderWorld) -> None:
    for _, raw in list(mails())[:10]:
        world.receive(raw)
    order = world.receive(PLAIN).order
    assert order is not None
    assert Order.objects.get(reference="REF-1").unread == {}
    assert json.loads(json.dumps(order.fields)) == order.fields
