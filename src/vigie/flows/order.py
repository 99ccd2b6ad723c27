"""A removal order: what a person does with it, one transaction a step, and that a platform obeyed it.

What it has platforms do is asked for in `order_measures`; nothing is taken down that no person said so about, but for
the reversible disabling that settings may ask for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

from django.db import transaction

from vigie.flows import informing
from vigie.flows.order_measures import ask_for, conclude, give_back, identified, pass_letter, take_down
from vigie.flows.preservation import note_order
from vigie.foundation.clock import now, utc_text
from vigie.foundation.errors import Conflict, Invalid
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import SYSTEM, Actor, person
from vigie.ledger.models import OutboxMessage
from vigie.ledger.outbox import Refused, Taken
from vigie.orders import answers, clocks, deadlines, events, service, steps
from vigie.orders.models import Order, OrderDeadline, OrderItem
from vigie.orders.states import Happening, Stage
from vigie.orders.steps import MeasureWord, Step
from vigie.people.models import User
from vigie.platforms import service as platforms

RETRY_AT_MOST_AFTER = timedelta(seconds=60)
_CHANGES_SILENCE = (steps.Refuse, steps.Withhold, steps.ExtendWithholding, steps.LiftWithholding)


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


def take_step(number: str, step: Step, *, user: User, at: datetime, settings: Settings) -> Order:
    """Do one step with an order; its effects are on their way when this returns.

    Raises StepImpossible when the order stands otherwise, Forbidden, Invalid for something that is missing.
    """
    service.check_may_decide(user)
    acting = _Acting(user, at, settings)
    with transaction.atomic():
        if isinstance(step, steps.ExecutedByHand):
            # Before the order is locked: a delivery that is being recorded locks both in this sequence.
            _overtake_messages(number, acting)
        order = service.locked_order(number)
        _take(order, step, acting)
        if isinstance(step, _CHANGES_SILENCE):
            informing.follow_silence(order, at=at)
        note_order(order, settings=settings)
    return order


def correct(number: str, values: Mapping[str, Any], *, user: User, at: datetime, settings: Settings) -> Order:
    """Fill in or mend fields of an order; what is withheld because of it follows what it says now.

    Raises what `service.correct_fields` raises. Source: (EU) 2021/784 Art. 11(3).
    """
    with transaction.atomic():
        named = informing.named_by(service.locked_order(number))
        order = service.correct_fields(number, values, user=user, at=at, settings=settings)
        informing.follow_silence(order, at=at, besides=named)
    return order


def _take(order: Order, step: Step, acting: _Acting) -> None:
    match step:
        case steps.Accept():
            if order.stage != Stage.RECEIVED:
                service.happen(order, Happening.ACCEPTED, at=acting.at)  # says why not
            service.accept(order, user=acting.user, at=acting.at)
        case steps.Refuse():
            _refuse(order, step, acting)
        case steps.Execute():
            _execute(order, step.measure, acting)
        case steps.ExecutedByHand():
            _executed_by_hand(order, step, acting)
        case steps.CannotExecute():
            _cannot(order, step, acting)
        case steps.Restart():
            _restart(order, step, acting)
        case steps.AnswerSentByHand():
            answers.note_sent(answers.last_answer(order), by="hand", at=acting.at, actor=acting.actor)
            order.refresh_from_db()
        case steps.AskScrutiny():
            _ask_scrutiny(order, step, acting)
        case steps.ScrutinyPassed():
            _scrutiny_decided(order, Happening.SCRUTINY_PASSED, acting)
        case steps.Infringement():
            _loses_effect(order, Happening.INFRINGEMENT_FOUND, step.reason, acting)
        case steps.BecameFinal():
            _became_final(order, step, acting)
        case steps.Annul():
            _loses_effect(order, Happening.ANNULLED, step.reason, acting)
        case steps.Withhold() | steps.ExtendWithholding() | steps.LiftWithholding():
            _change_disclosure(order, step, acting)
        case steps.InformAuthor():
            _inform_author(order, acting)
        case _:
            assert_never(step)


def deliver(stored: OutboxMessage, *, door: OutboundDoor, settings: Settings) -> Taken | Refused:
    """Hand an enforcement message to its platform; when it is an order's, note there that the measure is taken."""
    item = OrderItem.objects.select_related("order").filter(delivery_key=stored.key).first()
    if item is None:
        item = OrderItem.objects.select_related("order").filter(disabling_key=stored.key).first()
    if item is None:
        return informing.deliver(stored, door=door, settings=settings)
    outcome = platforms.deliver(stored, door=door, settings=settings, order=item.order.number)
    if isinstance(outcome, Refused):
        # The hour runs: a platform that was away is asked again every minute.
        soon = now() + RETRY_AT_MOST_AFTER
        return Refused(outcome.reason, min(outcome.retry_at, soon) if outcome.retry_at else None)
    first = outcome.then

    def then() -> None:
        if first is not None:
            first()
        delivered_at = OutboxMessage.objects.values_list("delivered_at", flat=True).get(pk=stored.pk)
        if delivered_at is not None:
            note_measure_taken(stored.key, at=delivered_at, settings=settings)

    return Taken(then=then)


def note_measure_taken(key: str, *, at: datetime, settings: Settings) -> None:
    """The platform obeyed the message of this key, then; inside the caller's transaction."""
    waiting = OrderItem.objects.filter(delivery_key=key, measure_at=None).values_list("order_id", flat=True)
    for order_id in list(waiting):
        order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
        OrderItem.objects.filter(order=order, delivery_key=key, measure_at=None).update(measure_at=at)
        conclude(order, at=at, actor=SYSTEM, settings=settings)
        note_order(order, settings=settings)


def _execute(order: Order, measure: MeasureWord, acting: _Acting) -> None:
    items = list(order.items.order_by("id"))
    if not items:
        raise Invalid(
            "This order names no address that could be read.",
            hint="Fill the address in, or ask the authority for clarification.",
            code="order_without_address",
        )
    service.accept(order, user=acting.user, at=acting.at)
    order.measure, order.decided_by = measure, acting.user
    service.happen(order, Happening.EXECUTION_ORDERED, at=acting.at)
    service.note(
        order,
        events.ExecutionOrdered(order=order.number, measure=measure, items=len(items)),
        actor=acting.actor,
    )
    for item in items:
        take_down(order, item, measure, actor=acting.actor, settings=acting.settings)
    conclude(order, at=acting.at, actor=acting.actor, settings=acting.settings)


def _executed_by_hand(order: Order, step: steps.ExecutedByHand, acting: _Acting) -> None:
    done_at = step.done_at
    if done_at > acting.at:
        raise Invalid("This instant has not come yet.")
    if order.stage in (Stage.RECEIVED, Stage.VALID):
        service.accept(order, user=acting.user, at=acting.at)
        order.measure, order.decided_by = step.measure, acting.user
        service.happen(order, Happening.EXECUTION_ORDERED, at=acting.at)
        items = order.items.count()
        service.note(
            order,
            events.ExecutionOrdered(order=order.number, measure=step.measure, items=items),
            actor=acting.actor,
        )
    if order.stage != Stage.EXECUTING:
        service.happen(order, Happening.MEASURE_TAKEN, at=acting.at)  # says why not
    for item in order.items.filter(measure_at=None):
        identified(item)
        # Nobody was told by a message that did not arrive, and nothing is asked again because of it.
        overtaken = OutboxMessage.objects.filter(state=OutboxMessage.State.OVERTAKEN)
        for name in ("delivery_key", "disabling_key"):
            if overtaken.filter(key=getattr(item, name)).exists():
                setattr(item, name, "")
        item.measure_at, item.was_gone = done_at, done_at < order.received_at
        item.save()
    conclude(order, at=acting.at, actor=acting.actor, settings=acting.settings)


def _overtake_messages(number: str, acting: _Acting) -> None:
    """What a person took down is not asked of its platform any more: it could be given back by then."""
    items = service.find_order(number).items.filter(measure_at=None)
    keys = items.values_list("delivery_key", "disabling_key")
    ledger.overtake({key for pair in keys for key in pair if key}, actor=acting.actor)


def _refuse(order: Order, step: steps.Refuse, acting: _Acting) -> None:
    service.check_reason(step.reason)
    order.reason, order.decided_by = step.reason, acting.user
    service.happen(order, Happening.REFUSED, at=acting.at)
    check = str(order.sender_check.get("verdict", "unknown"))
    service.note(order, events.OrderRefused(order=order.number, check=check), actor=acting.actor)
    give_back(order, actor=acting.actor)


def _cannot(order: Order, step: steps.CannotExecute, acting: _Acting) -> None:
    service.check_reason(step.reason)
    service.accept(order, user=acting.user, at=acting.at)
    order.reason, order.decided_by = step.reason, acting.user
    is_impossible = step.ground == "force_majeure"
    service.happen(
        order, Happening.DECLARED_IMPOSSIBLE if is_impossible else Happening.CLARIFICATION_ASKED, at=acting.at
    )
    service.note(order, events.CannotBeExecuted(order=order.number, ground=step.ground), actor=acting.actor)
    if not is_impossible:
        give_back(order, actor=acting.actor)
    answer = answers.draft_impossibility(
        order,
        ground=step.ground,
        reasons=step.reason.strip(),
        needed=step.needed.strip(),
        at=acting.at,
        settings=acting.settings,
    )
    answers.send(answer, at=acting.at, actor=acting.actor, settings=acting.settings)


def _restart(order: Order, step: steps.Restart, acting: _Acting) -> None:
    if step.again_at > acting.at:
        raise Invalid("This instant has not come yet.")
    service.happen(order, Happening.RESTARTED, at=acting.at)
    order.clock_started_at = clocks.restarted_at(received_at=order.received_at, again_at=step.again_at)
    order.items.update(measure_at=None, was_gone=False)
    order.save()
    deadlines.restart(order)
    service.note(
        order,
        events.HourRestarted(order=order.number, began_at=utc_text(order.clock_started_at)),
        actor=acting.actor,
    )


def _ask_scrutiny(order: Order, step: steps.AskScrutiny, acting: _Acting) -> None:
    until = clocks.scrutiny_request_due_at(order.received_at)
    if step.asked_by == "provider" and acting.at > until:
        raise Conflict(
            "Scrutiny can be asked for within 48 hours of receipt; they are over.",
            hint="The content provider's 48 hours begin when they were told.",
            code="scrutiny_too_late",
        )
    service.happen(order, Happening.SCRUTINY_ASKED, at=acting.at)
    deadlines.open_scrutiny(order, started_at=acting.at)
    _note_scrutiny(order, acting, asked_by=step.asked_by)


def _scrutiny_decided(order: Order, happening: Happening, acting: _Acting) -> None:
    service.happen(order, happening, at=acting.at)
    _close_scrutiny(order, acting.at)
    _note_scrutiny(order, acting, asked_by="")


def _loses_effect(order: Order, happening: Happening, reason: str, acting: _Acting) -> None:
    """Infringement or annulment: the content comes back at once. Source: (EU) 2021/784 Art. 4(7)."""
    _end(order, happening, reason, at=acting.at)
    if happening is Happening.INFRINGEMENT_FOUND:
        _note_scrutiny(order, acting, asked_by="")
    service.note(order, events.OrderAnnulled(order=order.number), actor=acting.actor)
    give_back(order, actor=acting.actor)


def withdraw(order: Order, *, reason: str, at: datetime, actor: Actor) -> None:
    """Its authority withdrew a locked order: it has no effect, and the content comes back at once."""
    _end(order, Happening.ANNULLED, reason, at=at)
    service.note(order, events.OrderAnnulled(order=order.number), actor=actor)
    give_back(order, actor=actor)


def _end(order: Order, happening: Happening, reason: str, *, at: datetime) -> None:
    service.check_reason(reason)
    order.reason, order.ended_at = reason, None
    service.happen(order, happening, at=at)
    _close_scrutiny(order, at)


def _close_scrutiny(order: Order, at: datetime) -> None:
    kinds = (OrderDeadline.Kind.SCRUTINY_REQUEST, OrderDeadline.Kind.SCRUTINY_DECISION)
    deadlines.close(order, *kinds, state=OrderDeadline.State.MET, at=at)


def _note_scrutiny(order: Order, acting: _Acting, *, asked_by: str) -> None:
    event = events.ScrutinyChanged(order=order.number, scrutiny=order.scrutiny, asked_by=asked_by)
    service.note(order, event, actor=acting.actor)


def _became_final(order: Order, step: steps.BecameFinal, acting: _Acting) -> None:
    if not order.received_at <= step.final_at <= acting.at:
        raise Invalid("An order becomes final after its receipt, and not in the future.")
    service.happen(order, Happening.BECAME_FINAL, at=acting.at)
    order.ended_at = step.final_at
    order.save(update_fields=["ended_at"])
    service.note(
        order,
        events.OrderBecameFinal(order=order.number, final_at=utc_text(step.final_at)),
        actor=acting.actor,
    )


def _change_disclosure(
    order: Order, step: steps.Withhold | steps.ExtendWithholding | steps.LiftWithholding, acting: _Acting
) -> None:
    match step:
        case steps.Withhold():
            service.happen(order, Happening.NON_DISCLOSURE_ORDERED, at=acting.at)
            order.withheld_from = step.decided_at
            order.save(update_fields=["withheld_from"])
            deadlines.open_non_disclosure(order, periods=1)
        case steps.ExtendWithholding():
            service.happen(order, Happening.NON_DISCLOSURE_EXTENDED, at=acting.at)
            deadlines.open_non_disclosure(order, periods=2)
        case steps.LiftWithholding():
            service.check_reason(step.reason)
            service.happen(order, Happening.NON_DISCLOSURE_LAPSED, at=acting.at)
            kind = OrderDeadline.Kind.NON_DISCLOSURE
            deadlines.close(order, kind, state=OrderDeadline.State.MET, at=acting.at)
    service.note(order, deadlines.disclosure_event(order), actor=acting.actor)


def _inform_author(order: Order, acting: _Acting) -> None:
    """Tell the platform that its author may now be told: with the measure that it took, or else by letter alone."""
    service.happen(order, Happening.AUTHOR_INFORMED, at=acting.at)
    for item in order.items.select_related("content__platform").order_by("id"):
        if item.delivery_key:
            ask_for(order, item, order.measure, actor=acting.actor, settings=acting.settings)
        elif item.measure_at is not None and not item.was_gone and not item.restored:
            pass_letter(order, item, actor=acting.actor, settings=acting.settings)
    service.note(order, deadlines.disclosure_event(order), actor=acting.actor)
