"""What happens to the policy, as ledger facts."""

from dataclasses import dataclass
from typing import ClassVar

from vigie.ledger.events import Event

VERSION_EVENTS = "policy.version"


@dataclass(frozen=True, slots=True)
class PolicyVersionActivated(Event):
    """A version of the policy rules from now on; `replaces` is the digest of the one before, or empty."""

    name: ClassVar[str] = "policy.version_activated.v1"
    number: int
    label: str
    digest: str
    replaces: str
    rules: tuple[str, ...]
    rules_in_shadow: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShadowRuleHit(Event):
    """Rules in shadow would have given `verdict` about content that was allowed."""

    name: ClassVar[str] = "policy.shadow_rule_hit.v1"
    platform: str
    content: str
    rules: tuple[str, ...]
    verdict: str
    policy: str
