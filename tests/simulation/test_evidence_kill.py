"""Kill -9 at each point of a deletion and of an export: nothing is half, nothing is lost, and it goes on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db.models import Count

from command_line import done
from evidence_world import KEEP, EvidenceWorld, over, tend_at, world
from vigie.evidence.models import DeletionCertificate, EvidenceItem, PreservedItem
from vigie.evidence.service import blob_key
from vigie.foundation.blobs import BlobMissing, open_blobs
from vigie.foundation.clock import monotonic_s, sleep_s
from vigie.foundation.settings import current
from vigie.ledger.checkpoints import Verified, verify
from vigie.ledger.models import LedgerEntry

__all__ = ["world"]  # a fixture

ITEMS = 4
PATIENCE_S = 120.0

# Each kills its own process with the signal that nothing can catch, at one exact point of the real work.
_START = """
import os, signal, sys
from datetime import datetime
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "vigie.settings"
django.setup()
from vigie.evidence import events, packages, preservation
from vigie.foundation.blobs import Blobs

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def dying_at(wanted, real):
    def append(event, **rest):
        if isinstance(event, wanted):
            real(event, **rest)
            die()
        return real(event, **rest)
    return append
"""
_PURGE = """
from vigie.flows.preservation import tend
from vigie.foundation.settings import current
tend(at=datetime.fromisoformat(sys.argv[1]), settings=current())
"""
_AT = {
    "before the certificate": "preservation.make_certificate = lambda *a, **k: die()",
    "before the commit": """
from vigie.ledger import service
service.append = dying_at(events.EvidenceDeleted, service.append)
""",
    "between two blobs": """
deleted, real = [], Blobs.delete
def delete(self, key):
    if deleted:
        die()
    real(self, key)
    deleted.append(key)
Blobs.delete = delete
""",
    "before the bytes are noted as gone": """
from vigie.ledger import service
service.append = dying_at(events.BlobsRemoved, service.append)
""",
}
_EXPORT = """
opened, real = [], packages.open_item
def open_item(item, settings):
    if opened:
        die()
    opened.append(item)
    return real(item, settings)
packages.open_item = open_item
from vigie.cli import main
main(sys.argv[1:])
"""


def killed(script: str, *arguments: str) -> None:
    """Run it on the test's database until it kills itself."""
    ended = subprocess.run([sys.executable, "-c", script, *arguments], env=dict(os.environ), check=False)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize("point", list(_AT))
def test_a_killed_purge_is_gone_on_with(world: EvidenceWorld, point: str) -> None:
    items = [world.removed(f"p{number}", draft=KEEP) for number in range(ITEMS)]
    held = world.removed("held", draft=KEEP)
    world.ask(held)
    at = over(held)
    killed(_START + _AT[point] + _PURGE, at.isoformat())
    # Whatever stands as deleted has its certificate and no key; whatever does not can still be read.
    for item in PreservedItem.objects.filter(pk__in=[one.pk for one in items]):
        has_certificate = DeletionCertificate.objects.filter(item=item).exists()
        assert has_certificate == (item.stage == "deleted")
        keys = {bytes(one.wrapped_key) == b"" for one in item.items.all()}
        assert keys == {item.stage == "deleted"}
    began_s = monotonic_s()
    while PreservedItem.objects.filter(pk__in=[one.pk for one in items], blobs_gone_at=None).exists():
        tend_at(at)
        assert monotonic_s() - began_s < PATIENCE_S
        sleep_s(0.05)
    assert PreservedItem.objects.get(pk=held.pk).stage == "expired"
    deletions = (
        LedgerEntry.objects.filter(event="evidence.deleted.v1").values("subject").annotate(n=Count("seq"))
    )
    assert sorted(one["n"] for one in deletions) == [1] * ITEMS
    assert DeletionCertificate.objects.count() == ITEMS
    for one in EvidenceItem.objects.exclude(destroyed_at=None):
        with pytest.raises(BlobMissing):
            open_blobs(current()).get(blob_key(one.reference))
    assert EvidenceItem.objects.filter(preserved=held, destroyed_at=None).count() == held.items.count()
    assert isinstance(verify(current()), Verified)


def test_a_killed_export_leaves_nothing_and_counts_as_taken(world: EvidenceWorld, tmp_path: Path) -> None:
    request = world.granted(world.removed(), "export")
    folder = tmp_path / "out"
    folder.mkdir()
    arguments = ["evidence", "export", request.number, "--output", str(folder / "p.vigie"), "--by", "anna"]
    killed(_START + _EXPORT, *arguments)
    assert list(folder.iterdir()) == []
    assert LedgerEntry.objects.filter(event="evidence.exported.v1").count() == 1
    written = done(*arguments)
    phrase = tmp_path / "phrase"
    phrase.write_text(written["passphrase"])
    checked = done("evidence", "verify", str(folder / "p.vigie"), "--passphrase-file", str(phrase))
    assert checked["whole"] is True
    assert LedgerEntry.objects.filter(event="evidence.exported.v1").count() == 2
    assert isinstance(verify(current()), Verified)
