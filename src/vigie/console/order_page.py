"""What the page of an order shows: its clock, its fields in the sections of the annex, what can be done now.

It reads rows and decides nothing; what can happen is `orders.states` to say.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from vigie.console import order_words as words
from vigie.console.delivery_words import failure_words, seen_words
from vigie.console.words import word
from vigie.ledger.models import OutboxMessage
from vigie.orders import clocks, deadlines
from vigie.orders.forms import ANNEX_I, FormField, order_from_stored
from vigie.orders.models import Order, OrderItem
from vigie.orders.states import Happening, can
from vigie.platforms.connectors import GONE_STATUSES
from vigie.platforms.models import Recheck

# What an address answers where nothing is.
_NOTHING = frozenset(f"http_{status}" for status in GONE_STATUSES)


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field of Annex I as the page shows it; `raw` is what its input holds."""

    key: str
    label: str
    kind: str
    text: str
    lines: tuple[str, ...]
    at: datetime | None
    raw: str
    unread: str
    needed: bool


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An address of the order with what is known of it; `trouble` is why the platform has not obeyed so far."""

    item: OrderItem
    look: Recheck | None
    was_nothing: bool
    seen: str
    trouble: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """Everything about one order."""

    order: Order
    due_at: datetime
    hour_runs: bool
    is_late: bool
    minutes_left: int
    sections: list[tuple[str, list[ShownField]]]
    unread: list[ShownField]
    items: list[ShownItem]
    notes: list[str]
    may: dict[str, bool]
    withheld_until: datetime | None
    scrutiny_until: datetime
    left_by_hand: bool


def order_view(order: Order, *, at: datetime) -> OrderView:
    """The page's content at this instant."""
    due_at = clocks.removal_due_at(order.clock_started_at)
    fields = list(_fields(order))
    sections: dict[str, list[ShownField]] = {}
    for field, shown in fields:
        sections.setdefault(field.section, []).append(shown)
    standing = order.standing
    items = _items(order)
    return OrderView(
        order=order,
        due_at=due_at,
        hour_runs=standing.hour_runs,
        is_late=standing.hour_runs and at > due_at,
        minutes_left=max(0, int((due_at - at) / timedelta(minutes=1))),
        sections=list(sections.items()),
        unread=[shown for _, shown in fields if shown.unread],
        items=items,
        notes=[word(words.SENDER_NOTES, one) for one in order.sender_check.get("notes", ())],
        may={one.value: can(standing, one) for one in Happening},
        withheld_until=deadlines.withheld_until(order),
        scrutiny_until=clocks.scrutiny_request_due_at(order.received_at),
        left_by_hand=order.stage == "executing"
        and any(one.item.measure_at is None and not one.item.delivery_key for one in items),
    )


def _fields(order: Order) -> Iterator[tuple[FormField, ShownField]]:
    known = order_from_stored(order.fields)
    for field in ANNEX_I:
        value = getattr(known, field.key)
        why = order.unread.get(field.key, "")
        yield (
            field,
            ShownField(
                key=field.key,
                label=words.field_label(field.key),
                kind=field.kind,
                text=_text(field.kind, value),
                lines=value if isinstance(value, tuple) else (),
                at=value if isinstance(value, datetime) else None,
                raw=_raw(value, is_unread=bool(why)),
                unread=word(words.UNREAD, why) if why else "",
                needed=field.needed,
            ),
        )


def _text(kind: str, value: Any) -> str:
    if isinstance(value, datetime | tuple | bool):
        return ""
    return word(words.AUTHORITY_KINDS, value) if kind == "authority_kind" else str(value or "")


def _raw(value: Any, *, is_unread: bool) -> str:
    if isinstance(value, bool):
        return "" if is_unread else "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat()
    return "\n".join(value) if isinstance(value, tuple) else str(value or "")


def _items(order: Order) -> list[ShownItem]:
    items = list(order.items.select_related("content__platform").order_by("id"))
    keys = [one.delivery_key for one in items if one.delivery_key]
    looks = {one.key: one for one in Recheck.objects.filter(key__in=keys)}
    undelivered = OutboxMessage.objects.filter(key__in=keys, delivered_at=None)
    errors = dict(undelivered.values_list("key", "last_error"))
    return [
        ShownItem(
            item=one,
            look=looks.get(one.delivery_key),
            was_nothing=one.seen in _NOTHING and one.measure_at is None,
            seen=seen_words(one.seen),
            trouble="" if one.measure_at else failure_words(errors.get(one.delivery_key, "")),
        )
        for one in items
    ]
