"""Alarms about orders of ours: an hour that was missed, an order that reached nobody, a receipt that nobody proves.

They move no clock and change no order: they say that a person is needed, until what they are about is over.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from vigie.issuing import events, service
from vigie.issuing.clocks import CALL_AGAIN_AFTER, HOUR, RECEIPT_EXPECTED
from vigie.issuing.models import Alarm, IssuedOrder, Letter
from vigie.issuing.states import Stage
from vigie.ledger.actors import SYSTEM

AT_ONCE = 200
# By these letters an order reaches its provider.
_ORDERS = (Letter.Kind.ORDER, Letter.Kind.CLARIFICATION, Letter.Kind.CORRECTION)
_WAITING = (Stage.ISSUED, Stage.SENT, Stage.RECEIVED)

Call = Callable[[IssuedOrder, Alarm], None]
"""Puts a call for a person in the outbox, inside the caller's transaction."""


def sweep(*, at: datetime, call: Call) -> int:
    """Raise what is new, call again what nobody mended for a day, settle what is over; returns how many changed."""
    return _raise_new(at, call) + _call_again(at, call) + _settle(at)


def open_alarms() -> "QuerySet[Alarm]":
    """Alarms that are not over, the oldest first."""
    return Alarm.objects.filter(settled_at=None).select_related("order", "order__provider").order_by("id")


def kind_of(order: IssuedOrder, *, at: datetime, bounced: bool) -> str:
    """Why somebody is needed about an order that stands so at this instant; an empty text when nobody is."""
    if order.issued_at is None or order.stage not in _WAITING:
        return ""
    if order.stage == Stage.RECEIVED:
        due_at = order.due_at
        return Alarm.Kind.HOUR_MISSED if due_at is not None and at > due_at else ""
    if bounced or (order.stage == Stage.ISSUED and at >= order.issued_at + RECEIPT_EXPECTED):
        return Alarm.Kind.UNDELIVERED
    sent_at = order.sent_at or order.issued_at
    return Alarm.Kind.RECEIPT_UNPROVEN if order.stage == Stage.SENT and at >= sent_at + HOUR else ""


def _candidates(at: datetime) -> "QuerySet[IssuedOrder]":
    alarmed = Alarm.objects.filter(order=OuterRef("pk"), settled_at=None)
    received = Q(stage=Stage.RECEIVED, clock_started_at__lte=at - HOUR)
    issued = Q(stage=Stage.ISSUED, issued_at__lte=at - RECEIPT_EXPECTED)
    sent = Q(stage=Stage.SENT, sent_at__lte=at - HOUR)
    bounced = Q(stage__in=(Stage.ISSUED, Stage.SENT)) & Exists(_bounced(OuterRef("pk")))
    return IssuedOrder.objects.filter(received | issued | sent | bounced).exclude(Exists(alarmed))


def _bounced(order: int | OuterRef) -> "QuerySet[Letter]":
    return Letter.objects.filter(order=order, kind__in=_ORDERS, bounced_at__isnull=False)


def _raise_new(at: datetime, call: Call) -> int:
    done = 0
    for pk in list(_candidates(at).order_by("id").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            order = _locked(pk)
            if order is None or order.alarms.filter(settled_at=None).exists():
                continue
            kind = kind_of(order, at=at, bounced=_bounced(pk).exists())
            if not kind:
                continue
            alarm = Alarm.objects.create(
                order=order, kind=kind, raised_at=at, next_call_at=at + CALL_AGAIN_AFTER
            )
            if kind == Alarm.Kind.HOUR_MISSED and order.missed_at is None:
                order.missed_at = at
                order.save(update_fields=["missed_at"])
                service.note(order, events.HourMissed(order=order.number), actor=SYSTEM)
            service.note(order, events.AlarmRaised(order=order.number, kind=kind), actor=SYSTEM)
            call(order, alarm)
            done += 1
    return done


def _call_again(at: datetime, call: Call) -> int:
    done = 0
    for pk, order_pk in list(
        Alarm.objects.filter(settled_at=None, next_call_at__lte=at)
        .order_by("id")
        .values_list("pk", "order_id")[:AT_ONCE]
    ):
        with transaction.atomic():
            order = _locked(order_pk)
            alarm = Alarm.objects.filter(pk=pk, settled_at=None, next_call_at__lte=at).first()
            if order is None or alarm is None or not _holds(alarm, order, at):
                continue
            alarm.again_at, alarm.next_call_at = at, None
            alarm.save(update_fields=["again_at", "next_call_at"])
            service.note(order, events.AlarmRepeated(order=order.number, kind=alarm.kind), actor=SYSTEM)
            call(order, alarm)
            done += 1
    return done


def _settle(at: datetime) -> int:
    done = 0
    for alarm in list(open_alarms()[:AT_ONCE]):
        if _holds(alarm, alarm.order, at):
            continue
        with transaction.atomic():
            order = _locked(alarm.order_id)
            found = Alarm.objects.filter(pk=alarm.pk, settled_at=None).first()
            if order is None or found is None or _holds(found, order, at):
                continue
            found.settled_at, found.next_call_at = at, None
            found.save(update_fields=["settled_at", "next_call_at"])
            service.note(order, events.AlarmSettled(order=order.number, kind=found.kind), actor=SYSTEM)
            done += 1
    return done


def _holds(alarm: Alarm, order: IssuedOrder, at: datetime) -> bool:
    return kind_of(order, at=at, bounced=_bounced(order.pk).exists()) == alarm.kind


def _locked(pk: int) -> IssuedOrder | None:
    """The order, locked; None while somebody else works on it."""
    rows = IssuedOrder.objects.select_for_update(of=("self",), skip_locked=True)
    return rows.select_related("provider").filter(pk=pk).first()
