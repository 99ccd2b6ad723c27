"""Many pictures in one call: each gets the answer that it would get alone, whatever the threads.

A refusal stands in its picture's place and does not touch the others.
"""

import pytest
import vigie_kernel
from vigie_kernel import MediumRefused, PictureSignals

from kernel_samples import BYTES_MAX, PIXELS_MAX, TIME_MS_MAX, encoded, photograph, photograph_paths, signals


def _hash_pictures(
    pictures: list[bytes], *, threads: int = 1, pixels_max: int = PIXELS_MAX
) -> list[PictureSignals | MediumRefused]:
    return vigie_kernel.hash_pictures(
        pictures, bytes_max=BYTES_MAX, pixels_max=pixels_max, time_ms_max=TIME_MS_MAX, threads=threads
    )


def _answer(found: PictureSignals | MediumRefused) -> tuple[object, ...]:
    if isinstance(found, MediumRefused):
        return (found.code, str(found))
    return (
        found.format,
        found.width_px,
        found.height_px,
        found.md5,
        found.sha256,
        found.pdq,
        found.pdq_quality,
    )


def _some_pictures() -> list[bytes]:
    kinds = ["JPEG", "PNG", "WEBP", "GIF"]
    pictures = [encoded(photograph(path), kinds[place % 4]) for place, path in enumerate(photograph_paths())]
    return [*pictures[:4], b"", *pictures[4:], b"no picture", pictures[0][:-200]]


def test_a_batch_gives_each_picture_the_answer_it_gets_alone() -> None:
    pictures = _some_pictures()
    for data, found in zip(pictures, _hash_pictures(pictures), strict=True):
        try:
            alone: PictureSignals | MediumRefused = signals(data)
        except MediumRefused as refused:
            alone = refused
        assert _answer(found) == _answer(alone)


@pytest.mark.parametrize("threads", [2, 3, 64])
def test_answers_do_not_depend_on_the_number_of_threads(threads: int) -> None:
    pictures = _some_pictures() * 3
    one = [_answer(found) for found in _hash_pictures(pictures)]
    assert [_answer(found) for found in _hash_pictures(pictures, threads=threads)] == one


def test_limits_hold_for_each_picture_of_a_batch() -> None:
    small, large = (
        encoded(photograph(photograph_paths()[0]).resize(size), "PNG") for size in ((9, 9), (99, 99))
    )
    found = _hash_pictures([small, large, small], pixels_max=100)
    assert [getattr(one, "code", "") for one in found] == ["", "too_many_pixels", ""]


def test_nothing_in_nothing_out() -> None:
    assert _hash_pictures([]) == []


def test_the_hash_alone_is_the_hash_among_the_signals() -> None:
    for path in photograph_paths():
        data = encoded(photograph(path), "JPEG", quality=80)
        found = signals(data)
        alone = vigie_kernel.pdq_picture(
            data, bytes_max=BYTES_MAX, pixels_max=PIXELS_MAX, time_ms_max=TIME_MS_MAX
        )
        assert alone == (found.pdq, found.pdq_quality)


@pytest.mark.parametrize("threads", [0, -1, 257, 2**62])
def test_a_number_of_threads_out_of_range_is_refused(threads: int) -> None:
    with pytest.raises(ValueError, match="threads"):
        _hash_pictures([], threads=threads)


def test_too_long_a_batch_and_an_unknown_fidelity_are_refused() -> None:
    with pytest.raises(ValueError, match="65536 pictures"):
        _hash_pictures([b""] * 65_537)
    with pytest.raises(ValueError, match="fidelity"):
        vigie_kernel.pdq_picture(b"", bytes_max=1, pixels_max=1, time_ms_max=1, fidelity="rough")  # type: ignore[arg-type]
