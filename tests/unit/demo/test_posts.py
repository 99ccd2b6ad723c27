"""What is posted is what it is said to be, before anything is asked of Vigie."""

import pytest

from vigie.demo.drawings import GREY_HERON
from vigie.demo.known import NOT_CONFIRMED
from vigie.demo.photographs import Photograph
from vigie.demo.posts import BANKED_TEXT, BANKED_TITLE, Expected, Post, Sort, all_posts
from vigie.foundation.settings import Settings
from vigie.signals.media import MediumLimits, hash_medium
from vigie.signals.types.text_sha256 import text_signal

LIMITS = MediumLimits.from_settings(Settings())
RADIUS_BITS = Settings().match_distance_bits_max
POSTS = all_posts([Photograph("a banner", "drawn", GREY_HERON["banner"]())])
COPIES = [one for one in POSTS if one.copy_of]


def _distance_bits(post: Post) -> int:
    assert post.picture is not None
    left = hash_medium(post.picture, limits=LIMITS).pdq
    right = hash_medium(GREY_HERON[post.copy_of](), limits=LIMITS).pdq
    return (int.from_bytes(left) ^ int.from_bytes(right)).bit_count()


def test_every_post_has_a_key_of_its_own() -> None:
    assert len({one.key for one in POSTS}) == len(POSTS)


def test_there_is_something_of_every_sort_and_every_expectation() -> None:
    assert {one.sort for one in POSTS} == set(Sort)
    assert {one.expected for one in POSTS} == set(Expected)


@pytest.mark.parametrize(
    "post", [one for one in COPIES if one.sort is not Sort.EDITED], ids=lambda one: one.key
)
def test_what_is_near_is_within_the_radius(post: Post) -> None:
    assert _distance_bits(post) <= RADIUS_BITS


@pytest.mark.parametrize("post", [one for one in COPIES if one.sort is Sort.EDITED], ids=lambda one: one.key)
def test_what_was_edited_is_beyond_the_radius(post: Post) -> None:
    assert _distance_bits(post) > RADIUS_BITS


def test_exact_copies_are_of_confirmed_entries_only() -> None:
    assert NOT_CONFIRMED.isdisjoint(one.copy_of for one in POSTS if one.expected is Expected.REFUSED)
    assert {one.copy_of for one in POSTS if one.sort is Sort.UNCONFIRMED} == NOT_CONFIRMED


def test_case_and_spacing_do_not_hide_the_banked_text_and_other_words_do() -> None:
    banked = text_signal(f"{BANKED_TITLE}\n\n{BANKED_TEXT}")
    by_key = {one.key: text_signal(f"{one.title}\n\n{one.text}") for one in POSTS if one.sort is Sort.TEXT}
    assert by_key["text-banked"] == by_key["text-spaced"] == banked
    assert by_key["text-reworded"] != banked
