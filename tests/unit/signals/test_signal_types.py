"""The contract that every kind of signal keeps; each brings its own examples."""

import pytest

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
