"""Tending the archive: sealing, erasing, dropping what is over its time; each with its ledger entry.

It opens no case and looks nothing up: `flows.lookback` does.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path

from django.db import transaction

from vigie.foundation.clock import now
from vigie.foundation.errors import Invalid, NotFound
from vigie.foundation.keys import key_from_file
from vigie.foundation.memory import give_back
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import SYSTEM, Actor
from vigie.matching import events
from vigie.matching.archive import damage
from vigie.matching.archive.folder import ArchiveFolder
from vigie.matching.archive.parts import drop_leftovers, list_parts
from vigie.matching.archive.records import HEADER_BYTES, instant_of, micros
from vigie.matching.archive.rewriting import Erased, drop_days, erase, merge, merge_due
from vigie.matching.archive.sealing import FoundJournal, Sealed, find_journals, quarantine, seal
from vigie.matching.models import ArchiveLoss, ArchiveState, ContentErasure, Lookback

MERGES_AT_ONCE = 4
# An upload has its time a moment before it is in the journal.
WRITING_TIME = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class DaySummary:
    """A day of the archive in numbers."""

    day: str
    uploads: int
    signals: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The archive in numbers, newest day first. `journals` are those with records that are in no part yet."""

    days: tuple[DaySummary, ...]
    journals: int
    erasures_waiting: int


def summary(settings: Settings) -> Summary:
    """What is kept; it takes no lock, so a day may be missing while its parts are merged."""
    archive = ArchiveFolder.of(settings)
    days: dict[str, DaySummary] = {}
    for part in list_parts(archive):
        note = part.note
        known = days.get(note.day, DaySummary(note.day, 0, 0, 0))
        days[note.day] = DaySummary(
            note.day,
            known.uploads + note.uploads,
            known.signals + note.signals,
            known.size_bytes + part.size_bytes,
        )
    return Summary(
        days=tuple(days[day] for day in sorted(days, reverse=True)),
        journals=sum(1 for path in archive.journal.glob("*.journal") if path.stat().st_size > HEADER_BYTES),
        erasures_waiting=ContentErasure.objects.filter(done_at=None).count(),
    )


def content_key(platform: str, content: str, *, settings: Settings) -> bytes:
    """A keyed hash of a content's name, so that what is to be erased is known without being named."""
    return hmac.digest(_key(settings), f"content\0{platform}\0{content}".encode(), hashlib.sha256)


def seal_journals(settings: Settings) -> Sealed:
    """Bring what the API processes wrote into parts, with an alarm for what was lost; needs the archive's lock."""
    archive = ArchiveFolder.of(settings)
    try:
        sealed = seal(
            archive,
            key_of=partial(content_key, settings=settings),
            first_day=_first_day(settings),
            number_above=_number_above,
        )
    except OSError:
        # A full disk most likely, and so the time to tell what it cost.
        for journal in find_journals(archive):
            _record_lost_uploads(journal)
        raise
    if sealed.parts:
        give_back()
    for journal in (*sealed.left, *sealed.through):
        _record_lost_uploads(journal)
        _record_torn_pieces(archive, journal)
    for journal in sealed.through:
        journal.path.unlink()
    return sealed


def set_damaged_apart(path: Path, settings: Settings) -> bool:
    """Put a part of which something could not be read into quarantine, with an alarm; needs the archive's lock.

    False when it can be read after all: a moment's trouble is no damage.
    """
    if damage.is_whole(path):
        return False
    uploads = damage.uploads_in(path)
    event = events.ArchivePartDamaged(part=damage.name_of(path), uploads=uploads)
    _raise_alarm(damage.name_of(path), ArchiveLoss.Kind.DAMAGED, uploads, event)
    damage.set_apart(ArchiveFolder.of(settings), path)
    return True


def ask_erasure(platform: str, content: str, *, actor: Actor, settings: Settings) -> ContentErasure:
    """Let a content go from the archive: at once for every lookback, and soon from the files. Asked twice, done once.

    Sealed evidence of a case is not the archive's and stays.
    """
    if not platform or not content:
        raise Invalid("Say which content of which platform.")
    key = content_key(platform, content, settings=settings)
    with transaction.atomic():
        erasure, is_new = ContentErasure.objects.select_for_update().get_or_create(
            content_key=key,
            done_at=None,
            defaults={"platform": platform, "asked_by": str(actor), "asked_at": now()},
        )
        if not is_new:
            erasure.asked_at = now()
            erasure.save(update_fields=["asked_at"])
        else:
            ledger.append(
                events.ErasureAsked(erasure=erasure.number, platform=platform),
                actor=actor,
                subject=f"erasure:{erasure.number}",
            )
    return erasure


def waiting_erasures() -> dict[bytes, int]:
    """What is to go, by key of the content: everything up to the instant (µs since 1970) at which it was asked."""
    rows = ContentErasure.objects.filter(done_at=None).values_list("content_key", "asked_at")
    return {bytes(key): micros(asked_at) for key, asked_at in rows if key is not None}


def carry_out_erasures(settings: Settings) -> int:
    """Rewrite the parts that hold something to be erased; needs the archive's lock. Returns how many were done.

    One that may still have uploads in a journal waits for it to be sealed.
    """
    archive = ArchiveFolder.of(settings)
    sealed_before = _sealed_before(archive)
    ready = list(ContentErasure.objects.filter(done_at=None, asked_at__lt=sealed_before).order_by("id"))
    if not ready:
        return 0
    drop_leftovers(archive)
    for one in ready:
        assert one.content_key is not None
        # Each alone, so that the ledger can say how many uploads of it had been kept.
        erased: Erased = {bytes(one.content_key): micros(one.asked_at)}
        one.uploads += sum(erase(archive, part, erased) for part in list_parts(archive))
        one.save(update_fields=["uploads"])
        damage.erase_apart(archive, erased)
        _finish(one)
    give_back()
    return len(ready)


def merge_parts(settings: Settings) -> None:
    """Merge small parts; needs the archive's lock."""
    archive = ArchiveFolder.of(settings)
    today = now().date()
    under_way = Lookback.objects.filter(state__in=(Lookback.State.RUNNING, Lookback.State.STOPPED))
    cuts = frozenset(under_way.values_list("looked_through", flat=True))
    for _ in range(MERGES_AT_ONCE):
        parts = merge_due(archive, today=today, cuts=cuts)
        if not parts:
            break
        drop_leftovers(archive)
        merge(archive, parts)
        give_back()


def drop_old_days(settings: Settings) -> None:
    """Drop days over their time, and what is damaged and as old; needs the archive's lock."""
    archive = ArchiveFolder.of(settings)
    first_day = _first_day(settings)
    for day, uploads in drop_days(archive, before=first_day):
        with transaction.atomic():
            ledger.append(
                events.ArchiveDayDropped(day=day, uploads=uploads), actor=SYSTEM, subject=f"archive:{day}"
            )
    damage.drop_older(archive, first_day=first_day)


def note_loss_seen(loss_id: int, *, actor: Actor) -> ArchiveLoss:
    """A person took note of a loss; raises NotFound."""
    with transaction.atomic():
        loss = ArchiveLoss.objects.select_for_update().filter(pk=loss_id).first()
        if loss is None:
            raise NotFound("There is no such alarm.")
        if not loss.seen_by:
            loss.seen_by = str(actor)
            loss.save(update_fields=["seen_by"])
            ledger.append(events.ArchiveLossSeen(loss=loss.pk), actor=actor, subject="archive")
    return loss


def _finish(erasure: ContentErasure) -> None:
    with transaction.atomic():
        row = ContentErasure.objects.select_for_update().get(pk=erasure.pk)
        if row.asked_at != erasure.asked_at or row.done_at is not None:
            return  # asked again meanwhile: what came between goes in the next pass
        row.done_at, row.content_key = now(), None
        row.save(update_fields=["done_at", "content_key"])
        ledger.append(
            events.ErasureDone(erasure=row.number, uploads=row.uploads),
            actor=SYSTEM,
            subject=f"erasure:{row.number}",
        )


def _sealed_before(archive: ArchiveFolder) -> datetime:
    """Every upload before this instant is in a part, if it is anywhere."""
    opened = [one.header.opened_at_us for one in find_journals(archive) if one.header and not one.is_empty]
    return min([now() - WRITING_TIME, *(instant_of(one) for one in opened)])


def _first_day(settings: Settings) -> date:
    """The oldest day that is kept; tomorrow when nothing is."""
    today = now().date()
    return (
        today - timedelta(days=settings.archive_days) if settings.archive_days else today + timedelta(days=1)
    )


def _number_above(highest: int) -> int:
    with transaction.atomic():
        state = ArchiveState.objects.select_for_update().get(pk=1)
        state.last_part = max(state.last_part, highest) + 1
        state.save(update_fields=["last_part"])
    return state.last_part


def _record_lost_uploads(journal: FoundJournal) -> None:
    header = journal.header
    if header is not None and header.lost:
        event = events.ArchiveUploadsLost(uploads=header.lost)
        _raise_alarm(journal.name, ArchiveLoss.Kind.UPLOADS, header.lost, event)


def _record_torn_pieces(archive: ArchiveFolder, journal: FoundJournal) -> None:
    pieces = quarantine(archive, journal)
    if pieces:
        _raise_alarm(journal.name, ArchiveLoss.Kind.TORN, pieces, events.ArchiveJournalTorn(pieces=pieces))


def _raise_alarm(
    journal: str,
    kind: str,
    count: int,
    event: events.ArchiveUploadsLost | events.ArchiveJournalTorn | events.ArchivePartDamaged,
) -> None:
    """Once a journal or part; again when the loss has grown."""
    with transaction.atomic():
        loss, is_new = ArchiveLoss.objects.select_for_update().get_or_create(
            journal=journal, kind=kind, defaults={"count": count, "at": now()}
        )
        if not is_new and loss.count >= count:
            return
        loss.count, loss.at, loss.seen_by = count, now(), ""
        loss.save()
        ledger.append(event, actor=SYSTEM, subject="archive")


@lru_cache(maxsize=4)
def _key(settings: Settings) -> bytes:
    return key_from_file(settings.keys_folder / "author.key")
