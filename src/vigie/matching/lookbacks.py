"""Lookbacks as stored: begun for new entries and on request, stopped, cancelled, ended, each with its ledger entry.

It reads no archive and opens no case: `flows.lookback` does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet

from vigie.banks.events import EntriesImported, EntryAdded, EntryRestored
from vigie.banks.models import Bank, Entry, EntrySignal
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Invalid, NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.limits import LOOKBACK_ENTRIES_MAX
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import SYSTEM, Actor
from vigie.matching import events
from vigie.matching.archive.parts import Part
from vigie.matching.archive.scanning import Sought
from vigie.matching.models import ArchiveState, Lookback
from vigie.signals.types import ALL as SIGNAL_TYPES

Span = tuple[int, int]
_NEW_ENTRIES = (EntryAdded.name, EntriesImported.name, EntryRestored.name)
_SPANS_MAX = 1_000
_ROWS_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a lookback looks for: values by type, and the id of the entry's signal behind each."""

    sought: Sought
    signal_ids: dict[str, list[int]]
    entries: frozenset[int]


def ask_for_entries(numbers: Sequence[str], *, actor: Actor, settings: Settings) -> Lookback:
    """Look for entries among all earlier uploads; raises NotFound, or Invalid for none."""
    ids = []
    for number in dict.fromkeys(numbers):
        pk = parse_public_number("E", number)
        if pk is None or not Entry.objects.filter(pk=pk).exists():
            raise NotFound(f"There is no entry {number[:40]!r}.", code="entry_not_found")
        ids.append(pk)
    if not ids:
        raise Invalid("Say for which entries.", hint="Name entries, or a bank.")
    bank_names = set(Entry.objects.filter(pk__in=ids).values_list("bank__name", flat=True))
    bank = bank_names.pop() if len(bank_names) == 1 else ""
    return _ask(_spans_of(ids), len(ids), bank, actor=actor, settings=settings)


def ask_for_bank(name: str, *, actor: Actor, settings: Settings) -> Lookback:
    """Look for every entry of a bank among all earlier uploads; raises NotFound."""
    bank = Bank.objects.filter(name=name).first()
    if bank is None:
        raise NotFound(f"There is no bank named {name!r}.", code="bank_not_found")
    rows = Entry.objects.filter(bank=bank, removed_at=None, kind=Entry.Kind.KNOWN)
    found = rows.aggregate(first=Min("id"), last=Max("id"), count=Count("id"))
    if not found["count"]:
        raise Invalid("This bank has no entry to look for.")
    return _ask([(found["first"], found["last"])], found["count"], name, actor=actor, settings=settings)


def follow_new_entries(settings: Settings) -> Lookback | None:
    """Begin one lookback for everything that came into banks since the last call; None for nothing."""
    with transaction.atomic():
        state = ArchiveState.objects.select_for_update().get(pk=1)
        head = ledger.head_seq()
        if head == state.followed_seq:
            return None
        spans: list[Span] = []
        banks: set[str] = set()
        count = seq = 0
        for row in ledger.rows_after(state.followed_seq, through=head, events=_NEW_ENTRIES):
            state.followed_seq = row.seq
            if row.facts.get("kind", Entry.Kind.KNOWN) == Entry.Kind.KNOWN:
                entry = row.facts.get("entry")
                spans.append((entry, entry) if entry else (row.facts["first"], row.facts["last"]))
                banks.add(row.facts["bank"])
                count += spans[-1][1] - spans[-1][0] + 1
                seq = row.seq
            if len(spans) >= _SPANS_MAX or count >= LOOKBACK_ENTRIES_MAX:
                break
        else:
            state.followed_seq = head
        state.save(update_fields=["followed_seq"])
        if not spans or not settings.archive_days:
            return None
        spans = _joined(spans)
        return Lookback.objects.create(
            spans=spans,
            entry_count=sum(last - first + 1 for first, last in spans),
            bank=banks.pop() if len(banks) == 1 else "",
            seq=seq,
            asked_by=str(SYSTEM),
            asked_at=now(),
            cases_max=settings.lookback_cases_max,
        )


def go_on(number: str, *, actor: Actor, settings: Settings) -> Lookback:
    """Let a stopped lookback open as many cases again; raises NotFound, Conflict when it is not stopped."""
    with transaction.atomic():
        lookback = Lookback.objects.select_for_update().filter(pk=find_lookback(number).pk).get()
        if lookback.state != Lookback.State.STOPPED:
            raise Conflict("This lookback is not stopped.", code="lookback_not_stopped")
        lookback.state = Lookback.State.RUNNING
        lookback.cases_max = lookback.cases_opened + settings.lookback_cases_max
        lookback.save(update_fields=["state", "cases_max"])
        ledger.append(
            events.LookbackGoesOn(lookback=lookback.number),
            actor=actor,
            subject=f"lookback:{lookback.number}",
        )
    return lookback


def cancel(number: str, *, actor: Actor) -> Lookback:
    """End a lookback as it stands; raises NotFound, Conflict when it has ended. The worker stops within a moment."""
    with transaction.atomic():
        lookback = Lookback.objects.select_for_update().filter(pk=find_lookback(number).pk).get()
        if lookback.state not in (Lookback.State.RUNNING, Lookback.State.STOPPED):
            raise Conflict("This lookback has ended.", code="lookback_ended")
        lookback.state, lookback.ended_at = Lookback.State.CANCELLED, now()
        lookback.save(update_fields=["state", "ended_at"])
        ledger.append(
            events.LookbackCancelled(
                lookback=lookback.number,
                signals=lookback.signals_looked_at,
                opened=lookback.cases_opened,
            ),
            actor=actor,
            subject=f"lookback:{lookback.number}",
        )
    return lookback


def find_lookback(number: str) -> Lookback:
    """The lookback with this public number (`L-000012`); raises NotFound."""
    pk = parse_public_number("L", number)
    lookback = None if pk is None else Lookback.objects.filter(pk=pk).first()
    if lookback is None:
        raise NotFound("There is no such lookback.")
    return lookback


def running() -> list[Lookback]:
    """Lookbacks that have something to do, the oldest first."""
    return list(Lookback.objects.filter(state=Lookback.State.RUNNING).order_by("id"))


def tell_of_parts(parts: Sequence[Part]) -> int:
    """Let lookbacks that had ended look at parts that came later with uploads from before; returns how many do."""
    with transaction.atomic():
        state = ArchiveState.objects.select_for_update().get(pk=1)
        fresh = [part for part in parts if part.note.number > state.told_part]
        if not fresh:
            return 0
        reopened = 0
        for part in fresh:
            late = Lookback.objects.filter(
                state=Lookback.State.DONE,
                looks_at_all=False,
                seq__gt=part.note.entries_seq_min,
                looked_through__lt=part.note.number,
            )
            reopened += late.update(state=Lookback.State.RUNNING, ended_at=None)
        state.told_part = max(part.note.number for part in fresh)
        state.save(update_fields=["told_part"])
    return reopened


def parts_for(lookback: Lookback, parts: Sequence[Part]) -> list[Part]:
    """The parts that a lookback has still to look at, in their order."""
    return [
        part
        for part in parts
        if part.note.number > lookback.looked_through
        and (lookback.looks_at_all or part.note.entries_seq_min < lookback.seq)
    ]


def wanted_by(lookback: Lookback, *, at: datetime, settings: Settings) -> Wanted:
    """The signals of its entries that may match at this instant."""
    codes: dict[str, bytearray] = {name: bytearray() for name in SIGNAL_TYPES}
    ids: dict[str, list[int]] = {name: [] for name in SIGNAL_TYPES}
    entries: set[int] = set()
    rows = _signals_of(lookback, at=at, settings=settings).values_list("id", "entry_id", "type", "value")
    for pk, entry, type_name, value in rows.iterator(chunk_size=_ROWS_AT_ONCE):
        if type_name in codes:
            codes[type_name] += SIGNAL_TYPES[type_name].code(bytes(value))
            ids[type_name].append(pk)
            entries.add(entry)
    sought = Sought(
        {name: bytes(found) for name, found in codes.items()},
        settings.match_distance_bits_max,
        settings.pdq_quality_min,
    )
    return Wanted(sought, ids, frozenset(entries))


def note_looked_at(lookback: Lookback, part: Part, *, signals_left: int) -> None:
    """One part is through: a killed process goes on after it. Says too whether it was cancelled meanwhile."""
    lookback.looked_through = part.note.number
    lookback.signals_looked_at += part.note.signals
    lookback.signals_left = signals_left
    lookback.save(update_fields=["looked_through", "signals_looked_at", "signals_left"])
    lookback.refresh_from_db(fields=["state"])


def note_stopped(lookback: Lookback) -> None:
    """It opened as many cases as it may; nothing changes when it was cancelled meanwhile."""
    with transaction.atomic():
        if not _leave_running(lookback, Lookback.State.STOPPED):
            return
        ledger.append(
            events.LookbackStopped(lookback=lookback.number, cases=lookback.cases_opened),
            actor=SYSTEM,
            subject=f"lookback:{lookback.number}",
        )


def note_ended(lookback: Lookback) -> None:
    """Nothing is left to look at; nothing changes when it was cancelled meanwhile."""
    with transaction.atomic():
        if not _leave_running(lookback, Lookback.State.DONE):
            return
        lookback.ended_at, lookback.signals_left = now(), 0
        lookback.save(update_fields=["ended_at", "signals_left"])
        ledger.append(
            events.LookbackEnded(
                lookback=lookback.number,
                signals=lookback.signals_looked_at,
                opened=lookback.cases_opened,
                joined=lookback.cases_joined,
                decided=lookback.cases_decided,
            ),
            actor=SYSTEM,
            subject=f"lookback:{lookback.number}",
        )


def lookbacks_of_entry(entry_id: int, *, limit: int) -> list[Lookback]:
    """The newest lookbacks that looked for this entry, newest first."""
    recent = Lookback.objects.order_by("-id")[:1_000]
    return [one for one in recent if any(first <= entry_id <= last for first, last in one.spans)][:limit]


def _leave_running(lookback: Lookback, state: Lookback.State) -> bool:
    """To this state, unless another came first."""
    changed = Lookback.objects.filter(pk=lookback.pk, state=Lookback.State.RUNNING).update(state=state)
    lookback.refresh_from_db(fields=["state"])
    return bool(changed)


def _ask(spans: Sequence[Span], count: int, bank: str, *, actor: Actor, settings: Settings) -> Lookback:
    if not settings.archive_days:
        raise Conflict(
            "Nothing is kept for lookback here.", hint="Set VIGIE_ARCHIVE_DAYS.", code="archive_off"
        )
    if count > LOOKBACK_ENTRIES_MAX:
        raise Invalid(f"A lookback looks for at most {LOOKBACK_ENTRIES_MAX:,} entries.")
    # What came into banks after the last lookback of its own kind gets one of its own.
    newest = Lookback.objects.filter(looks_at_all=False).aggregate(seq=Max("seq"))["seq"]
    with transaction.atomic():
        lookback = Lookback.objects.create(
            spans=spans,
            entry_count=count,
            bank=bank,
            seq=newest or 0,
            looks_at_all=True,
            asked_by=str(actor),
            asked_at=now(),
            cases_max=settings.lookback_cases_max,
        )
        ledger.append(
            events.LookbackBegun(lookback=lookback.number, bank=bank, entries=count),
            actor=actor,
            subject=f"lookback:{lookback.number}",
        )
    return lookback


def _signals_of(lookback: Lookback, *, at: datetime, settings: Settings) -> "QuerySet[EntrySignal]":
    within = Q()
    for first, last in lookback.spans:
        within |= Q(entry_id__gte=first, entry_id__lte=last)
    rows = EntrySignal.objects.filter(
        within, entry__kind=Entry.Kind.KNOWN, entry__removed_at=None, entry__bank__matching=True
    )
    if lookback.bank:
        rows = rows.filter(entry__bank__name=lookback.bank)
    return (
        rows.exclude(entry__disabled_until__gt=at)
        .exclude(entry__expires_at__lte=at)
        .exclude(type="pdq", quality__lt=settings.pdq_quality_min)
        .order_by("id")
    )


def _spans_of(ids: Sequence[int]) -> list[Span]:
    return _joined([(one, one) for one in ids])


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Spans in order, those that touch made one."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined
