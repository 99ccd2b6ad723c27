"""Deciding a case, taking a decision back, putting another in its place: each inside the caller's transaction.

It sends nothing: `flows` puts the effects of a decision in the outbox in the same transaction.
"""

from datetime import datetime, timedelta

from vigie.cases import events
from vigie.cases.decisions import DecisionDraft, check_draft
from vigie.cases.models import Case, Content, Decision
from vigie.cases.service import check_may_decide, locked_row, refuse_if_locked
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Forbidden
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import person
from vigie.people.models import User
from vigie.people.rights import Right


def take_decision(
    number: str, draft: DecisionDraft, *, user: User, policy_digest: str, idempotency_key: str | None = None
) -> tuple[Decision, int, bool]:
    """Decide a case inside the caller's transaction: the decision, its ledger number, and whether it is new.

    The same idempotency key from the same person returns the decision that was taken with it.
    Raises DecisionIncomplete, CaseLocked, Conflict when the case was decided already, Forbidden without the right.
    """
    check_draft(draft)
    check_may_decide(user)
    case = locked_row(number)
    if idempotency_key:
        earlier = Decision.objects.filter(taken_by=user, idempotency_key=idempotency_key).first()
        if earlier is not None:
            return earlier, 0, False
    at = now()
    refuse_if_locked(case, user, at)
    if case.state == Case.State.DECIDED:
        raise Conflict(
            "This case was decided already.", hint="Undo that decision first.", code="case_decided"
        )
    decision = Decision.objects.create(
        case=case,
        action=draft.action,
        legal_type=draft.legal_type,
        exemption=draft.exemption,
        true_purpose=draft.true_purpose.strip(),
        reason=draft.reason.strip(),
        cause=draft.cause or case.cause,
        words_for_author=draft.words_for_author.strip(),
        withheld_until=draft.withheld_until,
        policy_digest=policy_digest,
        taken_by=user,
        taken_at=at,
        idempotency_key=idempotency_key or None,
    )
    case.state, case.decided_at, case.locked_by, case.locked_until = Case.State.DECIDED, at, None, None
    case.save(update_fields=["state", "decided_at", "locked_by", "locked_until"])
    seq = ledger.append(
        events.DecisionTaken(
            case=case.number,
            decision=decision.number,
            platform=case.content.platform.name,
            content=case.content.external_id,
            action=decision.action,
            legal_type=decision.legal_type,
            exemption=decision.exemption,
            policy=policy_digest,
            cause=decision.cause,
        ),
        actor=person(user.pk),
        subject=f"case:{case.number}",
    )
    return decision, seq, True


def undo_decision(number: str, *, reason: str, user: User, settings: Settings) -> tuple[Decision, int]:
    """Take the last decision of a case back, inside the caller's transaction; the case is open again.

    The person who took it can, within the time of the setting; a senior reviewer or legal officer always can.
    """
    check_may_decide(user)
    case = locked_row(number)
    last = case.decisions.order_by("-id").first()
    if case.state != Case.State.DECIDED or last is None or last.action == Decision.Action.UNDO:
        raise Conflict("There is no decision to undo.", code="nothing_to_undo")
    at = now()
    own_and_fresh = last.taken_by_id == user.pk and at - last.taken_at <= timedelta(seconds=settings.undo_s)
    if not own_and_fresh and Right.BANKS_CONFIRM not in user.rights:
        raise Forbidden(
            "You cannot undo this decision.",
            hint="A senior reviewer or a legal officer can.",
            code="undo_not_yours",
        )
    undoing = Decision.objects.create(
        case=case,
        action=Decision.Action.UNDO,
        exemption="none",
        reason=reason.strip() or "undone",
        cause=last.cause,
        policy_digest=last.policy_digest,
        taken_by=user,
        taken_at=at,
        undoes=last,
    )
    case.state, case.decided_at = Case.State.OPEN, None
    case.save(update_fields=["state", "decided_at"])
    seq = ledger.append(
        events.DecisionUndone(case=case.number, decision=undoing.number, undoes=last.number),
        actor=person(user.pk),
        subject=f"case:{case.number}",
    )
    return undoing, seq


def revise_decision(
    number: str, draft: DecisionDraft, *, first: Decision | None, user: User, because: str
) -> Decision:
    """Put a new decision in the place of `first` after a complaint, inside the caller's transaction.

    Without `first` a rule had acted alone and the case is still open. Nobody revises an own decision, and no lock
    stands in the way. Raises Conflict when another decision holds by now.
    """
    check_draft(draft)
    check_may_decide(user)
    case = locked_row(number)
    if standing_decision(case) != first:
        raise Conflict(
            "Another decision holds by now.", hint="Look at the case again.", code="decision_overtaken"
        )
    if first is not None and first.taken_by_id == user.pk:
        raise Forbidden(
            "Somebody else than the first decider has to look at it.", code="second_person_needed"
        )
    at = now()
    decision = Decision.objects.create(
        case=case,
        action=draft.action,
        legal_type=draft.legal_type,
        exemption=draft.exemption,
        true_purpose=draft.true_purpose.strip(),
        reason=draft.reason.strip(),
        cause=draft.cause or (first.cause if first else case.cause),
        words_for_author=draft.words_for_author.strip(),
        withheld_until=draft.withheld_until,
        policy_digest=case.policy_digest,
        taken_by=user,
        taken_at=at,
        undoes=first,
    )
    case.state, case.decided_at, case.locked_by, case.locked_until = Case.State.DECIDED, at, None, None
    case.save(update_fields=["state", "decided_at", "locked_by", "locked_until"])
    ledger.append(
        events.DecisionRevised(
            case=case.number,
            decision=decision.number,
            undoes=first.number if first else "",
            platform=case.content.platform.name,
            content=case.content.external_id,
            action=decision.action,
            legal_type=decision.legal_type,
            exemption=decision.exemption,
            cause=decision.cause,
            because=because,
        ),
        actor=person(user.pk),
        subject=f"case:{case.number}",
    )
    return decision


def standing_decision(case: Case) -> Decision | None:
    """The decision that holds now; None for an open case."""
    if case.state != Case.State.DECIDED:
        return None
    return case.decisions.select_related("taken_by").order_by("-id").first()


def move_silence(content: Content, *, until: datetime, at: datetime) -> None:
    """What was decided of this content and is withheld is withheld until then, inside the caller's transaction."""
    Decision.objects.filter(case__content=content, withheld_until__gt=at).update(withheld_until=until)
