"""Checking a sender again for whom DNS had not answered: for a day, and only while nobody decided.

It changes nothing of an order's clock, and reads the mail again only once DNS answers.
"""

from datetime import datetime, timedelta

from django.db import transaction

from vigie.evidence.service import read_item
from vigie.foundation.dns import DnsUnanswered, door_of
from vigie.foundation.settings import Settings
from vigie.ledger.actors import SYSTEM
from vigie.orders.dkim_check import TIME_S_MAX
from vigie.orders.intake import note_checked, understand
from vigie.orders.models import Order, OrderIntake
from vigie.orders.senders import SenderCheck
from vigie.orders.states import Stage

AGAIN_FOR = timedelta(days=1)
AT_ONCE = 5


def check_again(*, at: datetime, settings: Settings) -> int:
    """Check senders anew whose DNS did not answer; returns how many were found out about."""
    waiting = Order.objects.filter(
        stage=Stage.RECEIVED, sender_check__dkim="temporary", received_at__gte=at - AGAIN_FOR
    ).order_by("id")
    done = 0
    for order in waiting[:AT_ONCE]:
        intake = order.intakes.filter(state=OrderIntake.State.TAKEN).order_by("id").first()
        if intake is None or not _dns_answers(order, settings):
            continue
        _, raw = read_item(
            intake.evidence, purpose="checking who sent an order", actor=SYSTEM, settings=settings
        )
        check = understand(raw, settings=settings).check
        if check.dkim != "temporary":
            _record(order.pk, check)
            done += 1
    return done


def _dns_answers(order: Order, settings: Settings) -> bool:
    check = order.sender_check
    try:
        name = f"{check.get('dkim_selector', '')}._domainkey.{check.get('dkim_domain', '')}."
        door_of(settings).txt(name, time_s_max=TIME_S_MAX)
    except DnsUnanswered:
        return False
    return True


def _record(pk: int, check: SenderCheck) -> None:
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",)).get(pk=pk)
        if order.sender_check.get("dkim") != "temporary":
            return
        order.sender_check = check.to_json()
        order.save(update_fields=["sender_check"])
        note_checked(order, check)
