"""The entries of a bank as people look for them: filters of the address line to a query.

It shows nothing and changes nothing.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from vigie.banks.models import Bank, Entry, EntrySignal
from vigie.console.words import Words
from vigie.foundation.identifiers import parse_public_number

STATES: Words = {
    "": _("In the bank"),
    "confirmed": _("Confirmed"),
    "unconfirmed": _("Not confirmed"),
    "disabled": _("Paused"),
    "expired": _("Expired"),
    "removed": _("Removed"),
    "all": _("All, removed too"),
}
KINDS: Words = {"": _("Any kind"), "known": _("Known material"), "harmless": _("Known to be harmless")}

_HEX = re.compile(r"^[0-9a-fA-F]{32}$|^[0-9a-fA-F]{64}$")


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What somebody looks for in a bank; unknown values mean no filter."""

    state: str = ""
    kind: str = ""
    source: str = ""
    text: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> "EntryFilter":
        """The filter of an address line."""
        return cls(
            state=query.get("state", "") if query.get("state") in STATES else "",
            kind=query.get("kind", "") if query.get("kind") in KINDS else "",
            source=query.get("source", "").strip()[:200],
            text=query.get("q", "").strip()[:200],
        )

    @property
    def is_set(self) -> bool:
        """Whether anything is filtered."""
        return self != EntryFilter()


def entries_of(bank: Bank, wanted: EntryFilter, *, at: datetime) -> "QuerySet[Entry]":
    """The entries of a bank that `wanted` lets through at this instant, the newest first."""
    entries = Entry.objects.filter(bank=bank).filter(_state(wanted.state, at)).order_by("-id")
    if wanted.kind:
        entries = entries.filter(kind=wanted.kind)
    if wanted.source:
        entries = entries.filter(source__icontains=wanted.source)
    if wanted.text:
        entries = entries.filter(_text(wanted.text))
    return entries


def confirmed_in(bank_is: str = "") -> Q:
    """Entries confirmed by a person; where the bank may remove, by a second one. See `Entry.confirmed`.

    `bank_is` is the prefix by which a query reaches the entry, for example `entries__`.
    """
    bank = "bank__may_remove" if not bank_is else "may_remove"
    confirmed = Q(**{f"{bank_is}confirmed_at__isnull": False})
    second = Q(**{bank: False}) | ~Q(**{f"{bank_is}confirmed_by": F(f"{bank_is}added_by")})
    return confirmed & second


def _state(state: str, at: datetime) -> Q:
    there = Q(removed_at__isnull=True)
    match state:
        case "confirmed":
            return there & confirmed_in()
        case "unconfirmed":
            return there & ~confirmed_in()
        case "disabled":
            return there & Q(disabled_until__gt=at)
        case "expired":
            return there & Q(expires_at__lte=at)
        case "removed":
            return Q(removed_at__isnull=False)
        case "all":
            return Q()
    return there


def _text(text: str) -> Q:
    """An entry's number, a whole signal, or words of the note or the reference."""
    pk = parse_public_number("E", text)
    if pk is None and text.isdigit() and len(text) < 19:
        pk = int(text)
    if pk is not None:
        return Q(pk=pk)
    if _HEX.match(text):
        return Q(pk__in=EntrySignal.objects.filter(value=bytes.fromhex(text)).values("entry_id"))
    return Q(note__icontains=text) | Q(source_reference__icontains=text)
