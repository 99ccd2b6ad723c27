"""What time does to orders of ours: asking providers' APIs for their answers, hours that end, looks at addresses.

Each order is one short transaction; a provider that is away stops no other.
"""

import json
import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from vigie.flows.issuing_calls import caller
from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.foundation.outbound import OutboundDoor, OutboundFailed, OutboundRefused
from vigie.foundation.settings import Settings
from vigie.issuing import alarms, events, incoming, service
from vigie.issuing.answers import answer_from
from vigie.issuing.clocks import HOUR
from vigie.issuing.models import IssuedItem, IssuedOrder, Provider
from vigie.issuing.providers import token_of
from vigie.issuing.states import Stage
from vigie.ledger.actors import SYSTEM
from vigie.platforms.connectors import GONE_STATUSES

_log = logging.getLogger(__name__)

POLLS_AT_ONCE = 8
POLL_S_MAX = 10.0
POLL_BYTES_MAX = 256 * 1024
POLL_IN_HOUR = timedelta(seconds=5)
POLL_LATER = timedelta(minutes=5)
LOOKS_AT_ONCE = 4
LOOK_S_MAX = 15.0


def poll_answers(*, door: OutboundDoor, settings: Settings) -> int:
    """Ask for answers that may have been given; returns how many providers were asked."""
    due = IssuedOrder.objects.filter(next_poll_at__lte=now(), provider__channel=Provider.Channel.API)
    found = list(due.select_related("provider").order_by("next_poll_at", "id")[:POLLS_AT_ONCE])
    for order in found:
        _poll(order, door, settings)
    return len(found)


def sweep(*, at: datetime, settings: Settings) -> int:
    """Call somebody about hours that ended in silence and orders that reached nobody; returns how many changed."""
    return alarms.sweep(at=at, call=caller(settings))


def look_at_addresses(*, door: OutboundDoor, settings: Settings, at: datetime) -> int:
    """Look whether what a provider says it took down is gone; returns how many addresses were looked at."""
    since = at - timedelta(seconds=settings.recheck_after_s)
    waiting = IssuedItem.objects.filter(
        seen_at=None, order__stage=Stage.DONE, order__answered_at__lte=since
    ).select_related("order")
    looked = list(waiting.order_by("id")[:LOOKS_AT_ONCE])
    for item in looked:
        _note_seen(item, _status(item.url, door))
    return len(looked)


def _poll(order: IssuedOrder, door: OutboundDoor, settings: Settings) -> None:
    provider = order.provider
    assert provider is not None
    headers = {"Authorization": f"Bearer {token_of(provider, settings=settings)}"}
    address = f"{provider.api_url}/v1/orders/filed/{order.remote_number}"
    trouble, answer = "", None
    try:
        found = door.read(address, headers=headers, bytes_max=POLL_BYTES_MAX, time_s_max=POLL_S_MAX)
        if found.status == 200:
            answer, trouble = _told(json.loads(found.body)["answer"])
        else:
            trouble = f"http_{found.status}"
    except (OutboundFailed, OutboundRefused) as error:
        trouble = error.code
    except (ValueError, KeyError, TypeError):
        trouble = "bad_answer"
    trouble = _record(order.pk, answer, trouble, settings)
    if answer and not trouble and not answer.get("taken"):
        try:
            door.post(f"{address}/answer-taken", body=b"", headers=headers, time_s_max=POLL_S_MAX)
        except (OutboundFailed, OutboundRefused) as error:
            _log.info("an answer was not acknowledged", extra={"action": "poll", "code": error.code})


def _told(answer: Any) -> tuple[dict[str, Any] | None, str]:
    """The answer when there is one, and a code when it is none that can be read."""
    if answer is None:
        return None, ""
    return (answer, "") if isinstance(answer, dict) else (None, "bad_answer")


def _record(pk: int, answer: dict[str, Any] | None, trouble: str, settings: Settings) -> str:
    """Note what the provider said; returns a code when it could not be taken."""
    at = now()
    with transaction.atomic():
        order = IssuedOrder.objects.select_for_update(of=("self",)).select_related("provider").get(pk=pk)
        if answer is not None:
            trouble = _take(order, answer, at, settings)
        order.trouble = trouble
        in_hour = order.clock_started_at is not None and at < order.clock_started_at + 2 * HOUR
        waits = order.standing.waits_for_provider
        order.next_poll_at = at + (POLL_IN_HOUR if in_hour else POLL_LATER) if waits else None
        order.save()
    return trouble


def _take(order: IssuedOrder, answer: dict[str, Any], at: datetime, settings: Settings) -> str:
    """Take an answer that is new; returns a stable code when it cannot be taken."""
    try:
        with transaction.atomic():
            read = answer_from(answer.get("form") or {})
            raw = json.dumps(answer["form"], ensure_ascii=False, sort_keys=True).encode()
            incoming.take_answer(order, read, raw, by="api", at=at, actor=SYSTEM, settings=settings)
    except VigieError as error:
        _log.warning(
            "an answer cannot be taken", extra={"action": "poll", "order": order.number, "code": error.code}
        )
        order.refresh_from_db()
        return error.code
    return ""


def _status(url: str, door: OutboundDoor) -> str:
    try:
        return f"http_{door.status_of(url, time_s_max=LOOK_S_MAX)}"
    except (OutboundFailed, OutboundRefused) as error:
        return error.code


def _note_seen(item: IssuedItem, seen: str) -> None:
    with transaction.atomic():
        order = IssuedOrder.objects.select_for_update(of=("self",)).get(pk=item.order_id)
        IssuedItem.objects.filter(pk=item.pk, seen_at=None).update(seen=seen[:40], seen_at=now())
        states = list(order.items.values_list("seen", "seen_at"))
        if any(seen_at is None for _, seen_at in states):
            return
        gone = sum(1 for one, _ in states if is_gone(one))
        event = events.AddressesLookedAt(order=order.number, gone=gone, there=len(states) - gone)
        service.note(order, event, actor=SYSTEM)


def is_gone(seen: str) -> bool:
    """Whether what was seen at an address means that nothing is there."""
    return seen == "person_gone" or seen in {f"http_{one}" for one in GONE_STATUSES}
