"""The index of a worker: it keeps up with the banks, and writes what the other processes share."""

import secrets
from pathlib import Path

import pytest

from domain import SOURCE, Domain, make_domain
from vigie import worker
from vigie.banks import service as banks
from vigie.banks.service import EntryDraft, SignalValue
from vigie.foundation.settings import current
from vigie.worker import SNAPSHOT_EVERY_S, SharedIndex

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def domain(database: str) -> Domain:
    """A filled database."""
    return make_domain()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the worker reads, to be set."""
    seconds = [1_000.0]
    monkeypatch.setattr(worker, "monotonic_s", lambda: seconds[0])
    return seconds


def bank(domain: Domain, count: int) -> None:
    """So many entries more."""
    drafts = [EntryDraft((SignalValue("pdq", secrets.token_bytes(32), 100),), SOURCE) for _ in range(count)]
    banks.import_entries("grey-heron", drafts, actor=domain.adder)


def snapshots() -> list[Path]:
    """Those that lie there."""
    return sorted((current().data / "index").iterdir())


def test_what_doubles_the_index_is_shared_at_once(domain: Domain, clock: list[float]) -> None:
    index = SharedIndex(current())
    index.tend()
    (first,) = snapshots()
    bank(domain, 200)
    clock[0] += 1
    index.tend()
    (second,) = snapshots()
    assert second != first
    assert index.fresh().state.pending == 0
    assert index.fresh().state.mapped


def test_lesser_changes_are_followed_at_once_and_written_every_five_minutes(
    domain: Domain, clock: list[float]
) -> None:
    bank(domain, 200)
    index = SharedIndex(current())
    index.tend()
    written = snapshots()
    bank(domain, 20)
    clock[0] += SNAPSHOT_EVERY_S - 1
    index.tend()
    assert index.fresh().state.sizes["pdq"] == 220
    assert snapshots() == written
    clock[0] += 1
    index.tend()
    assert snapshots() != written
