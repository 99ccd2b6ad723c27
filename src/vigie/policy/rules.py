"""A rule and a policy as they are once they are known to be right; only `parsing` makes them.

They hold no verdict about any content: `verdicts` gives those.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import cel

from vigie.policy.facts import BY_PATH, Root
from vigie.policy.quiet import QuietFacts

RULES_MAX = 200
EXPRESSION_CHARS_MAX = 4_000
BECAUSE_CHARS_MAX = 300
PATTERNS_MAX = 50
POLICY_CHARS_MAX = 200_000

VISIBLE: dict[Root, tuple[Root, ...]] = {
    Root.CONTENT: (Root.CONTENT,),
    Root.MATCH: (Root.CONTENT, Root.MATCH),
    Root.MEDIUM: (Root.CONTENT, Root.MEDIUM),
}
"""Which facts a rule sees, by what it is evaluated for."""


class VerdictLevel(StrEnum):
    """What becomes of content, from the mildest to the strongest."""

    ALLOW = "allow"
    REVIEW = "review"
    HOLD = "hold"
    REMOVE = "remove"

    @property
    def rank(self) -> int:
        """0 for the mildest; the strongest verdict of all rules is the one given."""
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(VerdictLevel)}


@dataclass(frozen=True)
class Rule:
    """One rule: for each `each`, when `when` is true, ask for the verdict `then`."""

    name: str
    each: Root
    when: str
    then: VerdictLevel
    because: str
    shadow: bool
    facts: frozenset[str]
    program: cel.Program = field(compare=False, repr=False)


@dataclass(frozen=True)
class Policy:
    """All rules of one version; `digest` is the SHA-256 of `text`, in lower-case hex."""

    name: str
    rules: tuple[Rule, ...]
    text: str = field(repr=False)
    digest: str
    facts_used: Mapping[Root, Mapping[Root, tuple[str, ...]]] = field(repr=False, compare=False)
    quiet: QuietFacts = field(init=False, repr=False, compare=False)
    _by_each: Mapping[Root, tuple[Rule, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Of these rules alone: a policy made from another remembers nothing of it.
        object.__setattr__(self, "quiet", QuietFacts(self.facts_used))
        by_each = {each: tuple(rule for rule in self.rules if rule.each is each) for each in Root}
        object.__setattr__(self, "_by_each", by_each)

    @property
    def version_label(self) -> str:
        """Name and the first 12 digits of the digest: what decisions and reports cite."""
        return f"{self.name}@{self.digest[:12]}"

    def rules_for(self, each: Root) -> tuple[Rule, ...]:
        """The rules evaluated for each content, match or medium, in the order of the file."""
        return self._by_each[each]


def facts_used_by(rules: tuple[Rule, ...]) -> dict[Root, dict[Root, tuple[str, ...]]]:
    """For each kind of rule, the facts they read under each root: only these are handed to the engine.

    Turning facts into CEL values costs more than all rules together.
    """
    used: dict[Root, dict[Root, tuple[str, ...]]] = {}
    for each, roots in VISIBLE.items():
        paths = {path for rule in rules if rule.each is each for path in rule.facts}
        facts = [BY_PATH[path] for path in sorted(paths)]
        used[each] = {root: tuple(fact.name for fact in facts if fact.root is root) for root in roots}
    return used
