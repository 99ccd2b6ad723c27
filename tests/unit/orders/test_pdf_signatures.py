"""Signatures in PDFs: they hold over the bytes that they cover, and count only for an order that stands in that PDF."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from order_world import NIGHT, fields, mail
from vigie.foundation.settings import Settings
from vigie.orders.form_pdf import fields_pdf
from vigie.orders.forms import read_order
from vigie.orders.intake import understand
from vigie.orders.pdf_signatures import check_pdf_signature

ROOM = 16_384
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def certificate_of(key: Key) -> x509.Certificate:
    """A certificate that nobody vouches for."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Example Prefecture of Lutèce")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )


def order_pdf(reference: str = "REF-1") -> bytes:
    """A valid Annex I with its fields attached."""
    order = fields(reference)
    return fields_pdf(
        read_order(order).order.to_json(), json.dumps(order).encode(), made_at=NIGHT, language="en"
    )


def signed(pdf: bytes, key: Key, *, pss: bool = False) -> tuple[bytes, str]:
    """The PDF with a signature over all of it (ISO 32000 12.8), added as its last object; and the fingerprint."""
    certificate = certificate_of(key)
    hole = b"<" + b"0" * ROOM + b">"
    ranges = b"/ByteRange [0 %010d %010d %010d]"
    head = (
        pdf
        + b"\n9999 0 obj\n<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached "
        + (ranges % (0, 0, 0) + b" /Contents ")
    )
    tail = b">>\nendobj\n" + pdf[max(0, pdf.rfind(b"startxref")) :] + b"\n"
    whole = head + hole + tail
    filled = ranges % (len(head), len(head) + len(hole), len(tail))
    whole = whole.replace(ranges % (0, 0, 0), filled)
    covered = whole[: len(head)] + whole[len(head) + len(hole) :]
    made = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(covered)
        .add_signer(
            certificate,
            key,
            hashes.SHA256(),
            rsa_padding=padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
            if pss
            else None,
        )
        .sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
    )
    contents = b"<" + made.hex().encode().ljust(ROOM, b"0") + b">"
    return whole.replace(hole, contents), certificate.fingerprint(hashes.SHA256()).hex()


@pytest.fixture(scope="module")
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "authorities.yaml"
    path.write_text(
        "provenance: {source: a test, checked_on: 2026-11-25}\n"
        "authorities:\n"
        "- {key: lutece, name: Example Prefecture of Lutèce, member_state: FR, competences: [issue],"
        " domains: [prefecture.example], certificates: []}\n"
    )
    return path


def settings(register: Path, fingerprint: str = "") -> Settings:
    """Settings with that register; the certificate with this fingerprint is listed."""
    if fingerprint:
        register.write_text(
            register.read_text().replace("certificates: []", f"certificates: ['{fingerprint}']")
        )
    return replace(Settings(), orders_authorities_file=str(register))


def attached(*pdfs: bytes, form: bytes = b"") -> bytes:
    """A mail of the authority with these files."""
    files = [(f"{place}.pdf", "application/pdf", one) for place, one in enumerate(pdfs)]
    if form:
        files.append(("order.json", "application/json", form))
    return mail(attachments=tuple(files))


def test_a_signature_over_the_whole_pdf_holds_for_each_kind_of_key(key: ec.EllipticCurvePrivateKey) -> None:
    by_rsa = rsa.generate_private_key(65_537, 2_048)
    for one, pss in ((key, False), (by_rsa, False), (by_rsa, True)):
        pdf, fingerprint = signed(order_pdf(), one, pss=pss)
        found = check_pdf_signature(pdf)
        assert (found.state, found.fingerprint) == ("valid", fingerprint)
        assert "Lutèce" in found.subject


def test_one_changed_byte_anywhere_breaks_it(key: ec.EllipticCurvePrivateKey) -> None:
    pdf, fingerprint = signed(order_pdf(), key)
    hole = re.search(rb"<[0-9a-f]{%d}>" % ROOM, pdf)
    assert hole is not None
    for place in (10, len(pdf) // 3, hole.start() - 30, hole.start() + 600, len(pdf) - 12):
        changed = bytearray(pdf)
        changed[place] ^= 1
        found = check_pdf_signature(bytes(changed))
        # What stands in the certificate is no longer the certificate of the register.
        assert found.state in ("invalid", "none") or found.fingerprint != fingerprint, place


def test_what_is_added_after_signing_is_seen(key: ec.EllipticCurvePrivateKey) -> None:
    pdf, _ = signed(order_pdf(), key)
    assert check_pdf_signature(pdf + b"\n4 0 obj<<>>endobj\n%%EOF").state == "not_whole"
    twice, fingerprint = signed(pdf, key)
    assert (check_pdf_signature(twice).state, check_pdf_signature(twice).fingerprint) == (
        "valid",
        fingerprint,
    )


def test_nothing_but_the_signature_may_be_left_out(key: ec.EllipticCurvePrivateKey) -> None:
    pdf, _ = signed(order_pdf(), key)
    hidden = pdf.replace(b"/Contents <", b"/Contents <(http://elsewhere.example)")
    assert check_pdf_signature(hidden).state == "invalid"


@pytest.mark.parametrize(
    "numbers",
    ["0 1 2 3", "0 99999999 999999999 1", "5 5 5 5", "0 0 0 0", "0 10 5 20"],
)
def test_ranges_that_are_none_are_invalid_and_no_range_is_no_signature(numbers: str) -> None:
    assert check_pdf_signature(f"%PDF-1.7 /ByteRange [{numbers}] ".encode() * 40).state == "invalid"
    assert check_pdf_signature(order_pdf()).state == "none"
    assert check_pdf_signature(b"").state == "none"


def test_a_signed_pdf_of_the_register_verifies_its_mail(
    key: ec.EllipticCurvePrivateKey, register: Path
) -> None:
    pdf, fingerprint = signed(order_pdf(), key)
    check = understand(attached(pdf), settings=settings(register)).check
    assert (check.verdict, check.signature, check.signed) == ("doubtful", "valid", "pdf")
    assert "pdf_signer_not_listed" in check.notes
    check = understand(attached(pdf), settings=settings(register, fingerprint)).check
    assert (check.verdict, check.signer_listed, check.notes) == ("verified", True, ())


def test_a_signed_pdf_that_was_changed_contradicts(key: ec.EllipticCurvePrivateKey, register: Path) -> None:
    pdf, fingerprint = signed(order_pdf(), key)
    check = understand(
        attached(pdf.replace(b"/PPKLite", b"/PPKLate").replace(b"Adobe.PPKLite", b"Adobe.PPKLate")),
        settings=settings(register, fingerprint),
    ).check
    assert (check.verdict, check.signature) == ("contradicted", "invalid")
    assert "pdf_signature_invalid" in check.notes


def test_a_genuine_signed_pdf_beside_a_forged_order_proves_nothing(
    key: ec.EllipticCurvePrivateKey, register: Path
) -> None:
    pdf, fingerprint = signed(order_pdf(), key)
    known = settings(register, fingerprint)
    forged = json.dumps(fields("REF-2", urls=["http://forum.example/p/other"])).encode()
    for raw in (attached(pdf, form=forged), attached(pdf, order_pdf("REF-2"))):
        assert understand(raw, settings=known).check.verdict != "verified"
    empty, _ = signed(b"%PDF-1.7\n%%EOF", key)
    text = "Reference number of the removal order: R-9\nIssuing authority: Example Prefecture of Lutèce\nURL: http://a.example/"
    beside = mail(text=text, attachments=(("a.pdf", "application/pdf", empty),))
    assert understand(beside, settings=known).check.verdict != "verified"


def test_a_signed_pdf_that_comes_as_a_file_is_checked_alike(
    key: ec.EllipticCurvePrivateKey, register: Path
) -> None:
    pdf, fingerprint = signed(order_pdf(), key)
    assert understand(order_pdf(), settings=settings(register)).check.verdict == "unknown"
    assert understand(pdf, settings=settings(register)).check.verdict == "doubtful"
    assert understand(pdf, settings=settings(register, fingerprint)).check.verdict == "verified"
    changed = pdf.replace(b"Adobe.PPKLite", b"Adobe.PPKLate")
    assert understand(changed, settings=settings(register)).check.verdict == "contradicted"
