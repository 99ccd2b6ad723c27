"""A decision records what the law asks for, and means one thing for the platform."""

import itertools

import pytest

from vigie.cases.decisions import (
    ACTIONS,
    EXEMPTIONS,
    LEGAL_TYPES,
    DecisionDraft,
    DecisionIncomplete,
    check_draft,
    measures_of,
    measures_to_undo,
)
from vigie.platforms.messages import CONTENT_MEASURES, Measure

REMOVAL = DecisionDraft("remove", "a copy of a banked poster", legal_type="a", exemption="none")


def test_a_complete_removal_is_accepted() -> None:
    check_draft(REMOVAL)


@pytest.mark.parametrize(
    ("draft", "word"),
    [
        (DecisionDraft("remove", "why", exemption="none"), "legal type"),
        (DecisionDraft("remove", "why", legal_type="f", exemption="none"), "legal type"),
        (DecisionDraft("remove", "why", legal_type="a"), "exemption"),
        (DecisionDraft("remove", "", legal_type="a", exemption="none"), "reason"),
        (DecisionDraft("remove", "  ", legal_type="a", exemption="none"), "reason"),
        (DecisionDraft("remove", "why", "a", "journalism", "a news report"), "exemption"),
        (DecisionDraft("keep", "why", exemption="journalism"), "really for"),
        (DecisionDraft("burn", "why", "a", "none"), "keep, hide"),  # type: ignore[arg-type]
        (DecisionDraft("keep", "x" * 5_001, exemption="none"), "reason"),
    ],
)
def test_what_is_missing_is_named(draft: DecisionDraft, word: str) -> None:
    with pytest.raises(DecisionIncomplete) as caught:
        check_draft(draft)
    assert word in caught.value.sentence


def test_the_five_types_and_all_exemptions_can_be_recorded() -> None:
    for legal_type in LEGAL_TYPES:
        check_draft(DecisionDraft("remove_and_suspend", "why", legal_type, "none"))
    for exemption in EXEMPTIONS:
        check_draft(DecisionDraft("keep", "why", "", exemption, "its purpose"))


def test_every_action_has_one_measure_about_the_content() -> None:
    for action in ACTIONS:
        assert len(CONTENT_MEASURES & set(measures_of(action))) == 1


def test_undoing_brings_back_what_the_rules_had_left() -> None:
    expected = {
        "review": Measure.RESTORE_CONTENT,
        "hold": Measure.HIDE_CONTENT,
        "remove": Measure.REMOVE_CONTENT,
    }
    for action, verdict in itertools.product(ACTIONS, expected):
        measures = measures_to_undo(action, verdict=verdict)
        assert measures[0] is expected[verdict]
        assert (Measure.RESTORE_AUTHOR in measures) == (action == "remove_and_suspend")
