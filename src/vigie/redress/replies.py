"""What a complainant is told: that the complaint came, and what was decided and why.

It names no reviewer.
"""

from datetime import UTC

from vigie.redress.models import Complaint
from vigie.redress.statements import WORDINGS
from vigie.redress.states import ComplaintState


def received_text(complaint: Complaint) -> str:
    """The confirmation as a letter, with its title."""
    title = WORDINGS[complaint.language].complaint_title.format(number=complaint.number)
    return f"{title}\n\n{received_sentence(complaint)}"


def received_sentence(complaint: Complaint) -> str:
    """That it came, with the day by which the answer comes; and until when it is set aside, and why."""
    say = WORDINGS[complaint.language]
    if complaint.state == ComplaintState.SET_ASIDE and complaint.set_aside_by is not None:
        until = complaint.set_aside_by.until or complaint.due_at
        return say.misuse.complaint_set_aside.format(
            until=say.day(until.astimezone(UTC)), day=say.day(complaint.due_at)
        )
    return say.complaint_received.format(day=say.day(complaint.due_at))


def outcome_text(complaint: Complaint) -> str:
    """The reasoned answer. Source: (EU) 2022/2065 Art. 20(5)."""
    say = WORDINGS[complaint.language]
    return "\n\n".join(
        [
            say.complaint_title.format(number=complaint.number),
            say.complaint_outcomes[complaint.outcome],
            say.complaint_reasons.format(reasons=complaint.reply),
            say.complaint_person,
            say.complaint_redress,
        ]
    )
