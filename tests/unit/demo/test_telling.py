"""Distances are told in words, and results to programs as JSON."""

import json

import pytest

from vigie.demo.expectations import all_checked
from vigie.demo.posts import Expected, Post, Sort
from vigie.demo.seen import Deeds, Posted, Timings, Why
from vigie.demo.story import Result
from vigie.demo.telling import as_json, distance_in_words, on_the_platform, summary_lines, why_in_words


def _why(signal: str, distance_bits: int, *, confirmed: bool = True) -> Why:
    return Why("E-000003", "emblem", signal, distance_bits, confirmed)


def _posted(*, why: Why | None, verdict: str, state: str, missed_by_bits: int | None = None) -> Posted:
    post = Post(
        "key", "coot", "t", "the emblem, mirrored", Sort.NEAR, Expected.MISSED, "words", b"picture", "emblem"
    )
    case = "C-000001" if why else ""
    return Posted(post, 7, verdict, state, case, "", ("near-copy",), why, False, missed_by_bits, 12.3)


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (_why("sha256", 0), "the same file"),
        (_why("text_sha256", 0), "the same text"),
        (_why("pdq", 0), "the same picture (0 bits)"),
        (_why("pdq", 8), "hardly changed (8 bits)"),
        (_why("pdq", 24), "changed (24 bits)"),
        (Why("E-000003", "emblem", "pdq_variant", 4, True, "mirrored"), "mirrored"),
    ],
)
def test_a_distance_is_told_in_words(why: Why, words: str) -> None:
    assert distance_in_words(why) == words


def test_an_entry_that_nobody_confirmed_is_told_as_such() -> None:
    held = _posted(why=_why("pdq", 8, confirmed=False), verdict="hold", state="held")
    assert why_in_words(held) == "E-000003 emblem, not confirmed: hardly changed (8 bits)"


def test_a_missed_copy_is_told_with_its_distance() -> None:
    missed = _posted(why=None, verdict="allow", state="published", missed_by_bits=122)
    assert why_in_words(missed) == "122 bits from the emblem: beyond 31"


def test_a_near_copy_that_a_harmless_entry_outweighs_is_not_told_as_too_far() -> None:
    outweighed = _posted(why=None, verdict="allow", state="published", missed_by_bits=10)
    assert why_in_words(outweighed) == "10 bits from the emblem, but a harmless entry is as near"


def test_what_happened_later_follows_what_happened_at_once() -> None:
    held = _posted(why=_why("pdq", 8), verdict="hold", state="held")
    assert on_the_platform(held, {"key": "decided: remove"}) == "hidden, waits; decided: remove"


def test_a_result_is_json_without_texts_and_pictures_and_says_what_was_missed() -> None:
    posted = [_posted(why=None, verdict="allow", state="published", missed_by_bits=122)]
    deeds = Deeds()
    timings = Timings(1.0, 0.1, (12.3,), (), 2.0)
    result = Result(posted, deeds, all_checked(posted, deeds), timings)
    told = json.loads(json.dumps(as_json(result)))
    assert told["ok"] is False
    assert told["counts"]["missed"] == 1
    assert "words" not in json.dumps(told["posts"])
    assert "the emblem, mirrored (122 bits)" in summary_lines(result)[-1]
