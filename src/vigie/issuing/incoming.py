"""What comes back about an order of ours: proof of receipt, Annex II, Annex III; each moves the clock or the order on.

It believes no time of a measure that lies in the future, and counts nothing twice.
"""

import hashlib
import json
from datetime import datetime, timedelta

from vigie.evidence.models import EvidenceItem
from vigie.evidence.service import ToSeal, seal_items
from vigie.foundation.clock import utc_text
from vigie.foundation.errors import Conflict, Invalid
from vigie.foundation.settings import Settings
from vigie.issuing import clocks, events, service
from vigie.issuing.answers import Answer
from vigie.issuing.models import CameIn, IssuedOrder, Letter
from vigie.issuing.states import Happening, Stage
from vigie.ledger.actors import Actor
from vigie.orders.clocks import restarted_at

# Clocks of two machines may differ so much.
SKEW = timedelta(minutes=2)


def prove_receipt(
    order: IssuedOrder, *, received_at: datetime, by: str, proof: str, at: datetime, actor: Actor
) -> None:
    """A locked order reached its provider, then; the hour runs since. Source: (EU) 2021/784 Art. 3(3), 3(5).

    Never before it was issued, never in the future. After a clarification it is the receipt of that.
    """
    if received_at > at + SKEW:
        raise Invalid("This instant has not come yet.")
    if order.stage == Stage.REPLIED:
        restart(order, again_at=received_at, at=at, actor=actor)
        return
    if order.issued_at is None or received_at < order.issued_at - SKEW:
        raise Invalid("An order is received after it was issued.")
    order.received_at = min(max(received_at, order.issued_at), at)
    order.clock_started_at, order.received_by, order.received_proof = order.received_at, by, proof
    service.happen(order, Happening.RECEIPT_PROVEN, at=at)
    service.note(
        order,
        events.ReceiptProven(order=order.number, received_at=utc_text(order.received_at), by=by),
        actor=actor,
    )


def restart(order: IssuedOrder, *, again_at: datetime, at: datetime, actor: Actor) -> None:
    """The clarification was received, or the ground ceased: the hour begins anew. Source: Art. 3(7), 3(8)."""
    if again_at > at + SKEW or order.received_at is None:
        raise Invalid("This instant has not come yet.")
    service.happen(order, Happening.RESTARTED, at=at)
    order.clock_started_at = restarted_at(received_at=order.received_at, again_at=min(again_at, at))
    order.missed_at = None
    order.save()
    service.note(
        order,
        events.HourRestarted(order=order.number, began_at=utc_text(order.clock_started_at)),
        actor=actor,
    )


def take_answer(
    order: IssuedOrder,
    answer: Answer,
    raw: bytes,
    *,
    by: str,
    at: datetime,
    actor: Actor,
    settings: Settings,
) -> CameIn | None:
    """Annex II or III about a locked order; None when this very answer is known already.

    Raises Invalid for an answer about another order, Conflict for one that cannot come now.
    """
    if answer.reference and order.reference and answer.reference != order.reference:
        raise Invalid("This answer names another order's reference.", code="answer_of_other")
    digest = hashlib.sha256(raw).digest()
    if order.answers.filter(sha256=digest).exists() or any(
        one.form == dict(answer.form) for one in order.answers.all()
    ):
        return None
    # Sealed first: nothing that takes long is done once the ledger's head is held.
    (sealed,) = seal_items(
        [ToSeal(EvidenceItem.Kind.RECORD, "application/octet-stream", raw)],
        subject=f"issued:{order.number}",
        actor=actor,
        settings=settings,
    )
    _receipt_by(order, answer, by=by, at=at, actor=actor)
    if answer.kind == "annex_ii":
        _done(order, answer, by=by, at=at, actor=actor)
    else:
        _cannot(order, answer, by=by, at=at, actor=actor)
    return CameIn.objects.create(
        order=order,
        kind=answer.kind,
        channel=by,
        form=dict(answer.form),
        sha256=digest,
        evidence=sealed.reference,
        came_at=at,
    )


def entered_by_hand(answer: Answer, proof: str) -> bytes:
    """What is kept of an answer that a person entered: the fields, and how they know."""
    return json.dumps({**answer.form, "proof": proof}, ensure_ascii=False, sort_keys=True).encode()


def overdue(order: IssuedOrder, *, at: datetime) -> bool:
    """Whether the hour is over without an answer, or receipt should have been proven long ago."""
    if order.stage == Stage.RECEIVED and order.due_at is not None:
        return at > order.due_at
    waits = order.stage in (Stage.ISSUED, Stage.SENT) and order.issued_at is not None
    return bool(waits and order.issued_at and at > order.issued_at + clocks.RECEIPT_EXPECTED)


def _receipt_by(order: IssuedOrder, answer: Answer, *, by: str, at: datetime, actor: Actor) -> None:
    """An answer proves receipt: at the instant that it names, else when it came."""
    if order.stage not in (Stage.ISSUED, Stage.SENT):
        return
    told = answer.received_at or answer.measure_at or at
    issued_at = order.issued_at or at
    proven = min(max(told, issued_at), at)
    prove_receipt(order, received_at=proven, by=by, proof="", at=at, actor=actor)


def _done(order: IssuedOrder, answer: Answer, *, by: str, at: datetime, actor: Actor) -> None:
    measure_at = answer.measure_at
    if measure_at is None or measure_at > at + SKEW:
        raise Invalid("The time of the measure has not come yet.")
    start = order.clock_started_at or at
    if order.stage == Stage.REPLIED and (letter := _last_sent(order)) is not None:
        # The clarification was received, else it could not have been followed.
        start = restarted_at(received_at=order.received_at or at, again_at=min(letter, measure_at))
    order.clock_started_at = start
    order.measure, order.measure_at, order.answered_at = answer.measure, measure_at, at
    service.happen(order, Happening.FEEDBACK_CAME, at=at)
    service.note(
        order,
        events.OrderDone(
            order=order.number,
            measure=answer.measure,
            measure_at=utc_text(measure_at),
            seconds=clocks.seconds_taken(start, measure_at),
            in_time=clocks.is_in_time(start, measure_at),
            items=order.items.count(),
            by=by,
        ),
        actor=actor,
    )


def _cannot(order: IssuedOrder, answer: Answer, *, by: str, at: datetime, actor: Actor) -> None:
    if order.stage == Stage.DONE:
        raise Conflict("This order was executed already.", code="step_impossible")
    order.ground, order.answered_at = answer.ground, at
    service.happen(order, Happening.IMPOSSIBILITY_CAME, at=at)
    service.note(order, events.CannotBeExecuted(order=order.number, ground=answer.ground, by=by), actor=actor)


def _last_sent(order: IssuedOrder) -> datetime | None:
    last = order.letters.filter(kind=Letter.Kind.CLARIFICATION, sent_at__isnull=False).order_by("-id").first()
    return None if last is None else last.sent_at
