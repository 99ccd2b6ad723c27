# ruff: noqa: E501 - hostile bytes are shown as they are
"""Two hundred damaged and hostile mails and PDFs, the same ones every time: made of valid samples and a seed."""

import base64
import io
import random
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pypdf

import order_world
from order_world import NIGHT, fields
from vigie.orders.form_pdf import fields_pdf
from vigie.orders.forms import read_order


def mail(*arguments: Any, **changes: Any) -> bytes:
    """A mail as `order_world` writes it, with the same line between its parts every time."""
    raw = order_world.mail(*arguments, **changes)
    return re.sub(rb"={15}\d+==", b"=" * 15 + b"7" * 19 + b"==", raw)


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


def good_pdf() -> bytes:
    """A valid Annex I, without its fields attached, so that its text is read."""
    return fields_pdf(
        read_order(fields("R-pdf")).order.to_json(),
        b"{}",
        made_at=NIGHT,
        language="en",
    )


def pdfs() -> Iterator[tuple[str, bytes]]:
    """PDFs that are damaged or want to do harm."""
    good = good_pdf()
    yield "pdf: only its name", b"%PDF-1.7"
    yield "pdf: truncated", good[: len(good) // 2]
    yield "pdf: bomb", pdf_of(zlib.compress(b"\x00" * 100_000_000, 9))
    twice = zlib.compress(zlib.compress(b"(a) Tj " * 5_000_000, 9), 9)
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
    yield "pdf: 10,000 pages", pdf_of_pages(10_000)
    yield "pdf: a page that is its own content", pdf_of(b"").replace(b"/Contents 4 0 R", b"/Contents 3 0 R")
    for locked_for, algorithm in (("reader", "RC4-40"), ("reader", "RC4-128"), ("", "RC4-128")):
        yield f"pdf: encrypted {algorithm} {locked_for}", encrypted(good, locked_for, algorithm)
    inner = good
    for depth in range(1, 5):
        inner = carrying(inner)
        yield f"pdf: in a pdf, {depth} deep", inner
    for share in range(1, 8):
        yield f"pdf: truncated at {share}/8", good[: len(good) * share // 8]
    for place in (20, len(good) // 2, len(good) - 40):
        yield f"pdf: zeros at {place}", good[:place] + b"\0" * 500 + good[place:]
    generator = random.Random(7)
    for place in range(10):
        damaged = bytearray(good)
        for _ in range(60):
            damaged[generator.randrange(len(damaged))] = generator.randrange(256)
        yield f"pdf: damaged {place}", bytes(damaged)


def scrambled() -> Iterator[tuple[str, bytes]]:
    """A good mail with bytes changed, lost and doubled, the same every time."""
    generator = random.Random(11)
    for place in range(40):
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


def pdf_of_pages(count: int) -> bytes:
    """Many pages that are all the same one."""
    kids = b"3 0 R " * count
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids["
        + kids
        + b"]/Count %d>>endobj\n" % count
        + b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def encrypted(data: bytes, password: str, algorithm: str) -> bytes:
    """A PDF under a password; under an empty one everybody opens it."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(password, owner_password="owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def carrying(data: bytes) -> bytes:
    """A PDF with another one attached."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(9, 9)
    writer.add_attachment("order.pdf", data)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def zipped(size: int) -> bytes:
    """A small archive that grows to `size` bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("order.json", (2026, 11, 25, 0, 0, 0))
        archive.writestr(entry, b" " * size, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def letters_in_letters() -> Iterator[tuple[str, bytes]]:
    """Nesting of every kind around a good order."""
    inner = PLAIN
    for depth in range(1, 13):
        inner = HEAD + b"Content-Type: message/rfc822\n\n" + inner
        yield f"mail in mail {depth}", inner
    for depth in (2, 5, 7, 8, 30, 1_000):
        yield f"nested {depth}", nested(depth)
    for count in (21, 99, 101, 2_000):
        parts = b"".join(
            b"--x\nContent-Type: application/json; name=%d.json\n\n{}\n" % place for place in range(count)
        )
        yield f"{count} files", HEAD + b'Content-Type: multipart/mixed; boundary="x"\n\n' + parts + b"--x--\n"


def lies_about_letters() -> Iterator[tuple[str, bytes]]:
    """Text in other charsets and encodings than it says."""
    text = "Reference number of the removal order: R-é\nIssuing authority: Amt\nURL: http://a.example/"
    for charset in (
        "ascii", "utf-16", "utf-32", "utf-8-sig", "utf-7", "punycode", "idna", "unicode_escape",
        "raw_unicode_escape", "hex", "bz2", "base64", "mbcs", "undefined", "shift_jis", "big5", "iso2022_jp",
        "\xff", "utf-8; charset=ascii", "a" * 5_000,
    ):  # fmt: skip
        yield (
            f"charset {charset[:20]!r}",
            HEAD
            + b"Content-Type: text/plain; charset="
            + charset.encode("latin-1")
            + b"\n\n"
            + text.encode(),
        )
    for encoding in ("base64", "quoted-printable", "x-uuencode", "8bit", "binary", "7bit", "gzip", ""):
        head = HEAD + b"Content-Type: text/plain\nContent-Transfer-Encoding: " + encoding.encode()
        yield f"encoding {encoding}", head + b"\n\n=FF=\n=\xff==\x00" + text.encode("utf-16")


def floods() -> Iterator[tuple[str, bytes]]:
    """Headers without end, and zeros anywhere."""
    for name in (
        "From",
        "To",
        "Received",
        "Subject",
        "Content-Type",
        "Authentication-Results",
        "DKIM-Signature",
    ):
        yield f"flood of {name}", HEAD + b"%s: a; b=c\n" % name.encode() * 3_000 + b"\nhello"
    yield "parameters", HEAD + b"Content-Type: text/plain" + b'; a="b"' * 5_000 + b"\n\nhello"
    yield (
        "continued parameters",
        HEAD
        + b"Content-Type: text/plain"
        + b"".join(b"; name*%d=a" % place for place in range(2_000))
        + b"\n\nhello",
    )
    yield "comments", HEAD + b"X: " + b"(" * 20_000 + b"\nTo: " + b"(" * 20_000 + b"\n\nhello"
    generator = random.Random(23)
    for count in (1, 10, 1_000):
        raw = bytearray(PLAIN)
        for _ in range(count):
            raw[generator.randrange(len(raw))] = 0
        yield f"{count} zeros", bytes(raw)
    for size in (1_000_000, 50_000_000):
        yield f"archive of {size}", mail(attachments=(("order.zip", "application/zip", zipped(size)),))


def cut() -> Iterator[tuple[str, bytes]]:
    """A good mail that ends early, or has one bit turned."""
    for share in range(1, 20):
        yield f"cut at {share}/20", PLAIN[: len(PLAIN) * share // 20]
    generator = random.Random(31)
    for place in range(30):
        raw = bytearray(PLAIN)
        raw[generator.randrange(len(raw))] ^= 1 << generator.randrange(8)
        yield f"bit {place}", bytes(raw)


@lru_cache(maxsize=1)
def hostile() -> list[tuple[str, bytes]]:
    """All of them, each with its name."""
    return [
        *mails(),
        *((name, with_pdf(data)) for name, data in pdfs()),
        *scrambled(),
        *letters_in_letters(),
        *lies_about_letters(),
        *floods(),
        *cut(),
    ]
