"""What entries near a question are, their standing: read from the database once, remembered until the ledger tells
of a change.

It keeps a bounded number of them, and nothing that may have changed while it was read.
"""

import sys
import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from vigie.banks.models import Entry, EntrySignal, EntryVariant
from vigie.signals.alignment import FEATURES_SIGNAL
from vigie.signals.variants import VARIANT_SIGNAL, WHOLE, Variant

KEPT_MAX = 50_000
"""Signals and variants that one process knows at once, some 500 bytes each; what is more begins anew."""

_PLACES_TOGETHER_MAX = 100

Place = tuple[str, int]
"""The name of an index, and the number of a signal or variant in it; of features, the number of their entry."""


@dataclass(frozen=True, slots=True)
class EntryStanding:
    """An entry as far as a match tells of it."""

    id: int
    number: str
    bank: str
    bank_may_remove: bool
    bank_level: str
    kind: str
    confirmed: bool
    legal_type: str
    is_off: bool
    disabled_until: datetime | None
    expires_at: datetime | None

    @classmethod
    def of(cls, entry: Entry) -> "EntryStanding":
        """The entry, read with its bank."""
        return cls(
            id=entry.pk,
            number=entry.number,
            bank=sys.intern(entry.bank.name),
            bank_may_remove=entry.bank.may_remove,
            bank_level=sys.intern(str(entry.bank.level)),
            kind=_KINDS[entry.kind],
            confirmed=entry.confirmed,
            legal_type=sys.intern(entry.legal_type),
            is_off=entry.removed_at is not None or not entry.bank.matching,
            disabled_until=entry.disabled_until,
            expires_at=entry.expires_at,
        )

    def matches_at(self, at: datetime) -> bool:
        """Whether it may match at this instant, as `Entry.matches_at` says."""
        return (
            not self.is_off
            and (self.disabled_until is None or self.disabled_until <= at)
            and (self.expires_at is None or self.expires_at > at)
        )


_KINDS = {one.value: one.value for one in Entry.Kind}


class Banked(NamedTuple):
    """What lies at a place of an index: an entry, and the part of its picture that was hashed."""

    entry: EntryStanding
    variant: Variant


class Standings:
    """The entries that one process was asked about lately. An index that follows the ledger says what to forget."""

    def __init__(self, *, kept_max: int = KEPT_MAX) -> None:
        self._kept_max = kept_max
        self._banked: dict[Place, Banked] = {}
        self._places: dict[int, list[Place]] = {}
        self._changes = 0
        self._wanted: set[Place] = set()
        self._turn = threading.Lock()
        self._lock = threading.Lock()

    def at_hand(self, places: Iterable[Place]) -> dict[Place, Banked] | None:
        """What lies at all of these places, from memory alone; None when any was not met."""
        banked = self._banked
        found = {}
        for place in places:
            one = banked.get(place)
            if one is None:
                return None
            found[place] = one
        return found

    def read(self, places: Collection[Place]) -> Mapping[Place, Banked]:
        """What lies at these places, read from the database where it was not met; without those that are gone."""
        found = self.at_hand(places)
        if found is not None:
            return found
        if len(places) > _PLACES_TOGETHER_MAX:
            return self._read(places)
        with self._lock:
            self._wanted.update(places)
        # Whoever comes first reads for those who wait meanwhile: for twenty it takes no longer than for one.
        with self._turn:
            found = self.at_hand(places)
            if found is not None:
                return found
            with self._lock:
                wanted, self._wanted = self._wanted, set()
            together = self._read(wanted.union(places))
        return {place: together[place] for place in places if place in together}

    def _read(self, places: Collection[Place]) -> dict[Place, Banked]:
        with self._lock:
            changes = self._changes
            found = {place: self._banked[place] for place in places if place in self._banked}
        fresh = read_banked([place for place in places if place not in found])
        with self._lock:
            # What the ledger told of meanwhile may be what was just read, as it was before.
            if changes == self._changes:
                self._keep(fresh)
        return {**found, **fresh}

    def forget(self, entries: Iterable[int]) -> None:
        """These entries changed."""
        with self._lock:
            self._changes += 1
            for entry in entries:
                for place in self._places.pop(entry, ()):
                    self._banked.pop(place, None)

    def forget_all(self) -> None:
        """A bank changed, or everything did."""
        with self._lock:
            self._changes += 1
            self._begin_anew()

    def _keep(self, fresh: Mapping[Place, Banked]) -> None:
        if len(self._banked) + len(fresh) > self._kept_max:
            self._begin_anew()
            if len(fresh) > self._kept_max:
                return
        for place, one in fresh.items():
            if place not in self._banked:
                self._banked[place] = one
                self._places.setdefault(one.entry.id, []).append(place)

    def _begin_anew(self) -> None:
        # Not emptied: somebody may be reading the old ones without the lock.
        self._banked, self._places = {}, {}


def read_banked(places: Iterable[Place]) -> dict[Place, Banked]:
    """What lies at these places as the database has it now; without those that are gone."""
    variants: list[int] = []
    featured: list[int] = []
    signals: dict[int, list[Place]] = {}
    for place in places:
        if place[0] == VARIANT_SIGNAL:
            variants.append(place[1])
        elif place[0] == FEATURES_SIGNAL:
            featured.append(place[1])
        else:
            signals.setdefault(place[1], []).append(place)
    found: dict[Place, Banked] = {}
    if signals:
        for signal in EntrySignal.objects.filter(pk__in=signals).only(*_READ).select_related("entry__bank"):
            one = Banked(EntryStanding.of(signal.entry), WHOLE)
            found.update(dict.fromkeys(signals[signal.pk], one))
    if variants:
        rows = EntryVariant.objects.filter(pk__in=variants).only("variant", *_READ)
        for row in rows.select_related("entry__bank"):
            found[VARIANT_SIGNAL, row.pk] = Banked(EntryStanding.of(row.entry), Variant.parse(row.variant))
    if featured:
        for entry in Entry.objects.filter(pk__in=featured).only(*_LOOKED_AT).select_related("bank"):
            found[FEATURES_SIGNAL, entry.pk] = Banked(EntryStanding.of(entry), WHOLE)
    return found


# Of an entry and its bank, what `EntryStanding.of` looks at.
_LOOKED_AT = (
    *(f"bank__{name}" for name in ("name", "may_remove", "matching", "level")),
    *("kind", "legal_type", "added_by", "confirmed_at", "confirmed_by"),
    *("disabled_until", "expires_at", "removed_at"),
)
_READ = tuple(f"entry__{name}" for name in _LOOKED_AT)
