"""The tables of docs/reference/policy.md, made from the registries so that they cannot be out of date.

`python -m vigie.policy.reference docs/reference/policy.md` writes them anew; a test fails until that is done.
"""

import re
import sys
from pathlib import Path

from vigie.policy.defaults import default_policy_text
from vigie.policy.facts import FACTS, Fact, Root
from vigie.policy.fields import ERRORS_MAX
from vigie.policy.functions import FUNCTIONS, MACROS, OPERATORS
from vigie.policy.rules import (
    BECAUSE_CHARS_MAX,
    EXPRESSION_CHARS_MAX,
    PATTERNS_MAX,
    POLICY_CHARS_MAX,
    RULES_MAX,
    VISIBLE,
)
from vigie.policy.verdicts import MATCHES_MAX, MEDIA_MAX, Cap

_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def with_generated_blocks(page: str) -> str:
    """The page with every block `<!-- generated: name --> ... <!-- end -->` made anew.

    Raises KeyError for a block that nothing here makes.
    """
    return _BLOCK.sub(lambda block: f"{block[1]}\n{_BLOCKS[block[2]]()}\n{block[3]}", page)


def facts_table() -> str:
    """All facts, a table for each root."""
    return "\n\n".join(_facts_of(root) for root in Root)


def functions_table() -> str:
    """All functions and questions to lists."""
    rows = [f"| `{one.form}` | {one.returns} | {one.meaning} | `{one.example}` |" for one in FUNCTIONS]
    rows += [
        f"| `{one.form}` | {one.returns or 'the same list type'} | {one.meaning} | `{one.example}` |"
        for one in MACROS
    ]
    return _table("| call | gives | meaning | example |", rows)


def operators_table() -> str:
    """All operators."""
    return _table(
        "| operator | meaning |", [f"| {_escaped(sign)} | {meaning} |" for sign, meaning in OPERATORS]
    )


def limits_table() -> str:
    """All limits of a policy and of an evaluation."""
    limits = [
        ("rules in a policy", RULES_MAX),
        ("characters in an expression", EXPRESSION_CHARS_MAX),
        ("characters in `because`", BECAUSE_CHARS_MAX),
        ("patterns in a policy", PATTERNS_MAX),
        ("characters in a policy file", POLICY_CHARS_MAX),
        ("errors told at once", ERRORS_MAX),
        ("matches that rules see, those nearest to a removal first", MATCHES_MAX),
        ("media that rules see", MEDIA_MAX),
    ]
    return _table("| limit | at most |", [f"| {name} | {value:,} |" for name, value in limits])


def caps_table() -> str:
    """Why a removal that a rule asks for becomes a hold."""
    return _table("| code | what people read |", [f"| `{cap.value}` | {cap.sentence} |" for cap in Cap])


def default_policy() -> str:
    """The default policy as a block of YAML."""
    return f"```yaml\n{default_policy_text().rstrip()}\n```"


_BLOCKS = {
    "facts": facts_table,
    "functions": functions_table,
    "operators": operators_table,
    "limits": limits_table,
    "caps": caps_table,
    "default_policy": default_policy,
}


def _facts_of(root: Root) -> str:
    seen_by = " and ".join(f"`each: {each}`" for each, roots in VISIBLE.items() if root in roots)
    rows = [
        f"| `{fact.path}` | {fact.type}{f', {fact.unit}' if fact.unit else ''} | {_meaning(fact)}"
        f" | `{fact.example}` |"
        for fact in FACTS
        if fact.root is root
    ]
    who = "all rules" if len([each for each in VISIBLE if root in VISIBLE[each]]) == len(VISIBLE) else seen_by
    return f"Seen by {who}:\n\n" + _table("| fact | type, unit | meaning | example |", rows)


def _meaning(fact: Fact) -> str:
    if not fact.values:
        return fact.meaning
    return f"{fact.meaning} One of {', '.join(f'`{value or chr(34) * 2}`' for value in fact.values)}."


def _table(header: str, rows: list[str]) -> str:
    return "\n".join([header, "|" + "---|" * (header.count("|") - 1), *rows])


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(with_generated_blocks(page.read_text(encoding="utf-8")), encoding="utf-8")
