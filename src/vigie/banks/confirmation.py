"""Confirming entries: a person says that one is what it is said to be, and may take that back.

Nothing is confirmed by a machine, nor in a bank that may remove by who added it.
"""

from django.db import transaction

from vigie.banks import events
from vigie.banks.models import Entry
from vigie.banks.service import locked_entry
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Forbidden
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor


def confirm_entry(number: str, *, actor: Actor) -> Entry:
    """A person says that the entry is what it is said to be.

    Raises Forbidden for anyone but a person, and in a bank that may remove for the person who added it.
    """
    if actor.kind != "person":
        raise Forbidden("Only a person can confirm an entry.")
    with transaction.atomic():
        entry = locked_entry(number)
        if entry.removed_at is not None:
            raise Conflict("A removed entry cannot be confirmed.", hint="Restore it first.")
        if entry.bank.may_remove and entry.added_by == str(actor):
            raise Forbidden(
                "A second person has to confirm this entry.",
                hint="The bank may remove automatically, and you added the entry yourself.",
                code="second_person_needed",
            )
        if entry.confirmed_at is None or not entry.confirmed:
            entry.confirmed_at, entry.confirmed_by = now(), str(actor)
            entry.save(update_fields=["confirmed_at", "confirmed_by"])
            ledger.append(
                events.EntryConfirmed(entry=entry.pk, bank=entry.bank.name),
                actor=actor,
                subject=f"entry:{entry.number}",
            )
    return entry


def withdraw_confirmation(number: str, *, actor: Actor) -> Entry:
    """Take a confirmation back, so that the entry removes nothing alone any more."""
    with transaction.atomic():
        entry = locked_entry(number)
        if entry.confirmed_at is not None:
            entry.confirmed_at, entry.confirmed_by = None, ""
            entry.save(update_fields=["confirmed_at", "confirmed_by"])
            ledger.append(
                events.EntryConfirmationWithdrawn(entry=entry.pk, bank=entry.bank.name),
                actor=actor,
                subject=f"entry:{entry.number}",
            )
    return entry
