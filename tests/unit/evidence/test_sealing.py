"""Sealed bytes open with the right key and name only, and whole or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.evidence.sealing import SealBroken, Sealed, seal, unseal

MASTER, OTHER = bytes(range(32)), bytes(32)


def sealed(data: bytes, item: str = "item-1") -> Sealed:
    """Sealed with fixed keys."""
    return seal(data, master_key=MASTER, item=item, key=b"k" * 32, nonces=(b"n" * 12, b"m" * 12))


@given(st.binary(max_size=2_000))
def test_what_was_sealed_comes_back(data: bytes) -> None:
    assert unseal(sealed(data), master_key=MASTER, item="item-1") == data


def test_the_plain_bytes_are_not_in_the_sealed_ones() -> None:
    assert b"a harmless secret" not in sealed(b"a harmless secret").ciphertext


def test_another_master_key_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        unseal(sealed(b"x"), master_key=OTHER, item="item-1")


def test_sealed_bytes_cannot_be_passed_off_as_another_item() -> None:
    with pytest.raises(SealBroken):
        unseal(sealed(b"x"), master_key=MASTER, item="item-2")


@given(st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    one = sealed(b"harmless bytes")
    field = data.draw(st.sampled_from(["ciphertext", "wrapped_key"]))
    whole = bytearray(getattr(one, field))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    changed = Sealed(
        bytes(whole) if field == "ciphertext" else one.ciphertext,
        bytes(whole) if field == "wrapped_key" else one.wrapped_key,
    )
    with pytest.raises(SealBroken):
        unseal(changed, master_key=MASTER, item="item-1")
