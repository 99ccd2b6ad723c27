"""Which content an address is, and what else keeps a content down.

It asks no platform; what is not known by its address is known by nothing but its address from then on.
"""

from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import Q

from vigie.cases.addresses import id_at, known_at, note_at
from vigie.cases.models import Case, Content, Decision
from vigie.orders import deadlines
from vigie.orders.models import Order, OrderItem
from vigie.orders.states import Access, Disclosure, Stage
from vigie.platforms.models import Platform

_HIDING = (Decision.Action.HIDE, Decision.Action.REMOVE, Decision.Action.REMOVE_AND_SUSPEND)
_STANDS = (Access.TAKEN, Access.DISABLED)


def content_at(url: str) -> Content | None:
    """The content known under this address; None when no platform can be said to have it."""
    known = known_at(url)
    if known is not None:
        return known
    platform = platform_of(url)
    return None if platform is None else note_at(url, platform=platform)


def reference_of(item: OrderItem) -> str:
    """What the ledger calls the content of an item; by its address alone where no platform can be said to have it."""
    return item.content.reference if item.content is not None else id_at(item.url)


def platform_of(url: str) -> Platform | None:
    """The platform that an address belongs to: of the same host, else the only one that is connected."""
    host = urlsplit(url).hostname or ""
    platforms = list(Platform.objects.filter(active=True).order_by("id")[:200])
    for one in platforms:
        own = urlsplit(one.url).hostname or ""
        if own and (host == own or host.endswith("." + own) or own.endswith("." + host)):
            return one
    known = Content.objects.filter(url__startswith=f"{urlsplit(url).scheme}://{urlsplit(url).netloc}/")
    by_content = known.select_related("platform").order_by("-id").first()
    if by_content is not None:
        return by_content.platform
    return platforms[0] if len(platforms) == 1 else None


def withheld_until(content: Content) -> datetime | None:
    """Until when nobody outside may learn that the content was taken down, because an order forbids it; None: they may.

    Source: (EU) 2021/784 Art. 11(3). An order counts from its receipt, before anybody took it for genuine.
    """
    silent = Order.objects.filter(disclosure__in=(Disclosure.WITHHELD, Disclosure.EXTENDED)).exclude(
        stage=Stage.NOT_GENUINE
    )
    items = OrderItem.objects.filter(order__in=silent).filter(Q(content=content) | Q(content=None))
    address = id_at(content.url) if content.url else ""
    ends = [
        until
        for item in items.select_related("order").order_by("id")
        if (item.content_id is not None or id_at(item.url) == address)
        and (until := deadlines.withheld_until(item.order)) is not None
    ]
    return max(ends, default=None)


def kept_down_by_order(content: Content, *, apart_from: Order | None = None) -> bool:
    """Whether an order that stands, other than this one, took the content down or is about to."""
    items = OrderItem.objects.filter(content=content).select_related("order")
    if apart_from is not None:
        items = items.exclude(order=apart_from)
    return any(one.order.access in _STANDS or one.order.stage == Stage.EXECUTING for one in items[:1_000])


def kept_down_by_decision(content: Content) -> bool:
    """Whether a decision of the platform's own, or a rule until somebody decides, keeps the content down."""
    last = Case.objects.filter(content=content).order_by("-id").first()
    if last is None:
        return False
    if last.state == Case.State.OPEN:
        return last.verdict in ("hold", "remove")
    decided = last.decisions.order_by("-id").first()
    return decided is not None and decided.action in _HIDING
