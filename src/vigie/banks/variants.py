"""Storing the variants of an entry, by which edited copies of its picture are found.

It makes none: they come with the call.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.banks import events
from vigie.banks.models import Bank, Entry, EntryVariant
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor


@dataclass(frozen=True, slots=True)
class VariantValue:
    """A variant to be banked: what it is, as `signals.variants` writes it, PDQ hash and quality from 0 to 100."""

    variant: str
    value: bytes
    quality: int


def variant_rows(entry: Entry, variants: Sequence[VariantValue]) -> list[EntryVariant]:
    """What to store: nothing in a plain bank, nor of harmless entries, which outweigh only by the whole."""
    if entry.bank.level != Bank.Level.ROBUST or entry.kind != Entry.Kind.KNOWN:
        return []
    return [
        EntryVariant(entry=entry, variant=one.variant, value=one.value, quality=one.quality)
        for one in variants
    ]


def add_missing_variants(entry: Entry, variants: Sequence[VariantValue], *, actor: Actor) -> None:
    """Give an entry that has no variants these; called in a transaction."""
    rows = variant_rows(entry, variants)
    if not rows or entry.variants.exists():
        return
    EntryVariant.objects.bulk_create(rows)
    ledger.append(
        events.EntryVariantsAdded(entry=entry.pk, bank=entry.bank.name, count=len(rows)),
        actor=actor,
        subject=f"entry:{entry.number}",
    )
