"""Changing banks and entries: each change one transaction with its ledger entry.

It computes no signals: they come with the call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from vigie.banks import events
from vigie.banks.models import Bank, Entry, EntrySignal
from vigie.banks.variants import FeaturesValue, VariantValue, add_missing_variants, store_variants
from vigie.foundation import limits
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Invalid, NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor

LEGAL_TYPES = ("a", "b", "c", "d", "e")


@dataclass(frozen=True, slots=True)
class SignalValue:
    """A signal to be banked: kind, value and, for PDQ, quality from 0 to 100 where it is known."""

    type: str
    value: bytes
    quality: int | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an entry came from. Who added it and when is recorded beside it."""

    source: str
    reference: str = ""
    obtained_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """Everything about a new entry but its bank and who adds it."""

    signals: tuple[SignalValue, ...]
    provenance: Provenance
    kind: Entry.Kind = Entry.Kind.KNOWN
    legal_type: str = ""
    note: str = ""
    expires_at: datetime | None = None
    disabled_until: datetime | None = None
    picture: str = ""
    preview: str = ""
    variants: tuple[VariantValue, ...] = ()
    features: FeaturesValue | None = None


def create_bank(
    *,
    name: str,
    title: str,
    actor: Actor,
    description: str = "",
    may_remove: bool = False,
    level: Bank.Level = Bank.Level.PLAIN,
) -> Bank:
    """Make a bank; raises Invalid for a name that is no slug, Conflict for one that is taken."""
    if slugify(name) != name or not 1 <= len(name) <= 60:
        raise Invalid(
            "A bank's name is lower-case letters, digits and hyphens.", hint=f"Try {slugify(name)[:60]!r}."
        )
    try:
        with transaction.atomic():
            bank = Bank.objects.create(
                name=name,
                title=title.strip()[:200] or name,
                description=description,
                may_remove=may_remove,
                level=level,
                created_at=now(),
                created_by=str(actor),
            )
            ledger.append(
                events.BankCreated(bank=name, may_remove=may_remove, level=bank.level),
                actor=actor,
                subject=f"bank:{name}",
            )
    except IntegrityError as error:
        raise Conflict(f"There is already a bank named {name!r}.", code="bank_exists") from error
    return bank


def change_bank(
    name: str,
    *,
    actor: Actor,
    title: str | None = None,
    description: str | None = None,
    may_remove: bool | None = None,
    matching: bool | None = None,
    level: Bank.Level | None = None,
) -> Bank:
    """Change what is given; the rest stays."""
    with transaction.atomic():
        bank = _bank(name, lock=True)
        bank.title = bank.title if title is None else title.strip()[:200] or bank.name
        bank.description = bank.description if description is None else description
        bank.may_remove = bank.may_remove if may_remove is None else may_remove
        bank.matching = bank.matching if matching is None else matching
        bank.level = bank.level if level is None else level
        bank.save()
        changed = events.BankChanged(
            bank=name, may_remove=bank.may_remove, matching=bank.matching, level=bank.level
        )
        ledger.append(changed, actor=actor, subject=f"bank:{name}")
    return bank


def find_bank(name: str) -> Bank:
    """The bank of this name; raises NotFound."""
    return _bank(name, lock=False)


def find_entry(number: str) -> Entry:
    """The entry with this public number (`E-000017`); raises NotFound."""
    pk = parse_public_number("E", number)
    entry = None if pk is None else Entry.objects.select_related("bank").filter(pk=pk).first()
    if entry is None:
        raise NotFound("There is no such entry.")
    return entry


def add_entry(bank_name: str, draft: EntryDraft, *, actor: Actor) -> Entry:
    """Add an entry, unconfirmed. The same signals again in the same bank return the entry that is there.

    Variants are kept in a bank at level robust, features too in one at level verified; an entry that has none yet
    gets them when it comes again.

    Raises Invalid without a signal or a source, NotFound for the bank.
    """
    _check_draft(draft)
    with transaction.atomic():
        bank = _bank(bank_name, lock=True)
        existing = _same_entry(bank, draft)
        if existing is not None:
            add_missing_variants(existing, draft.variants, draft.features, actor=actor)
            return existing
        entry = _new_entry(bank, draft, actor=actor, at=now())
        entry.save()
        EntrySignal.objects.bulk_create(_signal_rows(entry, draft))
        store_variants(entry, draft.variants, draft.features)
        ledger.append(
            events.EntryAdded(
                entry=entry.pk,
                bank=bank.name,
                kind=entry.kind,
                source=entry.source,
                signal_types=tuple(sorted({one.type for one in draft.signals})),
            ),
            actor=actor,
            subject=f"entry:{entry.number}",
        )
    return entry


def import_entries(bank_name: str, drafts: Sequence[EntryDraft], *, actor: Actor) -> int:
    """Add one batch of at most `limits.IMPORT_BATCH_ROWS` entries with one ledger entry; returns how many were new."""
    for draft in drafts:
        _check_draft(draft)
    if len(drafts) > limits.IMPORT_BATCH_ROWS:
        raise Invalid(f"A batch holds at most {limits.IMPORT_BATCH_ROWS} entries.")
    with transaction.atomic():
        bank = _bank(bank_name, lock=True)
        fresh = _without_known(bank, drafts)
        if not fresh:
            return 0
        at = now()
        entries = Entry.objects.bulk_create([_new_entry(bank, draft, actor=actor, at=at) for draft in fresh])
        rows = [
            row for entry, draft in zip(entries, fresh, strict=True) for row in _signal_rows(entry, draft)
        ]
        EntrySignal.objects.bulk_create(rows, batch_size=5_000)
        ledger.append(
            events.EntriesImported(
                bank=bank.name,
                source=fresh[0].provenance.source,
                first=entries[0].pk,
                last=entries[-1].pk,
                count=len(entries),
            ),
            actor=actor,
            subject=f"bank:{bank.name}",
        )
    return len(fresh)


def remove_entry(number: str, *, reason: str, actor: Actor) -> Entry:
    """Take an entry out of its bank; `restore_entry` undoes it."""
    with transaction.atomic():
        entry = locked_entry(number)
        if entry.removed_at is None:
            entry.removed_at = now()
            entry.save(update_fields=["removed_at"])
            ledger.append(
                events.EntryRemoved(
                    entry=entry.pk, bank=entry.bank.name, reason=reason[: limits.NOTE_CHARS_MAX]
                ),
                actor=actor,
                subject=f"entry:{entry.number}",
            )
    return entry


def restore_entry(number: str, *, actor: Actor) -> Entry:
    """Put a removed entry back. Its confirmation is gone: a person has to look again."""
    with transaction.atomic():
        entry = locked_entry(number)
        if entry.removed_at is not None:
            entry.removed_at, entry.confirmed_at, entry.confirmed_by = None, None, ""
            entry.save(update_fields=["removed_at", "confirmed_at", "confirmed_by"])
            ledger.append(
                events.EntryRestored(entry=entry.pk, bank=entry.bank.name),
                actor=actor,
                subject=f"entry:{entry.number}",
            )
    return entry


@dataclass(frozen=True, slots=True)
class EntryChange:
    """New values for an entry; fields that are not in `fields` stay as they are."""

    fields: frozenset[str]
    note: str = ""
    legal_type: str = ""
    disabled_until: datetime | None = None
    expires_at: datetime | None = None


CHANGEABLE = frozenset({"note", "legal_type", "disabled_until", "expires_at"})


def change_entry(number: str, change: EntryChange, *, actor: Actor) -> Entry:
    """Change note, legal type, pause (`disabled_until`, None ends it) or expiry."""
    if not change.fields <= CHANGEABLE:
        raise Invalid("Only note, legal_type, disabled_until and expires_at can be changed.")
    if "legal_type" in change.fields and change.legal_type not in ("", *LEGAL_TYPES):
        raise Invalid("A legal type is one of a, b, c, d, e.", hint="Regulation (EU) 2021/784, Article 2(7).")
    with transaction.atomic():
        entry = locked_entry(number)
        for name in change.fields:
            setattr(entry, name, getattr(change, name))
        entry.note = entry.note[: limits.NOTE_CHARS_MAX]
        entry.save(update_fields=sorted(change.fields))
        ledger.append(
            events.EntryChanged(entry=entry.pk, bank=entry.bank.name, fields=tuple(sorted(change.fields))),
            actor=actor,
            subject=f"entry:{entry.number}",
        )
    return entry


def record_export(name: str, *, format_name: str, actor: Actor) -> Bank:
    """Note that a bank's entries are about to leave; raises NotFound."""
    with transaction.atomic():
        bank = _bank(name, lock=False)
        ledger.append(events.BankExported(bank=name, format=format_name), actor=actor, subject=f"bank:{name}")
    return bank


def _bank(name: str, *, lock: bool) -> Bank:
    banks = Bank.objects.select_for_update() if lock else Bank.objects.all()
    bank = banks.filter(name=name).first()
    if bank is None:
        raise NotFound(f"There is no bank named {name!r}.", code="bank_not_found")
    return bank


def locked_entry(number: str) -> Entry:
    """The entry, locked for the caller's transaction, with its bank; raises NotFound."""
    pk = parse_public_number("E", number)
    entry = (
        None
        if pk is None
        else Entry.objects.select_for_update(of=("self",)).select_related("bank").filter(pk=pk).first()
    )
    if entry is None:
        raise NotFound("There is no such entry.")
    return entry


def _check_draft(draft: EntryDraft) -> None:
    if not draft.signals:
        raise Invalid("An entry needs at least one signal.")
    if not draft.provenance.source.strip():
        raise Invalid(
            "An entry needs a source.", hint="Who gave it, or where was it found?", code="source_missing"
        )
    if draft.legal_type not in ("", *LEGAL_TYPES):
        raise Invalid("A legal type is one of a, b, c, d, e.", hint="Regulation (EU) 2021/784, Article 2(7).")


def _new_entry(bank: Bank, draft: EntryDraft, *, actor: Actor, at: datetime) -> Entry:
    return Entry(
        bank=bank,
        kind=draft.kind,
        legal_type=draft.legal_type,
        note=draft.note[: limits.NOTE_CHARS_MAX],
        source=draft.provenance.source.strip()[:200],
        source_reference=draft.provenance.reference[:500],
        obtained_at=draft.provenance.obtained_at,
        added_at=at,
        added_by=str(actor),
        expires_at=draft.expires_at,
        disabled_until=draft.disabled_until,
        picture=draft.picture,
        preview=draft.preview,
    )


def _signal_rows(entry: Entry, draft: EntryDraft) -> list[EntrySignal]:
    distinct = {(one.type, one.value): one for one in draft.signals}
    return [
        EntrySignal(entry=entry, type=one.type, value=one.value, quality=one.quality)
        for one in distinct.values()
    ]


def _same_entry(bank: Bank, draft: EntryDraft) -> Entry | None:
    """An entry of this bank and kind that already has every signal of the draft."""
    wanted = {(one.type, one.value) for one in draft.signals}
    first = next(iter(draft.signals))
    candidates = EntrySignal.objects.filter(
        type=first.type, value=first.value, entry__bank=bank, entry__kind=draft.kind, entry__removed_at=None
    ).select_related("entry__bank")[:50]
    for candidate in candidates:
        have = {(row.type, bytes(row.value)) for row in candidate.entry.signals.all()}
        if wanted <= have:
            return candidate.entry
    return None


def _without_known(bank: Bank, drafts: Sequence[EntryDraft]) -> list[EntryDraft]:
    """The drafts that the bank does not have. What was removed from it stays removed: a partner's list sent again
    must not bring a mistake back.
    """
    values = [one.value for draft in drafts for one in draft.signals]
    rows = EntrySignal.objects.filter(entry__bank=bank, value__in=values).values_list(
        "entry__kind", "type", "value"
    )
    known = {(kind, type_, bytes(value)) for kind, type_, value in rows}
    fresh = []
    for draft in drafts:
        keys = {(draft.kind.value, one.type, one.value) for one in draft.signals}
        if not keys <= known:
            fresh.append(draft)
            known |= keys
    return fresh
