"""Who did something: a person, a token, a rule or Vigie itself.

An actor carries no right; rights are decided in `people`.
"""

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["person", "token", "rule", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted. `reference` is stable ("12", "near-copy"); names are looked up when shown."""

    kind: ActorKind
    reference: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.reference}"

    @classmethod
    def parse(cls, text: str) -> "Actor":
        """The inverse of `str`; raises ValueError for another form."""
        kind, separator, reference = text.partition(":")
        if not separator or kind not in ("person", "token", "rule", "system"):
            raise ValueError("not an actor")
        return cls(kind=kind, reference=reference)  # type: ignore[arg-type]


def person(user_id: int) -> Actor:
    """A person signed in to the console or the command line."""
    return Actor("person", str(user_id))


def token(token_id: int) -> Actor:
    """A service token."""
    return Actor("token", str(token_id))


def rule(name: str) -> Actor:
    """A rule of the active policy."""
    return Actor("rule", name)


SYSTEM = Actor("system", "vigie")
COMMAND_LINE = Actor("system", "command-line")
