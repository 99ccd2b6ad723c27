"""Comparing a draft with what is under way: own orders, holds, and whatever other sources are given.

It decides nothing: what stands against a draft stops it until it is gone or a second person lets it pass.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from vigie.foundation.errors import Conflict, Forbidden, Invalid
from vigie.issuing import events, service
from vigie.issuing.conflicts import Found, Source, outcome_of, standing_against
from vigie.issuing.holds import Holds
from vigie.issuing.models import IssuedItem, IssuedOrder
from vigie.issuing.states import STANDS, Happening, Stage
from vigie.ledger.actors import Actor, person
from vigie.people.models import User

ORDERS_READ_MAX = 1_000


class OwnOrders:
    """Orders of ours that are cleared, approved, or out, as a source of deconfliction."""

    def about(self, url_keys: Sequence[str], *, apart_from: int, at: datetime) -> Iterable[Found]:
        """Orders that name one of these addresses."""
        del at
        stages = (*STANDS, Stage.CLEAR, Stage.APPROVED)
        items = IssuedItem.objects.filter(url_key__in=url_keys, order__stage__in=stages)
        for item in items.exclude(order=apart_from).select_related("order").order_by("id")[:ORDERS_READ_MAX]:
            yield Found(key=f"order:{item.order.number}", stage=item.order.stage)


SOURCES: tuple[Source, ...] = (OwnOrders(), Holds())


def compare(
    order: IssuedOrder, *, at: datetime, actor: Actor, sources: Sequence[Source] = SOURCES
) -> list[Found]:
    """Compare a locked draft, move it to CLEAR or HELD, and note it; returns what stands against it.

    An approved order that is still clear stays approved. Source: (EU) 2021/784 Art. 14(1).
    """
    against = look(order, at=at, sources=sources)
    order.conflicts, order.checked_at = [one.to_json() for one in against], at
    if against:
        service.happen(order, Happening.FOUND_CONFLICT, at=at)
    elif order.stage == Stage.APPROVED:
        order.save()
    else:
        service.happen(order, Happening.FOUND_CLEAR, at=at)
    service.note(
        order,
        events.OrderDeconflicted(
            order=order.number,
            outcome=outcome_of(against),
            conflicts=tuple(one.key for one in against),
        ),
        actor=actor,
    )
    return against


def look(order: IssuedOrder, *, at: datetime, sources: Sequence[Source] = SOURCES) -> list[Found]:
    """What stands against the addresses that the order names now, and no second person let pass."""
    keys = [one.url_key for one in order.items.all()]
    found = [one for source in sources for one in source.about(keys, apart_from=order.pk, at=at)]
    return standing_against(found, order.overridden)


def override(order: IssuedOrder, *, reason: str, user: User, at: datetime) -> None:
    """A second person lets a locked, held draft pass although these stand against it; what comes later does not."""
    text = service.check_reason(reason)
    if user.pk in order.drafters:
        raise Forbidden(
            "Whoever wrote a part of the draft cannot let it pass.",
            hint="Ask another legal officer, or the unit that holds it to release it.",
            code="second_person_needed",
        )
    keys = [str(one["key"]) for one in order.conflicts]
    if not keys:
        raise Invalid("Nothing stands against this draft.")
    service.happen(order, Happening.OVERRIDDEN, at=at)
    order.overridden = sorted({*order.overridden, *keys})
    order.override_reason, order.overridden_by, order.conflicts = text, user, []
    order.save()
    service.note(
        order, events.ConflictOverridden(order=order.number, conflicts=tuple(keys)), actor=person(user.pk)
    )


def conflict_error(against: Sequence[Found]) -> Conflict:
    """What a person is told when something came between."""
    asked = "; ".join(one.ask for one in against if one.ask)
    return Conflict(
        "Something stands against this order now.",
        hint=f"Ask {asked}." if asked else "Another order of ours names the same address.",
        code="in_conflict",
    )


def held_error(order: IssuedOrder) -> Conflict:
    """The same, of what a draft was found to be held for."""
    return conflict_error([Found(**one) for one in order.conflicts])
