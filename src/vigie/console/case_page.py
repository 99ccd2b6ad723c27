"""Everything that the page of a case shows beside its sealed text, gathered in a fixed number of queries.

It reads no evidence: texts and clear pictures are read by the views, with a purpose.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext

from vigie.banks.models import Entry
from vigie.cases.models import Case, CaseMatch, CaseMedium, Decision
from vigie.console import words
from vigie.console.delivery_words import failure_words, seen_words
from vigie.console.drawing import Drawing, drawing_of, told_match
from vigie.console.edit_words import match_words
from vigie.console.event_words import event_detail
from vigie.console.match_reasons import match_reasons
from vigie.console.names import names_of
from vigie.evidence.models import EvidenceItem, PreservedItem
from vigie.evidence.preservation import preserved_items
from vigie.foundation.settings import Settings, current
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.notices.models import TrustedFlagger
from vigie.notices.service import notice_text
from vigie.people.models import User
from vigie.platforms.models import Recheck
from vigie.redress.models import Statement
from vigie.signals.alignment import FEATURES_SIGNAL
from vigie.signals.variants import VARIANT_SIGNAL

PAIRS_MAX = 12
EARLIER_MAX = 10
NOTICES_MAX = 10
HISTORY_MAX = 300
PRESERVED_MAX = 5

_REQUESTS = ("platforms.enforcement_requested.v1", "platforms.letter_requested.v1")
_SIGNAL_ORDER = ("sha256", "md5", "text_sha256", "pdq", VARIANT_SIGNAL, FEATURES_SIGNAL)


@dataclass(frozen=True, slots=True)
class Pair:
    """An upload beside the entry it is near to, how near by each signal and why; `drawing` where it can be drawn."""

    entry: Entry
    nearness: tuple[str, ...]
    added_by: str
    confirmed_by: str
    reasons: tuple[str, ...] = ()
    drawing: Drawing | None = None


@dataclass(frozen=True, slots=True)
class MediumShown:
    """A medium of the case with the entries it is near to; `pairs_left_out` were too many to show."""

    medium: CaseMedium
    pairs: tuple[Pair, ...]
    pairs_left_out: int


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """A rule's part in the verdict, in words. `entries` are the numbers that it was about."""

    rule: str
    verdict: str
    because: str
    capped: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One ledger row about the case. `items` are the kinds of evidence that it names."""

    seq: int
    at: datetime
    event: str
    who: str
    detail: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveryShown:
    """A message to the platform and what a look afterwards found."""

    message: OutboxMessage
    measures: tuple[str, ...]
    failure: str
    recheck: Recheck | None
    seen: str


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """Who reported it, and in which words."""

    number: str
    flagger: TrustedFlagger | None
    came_by: str
    threat_to_life: bool
    text: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """What the templates show."""

    case: Case
    media: tuple[MediumShown, ...]
    text_pairs: tuple[Pair, ...]
    reasons: tuple[ReasonShown, ...]
    shadow_reasons: tuple[ReasonShown, ...]
    notes: tuple[str, ...]
    earlier: tuple[Case, ...]
    history: tuple[HistoryRow, ...]
    deliveries: tuple[DeliveryShown, ...]
    decisions: tuple[Decision, ...]
    statements: tuple[Statement, ...]
    notices: tuple[NoticeShown, ...]
    notices_left_out: int
    preserved: tuple[PreservedItem, ...]

    @property
    def statement(self) -> Statement | None:
        """The statement of reasons of the decision that holds now."""
        last = self.last_decision
        return next((one for one in self.statements if last and one.decision_id == last.pk), None)

    @property
    def bankable(self) -> tuple[CaseMedium, ...]:
        """Media that can be banked: whole pictures whose bytes are here."""
        return tuple(
            one.medium for one in self.media if one.medium.original and not one.medium.quarantine_code
        )

    @property
    def last_decision(self) -> Decision | None:
        """The decision that holds now."""
        return self.decisions[0] if self.decisions and self.case.state == Case.State.DECIDED else None


def case_page(case: Case) -> CasePage:
    """Gather the page of a case."""
    matches = list(case.matches.select_related("entry__bank").order_by("distance_bits", "id"))
    history, keys = _ledger_rows(case)
    names = names_of(
        [row.actor for row in history]
        + [a for match in matches for a in (match.entry.added_by, match.entry.confirmed_by)]
    )
    return CasePage(
        case=case,
        media=tuple(_medium(one, matches, names) for one in case.media.order_by("id")),
        text_pairs=_pairs([match for match in matches if not match.medium], names)[:PAIRS_MAX],
        reasons=_reasons(case.reasons),
        shadow_reasons=_reasons(case.shadow_reasons),
        notes=tuple(words.note_words(note) for note in case.answer.get("notes", [])),
        earlier=_earlier(case),
        history=_history(history, names),
        deliveries=_deliveries(keys),
        decisions=tuple(case.decisions.select_related("taken_by", "undoes").order_by("-id")),
        statements=tuple(case.statements.order_by("-id")),
        notices=_notices(case),
        notices_left_out=max(0, case.notices.count() - NOTICES_MAX),
        preserved=tuple(preserved_items().filter(subject=f"case:{case.number}")[:PRESERVED_MAX]),
    )


def _notices(case: Case) -> tuple[NoticeShown, ...]:
    """The first notices of a case, the urgent ones before."""
    settings = current()
    rows = case.notices.select_related("flagger").order_by("-threat_to_life", "id")[:NOTICES_MAX]
    return tuple(
        NoticeShown(
            one.number, one.flagger, one.came_by, one.threat_to_life, notice_text(one, settings=settings)
        )
        for one in rows
    )


def may_undo(page: CasePage, *, user: User, settings: Settings, at: datetime) -> bool:
    """Whether the undo form is worth showing; `cases.service` has the last word."""
    last = page.last_decision
    if last is None or not user.may("cases:decide"):
        return False
    own_and_fresh = last.taken_by_id == user.pk and at - last.taken_at <= timedelta(seconds=settings.undo_s)
    return own_and_fresh or user.may("banks:confirm")


def _medium(medium: CaseMedium, matches: Sequence[CaseMatch], names: dict[str, str]) -> MediumShown:
    pairs = _pairs([match for match in matches if match.medium == medium.external_id], names)
    return MediumShown(medium, pairs[:PAIRS_MAX], max(0, len(pairs) - PAIRS_MAX))


def _pairs(matches: Sequence[CaseMatch], names: dict[str, str]) -> tuple[Pair, ...]:
    """One pair for each entry, nearest first, with what each of its signals says, once."""
    by_entry: dict[int, list[CaseMatch]] = {}
    for match in matches:
        by_entry.setdefault(match.entry_id, []).append(match)
    pairs = []
    for group in by_entry.values():
        group.sort(
            key=lambda match: _SIGNAL_ORDER.index(match.signal) if match.signal in _SIGNAL_ORDER else 9
        )
        entry = group[0].entry
        nearness = tuple(dict.fromkeys(match_words(match) for match in group))
        told = told_match(group)
        pairs.append(
            Pair(
                entry,
                nearness,
                names.get(entry.added_by, entry.added_by),
                names.get(entry.confirmed_by, ""),
                () if told is None else match_reasons(told),
                None if told is None else drawing_of(told),
            )
        )
    return tuple(pairs)


def _reasons(stored: Sequence[dict[str, Any]]) -> tuple[ReasonShown, ...]:
    """Reasons in words; the same rule about several entries is told once."""
    grouped: dict[tuple[str, str, str, str], dict[str, None]] = {}
    for one in stored:
        key = (one.get("rule", ""), one.get("verdict", ""), one.get("because", ""), one.get("capped", ""))
        entries = grouped.setdefault(key, {})
        if one.get("entry"):
            entries[one["entry"]] = None
    return tuple(
        ReasonShown(rule, verdict, because and gettext(because), capped and gettext(capped), tuple(entries))
        for (rule, verdict, because, capped), entries in grouped.items()
    )


def _earlier(case: Case) -> tuple[Case, ...]:
    """Other cases about the same content or of the same author, newest first."""
    same = Q(content_id=case.content_id)
    if case.content.author_key:
        same |= Q(content__author_key=case.content.author_key)
    found = (
        Case.objects.filter(same)
        .exclude(pk=case.pk)
        .select_related("content__platform")
        .prefetch_related(Prefetch("decisions", Decision.objects.order_by("-id")))
        .order_by("-id")
    )
    return tuple(found[:EARLIER_MAX])


def _ledger_rows(case: Case) -> tuple[list[LedgerEntry], list[str]]:
    """Rows about the case in order, with those about its deliveries; and the keys of its messages."""
    own = list(LedgerEntry.objects.filter(subject=f"case:{case.number}").order_by("seq")[:HISTORY_MAX])
    keys = [row.facts["key"] for row in own if row.event in _REQUESTS]
    about_content = LedgerEntry.objects.filter(subject=case.content.reference, facts__key__in=keys)
    rows = own + (list(about_content[:HISTORY_MAX]) if keys else [])
    return sorted(rows, key=lambda row: row.seq), keys


def _history(rows: Sequence[LedgerEntry], names: dict[str, str]) -> tuple[HistoryRow, ...]:
    """Ledger rows in words; sealing and reading evidence say what it was."""
    items = [item for row in rows for item in row.facts.get("items", ())]
    kinds = dict(EvidenceItem.objects.filter(pk__in=items).values_list("reference", "kind")) if items else {}
    return tuple(
        HistoryRow(
            seq=row.seq,
            at=row.at,
            event=row.event,
            who=names.get(row.actor, row.actor),
            detail=event_detail(row.event, row.facts),
            items=tuple(dict.fromkeys(kinds[item] for item in row.facts.get("items", ()) if item in kinds)),
        )
        for row in rows
    )


def _deliveries(keys: Sequence[str]) -> tuple[DeliveryShown, ...]:
    if not keys:
        return ()
    rechecks = {one.key: one for one in Recheck.objects.filter(key__in=keys)}
    return tuple(
        DeliveryShown(
            message=message,
            measures=tuple(message.payload.get("measures", [])),
            failure=failure_words(message.last_error),
            recheck=(recheck := rechecks.get(message.key)),
            seen=seen_words(recheck.last_seen) if recheck else "",
        )
        for message in OutboxMessage.objects.filter(key__in=keys).order_by("-id")
    )
