"""Storing the variants and features of an entry, by which edited copies of its picture are found and verified.

It makes none: they come with the call.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.banks import events
from vigie.banks.models import Bank, Entry, EntryFeatures, EntryVariant
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor


@dataclass(frozen=True, slots=True)
class VariantValue:
    """A variant to be banked: what it is, as `signals.variants` writes it, PDQ hash and quality from 0 to 100."""

    variant: str
    value: bytes
    quality: int


@dataclass(frozen=True, slots=True)
class FeaturesValue:
    """Features to be banked: locked under a key of this Vigie, and the words that they are found by."""

    locked: bytes
    words: bytes


def variant_rows(entry: Entry, variants: Sequence[VariantValue]) -> list[EntryVariant]:
    """What to store: nothing in a plain bank, nor of harmless entries, which outweigh only by the whole."""
    if entry.bank.level == Bank.Level.PLAIN or entry.kind != Entry.Kind.KNOWN:
        return []
    return [
        EntryVariant(entry=entry, variant=one.variant, value=one.value, quality=one.quality)
        for one in variants
    ]


def features_row(entry: Entry, features: FeaturesValue | None) -> EntryFeatures | None:
    """What to store: only in a bank at level verified, and nothing of harmless entries."""
    if features is None or entry.bank.level != Bank.Level.VERIFIED or entry.kind != Entry.Kind.KNOWN:
        return None
    return EntryFeatures(entry=entry, locked=features.locked, words=features.words)


def store_variants(
    entry: Entry, variants: Sequence[VariantValue], features: FeaturesValue | None
) -> tuple[int, bool]:
    """Store what the entry has not yet; returns how many variants were new, and whether features were.

    Called in a transaction, with the ledger entry that tells of it.
    """
    rows = [] if entry.variants.exists() else variant_rows(entry, variants)
    EntryVariant.objects.bulk_create(rows)
    row = features_row(entry, features)
    # Those whose words are of an earlier kind have none, and are replaced.
    if row is None or EntryFeatures.objects.filter(entry=entry).exclude(words=b"").exists():
        return len(rows), False
    row.save()
    return len(rows), True


def add_missing_variants(
    entry: Entry, variants: Sequence[VariantValue], features: FeaturesValue | None, *, actor: Actor
) -> None:
    """Give an entry the variants and features that it has not; called in a transaction."""
    count, has_features = store_variants(entry, variants, features)
    if not (count or has_features):
        return
    ledger.append(
        events.EntryVariantsAdded(entry=entry.pk, bank=entry.bank.name, count=count, features=has_features),
        actor=actor,
        subject=f"entry:{entry.number}",
    )
