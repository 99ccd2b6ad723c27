"""Every code of a removal order has words on the desk."""

from typing import get_args

from vigie.console import order_words as words
from vigie.orders import steps
from vigie.orders.forms import AUTHORITY_KINDS
from vigie.orders.states import Access, Answer, Disclosure, Scrutiny, Stage


def test_every_state_has_words() -> None:
    assert set(words.STAGES) == set(Stage)
    assert set(words.ACCESS) == set(Access)
    assert set(words.ANSWERS) == set(Answer)
    assert set(words.SCRUTINY) == set(Scrutiny)
    assert set(words.DISCLOSURE) == set(Disclosure)


def test_every_choice_of_a_step_has_words() -> None:
    assert set(words.STEPS_DONE) == set(steps.STEPS)
    assert set(words.GROUNDS) == set(get_args(steps.Ground))
    assert set(words.ASKED_BY) == set(get_args(steps.AskedBy))
    assert set(words.MEASURES_TAKEN) == set(get_args(steps.MeasureWord))
    assert set(words.AUTHORITY_KINDS) == set(AUTHORITY_KINDS)


def test_what_waits_in_quarantine_has_a_reason_in_words() -> None:
    assert {"not_read_yet", "nothing_readable", "reader_failed", "pdf_unreadable"} <= set(words.PROBLEMS)
