"""Whether a signature holds, S/MIME of a mail or any other detached one, and whose certificate made it.

It trusts no authority of certificates: a signer is believed when its certificate stands in the register.
"""

import base64
import binascii
import email
import email.policy
import hashlib
import re
from dataclasses import dataclass

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

SIGNATURE_BYTES_MAX = 200_000
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


@dataclass(frozen=True, slots=True)
class Signed:
    """`state`: none, valid, or invalid. Fingerprint and subject of the certificate when it is valid."""

    state: str
    fingerprint: str = ""
    subject: str = ""


def check_signature(raw: bytes) -> Signed:
    """The S/MIME signature of a mail, detached (RFC 8551, `multipart/signed`)."""
    try:
        parts = _signed_parts(raw)
    except (ValueError, LookupError, RecursionError):
        return Signed("none")
    if parts is None:
        return Signed("none")
    content, signature = parts
    try:
        return verify(content, signature)
    except (ValueError, TypeError, KeyError, IndexError, InvalidSignature):
        return Signed("invalid")


def verify(content: bytes, signature: bytes) -> Signed:
    """A detached signature (CMS, RFC 5652) over these bytes; raises ValueError, InvalidSignature and others if not."""
    info = cms.ContentInfo.load(signature)
    if info["content_type"].native != "signed_data":
        raise ValueError("no signed data")
    signed = info["content"]
    (signer,) = signed["signer_infos"]
    algorithm = signer["digest_algorithm"]["algorithm"].native
    digest = hashlib.new(algorithm, content).digest() if algorithm in _HASHES else b""
    if not digest or _attribute(signer, "message_digest") != digest:
        raise ValueError("another content")
    certificate = _certificate_of(signed, signer)
    _check(certificate, signer, _HASHES[algorithm]())
    return Signed(
        "valid",
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        subject=certificate.subject.rfc4514_string()[:300],
    )


def _signed_parts(raw: bytes) -> tuple[bytes, bytes] | None:
    """The bytes that were signed, with the line ends of the standard, and the signature."""
    message = email.message_from_bytes(raw[:65_536], policy=email.policy.compat32)
    if message.get_content_type() != "multipart/signed":
        return None
    if "pkcs7" not in str(message.get_param("protocol", "")):
        return None
    boundary = str(message.get_boundary() or "")
    if not boundary:
        return None
    body = raw.replace(b"\r\n", b"\n")
    pieces = re.split(rb"\n--" + re.escape(boundary.encode()) + rb"(?:--)?[ \t]*(?=\n|$)", b"\n" + body)
    if len(pieces) < 3:
        return None
    content = pieces[1].removeprefix(b"\n").replace(b"\n", b"\r\n")
    encoded = pieces[2].partition(b"\n\n")[2]
    try:
        return content, base64.b64decode(b"".join(encoded.split())[:SIGNATURE_BYTES_MAX], validate=True)
    except binascii.Error:
        return content, b""


def _attribute(signer: cms.SignerInfo, name: str) -> object:
    for one in signer["signed_attrs"]:
        if one["type"].native == name:
            return one["values"][0].native
    return None


def _certificate_of(signed: cms.SignedData, signer: cms.SignerInfo) -> x509.Certificate:
    serial = signer["sid"].chosen["serial_number"].native
    for one in signed["certificates"]:
        found = x509.load_der_x509_certificate(one.chosen.dump())
        if found.serial_number == serial:
            return found
    raise ValueError("no certificate of the signer")


def _check(certificate: x509.Certificate, signer: cms.SignerInfo, digest: hashes.HashAlgorithm) -> None:
    signature, attributes = signer["signature"].native, signer["signed_attrs"].untag().dump()
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, attributes, _padding(signer["signature_algorithm"], digest), digest)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, attributes, ec.ECDSA(digest))
    else:
        raise TypeError("no key of a known kind")


def _padding(
    algorithm: cms.SignedDigestAlgorithm, digest: hashes.HashAlgorithm
) -> padding.PSS | padding.PKCS1v15:
    if algorithm["algorithm"].native != "rsassa_pss":
        return padding.PKCS1v15()
    return padding.PSS(padding.MGF1(digest), int(algorithm["parameters"]["salt_length"].native))
