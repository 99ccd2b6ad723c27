"""Which orders of ours stand in which list: drafts, out, overdue, ended.

It reads and changes nothing.
"""

from datetime import datetime

from django.db.models import F, Q, QuerySet

from vigie.issuing.clocks import HOUR, RECEIPT_EXPECTED
from vigie.issuing.models import IssuedOrder
from vigie.issuing.states import DRAFTS, ENDS, Home, Stage

LISTS = ("draft", "out", "overdue", "ended", "all")
_OWED = (Home.COPY_DUE, Home.FINALITY_DUE)


def orders_in(which: str, *, at: datetime) -> "QuerySet[IssuedOrder]":
    """The orders of one of `LISTS`: those that are out by the end of their hour, the others newest first."""
    rows = IssuedOrder.objects.select_related("provider").order_by("-id")
    match which:
        case "draft":
            return rows.filter(stage__in=DRAFTS)
        case "out":
            running = rows.filter(~Q(stage__in=DRAFTS | ENDS) | Q(stage__in=ENDS, home__in=_OWED))
            return running.order_by(F("clock_started_at").asc(nulls_first=True), "id")
        case "overdue":
            silent = Q(stage=Stage.RECEIVED, clock_started_at__lt=at - HOUR)
            unproven = Q(stage__in=(Stage.ISSUED, Stage.SENT), issued_at__lt=at - RECEIPT_EXPECTED)
            return rows.filter(silent | unproven).order_by("issued_at", "id")
        case "ended":
            return rows.filter(stage__in=ENDS).exclude(home__in=_OWED)
        case _:
            return rows
