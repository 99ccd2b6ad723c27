"""Looking at what an order names before it is taken down, and sealing what is seen.

It looks once and follows no link in what it sees; an address that does not answer is noted as such.
"""

from django.db import transaction

from vigie.evidence.models import EvidenceItem
from vigie.evidence.service import ToSeal, seal_items
from vigie.foundation.clock import now
from vigie.foundation.outbound import Fetched, OutboundDoor, OutboundFailed, OutboundRefused
from vigie.foundation.settings import Settings
from vigie.ledger.actors import SYSTEM
from vigie.orders import events, service
from vigie.orders.models import Order, OrderItem

ITEMS_AT_ONCE = 4
LOOK_S_MAX = 15.0


def look_at_items(*, door: OutboundDoor, settings: Settings) -> int:
    """Look at a few addresses that nobody looked at yet; returns how many."""
    waiting = OrderItem.objects.filter(seen_at=None, measure_at=None).order_by("id")[:ITEMS_AT_ONCE]
    for item in list(waiting):
        _record(item.pk, _fetched(item.url, door, settings), settings)
    return len(waiting)


def _fetched(url: str, door: OutboundDoor, settings: Settings) -> Fetched | str:
    try:
        return door.fetch(url, bytes_max=settings.medium_bytes_max, time_s_max=LOOK_S_MAX)
    except (OutboundFailed, OutboundRefused) as error:
        return error.code


def _record(item_id: int, found: Fetched | str, settings: Settings) -> None:
    with transaction.atomic():
        # The order first, as whoever takes a step does: two that wait for each other would both fail.
        order_id = OrderItem.objects.values_list("order_id", flat=True).get(pk=item_id)
        Order.objects.select_for_update(of=("self",)).get(pk=order_id)
        item = OrderItem.objects.select_for_update(of=("self",)).select_related("order").get(pk=item_id)
        if item.seen_at is not None:
            return
        item.seen_at = now()
        item.seen = found if isinstance(found, str) else f"http_{found.status}"
        if isinstance(found, Fetched) and found.body:
            media_type = found.content_type[:100] or "application/octet-stream"
            (sealed,) = seal_items(
                [ToSeal(EvidenceItem.Kind.RECORD, media_type, found.body)],
                subject=f"order:{item.order.number}",
                actor=SYSTEM,
                settings=settings,
            )
            item.evidence = sealed.reference
        item.save(update_fields=["seen", "seen_at", "evidence"])
        service.note(item.order, events.ItemSeen(order=item.order.number, seen=item.seen), actor=SYSTEM)
