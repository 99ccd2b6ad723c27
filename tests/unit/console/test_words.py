"""Every code that a page can show has words, and words say what the numbers say."""

import pytest

from vigie.cases.decisions import ACTIONS, EXEMPTIONS, LEGAL_TYPES
from vigie.console import words
from vigie.console.access import SENTENCES
from vigie.console.event_words import EVENTS
from vigie.console.templatetags.vigie_console import age_words, defanged
from vigie.ledger.events import Event
from vigie.people.rights import Right, Role
from vigie.platforms.messages import Measure
from vigie.redress.statements import SUSPEND_ACCOUNT
from vigie.signals import media


def test_every_action_type_exemption_measure_role_and_quarantine_has_words() -> None:
    assert set(words.ACTIONS) == {*ACTIONS, "undo"}
    # A statement can be about an account, too.
    assert set(words.ACTIONS_TAKEN) == {*ACTIONS, "undo", SUSPEND_ACCOUNT}
    assert set(words.ACTION_SENTENCES) == set(ACTIONS)
    assert set(words.LEGAL_TYPES) == set(LEGAL_TYPES) == set(words.LEGAL_TYPES_SHORT)
    assert set(words.EXEMPTIONS) == set(EXEMPTIONS)
    assert set(words.MEASURES) == set(Measure)
    assert set(words.ROLES) == set(Role)
    assert set(media.SENTENCES) <= set(words.QUARANTINE)


def test_every_event_of_the_ledger_has_words() -> None:
    shipped = {name for name, event in Event.known.items() if event.__module__.startswith("vigie.")}
    assert shipped - set(EVENTS) == set()


def test_whoever_lacks_a_right_is_told_which() -> None:
    behind_pages = {right.value for right in Right} - {
        "content:write",
        "match:read",
        "orders:file",
    }
    assert behind_pages == set(SENTENCES)


@pytest.mark.parametrize(
    ("signal", "bits", "said"),
    [
        ("sha256", 0, "Identical file"),
        ("md5", 0, "Identical file"),
        ("text_sha256", 0, "The same text, whatever its case and spacing"),
        ("pdq", 0, "0 of 256 bits differ: the same picture"),
        ("pdq", 1, "1 of 256 bits differs: very likely the same picture, recompressed or resized"),
        ("pdq", 12, "12 of 256 bits differ: very likely the same picture, recompressed or resized"),
        ("pdq", 13, "13 of 256 bits differ: probably the same picture, edited or cropped"),
        ("pdq", 31, "31 of 256 bits differ: looks alike; may be another picture"),
    ],
)
def test_a_distance_is_told_in_bits_and_in_words(signal: str, bits: int, said: str) -> None:
    assert words.distance_words(signal, bits) == said


def test_a_code_without_words_is_shown_and_not_hidden() -> None:
    assert words.word(words.VERDICTS, "something_new") == "something_new"
    assert words.note_words({"code": "something_new"}) == "something_new"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://heron.example/a.b?c=d.e", "hxxps://heron[.]example/a.b?c=d.e"),
        ("http://10.0.0.1", "hxxp://10[.]0[.]0[.]1"),
        ("heron.example/a", "heron[.]example/a"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_an_address_is_shown_so_that_nothing_makes_a_link_of_it(address: str, shown: str) -> None:
    assert defanged(address) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 min"),
        (3600, "1 h"),
        (47 * 3600, "47 h"),
        (48 * 3600, "2 days"),
    ],
)
def test_an_age_is_short(seconds: int, shown: str) -> None:
    assert age_words(seconds) == shown
