"""What a removal order has platforms do: take down, disable for now, give back; and what follows once that is done.

It takes nothing down that no person said so about, but for the reversible disabling that settings may ask for.
"""

from datetime import datetime

from vigie.cases.models import Content
from vigie.flows.order_inquiry import removal_letter
from vigie.foundation.clock import utc_text
from vigie.foundation.settings import Settings
from vigie.ledger.actors import SYSTEM, Actor
from vigie.ledger.models import OutboxMessage
from vigie.orders import answers, clocks, contents, events, service
from vigie.orders.models import Order, OrderItem
from vigie.orders.states import Disclosure, Happening, Stage
from vigie.orders.steps import MeasureWord
from vigie.platforms.enforcement import (
    Enforcement,
    request_enforcement,
    request_letter,
    taken_down_since,
)
from vigie.platforms.messages import Letter, Measure

_MEASURES: dict[str, Measure] = {"removed": Measure.REMOVE_CONTENT, "disabled": Measure.HIDE_CONTENT}


def take_down(
    order: Order, item: OrderItem, measure: MeasureWord, *, actor: Actor, settings: Settings
) -> None:
    """Ask the platform for the measure, unless it is taken already: then its true, earlier time counts."""
    if not identified(item):
        return  # nobody knows whose it is: a person takes it down and says when
    since = taken_down_since(_reference(item))
    item.restored = False
    if since is not None and not (measure == "removed" and item.disabling_key):
        item.measure_at, item.was_gone = since, not (item.disabling_key or item.delivery_key)
    elif measure == "disabled" and item.disabling_key:
        item.delivery_key = item.disabling_key
    else:
        message = ask_for(order, item, measure, actor=actor, settings=settings)
        item.delivery_key = message.key if message else ""
    item.save()


def disable_for_now(order: Order, *, at: datetime) -> None:
    """Disable what a locked order names until somebody decides; reversible, and in all Member States."""
    service.happen(order, Happening.DISABLED, at=at)
    count = 0
    for item in order.items.order_by("id"):
        if identified(item) and not taken_down_since(_reference(item)):
            message = _ask(order, item, Measure.HIDE_CONTENT, actor=SYSTEM)
            item.disabling_key = message.key if message else ""
            item.save(update_fields=["disabling_key"])
            count += 1
    service.note(order, events.OrderDisabled(order=order.number, items=count), actor=SYSTEM)


def conclude(order: Order, *, at: datetime, actor: Actor, settings: Settings) -> None:
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


def ask_for(
    order: Order, item: OrderItem, measure: str, *, actor: Actor, settings: Settings
) -> OutboxMessage | None:
    """Ask for a `measure`, removed or disabled, with what its author may be told now."""
    letter = removal_letter(order, item, settings=settings)
    return _ask(order, item, _MEASURES[measure], actor=actor, letter=letter, settings=settings)


def pass_letter(order: Order, item: OrderItem, *, actor: Actor, settings: Settings) -> None:
    """Have the platform tell an author what a person took down by hand; it is asked for no measure."""
    letter = removal_letter(order, item, settings=settings)
    if item.content is not None:
        wanted = _wanted(order, item, item.content, letter=letter)
        request_letter(wanted, actor=actor, settings=settings)


def give_back(order: Order, *, actor: Actor) -> None:
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


def identified(item: OrderItem) -> bool:
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
    if item.content is None:
        return None
    wanted = _wanted(order, item, item.content, measures=(measure,), letter=letter)
    return request_enforcement(wanted, actor=actor, settings=settings)


def _wanted(
    order: Order,
    item: OrderItem,
    content: Content,
    *,
    measures: tuple[Measure, ...] = (),
    letter: Letter | None,
) -> Enforcement:
    return Enforcement(
        platform=content.platform,
        content=content.external_id,
        content_kind=content.kind,
        content_url=content.url or item.url,
        author=content.author_id,
        case="",
        decision=None,
        rule=None,
        measures=measures,
        order=order.number,
        disclosure="open" if order.standing.author_may_be_told else "withheld",
        letter=letter,
    )
