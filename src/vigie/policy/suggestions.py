"""How a type is told to whoever writes a rule, and what they could have written instead.

It finds no errors: `typecheck` does.
"""

from vigie.policy.facts import BY_PATH, CelType, Fact
from vigie.policy.functions import LISTS
from vigie.policy.syntax import (
    Literal,
    Member,
    Name,
    Node,
)

OTHER_WAYS = {
    ("contains", CelType.STRINGS): "`item in list`",
    ("size", CelType.STRING): "`content.text_length`",
}


def told(found: CelType) -> str:
    """A type with its article."""
    article = "an" if found is CelType.INT else "a"
    return f"{article} {found}"


def question_from(node: Node, found: CelType) -> str:
    """A question that could be asked of a fact which is none; empty for anything else."""
    fact = fact_named_by(node)
    if fact is None:
        return ""
    if found in LISTS:
        return f"`size({fact.path}) > 0`"
    return f"`{fact.path} == {fact.example}`" if found is CelType.STRING else f"`{fact.path} > 0`"


def repaired_side(wanted: CelType, node: Node) -> str:
    """The literal as it would be in the other type: 3 for "3", "true" for true."""
    if not isinstance(node, Literal):
        return ""
    text = str(node.value).lower() if isinstance(node.value, bool) else str(node.value)
    if wanted is CelType.STRING and not isinstance(node.value, str):
        return f'`"{text}"`'
    if wanted is CelType.INT and text.isdecimal():
        return f"`{text}`"
    if wanted is CelType.BOOL and text in ("true", "false"):
        return f"`{text}`"
    return ""


def fact_named_by(node: Node) -> Fact | None:
    """The fact that a node reads; None for anything else."""
    if isinstance(node, Member) and isinstance(node.operand, Name):
        return BY_PATH.get(f"{node.operand.name}.{node.name}")
    return None
