"""Drafting Annexes II and III from an order, and noting that they were sent.

It dates nothing by itself: the time of the measure is when the platform took it.
"""

from datetime import datetime
from typing import Any

from vigie.foundation.clock import utc_text
from vigie.foundation.errors import NotFound
from vigie.foundation.identifiers import new_uuid
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor
from vigie.ledger.models import OutboxMessage
from vigie.orders import events
from vigie.orders.forms import CannotExecute, Feedback
from vigie.orders.models import Order, OrderAnswer
from vigie.orders.service import happen, note
from vigie.orders.states import Happening
from vigie.orders.steps import Ground

TOPIC = "orders.answer"


def draft_feedback(order: Order, *, at: datetime, settings: Settings) -> OrderAnswer:
    """Annex II, with the true time of the measure. Source: (EU) 2021/784 Art. 3(6)."""
    assert order.measure_at is not None
    form = Feedback(
        **_both(order, settings),
        measure="disabled" if order.measure == "disabled" else "removed",
        measure_at=order.measure_at,
        signed_at=at,
    )
    return OrderAnswer.objects.create(
        order=order, kind=OrderAnswer.Kind.ANNEX_II, form=form.to_json(), made_at=at
    )


def draft_impossibility(
    order: Order, *, ground: Ground, reasons: str, needed: str, at: datetime, settings: Settings
) -> OrderAnswer:
    """Annex III. Source: (EU) 2021/784 Art. 3(7) and 3(8)."""
    form = CannotExecute(
        **_both(order, settings), ground=ground, reasons=reasons, needed=needed, signed_at=at
    )
    return OrderAnswer.objects.create(
        order=order, kind=OrderAnswer.Kind.ANNEX_III, form=form.to_json(), made_at=at
    )


def send(answer: OrderAnswer, *, at: datetime, actor: Actor, settings: Settings) -> OutboxMessage | None:
    """Put the form in the outbox, when mail is set up and the order names an address; else a person sends it."""
    order = answer.order
    to = str(order.fields.get("email") or "")
    if not settings.smtp_url or not to:
        return None
    key = new_uuid()
    answer.delivery_key = key
    answer.save(update_fields=["delivery_key"])
    return ledger.put_in_outbox(
        key=key,
        topic=TOPIC,
        receiver="authority",
        ordering_key=f"order:{order.number}",
        payload={"answer": answer.pk, "order": order.number, "form": answer.kind, "to": to},
        ledger_seq=ledger.head_seq(),
        at=at,
    )


def note_sent(answer: OrderAnswer, *, by: str, at: datetime, actor: Actor) -> None:
    """The form went out, inside the caller's transaction; `by`: mail or hand."""
    if answer.sent_at is not None:
        return
    answer.sent_at, answer.sent_by = at, by
    answer.save(update_fields=["sent_at", "sent_by"])
    order = Order.objects.select_for_update(of=("self",)).get(pk=answer.order_id)
    is_last = not order.answers.filter(pk__gt=answer.pk).exists()
    if is_last and order.standing.answer_is_due:
        happen(order, Happening.ANSWER_SENT, at=at)
    note(order, events.AnswerSent(order=order.number, form=answer.kind, by=by), actor=actor)


def last_answer(order: Order) -> OrderAnswer:
    """The form that was made last; raises NotFound."""
    answer = order.answers.order_by("-id").first()
    if answer is None:
        raise NotFound("No form was made for this order yet.", code="order_not_found")
    return answer


def _both(order: Order, settings: Settings) -> dict[str, Any]:
    """What Annexes II and III have in common."""
    fields = order.fields
    return {
        "addressee": fields.get("addressee") or settings.provider_name,
        "authority": fields.get("authority") or "",
        "authority_reference": order.reference,
        "addressee_reference": order.number,
        "received_at": order.received_at,
        "representative": settings.provider_representative or settings.provider_name,
        "member_state": settings.provider_member_state,
        "authorised_person": order.decided_by.shown_name if order.decided_by else "",
        "contact_email": settings.provider_contact_email,
    }


def title_of(answer: OrderAnswer) -> str:
    """A name for its file: `O-000012-annex-ii-20261125T0310Z`."""
    stamp = utc_text(answer.made_at).replace("-", "").replace(":", "")[:13]
    return f"{answer.order.number}-{answer.kind.replace('_', '-')}-{stamp}Z"
