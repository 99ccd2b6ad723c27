"""A decision and its undoing: state, ledger entry and outbox message in one transaction.

It judges nothing: what a person said is checked for completeness in `cases` and carried out.
"""

from django.db import transaction

from vigie.cases import deciding
from vigie.cases import service as cases
from vigie.cases.decisions import DecisionDraft, measures_of, measures_to_undo
from vigie.cases.models import Decision
from vigie.flows.informing import enforce_with_reasons, enforcement, kept_silent
from vigie.flows.misuse import author_stays_suspended, decision_fell
from vigie.flows.preservation import note_case
from vigie.foundation.errors import Conflict, Invalid
from vigie.foundation.settings import Settings, current
from vigie.ledger.actors import person
from vigie.notices.service import answer_notices, reopen_notices
from vigie.orders.contents import kept_down_by_order
from vigie.people.models import User
from vigie.platforms.enforcement import request_enforcement
from vigie.platforms.messages import Measure
from vigie.redress.complaints import open_complaint_about
from vigie.redress.service import withdraw_statement


def decide(
    number: str,
    draft: DecisionDraft,
    *,
    user: User,
    idempotency_key: str | None = None,
    settings: Settings | None = None,
) -> Decision:
    """Take a decision; its effect and the statement of reasons are on the way to the platform when this returns.

    The same idempotency key from the same person gives the same decision and no second message.
    """
    with transaction.atomic():
        case = cases.find_case(number)
        if draft.action == "remove_and_suspend" and not case.content.author_id:
            raise Invalid(
                "The platform did not say who the author is, so nobody can be suspended.",
                hint="Decide to remove the content.",
                code="author_unknown",
            )
        if draft.action == "keep" and kept_down_by_order(case.content):
            raise Conflict(
                "A removal order keeps this content down; it cannot be shown again while the order stands.",
                hint="The desk of removal orders shows the order.",
                code="kept_down_by_order",
            )
        draft = kept_silent(draft, case.content)
        decision, _, is_new = deciding.take_decision(
            number, draft, user=user, policy_digest=case.policy_digest, idempotency_key=idempotency_key
        )
        if is_new:
            answer_notices(decision, actor=person(user.pk), settings=settings or current())
            enforce_with_reasons(
                decision.case,
                decision,
                measures_of(draft.action),
                actor=person(user.pk),
                settings=settings or current(),
            )
            note_case(decision.case.number, settings=settings or current())
    return decision


def undo(number: str, *, reason: str, user: User, settings: Settings) -> Decision:
    """Take the last decision of a case back, and bring the platform back to where the rules had left it."""
    with transaction.atomic():
        if open_complaint_about(number):
            raise Conflict(
                "Somebody complains about this decision: decide the complaint, which gives everything back.",
                code="complaint_open",
            )
        undoing, _ = deciding.undo_decision(number, reason=reason, user=user, settings=settings)
        undone = undoing.undoes
        if undone is None:
            raise Invalid("There is no decision to undo.")
        case = undoing.case
        measures = measures_to_undo(undone.action, verdict=case.verdict)  # type: ignore[arg-type]
        if Measure.RESTORE_CONTENT in measures and kept_down_by_order(case.content):
            measures = tuple(one for one in measures if one is not Measure.RESTORE_CONTENT)
        if Measure.RESTORE_AUTHOR in measures and author_stays_suspended(case.content):
            measures = tuple(one for one in measures if one is not Measure.RESTORE_AUTHOR)
        reopen_notices(undone, actor=person(user.pk))
        withdraw_statement(undone, actor=person(user.pk))
        decision_fell([undone], actor=person(user.pk), settings=settings)
        if measures:
            request_enforcement(enforcement(case, undoing, measures), actor=person(user.pk))
    return undoing
