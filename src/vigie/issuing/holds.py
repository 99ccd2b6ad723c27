"""The register of holds: entered by whoever investigates, released by them, seen by others only as whom to ask.

It stops no order by itself: deconfliction asks it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from vigie.foundation.clock import utc_text
from vigie.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.issuing import events, service
from vigie.issuing.addresses import host_of, hosts_above, is_under, url_key
from vigie.issuing.conflicts import Found
from vigie.issuing.models import Hold
from vigie.ledger import service as ledger
from vigie.ledger.actors import person
from vigie.people.models import User
from vigie.people.rights import Right

HOLD_DAYS_MAX = 366
HOLDS_READ_MAX = 10_000


def enter_hold(
    *,
    kind: str,
    pattern: str,
    unit: str,
    contact: str,
    until: datetime,
    reason: str,
    user: User,
    at: datetime,
) -> Hold:
    """Ask that nothing be done about an address, an account (everything under an address) or a host without asking."""
    service.check_may(user, Right.HOLDS_WRITE)
    if kind not in Hold.Kind.values:
        raise Invalid("A hold covers a url, an account or a host.")
    if not unit.strip() or not contact.strip() or len(unit) > 200 or len(contact) > 500:
        raise Invalid("Say which unit holds it, and whom to ask.")
    if not at < until <= at + timedelta(days=HOLD_DAYS_MAX):
        raise Invalid("A hold ends within a year.", hint="It can be entered again then.")
    pattern = pattern.strip()[:2_048]
    url = pattern if "://" in pattern else f"https://{pattern}"
    host = host_of(url)
    with transaction.atomic():
        hold = Hold.objects.create(
            kind=kind,
            pattern=pattern,
            pattern_key=host if kind == Hold.Kind.HOST else url_key(url),
            host=host,
            unit=unit.strip(),
            contact=contact.strip(),
            reason=reason.strip()[:2_000],
            until=until,
            entered_by=user,
            entered_at=at,
        )
        ledger.append(
            events.HoldEntered(hold=hold.number, kind=kind, until=utc_text(until)),
            actor=person(user.pk),
            subject=f"hold:{hold.number}",
        )
    return hold


def release_hold(number: str, *, user: User, at: datetime, reason: str = "") -> Hold:
    """Let go of a hold: whoever entered it, or with a reason a person who may approve orders. Raises Forbidden."""
    if Right.ISSUING_APPROVE not in user.rights:
        service.check_may(user, Right.HOLDS_WRITE)
    pk = parse_public_number("H", number)
    with transaction.atomic():
        hold = None if pk is None else Hold.objects.select_for_update().filter(pk=pk).first()
        if hold is None:
            raise NotFound("There is no such hold.")
        if hold.released_at is not None:
            raise Conflict("This hold was released already.")
        is_own = may_release(hold, user)
        if not is_own and Right.ISSUING_APPROVE not in user.rights:
            raise Forbidden(
                "Whoever entered this hold releases it.",
                hint="Ask them, or a legal officer.",
                code="hold_of_other",
            )
        hold.released_at, hold.released_by = at, user
        hold.released_reason = reason.strip()[:2_000] if is_own else service.check_reason(reason)
        hold.save(update_fields=["released_at", "released_by", "released_reason"])
        event = events.HoldReleased if is_own else events.HoldLifted
        ledger.append(event(hold=hold.number), actor=person(user.pk), subject=f"hold:{hold.number}")
    return hold


def may_release(hold: Hold, user: User) -> bool:
    """Whether this person entered the hold, and may still enter holds: then they need no reason to release it."""
    return hold.entered_by_id == user.pk and Right.HOLDS_WRITE in user.rights


def holds_seen_by(user: User, *, at: datetime) -> list[Hold]:
    """What is held now, the newest first; raises Forbidden for whoever may only know whom to ask."""
    service.check_may(user, Right.HOLDS_READ)
    return list(Hold.objects.filter(released_at=None, until__gt=at).order_by("-id")[:HOLDS_READ_MAX])


class Holds:
    """What is held now, as a source of deconfliction."""

    def about(self, url_keys: Sequence[str], *, apart_from: int, at: datetime) -> Iterable[Found]:
        """Holds that cover one of these addresses."""
        del apart_from
        hosts = {host for key in url_keys for host in hosts_above(_host(key))}
        held = Hold.objects.filter(released_at=None, until__gt=at, host__in=hosts).order_by("id")
        for hold in held[:HOLDS_READ_MAX]:
            if any(_covers(hold, key) for key in url_keys):
                yield Found(
                    key=f"hold:{hold.number}",
                    ask=f"{hold.unit}: {hold.contact}",
                    until=utc_text(hold.until),
                )


def _covers(hold: Hold, key: str) -> bool:
    match Hold.Kind(hold.kind):
        case Hold.Kind.HOST:
            return hold.pattern_key in hosts_above(_host(key))
        case Hold.Kind.ACCOUNT:
            return is_under(key, hold.pattern_key)
        case Hold.Kind.URL:
            return key == hold.pattern_key


def _host(key: str) -> str:
    return key.partition("/")[0].partition("?")[0].partition(":")[0]
