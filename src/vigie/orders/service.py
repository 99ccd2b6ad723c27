"""What happens to an order inside its own domain: finding, correcting, and each happening with its ledger entry.

It talks to no platform; `flows.order` does, in the same transaction.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from vigie.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.limits import REASON_CHARS_MAX
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor, person
from vigie.ledger.events import Event
from vigie.orders import clocks, deadlines, events
from vigie.orders.forms import FIELDS, read_order
from vigie.orders.intake import Understood, make_order
from vigie.orders.models import Order, OrderDeadline, OrderIntake, OrderItem
from vigie.orders.senders import check_order_alone, register
from vigie.orders.states import Happening, Stage, after
from vigie.people.models import User
from vigie.people.rights import Right


def find_order(number: str) -> Order:
    """The order of this public number (`O-000012`); raises NotFound."""
    pk = parse_public_number("O", number)
    order = None if pk is None else Order.objects.select_related("decided_by").filter(pk=pk).first()
    if order is None:
        raise NotFound("There is no such order.", code="order_not_found")
    return order


def locked_order(number: str) -> Order:
    """The same, locked until the end of the transaction."""
    pk = parse_public_number("O", number)
    order = None if pk is None else Order.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if order is None:
        raise NotFound("There is no such order.", code="order_not_found")
    return order


def find_intake(number: str) -> OrderIntake:
    """What came in under this number (`I-000034`); raises NotFound."""
    pk = parse_public_number("I", number)
    intake = None if pk is None else OrderIntake.objects.select_related("order").filter(pk=pk).first()
    if intake is None:
        raise NotFound("Nothing came in under this number.", code="order_not_found")
    return intake


def check_may_decide(user: User) -> None:
    """Raise Forbidden unless this person may decide about orders."""
    if Right.ORDERS_DECIDE not in user.rights:
        raise Forbidden("You may not decide about removal orders.")


def happen(order: Order, happening: Happening, *, at: datetime) -> None:
    """Move a locked order on, close the deadlines that this settles, and save it; raises StepImpossible."""
    order.standing = after(order.standing, happening)
    if order.stage in (Stage.FINAL, Stage.ANNULLED, Stage.NOT_GENUINE) and order.ended_at is None:
        order.ended_at = at
    if order.stage == Stage.NOT_GENUINE:
        order.holds_reference = False
    order.save()
    deadlines.close_hour(order, standing=order.standing, at=at)


def note(order: Order, event: Event, *, actor: Actor) -> None:
    """Write what happened to the ledger, about this order."""
    ledger.append(event, actor=actor, subject=f"order:{order.number}")


def accept(order: Order, *, user: User, at: datetime) -> None:
    """A person takes it for genuine, inside the caller's transaction; nothing when somebody did already.

    Raises Conflict when another order of this authority has its reference: of two, one is not genuine, or a repeat.
    """
    if order.stage != Stage.RECEIVED:
        return
    if not order.holds_reference:
        _take_reference(order)
    happen(order, Happening.ACCEPTED, at=at)
    check = str(order.sender_check.get("verdict", "unknown"))
    note(order, events.OrderAccepted(order=order.number, check=check), actor=person(user.pk))


def correct_fields(
    number: str, values: Mapping[str, Any], *, user: User, at: datetime, settings: Settings
) -> Order:
    """Fill in or mend fields of Annex I, as a person read them; raises Invalid for one that cannot be taken."""
    check_may_decide(user)
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise Invalid(
            f"An order has no field {sorted(unknown)[0]!r}.", hint="Its fields are those of Annex I."
        )
    read = read_order(values)
    bad = [key for key, why in read.unread.items() if why == "unreadable"]
    if bad:
        raise Invalid(f"The field {bad[0]!r} cannot be taken as it is written.")
    try:
        with transaction.atomic():
            return _correct(locked_order(number), dict(values), user=user, at=at, settings=settings)
    except IntegrityError as error:
        raise Conflict(
            "There is already an order of this authority with this reference.", code="order_exists"
        ) from error


def order_of_intake(number: str, values: Mapping[str, Any], *, user: User, settings: Settings) -> OrderIntake:
    """Make an order of what nobody could read, with fields that a person read; its hour began at receipt."""
    check_may_decide(user)
    intake = find_intake(number)
    if intake.order_id is not None:
        raise Conflict("This is an order already.", code="order_exists")
    read = read_order(values)
    understood = Understood(read, check_order_alone(read.order, settings=settings), "person")
    return make_order(intake, understood, actor=person(user.pk), settings=settings)


def set_aside(number: str, *, reason: str, user: User) -> OrderIntake:
    """Say that what came in is no order; it stays kept, and its reason with it."""
    check_may_decide(user)
    check_reason(reason)
    with transaction.atomic():
        found = find_intake(number)
        intake = OrderIntake.objects.select_for_update().get(pk=found.pk)
        if intake.state != OrderIntake.State.QUARANTINED:
            raise Conflict("Only what could not be read is set aside.")
        intake.state = OrderIntake.State.SET_ASIDE
        intake.set_aside_by, intake.set_aside_reason = user, reason.strip()
        intake.save(update_fields=["state", "set_aside_by", "set_aside_reason"])
        ledger.append(
            events.IntakeSetAside(intake=intake.number),
            actor=person(user.pk),
            subject=f"intake:{intake.number}",
        )
    return intake


def check_reason(reason: str) -> None:
    """Raise Invalid unless it says something."""
    if not 3 <= len(reason.strip()) <= REASON_CHARS_MAX:
        raise Invalid("Say why, in words.")


def exposure(*, at: datetime) -> dict[str, Any]:
    """Final orders of the last twelve months. Two or more may lead to exposure, which only a decision begins.

    Source: (EU) 2021/784 Art. 5(4).
    """
    final = Order.objects.filter(stage=Stage.FINAL, ended_at__isnull=False).order_by("ended_at", "id")
    counted = [one for one in final if one.ended_at and clocks.counts_towards_exposure(one.ended_at, at=at)]
    return {
        "final_orders": len(counted),
        "orders": [one.number for one in counted],
        "may_be_exposed": len(counted) >= clocks.EXPOSURE_ORDERS_MIN,
    }


def _take_reference(order: Order) -> None:
    """From now on what comes with this reference repeats this order."""
    same = Order.objects.filter(
        authority_key=order.authority_key, reference=order.reference, holds_reference=True
    )
    if order.authority_key and order.reference and same.exclude(pk=order.pk).exists():
        raise Conflict(
            "Another order has this reference, and more is proven of its sender.",
            hint="Look at both: refuse the one that is not genuine, or that only repeats the other.",
            code="order_exists",
        )
    order.holds_reference = True


def _correct(order: Order, values: dict[str, Any], *, user: User, at: datetime, settings: Settings) -> Order:
    if order.stage in (Stage.FINAL, Stage.ANNULLED, Stage.NOT_GENUINE):
        raise Conflict("This order has ended; its fields stay as they are.")
    before = dict(order.fields)
    corrected = read_order({**before, **values}).order
    order.fields = corrected.to_json()
    order.unread = {key: why for key, why in order.unread.items() if key not in values}
    order.reference = corrected.reference
    order.authority_key = register(settings).key_of(corrected.authority, corrected.issuing_state)
    changed = tuple(sorted(key for key in values if order.fields[key] != before.get(key)))
    order.save()
    _change_items(order, corrected.urls)
    if "do_not_inform" in values:
        _change_disclosure(order, withheld=corrected.do_not_inform, user=user, at=at)
    corrected_event = events.OrderCorrected(
        order=order.number,
        fields=changed,
        issuing_state=corrected.issuing_state,
        items=order.items.count(),
    )
    note(order, corrected_event, actor=person(user.pk))
    return order


def _change_items(order: Order, urls: tuple[str, ...]) -> None:
    known = {one.url: one for one in order.items.all()}
    gone = [one.pk for url, one in known.items() if url not in urls]
    if gone and not order.standing.is_undecided:
        raise Conflict("Addresses that were acted on stay in the order.")
    if any(one.disabling_key for one in known.values() if one.pk in gone):
        raise Conflict("Addresses that were acted on stay in the order.")
    OrderItem.objects.filter(pk__in=gone).delete()
    OrderItem.objects.bulk_create([OrderItem(order=order, url=url) for url in urls if url not in known])


def _change_disclosure(order: Order, *, withheld: bool, user: User, at: datetime) -> None:
    if withheld == (not order.standing.author_may_be_told):
        return
    if withheld:
        happen(order, Happening.NON_DISCLOSURE_ORDERED, at=at)
        order.withheld_from = read_order(order.fields).order.issued_at or order.received_at
        order.save()
        deadlines.open_non_disclosure(order, periods=1)
    else:
        happen(order, Happening.NON_DISCLOSURE_LAPSED, at=at)
        kind = OrderDeadline.Kind.NON_DISCLOSURE
        deadlines.close(order, kind, state=OrderDeadline.State.CANCELLED, at=at)
    note(order, deadlines.disclosure_event(order), actor=person(user.pk))
