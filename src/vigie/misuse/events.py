"""What happens with frequent misuse, as ledger facts. Nobody's name, account or words are here."""

from dataclasses import dataclass
from typing import ClassVar

from vigie.ledger.events import Event


@dataclass(frozen=True, slots=True)
class MisuseFound(Event):
    """A person found something manifestly unfounded or manifestly illegal; it counts. `kind`: notifier, complainant or
    uploader. `about` is the notice, complaint or content, `rests_on` the decision.
    """

    name: ClassVar[str] = "misuse.found.v1"
    record: str
    kind: str
    platform: str
    about: str
    rests_on: str


@dataclass(frozen=True, slots=True)
class FindingWithdrawn(Event):
    """It does not count any more. `why`: `reversed` (the decision was) or `withdrawn` (by a person)."""

    name: ClassVar[str] = "misuse.finding_withdrawn.v1"
    record: str
    about: str
    why: str


@dataclass(frozen=True, slots=True)
class MisuseWarned(Event):
    """A person warned somebody: so many counted, of so many in so many days."""

    name: ClassVar[str] = "misuse.warned.v1"
    record: str
    kind: str
    platform: str
    step: str
    counted: int
    total: int
    window_days: int


@dataclass(frozen=True, slots=True)
class WarningTakenBack(Event):
    """A person took a warning back."""

    name: ClassVar[str] = "misuse.warning_taken_back.v1"
    record: str
    step: str


@dataclass(frozen=True, slots=True)
class MisuseSuspended(Event):
    """A person suspended an account, or the processing of somebody's notices or complaints, for a time."""

    name: ClassVar[str] = "misuse.suspended.v1"
    record: str
    kind: str
    platform: str
    step: str
    counted: int
    total: int
    window_days: int
    until: str


@dataclass(frozen=True, slots=True)
class SuspensionEnded(Event):
    """A suspension is over. `why`: `over`, `lifted` (by a person), `reversed` (what it rests on), `complaint`."""

    name: ClassVar[str] = "misuse.suspension_ended.v1"
    record: str
    kind: str
    step: str
    why: str


@dataclass(frozen=True, slots=True)
class RecordDeleted(Event):
    """The time of a record was over: it was deleted with its findings and steps."""

    name: ClassVar[str] = "misuse.record_deleted.v1"
    record: str
    kind: str
    platform: str
