"""What every part of the domain does with an order: finding it, locking it, moving it on, noting it in the ledger.

It sends nothing; `sending` does.
"""

from datetime import datetime

from vigie.foundation.errors import Forbidden, Invalid, NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.limits import REASON_CHARS_MAX
from vigie.issuing.models import IssuedOrder
from vigie.issuing.states import ENDS, Happening, after
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor
from vigie.ledger.events import Event
from vigie.people.models import User
from vigie.people.rights import Right


def find_order(number: str) -> IssuedOrder:
    """The order of this public number (`RO-000012`); raises NotFound."""
    pk = parse_public_number("RO", number)
    found = IssuedOrder.objects.select_related("provider", "approved_by", "overridden_by")
    order = None if pk is None else found.filter(pk=pk).first()
    if order is None:
        raise NotFound("There is no such order of ours.", code="order_not_found")
    return order


def locked_order(number: str) -> IssuedOrder:
    """The same, locked until the end of the transaction."""
    pk = parse_public_number("RO", number)
    found = IssuedOrder.objects.select_for_update(of=("self",)).select_related("provider")
    order = None if pk is None else found.filter(pk=pk).first()
    if order is None:
        raise NotFound("There is no such order of ours.", code="order_not_found")
    return order


def check_may(user: User, right: Right) -> None:
    """Raise Forbidden unless this person has the right."""
    if right not in user.rights:
        sentences = {
            Right.ISSUING_DRAFT: "You may not work on removal orders that we issue.",
            Right.ISSUING_APPROVE: "You may not approve removal orders.",
            Right.PROVIDERS_WRITE: "You may not change the register of providers.",
            Right.HOLDS_READ: "You may not see what holds cover.",
            Right.HOLDS_WRITE: "You may not enter holds.",
        }
        raise Forbidden(sentences[right])


def check_reason(reason: str) -> str:
    """The reason without blanks around it; raises Invalid unless it says something."""
    text = reason.strip()
    if not 3 <= len(text) <= REASON_CHARS_MAX:
        raise Invalid("Say why, in words.")
    return text


def happen(order: IssuedOrder, happening: Happening, *, at: datetime) -> None:
    """Move a locked order on and save it; raises StepImpossible."""
    order.standing = after(order.standing, happening, cross_border=order.is_cross_border)
    if order.stage in ENDS:
        order.next_poll_at = None
        order.ended_at = order.ended_at or at
    order.save()


def note(order: IssuedOrder, event: Event, *, actor: Actor) -> None:
    """Write what happened to the ledger, about this order."""
    ledger.append(event, actor=actor, subject=f"issued:{order.number}")
