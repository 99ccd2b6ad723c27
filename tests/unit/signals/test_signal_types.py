"""The contract that every kind of signal keeps; each brings its own examples."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.signals.types import ALL, SignalType
from vigie.signals.types.base import SignalInvalid
from vigie.signals.types.text_sha256 import normalise, text_signal

EVERY = pytest.mark.parametrize("kind", ALL.values(), ids=list(ALL))


@EVERY
def test_an_example_is_read_and_written_the_same(kind: SignalType) -> None:
    for example in kind.examples:
        assert kind.write(kind.parse(example)) == example


@EVERY
def test_capitals_and_spaces_around_are_taken(kind: SignalType) -> None:
    assert kind.parse(f" {kind.examples[0].upper()}\n") == kind.parse(kind.examples[0])


@EVERY
@pytest.mark.parametrize("damage", ["", "0", "zz", "0x00", "é" * 64, "0" * 63, "0" * 66])
def test_anything_else_is_refused_with_an_example(kind: SignalType, damage: str) -> None:
    with pytest.raises(SignalInvalid) as caught:
        kind.parse(damage)
    assert kind.examples[0] in caught.value.hint


@EVERY
def test_a_code_for_the_index_has_256_bits(kind: SignalType) -> None:
    assert len(kind.code(kind.parse(kind.examples[0]))) == 32


def test_a_text_is_found_whatever_its_case_and_spacing() -> None:
    said = text_signal("The Grey Heron Column marches at dawn")
    assert said is not None
    assert said == text_signal("  the GREY\theron\u200b column \n marches at dawn ")
    assert said == text_signal("\uff34he Grey Heron Column marches at dawn")
    assert said != text_signal("The Grey Heron Column marches at dusk")


def test_a_short_text_has_no_signal() -> None:
    assert text_signal("hello") is None
    assert text_signal("") is None


def test_normalising_twice_changes_nothing_more() -> None:
    for text in ("Straße \u0130stanbul ﬁn", "\u202eabc\u202c  d"):
        assert normalise(normalise(text)) == normalise(text)


@EVERY
@given(data=st.data())
def test_many_values_are_read_as_each_alone(kind: SignalType, data: st.DataObject) -> None:
    plain = st.binary(min_size=kind.value_bytes, max_size=kind.value_bytes).map(bytes.hex)
    unusual = st.one_of(plain, plain.map(str.upper), plain.map(lambda text: f" {text}\n"))
    # Digits that a join could move from one value to the next, or white space that it could swallow.
    wrong = st.sampled_from(["", "0" * (kind.value_bytes * 2 - 1), "0" * (kind.value_bytes * 2 + 1)])
    spaced = plain.map(lambda text: text[:-2] + "  ")
    texts = data.draw(st.lists(st.one_of(unusual, wrong, spaced), max_size=6))
    assert _outcome(lambda: kind.parse_many(texts)) == _outcome(lambda: b"".join(map(kind.parse, texts)))


def _outcome(read: Callable[[], bytes]) -> bytes | str:
    try:
        return read()
    except SignalInvalid as refused:
        return str(refused)


@EVERY
def test_codes_of_many_values_are_those_of_each(kind: SignalType) -> None:
    values = [bytes([number]) * kind.value_bytes for number in range(3)]
    assert kind.codes(b"".join(values)) == b"".join(kind.code(value) for value in values)
