"""Facts for which no rule of a policy was true, so that the engine need not be asked about the same ones again.

Rules are pure, so the same facts give the same answer. It remembers no rule that was true, and no fact of which there
are as many as there are contents: those would not come again.
"""

from collections.abc import Mapping, Sequence

from vigie.policy.facts import CelValue, Root

KEPT_MAX = 4_096
"""Sets of facts that one policy remembers; one more begins anew."""

_NEVER_AGAIN = frozenset(
    {"content.id", "content.text", "content.links", "match.medium", "match.entry", "medium.id"}
)

Key = tuple[CelValue, ...]


class QuietFacts:
    """What one policy was silent about, by what its rules are evaluated for."""

    def __init__(self, facts_used: Mapping[Root, Mapping[Root, Sequence[str]]]) -> None:
        self._remembered: dict[Root, set[Key]] = {
            each: set()
            for each, used in facts_used.items()
            if not any(f"{root}.{name}" in _NEVER_AGAIN for root, names in used.items() for name in names)
        }

    def knows(self, each: Root, key: Key) -> bool:
        """Whether no rule for `each` was true for these facts, in the order of those that the rules read."""
        remembered = self._remembered.get(each)
        return remembered is not None and key in remembered

    def remember(self, each: Root, key: Key) -> None:
        """No rule for `each` was true for these facts."""
        remembered = self._remembered.get(each)
        if remembered is None:
            return
        if len(remembered) >= KEPT_MAX:
            # Not emptied: another thread may be asking the old one.
            self._remembered[each] = remembered = set()
        remembered.add(key)
