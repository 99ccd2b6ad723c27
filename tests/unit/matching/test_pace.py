"""Short look-ups are made on the spot, long ones in a thread, by what they took lately."""

from vigie.matching.pace import LookupPace


def test_a_look_up_that_was_never_timed_is_long() -> None:
    assert not LookupPace().are_short([("pdq", 31, 1)])


def test_what_takes_a_millisecond_in_all_is_short() -> None:
    pace = LookupPace()
    pace.note("pdq", distance_bits_max=31, count=10, took_s=0.001)
    assert pace.are_short([("pdq", 31, 9)])
    assert not pace.are_short([("pdq", 31, 11)])


def test_each_kind_and_radius_has_a_pace_of_its_own() -> None:
    pace = LookupPace()
    pace.note("pdq", distance_bits_max=31, count=1, took_s=0.0001)
    assert not pace.are_short([("md5", 31, 1)])
    assert not pace.are_short([("pdq", 64, 1)])


def test_a_bank_that_grows_slow_moves_to_threads_and_back() -> None:
    pace = LookupPace()
    pace.note("pdq", distance_bits_max=31, count=1, took_s=0.0001)
    for _ in range(20):
        pace.note("pdq", distance_bits_max=31, count=1, took_s=0.01)
    assert not pace.are_short([("pdq", 31, 1)])
    for _ in range(20):
        pace.note("pdq", distance_bits_max=31, count=1, took_s=0.0001)
    assert pace.are_short([("pdq", 31, 1)])


def test_look_ups_of_one_question_are_added_up() -> None:
    pace = LookupPace()
    pace.note("pdq", distance_bits_max=31, count=1, took_s=0.0006)
    pace.note("pdq_variant", distance_bits_max=28, count=1, took_s=0.0003)
    assert pace.are_short([("pdq", 31, 1), ("pdq_variant", 28, 1)])
    assert not pace.are_short([("pdq", 31, 1), ("pdq_variant", 28, 2)])
    assert not pace.are_short([("pdq", 31, 1), ("md5", 31, 1)])
