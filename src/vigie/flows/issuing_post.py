"""Delivering what we send about our orders: by mail, or to the API of a provider's Vigie.

A mail counts as sent when the server took it, never as received; an answer of the API proves receipt.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from vigie.flows.oncall import try_again
from vigie.foundation.clock import now
from vigie.foundation.limits import WEBHOOK_ANSWER_S_MAX
from vigie.foundation.mail import Attachment, MailNotSent, OutgoingMail, send_mail
from vigie.foundation.outbound import OutboundDoor, OutboundFailed, OutboundRefused
from vigie.foundation.settings import Settings
from vigie.issuing import incoming, service
from vigie.issuing.letters import language_for, subject_of
from vigie.issuing.models import IssuedOrder, Letter, Provider
from vigie.issuing.providers import token_of
from vigie.issuing.sending import note_letter_sent
from vigie.issuing.states import Stage
from vigie.ledger.actors import SYSTEM
from vigie.ledger.models import OutboxMessage
from vigie.ledger.outbox import Refused, Taken
from vigie.orders.form_pdf import fields_pdf

RETRY_AT_MOST_AFTER = timedelta(seconds=60)
ANSWER_BYTES_MAX = 256 * 1024
# A refusal of these kinds is not mended by waiting: a person has to look.
_FINAL_STATUSES = frozenset({400, 403, 409, 413, 422})
_WITH_FORM = frozenset(
    {
        Letter.Kind.ORDER,
        Letter.Kind.CLARIFICATION,
        Letter.Kind.CORRECTION,
        Letter.Kind.HOME_COPY,
    }
)


def deliver(stored: OutboxMessage, *, door: OutboundDoor, settings: Settings) -> Taken | Refused:
    """Send one letter; used as a deliverer of the outbox."""
    letter = Letter.objects.select_related("order", "provider").get(pk=stored.payload["issued_letter"])
    if letter.channel == Provider.Channel.API:
        return _by_api(stored, letter, door, settings)
    try:
        send_mail(_mail(letter), settings=settings)
    except MailNotSent as error:
        return _soon(try_again(stored, error.code))
    at = now()
    return Taken(then=lambda: note_letter_sent(letter, by="mail", at=at, actor=SYSTEM))


def form_json(fields: Mapping[str, Any]) -> bytes:
    """Annex I as our own reader takes it."""
    return (json.dumps({"form": "annex_i", **fields}, ensure_ascii=False, indent=2) + "\n").encode()


def order_pdf(order: IssuedOrder, *, language: str) -> bytes:
    """Annex I of an order of ours, as it stands, with the JSON attached."""
    made_at = order.issued_at or order.drafted_at
    return fields_pdf(order.fields, form_json(order.fields), made_at=made_at, language=language)


def _mail(letter: Letter) -> OutgoingMail:
    language = language_for(letter.provider.languages)
    reference = letter.order.reference if letter.order else ""
    files: tuple[Attachment, ...] = ()
    if letter.kind in _WITH_FORM:
        attached = form_json(letter.form)
        pdf = fields_pdf(letter.form, attached, made_at=letter.made_at, language=language)
        files = (
            Attachment("removal-order.pdf", "application/pdf", pdf),
            Attachment("removal-order.json", "application/json", attached),
        )
    return OutgoingMail(
        key=letter.key,
        to=letter.to,
        subject=subject_of(letter.kind, language, {"reference": reference}),
        text=letter.text,
        attachments=files,
    )


def _by_api(stored: OutboxMessage, letter: Letter, door: OutboundDoor, settings: Settings) -> Taken | Refused:
    order = letter.order
    assert order is not None
    path, body = "/v1/orders/filed", json.loads(form_json(letter.form))
    if letter.kind == Letter.Kind.WITHDRAWAL:
        if not order.remote_number:
            return _soon(try_again(stored, "not_received_yet"))
        path, body = f"{path}/{order.remote_number}/withdrawal", {"reason": order.reason}
    try:
        answered = door.post(
            letter.to + path,
            body=json.dumps(_sent(body)).encode(),
            headers={
                "Authorization": f"Bearer {token_of(letter.provider, settings=settings)}",
                "Content-Type": "application/json",
                "Idempotency-Key": letter.key,
            },
            time_s_max=WEBHOOK_ANSWER_S_MAX,
            excerpt_bytes_max=ANSWER_BYTES_MAX,
        )
        told = json.loads(answered.body_excerpt) if answered.status in (200, 201) else {}
        number, received_at, began_at = (
            str(told.get("number", ""))[:30],
            _instant(told.get("received_at")),
            _instant(told.get("clock_started_at")),
        )
    except (OutboundFailed, OutboundRefused) as error:
        return _soon(try_again(stored, error.code))
    except (ValueError, AttributeError):
        return _soon(try_again(stored, "bad_answer"))
    if answered.status in _FINAL_STATUSES:
        _note_trouble(order.pk, f"http_{answered.status}")
        return Refused(f"http_{answered.status}", None)
    if answered.status not in (200, 201) or not number or received_at is None:
        _note_trouble(order.pk, f"http_{answered.status}")
        return _soon(try_again(stored, f"http_{answered.status}"))
    proven_at = began_at if letter.kind == Letter.Kind.CLARIFICATION and began_at else received_at
    return Taken(then=lambda: _note_taken(letter, number, proven_at, at=now()))


def _note_taken(letter: Letter, number: str, received_at: datetime, *, at: datetime) -> None:
    """The provider's API took it: sent and, by its answer, received."""
    note_letter_sent(letter, by="api", at=at, actor=SYSTEM)
    assert letter.order is not None
    order = service.locked_order(letter.order.number)
    order.remote_number, order.trouble = number, ""
    if order.standing.waits_for_provider:
        order.next_poll_at = at
    order.save()
    if letter.kind in (Letter.Kind.ORDER, Letter.Kind.CLARIFICATION) and order.stage in (
        Stage.SENT,
        Stage.REPLIED,
    ):
        # A clock that runs a little before or behind ours moves the hour at most to when we sent.
        proven = min(max(received_at, letter.made_at), at)
        incoming.prove_receipt(order, received_at=proven, by="api", proof="", at=at, actor=SYSTEM)


def _note_trouble(order_id: int, code: str) -> None:
    IssuedOrder.objects.filter(pk=order_id).update(trouble=code)


def _sent(body: dict[str, Any]) -> dict[str, Any]:
    """Without fields that are empty, as the API wants it; a tick that is off is sent."""
    return {key: value for key, value in body.items() if value not in (None, "", [])}


def _instant(value: Any) -> datetime | None:
    if not value:
        return None
    found = datetime.fromisoformat(str(value))
    if found.tzinfo is None:
        raise ValueError("an instant without a zone")
    return found


def _soon(refused: Refused) -> Refused:
    """The hour counts: tried again at least every minute."""
    soon = now() + RETRY_AT_MOST_AFTER
    return Refused(refused.reason, min(refused.retry_at, soon) if refused.retry_at else None)
