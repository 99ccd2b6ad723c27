"""Checking a package or a certificate of deletion: no database, no network, only the file and a public key. Pure.

It trusts nothing in the file but what the signature covers, and names everything that is wrong that it can find.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vigie.evidence.package_seal import LockedReader, PackageLocked, is_locked
from vigie.evidence.proofs import (
    CERTIFICATE_FORMAT,
    PACKAGE_FORMAT,
    certificate_bytes,
    fingerprint,
    manifest_bytes,
)
from vigie.foundation.canonical import canonical_json
from vigie.ledger.chain import Row, own_hash
from vigie.ledger.signed import checkpoint_bytes, is_signed, tree_head_bytes
from vigie.ledger.tree import root_from

MANIFEST_NAME, SIGNATURE_NAME = "manifest.json", "manifest.sig"
README_NAME, LEDGER_NAME, TREE_NAME = "README.txt", "ledger.jsonl", "tree.json"
ROWS_MAX = 10_000
FILES_MAX = 10_000
SMALL_BYTES_MAX = 16 * 1024 * 1024
LINE_BYTES_MAX = 1024 * 1024
PROBLEMS_MAX = 50
_READ_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it was written. `code` is stable, `sentence` is for a person."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file is, and what is wrong with it; whole without problems. `key_known`: it was given, not only found."""

    kind: str
    number: str
    problems: tuple[Problem, ...]
    files: int = 0
    rows: int = 0
    through: int = 0
    encrypted: bool = False
    fingerprint: str = ""
    key_known: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


class _Unusable(Exception):
    """The check cannot go on: with the problem that says why."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.problem = Problem(code, sentence)


def check_file(
    file: io.BufferedIOBase, *, passphrase: str | None = None, public_key: bytes | None = None
) -> Checked:
    """Check a package or a certificate. Without `public_key` it shows only that the file is whole, not whose it is."""
    file.seek(0)
    head = file.read(64)
    file.seek(0)
    if head.lstrip()[:1] == b"{":
        return _check_certificate(file.read(SMALL_BYTES_MAX), public_key)
    encrypted = is_locked(head)
    try:
        opened = _opened(file, passphrase) if encrypted else file
        checked = _Check(opened, public_key).run()
    except _Unusable as error:
        checked = Checked("package", "", (error.problem,))
    except PackageLocked as error:
        checked = Checked("package", "", (Problem(error.code, error.sentence),))
    return _with(checked, encrypted=encrypted, key_known=public_key is not None)


def parse_public_key(text: str) -> bytes | None:
    """The 32 bytes of a public key in hexadecimal, as `vigie ledger public-key` writes it; None for anything else."""
    try:
        key = bytes.fromhex(text.split()[0])
    except (ValueError, IndexError):
        return None
    return key if len(key) == 32 else None


class _Check:
    """One look at a package, from the signature down to each ledger entry."""

    def __init__(self, file: Any, public_key: bytes | None) -> None:
        self._key = public_key
        self._problems: list[Problem] = []
        try:
            self._zip = zipfile.ZipFile(file)
            self._names = [one.filename for one in self._zip.infolist()]
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
            raise _Unusable("package_cut", "This is no package, or it was cut off.") from error

    def run(self) -> Checked:
        manifest = self._manifest()
        listed = _listed(manifest)
        self._check_names(listed)
        for name, entry in listed.items():
            if name in self._names:
                self._check_content(name, entry)
        through, rows = self._check_ledger(manifest)
        return Checked(
            "package",
            str(manifest.get("request", "")),
            tuple(self._problems[:PROBLEMS_MAX]),
            files=sum(1 for name in listed if name.startswith("evidence/")),
            rows=rows,
            through=through,
            fingerprint=fingerprint(self._key or b""),
        )

    def _wrong(self, code: str, sentence: str) -> None:
        self._problems.append(Problem(code, sentence))

    def _manifest(self) -> dict[str, Any]:
        raw = self._small(MANIFEST_NAME)
        manifest = _json_map(raw)
        if manifest is None or manifest.get("format") != PACKAGE_FORMAT:
            raise _Unusable("manifest_changed", "The manifest is none that Vigie wrote.")
        own = _hex(manifest.get("public_key"), 32)
        if self._key is not None and own != self._key:
            self._wrong("other_key", "The package was signed with another key than the one that was given.")
        self._key = self._key or own
        signature = _hex(self._small(SIGNATURE_NAME).decode("ascii", "replace").strip(), 64)
        if not is_signed(manifest_bytes(raw), signature=signature, public_key=self._key):
            self._wrong(
                "signature_broken", "The signature does not fit the manifest: one of them was changed."
            )
        return manifest

    def _check_names(self, listed: dict[str, dict[str, Any]]) -> None:
        known = {*listed, MANIFEST_NAME, SIGNATURE_NAME}
        for name in sorted(known - set(self._names)):
            self._wrong("file_missing", f"The file {name} is missing.")
        for name in sorted(set(self._names) - known):
            self._wrong("file_added", f"The file {name[:200]} was added.")
        for name in sorted({one for one in self._names if self._names.count(one) > 1}):
            self._wrong("file_added", f"The file {name[:200]} is there more than once.")

    def _check_content(self, name: str, entry: dict[str, Any]) -> None:
        digest, count = hashlib.sha256(), 0
        try:
            for piece in self._pieces(name):
                digest.update(piece)
                count += len(piece)
                if count > int(entry.get("byte_count", 0)):
                    break
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
            self._wrong("file_changed", f"The file {name} was changed.")
            return
        if count != entry.get("byte_count") or digest.hexdigest() != entry.get("sha256"):
            self._wrong("file_changed", f"The file {name} was changed.")

    def _check_ledger(self, manifest: dict[str, Any]) -> tuple[int, int]:
        if LEDGER_NAME not in self._names or TREE_NAME not in self._names:
            return 0, 0
        try:
            head = self._tree_head()
            count = self._check_rows(head)
        except _Unusable as error:
            self._problems.append(error.problem)
            return 0, 0
        if count != manifest.get("rows") or head.through != manifest.get("through"):
            self._wrong(
                "ledger_rows", "The ledger extract has another number of entries than the manifest says."
            )
        return head.through, count

    def _tree_head(self) -> "_Head":
        found = _json_map(self._small(TREE_NAME))
        checkpoint = found.get("checkpoint") if found else None
        if found is None or not isinstance(checkpoint, dict):
            raise _Unusable("tree_changed", "The head of the ledger's tree cannot be read.")
        through = found.get("through")
        head = _Head(
            through if isinstance(through, int) else 0,
            _hex(found.get("hash"), 32),
            _hex(found.get("root"), 32),
        )
        key = self._key or b""
        signed = tree_head_bytes(head.through, head.hash, head.root, str(found.get("at")))
        if not is_signed(signed, signature=_hex(found.get("signature"), 64), public_key=key):
            self._wrong("tree_changed", "The signature of the ledger's tree does not hold.")
        signed = checkpoint_bytes(head.through, head.hash, str(checkpoint.get("at")))
        signature = _hex(checkpoint.get("signature"), 64)
        if _hex(checkpoint.get("public_key"), 32) != key or not is_signed(
            signed, signature=signature, public_key=key
        ):
            self._wrong("checkpoint_broken", "The signature of the ledger's checkpoint does not hold.")
        return head

    def _check_rows(self, head: "_Head") -> int:
        before: Row | None = None
        count = 0
        for line in self._lines(LEDGER_NAME):
            count += 1
            if count > ROWS_MAX:
                raise _Unusable("ledger_rows", "The ledger extract has more entries than any package.")
            parsed = _row(line)
            if parsed is None:
                raise _Unusable("row_changed", f"Entry {count} of the ledger extract cannot be read.")
            row, proof = parsed
            self._check_row(row, proof, head, before)
            before = row
        return count

    def _check_row(self, row: Row, proof: list[bytes], head: "_Head", before: Row | None) -> None:
        if own_hash(row) != row.hash:
            self._wrong("row_changed", f"Ledger entry {row.seq} was changed.")
            return
        if before is not None and row.seq <= before.seq:
            self._wrong("chain_broken", f"Ledger entry {row.seq} is not in its place.")
            return
        if before is not None and row.seq == before.seq + 1 and row.previous_hash != before.hash:
            self._wrong("chain_broken", f"Ledger entry {row.seq} does not follow from the one before it.")
            return
        if root_from(row.hash, seq=row.seq, size=head.through, proof=proof) != head.root:
            self._wrong("not_in_ledger", f"Ledger entry {row.seq} is not in the ledger that was signed.")

    def _small(self, name: str) -> bytes:
        if name not in self._names:
            raise _Unusable("file_missing", f"The file {name} is missing.")
        try:
            found = b"".join(self._pieces(name))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
            raise _Unusable("file_changed", f"The file {name} was changed.") from error
        if len(found) > SMALL_BYTES_MAX:
            raise _Unusable("file_changed", f"The file {name} is larger than any that Vigie writes.")
        return found

    def _pieces(self, name: str) -> Iterator[bytes]:
        info = self._zip.getinfo(name)
        if info.compress_type != zipfile.ZIP_STORED:
            raise zipfile.BadZipFile("compressed")
        with self._zip.open(info) as entry:
            while piece := entry.read(_READ_BYTES):
                yield piece

    def _lines(self, name: str) -> Iterator[bytes]:
        info = self._zip.getinfo(name)
        try:
            with self._zip.open(info) as entry:
                while line := entry.readline(LINE_BYTES_MAX):
                    yield line
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
            return  # the file itself was found changed


@dataclass(frozen=True, slots=True)
class _Head:
    through: int
    hash: bytes
    root: bytes


def _check_certificate(raw: bytes, public_key: bytes | None) -> Checked:
    found = _json_map(raw)
    body = found.get("certificate") if found else None
    if found is None or not isinstance(body, dict) or body.get("format") != CERTIFICATE_FORMAT:
        sentence = "This is no certificate that Vigie wrote, or it was cut off."
        return Checked("certificate", "", (Problem("certificate_changed", sentence),))
    own = _hex(found.get("public_key"), 32)
    problems = []
    if public_key is not None and own != public_key:
        sentence = "The certificate was signed with another key than the one that was given."
        problems.append(Problem("other_key", sentence))
    key = public_key or own
    try:
        signed = certificate_bytes(canonical_json(body))
    except ValueError:
        signed = b""
    if not is_signed(signed, signature=_hex(found.get("signature"), 64), public_key=key):
        sentence = "The signature does not fit the certificate: one of them was changed."
        problems.append(Problem("signature_broken", sentence))
    items = body.get("items")
    return Checked(
        "certificate",
        str(body.get("item", "")),
        tuple(problems),
        files=len(items) if isinstance(items, list) else 0,
        fingerprint=fingerprint(key),
        key_known=public_key is not None,
    )


def _opened(file: io.BufferedIOBase, passphrase: str | None) -> io.BufferedReader:
    if passphrase is None:
        raise _Unusable("passphrase_missing", "The package is locked: its passphrase is needed.")
    return io.BufferedReader(LockedReader(file, passphrase=passphrase), 64 * 1024)


def _with(checked: Checked, *, encrypted: bool, key_known: bool) -> Checked:
    return Checked(
        checked.kind,
        checked.number,
        checked.problems,
        checked.files,
        checked.rows,
        checked.through,
        encrypted,
        checked.fingerprint,
        key_known,
    )


def _listed(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    files = manifest.get("files")
    if not isinstance(files, list) or len(files) > FILES_MAX:
        raise _Unusable("manifest_changed", "The manifest lists no files.")
    return {str(one.get("name")): one for one in files if isinstance(one, dict)}


def _row(line: bytes) -> tuple[Row, list[bytes]] | None:
    found = _json_map(line)
    try:
        if found is None:
            return None
        row = Row(
            seq=int(found["seq"]),
            at=datetime.fromisoformat(found["at"]),
            event=str(found["event"]),
            actor=str(found["actor"]),
            subject=str(found["subject"]),
            facts=dict(found["facts"]),
            previous_hash=bytes.fromhex(found["previous_hash"]),
            hash=bytes.fromhex(found["hash"]),
        )
        own_hash(row)
        return row, [bytes.fromhex(one) for one in found["proof"][:64]]
    except (KeyError, ValueError, TypeError):
        return None


def _json_map(raw: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _hex(value: object, byte_count: int) -> bytes:
    """Bytes of the right length from hexadecimal; zeros, which no signature and no key is, for anything else."""
    try:
        found = bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        found = b""
    return found if len(found) == byte_count else bytes(byte_count)
