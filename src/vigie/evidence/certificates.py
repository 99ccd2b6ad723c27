"""Certificates of deletion: made and signed in the transaction that destroys the keys, kept for good.

A certificate names references and digests, never content.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from vigie.evidence.models import DeletionCertificate, EvidenceItem, EvidenceRequest, PreservedItem
from vigie.evidence.proofs import CERTIFICATE_FORMAT, certificate_bytes, fingerprint
from vigie.foundation.canonical import canonical_json
from vigie.foundation.clock import utc_text
from vigie.foundation.errors import NotFound
from vigie.foundation.settings import Settings
from vigie.ledger.checkpoints import signing_key


def make_certificate(
    item: PreservedItem, sealed: Sequence[EvidenceItem], *, at: datetime, settings: Settings
) -> DeletionCertificate:
    """Sign that these sealed things of `item` are deleted as of `at`, inside the caller's transaction."""
    key = signing_key(settings)
    body = canonical_json(_body(item, sealed, at)).decode()
    return DeletionCertificate.objects.create(
        item=item,
        body=body,
        public_key=key.public_key().public_bytes_raw(),
        signature=key.sign(certificate_bytes(body.encode())),
        made_at=at,
    )


def certificate_of(item: PreservedItem) -> DeletionCertificate:
    """The certificate of a deleted item; raises NotFound while it is not deleted."""
    found = DeletionCertificate.objects.filter(item=item).select_related("item").first()
    if found is None:
        raise NotFound("This evidence is not deleted, so there is no certificate.")
    return found


def certificate_json(certificate: DeletionCertificate) -> bytes:
    """The certificate with its signature, as a file that `vigie evidence verify` reads."""
    public = bytes(certificate.public_key)
    shown = {
        "certificate": json.loads(certificate.body),
        "public_key": public.hex(),
        "fingerprint": fingerprint(public),
        "signature": bytes(certificate.signature).hex(),
    }
    return (json.dumps(shown, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _body(item: PreservedItem, sealed: Sequence[EvidenceItem], at: datetime) -> dict[str, Any]:
    extensions = item.requests.filter(
        kind=EvidenceRequest.Kind.EXTENSION, state=EvidenceRequest.State.GRANTED
    ).order_by("id")
    return {
        "format": CERTIFICATE_FORMAT,
        "item": item.number,
        "subject": item.subject,
        "ground": item.ground,
        "began_at": _text(item.began_at),
        "kept_until": _text(item.until),
        "extensions": [
            {"authority": one.authority, "reference": one.reference, "until": _text(one.until)}
            for one in extensions
        ],
        "deleted_at": utc_text(at),
        "why": "the time to keep it was over and nothing needed it",
        "how": "the key of each item was destroyed; without it the sealed bytes cannot be read",
        "items": [
            {
                "reference": one.reference,
                "kind": one.kind,
                "media_type": one.media_type,
                "byte_count": one.byte_count,
                "sha256": bytes(one.sha256).hex(),
                "sealed_at": utc_text(one.sealed_at),
            }
            for one in sealed
        ],
    }


def _text(instant: datetime | None) -> str:
    return utc_text(instant) if instant else ""
