"""An order of ours: what a person does with it, one transaction a step, from deconfliction to finality.

It sends nothing itself: what goes out is in the outbox when a step is done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from django.db import transaction

from vigie.foundation.clock import utc_text
from vigie.foundation.errors import Conflict, Invalid
from vigie.foundation.settings import Settings
from vigie.issuing import clocks, deconfliction, events, incoming, sending, service, steps
from vigie.issuing.answers import Answer, answer_from, read_answer
from vigie.issuing.models import IssuedOrder, Letter
from vigie.issuing.states import STANDS, Appeal, Happening, Home
from vigie.issuing.steps import APPROVING, STEPS, Step
from vigie.ledger.actors import Actor, person
from vigie.ledger.events import Event
from vigie.people.models import User
from vigie.people.rights import Right

_NAMES = {kind: name for name, kind in STEPS.items()}


@dataclass(frozen=True, slots=True)
class _Acting:
    """Who does something, when, and with which settings."""

    user: User
    at: datetime
    settings: Settings

    @property
    def actor(self) -> Actor:
        """The person, as the ledger names them."""
        return person(self.user.pk)


def take_step(number: str, step: Step, *, user: User, at: datetime, settings: Settings) -> IssuedOrder:
    """Do one step with an order of ours; its effects are on their way when this returns.

    Raises StepImpossible when the order stands otherwise, Forbidden, Invalid for something that is missing, and
    Conflict when something came between: then the order is held, and that stays.
    """
    is_approving = _NAMES[type(step)] in APPROVING
    service.check_may(user, Right.ISSUING_APPROVE if is_approving else Right.ISSUING_DRAFT)
    acting = _Acting(user, at, settings)
    with transaction.atomic():
        order = service.locked_order(number)
        held = _take(order, step, acting)
    if held:
        raise deconfliction.held_error(order)
    return order


def propose(number: str, values: dict[str, Any], *, user: User) -> IssuedOrder:
    """Say how an order that is out should read; a second person sends it so."""
    with transaction.atomic():
        order = service.locked_order(number)
        sending.propose_change(order, values, user=user)
    return order


def take_file(number: str, raw: bytes, *, user: User, at: datetime, settings: Settings) -> IssuedOrder:
    """An Annex II or III as a file or mail that a person has; raises AnswerUnreadable, and nothing is changed."""
    service.check_may(user, Right.ISSUING_DRAFT)
    answer = read_answer(raw)
    with transaction.atomic():
        order = service.locked_order(number)
        _take_in(order, answer, raw, by="mail", acting=_Acting(user, at, settings))
    return order


def may_extend_silence(order: IssuedOrder, *, at: datetime) -> bool:
    """Whether non-disclosure can still be extended: it runs, it was not extended before, and the order stands."""
    until = order.withheld_until
    return until is not None and at <= until and not order.withheld_extended and order.stage in STANDS


def _take(order: IssuedOrder, step: Step, acting: _Acting) -> str:
    """Returns why the order was held, or an empty text."""
    user, at, settings, actor = acting.user, acting.at, acting.settings, acting.actor
    match step:
        case steps.Check():
            deconfliction.compare(order, at=at, actor=actor)
        case steps.Override():
            deconfliction.override(order, reason=step.reason, user=user, at=at)
        case steps.Emergency():
            _emergency(order, step.reason, acting)
        case steps.Approve():
            return sending.approve(order, user=user, at=at)
        case steps.TakeBack():
            order.approved_by, order.approved_at = None, None
            _simply(order, Happening.APPROVAL_TAKEN_BACK, events.ApprovalTakenBack, acting)
        case steps.Discard():
            _simply(order, Happening.DISCARDED, events.DraftDiscarded, acting)
        case steps.Issue():
            return sending.issue(order, user=user, at=at, settings=settings)
        case steps.HandedOver():
            sending.note_by_hand(order, user=user, at=at)
        case steps.Received():
            proof = service.check_reason(step.proof)
            incoming.prove_receipt(
                order, received_at=step.received_at, by="hand", proof=proof, at=at, actor=actor
            )
        case steps.Done() | steps.Cannot():
            _entered(order, step, acting)
        case steps.Restart():
            incoming.restart(order, again_at=step.again_at, at=at, actor=actor)
        case steps.Looked():
            _looked(order, step, acting)
        case steps.Resend():
            sending.resend(order, user=user, at=at, settings=settings)
        case steps.ExtendSilence():
            _extend_silence(order, step.reason, acting)
        case steps.Withdraw():
            _withdraw(order, step.reason, acting)
        case steps.ScrutinyAsked():
            _scrutiny(order, Happening.SCRUTINY_ASKED, acting)
        case steps.ScrutinyPassed():
            _scrutiny(order, Happening.SCRUTINY_PASSED, acting)
        case steps.Infringement():
            _annulled(order, Happening.INFRINGEMENT_FOUND, step.reason, acting)
        case steps.AppealLodged():
            _appeal(order, Happening.APPEAL_LODGED, acting)
        case steps.AppealUpheld():
            _appeal(order, Happening.APPEAL_UPHELD, acting)
        case steps.AppealAnnulled():
            _annulled(order, Happening.APPEAL_ANNULLED, step.reason, acting)
        case steps.Final():
            _final(order, step.final_at, acting)
        case _:
            assert_never(step)
    return ""


def _simply(order: IssuedOrder, happening: Happening, event: Callable[..., Event], acting: _Acting) -> None:
    service.happen(order, happening, at=acting.at)
    service.note(order, event(order=order.number), actor=acting.actor)


def _emergency(order: IssuedOrder, reason: str, acting: _Acting) -> None:
    if not order.standing.is_draft:
        raise Conflict("An emergency is declared before the order is issued.", code="step_impossible")
    order.emergency = service.check_reason(reason)
    order.save()
    service.note(order, events.EmergencyDeclared(order=order.number), actor=acting.actor)


def _entered(order: IssuedOrder, step: steps.Done | steps.Cannot, acting: _Acting) -> None:
    proof = service.check_reason(step.proof)
    form: dict[str, Any] = {"authority_reference": order.reference}
    if isinstance(step, steps.Done):
        form |= {"form": "annex_ii", "measure": step.measure, "measure_at": utc_text(step.measure_at)}
    else:
        form |= {"form": "annex_iii", "ground": step.ground, "reasons": proof, "needed": step.needed}
    answer = answer_from(form)
    raw = incoming.entered_by_hand(answer, f"{proof} {utc_text(acting.at)}")
    _take_in(order, answer, raw, by="hand", acting=acting)


def _take_in(order: IssuedOrder, answer: Answer, raw: bytes, *, by: str, acting: _Acting) -> None:
    incoming.take_answer(
        order, answer, raw, by=by, at=acting.at, actor=acting.actor, settings=acting.settings
    )


def _looked(order: IssuedOrder, step: steps.Looked, acting: _Acting) -> None:
    if order.standing.is_draft:
        raise Conflict("Nothing was ordered yet.", code="step_impossible")
    order.items.update(seen="person_" + step.found, seen_at=acting.at)
    count = order.items.count()
    gone = count if step.found == "gone" else 0
    event = events.AddressesLookedAt(order=order.number, gone=gone, there=count - gone)
    service.note(order, event, actor=acting.actor)


def _extend_silence(order: IssuedOrder, reason: str, acting: _Acting) -> None:
    """Source: (EU) 2021/784 Art. 11(3)."""
    if not may_extend_silence(order, at=acting.at):
        raise Conflict(
            "Non-disclosure is extended once, before it ends, and only while the order stands.",
            code="step_impossible",
        )
    order.withheld_reason = f"{order.withheld_reason}\n{service.check_reason(reason)}".strip()
    order.withheld_extended = True
    order.save(update_fields=["withheld_reason", "withheld_extended"])
    until = order.withheld_until
    assert until is not None
    service.note(order, events.SilenceExtended(order=order.number, until=utc_text(until)), actor=acting.actor)
    sending.send_letter(order, Letter.Kind.SILENCE_EXTENDED, at=acting.at, settings=acting.settings)


def _withdraw(order: IssuedOrder, reason: str, acting: _Acting) -> None:
    order.reason = service.check_reason(reason)
    service.happen(order, Happening.WITHDRAWN, at=acting.at)
    service.note(order, events.OrderWithdrawn(order=order.number), actor=acting.actor)
    _tell_without_effect(order, acting)


def _scrutiny(order: IssuedOrder, happening: Happening, acting: _Acting) -> None:
    service.happen(order, happening, at=acting.at)
    service.note(order, events.ScrutinyNoted(order=order.number, scrutiny=order.scrutiny), actor=acting.actor)


def _appeal(order: IssuedOrder, happening: Happening, acting: _Acting) -> None:
    service.happen(order, happening, at=acting.at)
    service.note(order, events.AppealNoted(order=order.number, appeal=order.appeal), actor=acting.actor)


def _annulled(order: IssuedOrder, happening: Happening, reason: str, acting: _Acting) -> None:
    order.reason = service.check_reason(reason)
    is_scrutiny = happening is Happening.INFRINGEMENT_FOUND
    if is_scrutiny:
        _scrutiny(order, happening, acting)
    else:
        _appeal(order, happening, acting)
    service.note(
        order,
        events.OrderAnnulled(order=order.number, because="scrutiny" if is_scrutiny else "appeal"),
        actor=acting.actor,
    )
    _tell_without_effect(order, acting)


def _tell_without_effect(order: IssuedOrder, acting: _Acting) -> None:
    kinds = [Letter.Kind.WITHDRAWAL]
    if order.home != Home.NONE:
        kinds.append(Letter.Kind.HOME_WITHDRAWAL)
    for kind in kinds:
        sending.send_letter(order, kind, at=acting.at, settings=acting.settings, reason=order.reason)


def _final(order: IssuedOrder, final_at: datetime, acting: _Acting) -> None:
    """Source: (EU) 2021/784 Art. 3(9)."""
    if final_at > acting.at or order.received_at is None:
        raise Invalid("An order becomes final after its receipt, and not in the future.")
    ends_at = clocks.appeal_ends_at(order.received_at, days=order.appeal_days)
    if order.appeal != Appeal.UPHELD and final_at < ends_at:
        raise Conflict(
            "The period in which the order can be challenged is not over.",
            hint=f"It ends {utc_text(ends_at)}.",
            code="appeal_period_runs",
        )
    order.ended_at = final_at
    service.happen(order, Happening.BECAME_FINAL, at=acting.at)
    service.note(
        order,
        events.OrderBecameFinal(order=order.number, final_at=utc_text(final_at)),
        actor=acting.actor,
    )
    if order.home == Home.FINALITY_DUE:
        sending.send_letter(order, Letter.Kind.HOME_FINALITY, at=acting.at, settings=acting.settings)
