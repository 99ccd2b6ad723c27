"""Connecting platforms, handing messages to them, and looking whether what was decided holds.

A message goes out only through the outbox; nothing here talks to a platform inside a transaction.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Invalid, NotFound
from vigie.foundation.identifiers import jitter, new_secret
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.secretbox import lock_text, unlock_text
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import SYSTEM, Actor
from vigie.ledger.events import Event
from vigie.ledger.models import OutboxMessage
from vigie.ledger.outbox import Refused, Taken
from vigie.platforms import events
from vigie.platforms.backoff import next_attempt_at
from vigie.platforms.connectors import CONNECTORS, Delivered, Gone, PlatformConfig, StillThere
from vigie.platforms.enforcement import LETTER_TOPIC, TAKES_AWAY, subject_of
from vigie.platforms.letters import unlock_letter
from vigie.platforms.messages import EnforcementMessage, LetterMessage, PlatformMessage
from vigie.platforms.models import Platform, Recheck, gone_by_default

# A platform may need a moment to drop its caches: three looks before the alarm, at 1, 2 and 6 times the setting
# `recheck_after_s`; then once an hour for a day.
RECHECK_GAP_FACTORS = (1, 4)
RECHECK_GAP_AFTER_ALARM_S = 3_600
RECHECK_LOOKS_MAX = 27
RECHECKS_AT_ONCE = 50
# Content is back when its address answers neither an error nor one of the statuses that mean gone.
BACK_STATUS_BELOW = 400


def add_platform(
    *,
    name: str,
    title: str,
    url: str,
    actor: Actor,
    settings: Settings,
    connector: str = "webhook",
    gone_statuses: Sequence[int] | None = None,
    rechecks: bool = True,
    secret: str | None = None,
) -> tuple[Platform, str]:
    """Connect a platform; returns it with its webhook secret, which is shown this once.

    An empty `url` means that the platform takes verdicts but no webhooks.
    """
    if slugify(name) != name or not 1 <= len(name) <= 60:
        raise Invalid("A platform's name is lower-case letters, digits and hyphens.")
    _check_url(url)
    if connector not in CONNECTORS:
        raise Invalid(
            f"There is no connector {connector!r}.", hint="Connectors: " + ", ".join(CONNECTORS) + "."
        )
    secret = secret or new_secret()
    try:
        with transaction.atomic():
            platform = Platform.objects.create(
                name=name,
                title=title.strip()[:200] or name,
                connector=connector,
                url=url,
                locked_secret=lock_text(secret, settings=settings),
                gone_statuses=list(gone_statuses) if gone_statuses else gone_by_default(),
                rechecks=rechecks,
                created_at=now(),
            )
            ledger.append(
                events.PlatformAdded(platform=name, connector=connector),
                actor=actor,
                subject=f"platform:{name}",
            )
    except IntegrityError as error:
        raise Conflict(f"There is already a platform named {name!r}.", code="platform_exists") from error
    return platform, secret


def change_platform(
    name: str,
    *,
    actor: Actor,
    title: str | None = None,
    url: str | None = None,
    gone_statuses: Sequence[int] | None = None,
    rechecks: bool | None = None,
    active: bool | None = None,
) -> Platform:
    """Change what is given; the rest stays."""
    changed = {
        key: value
        for key, value in {
            "title": title,
            "url": url,
            "gone_statuses": None if gone_statuses is None else list(gone_statuses),
            "rechecks": rechecks,
            "active": active,
        }.items()
        if value is not None
    }
    if url is not None:
        _check_url(url)
    with transaction.atomic():
        platform = _platform(name)
        for key, value in changed.items():
            setattr(platform, key, value)
        platform.save()
        ledger.append(
            events.PlatformChanged(platform=name, fields=tuple(sorted(changed))),
            actor=actor,
            subject=f"platform:{name}",
        )
    return platform


def renew_secret(name: str, *, actor: Actor, settings: Settings) -> str:
    """Give a platform a new webhook secret, shown this once; the old one stops at once."""
    secret = new_secret()
    with transaction.atomic():
        platform = _platform(name)
        platform.locked_secret = lock_text(secret, settings=settings)
        platform.save(update_fields=["locked_secret"])
        ledger.append(
            events.PlatformChanged(platform=name, fields=("secret",)), actor=actor, subject=f"platform:{name}"
        )
    return secret


def find_platform(name: str) -> Platform:
    """The platform of this name; raises NotFound."""
    platform = Platform.objects.filter(name=name).first()
    if platform is None:
        raise NotFound(f"There is no platform named {name!r}.", code="platform_not_found")
    return platform


def deliver(
    stored: OutboxMessage, *, door: OutboundDoor, settings: Settings, order: str = ""
) -> Taken | Refused:
    """Hand one message to its platform's connector; used as the deliverer of the outbox.

    `order` is the one because of which it was sent: the look whether it holds is noted there.
    """
    platform = find_platform(stored.receiver)
    payload = unlock_letter(stored.payload, settings=settings)
    message: PlatformMessage
    if stored.topic == LETTER_TOPIC:
        message = LetterMessage.from_json(payload)
    else:
        message = EnforcementMessage.from_json(payload)
    connector = CONNECTORS[platform.connector]
    outcome = connector.deliver(message, config=_config(platform, settings), door=door)
    if isinstance(outcome, Delivered):
        if isinstance(message, LetterMessage):
            return Taken()
        obeyed = message
        return Taken(then=lambda: _after_delivery(platform, obeyed, settings, order))
    retry_at = next_attempt_at(
        attempt=stored.attempts,
        first_attempt_at=stored.first_attempt_at or now(),
        now=now(),
        jitter=jitter(),
        retry_after_s=outcome.retry_after_s,
    )
    return Refused(reason=outcome.reason, retry_at=retry_at)


def run_due_rechecks(*, door: OutboundDoor, settings: Settings, at: datetime) -> int:
    """Look at content whose look is due; returns how many were looked at."""
    due = list(
        Recheck.objects.filter(state=Recheck.State.DUE, due_at__lte=at)
        .select_related("platform")
        .order_by("due_at")[:RECHECKS_AT_ONCE]
    )
    for one in due:
        config = _config(one.platform, settings)
        seen = CONNECTORS[one.platform.connector].recheck(one.content_url, config=config, door=door)
        _record_look(one.pk, seen, at=now(), settings=settings)
    return len(due)


def note_alarm_seen(recheck_id: int, *, actor: Actor) -> Recheck:
    """A person took note of an alarm; the looks go on."""
    with transaction.atomic():
        recheck = Recheck.objects.select_for_update().filter(pk=recheck_id).first()
        if recheck is None or recheck.alarm_at is None:
            raise NotFound("There is no such alarm.")
        if not recheck.alarm_seen_by:
            recheck.alarm_seen_by = str(actor)
            recheck.save(update_fields=["alarm_seen_by"])
            ledger.append(events.AlarmSeen(key=recheck.key), actor=actor, subject=subject_of(recheck.case))
    return recheck


def _after_delivery(platform: Platform, message: EnforcementMessage, settings: Settings, order: str) -> None:
    """Plan the look, inside the transaction that records the delivery."""
    reference = f"{platform.name}/{message.content_id}"
    Recheck.objects.filter(content=reference, state=Recheck.State.DUE, sequence__lt=message.sequence).update(
        state=Recheck.State.OUTDATED
    )
    takes_away = TAKES_AWAY & set(message.measures)
    gives_back = message.complaint is not None and "restore_content" in message.measures
    if not (takes_away or gives_back) or not message.content_url or not platform.rechecks:
        return
    at = now()
    Recheck.objects.create(
        key=message.id,
        platform=platform,
        content=reference,
        content_url=message.content_url,
        case=message.case or order,
        sequence=message.sequence,
        expects=Recheck.Expects.BACK if gives_back else Recheck.Expects.GONE,
        due_at=at + timedelta(seconds=settings.recheck_after_s),
        created_at=at,
    )


def _record_look(recheck_id: int, seen: object, *, at: datetime, settings: Settings) -> None:
    with transaction.atomic():
        recheck = Recheck.objects.select_for_update().get(pk=recheck_id)
        if recheck.state != Recheck.State.DUE:
            return
        recheck.looks += 1
        recheck.last_seen = _seen_text(seen)
        subject = subject_of(recheck.case)
        found, fact = _found(recheck, seen)
        if found is not None:
            recheck.state = found
            ledger.append(fact, actor=SYSTEM, subject=subject)
        elif recheck.looks > len(RECHECK_GAP_FACTORS):
            if recheck.alarm_at is None:
                recheck.alarm_at = at
                ledger.append(fact, actor=SYSTEM, subject=subject)
            if recheck.looks >= RECHECK_LOOKS_MAX:
                waits_for_back = recheck.expects == Recheck.Expects.BACK
                recheck.state = Recheck.State.MISSING if waits_for_back else Recheck.State.STILL_THERE
            recheck.due_at = at + timedelta(seconds=RECHECK_GAP_AFTER_ALARM_S)
        else:
            gap_s = settings.recheck_after_s * RECHECK_GAP_FACTORS[recheck.looks - 1]
            recheck.due_at = at + timedelta(seconds=gap_s)
        recheck.save()


def _found(recheck: Recheck, seen: object) -> tuple[Recheck.State | None, Event]:
    """The state that ends the looks, if what was hoped for is seen; and the fact to record, now or as an alarm."""
    key, what, looks = recheck.key, recheck.last_seen, recheck.looks
    if recheck.expects == Recheck.Expects.BACK:
        if isinstance(seen, StillThere) and seen.status < BACK_STATUS_BELOW:
            return Recheck.State.BACK, events.ContentBack(key, what, looks)
        return None, events.ContentNotBack(key, what, looks)
    if isinstance(seen, Gone):
        return Recheck.State.GONE, events.ContentGone(key, what, looks)
    return None, events.ContentStillThere(key, what, looks)


def _seen_text(seen: object) -> str:
    if isinstance(seen, Gone):
        return f"HTTP {seen.status}"
    if isinstance(seen, StillThere):
        return f"HTTP {seen.status}"
    return str(getattr(seen, "reason", "unknown"))[:200]


def _config(platform: Platform, settings: Settings) -> PlatformConfig:
    return PlatformConfig(
        url=platform.url,
        secret=unlock_text(platform.locked_secret, settings=settings),
        gone_statuses=frozenset(platform.gone_statuses),
    )


def _platform(name: str) -> Platform:
    platform = Platform.objects.select_for_update().filter(name=name).first()
    if platform is None:
        raise NotFound(f"There is no platform named {name!r}.", code="platform_not_found")
    return platform


def _check_url(url: str) -> None:
    if url and not url.startswith(("http://", "https://")):
        raise Invalid("A platform's address begins with https:// or http://.")
