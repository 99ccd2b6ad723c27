"""The standing of entries that a process remembers is what the database says, and is forgotten with each change."""

import itertools
import secrets
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from domain import SOURCE, Domain, make_domain
from vigie.banks import confirmation, events
from vigie.banks import service as banks
from vigie.banks.models import Bank, Entry, EntryVariant
from vigie.banks.service import EntryChange, EntryDraft, SignalValue
from vigie.foundation.clock import now
from vigie.foundation.limits import MATCHES_PER_SIGNAL_MAX
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.events import Event
from vigie.matching import standing
from vigie.matching.matches import Match, Query
from vigie.matching.service import Radii, explain, near
from vigie.matching.standing import Banked, EntryStanding, Place, Standings, read_banked
from vigie.signals.variants import VARIANT_SIGNAL, Variant

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RADII = Radii(31, 28)


@pytest.fixture
def domain(database: str) -> Domain:
    """A filled database."""
    return make_domain()


def add(domain: Domain, count: int = 1, *, bank: str = "grey-heron") -> list[tuple[bytes, Entry]]:
    """Entries with a PDQ hash each."""
    values = [secrets.token_bytes(32) for _ in range(count)]
    drafts = [EntryDraft((SignalValue("pdq", one, 100),), SOURCE) for one in values]
    made = [banks.add_entry(bank, one, actor=domain.adder) for one in drafts]
    domain.index.catch_up()
    return list(zip(values, made, strict=True))


def places(domain: Domain, values: Iterable[bytes]) -> list[Place]:
    """Where the index finds them."""
    return [hit.place for hit in near(domain.index, [Query("pdq", one) for one in values], radii=RADII)]


def test_it_may_match_exactly_when_the_entry_may() -> None:
    times = (None, NOON - timedelta(seconds=1), NOON, NOON + timedelta(seconds=1))
    for disabled, expires, removed, matching in itertools.product(times, times, (None, NOON), (True, False)):
        entry = Entry(
            pk=1,
            bank=Bank(name="b", matching=matching),
            disabled_until=disabled,
            expires_at=expires,
            removed_at=removed,
        )
        assert EntryStanding.of(entry).matches_at(NOON) == entry.matches_at(NOON), (
            disabled,
            expires,
            removed,
        )


def test_whatever_changes_an_entry_or_a_bank_is_followed() -> None:
    followed = {*events.ENTRY_EVENTS, *events.STANDING_EVENTS, *events.BANK_EVENTS}
    of_entries = {
        one.name
        for one in vars(events).values()
        if isinstance(one, type)
        and issubclass(one, Event)
        and {"entry", "first"} & set(getattr(one, "__annotations__", {}))
    }
    assert len(of_entries) >= 8
    assert of_entries <= followed
    assert {events.BankCreated.name, events.BankChanged.name} <= followed


def test_what_was_met_is_told_without_the_database_until_it_changes(domain: Domain) -> None:
    [(value, entry)] = add(domain)
    number = entry.number

    def told() -> list[Match]:
        hits = near(domain.index, [Query("pdq", value)], radii=RADII)
        banked = domain.index.standings.read({one.place for one in hits})
        return list(explain(hits, at=now(), banked=banked).found)

    def truth() -> list[Match]:
        return list(explain(near(domain.index, [Query("pdq", value)], radii=RADII), at=now()).found)

    def change(**fields: object) -> Callable[[], object]:
        return lambda: banks.change_entry(
            number,
            EntryChange(frozenset(fields), **fields),  # type: ignore[arg-type]
            actor=domain.adder,
        )

    changes: list[Callable[[], object]] = [
        lambda: confirmation.confirm_entry(number, actor=domain.confirmer),
        lambda: confirmation.withdraw_confirmation(number, actor=domain.confirmer),
        change(legal_type="b"),
        change(disabled_until=now() + timedelta(days=1)),
        change(disabled_until=None),
        change(expires_at=now() - timedelta(days=1)),
        change(expires_at=None),
        lambda: banks.change_bank("grey-heron", may_remove=False, actor=COMMAND_LINE),
        lambda: banks.change_bank("grey-heron", matching=False, actor=COMMAND_LINE),
        lambda: banks.change_bank("grey-heron", matching=True, actor=COMMAND_LINE),
        lambda: banks.remove_entry(number, reason="a test", actor=domain.adder),
        lambda: banks.restore_entry(number, actor=domain.adder),
    ]
    said = [told()]
    for one in changes:
        one()
        domain.index.catch_up()
        assert told() == truth()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            said.append(told())
        assert len(queries) == 0
        assert said[-1] == truth()
    # Nothing here is true of an index that never tells of a change.
    assert sum(before != after for before, after in itertools.pairwise(said)) >= len(changes) - 1


def test_what_changes_while_it_is_read_is_not_kept(domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    [(value, entry)] = add(domain)
    where = places(domain, [value])

    def read_then_changed(asked: Iterable[Place]) -> dict[Place, Banked]:
        read = read_banked(asked)
        banks.remove_entry(entry.number, reason="a test", actor=domain.adder)
        domain.index.catch_up()
        return read

    monkeypatch.setattr(standing, "read_banked", read_then_changed)
    assert [one.entry.id for one in domain.index.standings.read(where).values()] == [entry.pk]
    assert domain.index.standings.at_hand(where) is None


def test_whoever_waits_for_another_to_read_gets_their_own(domain: Domain) -> None:
    added = add(domain, 8)
    where = [places(domain, [value]) for value, _ in added]
    together = threading.Barrier(len(where))

    def ask(places: list[Place]) -> list[int]:
        together.wait(timeout=60)
        try:
            return [one.entry.id for one in domain.index.standings.read(places).values()]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(where)) as threads:
        assert list(threads.map(ask, where)) == [[entry.pk] for _, entry in added]
    assert domain.index.standings.at_hand([one for group in where for one in group]) is not None


def test_reading_asks_the_database_once_a_table(domain: Domain) -> None:
    where = places(domain, [value for value, _ in add(domain, 3)])
    with CaptureQueriesContext(connection) as queries:
        assert len(read_banked(where)) == 3
    assert len(queries) == 1


def test_no_more_is_kept_than_allowed(domain: Domain) -> None:
    values = [value for value, _ in add(domain, 5)]
    kept = Standings(kept_max=3)
    for value in values:
        where = places(domain, [value])
        assert len(kept.read(where)) == 1
        assert kept.at_hand(where) is not None
    everything = places(domain, values)
    assert sum(kept.at_hand([one]) is not None for one in everything) <= 3
    assert len(kept.read(everything)) == 5
    assert kept.at_hand(everything) is None


def test_a_place_that_is_gone_is_nothing(domain: Domain) -> None:
    gone: list[Place] = [("pdq", 999_999), (VARIANT_SIGNAL, 999_999)]
    assert domain.index.standings.read(gone) == {}
    assert domain.index.standings.at_hand(gone) is None


def test_variants_of_plain_banks_do_not_crowd_out_those_of_robust_ones(domain: Domain) -> None:
    banks.create_bank(name="robust", title="R", actor=COMMAND_LINE, may_remove=False, level=Bank.Level.ROBUST)
    [(value, crowd)] = add(domain)
    [(_, wanted)] = add(domain, bank="robust")
    whole = Variant("whole").write()

    def variants(entry: Entry, hashes: list[bytes]) -> None:
        EntryVariant.objects.bulk_create(
            EntryVariant(entry=entry, variant=whole, value=one, quality=100) for one in hashes
        )

    # Such variants stay when a bank goes back to level plain.
    near_ones = [(int.from_bytes(value) ^ one).to_bytes(32) for one in range(1, MATCHES_PER_SIGNAL_MAX + 101)]
    variants(crowd, near_ones)
    variants(wanted, [(int.from_bytes(value) ^ (2**20 - 1)).to_bytes(32)])
    domain.index.start(domain.index._folder)  # type: ignore[arg-type]
    asked = Query(VARIANT_SIGNAL, value, "m1", counts_for="robust banks")
    found = explain(near(domain.index, [asked], radii=RADII), at=now()).found
    assert [(one.entry, one.distance_bits) for one in found] == [(wanted.number, 20)]
    everywhere = Query(VARIANT_SIGNAL, value, "m1")
    assert len(near(domain.index, [everywhere], radii=RADII)) > MATCHES_PER_SIGNAL_MAX
    nowhere = near(domain.index, [asked], radii=RADII, banks=frozenset({"grey-heron"}))
    assert nowhere == []
