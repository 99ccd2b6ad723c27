"""Calling somebody about an order of ours: by the on-call service and by mail, as for orders that come in.

A call names the order and why, and nothing of what it is about.
"""

from vigie.flows.oncall import call, put_calls, try_again
from vigie.foundation.mail import MailNotSent, OutgoingMail, send_mail
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import Settings
from vigie.issuing.alarms import Call
from vigie.issuing.models import Alarm, IssuedOrder
from vigie.ledger.models import OutboxMessage
from vigie.ledger.outbox import Refused, Taken

TOPIC = "issuing.alert"
_WHY = {
    Alarm.Kind.HOUR_MISSED: "the hour ended without an answer",
    Alarm.Kind.UNDELIVERED: "it did not reach the provider",
    Alarm.Kind.RECEIPT_UNPROVEN: "nobody proved that the provider received it",
}


def caller(settings: Settings) -> Call:
    """What puts a call about an alarm in the outbox, inside the caller's transaction."""

    def put(order: IssuedOrder, alarm: Alarm) -> None:
        is_again = alarm.again_at is not None
        put_calls(
            TOPIC,
            about=f"issued:{order.number}/alarm/{alarm.pk}/{int(is_again)}",
            facts={
                "order": order.number,
                "kind": alarm.kind,
                "again": is_again,
                "address": f"{settings.base_url}/issuing/{order.number}",
            },
            settings=settings,
            at=alarm.again_at or alarm.raised_at,
        )

    return put


def deliver(stored: OutboxMessage, *, door: OutboundDoor, settings: Settings) -> Taken | Refused:
    """Send one call; used as a deliverer of the outbox."""
    told = {key: stored.payload[key] for key in ("order", "kind", "again", "address")}
    to = str(stored.payload["to"])
    if stored.payload["way"] != "mail":
        facts = {"event": "issued_order_needs_somebody", "id": stored.key, **told}
        return call(stored, to=to, facts=facts, door=door)
    why, again = _WHY[Alarm.Kind(told["kind"])], " (a day later)" if told["again"] else ""
    mail = OutgoingMail(
        key=stored.key,
        to=to,
        subject=f"Removal order {told['order']}: {why}{again}",
        text=f"Removal order {told['order']} waits for a person: {why}{again}.\n{told['address']}\n",
    )
    try:
        send_mail(mail, settings=settings)
    except MailNotSent as error:
        return try_again(stored, error.code)
    return Taken()
