"""Banking a medium: its signals into a bank, its picture sealed beside them.

The medium comes as a file, from an address, or from a case.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from vigie.banks import service as banks
from vigie.banks.models import Bank, Entry
from vigie.banks.service import EntryDraft, Provenance, SignalValue
from vigie.banks.variants import FeaturesValue, VariantValue
from vigie.cases.models import Case
from vigie.evidence.models import EvidenceItem
from vigie.evidence.service import ToSeal, read_item, seal_items
from vigie.flows.upload_case import PREVIEW_SIDE_PX
from vigie.foundation.errors import Invalid, NotFound
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.secretbox import lock_bytes
from vigie.foundation.settings import Settings
from vigie.ledger.actors import Actor
from vigie.signals.media import (
    LumaPlane,
    MediumLimits,
    MediumSignals,
    clear_picture,
    hash_medium,
    look_closely,
    veiled_picture,
)
from vigie.signals.types.text_sha256 import TEXT_CHARS_MIN, text_signal
from vigie.signals.variants import VariantHash, good_ones

PICTURE_SIDE_PX = 1_024
FETCH_S_MAX = 20.0


@dataclass(frozen=True, slots=True)
class Banking:
    """Everything about a new entry but its medium."""

    bank: str
    provenance: Provenance
    kind: Entry.Kind = Entry.Kind.KNOWN
    legal_type: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Banked:
    """The entry, and whether its PDQ hash is good enough to be matched."""

    entry: Entry
    pdq_quality: int
    pdq_banked: bool


def bank_file(data: bytes, banking: Banking, *, actor: Actor, settings: Settings) -> Banked:
    """Bank a still picture. A PDQ hash below the quality of the setting is left out: it would match anything.

    The same file again returns the entry that is there. Raises MediumRefused.
    """
    limits = MediumLimits.from_settings(settings)
    variants: tuple[VariantHash, ...] = ()
    features: FeaturesValue | None = None
    level = banks.find_bank(banking.bank).level
    if level == Bank.Level.PLAIN:
        signals = hash_medium(data, limits=limits)
    else:
        seen = look_closely(data, wanted="banked", limits=limits)
        signals, variants = seen.signals, seen.variants
        if level == Bank.Level.VERIFIED:
            features = _features_value(seen.plane, settings)
    draft = EntryDraft(
        signals=_signal_values(signals, settings),
        variants=_variant_values(variants, settings),
        features=features,
        provenance=banking.provenance,
        kind=banking.kind,
        legal_type=banking.legal_type,
        note=banking.note,
    )
    picture = clear_picture(data, side_px_max=PICTURE_SIDE_PX, limits=limits)
    preview = veiled_picture(data, side_px_max=PREVIEW_SIDE_PX, limits=limits)
    with transaction.atomic():
        known = banks.add_entry(banking.bank, draft, actor=actor)
        if not known.preview:
            items = seal_items(
                [
                    ToSeal(EvidenceItem.Kind.PICTURE, "image/png", picture),
                    ToSeal(EvidenceItem.Kind.PREVIEW, "image/png", preview),
                ],
                subject=f"entry:{known.number}",
                actor=actor,
                settings=settings,
            )
            known.picture, known.preview = items[0].reference, items[1].reference
            known.save(update_fields=["picture", "preview"])
    return Banked(known, signals.pdq_quality, signals.pdq_quality >= settings.pdq_quality_min)


def bank_address(
    url: str, banking: Banking, *, door: OutboundDoor, actor: Actor, settings: Settings
) -> Banked:
    """Bank the picture at an address. Raises OutboundRefused, OutboundFailed, MediumRefused."""
    fetched = door.fetch(url, bytes_max=settings.medium_bytes_max, time_s_max=FETCH_S_MAX)
    if fetched.status != 200:
        raise Invalid(f"The address answered with status {fetched.status}.", code="fetch_refused")
    provenance = banking.provenance
    if not provenance.reference:
        provenance = replace(provenance, reference=url)
    return bank_file(fetched.body, replace(banking, provenance=provenance), actor=actor, settings=settings)


def bank_text(text: str, banking: Banking, *, actor: Actor, settings: Settings) -> Entry:
    """Bank a text; it matches the same text whatever its case and spacing, and only ever asks for a person.

    Raises Invalid for a text too short to be anybody's own.
    """
    value = text_signal(text)
    if value is None:
        raise Invalid(f"A banked text has at least {TEXT_CHARS_MIN} characters.", code="text_too_short")
    draft = EntryDraft(
        signals=(SignalValue("text_sha256", value),),
        provenance=banking.provenance,
        kind=banking.kind,
        legal_type=banking.legal_type,
        note=banking.note,
    )
    with transaction.atomic():
        entry = banks.add_entry(banking.bank, draft, actor=actor)
        if not entry.text:
            part = ToSeal(
                EvidenceItem.Kind.TEXT, "text/plain; charset=utf-8", text.encode("utf-8", "surrogatepass")
            )
            items = seal_items([part], subject=f"entry:{entry.number}", actor=actor, settings=settings)
            entry.text = items[0].reference
            entry.save(update_fields=["text"])
    return entry


def bank_case_medium(
    case: Case, medium_id: str, banking: Banking, *, actor: Actor, settings: Settings
) -> Banked:
    """Bank a medium of a case; reading it is in the ledger like any other reading."""
    medium = case.media.filter(external_id=medium_id).exclude(original="").first()
    if medium is None or medium.quarantine_code:
        raise NotFound("This case has no such picture.")
    _, data = read_item(
        medium.original, purpose="banking the picture of a case", actor=actor, settings=settings
    )
    return bank_file(data, banking, actor=actor, settings=settings)


def _variant_values(variants: Sequence[VariantHash], settings: Settings) -> tuple[VariantValue, ...]:
    good = good_ones(variants, quality_min=settings.pdq_quality_min)
    return tuple(VariantValue(one.variant.write(), one.pdq, one.pdq_quality) for one in good)


def _features_value(plane: LumaPlane, settings: Settings) -> FeaturesValue:
    from vigie.signals.features import features_of

    return FeaturesValue(lock_bytes(features_of(plane).write(), settings=settings), plane.corners().banked)


def _signal_values(signals: MediumSignals, settings: Settings) -> tuple[SignalValue, ...]:
    values = [SignalValue("sha256", signals.sha256), SignalValue("md5", signals.md5)]
    if signals.pdq_quality >= settings.pdq_quality_min:
        values.insert(0, SignalValue("pdq", signals.pdq, signals.pdq_quality))
    return tuple(values)
