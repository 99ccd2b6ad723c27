"""A harmless entry outweighs what is no nearer than itself, and nothing else."""

from vigie.matching.matches import Match, Query, weigh_harmless

PDQ_M1 = Query("pdq", b"1", "m1")
SHA_M1 = Query("sha256", b"2", "m1")
PDQ_M2 = Query("pdq", b"3", "m2")
TEXT = Query("text_sha256", b"4")


def match(
    query: Query, distance_bits: int, kind: str = "known", entry_id: int = 1, *, confirmed: bool = True
) -> Match:
    """A match with only what matters here."""
    return Match(query, entry_id, f"E-{entry_id:06d}", "b", True, "plain", kind, confirmed, "", distance_bits)


def test_without_harmless_entries_everything_counts() -> None:
    known = [match(PDQ_M1, 0), match(TEXT, 0)]
    assert weigh_harmless(known).found == tuple(known)


def test_a_nearer_harmless_entry_outweighs() -> None:
    known, harmless = match(PDQ_M1, 12), match(PDQ_M1, 2, "harmless", 2)
    looked = weigh_harmless([known, harmless])
    assert looked.found == ()
    assert looked.suppressed == (known,)


def test_an_equally_near_harmless_entry_outweighs() -> None:
    assert weigh_harmless([match(PDQ_M1, 4), match(PDQ_M1, 4, "harmless", 2)]).found == ()


def test_a_farther_harmless_entry_does_not() -> None:
    known = match(PDQ_M1, 4)
    assert weigh_harmless([known, match(PDQ_M1, 20, "harmless", 2)]).found == (known,)


def test_a_harmless_entry_says_nothing_about_another_medium() -> None:
    known = match(PDQ_M2, 10)
    assert weigh_harmless([known, match(PDQ_M1, 0, "harmless", 2)]).found == (known,)


def test_an_identical_harmless_file_outweighs_all_of_its_medium_but_not_the_text() -> None:
    text = match(TEXT, 0, entry_id=3)
    looked = weigh_harmless([match(PDQ_M1, 0), text, match(SHA_M1, 0, "harmless", 2)])
    assert looked.found == (text,)


def test_an_unconfirmed_harmless_entry_lets_nothing_through_and_removes_nothing() -> None:
    known = match(PDQ_M1, 12)
    unsure = match(PDQ_M1, 2, "harmless", 2, confirmed=False)
    assert weigh_harmless([known, unsure]).found == (match(PDQ_M1, 12, confirmed=False),)
    assert weigh_harmless([known, unsure]).suppressed == ()
    identical = match(SHA_M1, 0, "harmless", 2, confirmed=False)
    assert weigh_harmless([match(PDQ_M1, 0), identical]).found == (match(PDQ_M1, 0, confirmed=False),)
