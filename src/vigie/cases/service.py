"""Noting content, opening and locking cases: each one transaction with its ledger entry.

It decides nothing: `deciding` does.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count

from vigie.cases import events
from vigie.cases.models import Case, CaseMatch, CaseMedium, Cause, Content, Decision
from vigie.cases.queue import PRIORITY_OF_VERDICT
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Forbidden, NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.keys import key_from_file
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import Actor, person
from vigie.people.models import User
from vigie.people.rights import Right
from vigie.platforms.models import Platform

REMOVAL_ACTIONS = ("remove", "remove_and_suspend")


class CaseLocked(Conflict):
    """Somebody else works on the case."""

    code = "case_locked"


@dataclass(frozen=True, slots=True)
class ContentDraft:
    """What a platform said about a content."""

    platform: Platform
    external_id: str
    kind: str
    url: str
    language: str
    author_id: str
    published_at: datetime | None
    # Where only the keyed hash of the author is known any more.
    author_key: str = ""


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """Everything about a new case. `media` and `matches` are unsaved rows without their case."""

    content: Content
    verdict: str
    reasons: list[dict[str, Any]]
    shadow_reasons: list[dict[str, Any]]
    policy_digest: str
    policy_label: str
    media: Sequence[CaseMedium]
    matches: Sequence[CaseMatch]
    question_digest: str
    idempotency_key: str
    cause: Cause = Cause.OWN_INITIATIVE


def author_key(author_id: str, *, platform: str, settings: Settings) -> str:
    """A keyed hash of an author, so that earlier cases are found without a list of names; empty for no author."""
    if not author_id:
        return ""
    key = _author_keys.get(settings.data)
    if key is None:
        key = _author_keys.setdefault(settings.data, key_from_file(settings.keys_folder / "author.key"))
    return hmac.digest(key, f"{platform}\0{author_id}".encode(), "sha256").hex()


_author_keys: dict[Path, bytes] = {}
"""By data folder; read once, each upload needs it."""


def note_content(draft: ContentDraft, *, settings: Settings) -> Content:
    """The row of this content, made or brought up to date, locked until the end of the transaction."""
    content, made = Content.objects.select_for_update().get_or_create(
        platform=draft.platform,
        external_id=draft.external_id,
        defaults={
            "kind": draft.kind,
            "url": draft.url,
            "language": draft.language,
            "author_id": draft.author_id,
            "author_key": draft.author_key
            or author_key(draft.author_id, platform=draft.platform.name, settings=settings),
            "published_at": draft.published_at,
            "first_seen_at": now(),
        },
    )
    if not made:
        _bring_up_to_date(content, draft)
    return content


def _bring_up_to_date(content: Content, draft: ContentDraft) -> None:
    changed = []
    if draft.url and content.url != draft.url:
        content.url = draft.url
        changed.append("url")
    if draft.author_id and not content.author_id:
        content.author_id = draft.author_id  # a lookback knew the author only by the keyed hash
        changed.append("author_id")
    if changed:
        content.save(update_fields=changed)


def removal_counts() -> dict[str, int]:
    """By author key, how many contents people decided to remove, without those taken back."""
    rows = (
        Decision.objects.filter(action__in=REMOVAL_ACTIONS, undone_by=None, case__state=Case.State.DECIDED)
        .exclude(case__content__author_key="")
        .values_list("case__content__author_key")
        .annotate(count=Count("case__content_id", distinct=True))
    )
    return {key: int(count) for key, count in rows}


def author_is_suspended(content: Content) -> bool:
    """Whether a decision that stands, about any content of this author, suspended them."""
    return (
        content.author_key != ""
        and Decision.objects.filter(
            case__content__author_key=content.author_key,
            action=Decision.Action.REMOVE_AND_SUSPEND,
            undone_by=None,
        ).exists()
    )


def open_case(draft: CaseDraft) -> Case:
    """Open a case inside the caller's transaction; the caller seals the evidence and records `CaseOpened`."""
    case = Case.objects.create(
        content=draft.content,
        cause=draft.cause,
        verdict=draft.verdict,
        reasons=draft.reasons,
        shadow_reasons=draft.shadow_reasons,
        policy_digest=draft.policy_digest,
        policy_label=draft.policy_label,
        priority=PRIORITY_OF_VERDICT[draft.verdict],
        opened_at=now(),
        question_digest=draft.question_digest,
        idempotency_key=draft.idempotency_key,
        answer={},
    )
    for medium in draft.media:
        medium.case = case
    for match in draft.matches:
        match.case = case
    CaseMedium.objects.bulk_create(draft.media)
    CaseMatch.objects.bulk_create(draft.matches)
    return case


def find_case(number: str) -> Case:
    """The case with this public number (`C-000123`); raises NotFound."""
    pk = parse_public_number("C", number)
    case = (
        None
        if pk is None
        else Case.objects.select_related("content__platform", "locked_by").filter(pk=pk).first()
    )
    if case is None:
        raise NotFound("There is no such case.")
    return case


def lock_case(number: str, *, user: User, settings: Settings) -> Case:
    """Take a case to work on it, or keep it longer; raises CaseLocked while somebody else does."""
    with transaction.atomic():
        case = locked_row(number)
        at = now()
        refuse_if_locked(case, user, at)
        is_new = case.locked_by_id != user.pk or case.locked_until is None or case.locked_until <= at
        case.locked_by = user
        case.locked_until = at + timedelta(seconds=settings.case_lock_s)
        case.save(update_fields=["locked_by", "locked_until"])
        if is_new:
            ledger.append(
                events.CaseLocked(case=case.number), actor=person(user.pk), subject=f"case:{case.number}"
            )
    return case


def release_case(number: str, *, user: User) -> Case:
    """Hand a case back to the queue."""
    with transaction.atomic():
        case = locked_row(number)
        if case.locked_by_id == user.pk:
            case.locked_by, case.locked_until = None, None
            case.save(update_fields=["locked_by", "locked_until"])
            ledger.append(
                events.CaseReleased(case=case.number), actor=person(user.pk), subject=f"case:{case.number}"
            )
    return case


def record_opened(case: Case, *, actor: Actor, rules: Sequence[str], entries: Sequence[str]) -> int:
    """Write `CaseOpened`; returns its ledger number."""
    return ledger.append(
        events.CaseOpened(
            case=case.number,
            platform=case.content.platform.name,
            content=case.content.external_id,
            verdict=case.verdict,
            rules=tuple(rules),
            entries=tuple(entries),
            policy=case.policy_digest,
            quarantined=sum(1 for one in case.media.all() if one.quarantine_code),
        ),
        actor=actor,
        subject=f"case:{case.number}",
    )


def add_matches(case: Case, matches: Sequence[CaseMatch], *, entries: Sequence[str], actor: Actor) -> int:
    """Add what else an open case matches, inside the caller's transaction; returns how many matches were new."""
    known = set(case.matches.values_list("entry_id", "medium", "signal"))
    fresh = [one for one in matches if (one.entry_id, one.medium, one.signal) not in known]
    if not fresh:
        return 0
    for one in fresh:
        one.case = case
    CaseMatch.objects.bulk_create(fresh)
    ledger.append(
        events.MatchesAdded(case=case.number, entries=tuple(entries)),
        actor=actor,
        subject=f"case:{case.number}",
    )
    return len(fresh)


def locked_row(number: str) -> Case:
    """The case, locked until the end of the transaction; raises NotFound."""
    pk = parse_public_number("C", number)
    case = (
        None
        if pk is None
        else Case.objects.select_for_update(of=("self",))
        .select_related("content__platform")
        .filter(pk=pk)
        .first()
    )
    if case is None:
        raise NotFound("There is no such case.")
    return case


def refuse_if_locked(case: Case, user: User, at: datetime) -> None:
    """Raise CaseLocked when somebody else works on it."""
    if case.locked_for(user.pk, at):
        raise CaseLocked(
            "Somebody else is working on this case.", hint="Take another one, or wait until it is released."
        )


def check_may_decide(user: User) -> None:
    """Raise Forbidden without the right."""
    if Right.CASES_DECIDE not in user.rights:
        raise Forbidden("You may not decide cases.")
