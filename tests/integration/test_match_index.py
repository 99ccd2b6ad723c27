"""The index of a process follows the ledger, survives restarts by its snapshot and refuses damage."""

import re
import secrets
import threading
from datetime import timedelta

import pytest

from domain import SOURCE, Domain, make_domain
from vigie.banks import service as banks
from vigie.banks.models import Entry, EntrySignal
from vigie.banks.service import EntryChange, EntryDraft, SignalValue
from vigie.foundation.clock import now
from vigie.foundation.limits import MATCHES_PER_SIGNAL_MAX
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.matching.index import MatchIndex
from vigie.matching.matches import Query
from vigie.matching.service import Radii, explain, near
from vigie.matching.snapshots import FORMAT

pytestmark = pytest.mark.usefixtures("database")

RADII = Radii(31, 28)


@pytest.fixture
def domain(database: str) -> Domain:
    """A filled database."""
    return make_domain()


def draft(value: bytes, kind: Entry.Kind = Entry.Kind.KNOWN) -> EntryDraft:
    """An entry with one PDQ hash."""
    return EntryDraft((SignalValue("pdq", value, 100),), SOURCE, kind=kind)


def flipped(value: bytes, bits: int) -> bytes:
    """`value` with its first `bits` bits changed."""
    return (int.from_bytes(value, "big") ^ ((1 << bits) - 1)).to_bytes(32, "big")


def found(index: MatchIndex, value: bytes, radius: int = 31) -> list[tuple[str, int]]:
    """(entry, distance) of what matches."""
    hits = near(index, [Query("pdq", value)], radii=Radii(radius, radius))
    return [(one.entry, one.distance_bits) for one in explain(hits, at=now()).found]


def due(index: MatchIndex) -> bool:
    """Whether a snapshot is due."""
    return index.is_snapshot_due


def test_an_entry_is_found_up_to_the_radius_and_not_beyond(domain: Domain) -> None:
    value = secrets.token_bytes(32)
    entry = banks.add_entry("grey-heron", draft(value), actor=domain.adder)
    domain.index.catch_up()
    assert found(domain.index, flipped(value, 31)) == [(entry.number, 31)]
    assert found(domain.index, flipped(value, 32)) == []


def test_two_processes_see_each_others_changes(domain: Domain) -> None:
    other = MatchIndex()
    other.start(current().data / "index")
    value = secrets.token_bytes(32)
    entry = banks.add_entry("grey-heron", draft(value), actor=domain.adder)
    for index in (domain.index, other):
        index.catch_up()
        assert found(index, value) == [(entry.number, 0)]
    banks.remove_entry(entry.number, reason="x", actor=domain.adder)
    for index in (domain.index, other):
        index.catch_up()
        assert found(index, value) == []
        assert index.state.sizes["pdq"] == 0


def test_a_batch_is_followed(domain: Domain) -> None:
    values = [secrets.token_bytes(32) for _ in range(500)]
    assert banks.import_entries("grey-heron", [draft(value) for value in values], actor=domain.adder) == 500
    assert banks.import_entries("grey-heron", [draft(value) for value in values], actor=domain.adder) == 0
    domain.index.catch_up()
    assert domain.index.state.sizes["pdq"] == 500
    assert all(len(found(domain.index, value)) == 1 for value in values[:50])


def test_disabled_expired_and_switched_off_entries_do_not_match(domain: Domain) -> None:
    value = secrets.token_bytes(32)
    number = banks.add_entry("grey-heron", draft(value), actor=domain.adder).number
    domain.index.catch_up()

    def change(**fields: object) -> None:
        banks.change_entry(number, EntryChange(frozenset(fields), **fields), actor=domain.adder)  # type: ignore[arg-type]

    change(disabled_until=now() + timedelta(days=1))
    assert found(domain.index, value) == []
    change(disabled_until=now() - timedelta(seconds=1))
    assert found(domain.index, value) != []
    change(expires_at=now() - timedelta(seconds=1))
    assert found(domain.index, value) == []
    change(expires_at=None)
    banks.change_bank("grey-heron", matching=False, actor=domain.adder)
    assert found(domain.index, value) == []


def test_a_restart_comes_up_from_the_snapshot_and_catches_up(domain: Domain) -> None:
    folder = current().data / "index"
    first, second = secrets.token_bytes(32), secrets.token_bytes(32)
    banks.add_entry("grey-heron", draft(first), actor=domain.adder)
    domain.index.catch_up()
    domain.index.write_snapshot(folder)
    banks.add_entry("grey-heron", draft(second), actor=domain.adder)
    again = MatchIndex()
    again.start(folder)
    assert again.state.origin == "snapshot"
    assert found(again, first)
    assert found(again, second)


def test_a_damaged_snapshot_is_refused_and_the_index_rebuilt(domain: Domain) -> None:
    folder = current().data / "index"
    value = secrets.token_bytes(32)
    banks.add_entry("grey-heron", draft(value), actor=domain.adder)
    domain.index.catch_up()
    domain.index.write_snapshot(folder)
    file = next(folder.rglob("pdq.index"))
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    file.write_bytes(bytes(whole))
    again = MatchIndex()
    again.start(folder)
    assert again.state.origin == "rebuilt: the snapshot was damaged"
    assert found(again, value)


def test_a_snapshot_of_another_history_is_refused(domain: Domain) -> None:
    folder = current().data / "index"
    domain.index.write_snapshot(folder)
    only = next(folder.iterdir())
    only.rename(only.with_name(re.sub("-[0-9a-f]{16}", "-" + "0" * 16, only.name)))
    again = MatchIndex()
    again.start(folder)
    assert again.state.origin == "rebuilt"


def test_the_same_signals_are_one_entry(domain: Domain) -> None:
    value = secrets.token_bytes(32)
    first = banks.add_entry("grey-heron", draft(value), actor=domain.adder)
    assert banks.add_entry("grey-heron", draft(value), actor=domain.confirmer).pk == first.pk
    harmless = banks.add_entry("grey-heron", draft(value, Entry.Kind.HARMLESS), actor=domain.adder)
    assert harmless.pk != first.pk
    assert EntrySignal.objects.count() == 2


def test_a_question_about_one_bank_is_not_crowded_out_by_another(domain: Domain) -> None:
    banks.create_bank(name="herons-two", title="Herons, too", actor=COMMAND_LINE, may_remove=False)
    value = secrets.token_bytes(32)
    crowd = [draft((int.from_bytes(value) ^ change).to_bytes(32)) for change in range(1, 1_101)]
    number = banks.add_entry("herons-two", draft(flipped(value, 20)), actor=domain.adder).number
    banks.import_entries("grey-heron", crowd, actor=domain.adder)
    domain.index.catch_up()
    hits = near(domain.index, [Query("pdq", value)], radii=RADII, banks=frozenset({"herons-two"}))
    assert [one.distance_bits for one in hits] == [20]
    assert [one.entry for one in explain(hits, at=now()).found] == [number]
    everywhere = near(domain.index, [Query("pdq", value)], radii=RADII)
    assert len(everywhere) == MATCHES_PER_SIGNAL_MAX
    assert max(one.distance_bits for one in everywhere) < 20
    assert near(domain.index, [Query("pdq", value)], radii=RADII, banks=frozenset({"unknown"})) == []


def test_a_written_snapshot_is_mapped_and_shared_and_changes_go_on(domain: Domain) -> None:
    folder = current().data / "index"
    values = [secrets.token_bytes(32) for _ in range(100)]
    banks.import_entries("grey-heron", [draft(value) for value in values], actor=domain.adder)
    domain.index.catch_up()
    assert domain.index.state.pending == len(values)
    domain.index.write_snapshot(folder)
    state = domain.index.state
    assert (state.mapped, state.pending) == (True, 0)
    entry = banks.add_entry("grey-heron", draft(secrets.token_bytes(32)), actor=domain.adder)
    removed = found(domain.index, values[0])[0][0]
    banks.remove_entry(removed, reason="x", actor=domain.adder)
    domain.index.catch_up()
    assert found(domain.index, values[0]) == []
    assert found(domain.index, values[1])
    domain.index.write_snapshot(folder)
    again = MatchIndex()
    again.start(folder)
    assert again.state.origin == "snapshot"
    assert again.state.sizes == domain.index.state.sizes
    assert found(again, values[0]) == []
    assert found(again, bytes(EntrySignal.objects.get(entry=entry).value))


def test_a_snapshot_of_another_format_is_refused_and_taken_away(domain: Domain) -> None:
    folder = current().data / "index"
    value = secrets.token_bytes(32)
    banks.add_entry("grey-heron", draft(value), actor=domain.adder)
    domain.index.catch_up()
    domain.index.write_snapshot(folder)
    only = next(folder.iterdir())
    for former in (only.name.partition(".")[0], only.name.replace(f".v{FORMAT}", f".v{FORMAT - 1}")):
        old = folder / former
        only.rename(old)
        again = MatchIndex()
        again.start(folder)
        assert again.state.origin == "rebuilt: the snapshot was of another format"
        assert found(again, value)
        assert not old.exists()
        again.write_snapshot(folder)


def test_a_snapshot_is_due_when_much_changed(domain: Domain) -> None:
    folder = current().data / "index"
    assert due(domain.index)
    domain.index.write_snapshot(folder)
    assert not due(domain.index)
    values = [secrets.token_bytes(32) for _ in range(200)]
    banks.import_entries("grey-heron", [draft(value) for value in values], actor=domain.adder)
    domain.index.catch_up()
    assert due(domain.index)
    domain.index.write_snapshot(folder)
    banks.add_entry("grey-heron", draft(secrets.token_bytes(32)), actor=domain.adder)
    domain.index.catch_up()
    assert not due(domain.index)  # one of two hundred
    for _ in range(2):
        banks.add_entry("grey-heron", draft(secrets.token_bytes(32)), actor=domain.adder)
    domain.index.catch_up()
    assert due(domain.index)


def test_a_process_takes_over_the_snapshot_that_another_wrote(domain: Domain) -> None:
    folder = current().data / "index"
    first, second = secrets.token_bytes(32), secrets.token_bytes(32)
    banks.add_entry("grey-heron", draft(first), actor=domain.adder)
    rest = [draft(secrets.token_bytes(32)) for _ in range(10)]
    banks.import_entries("grey-heron", rest, actor=domain.adder)
    domain.index.catch_up()
    other = MatchIndex()
    other.start(folder)
    other.write_snapshot(folder)
    gone = banks.add_entry("grey-heron", draft(second), actor=domain.adder)
    banks.remove_entry(found(other, first)[0][0], reason="x", actor=domain.adder)
    domain.index.catch_up()
    assert domain.index.state.pending == len(rest) + 1
    domain.index.tend()
    # Now it is mapped from the other's snapshot, with what came since.
    state = domain.index.state
    assert (state.mapped, state.pending, state.sizes["pdq"]) == (True, 1, len(rest) + 1)
    assert found(domain.index, first) == []
    assert found(domain.index, second) == [(gone.number, 0)]


def test_many_new_signals_are_merged_beside_the_readers(
    domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = [secrets.token_bytes(32) for _ in range(20_000)]
    for start in range(0, len(values), 5_000):
        drafts = [draft(value) for value in values[start : start + 5_000]]
        banks.import_entries("grey-heron", drafts, actor=domain.adder)
    tended = threading.Event()
    tend = MatchIndex.tend

    def tend_and_tell(index: MatchIndex) -> None:
        tend(index)
        tended.set()

    monkeypatch.setattr(MatchIndex, "tend", tend_and_tell)
    domain.index.catch_up()
    assert found(domain.index, values[-1])
    assert tended.wait(60)
    assert domain.index.state.pending == 0
    assert domain.index.state.sizes["pdq"] == len(values)
    assert found(domain.index, values[0])
