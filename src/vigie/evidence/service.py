"""Sealing and reading evidence, each with its ledger entry.

Reading without a purpose is refused; the ledger entry is committed before the bytes are handed out.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from vigie.evidence.events import EvidenceRead, EvidenceSealed
from vigie.evidence.models import EvidenceItem
from vigie.evidence.sealing import KEY_BYTES, NONCE_BYTES, SealBroken, Sealed, seal, unseal
from vigie.foundation.blobs import open_blobs
from vigie.foundation.clock import now
from vigie.foundation.errors import Forbidden, Invalid, NotFound
from vigie.foundation.identifiers import new_bytes, new_uuid
from vigie.foundation.keys import KeyUnusable, key_from_file
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor

PURPOSE_CHARS_MIN = 4
PURPOSE_CHARS_MAX = 300


@dataclass(frozen=True, slots=True)
class ToSeal:
    """Bytes to be sealed, and what they are."""

    kind: EvidenceItem.Kind
    media_type: str
    data: bytes


class EvidenceDeleted(NotFound):
    """What was sealed is deleted; its certificate says when and why."""

    code = "evidence_deleted"


def blob_key(reference: str) -> str:
    """Under which key of the blob store the sealed bytes of a reference are."""
    return f"evidence/{reference[:2]}/{reference}"


def master_key(settings: Settings) -> bytes:
    """The key of keys: from the setting, else from the data folder. Raises KeyUnusable."""
    if not settings.evidence_key:
        return key_from_file(settings.keys_folder / "evidence.key")
    try:
        key = base64.b64decode(settings.evidence_key, validate=True)
    except binascii.Error as error:
        raise KeyUnusable("VIGIE_EVIDENCE_KEY is not base64.") from error
    if len(key) != KEY_BYTES:
        raise KeyUnusable("VIGIE_EVIDENCE_KEY must be 32 bytes in base64.")
    return key


def seal_items(
    parts: Sequence[ToSeal], *, subject: str, actor: Actor, settings: Settings
) -> list[EvidenceItem]:
    """Seal `parts`, in order, inside the caller's transaction.

    The blobs are written first: when the transaction fails they stay behind unread, and nothing names them.
    """
    if not parts:
        return []
    key, blobs, at = master_key(settings), open_blobs(settings), now()
    items = []
    for part in parts:
        reference = new_uuid()
        sealed = seal(
            part.data,
            master_key=key,
            item=reference,
            key=new_bytes(KEY_BYTES),
            nonces=(new_bytes(NONCE_BYTES), new_bytes(NONCE_BYTES)),
        )
        blobs.put(blob_key(reference), sealed.ciphertext)
        items.append(
            EvidenceItem(
                reference=reference,
                subject=subject,
                kind=part.kind,
                media_type=part.media_type,
                byte_count=len(part.data),
                sha256=hashlib.sha256(part.data).digest(),
                wrapped_key=sealed.wrapped_key,
                sealed_at=at,
            )
        )
    EvidenceItem.objects.bulk_create(items)
    ledger.append(
        EvidenceSealed(
            items=tuple(one.reference for one in items),
            sha256=tuple(bytes(one.sha256).hex() for one in items),
        ),
        actor=actor,
        subject=subject,
    )
    return items


def read_item(
    reference: str, *, purpose: str, actor: Actor, settings: Settings
) -> tuple[EvidenceItem, bytes]:
    """One item in clear; see `read_items`."""
    return read_items([reference], purpose=purpose, actor=actor, settings=settings)[0]


def read_items(
    references: Sequence[str], *, purpose: str, actor: Actor, settings: Settings
) -> list[tuple[EvidenceItem, bytes]]:
    """Items in clear, in the order asked; who reads and for what is in the ledger before this returns.

    Raises Invalid without a purpose, NotFound, SealBroken.
    """
    purpose = " ".join(purpose.split())
    if not PURPOSE_CHARS_MIN <= len(purpose) <= PURPOSE_CHARS_MAX:
        raise Invalid(
            "Reading evidence needs a purpose.", hint="Say in a few words what for.", code="purpose_missing"
        )
    items = [_item(reference) for reference in references]
    opened = [(item, open_item(item, settings)) for item in items]
    with transaction.atomic():
        for subject in dict.fromkeys(item.subject for item in items):
            read = tuple(item.reference for item in items if item.subject == subject)
            ledger.append(EvidenceRead(items=read, purpose=purpose), actor=actor, subject=subject)
    return opened


def read_preview(reference: str, *, settings: Settings) -> bytes:
    """A veiled preview, without a purpose. Raises Forbidden for anything that is no preview."""
    item = _item(reference)
    if item.kind != EvidenceItem.Kind.PREVIEW:
        raise Forbidden("Only previews are shown without a purpose.")
    return open_item(item, settings)


def _item(reference: str) -> EvidenceItem:
    item = EvidenceItem.objects.filter(pk=reference).first()
    if item is None:
        raise NotFound("There is no such evidence.")
    return item


def open_item(item: EvidenceItem, settings: Settings) -> bytes:
    """The bytes in clear, for a caller that has written who opens it, and why, to the ledger. Raises SealBroken."""
    if item.destroyed_at is not None:
        raise EvidenceDeleted(
            "This evidence was deleted: the time to keep it was over.",
            hint="Its certificate of deletion says what it was, and when it was deleted.",
        )
    data = unseal(
        Sealed(open_blobs(settings).get(blob_key(item.reference)), bytes(item.wrapped_key)),
        master_key=master_key(settings),
        item=item.reference,
    )
    if hashlib.sha256(data).digest() != bytes(item.sha256):
        raise SealBroken("Sealed evidence does not have the digest it was sealed with.")
    return data
