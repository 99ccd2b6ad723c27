"""Deleting records of misuse whose time is over: nobody is known by what they did long ago.

It deletes nothing that still counts, suspends or can be objected to, and nothing of the ledger, which names no account.
Source: (EU) 2016/679 Art. 5(1)(e), 17(1)(a); (EU) 2022/2065 Art. 20(1), 23(3)(a).
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from vigie.foundation.settings import Settings
from vigie.ledger.actors import SYSTEM
from vigie.misuse import records
from vigie.misuse import service as misuse
from vigie.misuse.models import MisuseFinding, MisuseRecord
from vigie.notices.models import Notice
from vigie.notices.states import NoticeState
from vigie.redress.clocks import COMPLAINT_DAYS_MAX
from vigie.redress.models import Complaint, Statement
from vigie.redress.states import ANSWERED

PURGED_AT_ONCE_MAX = 100


def purge(*, at: datetime, settings: Settings) -> int:
    """Delete records that are over their time and that nothing needs, each in a transaction of its own; how many."""
    purged = 0
    for pk in list(
        _due(at, settings).order_by("changed_at").values_list("pk", flat=True)[:PURGED_AT_ONCE_MAX]
    ):
        with transaction.atomic():
            record = misuse.locked_record(pk)
            # What happened since it was looked for, happened under the lock.
            if _due(at, settings).filter(pk=pk).exists():
                misuse.delete(record, actor=SYSTEM)
                purged += 1
    return purged


def _due(at: datetime, settings: Settings) -> QuerySet[MisuseRecord]:
    return records.over_their_time(at=at, settings=settings).exclude(
        Exists(_set_aside()) | Exists(_open_complaints()) | Exists(_open_to_objection(at))
    )


def _set_aside() -> QuerySet[Notice]:
    """Notices that its suspensions set aside and nobody took up again."""
    return Notice.objects.filter(set_aside_by__record=OuterRef("pk"), state=NoticeState.SET_ASIDE)


def _open_complaints() -> QuerySet[Complaint]:
    """Complaints without an answer: those it set aside, and those about what it counts."""
    counted = MisuseFinding.objects.filter(record=OuterRef(OuterRef("pk"))).values("case")
    about = Complaint.objects.exclude(state__in=ANSWERED)
    return about.filter(Q(set_aside_by__record=OuterRef("pk")) | Q(case__in=counted))


def _open_to_objection(at: datetime) -> QuerySet[Statement]:
    """Suspensions that its account may still object to; for one that was not informed the six months have not begun."""
    told = Statement.objects.filter(suspension__record=OuterRef("pk"), complaint=None)
    since = at - timedelta(days=COMPLAINT_DAYS_MAX)
    return told.filter(Q(informed_at__gt=since) | Q(informed_at=None, withdrawn_at=None))
