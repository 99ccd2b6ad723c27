"""Complaints: received, assigned, decided by another person, answered; each act one transaction with its ledger entry.

It changes no decision and sends nothing: `flows.complaint` does both in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from vigie.cases.models import Case, Decision
from vigie.exposure.service import is_exposed
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.secretbox import lock_text, unlock_text
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import SYSTEM, Actor, person
from vigie.ledger.events import Event
from vigie.misuse import records
from vigie.misuse import service as misuse
from vigie.misuse.models import MisuseFinding, MisuseStep
from vigie.misuse.records import Who
from vigie.misuse.service import Found
from vigie.people.models import User
from vigie.people.rights import Right
from vigie.redress import events
from vigie.redress.clocks import complaint_until, may_complain, outcome_due_at
from vigie.redress.models import Complaint, Restitution, Statement
from vigie.redress.statements import SUSPEND_ACCOUNT, is_specific_measure
from vigie.redress.states import ACT_OF_OUTCOME, UNDECIDED, ComplaintAct, ComplaintState, after

TEXT_CHARS_MIN = 3
TEXT_CHARS_MAX = 10_000
REPLY_CHARS_MIN = 10
REPLY_CHARS_MAX = 3_000


class ComplaintTooLate(Conflict):
    """The six months are over."""

    code = "complaint_too_late"


class ComplaintTwice(Conflict):
    """There is a complaint about this already."""

    code = "complaint_exists"


@dataclass(frozen=True, slots=True)
class ComplaintDraft:
    """What somebody objects to. One of `statement` and `notice` is given. `who` objects, where that can be told."""

    text: str
    case: Case
    decision: Decision | None
    came_by: Complaint.CameBy
    language: str
    statement: Statement | None = None
    notice: str = ""
    who: Who | None = None


def complain(draft: ComplaintDraft, *, actor: Actor, settings: Settings) -> Complaint:
    """Take a complaint, inside the caller's transaction.

    Raises Invalid for an empty or endless text, ComplaintTooLate, and ComplaintTwice for a second one.
    Source: (EU) 2022/2065 Art. 20(1) to (3); (EU) 2021/784 Art. 10(1).
    """
    text, at = draft.text.strip(), now()
    if not TEXT_CHARS_MIN <= len(text) <= TEXT_CHARS_MAX:
        raise Invalid(
            "Say in words why you object.",
            hint="At most 10,000 characters.",
            code="complaint_text",
        )
    if draft.statement is not None:
        _check_in_time(draft.statement, at)
    basis = _basis(draft, settings)
    suspension = _suspension(draft, basis, at)
    try:
        with transaction.atomic():
            complaint = Complaint.objects.create(
                statement=draft.statement,
                notice=draft.notice,
                case=draft.case,
                decision=draft.decision,
                complainant=_complainant(draft),
                basis=basis,
                came_by=draft.came_by,
                language=draft.language,
                locked_text=lock_text(text, settings=settings),
                received_at=at,
                due_at=outcome_due_at(at if suspension is None else suspension.until or at),
                state=ComplaintState.RECEIVED if suspension is None else ComplaintState.SET_ASIDE,
                set_aside_by=suspension,
            )
    except IntegrityError as error:
        raise ComplaintTwice(
            "There is a complaint about this already.", hint="Its answer comes to the same place."
        ) from error
    _record(
        complaint,
        events.ComplaintReceived(
            complaint=complaint.number,
            about=draft.statement.number if draft.statement else draft.notice,
            decision=draft.decision.number if draft.decision else "",
            complainant=complaint.complainant,
            basis=complaint.basis,
            came_by=complaint.came_by,
            set_aside=suspension is not None,
        ),
        actor,
    )
    return complaint


def take_up(number: str, *, actor: Actor) -> Complaint:
    """Look at a complaint that was set aside: it waits for a person, and its two weeks run from now."""
    with transaction.atomic():
        complaint = locked_complaint(number)
        _move(complaint, ComplaintAct.TAKE_UP)
        complaint.due_at = outcome_due_at(now())
        complaint.save(update_fields=["state", "due_at"])
        _record(complaint, events.ComplaintTakenUp(complaint=complaint.number), actor)
    return complaint


def to_take_up(*, at: datetime, limit: int) -> list[str]:
    """Complaints that were set aside by a suspension which is over."""
    rows = Complaint.objects.filter(records.ended_at(at), state=ComplaintState.SET_ASIDE)
    return [one.number for one in rows.order_by("id")[:limit]]


def assign(number: str, *, user: User) -> Complaint:
    """Take a complaint to look at it; raises Forbidden for whoever took the decision it is about."""
    with transaction.atomic():
        complaint = locked_complaint(number)
        check_may_decide(complaint, user)
        if complaint.state == ComplaintState.ASSIGNED and complaint.assigned_to_id == user.pk:
            return complaint
        _move(complaint, ComplaintAct.ASSIGN)
        complaint.assigned_to = user
        complaint.save(update_fields=["state", "assigned_to"])
        _record(complaint, events.ComplaintAssigned(complaint=complaint.number), person(user.pk))
    return complaint


def hand_back(number: str, *, user: User) -> Complaint:
    """Leave a complaint to somebody else; the one who has it, or whoever may confirm, can."""
    with transaction.atomic():
        complaint = locked_complaint(number)
        if complaint.assigned_to_id != user.pk and Right.BANKS_CONFIRM not in user.rights:
            raise Forbidden("Somebody else looks at this complaint.")
        _move(complaint, ComplaintAct.HAND_BACK)
        complaint.assigned_to = None
        complaint.save(update_fields=["state", "assigned_to"])
        _record(complaint, events.ComplaintHandedBack(complaint=complaint.number), person(user.pk))
    return complaint


def check_may_decide(complaint: Complaint, user: User) -> None:
    """Raise Forbidden unless this person may decide it: a reviewer who did not take the decision.

    Source: (EU) 2022/2065 Art. 20(6); a person always, so it is never decided by automated means alone.
    """
    if Right.CASES_DECIDE not in user.rights:
        raise Forbidden("You may not decide complaints.")
    if first_decider_id(complaint) == user.pk:
        raise Forbidden(
            "Somebody else than the first decider has to look at it.", code="second_person_needed"
        )


def first_decider_id(complaint: Complaint) -> int | None:
    """Who took the decision, or imposed the suspension, that a complaint is about; None for a rule."""
    statement = complaint.statement
    if statement is not None and statement.suspension is not None:
        return statement.suspension.taken_by_id
    return complaint.decision.taken_by_id if complaint.decision is not None else None


def record_outcome(
    complaint: Complaint, *, outcome: str, reply: str, revision: Decision | None, user: User
) -> None:
    """Write down what was decided, inside the caller's transaction; `complaint` is locked and assigned to `user`."""
    reply = reply.strip()
    if outcome not in ACT_OF_OUTCOME:
        raise Invalid("An outcome is upheld, partial or reversed.")
    if not REPLY_CHARS_MIN <= len(reply) <= REPLY_CHARS_MAX:
        raise Invalid(
            "The complainant is owed a reasoned answer.",
            hint=f"{REPLY_CHARS_MIN} to {REPLY_CHARS_MAX} characters, in their language.",
            code="reply_missing",
        )
    if complaint.assigned_to_id != user.pk:
        raise Conflict("Take the complaint first.", code="complaint_state")
    _move(complaint, ACT_OF_OUTCOME[outcome])
    complaint.outcome, complaint.reply = outcome, reply
    complaint.decided_by, complaint.decided_at, complaint.revision = user, now(), revision
    complaint.save()
    _record(
        complaint,
        events.ComplaintDecided(
            complaint=complaint.number,
            outcome=outcome,
            revision=revision.number if revision else "",
            basis=complaint.basis,
        ),
        person(user.pk),
    )


def find_unfounded(complaint: Complaint, *, who: Who | None, user: User) -> None:
    """A person finds, when deciding, that a complaint had manifestly no ground: it counts for its complainant.

    Inside the caller's transaction, after the outcome. Source: (EU) 2022/2065 Art. 23(2); only for Art. 20.
    """
    if complaint.outcome != "upheld" or complaint.basis != Complaint.Basis.DSA20:
        raise Invalid(
            "Only a complaint under Article 20 that changes nothing can be manifestly unfounded.",
            hint="Article 10 of Regulation (EU) 2021/784 knows no misuse of complaints.",
            code="not_unfounded",
        )
    complaint.unfounded = True
    complaint.save(update_fields=["unfounded"])
    _record(complaint, events.ComplaintFoundUnfounded(complaint=complaint.number), person(user.pk))
    if who is not None:
        rests_on = complaint.decision.number if complaint.decision else complaint.number
        misuse.find(who, Found(complaint.number, rests_on, complaint.case, complaint.received_at), user=user)


def note_found_after_all(finding: MisuseFinding) -> None:
    """A person takes back that a complaint was manifestly unfounded, inside the caller's transaction."""
    Complaint.objects.filter(pk=parse_public_number("CP", finding.about) or 0).update(unfounded=False)


def note_answered(number: str, *, actor: Actor = SYSTEM) -> Complaint:
    """What the outcome asks for was done, and the complainant has the answer; a second time changes nothing."""
    with transaction.atomic():
        complaint = locked_complaint(number)
        if complaint.state in (ComplaintState.PARTIAL, ComplaintState.REVERSED):
            _move(complaint, ComplaintAct.CARRY_OUT)
            complaint.carried_out_at = now()
            _record(complaint, events.ComplaintCarriedOut(complaint=complaint.number), actor)
        if complaint.state != ComplaintState.INFORMED:
            _move(complaint, ComplaintAct.INFORM)
            complaint.informed_at = now()
            _record(complaint, events.ComplainantInformed(complaint=complaint.number), actor)
        complaint.save(update_fields=["state", "carried_out_at", "informed_at"])
    return complaint


def notifiers_to_answer(*, at: datetime, limit: int) -> list[str]:
    """Complaints of notifiers who were right, whose answer was withheld and may be told now.

    Source: (EU) 2021/784 Art. 11(3).
    """
    rows = Complaint.objects.filter(
        complainant=Complaint.Complainant.NOTIFIER,
        state=ComplaintState.REVERSED,
        informed_at=None,
        revision__withheld_until__lte=at,
    )
    return [one.number for one in rows.order_by("id")[:limit]]


def record_reinstated(complaint: Complaint, case: Case, *, actor: Actor) -> None:
    """Content goes back to its author, inside the caller's transaction."""
    _record(
        complaint,
        events.ContentReinstated(
            complaint=complaint.number,
            platform=case.content.platform.name,
            content=case.content.external_id,
        ),
        actor,
        subject=f"case:{case.number}",
    )


def settle_proposal(proposal: Restitution, *, outcome: Restitution.State, user: User) -> None:
    """Note what a person decided about an entry, inside the caller's transaction."""
    if proposal.state != Restitution.State.PROPOSED or proposal.entry is None:
        raise Conflict("This was settled already.")
    proposal.state, proposal.settled_by, proposal.settled_at = outcome, user, now()
    proposal.save(update_fields=["state", "settled_by", "settled_at"])
    _record(
        proposal.complaint,
        events.ProposalSettled(
            complaint=proposal.complaint.number, entry=proposal.entry.number, outcome=outcome
        ),
        person(user.pk),
    )


def complaint_text(complaint: Complaint, *, settings: Settings) -> str:
    """What the complainant wrote."""
    return unlock_text(complaint.locked_text, settings=settings)


def complaints() -> QuerySet[Complaint]:
    """All complaints with what is shown of them."""
    return Complaint.objects.select_related(
        "case__content__platform",
        "decision__taken_by",
        "statement__suspension__taken_by",
        "set_aside_by",
        "assigned_to",
        "decided_by",
        "revision",
    )


def open_complaint_about(case_number: str) -> bool:
    """Whether somebody waits for an answer about the decision of a case; an account's suspension is none."""
    about = Complaint.objects.filter(case_id=parse_public_number("C", case_number) or 0, state__in=UNDECIDED)
    return about.exclude(statement__action=SUSPEND_ACCOUNT).exists()


def find_complaint(number: str) -> Complaint:
    """The complaint with this public number; raises NotFound."""
    complaint = complaints().filter(pk=parse_public_number("CP", number) or 0).first()
    if complaint is None:
        raise NotFound("There is no such complaint.")
    return complaint


def locked_complaint(number: str) -> Complaint:
    """The complaint, locked until the end of the transaction; raises NotFound."""
    complaint = (
        complaints().select_for_update(of=("self",)).filter(pk=parse_public_number("CP", number) or 0).first()
    )
    if complaint is None:
        raise NotFound("There is no such complaint.")
    return complaint


def _check_in_time(statement: Statement, at: datetime) -> None:
    if statement.withdrawn_at is not None:
        raise Conflict("The decision was taken back already.", code="statement_withdrawn")
    if not may_complain(at, informed_at=statement.informed_at):
        assert statement.informed_at is not None
        raise ComplaintTooLate(
            f"The time for a complaint ended on {complaint_until(statement.informed_at):%d %B %Y}.",
            hint="You can still turn to a dispute settlement body or to a court.",
        )


def _complainant(draft: ComplaintDraft) -> Complaint.Complainant:
    return Complaint.Complainant.USER if draft.statement else Complaint.Complainant.NOTIFIER


def _basis(draft: ComplaintDraft, settings: Settings) -> Complaint.Basis:
    """(EU) 2021/784 Art. 10 for removals by specific measures, which only an exposed provider takes; else Art. 20.

    Never for removal orders: nothing is stated for them, so there is nothing to complain about here.
    """
    statement = draft.statement
    is_measure = statement is not None and is_specific_measure(
        cause=statement.cause,
        legal_type=statement.legal_type,
        exposed=is_exposed(at=statement.made_at, settings=settings),
    )
    return Complaint.Basis.TCO10 if is_measure else Complaint.Basis.DSA20


def _suspension(draft: ComplaintDraft, basis: Complaint.Basis, at: datetime) -> MisuseStep | None:
    """What sets the complaint aside: (EU) 2022/2065 Art. 23(2).

    Never one under (EU) 2021/784 Art. 10: paragraph 2 owes its outcome within two weeks of receipt without exception,
    and (EU) 2022/2065 Art. 2(4)(c) leaves that Regulation untouched. Nor one about the suspension of an account: what
    misuse led to stays open to objection.
    """
    if draft.who is None or basis == Complaint.Basis.TCO10:
        return None
    if draft.statement is not None and draft.statement.is_about_account:
        return None
    return records.suspension_of(draft.who, at=at)


def _move(complaint: Complaint, act: ComplaintAct) -> None:
    complaint.state = after(ComplaintState(complaint.state), act)


def _record(complaint: Complaint, event: Event, actor: Actor, *, subject: str = "") -> None:
    ledger.append(event, actor=actor, subject=subject or f"case:{complaint.case.number}")
