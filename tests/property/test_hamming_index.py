"""After any sequence of changes the Hamming index answers as a plain list of all entries would."""

import tempfile
from pathlib import Path

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
RADII = st.integers(min_value=0, max_value=64)


class IndexBesideList(RuleBasedStateMachine):
    """The same changes go to the index and to a dictionary; searches must agree."""

    held_ids: Bundle[int] = Bundle("held_ids")

    @initialize()
    def start(self) -> None:
        """An empty index, an empty dictionary."""
        self.index = HammingIndex()
        self.entries: dict[int, int] = {}

    @rule(target=held_ids, code=CODES, id_=IDS)
    def insert(self, code: int, id_: int) -> int:
        """A new entry, or another code for a known one."""
        self.index.insert(code.to_bytes(32), id_)
        self.entries[id_] = code
        return id_

    @rule(code=CODES, id_=held_ids)
    def replace(self, code: int, id_: int) -> None:
        """Surely another code for a known one, unless it has gone."""
        self.index.insert(code.to_bytes(32), id_)
        self.entries[id_] = code

    @rule(added=st.lists(st.tuples(CODES, IDS), max_size=40))
    def insert_many(self, added: list[tuple[int, int]]) -> None:
        """Many at once; the later of two with one id stays."""
        codes = b"".join(code.to_bytes(32) for code, _ in added)
        self.index.insert_many(codes, [id_ for _, id_ in added])
        self.entries.update({id_: code for code, id_ in added})

    @rule(code=CODES, count=st.sampled_from([1, 2, 4, 8, 16, 64]))
    def insert_copies(self, code: int, count: int) -> None:
        """Many holders of one code."""
        ids = list(range(100, 100 + count))
        self.index.insert_many(code.to_bytes(32) * count, ids)
        self.entries.update(dict.fromkeys(ids, code))

    @rule(id_=consumes(held_ids))
    def remove_known(self, id_: int) -> None:
        """An entry that was there, unless it has gone already."""
        assert self.index.remove(id_) == (self.entries.pop(id_, None) is not None)

    @rule(id_=IDS)
    def remove_any(self, id_: int) -> None:
        """An entry that may never have been there."""
        assert self.index.remove(id_) == (self.entries.pop(id_, None) is not None)

    @rule(cursor=st.integers(min_value=0, max_value=2**64 - 1))
    def save_and_load(self, cursor: int) -> None:
        """From here on the index that was read back is used."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "index")
            self.index.write_snapshot(path, cursor=cursor)
            self.index, found = HammingIndex.read_snapshot(path)
        assert found == cursor

    @rule(code=CODES, radius=RADII)
    def search(self, code: int, radius: int) -> None:
        """Near anything."""
        assert self.index.search(code.to_bytes(32), distance_bits_max=radius) == self._by_list(code, radius)

    @rule(codes=st.lists(CODES, max_size=8), radius=RADII)
    def search_many(self, codes: list[int], radius: int) -> None:
        """Several at once."""
        queries = b"".join(code.to_bytes(32) for code in codes)
        found = self.index.search_many(queries, distance_bits_max=radius)
        assert found == [self._by_list(code, radius) for code in codes]

    @rule(id_=held_ids, flips=st.sets(st.integers(min_value=0, max_value=255), max_size=64))
    def search_at_the_edge(self, id_: int, flips: set[int]) -> None:
        """An entry at exactly the radius is found, and one bit further it is not."""
        if id_ not in self.entries:
            return
        code = self.entries[id_] ^ sum(1 << bit for bit in flips)
        found = self.index.search(code.to_bytes(32), distance_bits_max=len(flips))
        assert (id_, len(flips)) in found
        if flips:
            nearer = self.index.search(code.to_bytes(32), distance_bits_max=len(flips) - 1)
            assert id_ not in [near for near, _ in nearer]

    @invariant()
    def sizes_agree(self) -> None:
        """Nothing is counted twice or forgotten."""
        if hasattr(self, "index"):
            assert len(self.index) == len(self.entries)
            assert all(id_ in self.index for id_ in list(self.entries)[:5])

    def _by_list(self, code: int, radius: int) -> list[tuple[int, int]]:
        distances = ((id_, (code ^ other).bit_count()) for id_, other in self.entries.items())
        near = [(id_, distance) for id_, distance in distances if distance <= radius]
        return sorted(near, key=lambda one: (one[1], one[0]))


TestIndexBesideList = IndexBesideList.TestCase
TestIndexBesideList.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
