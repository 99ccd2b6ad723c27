"""Writing a package of a preserved item: everything sealed of it, its ledger entries, and proofs that they are true.

It writes for the requester of a granted export, says so in the ledger before a byte leaves, and holds one sealed thing
in memory at a time.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from vigie.evidence import events
from vigie.evidence.models import EvidenceItem, EvidenceRequest
from vigie.evidence.package_check import (
    LEDGER_NAME,
    MANIFEST_NAME,
    README_NAME,
    ROWS_MAX,
    SIGNATURE_NAME,
    TREE_NAME,
)
from vigie.evidence.package_readme import readme_text
from vigie.evidence.package_seal import PREFIX_BYTES, SALT_BYTES, ByteSink, LockingWriter, check_passphrase
from vigie.evidence.proofs import PACKAGE_FORMAT, fingerprint, manifest_bytes
from vigie.evidence.requests import usable_request
from vigie.evidence.service import open_item
from vigie.foundation.canonical import canonical_json
from vigie.foundation.clock import utc_text
from vigie.foundation.errors import Conflict, TooLarge
from vigie.foundation.identifiers import new_bytes
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor, person
from vigie.ledger.checkpoints import sign_checkpoint, signing_key
from vigie.ledger.models import Checkpoint, LedgerEntry
from vigie.ledger.signed import tree_head_bytes
from vigie.ledger.tree import TreeBuilder
from vigie.people.models import User

FILES_MAX = 5_000
BYTES_MAX = 50 * 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Written:
    """What a package holds."""

    request: str
    files: int
    rows: int
    through: int
    encrypted: bool


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    kind: str
    media_type: str
    byte_count: int
    sha256: str

    def shown(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            "media_type": self.media_type,
            "byte_count": self.byte_count,
            "sha256": self.sha256,
        }


class _Zip:
    """A zip that is written from front to back; nothing in it is compressed, so that every size is known."""

    def __init__(self, out: Any, at: datetime) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True)
        self._date = at.astimezone(UTC).timetuple()[:6]
        self.files: list[_File] = []

    def add(self, name: str, pieces: Iterator[bytes], *, kind: str, media_type: str) -> None:
        """One file, in pieces."""
        info = zipfile.ZipInfo(name, date_time=self._date)
        digest, count = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as entry:
            for piece in pieces:
                entry.write(piece)
                digest.update(piece)
                count += len(piece)
        self.files.append(_File(name, kind, media_type, count, digest.hexdigest()))

    def close(self) -> None:
        """Write the list of files at its end."""
        self._zip.close()


def write_package(
    number: str,
    out: ByteSink,
    *,
    passphrase: str | None,
    related: Sequence[str],
    user: User,
    at: datetime,
    settings: Settings,
) -> Written:
    """Write the package of a granted export to `out`; locked to `passphrase`, in the clear for None.

    `related`: the subjects of the ledger that tell its story. Raises Forbidden, Conflict, TooLarge, SealBroken.
    """
    if passphrase is not None:
        check_passphrase(passphrase)
    request = usable_request(number, EvidenceRequest.Kind.EXPORT, user=user, at=at)
    sealed = _sealed_of(request)
    checkpoint = _say_so(request, len(sealed), passphrase is not None, user, settings)
    if passphrase is None:
        rows = _write(request, sealed, checkpoint, related, _Zip(_Counted(out), at), at, settings)
    else:
        salt, prefix = new_bytes(SALT_BYTES), new_bytes(PREFIX_BYTES)
        locking = LockingWriter(out, passphrase=passphrase, salt=salt, prefix=prefix)
        rows = _write(request, sealed, checkpoint, related, _Zip(locking, at), at, settings)
        locking.close()
    return Written(request.number, len(sealed), rows, checkpoint.through, passphrase is not None)


class _Counted:
    """A sink that cannot go back, so that the zip is written from front to back."""

    def __init__(self, out: ByteSink) -> None:
        self._out = out

    def write(self, data: bytes) -> int:
        self._out.write(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""


def _sealed_of(request: EvidenceRequest) -> list[EvidenceItem]:
    sealed = list(request.item.items.filter(destroyed_at=None).order_by("reference")[: FILES_MAX + 1])
    if not sealed:
        raise Conflict(
            "Nothing of this item is left to export.", hint="Its certificate says when it was deleted."
        )
    if len(sealed) > FILES_MAX or sum(one.byte_count for one in sealed) > BYTES_MAX:
        raise TooLarge(f"A package holds at most {FILES_MAX:,} files and {BYTES_MAX // 1024**3} GiB.")
    return sealed


def _say_so(
    request: EvidenceRequest, files: int, encrypted: bool, user: User, settings: Settings
) -> Checkpoint:
    """Write the export to the ledger, and sign the ledger with it; the export counts from here on."""
    actor: Actor = person(user.pk)
    with transaction.atomic():
        exported = events.EvidenceExported(
            item=request.item.number,
            request=request.number,
            files=files,
            encrypted=encrypted,
            purpose=request.purpose,
            legal_basis=request.legal_basis,
            authority=request.authority,
        )
        seq = ledger.append(exported, actor=actor, subject=request.item.subject)
    sign_checkpoint(settings, actor=actor)
    return Checkpoint.objects.filter(through__gte=seq).earliest("through")


def _write(
    request: EvidenceRequest,
    sealed: Sequence[EvidenceItem],
    checkpoint: Checkpoint,
    related: Sequence[str],
    package: _Zip,
    at: datetime,
    settings: Settings,
) -> int:
    key = signing_key(settings)
    public = key.public_key().public_bytes_raw()
    readme = readme_text(request.number, request.item.number, fingerprint(public))
    package.add(README_NAME, iter([readme.encode()]), kind="readme", media_type="text/plain; charset=utf-8")
    for one in sealed:
        name = f"evidence/{one.reference}"
        package.add(name, _clear(one, settings), kind=one.kind, media_type=one.media_type)
    rows = _rows(related, checkpoint.through)
    tree = _tree_to(checkpoint.through, [row.seq for row in rows])
    root = tree.root()
    lines = (_line(row, tree.proof(row.seq)) for row in rows)
    package.add(LEDGER_NAME, lines, kind="ledger", media_type="application/jsonl")
    package.add(
        TREE_NAME, iter([_tree_head(checkpoint, root, key, at)]), kind="tree", media_type="application/json"
    )
    manifest = canonical_json(
        {
            "format": PACKAGE_FORMAT,
            "request": request.number,
            "item": request.item.number,
            "subject": request.item.subject,
            "subjects": list(related),
            "ground": request.item.ground,
            "purpose": request.purpose,
            "legal_basis": request.legal_basis,
            "authority": request.authority,
            "reference": request.reference,
            "made_at": utc_text(at),
            "rows": len(rows),
            "through": checkpoint.through,
            "public_key": public.hex(),
            "files": [one.shown() for one in package.files],
        }
    )
    signature = key.sign(manifest_bytes(manifest)).hex() + "\n"
    package.add(MANIFEST_NAME, iter([manifest]), kind="manifest", media_type="application/json")
    package.add(SIGNATURE_NAME, iter([signature.encode()]), kind="signature", media_type="text/plain")
    package.close()
    return len(rows)


def _clear(one: EvidenceItem, settings: Settings) -> Iterator[bytes]:
    yield open_item(one, settings)


def _rows(related: Sequence[str], through: int) -> list[LedgerEntry]:
    about = LedgerEntry.objects.filter(subject__in=related, seq__lte=through).order_by("seq")
    rows = list(about[: ROWS_MAX + 1])
    if len(rows) > ROWS_MAX:
        raise TooLarge(f"A package holds at most {ROWS_MAX:,} ledger entries.")
    return rows


def _tree_to(through: int, wanted: Sequence[int]) -> TreeBuilder:
    """The tree over rows 1 to `through`, read in pieces."""
    tree = TreeBuilder(wanted)
    hashes = LedgerEntry.objects.filter(seq__lte=through).order_by("seq").values_list("hash", flat=True)
    for digest in hashes.iterator(chunk_size=10_000):
        tree.add(bytes(digest))
    if tree.size != through:
        raise Conflict(
            "Rows of the ledger are missing.", hint="Run `vigie ledger verify`.", code="ledger_damaged"
        )
    return tree


def _line(row: LedgerEntry, proof: Sequence[bytes]) -> bytes:
    shown = {
        "seq": row.seq,
        "at": utc_text(row.at),
        "event": row.event,
        "actor": row.actor,
        "subject": row.subject,
        "facts": row.facts,
        "previous_hash": bytes(row.previous_hash).hex(),
        "hash": bytes(row.hash).hex(),
        "proof": [one.hex() for one in proof],
    }
    return (json.dumps(shown, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _tree_head(checkpoint: Checkpoint, root: bytes, key: Ed25519PrivateKey, at: datetime) -> bytes:
    through, digest = checkpoint.through, bytes(checkpoint.hash)
    signed_at = utc_text(at)
    shown = {
        "through": through,
        "hash": digest.hex(),
        "root": root.hex(),
        "at": signed_at,
        "signature": key.sign(tree_head_bytes(through, digest, root, signed_at)).hex(),
        "checkpoint": {
            "at": utc_text(checkpoint.at),
            "public_key": bytes(checkpoint.public_key).hex(),
            "signature": bytes(checkpoint.signature).hex(),
        },
    }
    return (json.dumps(shown, indent=2, sort_keys=True) + "\n").encode()
