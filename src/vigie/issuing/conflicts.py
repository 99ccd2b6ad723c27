"""What stands against a draft: a hold, or another order about the same address; pure.

A hold is shown only as whom to ask: neither what it covers nor why.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

Outcome = Literal["clear", "hold", "already_ordered"]


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that stands against a draft. `key`: `hold:H-000003`, `order:RO-000001`, `referral:...`."""

    key: str
    ask: str = ""
    stage: str = ""
    until: str = ""

    @property
    def kind(self) -> str:
        """hold, order or referral."""
        return self.key.partition(":")[0]

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


class Source(Protocol):
    """Something that knows what was done, or is under way, about addresses."""

    def about(self, url_keys: Sequence[str], *, apart_from: int, at: datetime) -> Iterable[Found]:
        """What stands against these addresses at this instant, whatever the order of this key itself did."""


def standing_against(found: Iterable[Found], overridden: Iterable[str]) -> list[Found]:
    """What was found and no second person let pass, each once, holds first."""
    passed = set(overridden)
    once = {one.key: one for one in found if one.key not in passed}
    return sorted(once.values(), key=lambda one: (one.kind != "hold", one.key))


def outcome_of(against: Sequence[Found]) -> Outcome:
    """CLEAR, HOLD (somebody has to be asked), or ALREADY ORDERED. Source: (EU) 2021/784 Art. 14(1)."""
    if not against:
        return "clear"
    return "hold" if any(one.kind == "hold" for one in against) else "already_ordered"
