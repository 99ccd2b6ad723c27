"""After any sequence of changes the Hamming index answers as a plain list of all entries would."""

import random
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule
from vigie_kernel import HammingIndex

# Identical, clustered around a few centres, and anywhere: what banks of pictures look like.
_CENTRES = [0, 2**256 - 1, int("5a" * 32, 16), 2**128 - 1]
_ANYWHERE = st.integers(min_value=0, max_value=2**256 - 1)
_NEAR = st.builds(
    lambda centre, flips: centre ^ sum(1 << bit for bit in flips),
    st.sampled_from(_CENTRES),
    st.sets(st.integers(min_value=0, max_value=255), max_size=70),
)
CODES = st.one_of(st.sampled_from(_CENTRES), _NEAR, _ANYWHERE)
IDS = st.one_of(st.integers(min_value=0, max_value=30), st.integers(min_value=0, max_value=2**64 - 1))
CROWD = 400
BANKS = st.sampled_from([0, 1, 7, 2**32 - 1])
Structure = Literal["tables", "scan"] | None
STRUCTURES = st.sampled_from(["tables", "scan", None])


@dataclass(frozen=True)
class Entry:
    """What the list knows of an entry."""

    code: int
    bank: int
    enabled: bool = True


@dataclass(frozen=True)
class Ask:
    """A search in all its variants."""

    radius: int
    limit: int | None
    banks: tuple[int, ...] | None
    structure: Structure


ASKS = st.builds(
    Ask,
    radius=st.integers(min_value=0, max_value=64),
    limit=st.sampled_from([None, None, 0, 1, 3, 20]),
    banks=st.one_of(st.none(), st.lists(BANKS, max_size=3).map(tuple)),
    structure=STRUCTURES,
)


class IndexBesideList(RuleBasedStateMachine):
    """The same changes go to the index and to a dictionary; searches must agree."""

    held_ids: Bundle[int] = Bundle("held_ids")

    @initialize(
        radius_max=st.sampled_from([0, 7, 20, 31, 64, 64]), tables_rows_min=st.sampled_from([0, 0, 4096])
    )
    def start(self, radius_max: int, tables_rows_min: int) -> None:
        """An empty index for some radii, with tables at any size or at the usual ones; an empty dictionary."""
        self.index = HammingIndex(distance_bits_max=radius_max, tables_rows_min=tables_rows_min)
        self.entries: dict[int, Entry] = {}

    @rule(target=held_ids, code=CODES, id_=IDS, bank=BANKS)
    def insert(self, code: int, id_: int, bank: int) -> int:
        """A new entry, or another code and bank for a known one."""
        self.index.insert(code.to_bytes(32), id_, bank=bank)
        self.entries[id_] = Entry(code, bank)
        return id_

    @rule(code=CODES, id_=held_ids, bank=BANKS)
    def replace(self, code: int, id_: int, bank: int) -> None:
        """Surely another code for a known one, unless it has gone."""
        self.insert(code, id_, bank)

    @rule(added=st.lists(st.tuples(CODES, IDS, BANKS), max_size=40))
    def insert_many(self, added: list[tuple[int, int, int]]) -> None:
        """Many at once; the later of two with one id stays."""
        codes = b"".join(code.to_bytes(32) for code, _, _ in added)
        self.index.insert_many(codes, [id_ for _, id_, _ in added], banks=[bank for _, _, bank in added])
        self.entries.update({id_: Entry(code, bank) for code, id_, bank in added})

    @rule(code=CODES, count=st.sampled_from([1, 2, 4, 8, 16, 64, 1024]))
    def insert_copies(self, code: int, count: int) -> None:
        """Many holders of one code."""
        ids = list(range(100, 100 + count))
        self.index.insert_many(code.to_bytes(32) * count, ids)
        self.entries.update(dict.fromkeys(ids, Entry(code, 0)))

    @rule(code=CODES, first=st.sampled_from([0, 10_000]), seed=st.integers(min_value=0, max_value=3))
    def insert_crowd(self, code: int, first: int, seed: int) -> None:
        """So many near one another that a segment keeps them together."""
        chance = random.Random(seed)
        crowd = [
            code ^ sum(1 << bit for bit in chance.sample(range(256), chance.randrange(30)))
            for _ in range(CROWD)
        ]
        ids = list(range(first, first + CROWD))
        self.index.insert_many(b"".join(one.to_bytes(32) for one in crowd), ids)
        self.entries.update(zip(ids, (Entry(one, 0) for one in crowd), strict=True))

    @rule(
        code=CODES,
        first=st.sampled_from([0, 20_000]),
        parts=st.sets(st.integers(min_value=0, max_value=15), min_size=3, max_size=12),
        seed=st.integers(min_value=0, max_value=3),
    )
    def insert_alike_in_parts(self, code: int, first: int, parts: set[int], seed: int) -> None:
        """So many alike in some parts that tables give up, though they are far from one another."""
        chance = random.Random(seed)
        free = sum(0xFFFF << 16 * part for part in range(16) if part not in parts)
        alike = [code ^ (chance.getrandbits(256) & free) for _ in range(CROWD)]
        ids = list(range(first, first + CROWD))
        self.index.insert_many(b"".join(one.to_bytes(32) for one in alike), ids)
        self.entries.update(zip(ids, (Entry(one, 0) for one in alike), strict=True))

    @rule(id_=consumes(held_ids))
    def remove_known(self, id_: int) -> None:
        """An entry that was there, unless it has gone already."""
        assert self.index.remove(id_) == (self.entries.pop(id_, None) is not None)

    @rule(id_=IDS)
    def remove_any(self, id_: int) -> None:
        """An entry that may never have been there."""
        assert self.index.remove(id_) == (self.entries.pop(id_, None) is not None)

    @rule(id_=st.one_of(held_ids, IDS, st.integers(min_value=100, max_value=110)), enabled=st.booleans())
    def set_enabled(self, id_: int, enabled: bool) -> None:
        """An entry that may be there is not to be found for a while, or again."""
        assert self.index.set_enabled(id_, enabled=enabled) == (id_ in self.entries)
        if id_ in self.entries:
            self.entries[id_] = replace(self.entries[id_], enabled=enabled)

    @rule(into_one=st.booleans(), threads=st.sampled_from([1, 2]))
    def merge(self, into_one: bool, threads: int) -> None:
        """From pending entries to a segment, or from all segments to one."""
        self.index.merge(into_one=into_one, threads=threads)
        assert self.index.pending == 0
        assert not into_one or self.index.segments <= 1

    @rule(cursor=st.integers(min_value=0, max_value=2**64 - 1))
    def save_and_load(self, cursor: int) -> None:
        """From here on the index that was read back is used."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "index")
            self.index.write_snapshot(path, cursor=cursor)
            self.index, found = HammingIndex.read_snapshot(path)
        assert found == cursor
        assert self.index.is_mapped

    @rule(code=CODES, ask=ASKS)
    def search(self, code: int, ask: Ask) -> None:
        """Near anything."""
        radius = min(ask.radius, self.index.distance_bits_max)
        found = self.index.search(
            code.to_bytes(32),
            distance_bits_max=radius,
            limit=ask.limit,
            banks=ask.banks,
            structure=ask.structure,
        )
        assert found == self._by_list(code, replace(ask, radius=radius))

    @rule(codes=st.lists(CODES, max_size=8), ask=ASKS, threads=st.sampled_from([1, 3]))
    def search_many(self, codes: list[int], ask: Ask, threads: int) -> None:
        """Several at once."""
        queries = b"".join(code.to_bytes(32) for code in codes)
        ask = replace(ask, radius=min(ask.radius, self.index.distance_bits_max))
        found = self.index.search_many(
            queries,
            distance_bits_max=ask.radius,
            limit=ask.limit,
            banks=ask.banks,
            structure=ask.structure,
            threads=threads,
        )
        expected = [self._by_list(code, ask) for code in codes]
        assert found == expected
        flat = self.index.search_flat(
            queries,
            distance_bits_max=ask.radius,
            limit=ask.limit,
            banks=ask.banks,
            structure=ask.structure,
            threads=threads,
        )
        assert flat == [(place, *one) for place, near in enumerate(expected) for one in near]

    @rule(
        id_=held_ids,
        flips=st.sets(st.integers(min_value=0, max_value=255), max_size=64),
        structure=STRUCTURES,
    )
    def search_at_the_edge(self, id_: int, flips: set[int], structure: Structure) -> None:
        """An entry at exactly the radius is found, and one bit further it is not."""
        entry = self.entries.get(id_)
        if entry is None or not entry.enabled or len(flips) > self.index.distance_bits_max:
            return
        code = entry.code ^ sum(1 << bit for bit in flips)
        found = self.index.search(code.to_bytes(32), distance_bits_max=len(flips), structure=structure)
        assert (id_, len(flips)) in found
        if flips:
            nearer = self.index.search(
                code.to_bytes(32), distance_bits_max=len(flips) - 1, structure=structure
            )
            assert id_ not in [near for near, _ in nearer]

    @invariant()
    def sizes_agree(self) -> None:
        """Nothing is counted twice or forgotten."""
        if hasattr(self, "index"):
            assert len(self.index) == len(self.entries)
            assert all(id_ in self.index for id_ in list(self.entries)[:5])

    def _by_list(self, code: int, ask: Ask) -> list[tuple[int, int]]:
        distances = (
            (id_, (code ^ one.code).bit_count())
            for id_, one in self.entries.items()
            if one.enabled and (ask.banks is None or one.bank in ask.banks)
        )
        near = [(id_, distance) for id_, distance in distances if distance <= ask.radius]
        return sorted(near, key=lambda one: (one[1], one[0]))[: ask.limit]


TestIndexBesideList = IndexBesideList.TestCase
TestIndexBesideList.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
