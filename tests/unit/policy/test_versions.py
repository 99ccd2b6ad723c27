"""What makes two policies the same version, and where the limits of a file are."""

import hashlib

import pytest

from vigie.policy import PolicyInvalid, parse_policy
from vigie.policy.fields import ERRORS_MAX
from vigie.policy.rules import PATTERNS_MAX, RULES_MAX

RULE = """  - name: rule-{number}
    each: match
    when: match.entry_confirmed
    then: hold
    because: As the test says.
"""
HEAD = "version: 1\nname: forum\nrules:\n"
TEXT = HEAD + RULE.format(number=1)


def test_the_digest_is_that_of_the_text() -> None:
    policy = parse_policy(TEXT, source_name="policy.yaml")
    assert policy.text == TEXT
    assert policy.digest == hashlib.sha256(TEXT.encode()).hexdigest()
    assert policy.version_label == f"forum@{policy.digest[:12]}"


@pytest.mark.parametrize(
    "text",
    ["\ufeff" + TEXT, TEXT.replace("\n", "\r\n"), TEXT.replace("\n", "  \n"), TEXT + "\n\n", TEXT[:-1]],
)
def test_how_an_editor_saves_a_file_makes_no_new_version(text: str) -> None:
    assert parse_policy(text, source_name="a").digest == parse_policy(TEXT, source_name="b").digest


def test_another_sentence_for_people_is_another_version() -> None:
    other = parse_policy(TEXT.replace("test", "law"), source_name="policy.yaml")
    assert other.digest != parse_policy(TEXT, source_name="policy.yaml").digest


def test_as_many_rules_as_the_limit_and_not_one_more() -> None:
    rules = [RULE.format(number=number) for number in range(RULES_MAX + 1)]
    assert len(parse_policy(HEAD + "".join(rules[:-1]), source_name="policy.yaml").rules) == RULES_MAX
    with pytest.raises(PolicyInvalid) as refused:
        parse_policy(HEAD + "".join(rules), source_name="policy.yaml")
    assert [error.code for error in refused.value.errors] == ["rule_count"]


def test_as_many_patterns_as_the_limit_and_not_one_more() -> None:
    def rule(number: int) -> str:
        return RULE.format(number=number).replace("entry_confirmed", f'bank.matches("a{number}")')

    rules = [rule(number) for number in range(PATTERNS_MAX + 1)]
    assert len(parse_policy(HEAD + "".join(rules[:-1]), source_name="policy.yaml").rules) == PATTERNS_MAX
    with pytest.raises(PolicyInvalid) as refused:
        parse_policy(HEAD + "".join(rules), source_name="policy.yaml")
    assert [(error.code, error.message) for error in refused.value.errors] == [
        ("pattern", "one pattern too many")
    ]


def test_a_file_full_of_errors_is_not_read_to_its_end() -> None:
    with pytest.raises(PolicyInvalid) as refused:
        parse_policy("".join(f"key{number}: x\n" for number in range(5_000)), source_name="policy.yaml")
    assert len(refused.value.errors) == ERRORS_MAX


def test_a_refusal_says_how_many_errors_and_where_the_first_is() -> None:
    with pytest.raises(PolicyInvalid) as refused:
        parse_policy(TEXT.replace("hold", "holt").replace("each", "aech"), source_name="policy.yaml")
    assert "2 errors" in refused.value.sentence
    assert "line 5, column 5" in refused.value.sentence
    assert (refused.value.code, refused.value.status) == ("policy_invalid", 422)
