"""The reference page says what the code says."""

import re
from pathlib import Path

import pytest
import yaml

from vigie.policy import PolicyInvalid, parse_policy
from vigie.policy.facts import FACTS
from vigie.policy.reference import with_generated_blocks

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "policy.md"


def test_the_generated_tables_are_current() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_generated_blocks(page), (
        "run: python -m vigie.policy.reference docs/reference/policy.md"
    )


def test_every_fact_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"| `{fact.path}` |" in page for fact in FACTS)


def test_every_example_of_a_file_on_the_page_is_a_good_policy() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    policies = [block for block in blocks if block.startswith(("version", "#"))]
    assert len(policies) == 2
    for policy in policies:
        assert parse_policy(policy, source_name="page").rules


def test_the_example_of_an_expression_in_a_block_is_good() -> None:
    page = PAGE.read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(    when: .*?)```", page, re.DOTALL)
    assert block is not None
    when = yaml.safe_load(block[1])["when"]
    indented = when.replace("\n", "\n      ")
    text = (
        "version: 1\nname: a\nrules:\n  - name: a\n    each: match\n    when: |-\n      "
        f"{indented}\n    then: hold\n    because: As the page says.\n"
    )
    assert parse_policy(text, source_name="page").rules[0].facts == {"match.entry_confirmed", "content.text"}


def test_the_error_on_the_page_is_the_one_that_authors_read() -> None:
    page = PAGE.read_text(encoding="utf-8")
    shown = re.search(r"```text\n(.*?)```", page, re.DOTALL)
    assert shown is not None
    text = (
        "version: 1\nname: a\nrules:\n  - name: a\n\n    each: match\n"
        "    when: match.distance_bit == 0\n    then: hold\n    because: As the page says.\n"
    )
    with pytest.raises(PolicyInvalid) as refused:
        parse_policy(text, source_name="policy.yaml")
    assert refused.value.render() == shown[1]
