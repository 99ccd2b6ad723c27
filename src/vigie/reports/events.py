"""What happens with reports, as ledger facts. The operator's own texts for publication are among them."""

from dataclasses import dataclass
from typing import ClassVar

from vigie.ledger.events import Event


@dataclass(frozen=True, slots=True)
class ProfileChanged(Event):
    """The operator said something that the ledger cannot know. `period` is empty when it holds for every one.

    `version` counts how often this field of this period was written; an empty `value` takes it back.
    """

    name: ClassVar[str] = "reports.profile_changed.v1"
    field: str
    period: str
    value: str
    version: int


@dataclass(frozen=True, slots=True)
class ReportPublished(Event):
    """A report was published as it was computed from the ledger up to `through`.

    `files` are the names of its files, `sha256` their digests in the same order.
    """

    name: ClassVar[str] = "reports.report_published.v1"
    report: str
    kind: str
    period: str
    through: int
    published_on: str
    files: tuple[str, ...]
    sha256: tuple[str, ...]
