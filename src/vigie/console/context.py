"""What every page shows around its content: navigation by rights, counts, and the banner when something is wrong.

Its few queries count up to a limit; the only row fetched is the order whose hour ends first.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vigie.cases.models import Case
from vigie.evidence.models import EvidenceRequest
from vigie.evidence.preservation import removals_failing
from vigie.foundation.clock import now
from vigie.issuing.alarms import open_alarms
from vigie.issuing.desk import orders_in
from vigie.issuing.models import Reply
from vigie.ledger.models import OutboxMessage
from vigie.matching.models import ArchiveLoss, Lookback
from vigie.notices.models import Notice, Threat
from vigie.notices.states import NoticeState
from vigie.orders.clocks import removal_due_at
from vigie.orders.models import Order, OrderIntake
from vigie.orders.states import Answer, Stage
from vigie.people.models import User
from vigie.platforms.models import Recheck
from vigie.redress.models import Complaint
from vigie.redress.states import WAITING

COUNT_MAX = 1_000
_HOUR_RUNS = (Stage.RECEIVED, Stage.VALID, Stage.EXECUTING)
_ANSWER_DUE = (Answer.ANNEX_II_DUE, Answer.ANNEX_III_DUE)


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the navigation: the name of its route, which paths are under it, and the right that shows it."""

    route: str
    title: "str | Promise"
    right: str
    icon: str
    group: str


NAVIGATION = (
    Place("queue", _("Queue"), "cases:read", "queue", "work"),
    Place("orders", _("Orders"), "orders:read", "order", "work"),
    Place("issuing", _("Orders out"), "issuing:read", "order-out", "work"),
    Place("notices", _("Notices"), "cases:read", "notice", "work"),
    Place("complaints", _("Complaints"), "cases:read", "complaint", "work"),
    Place("misuse", _("Misuse"), "cases:read", "misuse", "work"),
    Place("banks", _("Banks"), "banks:read", "bank", "work"),
    Place("archive", _("Archive"), "banks:read", "archive", "work"),
    Place("statements", _("Statements"), "cases:read", "statement", "watch"),
    Place("evidence", _("Evidence"), "evidence:read", "evidence", "watch"),
    Place("deliveries", _("Deliveries"), "platforms:read", "delivery", "watch"),
    Place("alarms", _("Alarms"), "platforms:read", "alarm", "watch"),
    Place("ledger", _("Ledger"), "ledger:read", "ledger", "watch"),
    Place("reports", _("Reports"), "ledger:read", "report", "watch"),
    Place("platforms", _("Platforms"), "platforms:read", "platform", "set up"),
    Place("policy", _("Policy"), "policy:read", "policy", "set up"),
    Place("people", _("People"), "people:write", "people", "set up"),
)


def console(request: HttpRequest) -> dict[str, Any]:
    """The frame of a page; nearly nothing for somebody who is not signed in."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"places": []}
    counts = _counts(user)
    losses = _open_losses() if user.may("platforms:read") else 0
    return {
        "places": [
            _shown(place, request.path, {**counts, "alarms": counts.get("alarms", 0) + losses})
            for place in NAVIGATION
            if _is_there(place, user)
        ],
        "dead_letter_count": counts.get("deliveries", 0),
        "threat_count": counts.get("threats", 0),
        "alarm_count": counts.get("alarms", 0),
        "order_alarm": _order_alarm(user),
        "issued_alarm": _issued_alarm(user),
        "loss_count": losses,
        "deliveries_url": _url("deliveries"),
        "alarms_url": _url("alarms"),
    }


def _order_alarm(user: User) -> dict[str, Any] | None:
    """How many orders' hours run, and the one that ends first; what came in and nobody could read counts too."""
    if not user.may("orders:read"):
        return None
    first = Order.objects.filter(stage__in=_HOUR_RUNS).order_by("clock_started_at", "id").first()
    unread = OrderIntake.objects.filter(state=OrderIntake.State.QUARANTINED)[:COUNT_MAX].count()
    if first is None and not unread:
        return None
    return {
        "count": Order.objects.filter(stage__in=_HOUR_RUNS)[:COUNT_MAX].count(),
        "first": first,
        "due_at": removal_due_at(first.clock_started_at) if first else None,
        "unread": unread,
    }


def _issued_alarm(user: User) -> dict[str, Any] | None:
    """How many orders of ours need somebody, the first of them, and how many replies wait."""
    if not user.may("issuing:read"):
        return None
    alarms, waiting = open_alarms(), Reply.objects.filter(state=Reply.State.WAITING)[:COUNT_MAX].count()
    first = alarms.first()
    if first is None and not waiting:
        return None
    return {"count": alarms[:COUNT_MAX].count(), "first": first, "replies": waiting}


def _counts(user: User) -> dict[str, int]:
    """How many of each need somebody, counted up to `COUNT_MAX`."""
    counts = {}
    if user.may("cases:read"):
        counts["queue"] = Case.objects.filter(state=Case.State.OPEN)[:COUNT_MAX].count()
        counts["notices"] = Notice.objects.filter(state=NoticeState.QUEUED)[:COUNT_MAX].count()
        counts["threats"] = Threat.objects.filter(state=Threat.State.OPEN)[:COUNT_MAX].count()
        counts["complaints"] = Complaint.objects.filter(state__in=WAITING)[:COUNT_MAX].count()
    if user.may("platforms:read"):
        counts["deliveries"] = OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD)[
            :COUNT_MAX
        ].count()
        counts["alarms"] = _open_alarms()
    if user.may("orders:read"):
        owed = Q(stage__in=_HOUR_RUNS) | Q(answer__in=_ANSWER_DUE)
        counts["orders"] = Order.objects.filter(owed)[:COUNT_MAX].count()
    if user.may("evidence:decide"):
        waiting = EvidenceRequest.objects.filter(state=EvidenceRequest.State.REQUESTED)
        others = waiting.exclude(requested_by=user)[:COUNT_MAX].count()
        counts["evidence"] = others + removals_failing()[:COUNT_MAX].count()
    if user.may("issuing:read"):
        counts["issuing"] = orders_in("overdue", at=now())[:COUNT_MAX].count()
    if user.may("banks:write"):
        stopped = Lookback.objects.filter(state=Lookback.State.STOPPED)
        counts["archive"] = stopped[:COUNT_MAX].count()
    return counts


def _open_alarms() -> int:
    waiting = (Recheck.State.DUE, Recheck.State.STILL_THERE, Recheck.State.MISSING)
    return Recheck.objects.filter(alarm_at__isnull=False, alarm_seen_by="", state__in=waiting)[
        :COUNT_MAX
    ].count()


def _open_losses() -> int:
    return ArchiveLoss.objects.filter(seen_by="")[:COUNT_MAX].count()


def _shown(place: Place, path: str, counts: dict[str, int]) -> dict[str, Any]:
    url = _url(place.route)
    under = path == url if url == "/" else path.startswith(url)
    if url == "/":
        under = under or path.startswith("/cases/")
    count = counts.get(place.route, 0)
    return {
        "url": url,
        "title": place.title,
        "icon": place.icon,
        "group": place.group,
        "is_here": under,
        "count": f"{COUNT_MAX}+" if count >= COUNT_MAX else count,
        "is_urgent": place.route in ("deliveries", "alarms", "orders", "issuing"),
    }


def _is_there(place: Place, user: User) -> bool:
    return user.may(place.right) and bool(_url(place.route))


def _url(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
