"""Signed checkpoints and the verification of the whole ledger against them.

A checkpoint is kept twice, in the database and as a file beside it, so that neither alone can be rewritten unseen.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from vigie.foundation.canonical import canonical_json
from vigie.foundation.clock import now, utc_text
from vigie.foundation.keys import key_from_file
from vigie.foundation.settings import Settings
from vigie.ledger.actors import Actor
from vigie.ledger.chain import Break, first_break
from vigie.ledger.events import CheckpointSigned
from vigie.ledger.models import Checkpoint, LedgerEntry, LedgerHead
from vigie.ledger.service import append, rows_after
from vigie.ledger.signed import checkpoint_bytes, is_signed


@dataclass(frozen=True, slots=True)
class Verified:
    """The ledger is whole: `rows` rows, `checkpoints` signatures, the newest covering `signed_through`."""

    rows: int
    checkpoints: int
    signed_through: int


@dataclass(frozen=True, slots=True)
class Damaged:
    """The ledger is not whole. `seq` is the first row at which that shows."""

    seq: int
    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _Signed:
    through: int
    hash: bytes
    at: str
    public_key: bytes
    signature: bytes
    place: str


def sign_checkpoint(settings: Settings, *, actor: Actor) -> Checkpoint | None:
    """Sign the ledger as it stands; None when nothing came since the last checkpoint.

    The row that says so comes after it and is covered by the next one.
    """
    key = signing_key(settings)
    with transaction.atomic():
        head = LedgerHead.objects.select_for_update().filter(pk=1).first()
        last = Checkpoint.objects.order_by("-through").first()
        if head is None or head.seq == 0 or (last is not None and head.seq <= last.through + 1):
            return None
        at = now()
        public = key.public_key().public_bytes_raw()
        signature = key.sign(checkpoint_bytes(head.seq, bytes(head.hash), utc_text(at)))
        checkpoint = Checkpoint.objects.create(
            through=head.seq, hash=bytes(head.hash), at=at, public_key=public, signature=signature
        )
        _write_file(checkpoints_folder(settings), checkpoint)
        append(CheckpointSigned(through=head.seq), actor=actor, subject="ledger")
    return checkpoint


def verify(settings: Settings) -> Verified | Damaged:
    """Read the whole ledger and say whether it is whole, or name the first row that is not as it was written.

    Everything is read as of one instant, so that what is written meanwhile does not look like tampering; files of
    checkpoints are read before that instant, because what they sign was committed before they were written.
    """
    in_files = _signed_in_files(settings)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return _verify(settings, in_files)


def _verify(settings: Settings, in_files: list[_Signed]) -> Verified | Damaged:
    head = LedgerHead.objects.filter(pk=1).first()
    head_seq = head.seq if head else 0
    found = first_break(rows_after(0, through=head_seq), find_seq=_find_seq)
    signed = sorted([*_signed_in_database(), *in_files], key=lambda one: one.through)
    trusted = signing_key(settings).public_key().public_bytes_raw()
    for one in signed:
        if found is not None and found.seq <= one.through:
            break
        problem = _check(one, trusted=trusted)
        if problem is not None:
            return problem
    if found is not None:
        return Damaged(found.seq, found.kind, _sentence(found))
    return _check_end(head_seq, signed)


def signing_key(settings: Settings) -> Ed25519PrivateKey:
    """The key that signs checkpoints, made at first use in the data folder."""
    return Ed25519PrivateKey.from_private_bytes(key_from_file(settings.keys_folder / "ledger.key"))


def checkpoints_folder(settings: Settings) -> Path:
    """Where checkpoint files are; copy them elsewhere to be safe from whoever owns this machine."""
    return settings.data / "ledger" / "checkpoints"


def _check(one: _Signed, *, trusted: bytes) -> Damaged | None:
    if one.public_key != trusted:
        return Damaged(
            one.through,
            "changed",
            f"The checkpoint at row {one.through} in the {one.place} was signed with another key than"
            " keys/ledger.key.",
        )
    signed = checkpoint_bytes(one.through, one.hash, one.at)
    if not is_signed(signed, signature=one.signature, public_key=one.public_key):
        return Damaged(
            one.through, "changed", f"The signature of a checkpoint in the {one.place} does not hold."
        )
    entry = LedgerEntry.objects.filter(pk=one.through).first()
    if entry is None:
        last = LedgerEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        return Damaged(last + 1, "removed", f"Row {last + 1} was removed: row {one.through} had been signed.")
    if bytes(entry.hash) != one.hash:
        return Damaged(
            one.through, "changed", f"Row {one.through} or one before it is not what had been signed then."
        )
    return None


def _check_end(head_seq: int, signed: list[_Signed]) -> Verified | Damaged:
    numbers = LedgerEntry.objects.order_by("seq").values_list("seq", flat=True)
    last_seq = numbers.filter(seq__lte=head_seq).last() or 0
    if last_seq < head_seq:
        return Damaged(last_seq + 1, "removed", f"Row {last_seq + 1} was removed from the end.")
    beyond = numbers.filter(seq__gt=head_seq).first()
    if beyond is not None:
        return Damaged(beyond, "added", f"Row {beyond} was added without going through Vigie.")
    return Verified(
        rows=head_seq, checkpoints=len({one.through for one in signed}), signed_through=_last(signed)
    )


def _last(signed: list[_Signed]) -> int:
    return signed[-1].through if signed else 0


def _sentence(found: Break) -> str:
    if found.kind == "removed":
        return f"Row {found.seq} was removed."
    if found.kind == "reordered":
        return f"Row {found.seq} is not the row that was written there: rows changed places."
    if found.kind == "added":
        return f"Row {found.seq} was added."
    return f"Row {found.seq} was changed."


def _find_seq(digest: bytes) -> int | None:
    return LedgerEntry.objects.filter(hash=digest).order_by("seq").values_list("seq", flat=True).first()


def _write_file(folder: Path, checkpoint: Checkpoint) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    body = {
        "through": checkpoint.through,
        "hash": bytes(checkpoint.hash).hex(),
        "at": utc_text(checkpoint.at),
        "public_key": bytes(checkpoint.public_key).hex(),
        "signature": bytes(checkpoint.signature).hex(),
    }
    path = folder / f"{checkpoint.through:012d}.json"
    temporary = path.with_suffix(".new")
    with temporary.open("wb") as file:
        file.write(canonical_json(body) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)


def _signed_in_database() -> list[_Signed]:
    return [
        _Signed(
            through=one.through,
            hash=bytes(one.hash),
            at=utc_text(one.at),
            public_key=bytes(one.public_key),
            signature=bytes(one.signature),
            place="database",
        )
        for one in Checkpoint.objects.order_by("through")
    ]


def _signed_in_files(settings: Settings) -> list[_Signed]:
    found = []
    for path in sorted(checkpoints_folder(settings).glob("*.json")):
        try:
            body = json.loads(path.read_bytes())
            found.append(
                _Signed(
                    through=int(body["through"]),
                    hash=bytes.fromhex(body["hash"]),
                    at=str(body["at"]),
                    public_key=bytes.fromhex(body["public_key"]),
                    signature=bytes.fromhex(body["signature"]),
                    place="data folder",
                )
            )
        except (ValueError, KeyError, TypeError):
            # An unreadable file proves nothing but that it was touched: an impossible signature says so.
            found.append(_Signed(int(path.stem), b"", "", b"", b"", "data folder"))
    return found
