"""Preserved items: taking them up, bringing their clocks up to date, deleting what is over its time.

It knows no case, order or complaint: `flows` says what they need, and nothing is deleted without having asked.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from vigie.evidence import events
from vigie.evidence.certificates import make_certificate
from vigie.evidence.models import EvidenceItem, EvidenceRequest, PreservedItem
from vigie.evidence.retention import Clock, Facts, Ground, Hold, clock_after
from vigie.evidence.service import blob_key
from vigie.evidence.states import RUNNING, Access, Happening, Stage, Standing, after, can
from vigie.foundation.blobs import open_blobs
from vigie.foundation.clock import utc_text
from vigie.foundation.errors import NotFound, Unavailable
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import SYSTEM
from vigie.ledger.events import Event

_log = logging.getLogger(__name__)

FactsOf = Callable[[str, datetime], Facts]

LOOKED_AT_ONCE_MAX = 200
# Whoever decides says so at once; this look only finds what nobody said.
OPEN_LOOK_EVERY = timedelta(days=7)
HELD_LOOK_EVERY = timedelta(hours=1)
REMOVAL_AGAIN_AFTER = timedelta(minutes=1)
REMOVAL_AGAIN_AFTER_MAX = timedelta(hours=6)
REMOVAL_ALARM_ATTEMPTS = 3


def preserved_items() -> QuerySet[PreservedItem]:
    """All of them, for lists."""
    return PreservedItem.objects.order_by("-id")


def find_item(number: str) -> PreservedItem:
    """The item with this public number (`P-000012`); raises NotFound."""
    pk = parse_public_number("P", number)
    item = None if pk is None else PreservedItem.objects.filter(pk=pk).first()
    if item is None:
        raise NotFound("There is no such preserved item.")
    return item


def own_holds(item: PreservedItem, *, at: datetime) -> tuple[Hold, ...]:
    """What in this domain still needs the item: a request that waits, or an access that can still be used."""
    asked = item.requests.filter(state__in=_HOLDING).order_by("id")
    waiting = EvidenceRequest.State.REQUESTED
    return tuple(
        Hold("request_open", one.number)
        if one.state == waiting
        else Hold("access_granted", one.number, one.expires_at)
        for one in asked
        if one.state == waiting or one.usable_at(at)
    )


def access_of(item: PreservedItem, *, at: datetime) -> Access:
    """Whether somebody asks, or may open or export it now."""
    kinds = {one.kind for one in own_holds(item, at=at)}
    if "request_open" in kinds:
        return Access.REQUESTED
    return Access.GRANTED if kinds else Access.NONE


def settle(subject: str, facts: Facts, *, at: datetime, settings: Settings) -> PreservedItem | None:
    """Bring the item of a subject up to date, inside the caller's transaction; None when nothing of it is sealed.

    Told the same twice it changes nothing the second time.
    """
    ledger.take_turn()
    if not EvidenceItem.objects.filter(subject=subject, destroyed_at=None).exists():
        return None
    item = _locked_of(subject, at)
    EvidenceItem.objects.filter(subject=subject, preserved=None, destroyed_at=None).update(preserved=item)
    happened = _bring_clock(item, facts, settings)
    standing = Standing(Stage(item.stage))
    item.look_at = _next_look(item, at)
    if item.until is not None and item.until <= at and standing.stage in RUNNING:
        item.stage = after(standing, Happening.TIME_OVER).stage
        item.look_at = at
    item.save()
    for event in happened:
        ledger.append(event, actor=SYSTEM, subject=subject)
    return item


def subjects_not_taken_up(*, limit: int = LOOKED_AT_ONCE_MAX) -> list[str]:
    """Subjects of which something is sealed that belongs to no item yet, oldest first."""
    rows = EvidenceItem.objects.filter(preserved=None, destroyed_at=None).order_by("sealed_at")
    return list(dict.fromkeys(rows.values_list("subject", flat=True)[:limit]))


def due_to_look(*, at: datetime, limit: int = LOOKED_AT_ONCE_MAX) -> list[int]:
    """Items that want to be looked at: their time is over, something may have ended, or bytes are left to remove."""
    rows = PreservedItem.objects.filter(look_at__lte=at, blobs_gone_at=None).order_by("look_at", "id")
    return list(rows.values_list("pk", flat=True)[:limit])


def tend_item(
    pk: int, *, facts_of: FactsOf, then: Callable[[PreservedItem], None], at: datetime, settings: Settings
) -> bool:
    """One step with one item: settle it, delete it, or remove its bytes; true when it was deleted by this call.

    Another worker that has it in hand is left alone. `then` runs in the transaction that deletes.
    """
    is_new = False
    with transaction.atomic():
        ledger.take_turn()
        item = PreservedItem.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
        if item is None:
            return False
        if item.stage != Stage.DELETED:
            is_new = True
            facts = facts_of(item.subject, at)
            settled = settle(item.subject, facts, at=at, settings=settings)
            if settled is None or not is_deletable(settled, facts, at=at):
                return False
            _destroy(settled, at=at, settings=settings)
            then(settled)
    remove_blobs(pk, at=at, settings=settings)
    return is_new


def is_deletable(item: PreservedItem, facts: Facts, *, at: datetime) -> bool:
    """Whether its time is over and nothing needs it. Source: (EU) 2021/784 Art. 6(2)."""
    standing = Standing(Stage(item.stage), access_of(item, at=at), held=bool(facts.holds))
    return can(standing, Happening.DELETED)


def remove_blobs(pk: int, *, at: datetime, settings: Settings) -> bool:
    """Take the unreadable bytes of a deleted item out of the store; true when none are left.

    When the store refuses, it is tried again later; the third time in a row somebody is told.
    """
    item = PreservedItem.objects.get(pk=pk)
    if item.stage != Stage.DELETED or item.blobs_gone_at is not None:
        return item.blobs_gone_at is not None
    blobs, left = open_blobs(settings), item.items.filter(blob_gone_at=None).order_by("reference")
    try:
        for one in left.iterator(chunk_size=500):
            blobs.delete(blob_key(one.reference))
            EvidenceItem.objects.filter(pk=one.pk).update(blob_gone_at=at)
    except Unavailable:
        _note_refused(pk, at=at)
        return False
    with transaction.atomic():
        ledger.take_turn()
        item = PreservedItem.objects.select_for_update().get(pk=pk)
        if item.blobs_gone_at is None:
            item.blobs_gone_at = at
            item.save(update_fields=["blobs_gone_at"])
            gone = events.BlobsRemoved(item=item.number, count=item.items.count())
            ledger.append(gone, actor=SYSTEM, subject=item.subject)
    return True


def removals_failing() -> QuerySet[PreservedItem]:
    """Deleted items whose bytes the store would not let go of: unreadable, and still there."""
    return PreservedItem.objects.filter(
        stage=Stage.DELETED, blobs_gone_at=None, removal_attempts__gte=REMOVAL_ALARM_ATTEMPTS
    )


_HOLDING = (EvidenceRequest.State.REQUESTED, EvidenceRequest.State.GRANTED)


def _locked_of(subject: str, at: datetime) -> PreservedItem:
    """The living item of a subject, made at first, locked until the end of the transaction."""
    living = PreservedItem.objects.select_for_update().filter(subject=subject).exclude(stage=Stage.DELETED)
    found = living.first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return PreservedItem.objects.create(subject=subject, made_at=at, look_at=at)
    except IntegrityError:
        # Somebody else made it at this instant.
        return living.get()


def _bring_clock(item: PreservedItem, facts: Facts, settings: Settings) -> tuple[Event, ...]:
    before = item.clock
    now_runs = clock_after(before, facts, days=settings.evidence_days, extended_until=item.extended_until)
    if now_runs == before or now_runs.began_at is None or now_runs.until is None:
        return ()
    item.ground, item.began_at, item.until = now_runs.ground, now_runs.began_at, now_runs.until
    is_removal = now_runs.ground is not Ground.UNREMOVED
    item.stage = after(
        Standing(Stage(item.stage)), Happening.REMOVED if is_removal else Happening.ENDED
    ).stage
    return (_begun(item, now_runs, now_runs.began_at, now_runs.until),)


def _begun(item: PreservedItem, clock: Clock, began_at: datetime, until: datetime) -> Event:
    if clock.ground is Ground.UNREMOVED:
        return events.EvidenceKept(item=item.number, ended_at=utc_text(began_at), until=utc_text(until))
    return events.EvidencePreserved(
        item=item.number, ground=clock.ground, removed_at=utc_text(began_at), until=utc_text(until)
    )


def _next_look(item: PreservedItem, at: datetime) -> datetime:
    if item.stage == Stage.OPEN:
        return at + OPEN_LOOK_EVERY
    if item.stage == Stage.EXPIRED:
        return at + HELD_LOOK_EVERY
    return item.until or at


def _destroy(item: PreservedItem, *, at: datetime, settings: Settings) -> None:
    """Destroy the keys, sign the certificate, write the ledger: one transaction. From here nobody reads it again."""
    sealed = list(item.items.filter(destroyed_at=None).order_by("reference"))
    make_certificate(item, sealed, at=at, settings=settings)
    item.items.filter(destroyed_at=None).update(wrapped_key=b"", destroyed_at=at)
    item.stage, item.deleted_at, item.look_at = Stage.DELETED, at, at
    item.save(update_fields=["stage", "deleted_at", "look_at"])
    deleted = events.EvidenceDeleted(
        item=item.number,
        ground=item.ground,
        until=utc_text(item.until) if item.until else "",
        items=tuple(one.reference for one in sealed),
    )
    ledger.append(deleted, actor=SYSTEM, subject=item.subject)


def _note_refused(pk: int, *, at: datetime) -> None:
    with transaction.atomic():
        ledger.take_turn()
        item = PreservedItem.objects.select_for_update().get(pk=pk)
        item.removal_attempts += 1
        wait = min(REMOVAL_AGAIN_AFTER * 2 ** min(item.removal_attempts, 12), REMOVAL_AGAIN_AFTER_MAX)
        item.look_at = at + wait
        item.save(update_fields=["removal_attempts", "look_at"])
        _log.error("the blob store let nothing go", extra={"action": "remove_blobs", "item": item.number})
        if item.removal_attempts == REMOVAL_ALARM_ATTEMPTS:
            failed = events.BlobRemovalFailed(item=item.number, attempts=item.removal_attempts)
            ledger.append(failed, actor=SYSTEM, subject=item.subject)
