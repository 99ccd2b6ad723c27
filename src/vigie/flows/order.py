"""A removal order: what a person does with it, carried to the platform and answered, one transaction a step.

It takes nothing down that no person said so about, but for the reversible disabling that settings may ask for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

from django.db import transaction

from vigie.flows import informing
from vigie.flows.order_inquiry import removal_letter
from vigie.flows.preservation import note_order
from vigie.foundation.clock import now, utc_text
from vigie.foundation.errors import Conflict, Invalid
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import Settings
from vigie.ledger.actors import SYSTEM, Actor, person
from vigie.ledger.models import OutboxMessage
from vigie.ledger.outbox import Refused, Taken
from vigie.orders import answers, clocks, contents, deadlines, events, service, steps
from vigie.orders.models import Order, OrderDeadline, OrderItem
from vigie.orders.states import Disclosure, Happening, Stage
from vigie.orders.steps import MeasureWord, Step
from vigie.people.models import User
from vigie.platforms import service as platforms
from vigie.platforms.messages import Letter, Measure
from vigie.platforms.service import Enforcement, request_enforcement

RETRY_AT_MOST_AFTER = timedelta(seconds=60)
_CHANGES_SILENCE = (steps.Refuse, steps.Withhold, steps.ExtendWithholding, steps.LiftWithholding)
_MEASURES: dict[str, Measure] = {"removed": Measure.REMOVE_CONTENT, "disabled": Measure.HIDE_CONTENT}


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
        _conclude(order, at=at, actor=SYSTEM, settings=settings)
        note_order(order, settings=settings)


def disable_for_now(order: Order, *, at: datetime) -> None:
    """Disable what a locked order names until somebody decides; reversible, and in all Member States."""
    service.happen(order, Happening.DISABLED, at=at)
    count = 0
    for item in order.items.order_by("id"):
        if _identified(item) and not platforms.taken_down_since(_reference(item)):
            message = _ask(order, item, Measure.HIDE_CONTENT, actor=SYSTEM)
            item.disabling_key = message.key if message else ""
            item.save(update_fields=["disabling_key"])
            count += 1
    service.note(order, events.OrderDisabled(order=order.number, items=count), actor=SYSTEM)


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
        _take_down(order, item, measure, acting)
    _conclude(order, at=acting.at, actor=acting.actor, settings=acting.settings)


def _take_down(order: Order, item: OrderItem, measure: MeasureWord, acting: _Acting) -> None:
    """Ask the platform for the measure, unless it is taken already: then its true, earlier time counts."""
    if not _identified(item):
        return  # nobody knows whose it is: a person takes it down and says when
    since = platforms.taken_down_since(_reference(item))
    item.restored = False
    if since is not None and not (measure == "removed" and item.disabling_key):
        item.measure_at, item.was_gone = since, not (item.disabling_key or item.delivery_key)
    elif measure == "disabled" and item.disabling_key:
        item.delivery_key = item.disabling_key
    else:
        letter = removal_letter(order, item, settings=acting.settings)
        message = _ask(
            order, item, _MEASURES[measure], actor=acting.actor, letter=letter, settings=acting.settings
        )
        item.delivery_key = message.key if message else ""
    item.save()


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
        _identified(item)
        item.measure_at, item.was_gone = done_at, done_at < order.received_at
        item.save()
    _conclude(order, at=acting.at, actor=acting.actor, settings=acting.settings)


def _conclude(order: Order, *, at: datetime, actor: Actor, settings: Settings) -> None:
    """When the last address is down: executed, and Annex II on its way."""
    items = list(order.items.select_related("content__platform").order_by("id"))
    if order.stage != Stage.EXECUTING or not items or any(one.measure_at is None for one in items):
        return
    order.measure_at = max(one.measure_at for one in items if one.measure_at)
    service.happen(order, Happening.MEASURE_TAKEN, at=at)
    gone_before = sum(1 for one in items if one.was_gone)
    service.note(
        order,
        events.OrderExecuted(
            order=order.number,
            measure=order.measure,
            measure_at=utc_text(order.measure_at),
            in_time=order.measure_at <= clocks.removal_due_at(order.clock_started_at),
            items=len(items) - gone_before,
            gone_before=gone_before,
            contents=tuple(dict.fromkeys(contents.reference_of(one) for one in items if not one.was_gone)),
        ),
        actor=actor,
    )
    told = any(one.delivery_key for one in items)
    if told and order.disclosure == Disclosure.OPEN:
        # The message said so; for content taken down by hand a person says when its author was told.
        service.happen(order, Happening.AUTHOR_INFORMED, at=at)
    answers.send(
        answers.draft_feedback(order, at=at, settings=settings), at=at, actor=actor, settings=settings
    )


def _refuse(order: Order, step: steps.Refuse, acting: _Acting) -> None:
    service.check_reason(step.reason)
    order.reason, order.decided_by = step.reason, acting.user
    service.happen(order, Happening.REFUSED, at=acting.at)
    check = str(order.sender_check.get("verdict", "unknown"))
    service.note(order, events.OrderRefused(order=order.number, check=check), actor=acting.actor)
    _give_back(order, actor=acting.actor)


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
        _give_back(order, actor=acting.actor)
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
    _give_back(order, actor=acting.actor)


def withdraw(order: Order, *, reason: str, at: datetime, actor: Actor) -> None:
    """Its authority withdrew a locked order: it has no effect, and the content comes back at once."""
    _end(order, Happening.ANNULLED, reason, at=at)
    service.note(order, events.OrderAnnulled(order=order.number), actor=actor)
    _give_back(order, actor=actor)


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
    """Tell the platform, with the same measure again, that its author may now be told."""
    service.happen(order, Happening.AUTHOR_INFORMED, at=acting.at)
    for item in order.items.filter(delivery_key__gt=""):
        letter = removal_letter(order, item, settings=acting.settings)
        _ask(
            order,
            item,
            _MEASURES[order.measure],
            actor=acting.actor,
            letter=letter,
            settings=acting.settings,
        )
    service.note(order, deadlines.disclosure_event(order), actor=acting.actor)


def _give_back(order: Order, *, actor: Actor) -> None:
    """Restore what this order took away or is about to, unless something else keeps it down."""
    given, kept = 0, 0
    for item in order.items.select_related("content__platform").order_by("id"):
        is_ours = item.delivery_key or item.disabling_key or item.measure_at
        if item.content is None or item.restored or not is_ours:
            continue
        if contents.kept_down_by_order(item.content, apart_from=order) or contents.kept_down_by_decision(
            item.content
        ):
            kept += 1
            continue
        _ask(order, item, Measure.RESTORE_CONTENT, actor=actor)
        # What was asked before counts no more: should the order be executed again, it is asked anew.
        item.restored, item.delivery_key, item.disabling_key = True, "", ""
        item.save(update_fields=["restored", "delivery_key", "disabling_key"])
        given += 1
    if given or kept:
        service.note(
            order, events.ContentReinstated(order=order.number, items=given, kept_down=kept), actor=actor
        )


def _identified(item: OrderItem) -> bool:
    """Whether it is known which content of which platform the address is; looked up and noted once."""
    if item.content is None:
        item.content = contents.content_at(item.url)
        item.save(update_fields=["content"])
    return item.content is not None


def _reference(item: OrderItem) -> str:
    assert item.content is not None
    return item.content.reference


def _ask(
    order: Order,
    item: OrderItem,
    measure: Measure,
    *,
    actor: Actor,
    letter: Letter | None = None,
    settings: Settings | None = None,
) -> OutboxMessage | None:
    content = item.content
    if content is None:
        return None
    return request_enforcement(
        Enforcement(
            platform=content.platform,
            content=content.external_id,
            content_kind=content.kind,
            content_url=content.url or item.url,
            author=content.author_id,
            case="",
            decision=None,
            rule=None,
            measures=(measure,),
            order=order.number,
            disclosure="open" if order.standing.author_may_be_told else "withheld",
            letter=letter,
        ),
        actor=actor,
        settings=settings,
    )
