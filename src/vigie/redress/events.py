"""What happens with statements and complaints, as ledger facts. What anybody wrote is never here."""

from dataclasses import dataclass
from typing import ClassVar

from vigie.ledger.events import Event


@dataclass(frozen=True, slots=True)
class StatementMade(Event):
    """A restriction was put into a statement of reasons. `decision` is empty when a rule acted."""

    name: ClassVar[str] = "redress.statement_made.v1"
    statement: str
    decision: str
    action: str
    cause: str
    language: str
    withheld: bool


@dataclass(frozen=True, slots=True)
class UserInformed(Event):
    """A statement reached the user's platform: from this day on the six months run."""

    name: ClassVar[str] = "redress.user_informed.v1"
    statement: str


@dataclass(frozen=True, slots=True)
class StatementWithdrawn(Event):
    """The decision behind a statement was taken back."""

    name: ClassVar[str] = "redress.statement_withdrawn.v1"
    statement: str
