"""Rules and the verdicts they give: what becomes of content that was asked about.

It refuses to remove anything alone that no person decided about, whatever a rule says, and it never scores a
person. The public face is pure: `parse_policy`, `evaluate` and the facts; stored versions are in `service`.
"""

from vigie.policy.defaults import default_policy_text
from vigie.policy.facts import ContentFacts, MatchFacts, MediumFacts
from vigie.policy.parsing import parse_policy
from vigie.policy.problems import PolicyInvalid, PolicyProblem
from vigie.policy.rules import Policy, Rule, VerdictLevel
from vigie.policy.verdicts import Cap, Reason, ReasonCode, Verdict, evaluate

__all__ = [
    "Cap",
    "ContentFacts",
    "MatchFacts",
    "MediumFacts",
    "Policy",
    "PolicyInvalid",
    "PolicyProblem",
    "Reason",
    "ReasonCode",
    "Rule",
    "Verdict",
    "VerdictLevel",
    "default_policy_text",
    "evaluate",
    "parse_policy",
]
