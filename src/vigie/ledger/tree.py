"""A Merkle tree over the hashes of ledger rows: a few of them prove that a row stands in the whole.

Pure functions over hashes; a row that is not asked about is not shown. Source: RFC 6962 section 2.1.
"""

import hashlib
from collections.abc import Iterable, Sequence

_LEAF, _NODE = b"\0", b"\1"
_LEVELS_MAX = 40
EMPTY = hashlib.sha256(b"").digest()


class TreeBuilder:
    """Takes the hashes of rows 1, 2, 3 ... and keeps one hash a level, and those that proofs need."""

    def __init__(self, wanted: Iterable[int]) -> None:
        """`wanted`: the numbers of rows (from 1) that will be proved."""
        self._counts: list[int] = []
        self._pending: list[bytes] = []
        self._kept: dict[tuple[int, int], bytes] = {}
        self._needed = _needed(frozenset(wanted))

    @property
    def size(self) -> int:
        """How many rows came."""
        return self._counts[0] if self._counts else 0

    def add(self, row_hash: bytes) -> None:
        """The hash of the next row."""
        level, node = 0, hashlib.sha256(_LEAF + row_hash).digest()
        while True:
            if level == len(self._counts):
                self._counts.append(0)
                self._pending.append(b"")
            index = self._counts[level]
            self._counts[level] += 1
            self._keep(level, index, node)
            if index % 2 == 0:
                self._pending[level] = node
                return
            node = hashlib.sha256(_NODE + self._pending[level] + node).digest()
            level += 1

    def root(self) -> bytes:
        """The hash over all rows; call it once, after the last."""
        node: bytes | None = None
        for level, count in enumerate(self._counts):
            if node is not None:
                # An incomplete node stands behind the complete ones of its level.
                self._keep(level, count, node)
            if count % 2 == 1:
                own = self._pending[level]
                node = own if node is None else hashlib.sha256(_NODE + own + node).digest()
        return EMPTY if node is None else node

    def proof(self, seq: int) -> tuple[bytes, ...]:
        """The hashes that lead from row `seq` to the root, lowest first; after `root`."""
        return tuple(
            self._kept[level, sibling]
            for level, sibling in enumerate(_siblings(seq - 1, self.size))
            if sibling is not None
        )

    def _keep(self, level: int, index: int, node: bytes) -> None:
        if (level, index) in self._needed:
            self._kept[level, index] = node


def root_from(row_hash: bytes, *, seq: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that `proof` leads to from row `seq` of `size`; None for a proof of another length."""
    if not 1 <= seq <= size:
        return None
    node, index, left = hashlib.sha256(_LEAF + row_hash).digest(), seq - 1, list(proof)
    for sibling in _siblings(index, size):
        if sibling is not None:
            if not left:
                return None
            other = left.pop(0)
            pair = node + other if index % 2 == 0 else other + node
            node = hashlib.sha256(_NODE + pair).digest()
        index //= 2
    return None if left else node


def _siblings(index: int, size: int) -> list[int | None]:
    """The index of the other child on each level on the way up; None where a node is passed on alone."""
    found: list[int | None] = []
    while size > 1:
        sibling = index ^ 1
        found.append(sibling if sibling < size else None)
        index, size = index // 2, (size + 1) // 2
    return found


def _needed(wanted: frozenset[int]) -> frozenset[tuple[int, int]]:
    """Level and index of every node that a proof of the wanted rows may need."""
    return frozenset((level, ((seq - 1) >> level) ^ 1) for seq in wanted for level in range(_LEVELS_MAX))
