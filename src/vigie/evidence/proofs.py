"""What the ledger's key signs about evidence: manifests of packages and certificates of deletion. Pure.

Each has a heading of its own, so that no signature can be passed off as one of another kind.
"""

import hashlib

PACKAGE_FORMAT = "vigie-evidence-package-v1"
CERTIFICATE_FORMAT = "vigie-deletion-certificate-v1"


def manifest_bytes(manifest: bytes) -> bytes:
    """What is signed of a package: its manifest, byte for byte."""
    return f"{PACKAGE_FORMAT}\n".encode() + manifest


def certificate_bytes(body: bytes) -> bytes:
    """What is signed of a certificate: its canonical JSON."""
    return f"{CERTIFICATE_FORMAT}\n".encode() + body


def fingerprint(public_key: bytes) -> str:
    """The SHA-256 of a public key in groups of four, as people read it to each other."""
    text = hashlib.sha256(public_key).hexdigest()[:32]
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
