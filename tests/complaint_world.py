"""What tests of complaints share: a restricted user who objects, and a person who decides."""

from dataclasses import replace

from django.test import Client

from vigie.cases.decisions import DecisionDraft
from vigie.flows.complaint import Outcome, complain_about, decide_complaint
from vigie.foundation.links import link_token
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.people.models import User
from vigie.redress import complaints
from vigie.redress.models import Complaint, Statement

REMOVE = DecisionDraft("remove", "a copy of the poster", legal_type="a", exemption="none")
SUSPEND = replace(REMOVE, action="remove_and_suspend")
WHY = "It is a press photograph and I report on the march."
REPLY = "It is a press photograph and reports on the march."


def complain(statement: Statement | None = None, text: str = WHY) -> Complaint:
    """The restricted user objects under the private link."""
    return complain_about(
        statement or Statement.objects.order_by("id")[0],
        text,
        came_by=Complaint.CameBy.LINK,
        language="en",
        actor=COMMAND_LINE,
        settings=current(),
    )


def settle(complaint: Complaint, user: User, outcome: str, exemption: str = "none") -> Complaint:
    """Take it and decide it."""
    complaints.assign(complaint.number, user=user)
    return decide_complaint(
        complaint.number, Outcome(outcome, REPLY, exemption), user=user, settings=current()
    )


def link() -> str:
    """The address of the only statement."""
    return f"/complaint/{link_token(Statement.objects.get().number, settings=current())}"


def stranger() -> Client:
    """A browser without an account."""
    return Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=False)
