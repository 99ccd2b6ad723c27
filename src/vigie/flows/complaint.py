"""A complaint from the first word to the answer: received, decided by another person, everything given back.

It decides nothing: a person does. What the removal reached is found here, so that nothing of it is forgotten.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from vigie.banks import service as banks
from vigie.banks.models import Entry
from vigie.cases import deciding
from vigie.cases import service as cases
from vigie.cases.decisions import Action, DecisionDraft, measures_of
from vigie.cases.models import Case, CaseMatch, Decision
from vigie.flows.informing import answer_notifier, enforce_with_reasons, enforcement, is_withheld, kept_silent
from vigie.flows.misuse import author_stays_suspended, decision_replaced, end_of_complaint
from vigie.flows.misuse_who import complainant_of, user_of
from vigie.flows.preservation import note_case
from vigie.foundation.errors import Forbidden, Invalid, NotFound
from vigie.foundation.settings import Settings
from vigie.ledger.actors import Actor, person
from vigie.misuse.models import MisuseStep
from vigie.notices.service import answer_notices, reopen_notices
from vigie.orders.contents import kept_down_by_order
from vigie.people.models import User
from vigie.people.rights import Right
from vigie.platforms.enforcement import request_enforcement, request_letter
from vigie.platforms.messages import Letter, Measure
from vigie.redress import complaints, replies
from vigie.redress import service as redress
from vigie.redress.complaints import ComplaintDraft
from vigie.redress.models import Complaint, Restitution, Statement
from vigie.redress.statements import SUSPEND_ACCOUNT

COPIES_AT_ONCE_MAX = 10_000

# What a decision becomes when a complaint is right in part: the next milder one.
MILDER: dict[str, Action] = {"remove_and_suspend": "remove", "remove": "hide"}


def nothing_milder() -> Invalid:
    """A decision cannot be changed in part."""
    return Invalid(
        "There is no milder decision than this one.", hint="Uphold it or reverse it.", code="nothing_milder"
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a person decided about a complaint. `new`: for a notifier who was right, what happens to the content.

    `unfounded`: it had manifestly no ground, which counts for its complainant.
    """

    outcome: str
    reply: str
    exemption: str = "none"
    new: DecisionDraft | None = None
    unfounded: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """Everything that a removal reached: other copies that rules removed because of it, copies that people removed,
    entries that were banked from it, and whether its author is suspended by it alone.
    """

    copies: tuple[Case, ...]
    copies_decided: tuple[Case, ...]
    entries: tuple[Entry, ...]


def complain_about(
    statement: Statement,
    text: str,
    *,
    came_by: Complaint.CameBy,
    language: str,
    actor: Actor,
    settings: Settings,
) -> Complaint:
    """Take a user's complaint and confirm it through the platform. Raises what `complaints.complain` raises."""
    with transaction.atomic():
        complaint = complaints.complain(
            ComplaintDraft(
                text=text,
                case=statement.case,
                decision=_decision_about(statement),
                came_by=came_by,
                language=language,
                statement=statement,
                who=user_of(statement),
            ),
            actor=actor,
            settings=settings,
        )
        letter = _letter("complaint_received", complaint, replies.received_text(complaint), settings)
        request_letter(enforcement(complaint.case, None, (), letter=letter), actor=actor, settings=settings)
    return complaint


def decide_complaint(number: str, decided: Outcome, *, user: User, settings: Settings) -> Complaint:
    """Decide, change what has to be changed, and send the answer: one transaction.

    Source: (EU) 2022/2065 Art. 20(4) to (6); (EU) 2021/784 Art. 10(2).
    """
    with transaction.atomic():
        complaint = complaints.locked_complaint(number)
        complaints.check_may_decide(complaint, user)
        revision = _revise(complaint, decided, user, settings)
        complaints.record_outcome(
            complaint, outcome=decided.outcome, reply=decided.reply, revision=revision, user=user
        )
        if decided.unfounded:
            complaints.find_unfounded(complaint, who=complainant_of(complaint), user=user)
        suspension = suspension_about(complaint)
        if suspension is not None:
            _answer_about_account(complaint, suspension, user, settings)
        elif complaint.complainant == Complaint.Complainant.NOTIFIER:
            _answer_notifier(complaint, revision, user, settings)
        else:
            _answer_user(complaint, revision, user, settings)
        if revision is not None:
            note_case(complaint.case.number, settings=settings)
    return complaint


def reach_of(complaint: Complaint) -> Reach:
    """What the removal that a complaint is about reached besides its own content."""
    entries = tuple(
        Entry.objects.filter(source="review", source_reference=complaint.case.number, removed_at=None)
        .exclude(kind=Entry.Kind.HARMLESS)
        .select_related("bank")
        .order_by("id")
    )
    numbers = {one.number for one in entries}
    copies, copies_decided = [], []
    for case in _cases_near(entries, besides=complaint.case):
        standing = deciding.standing_decision(case)
        if standing is None and case.verdict == "remove" and _removed_by(case) <= numbers:
            copies.append(case)
        elif standing is not None and standing.action in cases.REMOVAL_ACTIONS:
            copies_decided.append(case)
    return Reach(tuple(copies), tuple(copies_decided), entries)


def settle_entry(number: str, entry: str, *, remove: bool, user: User) -> Restitution:
    """Decide about an entry that was banked from content which was given back: take it out, or keep it."""
    if Right.BANKS_WRITE not in user.rights:
        raise Forbidden("You may not change banks.")
    with transaction.atomic():
        complaint = complaints.locked_complaint(number)
        proposal = (
            complaint.restitutions.select_related("entry", "complaint__case")
            .filter(kind=Restitution.Kind.ENTRY, reference=entry.upper())
            .first()
        )
        if proposal is None:
            raise NotFound("This complaint proposes nothing about that entry.")
        outcome = Restitution.State.REMOVED if remove else Restitution.State.KEPT
        complaints.settle_proposal(proposal, outcome=outcome, user=user)
        if remove:
            reason = f"{complaint.number}: the removal that it was banked from was reversed"
            banks.remove_entry(proposal.reference, reason=reason, actor=person(user.pk))
    return proposal


def suspension_about(complaint: Complaint) -> MisuseStep | None:
    """The suspension of an account that a complaint is about; None for one about a content."""
    return complaint.statement.suspension if complaint.statement is not None else None


def link_of(complaint: Complaint, *, settings: Settings) -> str | None:
    """The private link under which the complainant follows it; None for one that came without."""
    if complaint.statement is None:
        return None
    return redress.complaint_address(complaint.statement, settings=settings)


def _decision_about(statement: Statement) -> Decision | None:
    """What a user objects to; None for a rule that acted alone, and for the suspension of an account."""
    if statement.is_about_account:
        return None
    return statement.decision or deciding.standing_decision(statement.case)


def _revise(complaint: Complaint, decided: Outcome, user: User, settings: Settings) -> Decision | None:
    if suspension_about(complaint) is not None:
        if decided.outcome == "partial":
            raise nothing_milder()
        return None
    if decided.outcome == "upheld" or (complaint.statement and complaint.statement.withdrawn_at):
        return None
    draft = kept_silent(_new_draft(complaint, decided), complaint.case.content)
    # Where a rule had removed alone, a person may have decided the case in the meantime: that decision is revised.
    first = complaint.decision or deciding.standing_decision(complaint.case)
    revision = deciding.revise_decision(
        complaint.case.number,
        draft,
        first=first,
        user=user,
        because=complaint.number,
    )
    if first is not None:
        reopen_notices(first, actor=person(user.pk))
        decision_replaced(first, revision, actor=person(user.pk), settings=settings)
    answer_notices(revision, actor=person(user.pk), settings=settings)
    return revision


def _new_draft(complaint: Complaint, decided: Outcome) -> DecisionDraft:
    reason = f"{complaint.number}: {decided.reply.strip()}"
    if complaint.complainant == Complaint.Complainant.NOTIFIER:
        if decided.new is None or decided.outcome != "reversed":
            raise Invalid(
                "Say what shall happen to the content instead.", hint="Hide, remove, or remove and suspend."
            )
        return decided.new
    if decided.outcome == "reversed":
        purpose = decided.reply.strip() if decided.exemption != "none" else ""
        return DecisionDraft("keep", reason, exemption=decided.exemption, true_purpose=purpose)
    first = complaint.decision
    action = "hide" if first is None else MILDER.get(first.action)
    if action is None:
        raise nothing_milder()
    legal_type = first.legal_type if first else ""
    return DecisionDraft(action, reason, legal_type=legal_type, exemption="none")


def _answer_notifier(complaint: Complaint, revision: Decision | None, user: User, settings: Settings) -> None:
    """The author of the content is a third person here: restricted anew, with reasons of its own.

    While an authority forbids to tell that, the notifier is not answered either.
    """
    if revision is not None:
        enforce_with_reasons(
            complaint.case,
            revision,
            measures_of(revision.action),  # type: ignore[arg-type]  # one that a draft can have
            actor=person(user.pk),
            settings=settings,
        )
    if revision is None or not is_withheld(revision):
        answer_notifier(complaint, actor=person(user.pk), settings=settings)


def _answer_about_account(
    complaint: Complaint, suspension: MisuseStep, user: User, settings: Settings
) -> None:
    """The suspension stands, or ends now and the account is given back with the answer."""
    actor = person(user.pk)
    letter = _letter("complaint_outcome", complaint, replies.outcome_text(complaint), settings)
    ends = complaint.outcome == "reversed" and end_of_complaint(suspension, actor=actor)
    if not ends or cases.author_is_suspended(complaint.case.content):
        wanted = enforcement(complaint.case, None, (), letter=letter)
        request_letter(wanted, actor=actor, settings=settings)
        return
    wanted = enforcement(
        complaint.case, None, (Measure.RESTORE_AUTHOR,), letter=letter, complaint=complaint.number
    )
    message = request_enforcement(wanted, actor=actor, settings=settings)
    Restitution.objects.create(
        complaint=complaint,
        kind=Restitution.Kind.AUTHOR,
        state=Restitution.State.ASKED,
        reference=complaint.case.content.author_id,
        key=message.key if message else "",
    )


def _answer_user(complaint: Complaint, revision: Decision | None, user: User, settings: Settings) -> None:
    actor = person(user.pk)
    letter = _letter("complaint_outcome", complaint, replies.outcome_text(complaint), settings)
    measures = () if revision is None else _measures(complaint, revision)
    if measures:
        wanted = enforcement(complaint.case, revision, measures, letter=letter, complaint=complaint.number)
        message = request_enforcement(wanted, actor=actor, settings=settings)
    else:
        message = request_letter(
            enforcement(complaint.case, revision, (), letter=letter), actor=actor, settings=settings
        )
    if complaint.outcome == "reversed" and revision is not None:
        _give_back(complaint, measures, message.key if message else "", actor=actor, user=user)


def _measures(complaint: Complaint, revision: Decision) -> tuple[Measure, ...]:
    """What the platform has to do so that the new decision holds instead of the first."""
    content, first = complaint.case.content, complaint.decision
    measures: tuple[Measure, ...] = ()
    if revision.action in ("keep", "hide"):
        measures = measures_of(revision.action)  # type: ignore[arg-type]  # checked in the line above
    if kept_down_by_order(content):
        # The own decision is reversed; the content comes back with the end of the order.
        measures = tuple(one for one in measures if one is not Measure.RESTORE_CONTENT)
    lifts = first is not None and first.action == "remove_and_suspend"
    if lifts and not author_stays_suspended(content):
        measures = (*measures, Measure.RESTORE_AUTHOR)
    return measures


def _give_back(
    complaint: Complaint, measures: tuple[Measure, ...], key: str, *, actor: Actor, user: User
) -> None:
    """Everything that the removal reached: content, author, copies; entries and people's own decisions are proposed."""
    case, reach = complaint.case, reach_of(complaint)
    kind, state = Restitution.Kind, Restitution.State
    items: list[Restitution] = []
    if Measure.RESTORE_CONTENT in measures:
        complaints.record_reinstated(complaint, case, actor=actor)
        items.append(
            Restitution(
                kind=kind.CONTENT, state=state.ASKED, reference=case.content.reference, case=case, key=key
            )
        )
    if Measure.RESTORE_AUTHOR in measures:
        items.append(
            Restitution(kind=kind.AUTHOR, state=state.ASKED, reference=case.content.author_id, key=key)
        )
    for copy in reach.copies:
        asked = _give_copy_back(complaint, copy, user)
        if asked is None:
            continue
        items.append(
            Restitution(
                kind=kind.COPY, state=state.ASKED, reference=copy.content.reference, case=copy, key=asked
            )
        )
    items += [
        Restitution(kind=kind.COPY_DECIDED, state=state.PROPOSED, reference=one.content.reference, case=one)
        for one in reach.copies_decided
    ]
    items += [
        Restitution(kind=kind.ENTRY, state=state.PROPOSED, reference=one.number, entry=one)
        for one in reach.entries
    ]
    for one in items:
        one.complaint = complaint
    Restitution.objects.bulk_create(items)


def _give_copy_back(complaint: Complaint, copy: Case, user: User) -> str | None:
    """A copy that a rule removed because of the entry from this removal goes back too; None while an order keeps it."""
    actor = person(user.pk)
    decision = deciding.revise_decision(
        copy.number,
        DecisionDraft(
            "keep", f"{complaint.number}: the removal it was a copy of was reversed", exemption="none"
        ),
        first=None,
        user=user,
        because=complaint.number,
    )
    for statement in copy.statements.filter(decision=None).exclude(action=SUSPEND_ACCOUNT):
        redress.withdraw(statement, actor=actor)
    if kept_down_by_order(copy.content):
        return None
    complaints.record_reinstated(complaint, copy, actor=actor)
    message = request_enforcement(
        enforcement(copy, decision, (Measure.RESTORE_CONTENT,), complaint=complaint.number), actor=actor
    )
    return message.key if message else ""


def _cases_near(entries: tuple[Entry, ...], *, besides: Case) -> Iterator[Case]:
    near = CaseMatch.objects.filter(entry__in=entries).values("case_id")
    found = Case.objects.filter(pk__in=near).exclude(pk=besides.pk).select_related("content__platform")
    yield from found.order_by("id")[:COPIES_AT_ONCE_MAX]


def _removed_by(case: Case) -> set[str]:
    """The entries because of which a rule removed it."""
    return {str(one.get("entry")) for one in case.reasons if one.get("verdict") == "remove"}


def _letter(kind: str, complaint: Complaint, text: str, settings: Settings) -> Letter:
    return Letter(
        kind=kind,
        number=complaint.number,
        language=complaint.language,
        text=text,
        link=link_of(complaint, settings=settings),
    )
