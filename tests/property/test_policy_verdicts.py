"""Whatever the rules and the facts: no removal without a person's decision, and no rule weakens another."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.policy import ContentFacts, MatchFacts, MediumFacts, Verdict, VerdictLevel, evaluate, parse_policy
from vigie.policy.facts import Root
from vigie.policy.rules import Policy, Rule, facts_used_by

POOL = parse_policy(
    "version: 1\nname: pool\nrules:\n"
    + "".join(
        f"  - name: {each}-{number}-{then}\n    each: {each}\n    when: |-\n      {when}\n    then: {then}\n"
        "    because: As the test says.\n"
        for each, conditions in {
            "match": [
                "true",
                "match.distance_bits < 10",
                'match.signal == "text_sha256"',
                "!match.entry_confirmed",
                "1 / match.distance_bits > 0",
                'match.legal_type in ["a", "d"] && content.match_count > 1',
                'content.links[0].contains("heron")',
            ],
            "medium": ["true", "medium.quarantined", "medium.width_px / medium.height_px > 2"],
            "content": ["true", 'content.text.contains("heron")', "content.author_removals > 1"],
        }.items()
        for number, when in enumerate(conditions)
        for then in (("review", "hold", "remove") if each == "match" else ("review", "hold"))
    ),
    source_name="pool.yaml",
)

TEXTS = st.one_of(st.sampled_from(["", "the heron"]), st.text(max_size=5))
CONTENTS = st.builds(
    ContentFacts,
    id=TEXTS,
    kind=TEXTS,
    platform=TEXTS,
    language=TEXTS,
    # Half surrogates too: platforms send anything.
    text=st.one_of(TEXTS, st.text(st.characters(), max_size=5), st.just("heron \ud83e")),
    links=st.lists(TEXTS, max_size=2).map(tuple),
    author_removals=st.integers(0, 3),
)
MATCHES = st.lists(
    st.builds(
        MatchFacts,
        signal=st.sampled_from(["pdq", "sha256", "md5", "text_sha256", "another"]),
        distance_bits=st.integers(0, 31),
        bank=TEXTS,
        bank_may_remove=st.booleans(),
        entry=TEXTS,
        entry_confirmed=st.booleans(),
        legal_type=st.sampled_from(["a", "b", "c", "d", "e", ""]),
        medium=TEXTS,
    ),
    max_size=4,
)
MEDIA = st.lists(
    st.builds(
        MediumFacts,
        id=TEXTS,
        format=st.sampled_from(["jpeg", ""]),
        width_px=st.integers(0, 3),
        height_px=st.integers(0, 3),
        pdq_quality=st.integers(0, 100),
        quarantined=st.booleans(),
        quarantine_code=TEXTS,
    ),
    max_size=3,
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """A rule of the pool, in shadow or not, and even one that asks for what no file may ask."""
    rule = draw(st.sampled_from(POOL.rules))
    then = draw(st.sampled_from([rule.then, VerdictLevel.REMOVE]))
    return replace(rule, shadow=draw(st.booleans()), then=then)


def policy_with(chosen: Sequence[Rule]) -> Policy:
    return replace(POOL, rules=tuple(chosen))


def decided_by_a_person(match: MatchFacts) -> bool:
    return match.entry_confirmed and match.bank_may_remove and match.signal in ("pdq", "sha256", "md5")


@settings(max_examples=500, deadline=None)
@given(st.lists(rules(), max_size=6), CONTENTS, MATCHES, MEDIA)
def test_nothing_is_removed_without_a_match_that_a_person_decided(
    chosen: list[Rule], content: ContentFacts, matches: list[MatchFacts], media: list[MediumFacts]
) -> None:
    verdict = evaluate(policy_with(chosen), content=content, matches=matches, media=media)
    for reason in (*verdict.reasons, *verdict.shadow_reasons):
        if reason.verdict_given is VerdictLevel.REMOVE:
            assert reason.match is not None
            assert decided_by_a_person(reason.match)
        assert reason.verdict_given.rank <= reason.verdict_asked.rank or reason.code == "rule_failed"
        assert bool(reason.capped_because) == (reason.cap is not None)
    if not any(decided_by_a_person(match) for match in matches):
        assert verdict.level is not VerdictLevel.REMOVE


@settings(max_examples=300, deadline=None)
@given(st.lists(rules(), max_size=5), rules(), CONTENTS, MATCHES, MEDIA)
def test_another_rule_never_weakens_a_verdict(
    chosen: list[Rule],
    another: Rule,
    content: ContentFacts,
    matches: list[MatchFacts],
    media: list[MediumFacts],
) -> None:
    def verdict_of(these: list[Rule]) -> Verdict:
        return evaluate(policy_with(these), content=content, matches=matches, media=media)

    before, after = verdict_of(chosen), verdict_of([*chosen, another])
    assert after.level.rank >= before.level.rank
    assert verdict_of([another, *chosen]).level is after.level


@settings(max_examples=300, deadline=None)
@given(st.lists(rules(), max_size=6), CONTENTS, MATCHES, MEDIA)
def test_rules_in_shadow_change_nothing_but_what_they_say(
    chosen: list[Rule], content: ContentFacts, matches: list[MatchFacts], media: list[MediumFacts]
) -> None:
    with_shadow = evaluate(policy_with(chosen), content=content, matches=matches, media=media)
    in_force = [rule for rule in chosen if not rule.shadow]
    without = evaluate(policy_with(in_force), content=content, matches=matches, media=media)
    assert (with_shadow.level, with_shadow.reasons) == (without.level, without.reasons)
    names_in_shadow = {rule.name for rule in chosen if rule.shadow}
    assert {reason.rule for reason in with_shadow.shadow_reasons} <= names_in_shadow


@settings(max_examples=300, deadline=None)
@given(CONTENTS, MATCHES, MEDIA)
def test_a_rule_that_is_always_true_is_heard_for_each_match_and_medium(
    content: ContentFacts, matches: list[MatchFacts], media: list[MediumFacts]
) -> None:
    always = [rule for rule in POOL.rules if rule.when == "true" and rule.then is VerdictLevel.REVIEW]
    verdict = evaluate(policy_with(always), content=content, matches=matches, media=media)
    assert {rule.each for rule in always} == set(Root)
    assert len(verdict.reasons) == 1 + len(matches) + len(media)


@settings(max_examples=200, deadline=None)
@given(st.lists(rules(), max_size=6), st.lists(st.tuples(CONTENTS, MATCHES, MEDIA), min_size=2, max_size=5))
def test_what_a_policy_remembers_changes_no_verdict(
    chosen: list[Rule], asked: list[tuple[ContentFacts, list[MatchFacts], list[MediumFacts]]]
) -> None:
    # With the facts that these rules read alone: of a text there is nothing to remember.
    remembering = replace(policy_with(chosen), facts_used=facts_used_by(tuple(chosen)))
    for content, matches, media in [*asked, *asked]:
        fresh = evaluate(policy_with(chosen), content=content, matches=matches, media=media)
        assert evaluate(remembering, content=content, matches=matches, media=media) == fresh
