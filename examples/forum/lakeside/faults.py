"""Misbehaviour on purpose, for trying out how Vigie copes with a platform that fails or lies.

Off unless the forum was started with --test-faults.
"""

import random
import threading
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

Moment = Literal["before", "after"]


class BadFaults(ValueError):
    """These are no faults that can be had."""


@dataclass(frozen=True)
class Faults:
    """A share of webhooks answered with 500, before or after obeying; or all answered 200 without obeying."""

    fail_share: float = 0.0
    fail_when: Moment = "before"
    seed: int = 0
    pretend: bool = False


class FaultPlan:
    """The faults in force; the same seed fails the same requests."""

    def __init__(self, faults: Faults) -> None:
        self._lock = threading.Lock()
        self._faults = faults
        self._random = random.Random(faults.seed)

    def change(self, wanted: Any) -> Faults:
        """Replace the members named in `wanted` (parsed JSON) and start the seed again; raises BadFaults."""
        with self._lock:
            self._faults = parse_faults(wanted, base=self._faults)
            self._random = random.Random(self._faults.seed)
            return self._faults

    def next_failure(self) -> Moment | None:
        """When the next webhook is to fail, or None."""
        with self._lock:
            failing = self._random.random() < self._faults.fail_share
            return self._faults.fail_when if failing else None

    @property
    def pretends(self) -> bool:
        """Whether webhooks are answered 200 without being obeyed."""
        return self._faults.pretend


def parse_faults(wanted: Any, *, base: Faults) -> Faults:
    """`base` with what `wanted` names; raises BadFaults."""
    if not isinstance(wanted, dict) or not {one.name for one in fields(Faults)}.issuperset(wanted):
        raise BadFaults
    faults = replace(base, **wanted)
    share = faults.fail_share
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise BadFaults
    if (
        faults.fail_when not in ("before", "after")
        or type(faults.seed) is not int
        or type(faults.pretend) is not bool
    ):
        raise BadFaults
    return faults
