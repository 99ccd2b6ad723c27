"""What the policy that Vigie starts with does, case by case."""

import pytest
from msgspec.structs import replace

from vigie.policy import MatchFacts, VerdictLevel, default_policy_text, evaluate, parse_policy

from .test_expressions import CONTENT, MATCH, MEDIUM

DEFAULT = parse_policy(default_policy_text(), source_name="default_policy.yaml")
COPY = replace(MATCH, distance_bits=0)
FIRST_TIMER = replace(CONTENT, author_removals=0)


def level_of(match: MatchFacts) -> VerdictLevel:
    return evaluate(DEFAULT, content=FIRST_TIMER, matches=[match], media=[MEDIUM]).level


def test_content_without_match_is_allowed() -> None:
    verdict = evaluate(DEFAULT, content=FIRST_TIMER, matches=[], media=[MEDIUM])
    assert (verdict.level, verdict.reasons, verdict.shadow_reasons) == (VerdictLevel.ALLOW, (), ())


@pytest.mark.parametrize("signal", ["pdq", "sha256"])
def test_a_copy_of_a_confirmed_entry_is_removed(signal: str) -> None:
    assert level_of(replace(COPY, signal=signal)) is VerdictLevel.REMOVE


@pytest.mark.parametrize(
    "match",
    [
        replace(COPY, entry_confirmed=False),
        replace(COPY, bank_may_remove=False),
        replace(COPY, entry_confirmed=False, bank_may_remove=False, signal="sha256"),
        replace(COPY, signal="md5"),
        replace(COPY, signal="md5", entry_confirmed=False),
        replace(COPY, distance_bits=1),
        replace(COPY, distance_bits=31, entry_confirmed=False),
    ],
)
def test_a_near_copy_and_a_copy_that_nobody_confirmed_are_held(match: MatchFacts) -> None:
    assert level_of(match) is VerdictLevel.HOLD


@pytest.mark.parametrize("entry_confirmed", [True, False])
def test_a_matching_text_is_reviewed_and_stays_up(entry_confirmed: bool) -> None:
    text = replace(COPY, signal="text_sha256", medium="", entry_confirmed=entry_confirmed)
    assert level_of(text) is VerdictLevel.REVIEW


def test_a_medium_that_could_not_be_processed_is_reviewed() -> None:
    broken = replace(MEDIUM, quarantined=True, quarantine_code="malformed")
    verdict = evaluate(DEFAULT, content=FIRST_TIMER, matches=[], media=[MEDIUM, broken])
    assert verdict.level is VerdictLevel.REVIEW
    assert [reason.medium for reason in verdict.reasons] == [broken]


def test_every_match_gives_exactly_one_reason_of_the_rules_in_force() -> None:
    for signal in ("pdq", "sha256", "md5", "text_sha256"):
        for distance_bits in (0, 1, 31):
            for confirmed in (True, False):
                for may_remove in (True, False):
                    match = replace(
                        MATCH,
                        signal=signal,
                        distance_bits=distance_bits,
                        entry_confirmed=confirmed,
                        bank_may_remove=may_remove,
                    )
                    verdict = evaluate(DEFAULT, content=FIRST_TIMER, matches=[match], media=[MEDIUM])
                    assert len(verdict.reasons) == 1, match
                    assert verdict.reasons[0].cap is None, "the default policy asks for no more than it gets"


def test_a_returning_author_is_noticed_in_shadow_only() -> None:
    verdict = evaluate(DEFAULT, content=CONTENT, matches=[], media=[MEDIUM])
    assert verdict.level is VerdictLevel.ALLOW
    assert [reason.rule for reason in verdict.shadow_reasons] == ["returning-author"]
