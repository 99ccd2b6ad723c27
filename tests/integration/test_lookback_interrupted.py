"""A lookback among damaged parts, beside others' work, and cancelled: what is found, set apart, told, left."""

import errno
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain import make_domain
from kept_uploads import Platform, bank, medium
from vigie.cases.models import Case
from vigie.flows import lookback as flow
from vigie.foundation.clock import now
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import LedgerEntry
from vigie.matching import lookbacks
from vigie.matching.archive import damage, sealing
from vigie.matching.archive import service as archives
from vigie.matching.archive.folder import ArchiveFolder
from vigie.matching.archive.journal import Journal
from vigie.matching.archive.parts import list_parts, note_of
from vigie.matching.models import ArchiveLoss, ContentErasure, Lookback

_VALUE = bytes(range(32))


@pytest.fixture
def platform(database: str) -> Iterator[Platform]:
    """An empty archive, a bank, a platform."""
    made = Platform(make_domain())
    yield made
    made.journal.stop()


def _parts(platform: Platform, count: int) -> list[Path]:
    """As many parts, each with an upload of the value."""
    for number in range(count):
        platform.ask(f"p{number}", medium(_VALUE))
        platform.learn()
        platform.journal.stop()
        platform.journal = Journal(ArchiveFolder.of(current()), clock=now)
        platform.journal.start()
        archives.seal_journals(current())
    return [part.path for part in list_parts(ArchiveFolder.of(current()))]


def _contents() -> set[str]:
    return {case.content.external_id for case in Case.objects.all()}


@pytest.mark.parametrize("name", ["signals.parquet", "uploads.parquet", "part.json"])
def test_a_damaged_part_is_set_apart_and_told_and_the_rest_found(name: str, platform: Platform) -> None:
    paths = _parts(platform, 4)
    os.truncate(paths[1] / name, 10)
    note_of.cache_clear()  # as in a process that just began
    bank(_VALUE)
    platform.learn()
    for _ in range(2):
        platform.tend()
    assert _contents() == {"p0", "p2", "p3"}
    lookback = Lookback.objects.get()
    assert (lookback.state, lookback.percent, lookback.cases_opened) == ("done", 100, 3)
    (loss,) = ArchiveLoss.objects.all()
    known = 0 if name == "part.json" else 1
    assert (loss.kind, loss.count, loss.journal) == ("damaged", known, damage.name_of(paths[1]))
    (row,) = LedgerEntry.objects.filter(event="matching.archive_part_damaged.v1")
    assert row.facts == {"part": loss.journal, "uploads": known}
    assert (ArchiveFolder.of(current()).quarantine / loss.journal).is_dir()
    platform.ask("later", medium(_VALUE[::-1]))
    platform.journal.stop()
    platform.tend()
    assert sum(part.note.uploads for part in list_parts(ArchiveFolder.of(current()))) == 4


def test_a_part_that_was_put_back_whole_is_looked_at_when_asked(platform: Platform) -> None:
    paths = _parts(platform, 2)
    whole = (paths[0] / "signals.parquet").read_bytes()
    os.truncate(paths[0] / "signals.parquet", 10)
    entry = bank(_VALUE)
    platform.learn()
    for _ in range(2):
        platform.tend()
    assert _contents() == {"p1"}
    apart = ArchiveFolder.of(current()).quarantine / damage.name_of(paths[0])
    (apart / "signals.parquet").write_bytes(whole)
    apart.rename(paths[0])
    lookbacks.ask_for_entries([entry.number], actor=COMMAND_LINE, settings=current())
    platform.tend()
    assert _contents() == {"p0", "p1"}


def test_a_moments_trouble_sets_nothing_apart(platform: Platform) -> None:
    (path,) = _parts(platform, 1)
    assert not archives.set_damaged_apart(path, current())
    assert path.is_dir()
    assert not ArchiveLoss.objects.exists()


def test_an_erasure_goes_on_beside_a_damaged_part_and_into_quarantine(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "WRITING_TIME", timedelta(0))
    paths = _parts(platform, 3)
    os.truncate(paths[1] / "uploads.parquet", 10)
    archives.ask_erasure("forum", "p0", actor=COMMAND_LINE, settings=current())
    for _ in range(3):
        platform.tend()
    assert ContentErasure.objects.get().done_at is not None
    assert sum(part.note.uploads for part in list_parts(ArchiveFolder.of(current()))) == 1
    # What cannot be read may hold it.
    assert not list(ArchiveFolder.of(current()).quarantine.iterdir())


def test_a_long_lookback_lets_others_have_their_turn(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "WRITING_TIME", timedelta(0))
    monkeypatch.setattr(flow, "LOOKING_S_MAX", 0.0)
    _parts(platform, 3)
    entry = bank(_VALUE)
    platform.learn()
    lookbacks.ask_for_entries([entry.number], actor=COMMAND_LINE, settings=current())
    archives.ask_erasure("forum", "p2", actor=COMMAND_LINE, settings=current())
    platform.tend()
    assert [one.state for one in Lookback.objects.order_by("id")] == ["running", "running"]
    assert [one.percent for one in Lookback.objects.order_by("id")] == [33, 33]
    assert ContentErasure.objects.get().done_at is not None
    for _ in range(3):
        platform.tend()
    assert [one.state for one in Lookback.objects.order_by("id")] == ["done", "done"]
    assert _contents() == {"p0", "p1"}


def test_a_cancelled_lookback_stops_in_the_middle_and_may_be_asked_for_again(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    _parts(platform, 3)
    entry = bank(_VALUE)
    platform.learn()
    noted = flow._note_find

    def cancelling(lookback: Lookback, *others: Any) -> None:
        noted(lookback, *others)
        lookbacks.cancel(lookback.number, actor=COMMAND_LINE)
        lookback.refresh_from_db(fields=["state"])

    monkeypatch.setattr(flow, "_note_find", cancelling)
    platform.tend()
    lookback = Lookback.objects.get()
    assert (lookback.state, lookback.cases_opened, lookback.percent) == ("cancelled", 1, 33)
    monkeypatch.undo()
    platform.tend()
    assert Case.objects.count() == 1
    lookbacks.ask_for_entries([entry.number], actor=COMMAND_LINE, settings=current())
    platform.tend()
    again = Lookback.objects.order_by("id").last()
    assert again is not None
    assert (again.state, again.cases_opened, again.cases_joined) == ("done", 2, 1)


def test_what_a_full_disk_costs_is_told_while_it_is_full(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.ask("p1", medium(_VALUE))
    platform.journal._count_loss(OSError(errno.ENOSPC, "full"))
    platform.journal.stop()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(sealing, "write_part", full)
    for _ in range(2):
        with pytest.raises(OSError, match="full"):
            platform.tend()
    assert ArchiveLoss.objects.get().count == 1
    monkeypatch.undo()
    platform.tend()
    assert ArchiveLoss.objects.get().count == 1
    assert sum(part.note.uploads for part in list_parts(ArchiveFolder.of(current()))) == 1
