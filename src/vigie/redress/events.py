"""What happens with statements and complaints, as ledger facts. What anybody wrote is never here."""

from dataclasses import dataclass
from typing import ClassVar

from vigie.ledger.events import Event


@dataclass(frozen=True, slots=True)
class StatementMade(Event):
    """A restriction was put into a statement of reasons. `decision` is empty when a rule acted.

    For an account that was suspended for misuse, `action` is suspend_account and `decision` the suspension (MS-000012).

    `specific_measure`: the provider was exposed and acted under (EU) 2021/784 Art. 5. `detected_by`: machine or person.
    `legal_type` is empty when the ground is the terms. Rows from before these were kept here have them empty.
    """

    name: ClassVar[str] = "redress.statement_made.v1"
    statement: str
    decision: str
    action: str
    cause: str
    language: str
    withheld: bool
    platform: str = ""
    content: str = ""
    content_language: str = ""
    legal_type: str = ""
    detected_by: str = ""
    specific_measure: bool = False


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


@dataclass(frozen=True, slots=True)
class ComplaintReceived(Event):
    """Somebody objects to a decision. `about` is the number of the statement or notice; `basis`: tco10 or dsa20."""

    name: ClassVar[str] = "redress.complaint_received.v1"
    complaint: str
    about: str
    decision: str
    complainant: str
    basis: str
    came_by: str
    set_aside: bool = False


@dataclass(frozen=True, slots=True)
class ComplaintTakenUp(Event):
    """A complaint that was set aside comes back: a person takes it up, or the suspension is over."""

    name: ClassVar[str] = "redress.complaint_taken_up.v1"
    complaint: str


@dataclass(frozen=True, slots=True)
class ComplaintFoundUnfounded(Event):
    """A person found a complaint manifestly unfounded when deciding it."""

    name: ClassVar[str] = "redress.complaint_found_unfounded.v1"
    complaint: str


@dataclass(frozen=True, slots=True)
class ComplaintAssigned(Event):
    """A person who did not take the first decision looks at it."""

    name: ClassVar[str] = "redress.complaint_assigned.v1"
    complaint: str


@dataclass(frozen=True, slots=True)
class ComplaintHandedBack(Event):
    """That person leaves it to somebody else."""

    name: ClassVar[str] = "redress.complaint_handed_back.v1"
    complaint: str


@dataclass(frozen=True, slots=True)
class ComplaintDecided(Event):
    """A person decided. `outcome`: upheld, partial or reversed; `revision` is the new decision, if there is one."""

    name: ClassVar[str] = "redress.complaint_decided.v1"
    complaint: str
    outcome: str
    revision: str
    basis: str


@dataclass(frozen=True, slots=True)
class ContentReinstated(Event):
    """Content that a removal had reached was given back because of a complaint."""

    name: ClassVar[str] = "redress.content_reinstated.v1"
    complaint: str
    platform: str
    content: str


@dataclass(frozen=True, slots=True)
class ComplaintCarriedOut(Event):
    """The platform did what the outcome asks for."""

    name: ClassVar[str] = "redress.complaint_carried_out.v1"
    complaint: str


@dataclass(frozen=True, slots=True)
class ComplainantInformed(Event):
    """The complainant has the reasoned answer."""

    name: ClassVar[str] = "redress.complainant_informed.v1"
    complaint: str


@dataclass(frozen=True, slots=True)
class ProposalSettled(Event):
    """A person decided about something that a reversed removal had led to. `outcome`: removed or kept."""

    name: ClassVar[str] = "redress.proposal_settled.v1"
    complaint: str
    entry: str
    outcome: str


@dataclass(frozen=True, slots=True)
class SubmissionAccepted(Event):
    """The Transparency Database has the statement."""

    name: ClassVar[str] = "redress.submission_accepted.v1"
    statement: str
    puid: str
    attempts: int


@dataclass(frozen=True, slots=True)
class SubmissionGivenUp(Event):
    """The Transparency Database refused the statement, or did not answer for 72 hours: a dead letter."""

    name: ClassVar[str] = "redress.submission_given_up.v1"
    statement: str
    attempts: int


@dataclass(frozen=True, slots=True)
class SubmissionReplayed(Event):
    """A dead letter to the Transparency Database was put on its way again."""

    name: ClassVar[str] = "redress.submission_replayed.v1"
    statement: str


@dataclass(frozen=True, slots=True)
class InquiryReceived(Event):
    """An author asks for the reasons of a removal order. `came_by`: link or platform."""

    name: ClassVar[str] = "redress.inquiry_received.v1"
    inquiry: str
    order: str
    came_by: str


@dataclass(frozen=True, slots=True)
class InquiryAnswered(Event):
    """A person gave the author what they asked for. `form`: reasons, or copy."""

    name: ClassVar[str] = "redress.inquiry_answered.v1"
    inquiry: str
    order: str
    form: str
