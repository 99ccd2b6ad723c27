"""The tree over ledger rows: the same root as the definition gives, and proofs for true rows only."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from vigie.ledger.tree import EMPTY, TreeBuilder, root_from


def by_definition(hashes: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashlib.sha256(b"\0" + hashes[0]).digest()
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\1" + by_definition(hashes[:split]) + by_definition(hashes[split:])).digest()


def rows(count: int) -> list[bytes]:
    return [hashlib.sha256(str(number).encode()).digest() for number in range(count)]


@given(st.integers(0, 70))
def test_the_root_is_that_of_the_definition(count: int) -> None:
    tree = TreeBuilder([])
    for one in rows(count):
        tree.add(one)
    assert tree.root() == by_definition(rows(count))


def test_an_empty_tree_has_a_root() -> None:
    assert TreeBuilder([]).root() == EMPTY


@given(st.integers(1, 70), st.data())
def test_each_row_is_proved_and_no_other_is(count: int, data: st.DataObject) -> None:
    hashes = rows(count)
    wanted = data.draw(st.sets(st.integers(1, count), min_size=1))
    tree = TreeBuilder(wanted)
    for one in hashes:
        tree.add(one)
    root = tree.root()
    for seq in wanted:
        proof = tree.proof(seq)
        assert root_from(hashes[seq - 1], seq=seq, size=count, proof=proof) == root
        assert root_from(bytes(32), seq=seq, size=count, proof=proof) != root
        assert root_from(hashes[seq - 1], seq=seq, size=count, proof=[*proof, bytes(32)]) is None
        if proof:
            assert root_from(hashes[seq - 1], seq=seq, size=count, proof=proof[:-1]) is None
        elsewhere = data.draw(st.integers(1, count))
        if elsewhere != seq:
            assert root_from(hashes[seq - 1], seq=elsewhere, size=count, proof=proof) != root
    assert root_from(hashes[0], seq=count + 1, size=count, proof=[]) is None
