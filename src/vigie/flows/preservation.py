"""The life of preserved evidence: from a removal to its deletion, with what every domain says about it.

It deletes only what is over its time and held by nothing, and looks again in the transaction that deletes.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from vigie.banks.models import Entry, EntryFeatures
from vigie.evidence import preservation
from vigie.evidence.models import EvidenceItem, PreservedItem
from vigie.evidence.retention import Hold
from vigie.evidence.states import RUNNING, Stage
from vigie.flows.holds import facts_of, subjects_of_order
from vigie.foundation.clock import now
from vigie.foundation.errors import Unavailable, VigieError
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.settings import Settings
from vigie.orders.models import Order

_log = logging.getLogger(__name__)

PURGE_SHOWN_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Tended:
    """What one round did. `more` when there may be more to do at once."""

    settled: int
    deleted: int
    failed: int
    more: bool


@dataclass(frozen=True, slots=True)
class Due:
    """An item whose time is over: with what holds it, if anything does."""

    item: PreservedItem
    holds: tuple[Hold, ...]


def note_case(number: str, *, settings: Settings) -> None:
    """A case was decided or its content removed: its evidence is preserved from now; in the caller's transaction."""
    _settle([f"case:{number}"], settings)


def note_order(order: Order, *, settings: Settings) -> None:
    """Something happened to an order: what is sealed because of it follows; in the caller's transaction."""
    _settle(subjects_of_order(order), settings)


def holds_of(item: PreservedItem, *, at: datetime) -> tuple[Hold, ...]:
    """Everything that needs an item at this instant; none for a deleted one."""
    if item.stage == Stage.DELETED:
        return ()
    return (*facts_of(item.subject, at).holds, *preservation.own_holds(item, at=at))


def due_now(*, at: datetime) -> list[Due]:
    """Items whose time is over, with what holds them: what a purge would delete, and what it would leave."""
    over = PreservedItem.objects.filter(stage__in=(*RUNNING, Stage.EXPIRED), until__lte=at)
    return [Due(one, holds_of(one, at=at)) for one in over.order_by("until", "id")[:PURGE_SHOWN_MAX]]


def tend(*, at: datetime, settings: Settings) -> Tended:
    """One round: take up what is new, settle what is due, delete what is over, remove bytes that are left.

    Each item is a transaction of its own, so that a killed round loses nothing and is gone on with.
    """
    fresh = preservation.subjects_not_taken_up()
    due = preservation.due_to_look(at=at)
    settled = deleted = failed = 0
    for subject in fresh:
        with transaction.atomic():
            settled += _settle_one(subject, at, settings)
    for pk in due:
        try:
            deleted += _tend_one(pk, at, settings)
        except VigieError as error:
            failed += 1
            _log.error(error.sentence, extra={"action": "tend_evidence", "code": error.code})
    most = preservation.LOOKED_AT_ONCE_MAX
    return Tended(settled, deleted, failed, more=not failed and (len(fresh) >= most or len(due) >= most))


def purge(*, at: datetime, settings: Settings) -> Tended:
    """Delete now what is over its time and not held, without waiting for the worker; the same steps."""
    settled = deleted = failed = 0
    for due in due_now(at=at):
        if due.holds:
            continue
        try:
            deleted += _tend_one(due.item.pk, at, settings)
        except VigieError as error:
            failed += 1
            _log.error(error.sentence, extra={"action": "purge", "code": error.code})
    return Tended(settled, deleted, failed, more=False)


def _tend_one(pk: int, at: datetime, settings: Settings) -> int:
    return int(preservation.tend_item(pk, facts_of=facts_of, then=_forget_picture, at=at, settings=settings))


def _forget_picture(item: PreservedItem) -> None:
    """An entry whose picture was deleted has none: the same file, banked again, is sealed again."""
    kind, _, number = item.subject.partition(":")
    if kind != "entry":
        return
    # Never waits: whoever has the entry in hand may wait for the ledger, which this transaction holds.
    free = Entry.objects.select_for_update(skip_locked=True).filter(pk=parse_public_number("E", number) or 0)
    entry = free.first()
    if entry is None:
        raise Unavailable("Somebody works on this entry.", hint="It is tried again.")
    entry.picture = entry.preview = entry.text = ""
    entry.save(update_fields=["picture", "preview", "text"])
    # What was computed from the picture to lay uploads on it goes with it.
    EntryFeatures.objects.filter(entry=entry).delete()


def _settle(subjects: Iterable[str], settings: Settings) -> None:
    at = now()
    for subject in subjects:
        _settle_one(subject, at, settings)


def _settle_one(subject: str, at: datetime, settings: Settings) -> int:
    if not EvidenceItem.objects.filter(subject=subject, destroyed_at=None).exists():
        return 0  # a case that a lookback opened has nothing sealed
    done = preservation.settle(subject, facts_of(subject, at), at=at, settings=settings)
    return 0 if done is None else 1
