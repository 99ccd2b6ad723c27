"""Packages of evidence: checked with no database, and whatever is changed in them is named."""

import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from evidence_world import EvidenceWorld, over, tend_at, world
from vigie.evidence.certificate_pdf import certificate_pdf
from vigie.evidence.certificates import certificate_json, certificate_of
from vigie.evidence.models import EvidenceRequest
from vigie.evidence.package_check import Checked, check_file
from vigie.evidence.package_seal import PIECE_BYTES, LockedReader, LockingWriter, PackageLocked
from vigie.evidence.packages import write_package
from vigie.flows.holds import related_subjects
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Forbidden, Invalid
from vigie.foundation.files import whole_file
from vigie.foundation.settings import current
from vigie.ledger.checkpoints import signing_key
from vigie.ledger.models import LedgerEntry
from vigie.people.models import User

__all__ = ["world"]  # a fixture

PASSPHRASE = "twelve herons at dawn"


@dataclass
class Package:
    """A package in the clear, its files by name, and the sender's key."""

    data: bytes
    files: dict[str, bytes]
    key: bytes

    def check(self, files: dict[str, bytes] | None = None, *, key: bytes | None = None) -> Checked:
        """What the check says, of these files packed anew."""
        data = self.data if files is None else packed(files)
        return check_file(io.BytesIO(data), public_key=key or self.key)


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    return buffer.getvalue()


def export(
    request: EvidenceRequest, user: User, passphrase: str | None, out: io.BytesIO | None = None
) -> bytes:
    out = out or io.BytesIO()
    write_package(
        request.number,
        out,
        passphrase=passphrase,
        related=related_subjects(request.item.subject),
        user=user,
        at=now(),
        settings=current(),
    )
    return out.getvalue()


@pytest.fixture
def package(world: EvidenceWorld) -> Package:
    """A granted export, written in the clear."""
    item = world.removed()
    data = export(world.granted(item, "export"), world.anna, None)
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    return Package(data, files, signing_key(current()).public_key().public_bytes_raw())


def codes(checked: Checked) -> set[str]:
    return {one.code for one in checked.problems}


def test_a_package_is_whole_and_holds_what_was_sealed_and_its_story(package: Package) -> None:
    checked = package.check()
    assert checked.problems == ()
    assert (checked.is_whole, checked.key_known, checked.encrypted) == (True, True, False)
    sealed = [name for name in package.files if name.startswith("evidence/")]
    assert checked.files == len(sealed) >= 3
    rows = [json.loads(line) for line in package.files["ledger.jsonl"].splitlines()]
    assert checked.rows == len(rows)
    told = [row["event"] for row in rows]
    for event in ("evidence.sealed.v1", "cases.decision_taken.v1", "evidence.exported.v1"):
        assert event in told
    stored = {
        seq: bytes(digest).hex()
        for seq, digest in LedgerEntry.objects.values_list("seq", "hash")
        if seq in {row["seq"] for row in rows}
    }
    assert {row["seq"]: row["hash"] for row in rows} == stored
    assert rows[-1]["seq"] <= checked.through


Change = Callable[[dict[str, bytes]], None]


def _in_manifest(files: dict[str, bytes]) -> None:
    files["manifest.json"] = files["manifest.json"].replace(b'"ground":"decision"', b'"ground":"rule"')


def _in_a_file(files: dict[str, bytes]) -> None:
    name = next(one for one in files if one.startswith("evidence/"))
    files[name] = bytes([files[name][0] ^ 1]) + files[name][1:]


def _in_the_readme(files: dict[str, bytes]) -> None:
    files["README.txt"] += b"And more.\n"


def _in_a_row(files: dict[str, bytes]) -> None:
    files["ledger.jsonl"] = files["ledger.jsonl"].replace(b'"actor": "person:', b'"actor": "person:9', 1)


def _without_a_row(files: dict[str, bytes]) -> None:
    files["ledger.jsonl"] = b"".join(files["ledger.jsonl"].splitlines(keepends=True)[1:])


def _with_rows_changed_about(files: dict[str, bytes]) -> None:
    lines = files["ledger.jsonl"].splitlines(keepends=True)
    files["ledger.jsonl"] = b"".join([lines[1], lines[0], *lines[2:]])


def _in_a_proof(files: dict[str, bytes]) -> None:
    lines = files["ledger.jsonl"].splitlines(keepends=True)
    row = json.loads(lines[0])
    row["proof"][0] = "00" * 32
    files["ledger.jsonl"] = b"".join([json.dumps(row).encode() + b"\n", *lines[1:]])


def _in_the_signature(files: dict[str, bytes]) -> None:
    first = files["manifest.sig"][:1]
    files["manifest.sig"] = (b"0" if first != b"0" else b"1") + files["manifest.sig"][1:]


def _in_the_root(files: dict[str, bytes]) -> None:
    tree = json.loads(files["tree.json"])
    tree["root"] = "11" * 32
    files["tree.json"] = json.dumps(tree).encode()


def _in_the_checkpoint(files: dict[str, bytes]) -> None:
    tree = json.loads(files["tree.json"])
    tree["checkpoint"]["signature"] = "22" * 64
    files["tree.json"] = json.dumps(tree).encode()


def _without_a_file(files: dict[str, bytes]) -> None:
    del files[next(one for one in files if one.startswith("evidence/"))]


def _with_a_file_more(files: dict[str, bytes]) -> None:
    files["evidence/another"] = b"not sealed by anybody"


def _without_the_manifest(files: dict[str, bytes]) -> None:
    del files["manifest.json"]


def _with_a_manifest_of_nonsense(files: dict[str, bytes]) -> None:
    files["manifest.json"] = b"[" * 50_000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_in_manifest, "signature_broken"),
        (_in_the_signature, "signature_broken"),
        (_in_a_file, "file_changed"),
        (_in_the_readme, "file_changed"),
        (_in_a_row, "row_changed"),
        (_without_a_row, "ledger_rows"),
        (_with_rows_changed_about, "chain_broken"),
        (_in_a_proof, "not_in_ledger"),
        (_in_the_root, "tree_changed"),
        (_in_the_checkpoint, "checkpoint_broken"),
        (_without_a_file, "file_missing"),
        (_with_a_file_more, "file_added"),
        (_without_the_manifest, "file_missing"),
        (_with_a_manifest_of_nonsense, "manifest_changed"),
    ],
    ids=lambda one: one.__name__.strip("_") if callable(one) else one,
)
def test_whatever_is_changed_is_named(package: Package, change: Change, code: str) -> None:
    files = dict(package.files)
    change(files)
    assert files != package.files
    assert code in codes(package.check(files))


def test_a_package_of_somebody_elses_key_is_not_taken_for_the_senders(package: Package) -> None:
    assert codes(package.check(key=bytes(range(32)))) >= {"other_key"}


def test_without_the_senders_key_it_is_only_whole(package: Package) -> None:
    checked = check_file(io.BytesIO(package.data))
    assert (checked.is_whole, checked.key_known) == (True, False)


def test_every_cut_is_noticed(package: Package) -> None:
    size = len(package.data)
    for end in (0, 1, 100, size // 2, size - 1):
        assert not check_file(io.BytesIO(package.data[:end]), public_key=package.key).is_whole


def test_no_changed_byte_of_a_locked_package_passes(world: EvidenceWorld) -> None:
    item = world.removed()
    data = export(world.granted(item, "export"), world.anna, PASSPHRASE)
    key = signing_key(current()).public_key().public_bytes_raw()
    checked = check_file(io.BytesIO(data), passphrase=PASSPHRASE, public_key=key)
    assert (checked.is_whole, checked.encrypted) == (True, True)
    assert b"README" not in data
    places = [5, 30, 60, len(data) // 3, len(data) - 1]
    changed = [data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :] for place in places]
    for one in (*changed, data[:-1], data[: len(data) // 2], data + b"x"):
        found = check_file(io.BytesIO(one), passphrase=PASSPHRASE, public_key=key)
        assert not found.is_whole
    assert codes(check_file(io.BytesIO(data), passphrase="another passphrase")) == {"passphrase_or_changed"}
    assert codes(check_file(io.BytesIO(data))) == {"passphrase_missing"}


def locked(plain: bytes) -> bytes:
    out = io.BytesIO()
    writer = LockingWriter(out, passphrase=PASSPHRASE, salt=bytes(16), prefix=bytes(7))
    for start in range(0, len(plain), 100_000):
        writer.write(plain[start : start + 100_000])
    writer.close()
    return out.getvalue()


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_what_is_locked_in_pieces_comes_back_whole(size: int) -> None:
    plain = bytes(range(251)) * (size // 251 + 1)
    plain = plain[:size]
    reader = io.BufferedReader(LockedReader(io.BytesIO(locked(plain)), passphrase=PASSPHRASE))
    assert reader.read() == plain
    assert reader.seek(size // 2) == size // 2
    assert reader.read(10) == plain[size // 2 : size // 2 + 10]


def test_pieces_that_changed_places_or_are_left_out_do_not_open() -> None:
    data = locked(bytes(3 * PIECE_BYTES))
    full = PIECE_BYTES + 16
    head = len(data) - 3 * full
    pieces = [data[head + number * full : head + (number + 1) * full] for number in range(3)]
    for order in ([1, 0, 2], [0, 2], [0, 1], [0, 1, 1, 2]):
        other = data[:head] + b"".join(pieces[number] for number in order)
        with pytest.raises(PackageLocked):
            io.BufferedReader(LockedReader(io.BytesIO(other), passphrase=PASSPHRASE)).read()


def test_a_short_passphrase_is_refused_before_anything_is_recorded(world: EvidenceWorld) -> None:
    request = world.granted(world.removed(), "export")
    with pytest.raises(Invalid):
        export(request, world.anna, "short")
    assert not LedgerEntry.objects.filter(event="evidence.exported.v1").exists()


def test_only_the_requester_of_a_granted_export_takes_it_away(world: EvidenceWorld) -> None:
    item = world.removed()
    with pytest.raises(Conflict):
        export(world.ask(item, "export"), world.anna, None)
    request = world.granted(item, "export")
    with pytest.raises(Forbidden):
        export(request, world.lea, None)
    with pytest.raises(Conflict):
        export(world.granted(item, "access"), world.anna, None)


def test_a_certificate_is_checked_and_a_changed_one_is_not_believed(world: EvidenceWorld) -> None:
    item = world.removed()
    tend_at(over(item))
    certificate = certificate_of(item)
    data = certificate_json(certificate)
    key = signing_key(current()).public_key().public_bytes_raw()
    checked = check_file(io.BytesIO(data), public_key=key)
    assert (checked.kind, checked.number, checked.is_whole) == ("certificate", item.number, True)
    later = data.replace(b'"deleted_at": "20', b'"deleted_at": "19')
    assert later != data
    assert codes(check_file(io.BytesIO(later), public_key=key)) == {"signature_broken"}
    assert codes(check_file(io.BytesIO(data), public_key=bytes(range(32)))) >= {"other_key"}
    assert codes(check_file(io.BytesIO(data[:-20]), public_key=key)) == {"certificate_changed"}
    for language in ("en", "fr"):
        assert certificate_pdf(certificate, language=language).startswith(b"%PDF-")


def test_a_file_gets_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), whole_file(tmp_path / "package.vigie") as file:
        file.write(b"half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    with whole_file(tmp_path / "package.vigie") as file:
        file.write(b"whole")
    assert (tmp_path / "package.vigie").read_bytes() == b"whole"
    assert (tmp_path / "package.vigie").stat().st_mode & 0o777 == 0o600
    with pytest.raises(Conflict), whole_file(tmp_path / "package.vigie"):
        pass


_WRITER = """
import sys
from pathlib import Path
from vigie.foundation.files import whole_file
with whole_file(Path(sys.argv[1])) as file:
    while True:
        file.write(bytes(65536))
        file.flush()
        print("more", flush=True)
"""


def test_a_writer_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "package.vigie"
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(target)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        for _ in range(5):
            assert writer.stdout.readline() == "more\n"
        os.kill(writer.pid, signal.SIGKILL)
    assert list(tmp_path.iterdir()) == []
