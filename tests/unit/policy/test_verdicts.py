"""Verdicts, and the limits of what a rule can bring about."""

import dataclasses
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from vigie.policy import (
    Cap,
    MatchFacts,
    MediumFacts,
    ReasonCode,
    Verdict,
    VerdictLevel,
    evaluate,
    parse_policy,
)
from vigie.policy.rules import Policy
from vigie.policy.verdicts import MATCHES_MAX, MEDIA_MAX

from .test_expressions import CONTENT, MATCH, MEDIUM

COPY = replace(MATCH, distance_bits=0)


def policy_of(*rules: tuple[str, str, str, str], shadow: tuple[str, ...] = ()) -> Policy:
    """A policy from (name, each, when, then)."""
    lines = ["version: 1", "name: test", "rules:"]
    for name, each, when, then in rules:
        lines += [f"  - name: {name}", f"    each: {each}", "    when: |-", f"      {when}"]
        lines += [f"    then: {then}", "    because: As the test says."]
        lines += ["    shadow: true"] if name in shadow else []
    return parse_policy("\n".join(lines), source_name="test.yaml")


def verdict_of(
    policy: Policy, *, matches: Sequence[MatchFacts] = (), media: Sequence[MediumFacts] = ()
) -> Verdict:
    return evaluate(policy, content=CONTENT, matches=matches, media=media)


EDITED = replace(COPY, signal="pdq_variant", edit="mirrored")
REMOVE_ALL = policy_of(("remove-all", "match", "true", "remove"))


def test_content_that_no_rule_is_true_for_is_allowed() -> None:
    verdict = verdict_of(policy_of(("never", "content", "false", "hold")), matches=[COPY])
    assert (verdict.level, verdict.reasons) == (VerdictLevel.ALLOW, ())


def test_the_strongest_verdict_wins_whatever_the_order_of_the_rules() -> None:
    rules = (
        ("hold", "match", "true", "hold"),
        ("remove", "match", "true", "remove"),
        ("review", "content", "true", "review"),
    )
    for order in (rules, rules[::-1]):
        verdict = verdict_of(policy_of(*order), matches=[COPY])
        assert verdict.level is VerdictLevel.REMOVE
        assert [reason.rule for reason in verdict.reasons] == ["remove", "hold", "review"]


def test_a_confirmed_copy_in_a_bank_that_may_remove_is_removed() -> None:
    verdict = verdict_of(REMOVE_ALL, matches=[COPY])
    assert verdict.level is VerdictLevel.REMOVE
    assert verdict.reasons[0].match == COPY
    assert verdict.reasons[0].capped_because == ""


@pytest.mark.parametrize(
    ("match", "cap"),
    [
        (replace(COPY, entry_confirmed=False), Cap.ENTRY_UNCONFIRMED),
        (replace(COPY, bank_may_remove=False), Cap.BANK_MAY_NOT_REMOVE),
        (replace(COPY, signal="text_sha256", medium=""), Cap.TEXT_MATCH),
        (replace(COPY, signal="a_signal_of_tomorrow"), Cap.TEXT_MATCH),
    ],
)
def test_no_rule_removes_what_no_person_decided(match: MatchFacts, cap: Cap) -> None:
    verdict = verdict_of(REMOVE_ALL, matches=[match])
    reason = verdict.reasons[0]
    assert verdict.level is VerdictLevel.HOLD
    assert (reason.verdict_asked, reason.verdict_given) == (VerdictLevel.REMOVE, VerdictLevel.HOLD)
    assert reason.cap is cap
    assert reason.capped_because == cap.sentence


@pytest.mark.parametrize("each", ["content", "medium"])
def test_a_removal_without_a_match_is_capped_even_if_such_a_rule_came_to_be(each: str) -> None:
    good = policy_of(("held", each, "true", "hold"))
    forced = dataclasses.replace(good, rules=(dataclasses.replace(good.rules[0], then=VerdictLevel.REMOVE),))
    verdict = verdict_of(forced, media=[MEDIUM], matches=[COPY])
    assert verdict.level is VerdictLevel.HOLD
    assert verdict.reasons[0].cap is Cap.NO_MATCH


def test_one_confirmed_match_among_others_is_enough_and_the_others_stay_capped() -> None:
    verdict = verdict_of(REMOVE_ALL, matches=[replace(COPY, entry_confirmed=False), COPY])
    assert verdict.level is VerdictLevel.REMOVE
    assert [reason.verdict_given for reason in verdict.reasons] == [VerdictLevel.REMOVE, VerdictLevel.HOLD]


def test_a_rule_in_shadow_changes_no_verdict_and_tells_what_it_would_do() -> None:
    rules = (("in-force", "match", "true", "review"), ("tried", "match", "true", "remove"))
    verdict = verdict_of(policy_of(*rules, shadow=("tried",)), matches=[COPY])
    assert verdict.level is VerdictLevel.REVIEW
    assert [reason.rule for reason in verdict.reasons] == ["in-force"]
    assert [(one.rule, one.verdict_given) for one in verdict.shadow_reasons] == [
        ("tried", VerdictLevel.REMOVE)
    ]


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ("1 / (content.media_count - 1) == 1", "division by zero"),
        ("content.links[5] == 'a'", "no item"),
        ("content.author_removals * 9223372036854775807 > 0", "too large"),
    ],
)
def test_a_rule_that_fails_asks_for_a_person(when: str, why: str) -> None:
    verdict = verdict_of(policy_of(("broken", "content", when, "hold")), media=[MEDIUM])
    reason = verdict.reasons[0]
    assert verdict.level is VerdictLevel.REVIEW
    assert (reason.code, reason.rule) == (ReasonCode.RULE_FAILED, "broken")
    assert why in reason.because


def test_a_rule_that_fails_hides_no_other_rule() -> None:
    rules = (("broken", "match", "content.links[5] == 'a'", "hold"), ("works", "match", "true", "remove"))
    verdict = verdict_of(policy_of(*rules), matches=[COPY])
    assert verdict.level is VerdictLevel.REMOVE
    assert [reason.rule for reason in verdict.reasons] == ["works", "broken"]


def test_a_rule_in_shadow_that_fails_changes_no_verdict() -> None:
    rule = ("broken", "content", "content.links[5] == 'a'", "hold")
    verdict = verdict_of(policy_of(rule, shadow=("broken",)))
    assert verdict.level is VerdictLevel.ALLOW
    assert verdict.shadow_reasons[0].code is ReasonCode.RULE_FAILED


def test_half_of_a_surrogate_pair_is_no_way_around_a_rule() -> None:
    policy = policy_of(
        ("text", "content", 'content.text.contains("heron") && size(content.links) == 1', "hold"),
        ("medium", "medium", 'medium.id != ""', "review"),
    )
    content = replace(CONTENT, text="heron \ud83e", links=("https://heron.example/\udcff",))
    verdict = evaluate(policy, content=content, matches=(), media=[replace(MEDIUM, id="\ud800")])
    assert {(reason.rule, reason.code) for reason in verdict.reasons} == {
        ("text", ReasonCode.RULE_TRUE),
        ("medium", ReasonCode.RULE_TRUE),
    }


def test_counts_are_those_of_what_came() -> None:
    policy = policy_of(
        (
            "counts",
            "content",
            "content.media_count == 3 && content.quarantined_count == 2 && content.match_count == 1",
            "hold",
        )
    )
    broken = replace(MEDIUM, quarantined=True, quarantine_code="malformed")
    assert verdict_of(policy, media=[broken, MEDIUM, broken], matches=[COPY]).level is VerdictLevel.HOLD


def test_every_match_and_every_medium_is_seen_by_itself() -> None:
    policy = policy_of(
        ("far", "match", "match.distance_bits > 5", "hold"),
        ("broken", "medium", "medium.quarantined", "review"),
    )
    far = replace(MATCH, distance_bits=9, entry="E-000018")
    broken = replace(MEDIUM, id="m2", quarantined=True, quarantine_code="malformed")
    verdict = verdict_of(policy, matches=[COPY, far], media=[MEDIUM, broken])
    assert [(reason.match, reason.medium) for reason in verdict.reasons] == [(far, None), (None, broken)]


def test_over_the_limit_the_match_that_can_remove_is_still_seen_and_a_person_is_asked() -> None:
    unconfirmed = [replace(COPY, entry_confirmed=False, entry=f"E-{n:06d}") for n in range(MATCHES_MAX)]
    verdict = verdict_of(REMOVE_ALL, matches=[*unconfirmed, COPY])
    assert verdict.level is VerdictLevel.REMOVE
    assert len(verdict.reasons) == MATCHES_MAX + 1
    assert verdict.reasons[-1].code is ReasonCode.OVER_LIMIT


def test_too_many_media_are_at_least_reviewed() -> None:
    policy = policy_of(("never", "medium", "medium.quarantined", "hold"))
    assert verdict_of(policy, media=[MEDIUM] * MEDIA_MAX).level is VerdictLevel.ALLOW
    assert verdict_of(policy, media=[MEDIUM] * (MEDIA_MAX + 1)).level is VerdictLevel.REVIEW


def test_a_policy_serves_many_threads_at_once() -> None:
    policy = policy_of(("far", "match", 'match.distance_bits > 5 && content.text.contains("Heron")', "hold"))

    def level(distance_bits: int) -> VerdictLevel:
        return verdict_of(policy, matches=[replace(MATCH, distance_bits=distance_bits)]).level

    with ThreadPoolExecutor(8) as threads:
        levels = list(threads.map(level, [n % 11 for n in range(2_000)]))
    assert levels == [VerdictLevel.HOLD if n % 11 > 5 else VerdictLevel.ALLOW for n in range(2_000)]


@pytest.mark.parametrize("signal", ["pdq_variant", "features"])
def test_an_edited_copy_may_be_removed_only_once_an_alignment_verified_it(signal: str) -> None:
    edited = replace(EDITED, signal=signal)
    held = verdict_of(REMOVE_ALL, matches=[edited])
    assert (held.level, held.reasons[0].cap) == (VerdictLevel.HOLD, Cap.VARIANT_MATCH)
    assert verdict_of(REMOVE_ALL, matches=[replace(edited, verified=True)]).level is VerdictLevel.REMOVE


def test_no_score_stands_in_for_verification_nor_verification_for_a_person() -> None:
    certain = replace(EDITED, score_percent=99, share_of_entry_percent=100, share_of_upload_percent=100)
    assert verdict_of(REMOVE_ALL, matches=[certain]).reasons[0].cap is Cap.VARIANT_MATCH
    unconfirmed = replace(certain, verified=True, entry_confirmed=False)
    assert verdict_of(REMOVE_ALL, matches=[unconfirmed]).reasons[0].cap is Cap.ENTRY_UNCONFIRMED
    cautious = replace(certain, verified=True, bank_may_remove=False)
    assert verdict_of(REMOVE_ALL, matches=[cautious]).reasons[0].cap is Cap.BANK_MAY_NOT_REMOVE
    text = replace(certain, verified=True, signal="text_sha256")
    assert verdict_of(REMOVE_ALL, matches=[text]).reasons[0].cap is Cap.TEXT_MATCH


def test_a_rule_can_ask_how_much_an_edited_copy_shares() -> None:
    rule = "match.verified && match.score_percent >= 98 && match.share_of_upload_percent >= 80"
    policy = policy_of(("verified-copy", "match", rule, "remove"))
    near = replace(EDITED, verified=True, score_percent=99, share_of_upload_percent=90)
    assert verdict_of(policy, matches=[near]).level is VerdictLevel.REMOVE
    assert verdict_of(policy, matches=[replace(near, share_of_upload_percent=60)]).reasons == ()
