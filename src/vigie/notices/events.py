"""What happens with notices and threats, as ledger facts. Nobody's words or names are here."""

from dataclasses import dataclass
from typing import ClassVar

from vigie.ledger.events import Event


@dataclass(frozen=True, slots=True)
class NoticeReceived(Event):
    """Somebody reports content, and had it confirmed. `flagger` is empty for everybody but trusted flaggers.

    `came_by` form, api or flagger is a notice under Article 16 of Regulation (EU) 2022/2065; post, telephone, email or
    other is a referral.
    """

    name: ClassVar[str] = "notices.notice_received.v1"
    notice: str
    platform: str
    content: str
    came_by: str
    category: str
    flagger: str
    threat_to_life: bool
    state: str


@dataclass(frozen=True, slots=True)
class NoticeDecided(Event):
    """A decision about the content answers the notice. `outcome`: no_action, acted_law or acted_terms."""

    name: ClassVar[str] = "notices.notice_decided.v1"
    notice: str
    decision: str
    outcome: str
    flagger: str


@dataclass(frozen=True, slots=True)
class NotifierTold(Event):
    """The notifier can read the decision and how to object to it."""

    name: ClassVar[str] = "notices.notifier_told.v1"
    notice: str


@dataclass(frozen=True, slots=True)
class NoticeReopened(Event):
    """The decision was taken back: the notice waits for another one."""

    name: ClassVar[str] = "notices.notice_reopened.v1"
    notice: str


@dataclass(frozen=True, slots=True)
class NoticeTakenUp(Event):
    """A notice that was set aside is looked at after all."""

    name: ClassVar[str] = "notices.notice_taken_up.v1"
    notice: str


@dataclass(frozen=True, slots=True)
class NoticeFoundUnfounded(Event):
    """A person found a notice manifestly unfounded."""

    name: ClassVar[str] = "notices.notice_found_unfounded.v1"
    notice: str


@dataclass(frozen=True, slots=True)
class NotifierWarned(Event):
    """A notifier was warned. Rows of before misuse had records of its own (`misuse.warned.v1`); `notifier` is an id."""

    name: ClassVar[str] = "notices.notifier_warned.v1"
    notifier: int
    unfounded: int
    decided: int


@dataclass(frozen=True, slots=True)
class NotifierSuspended(Event):
    """Notices of a notifier are set aside for a time. Rows of before `misuse.suspended.v1`."""

    name: ClassVar[str] = "notices.notifier_suspended.v1"
    notifier: int
    days: int


@dataclass(frozen=True, slots=True)
class FlaggerAdded(Event):
    """A trusted flagger was entered."""

    name: ClassVar[str] = "notices.flagger_added.v1"
    flagger: str
    expertise: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlaggerSwitched(Event):
    """A trusted flagger lost or got back its standing."""

    name: ClassVar[str] = "notices.flagger_switched.v1"
    flagger: str
    active: bool


@dataclass(frozen=True, slots=True)
class ThreatRaised(Event):
    """Somebody sees a threat to life or safety."""

    name: ClassVar[str] = "notices.threat_raised.v1"
    threat: str
    notice: str


@dataclass(frozen=True, slots=True)
class ThreatSettled(Event):
    """A person informed the authorities, or found that there is no threat. `outcome`: reported or dismissed."""

    name: ClassVar[str] = "notices.threat_settled.v1"
    threat: str
    outcome: str
    to: str
